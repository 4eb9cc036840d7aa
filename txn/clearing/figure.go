package clearing

import (
	"strconv"
	"strings"

	"veratill/txn/money"
)

// figure reads an amount as files write them: -5.00, ($5.00), ¥1,234.50, 1.234,50 where comma says that a comma stands before the cents. ok is false for
// whatever is none, and for more places than there are.
func figure(text string, places int, comma bool) (units int64, ok bool) {
	text = strings.TrimSpace(text)
	sign := int64(1)
	if inner, bracketed := strings.CutPrefix(text, "("); bracketed {
		if text, ok = strings.CutSuffix(inner, ")"); !ok {
			return 0, false
		}
		sign = -1
	}
	for _, symbol := range []string{"CN¥", "CN￥", "¥", "￥", "$", "€", "£", "元"} {
		text = strings.TrimSpace(strings.Replace(text, symbol, "", 1))
	}
	if rest, minus := strings.CutPrefix(text, "-"); minus {
		text, sign = strings.TrimSpace(rest), -sign
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	group, point := ",", "."
	if comma {
		group, point = ".", ","
	}
	whole, fraction, has := strings.Cut(text, point)
	if whole, ok = ungrouped(whole, group); !ok {
		return 0, false
	}
	if has {
		for len(fraction) > places && strings.HasSuffix(fraction, "0") { // 12.50000 is 12.50
			fraction = fraction[:len(fraction)-1]
		}
	}
	if fraction != "" {
		whole += "." + fraction
	}
	units, err := money.ParseFixed(whole, places)
	return sign * units, err == nil
}

// ungrouped takes the separators of thousands out; each has three digits behind it.
func ungrouped(whole, group string) (string, bool) {
	parts := strings.Split(whole, group)
	for i, part := range parts {
		if len(parts) > 1 && (i > 0 && len(part) != 3 || i == 0 && (part == "" || len(part) > 3)) {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

// roundE3 rounds thousandths of a minor unit to minor units, half away from zero.
func roundE3(e3 int64) int64 {
	minor, err := money.MulDiv(e3, 1, 1000)
	if err != nil {
		return 0 // it can't be: the quotient is smaller
	}
	return minor
}

// FeeFigure writes a fee in thousandths of a minor unit, with as many places as it needs.
func FeeFigure(e3 int64, c money.Currency) string { return figured(e3, c.Digits()+3) }

// figured writes units of 10^-places for people.
func figured(units int64, places int) string {
	if places == 0 {
		return strconv.FormatInt(units, 10)
	}
	sign := ""
	if units < 0 {
		sign, units = "-", -units
	}
	digits := strconv.FormatInt(units, 10)
	for len(digits) <= places {
		digits = "0" + digits
	}
	whole, fraction := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	for len(fraction) < 2 {
		fraction += "0"
	}
	return sign + whole + "." + fraction
}

// sameSum compares a sum that a file gives with that of its rows, to as many places as the file writes.
func sameSum(said, is int64, written string) bool {
	_, fraction, _ := strings.Cut(written, ".")
	if fraction == "" || len(fraction) >= 5 || said == is { // a count, or as exact as the rows
		return said == is
	}
	return roundE3(said) == roundE3(is)
}
