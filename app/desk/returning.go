package desk

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/till"
)

// Void implements present.Returning.
func (d *Desk) Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(present.Progress)) present.Result {
	//mutant:void-is-proved
	if err := d.proved(ctx); err != nil {
		return d.result(till.Outcome{}, err)
	}
	out, err := d.till.Void(ctx, by, id, d.progress(tell))
	return d.result(out, err)
}

// UndoSale implements present.Returning.
func (d *Desk) UndoSale(ctx context.Context, by txn.Actor, saleID int64, tell func(present.Progress)) present.Result {
	if err := d.proved(ctx); err != nil {
		return d.result(till.Outcome{}, err)
	}
	undone, bill, err := d.till.UndoSale(ctx, by, saleID, d.progress(tell))
	out := till.Outcome{SaleID: saleID}
	if len(undone) > 0 {
		out = undone[len(undone)-1]
	}
	r := d.result(out, err)
	r.Bill = bill
	return r
}
