package sale

import (
	"errors"
	"strings"

	"veratill/txn/money"
)

// scientific reports whether a spreadsheet has written a number with an exponent: 6.9E+12 for 6901234567892. The digits that it
// left out are gone, so such a cell is never read.
func scientific(text string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(strings.TrimLeft(text, "+-")), "E")
	whole, fraction, _ := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	return found && allDigits(whole) && allDigits("0"+fraction) && allDigits(strings.TrimLeft(exponent, "+-"))
}

// spreadsheetNumber reports whether a code is a number with decimals: 6901234567892.0.
func spreadsheetNumber(code string) bool {
	whole, fraction, point := strings.Cut(strings.Replace(code, ",", ".", 1), ".")
	return point && allDigits(whole) && allDigits(fraction)
}

// readFigure reads a figure as lists have it, with a point or a comma before its decimals, into units of 10^-places. percent takes a
// per cent sign, and has no thousands. Where a figure can mean two things it is refused: nobody would see which of them was taken.
func readFigure(text string, places int, separator byte, percent bool, currency money.Currency) (int64, RemarkKind) {
	if scientific(text) {
		return 0, Scientific
	}
	if percent {
		text = tidy(strings.TrimSuffix(text, "%"))
	} else {
		text = withoutCurrency(text, currency)
	}
	plain, kind := plainFigure(text, separator, percent)
	if kind != "" {
		return 0, kind
	}
	units, err := money.ParseFixed(plain, places)
	switch {
	case errors.Is(err, money.ErrTooManyDecimals):
		return 0, FigureLong
	case errors.Is(err, money.ErrOverflow):
		return 0, FigureRange
	case err != nil:
		return 0, Figure
	}
	return units, ""
}

// withoutCurrency takes the currency's own sign or letters off a price. Those of another currency stay, and make it no figure.
func withoutCurrency(text string, currency money.Currency) string {
	signs := []string{currency.Symbol(), string(currency)}
	if currency == money.CNY {
		signs = append(signs, "¥", "￥", "元")
	}
	for _, sign := range signs {
		if sign != "" {
			text = tidy(strings.TrimSuffix(strings.TrimPrefix(text, sign), sign))
		}
	}
	return text
}

// plainFigure writes a figure with a point before its decimals and nothing else.
func plainFigure(text string, separator byte, percent bool) (string, RemarkKind) {
	points, commas := strings.Count(text, "."), strings.Count(text, ",")
	switch {
	case points == 0 && commas == 0, points == 1 && commas == 0:
		return text, ""
	case points > 0 && commas > 0: // the last one is before the decimals
		decimal, group := ".", ","
		if strings.LastIndex(text, ",") > strings.LastIndex(text, ".") {
			decimal, group = ",", "."
		}
		whole, fraction, _ := strings.Cut(text, decimal)
		if !grouped(whole, group) || strings.Contains(fraction, group) {
			return "", Figure
		}
		return strings.ReplaceAll(whole, group, "") + "." + fraction, ""
	case commas == 1:
		whole, fraction, _ := strings.Cut(text, ",")
		//mutant:a-figure-of-two-meanings-is-refused
		if len(fraction) == 3 && !percent && separator != ';' && whole != "0" {
			return "", FigureUnclear
		}
		return whole + "." + fraction, ""
	}
	group := ","
	if points > 0 {
		group = "."
	}
	if !grouped(text, group) {
		return "", Figure
	}
	return strings.ReplaceAll(text, group, ""), ""
}

// grouped reports whether a whole number's digits stand in groups of three.
func grouped(whole, group string) bool {
	for i, part := range strings.Split(whole, group) {
		if !allDigits(part) || i > 0 && len(part) != 3 || len(part) > 3 {
			return false
		}
	}
	return true
}
