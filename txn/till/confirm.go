package till

import (
	"context"
	"errors"
	"slices"

	"veratill/txn"
)

// A line may wait to hear that an approval is durable here, and undo it by itself where it never does (ZVT, PA00P015 2.2.8). So such an approval
// gets no paper before the line has confirmed that it keeps it. Where the answer was lost the line is asked, before anything else is.

// confirmed takes what the line of an approval said once it was told that it is durable here.
func (t *Till) confirmed(ctx context.Context, out Outcome, v txn.Verdict, w with) (Outcome, error) {
	if v.Kind == "" { // not known yet: Run asks, and so does the next payment
		t.Kick()
		return out, nil
	}
	p, err := t.judge(ctx, txn.ByTill, out.Attempt, v, &w)
	if err != nil {
		return out, fault(txn.ChargedUnknown, err)
	}
	d := t.carry(ctx, p, w)
	out.Attempt, out.Bill, out.PrintID, out.Paper = p.After, p.Bill, d.printID, d.paper
	return t.andExchanged(ctx, out, w)
}

// awaiting are the approvals that their lines have not confirmed.
func (t *Till) awaiting(ctx context.Context) ([]txn.Attempt, error) {
	owed, err := t.cfg.Journal.Owed(ctx)
	return slices.DeleteFunc(owed, func(a txn.Attempt) bool { return !a.AwaitsLine() }), err
}

// settleAwaiting asks the lines of approvals that were not confirmed, once each, and returns how many are left.
func (t *Till) settleAwaiting(ctx context.Context) (left int, err error) {
	waiting, err := t.awaiting(ctx)
	if err != nil {
		return 0, err
	}
	waiting, left = t.reachable(ctx, waiting)
	for _, a := range waiting {
		v := t.askKept(ctx, a)
		if v.Kind == "" {
			left++
			continue
		}
		s, err := t.cfg.Journal.Sale(ctx, a.SaleID)
		if err != nil {
			return left, err
		}
		_, err = t.confirmed(ctx, Outcome{Attempt: a, SaleID: a.SaleID}, v, with{sale: s})
		if err != nil && !errors.Is(err, txn.ErrNotAllowed) {
			return left, err
		}
	}
	return left, nil
}
