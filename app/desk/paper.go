package desk

import (
	"context"
	"errors"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/till"
)

// Reprint implements present.Printing.
func (d *Desk) Reprint(ctx context.Context, by txn.Actor, id txn.ID) present.Result {
	return d.reprinted(id)(d.till.Reprint(ctx, by, id))
}

// PrintNote implements present.Printing.
func (d *Desk) PrintNote(ctx context.Context, by txn.Actor, id txn.ID) present.Result {
	return d.reprinted(id)(d.till.PrintNote(ctx, by, id))
}

func (d *Desk) reprinted(id txn.ID) func(int64, <-chan struct{}, error) present.Result {
	return func(printID int64, _ <-chan struct{}, err error) present.Result {
		a, readErr := d.Attempt(id)
		r := d.result(till.Outcome{Attempt: a, SaleID: a.SaleID, PrintID: printID}, nil)
		if err = errors.Join(err, readErr); err != nil {
			r.Code, r.Detail = codeOf(err), err.Error()
		}
		return r
	}
}
