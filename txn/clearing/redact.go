package clearing

import (
	"slices"
	"strings"
	"unicode"

	"veratill/txn/digits"
	"veratill/txn/sale"
)

// persons are headings, tidy, whose cells say who a customer is. A copy that is kept has none of them.
var persons = []string{"持卡人姓名", "持卡人身份证", "用户标识", "对方账户", "出金方账户名称", "操作员", "customername", "customerid", "customeremail", "customerreferenceid", "shopperreference", "shoppername",
	"shopperemail", "cardholdername", "cardholder", "billingname", "customer", "karteninhaber", "kundenname"}

// Redacted is a table as it is kept: without who the customers are, and with four digits of a card's number at most. Read makes the same of it. Rows in front of the header, and
// behind the file's own sums, stay.
func Redacted(c Cells, f File, mapping map[Column]string) Cells {
	l, known := layoutOf(f.Format)
	if !known {
		return c
	}
	l = l.with(mapping)
	kept := Cells{Rows: make([][]string, len(c.Rows)), Lines: c.Lines, Padded: c.Padded}
	var heads []string
	for i, row := range c.Rows {
		if _, header := l.score(row); header && heads == nil {
			heads = tidied(row)
			kept.Rows[i] = row
			continue
		}
		kept.Rows[i] = l.redacted(row, heads)
	}
	return kept
}

func (l layout) redacted(row, heads []string) []string {
	safe := slices.Clone(row)
	for at, cell := range row {
		heading := ""
		if at < len(heads) {
			heading = heads[at]
		}
		switch {
		case slices.Contains(persons, heading):
			safe[at] = ""
		//mutant:a-kept-file-has-no-card-number
		case slices.Contains(l.names[cardColumn], heading):
			if safe[at] = digits.Hide(cell, 4); lastFour(cell) != "" {
				safe[at] = "****" + lastFour(cell)
			}
		case !l.named(heading) && cardLike(cell):
			safe[at] = "****" + cell[len(cell)-4:]
		case !l.providers(heading):
			safe[at] = withoutCard(cell)
		}
	}
	return safe
}

// named reports whether a heading is one of the format's own: what stands there is a number of a payment, and no card's.
func (l layout) named(heading string) bool {
	for _, names := range l.names {
		if slices.Contains(names, heading) {
			return true
		}
	}
	return false
}

// providers reports whether a heading is of numbers that a provider gives payments and shops: some of them look like a card's, and none of them is one.
func (l layout) providers(heading string) bool {
	for _, c := range []Column{providerColumn, providerBack, merchantColumn} {
		if slices.Contains(l.names[c], heading) {
			return true
		}
	}
	return false
}

// withoutCard is a cell without a card's number that somebody wrote into it, whatever it is for: its last four digits, where it is no more than that.
func withoutCard(cell string) string {
	//mutant:a-card-in-any-cell-is-hidden
	if !sale.TellsPAN(cell) {
		return cell
	}
	if last := lastFour(cell); last != "" && !strings.ContainsFunc(cell, unicode.IsLetter) {
		return "****" + last
	}
	return digits.Hide(cell, 4)
}

// cardLike reports whether a cell could be a card's number: 13 to 19 digits with a right check digit.
func cardLike(cell string) bool {
	return len(cell) >= 13 && len(cell) <= 19 && strings.Trim(cell, "0123456789") == "" && sale.LuhnHolds([]byte(cell))
}
