package till

import (
	"context"

	"veratill/txn"
)

// PayExternal pays a sale at a terminal that stands alone: a person types the amount there, and the line asks them
// what it showed. It waits for nothing else, and nothing waits for it. The error is a *txn.Fault; the outcome's
// attempt is claimed, declined, or still pending where nobody has said it yet (see Said).
func (t *Till) PayExternal(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	if t.cfg.Lines[txn.External] == nil {
		return Outcome{}, fault(txn.ChargedNo, errNoTerminal)
	}
	amount, err := t.part(ctx, &p)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	if err := ctx.Err(); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	return t.ask(ctx, by, txn.Attempt{Kind: txn.Sale, Tender: txn.External, Amount: amount}, 0, with{sale: p.Sale, tell: p.Tell})
}

// Said takes the word of a person, by, about a payment or a void at a terminal that stands alone: PersonClaimed or PersonDenied,
// with the approval code of its slip if there is one. The error is a *txn.Fault; txn.ErrNotAllowed where it was said
// before.
func (t *Till) Said(ctx context.Context, by txn.Actor, id txn.ID, v txn.Verdict) (Outcome, error) {
	a, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	s, err := t.cfg.Journal.Sale(ctx, a.SaleID)
	if err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	return t.conclude(ctx, named(by), a, v, with{sale: s})
}
