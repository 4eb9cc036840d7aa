package present

import (
	"strconv"

	"veratill/txn"
)

// FinishRow is one payment on the Finishing screen.
type FinishRow struct {
	Tone   Tone
	Title  string // what it is: kind, tender, amount
	Before string // how the start found it
	Now    string // what became of it
	Next   string // what is left to do
}

// Finishing puts what the start found open into rows.
func (w *Words) Finishing(found []Recovered) []FinishRow {
	rows := make([]FinishRow, 0, len(found))
	for _, r := range found {
		rows = append(rows, w.finishRow(r))
	}
	return rows
}

func (w *Words) finishRow(r Recovered) FinishRow {
	a, b := r.Matter.Attempt, r.Matter.Bill
	if r.OfSale && (b.State == txn.BillPartPaid || len(b.Parts) == 0 || len(b.Standing()) > 1) {
		return w.saleRow(r)
	}
	row := FinishRow{Tone: toneOf(a.State), Title: joined(joined(w.Title(r.Matter), Money(a.Amount.Minor, a.Amount.Currency)), w.stan(a.ID))}
	if r.Before != "" {
		row.Before = w.Text("finishing.before", "state", w.Text("state."+string(r.Before)))
	}
	now := w.Matter(r.Matter)
	row.Now = now.Charged
	switch {
	case r.Matter.Unpapered():
		row.Tone, row.Next = Warning, w.Text("finishing.unpapered")
	case !a.Open(), a.AsksAPerson():
		row.Next = now.Next
	}
	return row
}

// saleRow tells of a sale as a whole: paid in part, or paid with several tenders or none.
func (w *Words) saleRow(r Recovered) FinishRow {
	b := r.Matter.Bill
	row := FinishRow{Tone: toneOfBill(b.State), Title: w.Text("sale.title", "n", strconv.FormatInt(b.SaleID, 10), "amount", Money(b.Total.Minor, b.Total.Currency)), Now: w.Taken(b)}
	if r.Before != "" {
		row.Before = w.Text("finishing.before", "state", w.Text("state."+string(r.Before)))
	}
	switch {
	case b.State == txn.BillPartPaid && b.Waits():
		row.Next = w.Text("sale.waits")
	case b.State == txn.BillPartPaid:
		row.Next = w.Text("sale.finish-or-undo")
	case b.Unpapered():
		row.Tone, row.Next = Warning, w.Text("finishing.unpapered")
	}
	return row
}

// Taken says what of a sale is taken: "30.00 of 50.00 is taken".
func (w *Words) Taken(b txn.Bill) string {
	return w.Text("sale.taken", "taken", Money(b.TakenMinor(), b.Total.Currency), "amount", Money(b.Total.Minor, b.Total.Currency))
}

// FinishingHead is the sum of it: how many are still open, how many wait for the manager, and what the cashier may do.
func (w *Words) FinishingHead(found []Recovered) Message {
	if len(found) == 0 {
		return Message{Tone: Good, What: w.Text("finishing.none")}
	}
	var of unfinishedCounts
	for _, r := range found {
		of.count(r)
	}
	m := Message{Tone: Good}
	add := func(n int, tone Tone, what, next string) {
		if n == 0 {
			return
		}
		if m.What == "" {
			m.Tone, m.Next = tone, w.Text(next)
		}
		m.What = joined(m.What, w.Counted(what, n))
	}
	add(of.unpaid, Warning, "finishing.unpaid", of.unpaidNext())
	add(of.open, Unknown, "finishing.open", of.openNext())
	//mutant:what-waits-for-the-manager-is-not-finished
	add(of.manager, Unknown, "finishing.manager", "result.unresolved.next")
	//mutant:what-is-not-known-is-not-charged-again-beside-a-part
	switch {
	case of.money > 0:
		m.Tone, m.Charged = Unknown, w.Text("finishing.charged")
	case of.open+of.manager > 0:
		m.Tone, m.Charged = Unknown, w.Text("charged.back-unknown")
	}
	if m.What == "" {
		m.What, m.Next = w.Counted("finishing.done", len(found)), w.Text("finishing.done.next")
	}
	return m
}

// unfinishedCounts are how many of each kind are unfinished.
type unfinishedCounts struct {
	unpaid, open, manager int
	money                 int  // of open and manager: payments, not what gives back
	waits, terminal       bool // a part of a sale is not known; a separate terminal's word is missing
}

func (c *unfinishedCounts) count(r Recovered) {
	a := r.Matter.Attempt
	switch {
	case r.OfSale && r.Matter.Bill.State == txn.BillPartPaid:
		c.unpaid++
		c.waits = c.waits || r.Matter.Bill.Waits() // it can't be gone on with before that is known
		return
	case !r.Done && a.Open():
		c.open++
	case a.State == txn.Unresolved:
		c.manager++
	default:
		return
	}
	c.terminal = c.terminal || a.AsksAPerson()
	if !a.Kind.GivesBack() {
		c.money++
	}
}

func (c *unfinishedCounts) unpaidNext() string {
	if c.waits {
		return "finishing.unpaid.next-waits"
	}
	return "finishing.unpaid.next"
}

func (c *unfinishedCounts) openNext() string {
	if c.terminal {
		return "finishing.open.next-terminal"
	}
	return "finishing.open.next"
}

// Title names an attempt: "Card sale", "Cash void", "Card part"; without one, a sale of 0.00.
func (w *Words) Title(m txn.Matter) string {
	a := m.Attempt
	switch {
	case a.ID == 0:
		return w.Text("title.given")
	case a.Kind == txn.Sale && m.Bill.Total.Minor > a.Amount.Minor:
		return w.Text("title." + string(a.Tender) + "-part")
	}
	return w.Text("title." + string(a.Tender) + "-" + string(a.Kind))
}
