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
		a := r.Attempt
		row := FinishRow{Tone: toneOf(a.State), Title: joined(joined(w.Title(a), Money(a.Amount.Minor, a.Amount.Currency)), "STAN "+strconv.FormatInt(a.ID.STAN(), 10)),
			Before: w.Text("finishing.before", "state", w.Text("state."+string(r.Before)))}
		now := w.Attempt(a)
		row.Now = now.Charged
		switch {
		case a.Unpapered():
			row.Tone, row.Next = Warning, w.Text("finishing.unpapered")
		case !a.Open(), a.AsksAPerson():
			row.Next = now.Next
		}
		rows = append(rows, row)
	}
	return rows
}

// FinishingHead is the sum of it: how many are still open, and what the cashier may do.
func (w *Words) FinishingHead(found []Recovered) Message {
	open, next := 0, "finishing.open.next"
	for _, r := range found {
		if !r.Done && r.Attempt.Open() {
			open++
		}
		if r.Attempt.AsksAPerson() {
			next = "finishing.open.next-terminal"
		}
	}
	if open == 0 {
		return Message{Tone: Good, What: w.Counted("finishing.done", len(found)), Next: w.Text("finishing.done.next")}
	}
	return Message{Tone: Unknown, What: w.Counted("finishing.open", open),
		Charged: w.Text("finishing.charged"), Next: w.Text(next)}
}

// Title names an attempt: "Card sale", "Cash void".
func (w *Words) Title(a txn.Attempt) string {
	return w.Text("title." + string(a.Tender) + "-" + string(a.Kind))
}
