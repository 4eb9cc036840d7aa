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
		return d.notVoided(id, d.result(till.Outcome{}, err))
	}
	out, err := d.till.Void(ctx, by, id, d.progress(tell))
	return d.notVoided(id, d.result(out, err))
}

// notVoided adds to the result of a void that was not begun which payment stands as it did.
func (d *Desk) notVoided(id txn.ID, r present.Result) present.Result {
	if r.Begun() {
		return r
	}
	payment, err := d.MatterOf(id)
	if err != nil {
		r.Charged = txn.ChargedUnknown
		return r
	}
	r.Undoes, r.Charged = payment, payment.Charged()
	return r
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
