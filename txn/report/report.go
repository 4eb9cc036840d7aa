// Package report sums a day over its attempts: X, Z and the manager's page. It is
// pure, so that what a Z says can be derived again from the journal at any time.
package report

import (
	"sort"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// Tally is a count and a sum in minor units.
type Tally struct {
	Count       int64 `json:"count"`
	AmountMinor int64 `json:"amountMinor"`
}

// move adds a minor amount n times: 1 to count it, −1 to take it off again.
func (t *Tally) move(minor, n int64) error {
	sum, err := money.Add(t.AmountMinor, n*minor)
	t.Count, t.AmountMinor = t.Count+n, sum
	return err
}

// Split is sales, voids and refunds of one tender, cashier or hour. Voids and refunds are not taken off the sales.
type Split struct {
	Sales   Tally `json:"sales"`
	Voids   Tally `json:"voids"`
	Refunds Tally `json:"refunds,omitzero"`
}

// Totals of one day. Sales counts the sales that were paid, also those that were given back later, and sums the
// payments that were approved, those of a sale that is paid in part among them; Voids counts the voids; Refunds counts the refunds that went
// through on this day, those that were begun on an earlier one among them; NetMinor is what is left.
type Totals struct {
	Batch     int64            `json:"batch"`
	Z         int64            `json:"z,omitempty"`
	Date      string           `json:"date"`             // YYYY-MM-DD of the first sale, local time; before it the date of the sum
	OfDate    int64            `json:"ofDate,omitempty"` // of a Z: 2 for the second one of its date, and so on; else 0
	OpenedMs  int64            `json:"openedMs"`         // when the day before was closed
	FirstMs   int64            `json:"firstMs,omitempty"`
	ClosedMs  int64            `json:"closedMs,omitempty"`
	Currency  string           `json:"currency"`
	Sales     Tally            `json:"sales"`
	Voids     Tally            `json:"voids"`
	Refunds   Tally            `json:"refunds,omitzero"`
	NetMinor  int64            `json:"netMinor"`
	Given     int64            `json:"given,omitempty"` // of the sales: those of 0.00
	ByTender  map[string]Tally `json:"byTender"`        // payments
	VoidsBy   map[string]Tally `json:"voidsByTender"`
	RefundsBy map[string]Tally `json:"refundsByTender,omitempty"`
	// OtherWay and NoReceipt are of the refunds: those in cash of what was paid in another way, and those of goods whose sale nobody knows.
	OtherWay       Tally            `json:"refundsOtherWay,omitzero"`
	NoReceipt      Tally            `json:"refundsNoReceipt,omitzero"`
	RefundsUnknown Tally            `json:"refundsNotKnown,omitzero"` // of this day's: the money may be on its way back; in no other sum
	ByCashier      map[string]Split `json:"byCashier"`
	ByHour         [24]Tally        `json:"byHour"` // payments, local time
	Declined       int64            `json:"declined"`
	Reversed       int64            `json:"reversed"`
	NotProven      Split            `json:"notProven"`             // by terminals that stand alone: a person's word, in no other sum
	Vouchers       Split            `json:"vouchers,omitzero"`     // paper vouchers, by the cashiers' word: in no other sum
	Open           int64            `json:"open"`                  // attempts whose money is not known yet
	Kept           Tally            `json:"kept,omitzero"`         // by evidence of this day: the bank has it, and a credit is asked for; in no other sum
	Carried        []Carried        `json:"carried,omitempty"`     // attempts of any day that stay unresolved: they are carried over by name
	Settlements    []Settlement     `json:"settlements,omitempty"` // of this day, and of earlier ones that are carried over or have ended on this day
	Unpapered      int64            `json:"unpapered"`             // sales that are paid and voids, of which no paper has come out for certain
	Grand          Tally            `json:"grand"`                 // net over all days up to this one, never reset
	HeadSeq        int64            `json:"headSeq,omitempty"`     // the journal's newest entry when this was made
	Head           string           `json:"head,omitempty"`        // its hash: pins all that came before
	Demo           bool             `json:"demo,omitempty"`        // something in it was a demonstration, in which no money moves
}

// ByWordMinor is what a person's word stands for, at separate terminals and in vouchers, less what went back of it: with NetMinor it is all that the day brought.
func (t Totals) ByWordMinor() (minor int64) {
	for _, by := range []Split{t.NotProven, t.Vouchers} {
		minor += by.Sales.AmountMinor - by.Voids.AmountMinor - by.Refunds.AmountMinor
	}
	return minor
}

// Carried is an attempt that its bank says no more of.
type Carried struct {
	Attempt     int64  `json:"attempt"`
	STAN        int64  `json:"stan"`
	Batch       int64  `json:"batch"`
	Type        string `json:"type"`
	AmountMinor int64  `json:"amountMinor"`
	Code        string `json:"code,omitempty"`   // with which the bank refused to undo it
	Reason      string `json:"reason,omitempty"` // why it is not known
}

// LateRefunds are refunds of earlier days that went through since a day was opened: no Z before counted them as given back, so that this day does.
func LateRefunds(openedMs int64, attempts []txn.Attempt) (late []txn.Attempt) {
	for _, a := range attempts {
		//mutant:a-refund-that-came-late-is-counted
		if a.Kind == txn.Refund && a.Concluded() && a.EndedMs >= openedMs {
			late = append(late, a)
		}
	}
	return late
}

// CarryOver lists attempts as a report names those that are carried over.
func CarryOver(attempts []txn.Attempt) (all []Carried) {
	for _, a := range attempts {
		all = append(all, Carried{int64(a.ID), a.ID.STAN(), a.Batch, string(a.Kind), a.Amount.Minor, a.Refused, string(a.Reason)})
	}
	return all
}

// NewTotals are those of a day on which nothing happened.
func NewTotals() Totals {
	return Totals{ByTender: map[string]Tally{}, VoidsBy: map[string]Tally{}, RefundsBy: map[string]Tally{}, ByCashier: map[string]Split{}}
}

// Sum adds the attempts and the sales of a day up. It fails only where a sum does not fit.
func Sum(attempts []txn.Attempt, bills []txn.Bill, where *time.Location) (Totals, error) {
	t := NewTotals()
	for _, a := range attempts {
		if err := t.Move(txn.Attempt{}, a, where); err != nil {
			return t, err
		}
	}
	for _, b := range bills {
		t.MoveSale(txn.Bill{}, b)
	}
	return t, nil
}

// FirstMs is when the first payment of a day was begun, or its first sale of 0.00 given; 0 without one. A clock that went back does
// not count: what came first came first. A sale that was opened on a day before counts from its payment on this one.
func FirstMs(attempts []txn.Attempt, bills []txn.Bill) int64 {
	var first txn.Attempt
	for _, a := range attempts {
		if first.ID == 0 || a.ID < first.ID {
			first = a
		}
	}
	var lowest txn.Bill
	for _, b := range bills {
		if lowest.SaleID == 0 || b.SaleID < lowest.SaleID {
			lowest = b
		}
	}
	return txn.FirstMs(first, lowest)
}

// MoveSale is Move for a sale. before has SaleID 0 where the sale is new.
func (t *Totals) MoveSale(before, after txn.Bill) {
	if before.SaleID != 0 {
		t.countSale(before, -1)
	}
	t.countSale(after, 1)
}

// countSale counts a sale n times: one that was paid, by whatever a bank or a drawer proves, and one without its paper.
func (t *Totals) countSale(b txn.Bill, n int64) {
	//mutant:totals-say-demonstration/sale
	t.Demo = t.Demo || b.Demo // it never ceases to be one
	if b.Unpapered() {
		t.Unpapered += n
	}
	//mutant:given-is-counted
	switch {
	case !b.WasPaid():
	case b.Total.Minor == 0:
		t.Sales.Count, t.Given = t.Sales.Count+n, t.Given+n
	case proven(b):
		t.Sales.Count += n
	}
}

// proven reports whether a part of a sale was by more than a person's word.
func proven(b txn.Bill) bool {
	for _, p := range b.Parts {
		if p.Paid && !p.Tender.ByWord() {
			return true
		}
	}
	return false
}

// Move takes off what an attempt was and adds what it is, so that totals are kept while entries come
// (fold.Change) and are the same as Sum's. before has ID 0 where the attempt is new.
func (t *Totals) Move(before, after txn.Attempt, where *time.Location) error {
	if before.ID != 0 {
		if err := t.count(before, -1, where); err != nil {
			return err
		}
	}
	err := t.count(after, 1, where)
	t.NetMinor = t.Sales.AmountMinor - t.Voids.AmountMinor - t.Refunds.AmountMinor
	return err
}

// count adds an attempt n times.
func (t *Totals) count(a txn.Attempt, n int64, where *time.Location) error {
	//mutant:totals-say-demonstration/attempt
	t.Demo = t.Demo || a.Demo
	if a.Unpapered() {
		t.Unpapered += n
	}
	//mutant:a-refund-that-is-not-known-is-a-column
	if a.Kind == txn.Refund && (a.Open() || a.State == txn.Unresolved) {
		return t.RefundsUnknown.move(a.Amount.Minor, n)
	}
	//mutant:what-its-line-undid-is-no-sale
	if a.UndoneByLine() {
		t.Reversed += n
		return nil
	}
	switch a.State {
	case txn.Claimed:
		if a.Kind.GivesBack() && a.Evidence.As != "" { // evidence says that it was made
			return t.taken(a, n, where)
		}
		return t.claimed(a, n)
	case txn.Unresolved, txn.Kept: // in no sum of the day's: see Carried and Kept
	case txn.Approved, txn.Voided:
		if a.Tender.ByWord() {
			return t.claimed(a, n)
		}
		return t.taken(a, n, where)
	case txn.Declined:
		t.Declined += n
	case txn.Reversed:
		t.Reversed += n
	default:
		t.Open += n
	}
	return nil
}

// claimed counts what a person says of a terminal that stands alone, or of a voucher.
func (t *Totals) claimed(a txn.Attempt, n int64) error {
	column := &t.NotProven
	//mutant:vouchers-have-a-column
	if a.Tender == txn.Voucher {
		column = &t.Vouchers
	}
	switch a.Kind {
	case txn.Void:
		return column.Voids.move(a.Amount.Minor, n)
	case txn.Refund:
		return column.Refunds.move(a.Amount.Minor, n)
	}
	return column.Sales.move(a.Amount.Minor, n)
}

func (t *Totals) taken(a txn.Attempt, n int64, where *time.Location) error {
	total, by := &t.Sales, t.ByTender
	split := t.ByCashier[a.Cashier]
	part := &split.Sales
	switch a.Kind {
	case txn.Void:
		total, by, part = &t.Voids, t.VoidsBy, &split.Voids
	case txn.Refund:
		//mutant:refunds-have-a-column
		total, by, part = &t.Refunds, t.RefundsBy, &split.Refunds
	}
	tally := by[string(a.Tender)]
	tallies := []*Tally{total, &tally, part}
	//mutant:unusual-refunds-have-columns
	switch {
	case a.OtherWay:
		tallies = append(tallies, &t.OtherWay)
	case a.NoReceipt:
		tallies = append(tallies, &t.NoReceipt)
	}
	if a.Kind == txn.Sale {
		tallies = append(tallies, &t.ByHour[time.UnixMilli(a.OpenedMs).In(where).Hour()])
	}
	for _, into := range tallies {
		if err := into.move(a.Amount.Minor, n); err != nil {
			return err
		}
	}
	if a.Kind == txn.Sale {
		t.Sales.Count -= n // a sale is counted once, whatever it was paid with: see countSale
	}
	set(by, string(a.Tender), tally)
	set(t.ByCashier, a.Cashier, split)
	return nil
}

// set keeps a value, and none that says nothing.
func set[V comparable](m map[string]V, name string, v V) {
	var nothing V
	if v == nothing {
		delete(m, name)
		return
	}
	m[name] = v
}

// Names are a map's keys in order, for lists that look the same each time.
func Names[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
