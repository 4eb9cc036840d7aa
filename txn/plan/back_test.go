package plan_test

import (
	"errors"
	"reflect"
	"testing"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// paidSale is a sale of 1.00 by one payment of batch 1, with two pieces of 0.50 on it.
func paidSale() (txn.Bill, txn.Attempt, sale.Sale) {
	a := txn.Attempt{ID: 1, SaleID: 9, Kind: txn.Sale, Tender: txn.Card, Batch: 1, State: txn.Approved, Paper: txn.NoPaper, Line: "the bank's",
		Amount: money.Amount{Minor: 100, Currency: money.CNY}, EndedMs: 1}
	s := sale.Sale{ID: 9, Currency: money.CNY, TotalMinor: 100, Lines: []sale.Line{
		{Code: "1", Unit: sale.Piece, UnitPriceMinor: 50, QuantityE5: 2 * sale.OneE5, AmountMinor: 100}}}
	b, err := txn.OpenBill(txn.SaleOpened{Sale: s, Batch: 1})
	if err != nil {
		panic(err)
	}
	d, err := txn.TakePart(b.After, a)
	if err != nil {
		panic(err)
	}
	return d.After, a, s
}

// refunded is the bill with a refund of it in a state.
func refunded(b txn.Bill, minor int64, s txn.State) txn.Bill {
	d, err := txn.TakePart(b, txn.Attempt{ID: 2, SaleID: 9, Kind: txn.Refund, Tender: txn.Card, Original: 1, State: s, Amount: money.Amount{Minor: minor, Currency: money.CNY}})
	if err != nil {
		panic(err)
	}
	return d.After
}

// What a line has not confirmed is given back in no way, and neither void nor exchange begins.
func TestNothingGoesBackOfWhatIsNotConfirmed(t *testing.T) {
	b, a, _ := paidSale()
	a.Awaits, b.Parts[0].Awaits = true, true
	for _, otherWay := range []bool{false, true} {
		if err := plan.Refundable(a, b, 100, otherWay); !errors.Is(err, plan.ErrNotRefundable) {
			t.Errorf("another way %v: %v", otherWay, err)
		}
	}
	if _, err := plan.Spread(b, 100); !errors.Is(err, plan.ErrNotRefundable) {
		t.Errorf("of the sale: %v", err)
	}
	if err := plan.Voidable(plan.View{Next: txn.Next{Batch: 1}}, a, b); !errors.Is(err, plan.ErrNotVoidable) {
		t.Errorf("a void: %v", err)
	}
}

// The till chooses how money goes back, and says why: a void is for all of a payment of the open day alone.
func TestTheTillChoosesVoidOrRefund(t *testing.T) {
	b, a, _ := paidSale()
	declined := b
	declined.Parts = append(declined.Parts[:1:1], txn.Part{ID: 2, Kind: txn.Void, State: txn.Declined, Original: 1, AmountMinor: 100})
	notMade, err := txn.TakePart(b, txn.Attempt{ID: 2, SaleID: 9, Kind: txn.Void, Tender: txn.Card, Original: 1, State: txn.Reversed, Reason: txn.CannotPack, Amount: a.Amount})
	if err != nil {
		t.Fatal(err)
	}
	lost, err := txn.TakePart(b, txn.Attempt{ID: 2, SaleID: 9, Kind: txn.Void, Tender: txn.Card, Original: 1, State: txn.Reversed, Reason: txn.LinkLost, Amount: a.Amount})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		bill   txn.Bill
		batch  int64
		minor  int64
		kind   txn.Kind
		reason plan.Why
	}{
		"all of it today":                                   {b, 1, 100, txn.Void, plan.WhyWhole},
		"all of it tomorrow":                                {b, 2, 100, txn.Refund, plan.WhyEarlier},
		"some of it":                                        {b, 1, 40, txn.Refund, plan.WhyInPart},
		"what is left":                                      {refunded(b, 40, txn.Approved), 1, 60, txn.Refund, plan.WhyBackSome},
		"all after a refused part":                          {refunded(b, 40, txn.Declined), 1, 100, txn.Void, plan.WhyWhole},
		"all after a refused void":                          {declined, 1, 100, txn.Refund, plan.WhyNotVoided},
		"all after a void that its line can't make":         {notMade.After, 1, 100, txn.Refund, plan.WhyNotVoided},
		"all after a void for which its line was not there": {lost.After, 1, 100, txn.Void, plan.WhyWhole},
	} {
		kind, why := plan.Choose(plan.View{Next: txn.Next{Batch: c.batch}}, a, c.bill, c.minor)
		if kind != c.kind || why != c.reason {
			t.Errorf("%s: a %s (%s), want a %s (%s)", name, kind, why, c.kind, c.reason)
		}
	}
}

// What can't be given back is said before anything begins.
func TestRefundable(t *testing.T) {
	b, a, _ := paidSale()
	if err := plan.Refundable(a, b, 100, false); err != nil {
		t.Error(err)
	}
	open := b
	open.PaidMs = 0
	void := a
	void.Kind = txn.Void
	for name, err := range map[string]error{
		"more than was paid":          plan.Refundable(a, b, 101, false),
		"more than is left":           plan.Refundable(a, refunded(b, 40, txn.Approved), 61, false),
		"while one is not known":      plan.Refundable(a, refunded(b, 40, txn.Unresolved), 1, false),
		"of a sale that is not paid":  plan.Refundable(a, open, 1, false),
		"of what is no payment":       plan.Refundable(void, b, 1, false),
		"a void of what went in part": plan.Voidable(plan.View{Next: txn.Next{Batch: 1}}, a, refunded(b, 40, txn.Approved)),
	} {
		if !errors.Is(err, plan.ErrNotRefundable) && !errors.Is(err, plan.ErrNotVoidable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Goods and their money go into one commit; the second attempt for the same goods names the same return.
func TestAReturnIsInTheCommitOfItsRefund(t *testing.T) {
	b, a, s := paidSale()
	refund := txn.Attempt{Kind: txn.Refund, Tender: txn.Card, Original: 1, Amount: money.Amount{Minor: 50, Currency: money.CNY}}
	v := plan.View{Next: txn.Next{Attempt: 2, Batch: 1}}
	p, err := plan.BeginReturn(v, txn.Matter{Attempt: refund, Bill: b, Original: &a}, s, []sale.Want{{Line: 0, QuantityE5: sale.OneE5}}, 50, nil)
	if err != nil || len(p.Records) != 2 || p.Durability != txn.Synced || p.After.Return != 1 || p.Bill.Returned()[0] != sale.OneE5 {
		t.Fatalf("%+v, %v", p, err)
	}
	opened, ok := p.Records[0].(txn.ReturnOpened)
	if !ok || opened.SaleID != 9 || opened.Return.AmountMinor != 50 || len(p.Acts) != 1 || p.Acts[0].Effect != txn.SendRequest || p.Acts[0].Original.ID != 1 {
		t.Errorf("%+v, then %+v", p.Records[0], p.Acts)
	}
	if _, err := plan.BeginReturn(v, txn.Matter{Attempt: refund, Bill: b, Original: &a}, s, []sale.Want{{Line: 0, QuantityE5: 3 * sale.OneE5}}, 150, nil); !errors.Is(err, sale.ErrBack) {
		t.Errorf("three of two came back: %v", err)
	}
}

// Money of a sale that was paid in several ways goes back by the last payments first, and by none of which something is not known.
func TestMoneyGoesBackByTheLastPaymentFirst(t *testing.T) {
	part := func(id txn.ID, minor int64) txn.Part {
		return txn.Part{ID: id, Kind: txn.Sale, State: txn.Approved, AmountMinor: minor, Paid: true}
	}
	b := txn.Bill{SaleID: 9, PaidMs: 1, Parts: []txn.Part{part(1, 500), part(2, 300), part(3, 200)}}
	if shares, err := plan.Spread(b, 600); err != nil || !reflect.DeepEqual(shares, []plan.Share{{Payment: 3, AmountMinor: 200}, {Payment: 2, AmountMinor: 300}, {Payment: 1, AmountMinor: 100}}) {
		t.Errorf("%v, %v", shares, err)
	}
	b.Parts = append(b.Parts, txn.Part{ID: 4, Kind: txn.Refund, State: txn.Unresolved, AmountMinor: 10, Original: 3},
		txn.Part{ID: 5, Kind: txn.Refund, State: txn.Approved, AmountMinor: 100, Original: 2})
	if shares, err := plan.Spread(b, 600); err != nil || !reflect.DeepEqual(shares, []plan.Share{{Payment: 2, AmountMinor: 200}, {Payment: 1, AmountMinor: 400}}) {
		t.Errorf("with one that is not known: %v, %v", shares, err)
	}
	for _, minor := range []int64{701, 0, -1} {
		if shares, err := plan.Spread(b, minor); !errors.Is(err, plan.ErrNotRefundable) {
			t.Errorf("%d: %v, %v", minor, shares, err)
		}
	}
}
