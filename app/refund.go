package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"veratill/app/present"
	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// gaveBack is what refund says on the output: how the last share of the money went, and where there are several, all of them.
type gaveBack struct {
	Type txn.Kind `json:"type,omitempty"` // void or refund, as the till chose
	Why  plan.Why `json:"why,omitempty"`
	sold
	Return int     `json:"return,omitempty"` // of the goods that came back
	Shares []share `json:"shares,omitempty"` // of a sale that was paid in several ways
	again  bool    // it is not known, and is asked about again
}

// share is what went back of one payment.
type share struct {
	Payment     int64         `json:"payment"`
	AmountMinor int64         `json:"amountMinor"`
	Type        txn.Kind      `json:"type"`
	Attempt     int64         `json:"attempt"`
	GivenBack   txn.GivenBack `json:"givenBack"`
}

// refund gives money of a sale back.
func refund(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	s.paper(c)
	c.flags.StringVar(&s.reader, "reader", "", "the card reader's `address`: usb:0801:0002, pcsc:NAME, or "+cardFile)
	s.atTerminal(c)
	var w which
	w.flags(c, "payment")
	g := giver{c: c}
	c.flags.Int64Var(&g.saleID, "sale", 0, "`number` of the sale, in place of a payment: the till says of which payments it goes back, the last one first")
	c.flags.StringVar(&g.amountText, "amount", "", "what is to go back, such as 5.00")
	c.flags.StringVar(&g.itemsText, "items", "", "what came back: `code=quantity`,…, such as 6901234567892=2,2001=0.350")
	c.flags.BoolVar(&g.inCash, "in-cash", false, "in cash, though something else paid it; the settings have to allow it, and -why says why")
	c.flags.BoolVar(&g.noReceipt, "no-receipt", false, "goods of -items whose sale nobody knows, in cash; the settings have to allow it, and -why says why")
	c.flags.StringVar(&g.why, "why", "", "the `reason` of -in-cash or -no-receipt, which stands in the books")
	c.flags.BoolVar(&g.asJSON, "json", false, "say the outcome as one JSON object")
	wait := c.flags.Duration("wait", time.Minute, "how long to wait for a card")
	if code, done := c.noMore(); done {
		return code
	}
	if wrong := g.misused(w); wrong != "" {
		return c.misused("%s", wrong)
	}
	noReader := s.reader == "" || s.reader == "virtual:" || strings.HasPrefix(s.reader, "wedge:")
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.AnyDevices = noReader, s.printer == "" })
	if err != nil {
		return c.notBegun(err, g.asJSON, nothingBack)
	}
	defer till.Stop()
	g.till, g.wait = till, *wait
	if g.noReceipt {
		return g.takeBack(ctx)
	}
	if err := g.find(ctx, w); err != nil {
		return g.refused(err)
	}
	if s.terminal.Shown != "" {
		answering(till, txn.Refund, s.terminal)
		g.shown = &s
	}
	defer askAgain(ctx, c, till)
	return g.give(ctx, noReader)
}

// giver gives back what a command asks for.
type giver struct {
	c                     *call
	saleID                int64
	amountText, itemsText string
	why                   string
	inCash, noReceipt     bool
	asJSON                bool
	shown                 *place // what a separate terminal showed
	wait                  time.Duration

	till   *shop.Shop
	sale   sale.Sale
	goods  []sale.Want
	amount money.Amount
	shares []plan.Share
}

// misused says what is wrong with what is asked for; it is empty where nothing is.
func (g *giver) misused(w which) string {
	switch named := w != (which{}); {
	case (g.inCash || g.noReceipt) != (strings.TrimSpace(g.why) != ""):
		return "-why goes with -in-cash or -no-receipt, and has to be given there"
	case g.noReceipt && (g.inCash || named || g.saleID != 0 || g.amountText != "" || g.itemsText == ""):
		return "-no-receipt goes with -items and -why alone"
	case g.noReceipt:
		return ""
	case g.saleID != 0 && named:
		return "-sale names what is given back of alone: leave -attempt, -stan and -batch out"
	case g.saleID < 0:
		return "-sale is a number from 1 on"
	case g.saleID == 0 && w.misused() != "":
		return w.misused()
	case (g.amountText == "") == (g.itemsText == ""):
		return "one of -amount and -items says what goes back"
	}
	return ""
}

// errMisused says that what was asked for can't be meant; nothing was begun.
var errMisused = errors.New("wrong usage")

// find reads the sale, and says how much goes back of which of its payments.
func (g *giver) find(ctx context.Context, w which) error {
	payment := txn.ID(0)
	if g.saleID == 0 {
		a, err := w.of(ctx, g.till)
		if err != nil {
			return err
		}
		g.saleID, payment = a.SaleID, a.ID
	}
	var err error
	if g.sale, err = g.till.Desk.SaleOf(g.saleID); err != nil {
		return fmt.Errorf("sale %d: %w", g.saleID, err)
	}
	bill, err := g.till.Desk.BillOf(g.saleID)
	if err != nil {
		return fmt.Errorf("sale %d: %w", g.saleID, err)
	}
	g.amount = money.Amount{Currency: g.sale.Currency}
	if g.itemsText != "" {
		if g.goods, err = comingBack(g.sale, bill.Returned(), g.itemsText); err != nil {
			return err
		}
		_, g.amount.Minor, err = sale.Back(g.sale.Lines, bill.Returned(), g.goods)
	} else {
		g.amount, err = money.Parse(g.amountText, g.sale.Currency)
	}
	if err == nil {
		err = g.amount.Payable()
	}
	switch {
	case err != nil && g.itemsText == "":
		return fmt.Errorf("%w: -amount: %w", errMisused, err)
	case err != nil:
		return fmt.Errorf("what goes back: %w", err)
	}
	if payment != 0 {
		g.shares = []plan.Share{{Payment: payment, AmountMinor: g.amount.Minor}}
		return nil
	}
	g.shares, err = plan.Spread(bill, g.amount.Minor)
	return err
}

// comingBack finds the lines of a sale that a text names, with how much of each comes back. Where a code is on several lines, the first ones come
// back first.
func comingBack(s sale.Sale, before map[int]int64, text string) (all []sale.Want, err error) {
	for _, one := range strings.Split(text, ",") {
		code, figure, found := strings.Cut(strings.TrimSpace(one), "=")
		need := int64(sale.OneE5)
		if found {
			var ok bool
			if need, ok = sale.ParseQuantity(figure); !ok {
				return nil, fmt.Errorf("-items: %q is no quantity", figure)
			}
		}
		for i, line := range s.Lines {
			take := min(need, line.QuantityE5-before[i])
			if line.Code != code || take <= 0 || slices.ContainsFunc(all, func(w sale.Want) bool { return w.Line == i }) {
				continue
			}
			all, need = append(all, sale.Want{Line: i, QuantityE5: take}), need-take
		}
		if need > 0 {
			return nil, fmt.Errorf("-items: %w: of %s the sale has no %s left", sale.ErrBack, code, sale.QuantityFigure(need, sale.Kilogram))
		}
	}
	return all, nil
}

// give gives back share after share, and stops where one did not go back for certain.
func (g *giver) give(ctx context.Context, noReader bool) int {
	out, code := gaveBack{}, exitOK
	goods := g.goods
	for _, share := range g.shares {
		m, err := g.till.Desk.MatterOf(share.Payment)
		if err != nil {
			return g.c.fail(err)
		}
		choice := g.till.Desk.Chooses(m, share.AmountMinor)
		if choice.ReadsCard && noReader && !g.inCash {
			return g.c.misused(readerMissing)
		}
		if g.shown != nil && choice.Kind == txn.Void {
			answering(g.till, txn.Void, g.shown.terminal)
		}
		giving := present.Giving{Payment: share.Payment, AmountMinor: share.AmountMinor, Goods: goods, GoodsMinor: g.amount.Minor, Return: out.Return, InCash: g.inCash}
		r := g.one(ctx, giving)
		goods = nil
		out.take(r, choice, share, len(g.shares))
		out.PaperWhy = g.till.Desk.PaperWhy(r.Matter())
		if now := exitOf(r); now != exitOK {
			code = now
			if now != exitPaperless {
				break
			}
		}
	}
	return g.say(out, code)
}

// one gives one share back. The wait for a card ends by itself; what has been sent is waited for by other rules.
func (g *giver) one(ctx context.Context, giving present.Giving) present.Result {
	swiping, giveUp := context.WithCancel(ctx)
	defer giveUp()
	waiting := time.AfterFunc(g.wait, giveUp)
	defer waiting.Stop()
	by := g.till.Desk.Cashier()
	by.Why = g.why
	r := g.till.Desk.GiveBack(swiping, by, giving, func(p present.Progress) {
		if p.Step == present.Saving {
			waiting.Stop()
		}
	})
	if r.Begun() {
		r = settleOutcome(context.WithoutCancel(ctx), g.till, r)
	}
	return r
}

// takeBack takes goods back whose sale nobody knows: they are priced as they are sold now.
func (g *giver) takeBack(ctx context.Context) int {
	named := goods{currency: money.Currency(g.till.Desk.About().Currency)}
	for _, one := range strings.Split(g.itemsText, ",") {
		named.items = append(named.items, strings.Replace(strings.TrimSpace(one), "=", "*", 1))
	}
	s, err := named.fill(g.till)
	if err != nil {
		return g.refused(err)
	}
	by := g.till.Desk.Cashier()
	by.Why = g.why
	r := g.till.Desk.TakeBack(ctx, by, s)
	return g.c.report(ctx, g.till, r, s.Total(), g.asJSON)
}

// take adds what came of a share.
func (out *gaveBack) take(r present.Result, choice present.Choice, s plan.Share, of int) {
	asked := r.Attempt.Amount
	if r.Attempt.ID == 0 {
		asked = money.Amount{Minor: s.AmountMinor, Currency: r.Undoes.Attempt.Amount.Currency}
	}
	number := max(out.Return, r.Attempt.Return)
	*out = gaveBack{Type: choice.Kind, Why: choice.Why, sold: soldOf(r, asked), Return: number, Shares: out.Shares}
	if out.GivenBack == "" { // nothing was begun
		out.GivenBack = txn.GivenBackNo
	}
	out.Sale, out.again = r.Matter().Bill.SaleID, r.Attempt.Again
	if of > 1 {
		out.Shares = append(out.Shares, share{int64(s.Payment), s.AmountMinor, choice.Kind, int64(r.Attempt.ID), out.GivenBack})
	}
}

// say tells how it stands. The code says where the money is, whoever can hear of it.
func (g *giver) say(out gaveBack, code int) int {
	figure := money.Amount{Minor: out.AmountMinor, Currency: g.amount.Currency}
	plain := fmt.Sprintf("%s %s: %s (%s) %s, given back: %s, paper: %s, STAN %06d%s", figure.Figure(), figure.Currency, out.Type, out.Why, out.State, out.GivenBack,
		out.Paper, out.STAN, demoWord(out.Demo))
	var err error
	if g.asJSON {
		err = json.NewEncoder(g.c.out).Encode(out)
	} else {
		_, err = fmt.Fprintln(g.c.out, plain)
	}
	if err != nil {
		fmt.Fprintf(g.c.errOut, "veratill: %v\nveratill: %s\n", err, plain)
	}
	if out.GivenBack == txn.GivenBackUnknown && out.State == string(txn.Claimed) {
		fmt.Fprintln(g.c.errOut, "veratill refund: it stands by a person's word: the till can't prove that it was handed back")
	} else if out.GivenBack == txn.GivenBackUnknown {
		next := "Nothing more is sent for it; its answer or veratill resolve ends it"
		if out.again {
			next = "It is asked about again under its own number, also by veratill recover, until that is answered"
		}
		fmt.Fprintln(g.c.errOut, "veratill refund: the money may be on its way back: give no cash. "+next)
	}
	if out.Message != "" {
		fmt.Fprintln(g.c.errOut, "veratill: "+out.Message)
	}
	return code
}

// refused says that nothing was begun.
func (g *giver) refused(err error) int {
	code := "not refundable"
	if errors.Is(err, sale.ErrBack) {
		code = "not sold"
	}
	if g.asJSON {
		g.c.print(gaveBack{sold: sold{State: "none", Charged: txn.ChargedUnknown, GivenBack: txn.GivenBackNo, Paper: txn.NoPaper, Code: code, Message: err.Error()}})
	}
	if errors.Is(err, errMisused) {
		return g.c.misused("%v. Nothing went back", err)
	}
	return g.c.fail(err)
}
