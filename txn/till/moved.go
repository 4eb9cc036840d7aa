package till

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/plan"
)

// OwedElsewhere lists attempts that are owed to lines which the settings no longer name, oldest first. No line is asked
// about them before theirs is back or a manager says that it has moved: StopsCards says for which of them cards wait.
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

// StopsCards reports whether no card is taken while an open attempt is owed: what is owed on the line of the settings is settled first, and what is owed to one that
// is gone stops the terminal number that it has. A wallet's stops no card, nor does another terminal number's, or a refund; what waits for its line's word does.
func (t *Till) StopsCards(a txn.Attempt) bool {
	//mutant:another-terminal-number-s-undo-stops-no-card
	return a.AwaitsLine() || a.Kind != txn.Refund && a.Tender != txn.Code && (t.lineOf(a) != nil || a.Terminal == t.cfg.Terminal)
}

// LineMoved takes the word of a manager, by, that the bank of what is owed elsewhere is reached by the line of the settings now. What is
// owed goes there, under its own numbers; tell is told of each before, with the name of the line that it goes to. An approval that its line has not confirmed, and which no
// line of the settings can be asked about, is left to evidence: nobody else can say whether it stands. What else is owed to a line of another kind stays where it is, and keeps
// no other from moving. It returns how many attempts moved. The error is a *txn.Fault that names each that stayed; ErrOwed is in it where no line of the settings could take the
// place of its own.
func (t *Till) LineMoved(ctx context.Context, by txn.Actor, tell func(a txn.Attempt, to string)) (moved int, err error) {
	elsewhere, err := t.OwedElsewhere(ctx)
	if err != nil {
		return 0, fault(txn.ChargedUnknown, err)
	}
	var stay []error
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
			stay = append(stay, fmt.Errorf("%w: %s is owed to %q, which the line of the settings cannot take the place of", ErrOwed, a.ID, a.Line))
			//mutant:what-cannot-move-keeps-nothing-from-moving
			continue
		}
		tell(a, e.Line)
		p, err := t.decide(ctx, named(by), a.ID, func(m txn.Matter) (plan.Plan, error) {
			return plan.Move(t.view(), m, e)
		})
		if err != nil {
			stay = append(stay, err)
			continue
		}
		t.carry(ctx, p, with{})
		moved++
	}
	t.Kick() // what waits for its line's word asks for nothing by itself
	if err := errors.Join(stay...); err != nil {
		return moved, fault(txn.ChargedUnknown, err)
	}
	return moved, nil
}
