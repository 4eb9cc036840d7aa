package txn_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Goods that come back pay as the last part of a sale, and exactly what was said when it was begun; nothing else pays in their place, and their part is
// not voided.
func TestGoodsThatComeBackPayLast(t *testing.T) {
	s := sale.Sale{ID: 7, Currency: money.CNY, TotalMinor: 100, Lines: []sale.Line{{AmountMinor: 100}}, Exchange: &sale.Exchange{SaleID: 5, AmountMinor: 60}}
	opened, err := txn.OpenBill(txn.SaleOpened{Sale: s, Batch: 1, AtMs: 1})
	if err != nil || opened.After.Rest().Minor != 40 {
		t.Fatalf("%+v, %v", opened.After, err)
	}
	part := func(id txn.ID, tender txn.Tender, minor int64) txn.Attempt {
		d, err := txn.Begin(txn.Attempt{ID: id, SaleID: 7, Batch: 1, Kind: txn.Sale, Tender: tender, Amount: money.Amount{Minor: minor, Currency: money.CNY}, OpenedMs: 2})
		if err != nil {
			t.Fatal(err)
		}
		return d.After
	}
	refused := func(what string, b txn.Bill, a txn.Attempt) {
		if _, err := txn.TakePart(b, a); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	b := opened.After
	refused("goods before the rest is paid", b, part(1, txn.Exchange, 60))
	refused("cash for what the goods pay", b, part(1, txn.Cash, 100))
	refused("a card for what the goods pay", b, part(1, txn.Card, 41))
	paid, err := txn.TakePart(b, part(1, txn.Cash, 40))
	if err != nil || paid.After.WasPaid() || paid.After.State != txn.BillPartPaid || len(paid.Effects) != 0 {
		t.Fatalf("the rest alone: %+v, %v", paid, err)
	}
	refused("fewer goods than were said", paid.After, part(2, txn.Exchange, 59))
	done, err := txn.TakePart(paid.After, part(2, txn.Exchange, 60))
	if err != nil || done.After.State != txn.BillPaid || len(done.Effects) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	void := part(3, txn.Exchange, 60)
	void.Kind, void.Original = txn.Void, 2
	refused("a void of the goods", done.After, void)
	back := part(4, txn.Card, 10)
	back.Kind, back.Original = txn.Refund, 1
	refused("cash goes back to a card", done.After, back)
	back.Tender, back.Original = txn.Exchange, 1
	refused("an exchange without goods", done.After, back)

	plain := s
	plain.Exchange = nil
	other, err := txn.OpenBill(txn.SaleOpened{Sale: plain, Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	refused("goods in a sale that none come back for", other.After, part(1, txn.Exchange, 100))
	s.Exchange = &sale.Exchange{SaleID: 5}
	if _, err := txn.OpenBill(txn.SaleOpened{Sale: s, Batch: 1}); !errors.Is(err, txn.ErrImpossible) {
		t.Errorf("goods of no worth: %v", err)
	}
}
