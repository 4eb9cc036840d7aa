package uitest

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// openBatch is the batch of the open day: a payment of another one is refunded.
const openBatch = 3

// Chooses implements present.Returning.
func (d *Desk) Chooses(m txn.Matter, amountMinor int64) present.Choice {
	kind, why := plan.Choose(plan.View{Next: txn.Next{Batch: openBatch}}, m.Attempt, m.Bill, amountMinor)
	there := m.Attempt.Tender == txn.Card && d.AboutNow.CardTerminal
	return present.Choice{Kind: kind, Why: why, ReadsCard: kind == txn.Refund && m.Attempt.Tender == txn.Card && !there, AtTerminal: there, InCashMinor: d.InCashMinor}
}

// GiveBack implements present.Returning.
func (d *Desk) GiveBack(ctx context.Context, by txn.Actor, g present.Giving, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	old := d.attempts[g.Payment]
	m := txn.Matter{Attempt: old, Bill: d.bills[old.SaleID]}
	d.mu.Unlock()
	if d.Numbers().Why.OfBooks() {
		return present.Result{Code: "numbers in doubt", Charged: m.Charged(), Undoes: m}
	}
	choice := d.Chooses(m, g.AmountMinor)
	if g.InCash {
		return d.giveCash(by, m, g)
	}
	if choice.Kind == txn.Void {
		return d.Void(ctx, by, g.Payment, tell)
	}
	if err := plan.Refundable(m.Attempt, m.Bill, g.AmountMinor, false); err != nil {
		return present.Result{Code: "not refundable", Charged: m.Charged(), Undoes: m, Detail: err.Error()}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "refund")
	if choice.ReadsCard {
		tell(present.Progress{Step: present.Presenting, At: d.Now()})
		d.mu.Unlock()
		select {
		case <-ctx.Done():
			d.mu.Lock()
			return present.Result{Code: "cancelled", Charged: m.Charged(), Undoes: m}
		case <-d.presented:
		}
		d.mu.Lock()
	}
	s := d.sales[old.SaleID]
	a := d.begin(sale.Sale{ID: old.SaleID, Currency: old.Amount.Currency, TotalMinor: g.AmountMinor}, txn.Refund, old.Tender)
	a.Original, a.Card, a.Return = g.Payment, old.Card, g.Return
	if len(g.Goods) > 0 {
		a.Return = d.takeBack(s, g)
	}
	if old.Tender == txn.Cash {
		a.State, a.EndedMs, a.Paper = txn.Approved, a.OpenedMs, d.Paper
		r := d.keep(a, s)
		r.GivenBack = a.GivenBack()
		return r
	}
	r := d.answer(ctx, a, s, d.Gate, tell)
	r.GivenBack = r.Attempt.GivenBack()
	return r
}

// takeBack takes goods back, and returns the number of the return.
func (d *Desk) takeBack(s sale.Sale, g present.Giving) int {
	b := d.bills[s.ID]
	lines, amountMinor, err := sale.Back(s.Lines, b.Returned(), g.Goods)
	if err != nil {
		panic(err)
	}
	number := len(b.Returns) + 1
	if b, err = txn.TakeReturn(b, s, txn.Return{Number: number, Lines: lines, AmountMinor: amountMinor}); err != nil {
		panic(err)
	}
	d.bills[s.ID] = b
	return number
}

// Exchanges implements present.Returning.
func (d *Desk) Exchanges(s sale.Sale) (m txn.Matter, c present.Choice, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.OverMinor() == 0 {
		return m, c, nil
	}
	m.Bill = d.bills[s.Exchange.SaleID]
	share, err := plan.Difference(m.Bill, s.OverMinor())
	m.Attempt = d.attempts[share.Payment]
	return m, present.Choice{Kind: txn.Refund, Why: plan.WhyInPart, ReadsCard: m.Attempt.Tender == txn.Card}, err
}

// Exchange implements present.Returning.
func (d *Desk) Exchange(_ context.Context, by txn.Actor, s sale.Sale, _ func(present.Progress)) present.Result {
	payment, _, err := d.Exchanges(s)
	if err != nil {
		return present.Result{Code: "not refundable", Charged: txn.ChargedNo, Detail: err.Error()}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "exchange")
	pays := d.begin(s, txn.Sale, txn.Exchange)
	bill := d.swap(d.bill(pays.SaleID, s), s)
	if s.OverMinor() == 0 {
		last := d.attempts[bill.Parts[len(bill.Parts)-1].ID]
		return present.Result{Attempt: last, Bill: bill, SaleID: bill.SaleID, Charged: last.Charged()}
	}
	back := d.begin(sale.Sale{ID: payment.Attempt.SaleID, Currency: s.Currency, TotalMinor: s.OverMinor()}, txn.Refund, payment.Attempt.Tender)
	back.Amount.Minor, back.Original, back.State, back.EndedMs, back.Paper = s.OverMinor(), payment.Attempt.ID, txn.Approved, back.OpenedMs, d.Paper
	return d.keep(back, s)
}

// swap lets goods that come back pay what is left of a sale.
func (d *Desk) swap(into txn.Bill, s sale.Sale) txn.Bill {
	e := s.Exchange
	s.ID = into.SaleID
	pays := d.begin(s, txn.Sale, txn.Exchange)
	pays.Amount.Minor, pays.State, pays.EndedMs = into.ExchangeMinor, txn.Approved, pays.OpenedMs
	b := d.take(pays)
	old := d.bills[e.SaleID]
	shares, err := plan.Spread(old, into.ExchangeMinor)
	if err != nil {
		panic(err)
	}
	returned := d.takeBack(d.sales[e.SaleID], present.Giving{Goods: e.Goods})
	for _, share := range shares {
		back := d.begin(sale.Sale{ID: e.SaleID, Currency: s.Currency, TotalMinor: share.AmountMinor}, txn.Refund, txn.Exchange)
		back.Amount.Minor, back.Original, back.Return, back.State, back.EndedMs, back.Paper = share.AmountMinor, share.Payment, returned, txn.Approved, back.OpenedMs, d.Paper
		d.take(back)
	}
	return b
}

// giveCash gives an amount of a payment back in cash.
func (d *Desk) giveCash(by txn.Actor, m txn.Matter, g present.Giving) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "in cash: "+by.Why)
	a := d.begin(sale.Sale{ID: m.Attempt.SaleID, Currency: m.Attempt.Amount.Currency, TotalMinor: g.AmountMinor}, txn.Refund, txn.Cash)
	a.Original, a.OtherWay, a.Amount.Minor, a.State, a.EndedMs, a.Paper = g.Payment, true, g.AmountMinor, txn.Approved, a.OpenedMs, d.Paper
	if len(g.Goods) > 0 {
		a.Return = d.takeBack(d.sales[m.Attempt.SaleID], g)
	}
	return d.keep(a, d.sales[m.Attempt.SaleID])
}

// TakeBack implements present.Returning.
func (d *Desk) TakeBack(_ context.Context, by txn.Actor, s sale.Sale) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "no receipt: "+by.Why)
	s.NoReceipt = true
	a := d.begin(s, txn.Refund, txn.Cash)
	a.NoReceipt, a.Amount, a.State, a.EndedMs, a.Paper = true, s.Total(), txn.Approved, a.OpenedMs, d.Paper
	return d.keep(a, s)
}
