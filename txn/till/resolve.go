package till

import (
	"context"
	"slices"

	"veratill/txn"
	"veratill/txn/plan"
)

// Resolve ends by evidence an attempt that its bank does not end: what it refuses to undo, what may be another's, and what is owed to
// a bank that does not answer any more. by is who brings it. It never makes an approval. The error is a *txn.Fault.
func (t *Till) Resolve(ctx context.Context, by txn.Actor, id txn.ID, e txn.Evidence) (Outcome, error) {
	if err := t.card.Acquire(ctx, 1); err != nil { // so that no reversal of it is under way
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	defer t.card.Release(1)
	p, err := t.resolve(ctx, by, id, e)
	if err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	t.carry(context.WithoutCancel(ctx), p, with{})
	return Outcome{Attempt: p.After, Bill: p.Bill, SaleID: p.Bill.SaleID}, nil
}

func (t *Till) resolve(ctx context.Context, by txn.Actor, id txn.ID, e txn.Evidence) (plan.Plan, error) {
	t.write.Lock()
	defer t.write.Unlock()
	m, err := t.matterAndOriginal(ctx, id)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.Move(t.view(), m, txn.Event{Kind: txn.Resolved, Evidence: e})
	if err != nil {
		return p, err
	}
	return p, t.commit(ctx, named(by), p)
}

// Unresolved lists the attempts that their bank says no more of, oldest first: they stop nobody, and only evidence ends them.
func (t *Till) Unresolved(ctx context.Context) ([]txn.Attempt, error) {
	owed, err := t.cfg.Journal.Owed(ctx)
	return slices.DeleteFunc(owed, func(a txn.Attempt) bool { return a.State != txn.Unresolved }), err
}

// CarriedOver lists the attempts that a Z carries over by name, oldest first: those, and the refunds of which nobody has said what a separate
// terminal showed.
func (t *Till) CarriedOver(ctx context.Context) ([]txn.Attempt, error) {
	owed, err := t.cfg.Journal.Owed(ctx)
	return slices.DeleteFunc(owed, func(a txn.Attempt) bool { return !a.CarriedOver() }), err
}

// Note keeps what a person, by, did beside money. It is not waited for: the next synced entry makes it durable. The error is a *txn.Fault; then the books tell
// nothing of it.
func (t *Till) Note(ctx context.Context, by txn.Actor, n txn.Noted) error {
	t.write.Lock()
	defer t.write.Unlock()
	n.AtMs = t.nowMs()
	if err := t.save(ctx, named(by), txn.Lazy, n); err != nil {
		return fault(txn.ChargedUnknown, err)
	}
	return nil
}

// NumbersSeen takes the word of a person, by, who has read why the numbers moved ahead: cards are taken again. It does nothing where
// there is nothing to read. The error is a *txn.Fault.
func (t *Till) NumbersSeen(ctx context.Context, by txn.Actor) error {
	t.write.Lock()
	defer t.write.Unlock()
	if t.cfg.Numbers.Numbers().Why == "" {
		return nil
	}
	if err := t.save(ctx, named(by), txn.Synced, txn.NumbersSeen{AtMs: t.nowMs()}); err != nil {
		return fault(txn.ChargedUnknown, err)
	}
	return nil
}
