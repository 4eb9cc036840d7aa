package clearing

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn/digits"
	"veratill/txn/money"
)

// row reads a row and counts it.
func (r *reader) row(cells []string, line int) error {
	if err := r.sumUp(cells, line); err != nil {
		return err
	}
	kind, word := r.kindOf(cells)
	if err := r.sumFoot(cells, line, kind); err != nil {
		return err
	}
	if kind == failed || kind == "" && word != "" {
		if err := r.beside(cells, line, word); err != nil {
			return err
		}
	}
	if kind == "" && word != "" {
		r.file.Others[word]++
		return nil
	}
	row := Row{Line: line, Currency: r.file.Currency}
	if code := strings.ToUpper(r.cell(cells, currencyColumn)); code != "" {
		row.Currency = money.Currency(code)
	}
	if err := r.moved(&row, cells, line, kind); err != nil {
		return err
	}
	if row.Kind == "" { // nothing moved, and nothing says what it is
		r.file.Others[""]++
		return nil
	}
	row.Failed = kind == failed || slices.Contains(r.failing, tidy(r.cell(cells, stateColumn)))
	row.Waits = !row.Failed && slices.Contains(r.waiting, tidy(r.cell(cells, stateColumn)))
	row.Undone = row.Kind == refund && slices.Contains(r.undone, word)
	if err := r.numbers(&row, cells, line); err != nil {
		return err
	}
	if err := r.when(&row, cells, line); err != nil {
		return err
	}
	r.count(row)
	return nil
}

// sumUp adds the cells up of which the file gives a sum.
func (r *reader) sumUp(cells []string, line int) error {
	places := r.file.Currency.Digits() + 3
	for at, heading := range r.heads {
		if !r.counted[heading] || cells[at] == "" {
			continue
		}
		units, ok := figure(cells[at], places, r.comma)
		if !ok {
			return r.unreadable(line, at)
		}
		r.summed[heading] += units
	}
	return nil
}

// sumFoot adds a row to what the file's footnotes say of its kind.
func (r *reader) sumFoot(cells []string, line int, kind Kind) error {
	at := slices.Index(r.heads, r.footed)
	if r.footed == "" || at < 0 {
		return nil
	}
	units, ok := figure(cells[at], r.file.Currency.Digits()+3, r.comma)
	if !ok {
		return r.unreadable(line, at)
	}
	sum := r.kindSums[kind]
	sum.add(units)
	r.kindSums[kind] = sum
	return nil
}

// kindOf is what a row does, and the file's word for it. Without a column of kinds, and for a word that is on no list in a column that a person named, the sign says it.
func (r *reader) kindOf(cells []string) (Kind, string) {
	word := tidy(r.cell(cells, kindColumn))
	if r.tookCash(cells) {
		return "", byCash
	}
	//mutant:a-word-on-no-list-goes-by-its-sign
	if r.kinds[word] == "" && r.mapped[kindColumn] != "" {
		return "", ""
	}
	return r.kinds[word], word
}

// byCash is the word for rows of a file of all tenders that have nothing by card.
const byCash = "cash"

// beside adds up what a row brings or costs that is no payment and no refund: a dispute, a fee, a refund that came back. What was paid out was brought by other rows.
func (r *reader) beside(cells []string, line int, word string) error {
	code := strings.ToUpper(cmp.Or(r.cell(cells, netMoneyColumn), r.cell(cells, currencyColumn)))
	if slices.Contains(r.outs, word) || code != "" && money.Currency(code) != r.file.Currency {
		return nil
	}
	for column, sign := range map[Column]int64{netColumn: 1, netCreditColumn: 1, netDebitColumn: -1} {
		net, _, err := r.figure(cells, line, column, r.file.Currency.Digits())
		if err != nil {
			return err
		}
		r.file.BesideMinor += sign * net
	}
	return nil
}

// tookCash reports whether a row of all tenders has nothing by card.
func (r *reader) tookCash(cells []string) bool {
	cash, _, err := r.figure(cells, 0, cashColumn, 2)
	if err != nil || cash == 0 {
		return false
	}
	card, _, err := r.figure(cells, 0, amountColumn, 2)
	return err == nil && card == 0
}

// moved reads how much moved, and which way.
func (r *reader) moved(row *Row, cells []string, line int, kind Kind) error {
	digits := row.Currency.Digits()
	if !row.Currency.Known() {
		digits = 2
	}
	if fee, there, err := r.figure(cells, line, feeColumn, digits+3); err != nil {
		return err
	} else if there {
		if r.gains {
			fee = -fee
		}
		row.FeeE3, row.HasFee = fee, true
	}
	column := amountColumn
	switch {
	case len(r.at[creditColumn]) > 0:
		return r.byBook(row, cells, line, kind, digits)
	case kind == payment && r.cell(cells, paidColumn) != "":
		column = paidColumn
	case kind == refund && r.cell(cells, backColumn) != "":
		column = backColumn
	}
	units, there, err := r.figure(cells, line, column, digits)
	if err != nil {
		return err
	}
	if !there {
		return r.unreadable(line, r.at[column][0])
	}
	row.Kind, row.AmountMinor = kind, max(units, -units)
	//mutant:a-payment-below-nothing-went-back
	if kind == payment && units < 0 { // the bank took it back, whatever it calls it
		row.Kind = refund
	}
	if kind == "" && units != 0 || kind == failed { // the sign says it, or the word
		if row.Kind = payment; kind == "" && units < 0 || r.failedBack(cells) {
			row.Kind = refund
		}
	}
	if r.turns {
		row.FeeE3 = signed(max(row.FeeE3, -row.FeeE3), row.Kind == refund)
	}
	return r.settled(row, cells, line, digits)
}

// settled reads what of an amount the shop gets, or pays, where a coupon of its own paid a part.
func (r *reader) settled(row *Row, cells []string, line int, digits int) error {
	column := settledColumn
	if row.Kind == refund {
		column = settledBack
	}
	units, there, err := r.figure(cells, line, column, digits)
	if err == nil && there && row.Kind != "" {
		row.OffMinor = row.AmountMinor - max(units, -units)
	}
	return err
}

// byBook reads an amount that stands in one of two columns.
func (r *reader) byBook(row *Row, cells []string, line int, kind Kind, digits int) error {
	credit, _, err := r.figure(cells, line, creditColumn, digits)
	if err != nil {
		return err
	}
	debit, _, err := r.figure(cells, line, debitColumn, digits)
	if err != nil {
		return err
	}
	row.Kind, row.AmountMinor = kind, max(credit, debit)
	if kind == failed {
		if row.Kind = payment; r.failedBack(cells) {
			row.Kind = refund
		}
	}
	return nil
}

// failedBack reports whether what failed was to give money back.
func (r *reader) failedBack(cells []string) bool {
	return strings.Contains(tidy(r.cell(cells, kindColumn)), "refund")
}

// numbers reads whose row it is.
func (r *reader) numbers(row *Row, cells []string, line int) error {
	for _, c := range []Column{orderColumn, refundOrderColumn, providerColumn, providerBack, rrnColumn, stanColumn, batchColumn, terminalColumn} {
		//mutant:a-rounded-number-is-none
		if rounded.MatchString(r.cell(cells, c)) {
			return r.unreadable(line, r.at[c][0])
		}
	}
	//mutant:a-card-is-no-order
	row.Order, row.RefundOrder = numberOf(withoutCard(r.cell(cells, orderColumn))), numberOf(withoutCard(r.cell(cells, refundOrderColumn)))
	row.Provider, row.ProviderRefund = numberOf(r.cell(cells, providerColumn)), numberOf(r.cell(cells, providerBack))
	if row.Kind == payment {
		row.ProviderRefund = ""
	}
	row.RRN, row.Terminal, row.Merchant = numberOf(withoutCard(r.cell(cells, rrnColumn))), numberOf(r.cell(cells, terminalColumn)), numberOf(r.cell(cells, merchantColumn))
	row.Batch, row.STAN = whole(r.cell(cells, batchColumn)), whole(r.cell(cells, stanColumn))
	row.LastFour = lastFour(r.cell(cells, cardColumn))
	row.Code, row.Receipt = codeOf(withoutCard(r.cell(cells, codeColumn))), whole(r.cell(cells, receiptColumn))
	row.Arrives = r.cell(cells, arrivesColumn)
	if len(row.Arrives) > 10 {
		row.Arrives = row.Arrives[:10]
	}
	return nil
}

// rounded is a number as a spreadsheet writes one that is too long for it: 1.10E+11.
var rounded = regexp.MustCompile(`^\d(?:[.,]\d+)?[eE]\+?\d+$`)

// numberOf is a number as it is compared. A spreadsheet's ="…" and apostrophes are not part of it.
func numberOf(cell string) string {
	cell = strings.Trim(strings.TrimSpace(cell), "`'\t")
	if inner, wrapped := strings.CutPrefix(cell, `="`); wrapped {
		cell = strings.TrimSuffix(inner, `"`)
	}
	if strings.Trim(cell, "0-") == "" {
		return ""
	}
	return cell
}

// codeOf is an approval code as it is compared.
func codeOf(cell string) string { return strings.ToUpper(numberOf(cell)) }

func whole(cell string) int64 {
	n, err := strconv.ParseInt(numberOf(cell), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// lastFour are the last four digits of a card's number, masked or not, grouped or not. It is empty where the cell does not end with them.
func lastFour(cell string) string {
	runes := []rune(strings.TrimRight(numberOf(cell), " "))
	runs := digits.Runs(runes)
	if len(runs) == 0 {
		return ""
	}
	var all []byte
	for _, g := range runs[len(runs)-1].Groups {
		all = append(all, g.Digits...)
	}
	at := runs[len(runs)-1].At()
	if len(all) < 4 || at[len(at)-1] != len(runes)-1 {
		return ""
	}
	return string(all[len(all)-4:])
}

// when reads the moment.
func (r *reader) when(row *Row, cells []string, line int) error {
	t, ok := moment(r.cell(cells, atColumn), r.cell(cells, dateColumn), r.cell(cells, clockColumn), r.cell(cells, zoneColumn), r.zone, r.forms, &r.form)
	if !ok {
		at := r.at[atColumn]
		if len(at) == 0 {
			at = r.at[dateColumn]
		}
		return r.unreadable(line, at[0])
	}
	row.At = t
	day := t.Format("2006-01-02")
	if r.file.From == "" || day < r.file.From {
		r.file.From = day
	}
	r.file.To = max(r.file.To, day)
	return nil
}

// name is what tells a row from every other one. The line is not part of it.
func (row Row) name() string {
	return fmt.Sprintf("%s|%t|%s|%s|%s|%s|%s|%d|%d|%d|%s|%d|%s|%d|%s", row.Kind, row.Failed, row.Provider, row.ProviderRefund, row.Order, row.RefundOrder, row.RRN, row.Batch, row.STAN, row.Receipt, row.Terminal,
		row.AmountMinor, row.Currency, row.At.Unix(), row.LastFour)
}

// onItsDay is the same without what files say more and less exactly.
func (row Row) onItsDay() string {
	row.At, row.LastFour, row.Code = time.Date(row.At.Year(), row.At.Month(), row.At.Day(), 0, 0, 0, 0, row.At.Location()), "", ""
	return row.name()
}

// count takes a row into the file. One that stands in the file before is kept apart and counts in nothing but the file's own sums. Rows without a number are
// never the same one: two customers may pay alike.
func (r *reader) count(row Row) {
	name := row.name()
	//mutant:a-row-counts-once
	if r.seen[name] && row.numbered() {
		r.file.Twice = append(r.file.Twice, row)
		return
	}
	r.seen[name] = true
	r.file.Rows = append(r.file.Rows, row)
	switch {
	case row.Failed:
		r.file.Failed++
	case row.Currency != r.file.Currency: // held against its attempt, and in no sum of this currency's
	default:
		sum := &r.file.Back
		if row.Kind == payment {
			sum = &r.file.Paid
		}
		sum.add(row.AmountMinor)
		r.file.OffMinor += signed(row.OffMinor, row.Kind == refund)
		r.feesE3 += row.FeeE3
	}
}
