package uitest

import (
	"context"
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
