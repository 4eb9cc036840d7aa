package desk

import (
	"context"
	"sync"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// Terminal brings the till's question about a separate terminal to whoever can ask a person. The zero value asks
// nobody: what the terminal showed is then not known yet.
type Terminal struct {
	mu  sync.Mutex
	ask func(context.Context, txn.Order) external.Answer
}

// Line is the line that a till begins such payments on.
func (t *Terminal) Line() *external.Line { return &external.Line{Ask: t.asked} }

func (t *Terminal) asked(ctx context.Context, o txn.Order) external.Answer {
	t.mu.Lock()
	ask := t.ask
	t.mu.Unlock()
	if ask == nil {
		return external.Answer{Shown: external.Nothing}
	}
	return ask(ctx, o)
}

// AskPerson implements present.Separate.
func (d *Desk) AskPerson(ask func(context.Context, txn.Order) external.Answer) {
	if t := d.config.Terminal; t != nil {
		t.mu.Lock()
		t.ask = ask
		t.mu.Unlock()
	}
}

// PayExternal implements present.Separate.
func (d *Desk) PayExternal(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64) present.Result {
	out, err := d.till.PayExternal(ctx, by, till.Payment{Sale: s, AmountMinor: partMinor})
	return d.asStands(s, d.result(out, err))
}

// Said implements present.Separate.
func (d *Desk) Said(ctx context.Context, by txn.Actor, id txn.ID, said external.Answer) present.Result {
	out, err := d.till.Said(ctx, by, id, said.Verdict())
	return d.result(out, err)
}
