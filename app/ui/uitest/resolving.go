package uitest

import (
	"context"
	"errors"

	"veratill/app/present"
	"veratill/txn"
)

// Resolve implements present.Resolving.
func (d *Desk) Resolve(_ context.Context, by txn.Actor, id txn.ID, e txn.Evidence) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "resolved as "+string(e.As))
	var asked present.Entry
	for _, entry := range d.Day1.Unresolved {
		if entry.Attempt.ID == id {
			asked = entry
		}
	}
	step, err := txn.Step(asked.Attempt, txn.Event{Kind: txn.Resolved, Evidence: e, AtMs: d.Now().UnixMilli()})
	if err != nil {
		return present.Result{Code: "not allowed now", Detail: err.Error(), Attempt: asked.Attempt}
	}
	return present.Result{Attempt: step.After, Bill: asked.Bill, SaleID: asked.Bill.SaleID, Charged: step.After.Charged()}
}

// Evidence implements present.Resolving.
func (d *Desk) Evidence(as, who, document string) (txn.Evidence, error) {
	if document == "missing.pdf" {
		return txn.Evidence{}, errors.New("missing.pdf is not there")
	}
	return txn.Evidence{As: txn.Finding(as), Who: who, Document: document, SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, nil
}

// Numbers implements present.Resolving.
func (d *Desk) Numbers() txn.Numbers {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.InDoubt
}

// NumbersSeen implements present.Resolving.
func (d *Desk) NumbersSeen(_ context.Context, by txn.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "numbers seen")
	d.InDoubt = d.InDoubt.Seen()
	return nil
}
