package till_test

import (
	"context"
	"sync"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
)

// unusual is a till whose settings let money go back in cash.
func (c *counter) unusual(u till.Unusual) *till.Till {
	c.t.Helper()
	own := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault,
		Terminal: "T0000001", Merchant: "M00000000000001", Refunds: u, Vouchers: true})
	if err := own.Start(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	return own
}

var forAReason = txn.Actor{By: "01", Why: "faulty goods"}

// What a card or a voucher paid goes back in cash where the settings say so alone, each up to a sum of its own over all of a payment, and with a reason.
func TestCashForWhatWasNotPaidInCash(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	sold := c.payCard(5000)
	g := till.Giving{Payment: sold.Attempt.ID, AmountMinor: 100, InCash: true}
	off, err := c.till.GiveBack(ctx, forAReason, g)
	notBegun(t, "where nothing allows it", off, err, "not by settings")
	own := c.unusual(till.Unusual{OtherMinor: 9000})
	off, err = own.GiveBack(ctx, forAReason, g)
	notBegun(t, "of a card, where that of others is allowed", off, err, "not by settings")
	own = c.unusual(till.Unusual{CardMinor: 1500})
	off, err = own.GiveBack(ctx, clerk, g)
	notBegun(t, "without a reason", off, err, "no reason")
	g.AmountMinor = 1000
	out, err := own.GiveBack(ctx, forAReason, g)
	if err != nil || out.Attempt.Tender != txn.Cash || !out.Attempt.OtherWay || out.Attempt.State != txn.Approved || out.Bill.BackOf(sold.Attempt.ID).LeftMinor != 4000 || len(refunds(c)) != 0 {
		t.Fatalf("%s in %s, %v, the bank has %+v", describe(out), out.Attempt.Tender, err, refunds(c))
	}
	<-out.Paper
	if sheets := c.sheets(); !sheets[len(sheets)-1].OpenDrawer {
		t.Error("the drawer is shut")
	}
	g.AmountMinor = 501
	off, err = own.GiveBack(ctx, forAReason, g)
	notBegun(t, "above the sum of the payment", off, err, "not by settings")
	voucher, err := own.PayVoucher(ctx, clerk, till.Payment{Sale: basket(700), ReceivedMinor: 700})
	if err != nil {
		t.Fatal(err)
	}
	off, err = own.GiveBack(ctx, forAReason, till.Giving{Payment: voucher.Attempt.ID, AmountMinor: 100, InCash: true})
	notBegun(t, "of a voucher, where that of cards is allowed", off, err, "not by settings")
	c.till.WaitForPaper()
	own.WaitForPaper()
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// Goods whose sale nobody knows are taken back for cash up to a sum, with a reason; they are no sale, and no void or second refund is of them.
func TestGoodsWithoutAReceipt(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	off, err := c.till.TakeBack(ctx, forAReason, pieces(1, 500))
	notBegun(t, "where nothing allows it", off, err, "not by settings")
	own := c.unusual(till.Unusual{NoReceiptMinor: 1000})
	off, err = own.TakeBack(ctx, forAReason, pieces(3, 500))
	notBegun(t, "above the sum", off, err, "not by settings")
	off, err = own.TakeBack(ctx, clerk, pieces(2, 500))
	notBegun(t, "without a reason", off, err, "no reason")
	out, err := own.TakeBack(ctx, forAReason, pieces(2, 500))
	if err != nil || out.Attempt.Kind != txn.Refund || !out.Attempt.NoReceipt || out.Attempt.Original != 0 || out.Bill.State != txn.BillTakenBack || out.Bill.WasPaid() || out.Bill.Owes() {
		t.Fatalf("%s, the sale %+v, %v", describe(out), out.Bill, err)
	}
	<-out.Paper
	more, err := own.TakeBack(ctx, forAReason, pieces(1, 500))
	notBegun(t, "above the sum of the day, in two", more, err, "not by settings")
	again, err := own.GiveBack(ctx, clerk, till.Giving{Payment: out.Attempt.ID, AmountMinor: 100})
	if again.Attempt.ID != 0 || err == nil {
		t.Errorf("it went back once more: %s, %v", describe(again), err)
	}
	if _, err := own.PayCash(ctx, clerk, rest(out.SaleID)); err == nil {
		t.Error("it was paid")
	}
	c.crash()
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// Refunds in cash that are asked for at once come to no more than one after the other would, of a payment and without a receipt.
func TestCeilingsHoldForRefundsAtOnce(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	sold := c.payCard(5000)
	own := c.unusual(till.Unusual{CardMinor: 1000, NoReceiptMinor: 1000})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, _ = own.GiveBack(ctx, forAReason, till.Giving{Payment: sold.Attempt.ID, AmountMinor: 1000, InCash: true})
		})
		all.Go(func() { _, _ = own.TakeBack(ctx, forAReason, pieces(2, 500)) })
	}
	all.Wait()
	own.WaitForPaper()
	day, err := c.journal.Attempts(ctx, c.journal.Next().Batch)
	if err != nil {
		t.Fatal(err)
	}
	gave := map[bool]int64{}
	for _, a := range day {
		if a.Kind == txn.Refund {
			gave[a.NoReceipt] += a.Amount.Minor
		}
	}
	if gave[false] != 1000 || gave[true] != 1000 {
		t.Errorf("in cash %d of the payment went back, and %d without a receipt", gave[false], gave[true])
	}
}
