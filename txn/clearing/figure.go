package clearing

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

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

// forms are the ways in which files write a moment.
var forms = []string{
	"2006-01-02 15:04:05", "2006/01/02 15:04:05", "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04", "20060102150405", "20060102 150405",
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "02.01.2006 15:04:05", "02.01.2006 15:04", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05 -0700",
	"2006-01-02 3:04:05 PM", "1/2/06 3:04:05 PM", "1/2/2006 3:04:05 PM", "1/2/06 15:04:05", "2006年01月02日 15:04:05", "20060102 15:04:05",
	"2006-01-02", "2006/1/2", "20060102", "02.01.2006", "2006年01月02日", "1/2/06", // a day alone
}

// zones are the names of clocks that files write. A name that is not here is read by the shop's own.
var zones = map[string]*time.Location{
	"utc": time.UTC, "gmt": time.UTC, "cet": time.FixedZone("CET", 3600), "cest": time.FixedZone("CEST", 7200), "bst": time.FixedZone("BST", 3600),
	"pst": time.FixedZone("PST", -8*3600), "pdt": time.FixedZone("PDT", -7*3600), "est": time.FixedZone("EST", -5*3600), "edt": time.FixedZone("EDT", -4*3600),
}

// moment reads a time, with its day in front or in a cell of its own. form is how the row before was written, and is tried first: there are many
// forms, and a file has one.
func moment(at, date, clock, zone string, where *time.Location, form *string) (time.Time, bool) {
	if known := zones[strings.ToLower(strings.TrimSpace(zone))]; known != nil {
		where = known
	}
	var tries []string
	for _, text := range []string{at, join(date, clock), join(date, at), date} {
		if text = strings.TrimSpace(text); text != "" {
			tries = append(tries, text)
		}
	}
	for _, text := range tries {
		if t, err := time.ParseInLocation(*form, text, where); err == nil && *form != "" {
			return t, true
		}
		if t, ok := serial(text, where); ok {
			return t, true
		}
		for _, one := range forms {
			if t, err := time.ParseInLocation(one, text, where); err == nil {
				*form = one
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// serialNumber is a moment as a workbook keeps it: days since 30 December 1899, with the time behind the point.
var serialNumber = regexp.MustCompile(`^[2-7]\d{4}(?:\.\d+)?$`)

func serial(text string, where *time.Location) (time.Time, bool) {
	if !serialNumber.MatchString(text) {
		return time.Time{}, false
	}
	days, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.Time{}, false
	}
	seconds := math.Round(days * 24 * 60 * 60)
	return time.Date(1899, 12, 30, 0, 0, int(seconds), 0, where), true
}

func join(date, clock string) string {
	if date == "" || clock == "" {
		return ""
	}
	return strings.TrimSpace(date) + " " + strings.TrimSpace(clock)
}
