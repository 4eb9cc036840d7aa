package till

import (
	"context"
	"slices"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Give concludes a sale of 0.00, for the cashier by: a gift, a bag. It moves no money and gets its receipt. The error
// is a *txn.Fault.
func (t *Till) Give(ctx context.Context, by txn.Actor, s sale.Sale) (Outcome, error) {
	broken := t.cfg.Journal.Failed()
	p, err := t.give(ctx, by, s)
	if err != nil {
		return Outcome{}, t.unsaved(broken, err)
	}
	s.ID = p.Bill.SaleID
	d := t.carry(context.WithoutCancel(ctx), p, with{sale: s})
	return Outcome{Bill: p.Bill, SaleID: s.ID, PrintID: d.printID, Paper: d.paper}, nil
}

func (t *Till) give(ctx context.Context, by txn.Actor, s sale.Sale) (plan.Plan, error) {
	t.write.Lock()
	defer t.write.Unlock()
	v := t.view()
	if s.TotalMinor != 0 || s.ID != 0 {
		return plan.Plan{}, txn.ErrNotAllowed
	}
	if err := t.maySellAgain(ctx, s); err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.Open(v, *t.opened(v, by, s))
	if err != nil {
		return plan.Plan{}, err
	}
	return p, t.commit(ctx, named(by), p)
}

// Unfinished lists the sales that are paid in part: each is finished or undone before its day is closed.
func (t *Till) Unfinished(ctx context.Context) ([]txn.Bill, error) {
	owed, err := t.cfg.Journal.OwedBills(ctx)
	return slices.DeleteFunc(owed, func(b txn.Bill) bool { return b.State != txn.BillPartPaid }), err
}

// UndoSale voids the payments of a sale that was not finished, for whoever asks, by: the last one first, each by an
// attempt of its own. It goes on after one that can't be voided, and stops where one is not known: nothing else of that
// sale is begun then, nor once somebody paid the rest meanwhile. undone are the voids that were begun, declined ones among them; what
// still stands is in the bill. The error is the *txn.Fault of the first one that could not be begun, or whose end could not be kept.
func (t *Till) UndoSale(ctx context.Context, by txn.Actor, id int64, tell func(Stage, txn.ID)) (undone []Outcome, bill txn.Bill, err error) {
	if bill, err = t.cfg.Journal.Bill(ctx, id); err != nil {
		return nil, bill, fault(txn.ChargedUnknown, err)
	}
	//mutant:paid-is-not-undone
	if bill.State != txn.BillPartPaid {
		return nil, bill, fault(txn.ChargedUnknown, txn.ErrNotAllowed)
	}
	var first error
	for _, part := range plan.ToUndo(bill) {
		out, err := t.void(ctx, by, part.ID, with{tell: tell, unfinished: true})
		if out.Attempt.ID != 0 {
			undone = append(undone, out)
		}
		if err != nil && first == nil {
			first = err
		}
		if out.Attempt.Open() {
			break
		}
	}
	now, err := t.cfg.Journal.Bill(ctx, id)
	if err != nil {
		return undone, bill, fault(txn.ChargedUnknown, err)
	}
	return undone, now, first
}
