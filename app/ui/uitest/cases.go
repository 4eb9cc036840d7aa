package uitest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/messages"
)

// Cases implements present.Disputes.
func (d *Desk) Cases(context.Context) ([]txn.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.CasesNow), nil
}

// CaseEntry implements present.Disputes: the newest payment of the list stands for each.
func (d *Desk) CaseEntry(ctx context.Context, _ txn.ID) (present.Entry, error) {
	entries, err := d.Entries(ctx, 0, 1)
	if err != nil || len(entries) == 0 {
		return present.Entry{}, err
	}
	return entries[0], nil
}

// Affair implements present.Disputes: what the payment is in the lists, and what the test says of files and messages.
func (d *Desk) Affair(_ context.Context, id txn.ID) (present.Affair, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	of := present.Affair{Messages: d.MessagesNow.Messages}
	for _, i := range d.FiledNow.Items {
		i.Attempt = id
		of.Filed.Items = append(of.Filed.Items, i)
	}
	a, known := d.attempts[id]
	of.Attempt, of.Bill = a, d.bills[a.SaleID]
	for _, e := range append(slices.Clone(d.entries), d.FoundNow.Entries...) {
		if !known && e.Attempt.ID == id {
			of.Attempt, of.Bill = e.Attempt, e.Bill
		}
	}
	for _, p := range of.Bill.Parts {
		of.Parts = append(of.Parts, d.attempts[p.ID])
	}
	if of.Attempt.ID == 0 {
		return of, errors.New("there is no such payment")
	}
	return of, nil
}

// MoveCase implements present.Disputes.
func (d *Desk) MoveCase(_ context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m.Case == 0 {
		m.Case = int64(len(d.CasesNow)) + 1
	}
	m.AtMs = d.Now().UnixMilli()
	cases, err := txn.TakeCase(slices.Clone(d.CasesNow), m)
	if err != nil {
		return txn.Case{}, err
	}
	d.CasesNow = cases
	d.noteBy(by, "case "+string(m.To))
	return cases[m.Case-1], nil
}

// PackCase implements present.Disputes.
func (d *Desk) PackCase(ctx context.Context, by txn.Actor, number int64, _ *present.Words) (string, error) {
	_, err := d.MoveCase(ctx, by, txn.CaseMoved{Case: number, To: txn.CaseChosen, PackSHA256: strings.Repeat("a", 64)})
	return "Documents/case-1.pdf", err
}

// Messages implements present.Disputes.
func (d *Desk) Messages(context.Context, txn.ID) (messages.Kept, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.MessagesNow, nil
}
