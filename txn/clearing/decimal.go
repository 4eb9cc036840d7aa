package clearing

import (
	"strings"

	"veratill/txn/money"
)

// decimal finds out whether a table's figures have a comma before the cents: some figures can be read in one way alone, and they decide for the others. A file whose figures say both, or
// that has one which can be read in two ways and none that decides, is refused: nobody knows which of two sums it means. The error is a *RefusedError.
func (r *reader) decimal(c Cells) error {
	if !r.commas {
		return nil
	}
	var comma, point, open *RefusedError // where the first figure of each kind stands
	for i := r.head + 1; i < len(c.Rows); i++ {
		row := c.Rows[i]
		for _, column := range []Column{amountColumn, paidColumn, backColumn, creditColumn, debitColumn, feeColumn} {
			text := cellOf(row, r.at[column])
			if text == "" {
				continue
			}
			here := &RefusedError{Trouble: FigureTwoWays, Format: r.format, Line: c.Lines[i], Column: r.heads[r.at[column][0]]}
			switch mark, sure := decimalOf(text, r.placesOf(row, column), c.Padded); {
			case mark == ',' && comma == nil:
				comma = here
			case mark == '.' && point == nil:
				point = here
			case mark == 0 && !sure && open == nil:
				open = here
			}
		}
	}
	//mutant:what-can-be-read-in-two-ways-is-refused
	switch {
	case comma != nil && point != nil && comma.Line < point.Line:
		return point
	case comma != nil && point != nil:
		return comma
	case comma == nil && point == nil && open != nil:
		return open
	}
	r.comma = comma != nil
	return nil
}

// placesOf is how many places a figure of a column has at most.
func (r *reader) placesOf(row []string, column Column) int {
	currency := r.file.Currency
	if code := strings.ToUpper(cellOf(row, r.at[currencyColumn])); code != "" {
		currency = money.Currency(code)
	}
	places := 2
	if currency.Known() {
		places = currency.Digits()
	}
	if column == feeColumn {
		places += 3
	}
	return places
}

// decimalOf is the mark before the cents that a figure shows: a comma, a point, or 0. Without one it is sure that it has no cents, or can be read in two ways:
// 1,234 with three places is 1.234 or 1234. A workbook's own numbers have a point.
func decimalOf(text string, places int, workbook bool) (mark byte, sure bool) {
	text = strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9' || r == ',' || r == '.' || r >= 'A' && r <= 'z' || r == '%':
			return r
		}
		return -1
	}, text)
	at := strings.LastIndexAny(text, ",.")
	if at < 0 || strings.Trim(text, "0123456789,.") != "" { // a word is refused where it is read
		return 0, true
	}
	mark, other := text[at], byte(',')
	if mark == ',' {
		other = '.'
	}
	whole, fraction := text[:at], text[at+1:]
	switch {
	case strings.IndexByte(whole, other) >= 0:
		return mark, true
	case strings.IndexByte(whole, mark) >= 0: // of thousands, twice
		return other, true
	case len(fraction) != 3 || len(whole) > 3 || strings.HasPrefix(whole, "0") || whole == "" || workbook && mark == '.':
		return mark, true
	//mutant:three-places-may-be-thousands
	case places < 3 && (places == 0 || !strings.HasSuffix(fraction, "0")): // no place for a third digit but a nought
		return other, true
	}
	return 0, false
}
