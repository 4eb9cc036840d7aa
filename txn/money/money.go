// Package money holds amounts as checked int64 minor units of an ISO 4217 currency.
//
// No operation wraps, rounds in silence or mixes currencies: what cannot be
// said exactly is an error. Nothing here knows a clock, a file or a screen.
package money

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// MaxMinor is the largest amount one message may carry: ISO 8583 DE4 is n12.
const MaxMinor int64 = 999_999_999_999

// Faults of arithmetic and of text. None of them moved money.
var (
	ErrOverflow         = errors.New("amount is too large")
	ErrMixedCurrencies  = errors.New("amounts are in different currencies")
	ErrUnknownCurrency  = errors.New("currency is not known")
	ErrNegative         = errors.New("amount is below zero")
	ErrNotAnAmount      = errors.New("text is not an amount")
	ErrTooManyDecimals  = errors.New("figure has too many decimals")
	ErrNothingToDivide  = errors.New("weights must be positive in sum and none below zero")
	ErrUnknownRoundUnit = errors.New("cash unit must be above zero")
)

// Currency is an ISO 4217 alphabetic code.
type Currency string

// The currencies a till can be set up with.
const (
	CNY Currency = "CNY"
	JPY Currency = "JPY"
	KWD Currency = "KWD"
)

type facts struct {
	numeric string
	digits  int
	symbol  string
}

// ISO 4217:2015 numeric codes and minor-unit digits.
var known = map[Currency]facts{
	CNY:   {"156", 2, "¥"},
	JPY:   {"392", 0, "¥"},
	KWD:   {"414", 3, "KD "},
	"EUR": {"978", 2, "€"},
	"GBP": {"826", 2, "£"},
	"HKD": {"344", 2, "HK$"},
	"MOP": {"446", 2, "MOP$"},
	"MYR": {"458", 2, "RM"},
	"SGD": {"702", 2, "S$"},
	"TWD": {"901", 2, "NT$"},
	"USD": {"840", 2, "$"},
}

// ParseCurrency accepts a known ISO 4217 alphabetic code in any case.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(code)))
	if _, ok := known[c]; !ok {
		return "", fmt.Errorf("%w: %q", ErrUnknownCurrency, code)
	}
	return c, nil
}

// Currencies lists those that an amount may be in, by their codes.
func Currencies() []Currency { return slices.Sorted(maps.Keys(known)) }

// Known reports whether c may be used in an amount.
func (c Currency) Known() bool { _, ok := known[c]; return ok }

// Digits is the number of minor-unit digits: CNY 2, JPY 0, KWD 3.
func (c Currency) Digits() int { return known[c].digits }

// Numeric is the three-digit ISO 4217 code that DE49 carries.
func (c Currency) Numeric() string { return known[c].numeric }

// OfNumeric is the currency of a three-digit ISO 4217 code; empty where no amount can be in it.
func OfNumeric(code string) Currency {
	for _, c := range Currencies() {
		if c.Numeric() == code {
			return c
		}
	}
	return ""
}

// Symbol is what a screen and paper put before the figure.
func (c Currency) Symbol() string { return known[c].symbol }

// Amount is a sum in minor units; the zero value is no amount at all.
type Amount struct {
	Minor    int64    `json:"amountMinor"`
	Currency Currency `json:"currency"`
}

// Payable reports whether a may be asked of a customer: above zero, at most MaxMinor.
func (a Amount) Payable() error {
	switch {
	case !a.Currency.Known():
		return fmt.Errorf("%w: %q", ErrUnknownCurrency, string(a.Currency))
	case a.Minor <= 0:
		return fmt.Errorf("%w or nothing", ErrNegative)
	case a.Minor > MaxMinor:
		return ErrOverflow
	}
	return nil
}

// Add is a + b.
func (a Amount) Add(b Amount) (Amount, error) {
	//mutant:one-currency-in-a-sum
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMixedCurrencies, a.Currency, b.Currency)
	}
	sum, err := Add(a.Minor, b.Minor)
	return Amount{sum, a.Currency}, err
}

// Sub is a − b; a result below zero is an error, because no till owes by surprise.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMixedCurrencies, a.Currency, b.Currency)
	}
	if b.Minor < 0 || a.Minor < b.Minor {
		return Amount{}, ErrNegative
	}
	return Amount{a.Minor - b.Minor, a.Currency}, nil
}

// String is the plain figure for machines and logs, such as "12.50 CNY".
func (a Amount) String() string { return a.Figure() + " " + string(a.Currency) }

// Figure is the plain decimal figure with all minor digits and no grouping, such as "12.50".
func (a Amount) Figure() string {
	digits := a.Currency.Digits()
	sign, magnitude := "", uint64(a.Minor)
	if a.Minor < 0 {
		sign, magnitude = "-", -magnitude
	}
	text := fmt.Sprintf("%0*d", digits+1, magnitude)
	if digits == 0 {
		return sign + text
	}
	cut := len(text) - digits
	return sign + text[:cut] + "." + text[cut:]
}

// Grouped is the figure with its thousands grouped by commas, such as "-1,234.50".
func (a Amount) Grouped() string {
	figure := a.Figure()
	sign := ""
	if strings.HasPrefix(figure, "-") {
		sign, figure = "-", figure[1:]
	}
	whole, fraction, point := strings.Cut(figure, ".")
	for cut := len(whole) - 3; cut > 0; cut -= 3 {
		whole = whole[:cut] + "," + whole[cut:]
	}
	if point {
		whole += "." + fraction
	}
	return sign + whole
}

// Add is a + b in minor units.
func Add(a, b int64) (int64, error) {
	sum := a + b
	//mutant:sum-fits
	if (sum > a) != (b > 0) && b != 0 {
		return 0, ErrOverflow
	}
	return sum, nil
}

// MulDiv is a·b/c rounded half away from zero, exact in between; c must be above zero.
func MulDiv(a, b, c int64) (int64, error) {
	if c <= 0 {
		return 0, ErrNothingToDivide
	}
	negative := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	hi += carry
	if hi >= uint64(c) {
		return 0, ErrOverflow
	}
	quotient, _ := bits.Div64(hi, lo, uint64(c))
	if quotient > math.MaxInt64 {
		return 0, ErrOverflow
	}
	if negative {
		return -int64(quotient), nil
	}
	return int64(quotient), nil
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// Allocate splits minor over weights so that the parts sum to minor exactly;
// what does not divide goes to the earliest parts, one unit each.
func Allocate(minor int64, weights []int64) ([]int64, error) {
	var total int64
	for _, w := range weights {
		if w < 0 {
			return nil, ErrNothingToDivide
		}
		var err error
		if total, err = Add(total, w); err != nil {
			return nil, err
		}
	}
	if total == 0 {
		return nil, ErrNothingToDivide
	}
	if minor < 0 {
		return nil, ErrNegative
	}
	parts, left := make([]int64, len(weights)), minor
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(minor), uint64(w))
		q, _ := bits.Div64(hi, lo, uint64(total))
		parts[i] = int64(q)
		left -= parts[i]
	}
	for i := 0; left > 0; i = (i + 1) % len(parts) {
		if weights[i] > 0 {
			parts[i]++
			left--
		}
	}
	return parts, nil
}

// RoundCash rounds to the nearest multiple of unit minor units, half up, as a
// shop without small coins does. The difference stands on its own line of the receipt.
func RoundCash(minor, unit int64) (int64, error) {
	if unit <= 0 {
		return 0, ErrUnknownRoundUnit
	}
	if minor < 0 {
		return 0, ErrNegative
	}
	raised, err := Add(minor, unit/2)
	if err != nil {
		return 0, err
	}
	return raised - raised%unit, nil
}

// Parse reads a plain decimal figure, such as "12.50", into minor units of c.
// Signs, grouping, exponents and more decimals than the currency has are refused.
func Parse(text string, c Currency) (Amount, error) {
	if !c.Known() {
		return Amount{}, fmt.Errorf("%w: %q", ErrUnknownCurrency, string(c))
	}
	minor, err := ParseFixed(text, c.Digits())
	if err != nil {
		return Amount{}, err
	}
	return Amount{minor, c}, nil
}

// ParseFixed reads a plain decimal figure into units of 10^-places: "1.25" with 5 places is
// 125000. The result is 0 to MaxMinor. Signs, grouping, exponents and more than so many
// decimals are refused; an error is ErrNotAnAmount, ErrTooManyDecimals or ErrOverflow.
func ParseFixed(text string, places int) (int64, error) {
	whole, fraction, point := strings.Cut(strings.TrimSpace(text), ".")
	if whole == "" || (point && fraction == "") {
		return 0, fmt.Errorf("%w: %s", ErrNotAnAmount, quoted(text))
	}
	if len(fraction) > places {
		return 0, fmt.Errorf("%w: %s has %d, at most %d are allowed", ErrTooManyDecimals, quoted(text), len(fraction), places)
	}
	var units int64
	for _, r := range whole + fraction + strings.Repeat("0", places-len(fraction)) {
		if r < '0' || r > '9' {
			return 0, fmt.Errorf("%w: %s", ErrNotAnAmount, quoted(text))
		}
		if units = units*10 + int64(r-'0'); units > MaxMinor {
			return 0, fmt.Errorf("%w: %s", ErrOverflow, quoted(text))
		}
	}
	return units, nil
}

// quoted is a text for an error. A long one is not repeated: it may be a card number
// that was swiped or typed into the wrong field. Nor is one that can't be printed.
func quoted(text string) string {
	said := strconv.Quote(text)
	if len(text) > 11 || len(said) != len(text)+2 {
		return fmt.Sprintf("a text of %d characters", len(text))
	}
	return said
}
