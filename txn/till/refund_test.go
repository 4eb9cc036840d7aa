package till_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/hostsim/bank"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// giving is an amount of a payment that is to go back to the card that paid it.
func (c *counter) giving(of txn.ID, minor int64) till.Giving {
	p := c.payment(0)
	return till.Giving{Payment: of, AmountMinor: minor, Card: p.Card, Facts: p.Facts}
}

func (c *counter) givesBack(g till.Giving) till.Outcome {
	c.t.Helper()
	out, err := c.till.GiveBack(context.Background(), clerk, g)
	if err != nil {
		c.t.Fatalf("giving %d of %s back: %v", g.AmountMinor, g.Payment, err)
	}
	if out.Paper != nil {
		<-out.Paper
	}
	return out
}

// notBegun fails unless nothing was begun, with the code that says why.
func notBegun(t *testing.T, what string, out till.Outcome, err error, code string) {
	t.Helper()
	if out.Attempt.ID != 0 || err == nil || txn.FaultOf(err).Code != code {
		t.Errorf("%s: %s, %v", what, describe(out), err)
	}
}

// pieces is a sale of some pieces at one price, with a tax of 13 % inside.
func pieces(n, priceMinor int64) sale.Sale {
	cart := sale.NewCart(money.CNY)
	if _, err := cart.Add(sale.Item{Code: "101", Name: sale.Name{EN: "Apples"}, Unit: sale.Piece, UnitPriceMinor: priceMinor, TaxRatePPM: 130_000}, n*sale.OneE5); err != nil {
		panic(err)
	}
	s, err := cart.Freeze()
	if err != nil {
		panic(err)
	}
	return s
}

// asked counts the requests of each MTI that the bank has read; its book says what came of them.
func refunds(c *counter) (rows []bank.Row) {
	return slices.DeleteFunc(c.host.Rows(), func(r bank.Row) bool { return r.Kind != bank.Refund })
}

// A part of a payment goes back in both dialects: with a slip of its own, in both books, and never more than was paid.
func TestRefund(t *testing.T) {
	for _, profile := range []string{"unionpay", "iso87"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t, profile, "")
			sold := c.payCard(5000)
			out := c.givesBack(c.giving(sold.Attempt.ID, 2000))
			if out.Attempt.Kind != txn.Refund || out.Attempt.State != txn.Approved || out.Attempt.Paper != txn.Printing || out.Bill.State != txn.BillReturnedInPart {
				t.Fatalf("%s %s, paper %s, sale %s", out.Attempt.Kind, describe(out), out.Attempt.Paper, out.Bill.State)
			}
			if a := c.attempt(out.Attempt.ID); a.Paper != txn.Printed || a.GivenBack() != txn.GivenBackYes || a.Answer.RRN == "" {
				t.Errorf("its slip is %s, given back %s, RRN %q", a.Paper, a.GivenBack(), a.Answer.RRN)
			}
			sheet := c.sheets()[1]
			if sheet.Attempt.ID != out.Attempt.ID || sheet.Original.ID != sold.Attempt.ID || sheet.OpenDrawer {
				t.Errorf("the slip is of %s, which gives back of %s", sheet.Attempt.ID, sheet.Original.ID)
			}
			tooMuch, err := c.till.GiveBack(context.Background(), clerk, c.giving(sold.Attempt.ID, 3001))
			notBegun(t, "more than is left", tooMuch, err, "not refundable")
			whole, err := c.till.Void(context.Background(), clerk, sold.Attempt.ID, nil)
			notBegun(t, "a void of what went back in part", whole, err, "not voidable")
			if rest := c.givesBack(c.giving(sold.Attempt.ID, 3000)); rest.Bill.State != txn.BillReturned {
				t.Errorf("the sale is %s", rest.Bill.State)
			}
			rows := refunds(c)
			if len(rows) != 2 || rows[0].AmountMinor+rows[1].AmountMinor != 5000 || rows[0].Original != sold.Attempt.ID.STAN() {
				t.Errorf("the bank has %+v", rows)
			}
			c.agree()
		})
	}
}

// All of a payment of the open day is voided, not refunded, and the card is not needed for it.
func TestAWholePaymentOfTheDayIsVoided(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000)
	out := c.givesBack(till.Giving{Payment: sold.Attempt.ID, AmountMinor: 5000})
	if out.Attempt.Kind != txn.Void || out.Attempt.State != txn.Approved || len(refunds(c)) != 0 {
		t.Errorf("%s %s, and the bank has %+v", out.Attempt.Kind, describe(out), refunds(c))
	}
	c.agree()
}

// Money goes back to the card that paid, which is read again.
func TestRefundNeedsTheCardThatPaid(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000)
	out, err := c.till.GiveBack(context.Background(), clerk, till.Giving{Payment: sold.Attempt.ID, AmountMinor: 1000})
	notBegun(t, "without a card", out, err, "card needed")
	other := c.giving(sold.Attempt.ID, 1000)
	other.Facts.Masked = "622202*********9999"
	out, err = c.till.GiveBack(context.Background(), clerk, other)
	notBegun(t, "another card", out, err, "other card")
	if len(refunds(c)) != 0 {
		t.Errorf("the bank has %+v", refunds(c))
	}
}

// Rules 13 to 16 on the shipped till: a refund without an answer is not known, over restarts and days; nothing is sent for it any more, no second one
// of its payment begins, everything else goes on, the day closes, and evidence ends it.
func TestARefundThatIsNotKnownStopsNothingElse(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0220","do":"silent","nth":1}`)
	ctx := context.Background()
	sold := c.payCard(5000)
	out := c.givesBack(c.giving(sold.Attempt.ID, 2000))
	if out.Attempt.State != txn.Unresolved || out.Attempt.GivenBack() != txn.GivenBackUnknown || out.Attempt.Reason != txn.NoAnswer {
		t.Fatal(describe(out))
	}
	second, err := c.till.GiveBack(ctx, clerk, c.giving(sold.Attempt.ID, 1000))
	notBegun(t, "a second refund", second, err, "not refundable")
	if another := c.payCard(700); another.Attempt.State != txn.Approved {
		t.Errorf("another customer: %s", describe(another))
	} else if out := c.givesBack(c.giving(another.Attempt.ID, 100)); out.Attempt.State != txn.Approved {
		t.Errorf("a refund of another payment: %s", describe(out))
	}
	c.settle()
	c.crash()
	c.settle()
	closed := txn.DayClosed{Batch: 1, Z: 1}
	if _, _, err := c.till.CloseDay(ctx, clerk, closed, txn.DayOpened{Batch: 2, Currency: "CNY"}, func() ([]byte, error) { return []byte("{}"), nil }); err != nil {
		t.Errorf("the day does not close: %v", err)
	}
	if a := c.attempt(out.Attempt.ID); a.State != txn.Unresolved || a.Tries != 0 || len(refunds(c)) != 2 {
		t.Errorf("it is %s after %d tries, and the bank has %+v", a.State, a.Tries, refunds(c))
	}
	for _, r := range c.host.Rows() {
		if r.State == bank.Reversed {
			t.Errorf("something was reversed: %+v", r)
		}
	}
	ended, err := c.till.Resolve(ctx, clerk, out.Attempt.ID, txn.Evidence{As: txn.WasGivenBack, Document: "letter", Who: "a manager",
		SHA256: "0000000000000000000000000000000000000000000000000000000000000000"})
	if err != nil || ended.Attempt.State != txn.Claimed || ended.Bill.State != txn.BillReturnedInPart {
		t.Errorf("by evidence it is %s, the sale %s, %v", ended.Attempt.State, ended.Bill.State, err)
	}
	if rest := c.givesBack(c.giving(sold.Attempt.ID, 3000)); rest.Attempt.Kind != txn.Refund || rest.Bill.State != txn.BillReturned {
		t.Errorf("the rest: a %s, %s, the sale %s", rest.Attempt.Kind, describe(rest), rest.Bill.State)
	}
}

// A refund whose verdict was lost with the program is not known after the restart, and nobody asks the bank to undo it.
func TestAStartNeverReversesARefund(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000)
	killed := &during{Line: c.bank, do: func() {}}
	lost := make(chan till.Outcome, 1)
	stop := make(chan struct{})
	killed.do = func() { <-stop }
	c.before = killed
	c.crash()
	go func() {
		out, _ := c.till.GiveBack(context.Background(), clerk, c.giving(sold.Attempt.ID, 2000))
		lost <- out
	}()
	id := sold.Attempt.ID + 1
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if a, err := c.journal.Attempt(context.Background(), id); err == nil && a.State == txn.Pending {
			break
		} else if err != nil && !errors.Is(err, journal.ErrNotFound) {
			t.Fatal(err)
		}
	}
	c.before = nil
	c.crash()
	close(stop)
	<-lost
	c.settle()
	if a := c.attempt(id); a.State != txn.Unresolved || a.Reason != txn.CutByRestart {
		t.Errorf("it is %s (%s)", a.State, a.Reason)
	}
	for _, r := range c.host.Rows() {
		if r.STAN == id.STAN() && r.State == bank.Reversed {
			t.Errorf("the bank has %+v", r)
		}
	}
}

// The answer that comes late ends a refund that is not known, and its slip is printed then.
func TestALateAnswerEndsARefund(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0220","do":"late","seconds":1}`)
	sold := c.payCard(5000)
	out := c.givesBack(c.giving(sold.Attempt.ID, 2000))
	if out.Attempt.State != txn.Unresolved {
		t.Fatal(describe(out))
	}
	waitFor(t, "the late answer", func() bool { return c.attempt(out.Attempt.ID).State == txn.Approved })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go c.till.Run(ctx)
	waitFor(t, "its slip", func() bool { return c.attempt(out.Attempt.ID).Paper == txn.Printed })
	cancel()
	if a := c.attempt(out.Attempt.ID); a.Paper != txn.Printed || c.sheets()[1].Original.ID != sold.Attempt.ID {
		t.Errorf("its slip is %s", a.Paper)
	}
	c.agree()
}

func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("%s never came", what)
}

// knows is a line whose host knows a refund again that comes twice.
type knows struct {
	till.Line
	repeats atomic.Int64
}

func (*knows) Refunds() txn.RefundWay { return txn.RefundWay{Repeats: true, ReadsCard: true} }

func (k *knows) Request(ctx context.Context, o txn.Order) txn.Verdict {
	if o.Attempt.Tries > 0 {
		k.repeats.Add(1)
		return txn.Verdict{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "000000009999"}}
	}
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.NoAnswer}
}

// Rule 14: where the host knows repeats a refund without an answer is asked about again under its own number, until it is known; at most once a minute.
func TestARefundIsRepeatedWhereTheHostKnowsIt(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000)
	line := &knows{Line: c.bank}
	c.before = line
	c.crash()
	out := c.givesBack(c.giving(sold.Attempt.ID, 2000))
	if out.Attempt.State != txn.Unresolved || !out.Attempt.Again {
		t.Fatal(describe(out))
	}
	if err := c.till.Repeat(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.till.WaitForPaper()
	if a := c.attempt(out.Attempt.ID); a.State != txn.Approved || a.Paper != txn.Printed || line.repeats.Load() != 1 {
		t.Errorf("it is %s after %d repeats, its slip %s", a.State, line.repeats.Load(), a.Paper)
	}
	if err := c.till.Repeat(context.Background()); err != nil || line.repeats.Load() != 1 {
		t.Errorf("it was repeated %d times, %v", line.repeats.Load(), err)
	}
}

// Cash goes out of the drawer at once, of what was paid in cash and of nothing else.
func TestRefundOfCash(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	first := c.cardPart(basket(10000), 3000)
	last := c.cashRest(first.SaleID)
	out := c.givesBack(till.Giving{Payment: last.Attempt.ID, AmountMinor: 500})
	if out.Attempt.State != txn.Approved || out.Attempt.Tender != txn.Cash || out.Bill.State != txn.BillReturnedInPart {
		t.Fatalf("%s, the sale %s", describe(out), out.Bill.State)
	}
	sheets := c.sheets()
	if sheet := sheets[len(sheets)-1]; !sheet.OpenDrawer || sheet.Original.ID != last.Attempt.ID {
		t.Errorf("the drawer opens: %v, of %s", sheet.OpenDrawer, sheet.Original.ID)
	}
	more, err := c.till.GiveBack(context.Background(), clerk, till.Giving{Payment: last.Attempt.ID, AmountMinor: 6501})
	notBegun(t, "more than was paid in cash", more, err, "not refundable")
	c.agree()
}

// What a terminal of its own gave back is a person's word, asked again after a restart.
func TestRefundAtASeparateTerminal(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	said := external.Approved
	line := &external.Line{Ask: func(context.Context, txn.Order) external.Answer { return external.Answer{Shown: said} }}
	own := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.External: line}, Printer: c.printer, Vault: c.vault})
	ctx := context.Background()
	sold, err := own.PayExternal(ctx, clerk, till.Payment{Sale: basket(1000)})
	if err != nil || sold.Attempt.State != txn.Claimed {
		t.Fatal(describe(sold), err)
	}
	<-sold.Paper
	said = external.Nothing
	out, err := own.GiveBack(ctx, clerk, till.Giving{Payment: sold.Attempt.ID, AmountMinor: 400})
	if err != nil || out.Attempt.State != txn.Pending || out.Attempt.Kind != txn.Refund {
		t.Fatal(describe(out), err)
	}
	second, err := own.GiveBack(ctx, clerk, till.Giving{Payment: sold.Attempt.ID, AmountMinor: 400})
	notBegun(t, "a second one", second, err, "not refundable")
	if _, _, err := own.CloseDay(ctx, clerk, txn.DayClosed{Batch: 1, Z: 1}, txn.DayOpened{Batch: 2, Currency: "CNY"}, func() ([]byte, error) { return []byte("{}"), nil }); err != nil {
		t.Errorf("rule 15: a refund that nobody has said anything of keeps the day open: %v", err)
	}
	if err := own.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if found := own.Found(ctx); len(found) != 1 || found[0].Matter.Attempt.ID != out.Attempt.ID || found[0].Matter.Attempt.State != txn.Pending {
		t.Errorf("a start found %+v", found)
	}
	ended, err := own.Said(ctx, clerk, out.Attempt.ID, external.Answer{Shown: external.Approved}.Verdict())
	if err != nil || ended.Attempt.State != txn.Claimed || ended.Bill.State != txn.BillReturnedInPart || ended.Paper == nil {
		t.Fatalf("%s, the sale %s, %v", describe(ended), ended.Bill.State, err)
	}
	<-ended.Paper
}

// Goods that come back give exactly their share, stay in the books, and can't come back twice.
func TestGoodsComeBackOnce(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	p := c.payment(0)
	p.Sale = pieces(3, 333)
	sold, err := c.till.PayCard(context.Background(), clerk, p)
	if err != nil || sold.Bill.State != txn.BillPaid {
		t.Fatal(describe(sold), err)
	}
	<-sold.Paper
	g := c.giving(sold.Attempt.ID, 333)
	g.Goods, g.GoodsMinor = []sale.Want{{Line: 0, QuantityE5: sale.OneE5}}, 333
	out := c.givesBack(g)
	if out.Attempt.State != txn.Approved || out.Attempt.Return != 1 || out.Bill.Returned()[0] != sale.OneE5 {
		t.Fatalf("%s, of return %d, %v came back", describe(out), out.Attempt.Return, out.Bill.Returned())
	}
	all := c.giving(sold.Attempt.ID, 999)
	all.Goods, all.GoodsMinor = []sale.Want{{Line: 0, QuantityE5: 3 * sale.OneE5}}, 999
	more, err := c.till.GiveBack(context.Background(), clerk, all)
	notBegun(t, "more than is left", more, err, "not refundable")
	all = c.giving(sold.Attempt.ID, 666)
	all.Goods, all.GoodsMinor = []sale.Want{{Line: 0, QuantityE5: 3 * sale.OneE5}}, 666
	more, err = c.till.GiveBack(context.Background(), clerk, all)
	notBegun(t, "goods that came back before", more, err, "not sold")
	all = c.giving(sold.Attempt.ID, 666)
	all.Goods, all.GoodsMinor = []sale.Want{{Line: 0, QuantityE5: 2 * sale.OneE5}}, 666
	if rest := c.givesBack(all); rest.Bill.State != txn.BillReturned || rest.Bill.Returned()[0] != 3*sale.OneE5 {
		t.Errorf("%s, %v came back", rest.Bill.State, rest.Bill.Returned())
	}
	c.crash()
	c.agree()
}

// Goods and money that go back days later are proved with the day on which they do.
func TestARefundOfAnEarlierDayIsProved(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	p := c.payment(0)
	p.Sale = pieces(2, 500)
	sold, err := c.till.PayCard(ctx, clerk, p)
	if err != nil {
		t.Fatal(err)
	}
	<-sold.Paper
	sum := func() ([]byte, error) { return []byte("{}"), nil }
	if _, _, err := c.till.CloseDay(ctx, clerk, txn.DayClosed{Batch: 1, Z: 1}, txn.DayOpened{Batch: 2, Currency: "CNY"}, sum); err != nil {
		t.Fatal(err)
	}
	g := c.giving(sold.Attempt.ID, 1000)
	g.Goods, g.GoodsMinor = []sale.Want{{Line: 0, QuantityE5: 2 * sale.OneE5}}, 1000
	if out := c.givesBack(g); out.Attempt.Kind != txn.Refund || out.Attempt.State != txn.Approved || out.Bill.State != txn.BillReturned {
		t.Fatalf("a %s, %s, the sale %s", out.Attempt.Kind, describe(out), out.Bill.State)
	}
	proven, err := c.journal.Proven(ctx)
	if err != nil || len(proven.Attempts) != 1 || proven.Attempts[0].Kind != txn.Refund {
		t.Errorf("proven: %+v, %v", proven.Attempts, err)
	}
	c.agree()
}

// The approval of a refund that says what was said of another refund of that payment is not its own: it is not known whether money went back, no slip says
// so, and no other refund of that payment begins. Where a bank says the payment's own RRN back, which the request named, approval code and bank time tell them apart.
func TestARefundIsNotApprovedByAnothersAnswer(t *testing.T) {
	for name, rule := range map[string]string{
		"what was said of the first":                    `{"message":"0220","nth":2,"do":"as before"}`,
		"the first one's RRN and a code of its own":     `{"message":"0220","nth":2,"do":"answer","fields":{"37":"000000000002"}}`,
		"the payment's RRN, and the first one's moment": `{"message":"0220","do":"answer","fields":{"37":"000000000001","38":"B00001","12":"120500","13":"1130"}}`,
	} {
		for _, profile := range []string{"unionpay", "iso87"} {
			c := newCounter(t, profile, rule)
			sold := c.payCard(5000).Attempt
			if first := c.givesBack(c.giving(sold.ID, 1000)); first.Attempt.State != txn.Approved {
				t.Fatalf("%s, %s: the first is %s", profile, name, describe(first))
			}
			a := c.givesBack(c.giving(sold.ID, 1000)).Attempt
			if a.State != txn.Unresolved || a.Reason != txn.NotOurs || a.GivenBack() != txn.GivenBackUnknown {
				t.Errorf("%s, %s: the second is %s %s, given back %s", profile, name, a.State, a.Reason, a.GivenBack())
			}
			if kinds := c.printer.kinds(); len(kinds) != 2 {
				t.Errorf("%s, %s: papers %v", profile, name, kinds)
			}
			third, err := c.till.GiveBack(context.Background(), clerk, c.giving(sold.ID, 500))
			notBegun(t, name+": a third refund", third, err, "not refundable")
		}
	}
}

// A bank may say the payment's own RRN back to each void and refund of it: each is approved by its own answer.
func TestABankMaySayThePaymentsRRNBack(t *testing.T) {
	c := newCounter(t, "iso87", `{"message":"0220","do":"answer","fields":{"37":"000000000001"}}
		{"message":"0200","nth":3,"do":"answer","fields":{"37":"000000000002"}}`)
	sold := c.payCard(5000).Attempt
	other := c.payCard(700).Attempt
	if sold.Answer.RRN != "000000000001" || other.Answer.RRN != "000000000002" {
		t.Fatalf("the RRNs are %q and %q", sold.Answer.RRN, other.Answer.RRN)
	}
	for range 2 {
		if a := c.givesBack(c.giving(sold.ID, 1000)).Attempt; a.State != txn.Approved || a.Answer.RRN != sold.Answer.RRN {
			t.Errorf("a refund is %s %s, RRN %q", a.State, a.Reason, a.Answer.RRN)
		}
	}
	if void, err := c.till.Void(context.Background(), clerk, other.ID, nil); err != nil || void.Attempt.State != txn.Approved || void.Attempt.Answer.RRN != other.Answer.RRN {
		t.Errorf("the void is %s, %v", describe(void), err)
	}
}

// A void that says what was said of an earlier void of that payment, which the bank had refused, is not approved.
func TestAVoidIsNotApprovedByAnothersAnswer(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":2,"do":"decline","code":"40"}
		{"message":"0200","nth":2,"do":"answer","fields":{"37":"000000000002"}}`)
	sold := c.payCard(700).Attempt
	for i, want := range []txn.State{txn.Declined, txn.Unresolved} {
		out, err := c.till.Void(context.Background(), clerk, sold.ID, nil)
		if a := out.Attempt; err != nil || a.State != want || a.Answer.RRN == "" && a.Late.RRN != "000000000002" {
			t.Errorf("void %d is %s, %+v, %v", i+1, describe(out), a, err)
		}
	}
}

// A card's number in a reason is refused before anything is begun.
func TestNoCardIsTypedIntoABook(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000).Attempt
	by := txn.Actor{By: clerk.By, Why: "card 6222 0200 0000 0005 678"}
	out, err := c.till.GiveBack(context.Background(), by, c.giving(sold.ID, 1000))
	notBegun(t, "a refund with a card in its reason", out, err, "card typed")
	if len(refunds(c)) != 0 {
		t.Errorf("the bank has %+v", refunds(c))
	}
}
