package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"veratill/app/desk"
	"veratill/app/lines"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// sold is what sell and void say on the output.
type sold struct {
	Attempt      int64         `json:"attempt"` // the till's own number
	STAN         int64         `json:"stan"`
	Batch        int64         `json:"batch"`
	RRN          string        `json:"rrn"`
	ApprovalCode string        `json:"approvalCode"`
	ResponseCode string        `json:"responseCode"`
	AmountMinor  int64         `json:"amountMinor"`
	Currency     string        `json:"currency"`
	State        string        `json:"state"`                  // of the attempt; "none" when nothing was begun
	Charged      txn.Charged   `json:"charged"`                // of the payment; of a void, of what it was to undo
	GivenBack    txn.GivenBack `json:"givenBack,omitempty"`    // of a void or a refund
	OriginalSTAN int64         `json:"originalStan,omitempty"` // of a void: its payment
	Sale         int64         `json:"sale,omitempty"`         // of a sale of 0.00, which has no STAN
	ForSale      int64         `json:"forSale,omitempty"`      // of the difference of an exchange that goes back: the sale of the goods that were taken
	Paper        txn.Paper     `json:"paper"`
	PaperWhy     string        `json:"paperWhy,omitempty"` // why there is none that is proved
	Reason       txn.Reason    `json:"reason,omitempty"`
	Masked       string        `json:"card,omitempty"`
	Number       string        `json:"number,omitempty"` // of a payment by code, with its provider
	Code         string        `json:"code,omitempty"`   // why nothing was begun
	Message      string        `json:"message,omitempty"`
	Demo         bool          `json:"demo,omitempty"` // no money moved
}

// cardFile says what a file of cards is, for the help.
const cardFile = "virtual:FILE, a text with one track 2 a line (;6222020000000001234=30121010000000000?), of which each sale takes the next; # begins a comment"

// sell makes one sale: by card, at a separate terminal, or in parts.
func sell(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	s.paper(c)
	c.flags.StringVar(&s.reader, "reader", "", "the card reader's `address`: usb:0801:0002, pcsc:NAME, or "+cardFile)
	s.atTerminal(c)
	g := goods{}
	g.flags(c)
	wait := c.flags.Duration("wait", time.Minute, "how long to wait for a card")
	asJSON := c.flags.Bool("json", false, "say the outcome as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	o, err := s.options()
	if err != nil {
		return c.notBegun(err, *asJSON, g.notBegun())
	}
	if g.currency, err = money.ParseCurrency(o.Settings.Till.Currency); err != nil {
		return c.misused("%v", err)
	}
	if err := g.check(s.terminal.Shown != ""); err != nil {
		return c.misused("%v", err)
	}
	var code txn.Secret
	if g.codeFile != "" {
		if code, err = g.code(); err != nil {
			return c.misused("%v", err)
		}
		defer code.Zero()
	}
	asked := s.terminal.Shown != ""
	atCardTerminal := lines.IsTerminal(o.Settings.Devices.Bank)
	noReader := s.reader == "" || s.reader == "virtual:" || strings.HasPrefix(s.reader, "wedge:")
	if g.takesCards(asked) && noReader && !atCardTerminal && len(g.items) == 0 && g.backOf == 0 {
		return c.misused(readerMissing)
	}
	till, err := s.open(ctx, c, func(o *shop.Options) {
		o.NoReader = noReader || !g.takesCards(asked) && g.backOf == 0
		o.Settings.Devices.Scanner = "" // nothing is scanned here
	})
	if err != nil {
		return c.notBegun(err, *asJSON, g.notBegun())
	}
	defer till.Stop()
	if asked {
		answering(till, txn.Sale, s.terminal)
	}
	what, bill, err := g.sale(ctx, till)
	if err != nil {
		return c.misused("%v", err)
	}
	seller := seller{c: c, till: till, sale: what, bill: bill, code: code, wait: *wait, asJSON: *asJSON, twiceWhy: g.twiceWhy, cards: g.takesCards(asked) && what.TotalMinor > what.CreditMinor()}
	if seller.cards {
		if noReader && !atCardTerminal { // articles, which come to more than 0.00
			return c.misused(readerMissing)
		}
		defer askAgain(ctx, c, till)
	}
	if code, refused := seller.owed(ctx); refused {
		return code
	}
	if what.PaidByGoods() {
		if asked && what.OverMinor() > 0 {
			answering(till, txn.Refund, s.terminal)
		}
		return seller.exchange(ctx, noReader)
	}
	return seller.pay(ctx, g.parts(), g.byCode(), asked)
}

// pay pays part by part, or at once.
func (s *seller) pay(ctx context.Context, parts []tender, byCode, asked bool) int {
	if len(parts) > 0 && !byCode {
		return s.inParts(ctx, parts)
	}
	return s.atOnce(ctx, asked)
}

// notBegun says that a till could not be opened, so that nothing was begun; as JSON too, where that was asked for. A payment that was to be given back
// stands in books that nobody has read then, so that whether it is charged is not known.
func (c *call) notBegun(err error, asJSON bool, about sold) int {
	var other *handedOver
	if asJSON && !errors.As(err, &other) {
		about.State, about.Paper, about.PaperWhy, about.Code, about.Message = "none", txn.NoPaper, err.Error(), cmp.Or(about.Code, "not opened"), err.Error()
		c.print(about)
	}
	return c.fail(err)
}

var nothingBack = sold{Charged: txn.ChargedUnknown, GivenBack: txn.GivenBackNo}

// notBegun is what is true of a sale where no till could be opened: a new one charges nobody; one that goes on, or whose goods pay, has payments already.
func (g *goods) notBegun() sold {
	if g.saleID != 0 || g.backOf != 0 {
		return sold{Charged: txn.ChargedUnknown}
	}
	return sold{Charged: txn.ChargedNo}
}

const readerMissing = "-reader has to name a reader or a file of tracks: without a window nobody can choose or type a card"

// seller makes the sale of a command.
type seller struct {
	c      *call
	till   *shop.Shop
	sale   sale.Sale
	bill   txn.Bill   // of a sale that goes on; SaleID 0 of a new one
	cards  bool       // a card is waited for
	code   txn.Secret // that the customer shows; nil where none is
	wait   time.Duration
	asJSON bool

	twiceWhy string // why a voucher is taken whose number was taken before
}

// owed drives what is owed to the bank to its end first. A sale that is paid in part comes before a new one.
func (s *seller) owed(ctx context.Context) (code int, refused bool) {
	r := present.Result{Code: "reversal owed", Charged: txn.ChargedNo, Detail: "an earlier payment is not known yet, and goes first"}
	if s.cards && !finish(ctx, s.c, s.till) {
		return s.c.report(ctx, s.till, r, s.sale.Total(), s.asJSON), true
	}
	unfinished, err := s.till.Till.Unfinished(ctx)
	switch {
	case err != nil:
		return s.c.fail(err), true
	case len(unfinished) > 0 && s.bill.SaleID == 0:
		b := unfinished[0]
		r.Code, r.Detail = "sale unfinished", fmt.Sprintf("sale %d is paid in part, and goes first: veratill sell -sale %d -tender cash finishes it, veratill recover -undo undoes it", b.SaleID, b.SaleID)
		if b.Waits() {
			r.Detail = fmt.Sprintf("sale %d is paid in part, and a part of it is not known yet: veratill recover says which, and what to do", b.SaleID)
		}
		return s.c.report(ctx, s.till, r, s.sale.Total(), s.asJSON), true
	}
	return 0, false
}

// atOnce pays the sale with one tender; a sale of 0.00 with none.
func (s *seller) atOnce(ctx context.Context, atTerminal bool) int {
	var r present.Result
	switch by := s.till.Desk.Cashier(); {
	case s.sale.TotalMinor == 0:
		r = s.till.Desk.Give(ctx, by, s.sale)
	case s.code != nil:
		r = s.till.Desk.PayCode(ctx, by, s.sale, 0, s.code, func(present.Progress) {})
	case atTerminal:
		r = s.till.Desk.PayExternal(ctx, by, s.sale, 0)
	default:
		r = s.card(ctx, 0)
	}
	return s.c.report(ctx, s.till, r, s.sale.Total(), s.asJSON)
}

// exchange concludes a sale that goods which come back pay; what they are worth beside goes back.
func (s *seller) exchange(ctx context.Context, noReader bool) int {
	_, choice, err := s.till.Desk.Exchanges(s.sale)
	if err != nil {
		return s.c.fail(err)
	}
	if choice.ReadsCard && noReader {
		return s.c.misused(readerMissing)
	}
	swiping, giveUp := context.WithCancel(ctx)
	defer giveUp()
	waiting := time.AfterFunc(s.wait, giveUp)
	defer waiting.Stop()
	r := s.till.Desk.Exchange(swiping, s.till.Desk.Cashier(), s.sale, func(p present.Progress) {
		if p.Step == present.Saving {
			waiting.Stop()
		}
	})
	asked := s.sale.Total()
	if r.Attempt.ID != 0 {
		asked = r.Attempt.Amount
	}
	return s.c.report(ctx, s.till, r, asked, s.asJSON)
}

// card waits for a card, and pays a part of the sale with it; 0 is all that is left. The wait for a card ends by itself; what has been sent is
// waited for by other rules.
func (s *seller) card(ctx context.Context, partMinor int64) present.Result {
	swiping, giveUp := context.WithCancel(ctx)
	defer giveUp()
	waiting := time.AfterFunc(s.wait, giveUp)
	defer waiting.Stop()
	return s.till.Desk.PayCard(swiping, s.till.Desk.Cashier(), s.sale, partMinor, func(p present.Progress) {
		if p.Step == present.Saving {
			waiting.Stop()
		}
	})
}

// oneLine is a sale of an amount without articles.
func oneLine(amount money.Amount) sale.Sale {
	return sale.Sale{Currency: amount.Currency, TotalMinor: amount.Minor, Lines: []sale.Line{{
		Code: "0", Name: sale.Name{ZH: "商品", EN: "Goods"}.Languages(), Unit: sale.Piece,
		UnitPriceMinor: amount.Minor, QuantityE5: sale.OneE5, AmountMinor: amount.Minor}}}
}

// report finishes what the command began, and says how it stands. What is not known
// is reversed here already: once, and again at the next start if the bank is silent.
func (c *call) report(ctx context.Context, till *shop.Shop, r present.Result, asked money.Amount, asJSON bool) int {
	ctx = context.WithoutCancel(ctx)
	if r.Begun() {
		r = settleOutcome(ctx, till, r)
	}
	out := soldOf(r, asked)
	out.PaperWhy = till.Desk.PaperWhy(r.Matter())
	plain := fmt.Sprintf("%s %s: %s, charged: %s, paper: %s, STAN %06d%s", asked.Figure(), asked.Currency, out.State, out.Charged, out.Paper, out.STAN, demoWord(out.Demo))
	var err error
	if asJSON {
		err = json.NewEncoder(c.out).Encode(out)
	} else {
		_, err = fmt.Fprintln(c.out, plain)
	}
	if err != nil { // money has moved or not, whoever can hear of it: the code says so all the same
		fmt.Fprintf(c.errOut, "veratill: %v\nveratill: %s\n", err, plain)
	}
	if out.Message != "" {
		fmt.Fprintln(c.errOut, "veratill: "+out.Message)
	}
	return exitOf(r)
}

// settleOutcome waits for the paper of an approval, begins it where the printer was not
// ready, and asks once for the reversal of what is not known.
func settleOutcome(ctx context.Context, till *shop.Shop, r present.Result) present.Result {
	if m := r.Matter(); m.Unpapered() && m.Paper() == txn.NoPaper {
		till.Desk.Reprint(ctx, till.Desk.Cashier(), m)
	}
	if r.Attempt.Open() && !r.Attempt.AsksAPerson() && r.Code == "" {
		if _, err := till.Till.Settle(ctx); err != nil {
			r.Detail = err.Error()
		}
	}
	if r.Attempt.Again && r.Attempt.State == txn.Unresolved { // its host knows a refund again: it is asked once more here
		if err := till.Till.Repeat(ctx); err != nil {
			r.Detail = err.Error()
		}
	}
	till.Till.WaitForPaper()
	if now, err := till.Desk.Current(r.Matter()); err == nil {
		r.Attempt, r.Bill = now.Attempt, now.Bill
	}
	if now, err := till.Desk.ResultOf(r.Attempt.ID); err == nil {
		r.Charged, r.GivenBack = now.Charged, now.GivenBack
	}
	return r
}

func soldOf(r present.Result, asked money.Amount) sold {
	a := r.Attempt
	listed, bank := desk.ListedOf(r.Matter()), a.Answer.Shown()
	out := sold{
		Attempt: int64(a.ID), STAN: a.ID.STAN(), Batch: a.Batch, RRN: bank.RRN, ApprovalCode: bank.ApprovalCode,
		ResponseCode: bank.ResponseCode, AmountMinor: asked.Minor, Currency: string(asked.Currency), Demo: listed.Demo, State: string(a.State),
		Charged: r.Charged, GivenBack: r.GivenBack, OriginalSTAN: a.Original.STAN(), Paper: listed.Paper, Reason: a.Reason, Masked: a.Card.Masked, Number: numberOf(a), Code: r.Code, Message: r.Detail,
	}
	switch {
	case a.Tender == txn.Exchange:
		out.Sale = r.Bill.SaleID
	case a.Kind == txn.Refund && r.SaleID != a.SaleID:
		out.ForSale = r.SaleID
	case a.ID == 0 && r.Bill.SaleID != 0: // a sale of 0.00
		out.Batch, out.State, out.Sale = r.Bill.Batch, string(r.Bill.State), r.Bill.SaleID
	case a.ID == 0:
		out.State, out.Paper = "none", txn.NoPaper
	}
	return out
}

// numberOf is a payment's number with the provider of its payment code; empty of any other.
func numberOf(a txn.Attempt) string {
	if a.Tender != txn.Code {
		return ""
	}
	return a.Reference
}

// demoWord is what a line of text says of a demonstration, after everything else.
func demoWord(demo bool) string {
	if demo {
		return ", a demonstration: no money moves"
	}
	return ""
}

func exitOf(r present.Result) int {
	switch {
	case r.Refused:
		return exitDeclined
	case !r.Begun(), r.Code != "" && !r.Attempt.Open():
		return exitFault
	case r.Attempt.ID == 0: // a sale of 0.00
		return exitOfPaper(r.Matter())
	case r.Attempt.State == txn.Declined:
		return exitDeclined
	case !r.Attempt.Concluded():
		return exitUnknown
	case r.Attempt.Kind == txn.Sale && r.Bill.State == txn.BillPartPaid:
		return exitPartPaid
	}
	return exitOfPaper(r.Matter())
}

// exitOfPaper is the code of money that moved as it was to: whether its paper is known to have come out.
func exitOfPaper(m txn.Matter) int {
	if m.Paper() != txn.Printed {
		return exitPaperless
	}
	return exitOK
}

// finish drives what is owed to its end, within the tries that Settle makes.
func finish(ctx context.Context, c *call, till *shop.Shop) bool {
	left, err := till.Till.Settle(ctx)
	if err != nil {
		fmt.Fprintln(c.errOut, "veratill: "+err.Error())
	}
	return err == nil && left == 0
}

// askAgain asks once more for what the bank has refused to undo, and about refunds that are not known where their hosts know repeats, as the window
// does at its start and each hour. No customer waits for it.
func askAgain(ctx context.Context, c *call, till *shop.Shop) {
	if err := errors.Join(till.Till.Refused(ctx), till.Till.Repeat(ctx)); err != nil && ctx.Err() == nil {
		fmt.Fprintln(c.errOut, "veratill: "+err.Error())
	}
}

// void gives an approved sale back.
func void(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	s.paper(c)
	s.atTerminal(c)
	var w which
	w.flags(c, "payment")
	why := c.flags.String("why", "", "the `reason`, which stands in the books")
	asJSON := c.flags.Bool("json", false, "say the outcome as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	if wrong := w.misused(); wrong != "" {
		return c.misused("%s", wrong)
	}
	// Money goes back whatever became of the settings' printer; one that the command names has to be one.
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.AnyDevices = true, s.printer == "" })
	if err != nil {
		return c.notBegun(err, *asJSON, nothingBack)
	}
	defer till.Stop()
	original, err := w.of(ctx, till)
	if err != nil {
		return c.notBegun(err, *asJSON, sold{Charged: txn.ChargedUnknown, GivenBack: txn.GivenBackNo, Code: "not voidable"})
	}
	if s.terminal.Shown != "" {
		answering(till, txn.Void, s.terminal)
	}
	by := till.Desk.Cashier()
	by.Why = strings.TrimSpace(*why)
	r := till.Desk.Void(ctx, by, original.ID, func(present.Progress) {})
	defer askAgain(ctx, c, till)
	return c.report(ctx, till, r, original.Amount, *asJSON)
}

// recoverOwed drives every open attempt to its end.
func recoverOwed(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	asJSON := c.flags.Bool("json", false, "say what was found as JSON")
	tries := c.flags.Int("tries", 10, "how often each is asked")
	undo := c.flags.Bool("undo", false, "undo the sales that are paid in part: their payments are voided, the last one first")
	s.atTerminal(c)
	if code, done := c.noMore(); done {
		return code
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoPrinter = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	done := false
	for range max(1, *tries) {
		if done = finish(ctx, c, till); done || ctx.Err() != nil {
			break
		}
	}
	askAgain(ctx, c, till)
	if s.terminal.Shown != "" {
		answering(till, txn.Void, s.terminal)
	}
	unfinished, err := c.unfinished(ctx, till, *undo)
	if err != nil {
		return c.fail(err)
	}
	found := []desk.Listed{}
	for _, f := range till.Till.Found(ctx) {
		found = append(found, desk.ListedOf(f.Matter))
	}
	if *asJSON {
		c.print(found)
	} else {
		for _, f := range found {
			what := fmt.Sprintf("%s, charged: %s", f.State, f.Charged)
			if f.Type.GivesBack() { // which charges nobody: whether it gave the money back is what counts
				what = fmt.Sprintf("%s of STAN %06d, %s, given back: %s", f.Type, f.Original, f.State, f.GivenBack)
			}
			fmt.Fprintf(c.out, "STAN %06d: %s, paper: %s\n", f.STAN, what, f.Paper)
		}
	}
	lines := slices.Concat(unsaid(ctx, till), elsewhere(ctx, till), unresolved(ctx, till))
	for _, line := range lines {
		fmt.Fprintln(c.errOut, "veratill recover: "+line)
	}
	if !done && len(lines) == 0 {
		fmt.Fprintln(c.errOut, "veratill recover: the bank has not answered for every payment: not known yet. Run it again.")
	}
	switch {
	case !done || len(lines) > 0:
		return exitUnknown
	case unfinished:
		return exitPartPaid
	}
	return exitOK
}

// reprint prints the first receipt where none has come out, and a marked copy in every other case.
func reprint(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	s.paper(c)
	c.flags.BoolVar(&s.verbose, "v", false, "say each step on the error output, for whoever looks for a fault")
	var w which
	w.flags(c, "payment or void")
	ofSale := c.flags.Int64("sale", 0, "number of the sale, in place of a payment: one of 0.00 has none")
	asJSON := c.flags.Bool("json", false, "say the outcome as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	if wrong := w.misused(); *ofSale == 0 && wrong != "" {
		return c.misused("%s", wrong)
	} else if *ofSale != 0 && w != (which{}) {
		return c.misused("-sale names the paper alone: leave -attempt, -stan and -batch out")
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoBank = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	m, named := txn.Matter{Bill: txn.Bill{SaleID: *ofSale}}, fmt.Sprintf("sale %d", *ofSale)
	if *ofSale == 0 {
		if m.Attempt, err = w.of(ctx, till); err != nil {
			return c.fail(err)
		}
		named = w.String()
	}
	switch now, err := till.Desk.Current(m); {
	case errors.Is(err, journal.ErrNotFound):
		return c.fail(fmt.Errorf("%s is not in the books, so nothing is printed: see veratill journal list", named))
	case err != nil: // it may be there: the books can't be read
		return c.fail(fmt.Errorf("%s: %w", named, err))
	case *ofSale != 0 && !now.Bill.WasPaid():
		return c.fail(fmt.Errorf("%s is %s and has no receipt", named, now.Bill.State))
	}
	r := till.Desk.Reprint(ctx, till.Desk.Cashier(), m)
	till.Till.WaitForPaper()
	if r.Code != "" {
		return c.fail(fmt.Errorf("%s: %s (%s)", named, r.Code, r.Detail))
	}
	if m, err = till.Desk.Current(m); err != nil {
		return c.fail(err)
	}
	prints := m.Prints()
	last := prints[len(prints)-1]
	if *asJSON {
		c.print(last)
	} else {
		fmt.Fprintf(c.out, "%s of %s: %s\n", last.Kind, named, last.Outcome)
	}
	if last.Outcome != txn.Printed {
		return exitPaperless
	}
	return exitOK
}
