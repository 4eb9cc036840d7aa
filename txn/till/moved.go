package till

import (
	"context"
	"fmt"

	"veratill/txn"
	"veratill/txn/plan"
)

// OwedElsewhere lists attempts that are owed to lines which the settings no longer name, oldest first. No line is asked
// about them, and no new card is taken, before their line is back or a manager says that it has moved.
func (t *Till) OwedElsewhere(ctx context.Context) ([]txn.Attempt, error) {
	open, err := t.owedToLines(ctx)
	if err != nil {
		return nil, err
	}
	var elsewhere []txn.Attempt
	for _, a := range open {
		if t.lineOf(a) == nil {
			elsewhere = append(elsewhere, a)
		}
	}
	return elsewhere, nil
}

// LineMoved takes the word of a manager, by, that the bank of what is owed elsewhere is reached by the line of the settings now. What is
// owed goes there, under its own numbers. It returns how many attempts moved. The error is a *txn.Fault; ErrOwed where one is
// owed to a line of another kind.
func (t *Till) LineMoved(ctx context.Context, by txn.Actor) (moved int, err error) {
	elsewhere, err := t.OwedElsewhere(ctx)
	if err != nil {
		return 0, fault(txn.ChargedUnknown, err)
	}
	for _, a := range elsewhere {
		line := t.successor(a)
		if line == nil {
			return moved, fault(txn.ChargedUnknown, fmt.Errorf("%w: %s is owed to %q, which the line of the settings cannot take the place of", ErrOwed, a.ID, a.Line))
		}
		p, err := t.decide(ctx, named(by), a.ID, func(m txn.Matter) (plan.Plan, error) {
			return plan.Move(t.view(), m, txn.Event{Kind: txn.LineMoved, Line: line.Name()})
		})
		if err != nil {
			return moved, fault(txn.ChargedUnknown, err)
		}
		t.carry(ctx, p, with{})
		moved++
	}
	return moved, nil
}
