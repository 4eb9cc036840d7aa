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
	Small  string
}

// Finishing puts what the start found open into rows.
func (w *Words) Finishing(found []Recovered) []FinishRow {
	rows := make([]FinishRow, 0, len(found))
	for _, r := range found {
		a := r.Attempt
		row := FinishRow{Tone: ToneOf(a.State), Small: w.small(a),
			Title:  joined(w.Title(a), Money(a.Amount.Minor, a.Amount.Currency)),
			Before: w.Text("finishing.before", "state", w.Text("state."+string(r.Before)))}
		now := w.Attempt(a)
		row.Now = now.Charged
		if a.State == txn.Approved && !r.Done {
			row.Tone, row.Now = Warning, joinedBy(" ", now.Charged, now.Next)
		}
		rows = append(rows, row)
	}
	return rows
}

// FinishingHead is the sum of it: how many are still open, and what the cashier may do.
func (w *Words) FinishingHead(found []Recovered) Message {
	open := 0
	for _, r := range found {
		if !r.Done {
			open++
		}
	}
	if open == 0 {
		return Message{Tone: Good, What: w.Text("finishing.done", "n", strconv.Itoa(len(found))), Next: w.Text("finishing.done.next")}
	}
	return Message{Tone: Unknown, What: w.Text("finishing.open", "n", strconv.Itoa(open)),
		Charged: w.Text("finishing.charged"), Next: w.Text("finishing.open.next")}
}

// Title names an attempt: "Card sale", "Cash void".
func (w *Words) Title(a txn.Attempt) string {
	return w.Text("title." + string(a.Tender) + "-" + string(a.Kind))
}
