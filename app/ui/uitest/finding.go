package uitest

import (
	"context"
	"strings"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/find"
)

// Find implements present.Finding: of the payments of this run, and of those that the test has told, it finds by amount, by an article's name or by the last
// four, and by the tender.
func (d *Desk) Find(_ context.Context, asked find.Asked) (f present.FoundPayments, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("find " + asked.Text)
	f = d.FoundNow
	f.Entries = nil
	for _, e := range append(append([]present.Entry(nil), d.entries...), d.FoundNow.Entries...) {
		if a, known := d.attempts[e.Attempt.ID]; known {
			e.Attempt, e.Bill = a, d.bills[e.Bill.SaleID]
		}
		if (asked.Tender == "" || e.Attempt.Tender == txn.Tender(asked.Tender)) && strings.Contains(strings.ToLower(textOf(e)), strings.ToLower(strings.Trim(asked.Text, "*"))) {
			f.Entries = append(f.Entries, e)
		}
	}
	return f, d.FindErr
}

func textOf(e present.Entry) string {
	text := e.Attempt.Amount.Figure() + " " + e.Attempt.Card.Masked
	for _, l := range e.Sale.Lines {
		text += " " + l.Code + " " + l.ShownName().EN + " " + l.ShownName().ZH
	}
	return text
}
