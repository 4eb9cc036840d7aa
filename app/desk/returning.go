package desk

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
)

// Void implements present.Returning.
func (d *Desk) Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(present.Progress)) present.Result {
	out, err := d.till.Void(ctx, by, id, d.progress(tell))
	return d.result(out, err)
}
