package desk

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// Void implements present.Returning.
func (d *Desk) Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(present.Progress)) present.Result {
	//mutant:void-is-proved
	if err := d.proved(ctx); err != nil {
		return d.notVoided(id, d.result(till.Outcome{}, err))
	}
	var m txn.Matter
	m, _ = d.MatterOf(id) // where it can't be read the till says so
	stages, stop := d.stages(m.Attempt.Tender, tell)
	defer stop()
	out, err := d.till.Void(ctx, by, id, stages)
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
		//mutant:a-void-that-can-t-be-read-is-one
		r.Undoes.Attempt.ID = id // nobody can say how it stands, and what was asked for is no payment all the same
		return r
	}
	r.Undoes, r.Charged = payment, payment.Charged()
	return r
}

// Chooses implements present.Returning.
func (d *Desk) Chooses(m txn.Matter, amountMinor int64) present.Choice {
	kind, why := d.till.Chooses(m, amountMinor)
	return present.Choice{Kind: kind, Why: why, ReadsCard: d.till.ReadsCard(m, amountMinor), AtTerminal: d.atTerminal(m.Attempt.Tender), InCashMinor: d.till.InCash(m)}
}

// GiveBack implements present.Returning.
func (d *Desk) GiveBack(ctx context.Context, by txn.Actor, g present.Giving, tell func(present.Progress)) present.Result {
	//mutant:refund-is-proved
	if err := d.proved(ctx); err != nil {
		return d.notVoided(g.Payment, d.result(till.Outcome{}, err))
	}
	m, err := d.MatterOf(g.Payment)
	if err != nil {
		return d.notVoided(g.Payment, d.result(till.Outcome{}, err))
	}
	tender := m.Attempt.Tender
	if g.InCash {
		tender = txn.Cash
	}
	stages, stop := d.stages(tender, tell)
	defer stop()
	giving := till.Giving{Payment: g.Payment, AmountMinor: g.AmountMinor, Goods: g.Goods, GoodsMinor: g.GoodsMinor, Return: g.Return, InCash: g.InCash, Tell: stages}
	if !g.InCash && d.till.ReadsCard(m, g.AmountMinor) {
		if err := d.readAgain(ctx, &giving, tell); err != nil {
			return d.notVoided(g.Payment, Unread(err))
		}
	}
	out, err := d.till.GiveBack(ctx, by, giving)
	tell(present.Progress{Step: present.Finished, STAN: out.Attempt.ID.STAN(), At: d.config.Now()})
	return d.notVoided(g.Payment, d.result(out, err))
}

// TakeBack implements present.Returning.
func (d *Desk) TakeBack(ctx context.Context, by txn.Actor, s sale.Sale) present.Result {
	if err := d.proved(ctx); err != nil {
		return d.result(till.Outcome{}, err)
	}
	out, err := d.till.TakeBack(ctx, by, s)
	return d.result(out, err)
}

// Exchanges implements present.Returning.
func (d *Desk) Exchanges(s sale.Sale) (m txn.Matter, c present.Choice, err error) {
	if s.OverMinor() == 0 {
		return m, c, nil
	}
	if m, err = d.till.DifferenceOf(d.ctx, s); err != nil {
		return m, c, err
	}
	c = d.Chooses(m, s.OverMinor())
	c.Kind = txn.Refund // a part of a payment, whatever else of it goes back
	return m, c, nil
}

// Exchange implements present.Returning.
func (d *Desk) Exchange(ctx context.Context, by txn.Actor, s sale.Sale, tell func(present.Progress)) present.Result {
	if err := d.proved(ctx); err != nil {
		return d.result(till.Outcome{}, err)
	}
	m, choice, err := d.Exchanges(s)
	stages, stop := d.stages(m.Attempt.Tender, tell)
	defer stop()
	giving := till.Giving{Tell: stages}
	if err == nil && choice.ReadsCard {
		var unread error
		if unread = d.readAgain(ctx, &giving, tell); unread != nil {
			return Unread(unread)
		}
		defer giving.Card.Zero()
	}
	out, err := d.till.Exchange(ctx, by, s, giving)
	tell(present.Progress{Step: present.Finished, STAN: out.Attempt.ID.STAN(), At: d.config.Now()})
	r := d.result(out, err)
	if out.Attempt.ID != 0 {
		r.SaleID = out.SaleID
	}
	return r
}

// readAgain reads the card that paid, to which money goes back. One that has expired since, or was refused as a copy of a chip's stripe, still gets it:
// the bank knows its number.
func (d *Desk) readAgain(ctx context.Context, g *till.Giving, tell func(present.Progress)) error {
	tell(present.Progress{Step: present.Presenting, At: d.config.Now()})
	card, err := d.gear.ReadCard(ctx)
	if err != nil {
		return err
	}
	defer card.Zero()
	g.Card = txn.Plastic{PAN: txn.Secret(card.PAN()), Expiry: txn.Secret(card.Expiry()), Track2: txn.Secret(card.Track2())}
	g.Facts = txn.CardFacts{Masked: card.Masked(), Scheme: string(card.Scheme()), EntryMode: stripe}
	return nil
}

// tenderOf is the tender of the payment of a sale that has to be followed most: at the card terminal somebody may have to act. It is empty where the sale can't be read.
func (d *Desk) tenderOf(saleID int64) (tender txn.Tender) {
	bill, err := d.BillOf(saleID)
	if err != nil { // the till says so
		return ""
	}
	for _, part := range bill.Standing() {
		if tender = part.Tender; d.atTerminal(tender) {
			break
		}
	}
	return tender
}

// UndoSale implements present.Returning.
func (d *Desk) UndoSale(ctx context.Context, by txn.Actor, saleID int64, tell func(present.Progress)) present.Result {
	if err := d.proved(ctx); err != nil {
		r := d.result(till.Outcome{}, err)
		//mutant:a-sale-that-was-not-undone-says-how-it-stands
		r.Bill, _ = d.journal.Bill(ctx, saleID) // one that can't be read is told as not known
		return r
	}
	stages, stop := d.stages(d.tenderOf(saleID), tell)
	defer stop()
	undone, bill, err := d.till.UndoSale(ctx, by, saleID, stages)
	out := till.Outcome{SaleID: saleID}
	if len(undone) > 0 {
		out = undone[len(undone)-1]
	}
	r := d.result(out, err)
	r.Bill = bill
	return r
}
