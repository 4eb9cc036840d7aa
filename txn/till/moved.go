package till

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/plan"
)

// OwedElsewhere lists attempts that are owed to lines which the settings no longer name, oldest first. No line is asked
// about them, and no new card is taken, before their line is back or a manager says that it has moved; a refund stops no card.
func (t *Till) OwedElsewhere(ctx context.Context) ([]txn.Attempt, error) {
	open, err := t.owedToLines(ctx)
	if err != nil {
		return nil, err
	}
	//mutant:what-awaits-its-line-is-owed-elsewhere
	waiting, err := t.awaiting(ctx)
	if err != nil {
		return nil, err
	}
	//mutant:a-refund-that-is-asked-about-is-owed-elsewhere
	asked, err := t.askedAgain(ctx)
	if err != nil {
		return nil, err
	}
	elsewhere := slices.DeleteFunc(slices.Concat(open, waiting, asked), func(a txn.Attempt) bool { return t.lineOf(a) != nil })
	slices.SortFunc(elsewhere, func(a, b txn.Attempt) int { return cmp.Compare(a.ID, b.ID) })
	return elsewhere, nil
}

// LineMoved takes the word of a manager, by, that the bank of what is owed elsewhere is reached by the line of the settings now. What is
// owed goes there, under its own numbers. An approval that its line has not confirmed, and which no line of the settings can be asked about, is left to
// evidence: nobody else can say whether it stands. It returns how many attempts moved. The error is a *txn.Fault; ErrOwed where one is
// owed to a line of another kind.
func (t *Till) LineMoved(ctx context.Context, by txn.Actor) (moved int, err error) {
	elsewhere, err := t.OwedElsewhere(ctx)
	if err != nil {
		return 0, fault(txn.ChargedUnknown, err)
	}
	for _, a := range elsewhere {
		e, line := txn.Event{Kind: txn.LineMoved}, t.successor(a)
		switch {
		case line != nil:
			e.Line = line.Name()
		//mutant:an-approval-of-a-line-that-is-gone-is-not-known
		case a.AwaitsLine():
			e = txn.Event{Kind: txn.LineUnsure, Reason: txn.LinkLost}
		case a.Kind == txn.Refund: // it stops nobody, and evidence ends it
			continue
		default:
			return moved, fault(txn.ChargedUnknown, fmt.Errorf("%w: %s is owed to %q, which the line of the settings cannot take the place of", ErrOwed, a.ID, a.Line))
		}
		p, err := t.decide(ctx, named(by), a.ID, func(m txn.Matter) (plan.Plan, error) {
			return plan.Move(t.view(), m, e)
		})
		if err != nil {
			return moved, fault(txn.ChargedUnknown, err)
		}
		t.carry(ctx, p, with{})
		moved++
	}
	t.Kick() // what waits for its line's word asks for nothing by itself
	return moved, nil
}
