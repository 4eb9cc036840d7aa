package till_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"veratill/txn"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// for1 is a sale of one article for goods of another sale: all pieces of its only line.
func for1(minor int64, of till.Outcome, pieces, comesTo int64) sale.Sale {
	s := basket(minor)
	s.Exchange = &sale.Exchange{SaleID: of.SaleID, Goods: []sale.Want{{Line: 0, QuantityE5: pieces * sale.OneE5}}, AmountMinor: comesTo}
	return s
}

// sold3 is a sale of 3 pieces of 10.00, paid by card.
func (c *counter) sold3() till.Outcome {
	c.t.Helper()
	p := c.payment(0)
	p.Sale = pieces(3, 1000)
	out, err := c.till.PayCard(context.Background(), clerk, p)
	if err != nil || out.Bill.State != txn.BillPaid {
		c.t.Fatal(describe(out), err)
	}
	<-out.Paper
	return out
}

// backOf is what of a sale's goods came back, and what is left of its money.
func (c *counter) backOf(saleID int64) (piecesE5, leftMinor int64) {
	b := c.bill(saleID)
	return b.Returned()[0], b.Back().LeftMinor
}

// Goods that come back pay for others as the last part of what these cost: the difference is paid once, by whatever pays, and the sale is paid, the goods are
// back and both papers are begun in one commit.
func TestTheDifferenceOfAnExchangeIsPaidOnce(t *testing.T) {
	for name, pay := range map[string]func(c *counter, s sale.Sale) (till.Outcome, error){
		"cash": func(c *counter, s sale.Sale) (till.Outcome, error) {
			return c.till.PayCash(context.Background(), clerk, till.Payment{Sale: s, ReceivedMinor: 1000})
		},
		"card": func(c *counter, s sale.Sale) (till.Outcome, error) {
			return c.till.PayCard(context.Background(), clerk, c.byCard(s, 0))
		},
		"card and cash": func(c *counter, s sale.Sale) (till.Outcome, error) {
			first := c.cardPart(s, 300)
			if e5, left := c.backOf(s.Exchange.SaleID); e5 != 0 || left != 3000 || first.Bill.Rest().Minor != 200 {
				c.t.Errorf("before the difference is paid %d pieces are back, %d are left, the rest is %d", e5/sale.OneE5, left, first.Bill.Rest().Minor)
			}
			return c.till.PayCash(context.Background(), clerk, till.Payment{Sale: sale.Sale{ID: first.SaleID}, ReceivedMinor: 200})
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t, "unionpay", "")
			old := c.sold3()
			entries := c.journal.Next().Sale
			out, err := pay(c, for1(2500, old, 2, 2000))
			if err != nil || out.Bill.State != txn.BillPaid || out.Paper == nil {
				t.Fatalf("%s, the sale %s, %v", describe(out), out.Bill.State, err)
			}
			<-out.Paper
			c.till.WaitForPaper()
			if most := entries + 4; name == "cash" && c.journal.Next().Sale > most { // its commit, and the ends of the papers
				t.Errorf("%d entries were made", c.journal.Next().Sale-entries)
			}
			if e5, left := c.backOf(old.SaleID); e5 != 2*sale.OneE5 || left != 1000 {
				t.Errorf("%d pieces are back, and %d are left", e5/sale.OneE5, left)
			}
			parts := out.Bill.Standing()
			last := c.attempt(parts[len(parts)-1].ID)
			if last.Tender != txn.Exchange || last.Amount.Minor != 2000 || last.Charged() != txn.ChargedYes || parts[0].AmountMinor+last.Amount.Minor > 2500 {
				t.Errorf("the last part is %+v", last)
			}
			if sheets := c.sheets(); len(sheets) < 3 || sheets[1].OpenDrawer != (name != "card") || len(sheets[1].Parts) != len(parts) {
				t.Errorf("%d papers; the drawer opens with the receipt: %v", len(sheets), sheets[1].OpenDrawer)
			}
			again, err := c.till.PayCash(context.Background(), clerk, till.Payment{Sale: for1(2500, old, 2, 2000), ReceivedMinor: 1000})
			if again.Attempt.ID != 0 || err == nil {
				t.Errorf("goods came back twice: %s, %v", describe(again), err)
			}
			if _, err := c.journal.Verify(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A difference that the bank declines has given nothing back, and the goods can still be exchanged.
func TestADeclinedDifferenceGivesNothingBack(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	old := c.sold3()
	out, err := c.till.PayCard(context.Background(), clerk, c.byCard(for1(2505, old, 2, 2000), 0))
	if err != nil || out.Attempt.State != txn.Declined || out.Attempt.Amount.Minor != 505 {
		t.Fatalf("%s of %d, %v", describe(out), out.Attempt.Amount.Minor, err)
	}
	if e5, left := c.backOf(old.SaleID); e5 != 0 || left != 3000 || c.bill(out.SaleID).State != txn.BillDropped {
		t.Errorf("%d pieces are back, %d are left, the sale is %s", e5/sale.OneE5, left, c.bill(out.SaleID).State)
	}
	paid, err := c.till.PayCash(context.Background(), clerk, till.Payment{Sale: sale.Sale{ID: out.SaleID}, ReceivedMinor: 505})
	if err != nil || paid.Bill.State != txn.BillPaid {
		t.Errorf("%s, %v", describe(paid), err)
	}
	c.till.WaitForPaper()
}

// What went back meanwhile does not come back again: the difference that was paid leaves its sale paid in part, which is undone.
func TestGoodsThatWentBackMeanwhilePayNothing(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx, old := context.Background(), c.sold3()
	first := c.cardPart(for1(2500, old, 2, 2000), 300)
	c.givesBack(c.giving(old.Attempt.ID, 1500))
	cash, err := c.till.PayCash(ctx, clerk, till.Payment{Sale: sale.Sale{ID: first.SaleID}, ReceivedMinor: 200})
	notBegun(t, "the rest in cash", cash, err, "not refundable")
	card, err := c.till.PayCard(ctx, clerk, c.byCard(sale.Sale{ID: first.SaleID}, 0))
	if card.Attempt.State != txn.Approved || err == nil || txn.FaultOf(err).Code != "not refundable" || card.Bill.State != txn.BillPartPaid || card.Paper != nil {
		t.Fatalf("%s, the sale %s, %v", describe(card), card.Bill.State, err)
	}
	if e5, left := c.backOf(old.SaleID); e5 != 0 || left != 1500 {
		t.Errorf("%d pieces are back, %d are left", e5/sale.OneE5, left)
	}
	if _, bill, err := c.till.UndoSale(ctx, clerk, first.SaleID, nil); err != nil || bill.State != txn.BillDropped {
		t.Errorf("it is not undone: %s, %v", bill.State, err)
	}
	c.till.WaitForPaper()
}

// Where goods that come back are worth as much nothing is paid, and where they are worth more the difference goes back by a refund that begins in the same
// commit: in cash at once, by card as its bank says, and what it does not say is not known of the refund alone.
func TestWhatIsLeftOfAnExchangeGoesBack(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", `{"message":"0220","do":"silent","nth":2}`)
	old := c.sold3()
	even, err := c.till.Exchange(ctx, clerk, for1(1000, old, 1, 1000), till.Giving{})
	if err != nil || even.Bill.State != txn.BillPaid || even.Attempt.Tender != txn.Exchange {
		t.Fatalf("%s of %s, the sale %s, %v", describe(even), even.Attempt.Tender, even.Bill.State, err)
	}
	back, err := c.till.Exchange(ctx, clerk, for1(700, old, 1, 1000), c.giving(0, 0))
	if err != nil || back.Attempt.Kind != txn.Refund || back.Attempt.State != txn.Approved || back.Attempt.Amount.Minor != 300 || c.bill(back.SaleID).State != txn.BillPaid || back.Attempt.Return != 2 {
		t.Fatalf("%s of %d, the sale %s, %v", describe(back), back.Attempt.Amount.Minor, c.bill(back.SaleID).State, err)
	}
	c.till.WaitForPaper()
	without, err := c.till.Exchange(ctx, clerk, for1(600, old, 1, 1000), till.Giving{})
	notBegun(t, "without the card", without, err, "card needed")
	unknown, err := c.till.Exchange(ctx, clerk, for1(600, old, 1, 1000), c.giving(0, 0))
	if err != nil || unknown.Attempt.State != txn.Unresolved || unknown.Attempt.Amount.Minor != 400 || c.bill(unknown.SaleID).State != txn.BillPaid {
		t.Errorf("%s of %d, the sale %s, %v", describe(unknown), unknown.Attempt.Amount.Minor, c.bill(unknown.SaleID).State, err)
	}
	if e5, left := c.backOf(old.SaleID); left != 0 || e5 != 3*sale.OneE5 {
		t.Errorf("%d pieces are back, %d are left", e5/sale.OneE5, left)
	}
	c.till.WaitForPaper()
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}

	p := till.Payment{Sale: pieces(2, 800), ReceivedMinor: 1600}
	cash, err := c.till.PayCash(ctx, clerk, p)
	if err != nil {
		t.Fatal(err)
	}
	over, err := c.till.Exchange(ctx, clerk, for1(500, cash, 2, 1600), till.Giving{})
	if err != nil || over.Attempt.Tender != txn.Cash || over.Attempt.Amount.Minor != 1100 || over.Bill.State != txn.BillReturned {
		t.Fatalf("%s of %d, the sale %s, %v", describe(over), over.Attempt.Amount.Minor, over.Bill.State, err)
	}
	c.till.WaitForPaper()
	sheets := c.sheets()
	if last := sheets[len(sheets)-1]; last.Attempt.ID != over.Attempt.ID || !last.OpenDrawer {
		t.Errorf("the last paper is of %s, and opens the drawer: %v", last.Attempt.ID, last.OpenDrawer)
	}
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// An exchange that can't be saved is nowhere: nothing leaves for the bank, no paper is begun, the drawer stays shut, and the goods can still be exchanged.
func TestAnExchangeThatIsNotSavedIsSentToNobody(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	card := c.sold3()
	cash, err := c.till.PayCash(ctx, clerk, till.Payment{Sale: pieces(2, 800), ReceivedMinor: 1600})
	if err != nil {
		t.Fatal(err)
	}
	c.till.WaitForPaper()
	if err := c.bank.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	rows, sheets := c.host.Rows(), len(c.sheets())
	w := watch(c)
	unsaved := c.under(w)
	w.refuse = true
	for what, s := range map[string]sale.Sale{"worth as much": for1(1000, card, 1, 1000), "a difference by card": for1(700, card, 1, 1000), "a difference in cash": for1(500, cash, 1, 800)} {
		out, err := unsaved.Exchange(ctx, clerk, s, c.giving(0, 0))
		if !errors.Is(err, till.ErrJournal) || txn.FaultOf(err).Charged != txn.ChargedNo || out.Attempt.ID != 0 || out.SaleID != 0 || out.Paper != nil {
			t.Errorf("%s: %s of sale %d, %v", what, describe(out), out.SaleID, err)
		}
	}
	unsaved.WaitForPaper()
	if len(w.sent) != 0 || !slices.Equal(c.host.Rows(), rows) {
		t.Errorf("requests left for %v; the bank has %+v", w.sent, c.host.Rows())
	}
	if n := len(c.sheets()); n != sheets {
		t.Errorf("%d papers were begun", n-sheets)
	}
	again, err := c.till.Exchange(ctx, clerk, for1(700, card, 1, 1000), c.giving(0, 0))
	if err != nil || again.Attempt.State != txn.Approved || again.Attempt.Amount.Minor != 300 {
		t.Errorf("once it can be saved: %s, %v", describe(again), err)
	}
	c.till.WaitForPaper()
}
