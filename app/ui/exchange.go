package ui

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// Goods that come back pay for others: what is named on the page of giving back is taken along to the sale in the making, which then shows the difference.

// exchange takes the goods that are named along, and goes to the sale in the making.
func (s *givingScreen) exchange(t *till) {
	if t.paying() || !s.what.MayExchange() {
		return
	}
	e := s.what.Exchange()
	t.home()
	t.sell.Cart.TakeBack(e)
	t.sell.Note = present.Note{Tone: present.Plain, Key: "exchange.scan", Pairs: []string{"amount", t.money(e.AmountMinor)}}
	t.redraw()
}

// askExchange asks before a sale is concluded for which nothing is to be paid, and says what goes back and how.
func (t *till) askExchange(s sale.Sale) {
	payment, choice, err := t.desk.Exchanges(s)
	if err != nil {
		t.tell(present.Warning, "code.no-exchange", err.Error())
		return
	}
	say := func(w *present.Words) present.Message {
		if s.OverMinor() == 0 {
			return present.Message{Tone: present.Plain, What: w.Text("exchange.even"), Next: w.Text("exchange.even.next")}
		}
		return present.Message{Tone: present.Plain, What: w.Text("exchange.over", "amount", t.money(s.OverMinor())), Next: w.HowBack(payment.Attempt, choice)}
	}
	yes := text("exchange.yes")
	if s.OverMinor() > 0 {
		yes = text("giving.yes", "amount", t.money(s.OverMinor()))
	}
	t.open(&askScreen{sale: &s, message: say, yes: yes, no: text("pay.back"), press: func() { t.runExchange(s, payment.Attempt, choice) }})
}

// runExchange concludes it. Where money goes back the steps stand where those of a payment stand.
func (t *till) runExchange(s sale.Sale, payment txn.Attempt, choice present.Choice) {
	ctx, stop := context.WithCancel(t.ctx)
	p := &payScreen{paying: present.NewPay(s), stop: stop, swiped: !choice.ReadsCard, giving: payment.ID != 0}
	p.paying.Mode, p.paying.Began = present.Settling, t.opts.Now()
	if payment.Tender == txn.Card || payment.Tender == txn.Code {
		p.paying.Mode = present.TakingCard
		p.paying.Progress.Step, p.paying.Progress.Code, p.paying.Progress.Terminal = present.Saving, payment.Tender == txn.Code, choice.AtTerminal
	}
	if choice.ReadsCard {
		p.paying.Progress.Step, p.cards = present.Presenting, t.desk.TestCards()
	}
	if p.giving {
		p.paying.Moving = s.OverMinor()
		p.void = &present.Entry{Attempt: payment, Sale: s}
	}
	by := t.cashier()
	t.open(p)
	go func() {
		r := t.desk.Exchange(ctx, by, s, func(now present.Progress) { t.opts.Do(func() { p.progress(t, now) }) })
		t.opts.Do(func() {
			stop()
			p.exchanged(t, s, r)
		})
	}()
}

// exchanged shows what came of it. Once it is in the books the goods are the customer's, whatever becomes of the difference.
func (p *payScreen) exchanged(t *till, s sale.Sale, r present.Result) {
	if r.Begun() {
		t.sell.Next()
		t.desk.Shown()
	}
	result := newResult(t, s, r, p.paying.Undoing, r.Begun() && p.giving)
	t.conclude(p, result)
}
