package till

import (
	"cmp"
	"context"
	"fmt"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Goods that come back pay for others: what is given back of one sale and what pays the other is one commit, and the difference is paid before it, in
// it, or goes back by a refund that is begun in it. Until then nothing of it counts, so that a card that is declined has given nothing back.

// swap reads the sale whose goods come back for another one.
func (t *Till) swap(ctx context.Context, e sale.Exchange) (s plan.Swap, err error) {
	if s.Bill, err = t.cfg.Journal.Bill(ctx, e.SaleID); err != nil {
		return s, err
	}
	if s.Sold, err = t.cfg.Journal.Sale(ctx, e.SaleID); err != nil {
		return s, err
	}
	s.Payments = map[txn.ID]txn.Attempt{}
	for _, p := range s.Bill.Standing() {
		if s.Payments[p.ID], err = t.cfg.Journal.Attempt(ctx, p.ID); err != nil {
			return s, err
		}
	}
	return s, nil
}

// common is what all attempts of the till have in common that are begun now.
func (t *Till) common(by txn.Actor, v plan.View) (a txn.Attempt) {
	t.stamp(&a, by, v)
	return a
}

// exchangeWith plans what goods that come back pay where a plan leaves nothing else to be paid of its sale. The caller holds the write lock, and commits
// both together.
func (t *Till) exchangeWith(ctx context.Context, by txn.Actor, v plan.View, p plan.Plan, w *with) (err error) {
	if p.After.Kind != txn.Sale || !p.After.Concluded() || p.After.AwaitsLine() || !completes(w.sale, p.Bill) {
		return nil
	}
	swap, err := t.swap(ctx, *w.sale.Exchange)
	if err != nil {
		return err
	}
	v = v.After(p)
	w.swapped, err = plan.Exchange(v, swap, w.sale, p.Bill, nil, t.common(by, v))
	w.swappedOf = swap.Sold
	return err
}

// andExchanged does what follows where goods that came back completed a sale.
func (t *Till) andExchanged(ctx context.Context, out Outcome, w with) (Outcome, error) {
	if w.notSwapped != nil {
		return out, fault(out.Attempt.Charged(), w.notSwapped)
	}
	if len(w.swapped) > 0 {
		sold := t.carried(ctx, w.swapped, w.sale, w.swappedOf, w.drawer)
		out.Bill, out.PrintID, out.Paper = sold.Bill, sold.PrintID, sold.Paper
	}
	return out, nil
}

// completes reports whether goods that come back are what is left to pay of a sale.
func completes(s sale.Sale, b txn.Bill) bool {
	return s.Exchange != nil && b.ExchangeMinor > 0 && !b.WasPaid() && b.Rest().Minor == 0 && !b.Waits()
}

// Exchange concludes a sale whose goods are paid by goods that come back: at once where these are worth as much, and where they are worth more the
// difference goes back by a refund of the sale that they are of, in cash or on its line. What became of that refund is the outcome; of no difference it
// is the part that the goods pay. A sale that is worth more is paid like any other. The error is a *txn.Fault.
func (t *Till) Exchange(ctx context.Context, by txn.Actor, s sale.Sale, g Giving) (Outcome, error) {
	defer g.Card.Zero()
	if s.ID != 0 || !s.PaidByGoods() {
		return Outcome{}, fault(txn.ChargedNo, plan.ErrExchange)
	}
	var back *txn.Attempt
	w := with{tell: g.Tell, card: g.Card}
	if s.OverMinor() > 0 {
		m, err := t.DifferenceOf(ctx, s)
		if err != nil {
			return Outcome{}, fault(txn.ChargedNo, err)
		}
		if !m.Attempt.Tender.AtOnce() && t.givingLine(m.Attempt, txn.Refund) == nil {
			return Outcome{}, fault(txn.ChargedNo, noLine(m.Attempt))
		}
		g.AmountMinor = s.OverMinor()
		if err := t.sameCard(m, g); err != nil {
			return Outcome{}, fault(txn.ChargedNo, err)
		}
		back = &txn.Attempt{Kind: txn.Refund, Tender: m.Attempt.Tender, Original: m.Attempt.ID, Card: m.Attempt.Card, Amount: m.Attempt.Amount}
		back.Amount.Minor = s.OverMinor()
		if t.ReadsCard(m, s.OverMinor()) {
			back.Card = g.Facts
		}
		release, err := t.holdFor(ctx, m.Attempt, &w)
		if err != nil {
			return Outcome{}, fault(txn.ChargedNo, err)
		}
		defer release()
	}
	return t.exchange(ctx, by, s, back, w)
}

// holdFor takes the conversation that a refund of a payment needs, and sees that its line is there.
func (t *Till) holdFor(ctx context.Context, payment txn.Attempt, w *with) (release func(), err error) {
	if payment.Tender != txn.Card && payment.Tender != txn.Code {
		return func() {}, nil
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	if payment.Tender == txn.Code {
		w.line = t.givingLine(payment, txn.Refund)
		err = t.readyWallet(ctx, w.line)
	} else {
		err = t.readyToSend(ctx)
	}
	if err != nil {
		t.card.Release(1)
		return nil, err
	}
	return func() { t.card.Release(1) }, nil
}

// DifferenceOf is the payment of which the difference goes back where goods that come back are worth more than those of a sale.
func (t *Till) DifferenceOf(ctx context.Context, s sale.Sale) (txn.Matter, error) {
	swap, err := t.swap(ctx, *s.Exchange)
	if err != nil {
		return txn.Matter{}, err
	}
	share, err := plan.Difference(swap.Bill, s.OverMinor())
	if err != nil {
		return txn.Matter{}, err
	}
	return txn.Matter{Attempt: swap.Payments[share.Payment], Bill: swap.Bill}, nil
}

// exchange commits a sale that goods pay, what is given back for them, and the beginning of what else goes back; then it does what follows.
func (t *Till) exchange(ctx context.Context, by txn.Actor, s sale.Sale, back *txn.Attempt, w with) (Outcome, error) {
	w.told(Saving, 0)
	broken := t.cfg.Journal.Failed()
	plans, swapped, err := t.beginExchange(ctx, by, s, back, w)
	//mutant:unsaved-exchange-is-not-sent
	if err != nil {
		return Outcome{}, t.unsaved(broken, err)
	}
	ctx = context.WithoutCancel(ctx)
	s.ID = plans[0].Bill.SaleID
	out := t.carried(ctx, plans, s, swapped, false)
	if back == nil {
		return out, nil
	}
	p := plans[len(plans)-1]
	w.sale, w.drawer = swapped, p.After.Tender == txn.Cash
	sent := t.carry(ctx, p, w)
	if p.After.Tender.AtOnce() {
		return Outcome{Attempt: p.After, Bill: p.Bill, SaleID: s.ID, PrintID: sent.printID, Paper: sent.paper}, nil
	}
	heard := txn.ByTill
	if p.After.Tender == txn.External {
		heard = named(by)
	}
	ended, err := t.conclude(ctx, heard, p.After, sent.verdict, w)
	ended.SaleID = s.ID
	return ended, err
}

// beginExchange makes it all durable in one commit. The last plan is of what goes back beside, where something does.
func (t *Till) beginExchange(ctx context.Context, by txn.Actor, s sale.Sale, back *txn.Attempt, w with) (plans []plan.Plan, swapped sale.Sale, err error) {
	t.write.Lock()
	defer t.write.Unlock()
	if err := cmp.Or(t.newestBooks(), t.maySellAgain(ctx, s)); err != nil {
		return nil, swapped, err
	}
	v := t.view()
	swap, err := t.swap(ctx, *s.Exchange)
	if err != nil {
		return nil, swapped, err
	}
	if plans, err = plan.Exchange(v, swap, s, txn.Bill{}, t.opened(v, by, s), t.common(by, v)); err != nil {
		return nil, swapped, err
	}
	if back != nil {
		for _, p := range plans {
			v = v.After(p)
		}
		p, err := t.planBack(ctx, by, v, swap, plans[len(plans)-1], *back, w)
		if err != nil {
			return nil, swapped, err
		}
		plans = append(plans, p)
	}
	return plans, swap.Sold, t.commit(ctx, named(by), plan.Together(plans...))
}

// planBack plans the beginning of the refund of the difference, behind the plan that gave goods back.
func (t *Till) planBack(ctx context.Context, by txn.Actor, v plan.View, swap plan.Swap, before plan.Plan, back txn.Attempt, w with) (plan.Plan, error) {
	if err := t.cfg.Numbers.Rested(ctx, v.Attempt); err != nil {
		return plan.Plan{}, err
	}
	sealed, err := t.seal(v.Attempt, w.card.PAN)
	if err != nil {
		return plan.Plan{}, err
	}
	a := t.common(by, v)
	a.Kind, a.Tender, a.Original, a.Card, a.Amount, a.Return = back.Kind, back.Tender, back.Original, back.Card, back.Amount, before.After.Return
	payment := swap.Payments[a.Original]
	if err := t.onLine(ctx, &a, v, w); err != nil {
		return plan.Plan{}, err
	}
	return plan.Begin(v, txn.Matter{Bill: before.Bill, Attempt: a, Original: &payment}, nil, sealed)
}

// onLine names the line of an attempt that is to be begun, and what the line calls it.
func (t *Till) onLine(ctx context.Context, a *txn.Attempt, v plan.View, w with) error {
	if a.Tender.AtOnce() {
		return nil
	}
	line := w.line
	if line == nil {
		line = t.cfg.Lines[a.Tender]
	}
	if line == nil {
		return fmt.Errorf("%w: %q", errNoLine, a.Tender)
	}
	if a.Tender == txn.Card {
		if err := t.notSettled(ctx, line, v.Batch); err != nil {
			return err
		}
	}
	a.Line, a.Reference = line.Name(), line.Reference(v.Attempt, v.Batch)
	//mutant:refund-keeps-whether-repeats-are-known
	a.Again = a.Kind == txn.Refund && line.Refunds().Repeats || a.Kind == txn.Void && line.Refunds().VoidsAgain
	return nil
}

// carried does what the plans of an exchange ask for: the receipt of the sale that is paid, and a slip of what was given back of the other. The outcome is
// the sale's.
func (t *Till) carried(ctx context.Context, plans []plan.Plan, s, swapped sale.Sale, drawer bool) (out Outcome) {
	for _, p := range plans {
		switch {
		case p.After.Kind == txn.Sale:
			d := t.carry(ctx, p, with{sale: s, drawer: drawer})
			out = Outcome{Attempt: p.After, Bill: p.Bill, SaleID: p.Bill.SaleID, PrintID: d.printID, Paper: d.paper}
		case p.After.Tender == txn.Exchange:
			t.carry(ctx, p, with{sale: swapped})
		}
	}
	return out
}
