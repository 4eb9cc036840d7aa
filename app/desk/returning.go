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

// Chooses implements present.Returning.
func (d *Desk) Chooses(m txn.Matter, amountMinor int64) present.Choice {
	kind, why := d.till.Chooses(m, amountMinor)
	return present.Choice{Kind: kind, Why: why, ReadsCard: d.till.ReadsCard(m, amountMinor)}
}

// GiveBack implements present.Returning.
func (d *Desk) GiveBack(ctx context.Context, by txn.Actor, g present.Giving, tell func(present.Progress)) present.Result {
	//mutant:refund-is-proved
	if err := d.proved(ctx); err != nil {
		return d.notVoided(g.Payment, d.result(till.Outcome{}, err))
	}
	m, err := d.MatterOf(g.Payment)
	if err != nil {
		return d.result(till.Outcome{}, err)
	}
	giving := till.Giving{Payment: g.Payment, AmountMinor: g.AmountMinor, Goods: g.Goods, GoodsMinor: g.GoodsMinor, Return: g.Return, Tell: d.progress(tell)}
	if d.till.ReadsCard(m, g.AmountMinor) {
		tell(present.Progress{Step: present.Presenting, At: d.config.Now()})
		card, err := d.gear.ReadCard(ctx)
		if err != nil {
			return d.notVoided(g.Payment, Unread(err))
		}
		defer card.Zero()
		// A card that has expired since, or was refused as a copy of a chip's stripe, still gets its money back: the bank knows its number.
		giving.Card = txn.Plastic{PAN: txn.Secret(card.PAN()), Expiry: txn.Secret(card.Expiry()), Track2: txn.Secret(card.Track2())}
		giving.Facts = txn.CardFacts{Masked: card.Masked(), Scheme: string(card.Scheme()), EntryMode: stripe}
	}
	out, err := d.till.GiveBack(ctx, by, giving)
	tell(present.Progress{Step: present.Finished, STAN: out.Attempt.ID.STAN(), At: d.config.Now()})
	return d.notVoided(g.Payment, d.result(out, err))
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
