package txn_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Another way is cash, for a refund, for one of the two reasons; anything else can't be begun.
func TestAnotherWayIsCashAlone(t *testing.T) {
	for _, kind := range txn.Kinds {
		for _, tender := range txn.Tenders {
			for _, ways := range [][2]bool{{true, false}, {false, true}, {true, true}} {
				a := txn.Attempt{ID: 2, SaleID: 7, Batch: 1, Kind: kind, Tender: tender, Amount: money.Amount{Minor: 5, Currency: money.CNY}, ReceivedMinor: 5, OtherWay: ways[0], NoReceipt: ways[1]}
				if kind.GivesBack() && !a.NoReceipt {
					a.Original = 1
				}
				_, err := txn.Begin(a)
				if may := kind == txn.Refund && tender == txn.Cash && ways[0] != ways[1]; may != (err == nil) || !may && !errors.Is(err, txn.ErrImpossible) {
					t.Errorf("%s by %s, in another way %v, without a receipt %v: %v", kind, tender, ways[0], ways[1], err)
				}
			}
		}
	}
}

// What is taken back without a receipt takes no payment, and a sale takes no refund without one.
func TestGoodsWithoutAReceiptAreNoSale(t *testing.T) {
	open := func(noReceipt bool) txn.Bill {
		d, err := txn.OpenBill(txn.SaleOpened{Sale: sale.Sale{ID: 7, Currency: money.CNY, TotalMinor: 5, Lines: []sale.Line{{AmountMinor: 5}}, NoReceipt: noReceipt}, Batch: 1})
		if err != nil {
			t.Fatal(err)
		}
		return d.After
	}
	a := txn.Attempt{ID: 2, SaleID: 7, Batch: 1, Kind: txn.Refund, Tender: txn.Cash, Amount: money.Amount{Minor: 5, Currency: money.CNY}, NoReceipt: true}
	pays := a
	pays.Kind, pays.NoReceipt = txn.Sale, false
	for what, c := range map[string]struct {
		b txn.Bill
		a txn.Attempt
	}{"a payment of goods that are taken back": {open(true), pays}, "a refund without a receipt of a sale": {open(false), a}} {
		if _, err := txn.TakePart(c.b, c.a); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	less := a
	less.Amount.Minor = 4
	if _, err := txn.TakePart(open(true), less); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("less than the goods come to: %v", err)
	}
	d, err := txn.Begin(a)
	if err != nil {
		t.Fatal(err)
	}
	taken, err := txn.TakePart(open(true), d.After)
	if err != nil || taken.After.State != txn.BillTakenBack || len(taken.Effects) != 0 {
		t.Fatalf("%+v, %v", taken, err)
	}
	a.ID = 3
	if _, err := txn.TakePart(taken.After, a); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a second one: %v", err)
	}
}
