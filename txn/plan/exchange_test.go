package plan_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Goods complete the sale that they pay, or are not given back: where something else of it is still to be paid nothing is planned.
func TestGoodsThatDoNotCompleteASaleAreNotGivenBack(t *testing.T) {
	sold := sale.Sale{ID: 5, Currency: money.CNY, TotalMinor: 60, Lines: []sale.Line{{Code: "1", Unit: sale.Piece, QuantityE5: 2 * sale.OneE5, AmountMinor: 60}}}
	old, err := txn.OpenBill(txn.SaleOpened{Sale: sold, Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	d, _ := txn.Begin(txn.Attempt{ID: 1, SaleID: 5, Batch: 1, Kind: txn.Sale, Tender: txn.Cash, Amount: cny(60), OpenedMs: 1})
	paid, err := txn.TakePart(old.After, d.After)
	if err != nil {
		t.Fatal(err)
	}
	swap := plan.Swap{Bill: paid.After, Sold: sold, Payments: map[txn.ID]txn.Attempt{1: d.After}}
	v := plan.View{Next: txn.Next{Attempt: 2, Batch: 1, Sale: 9, Print: 4}, Ready: true, AtMs: 3}
	for total, complete := range map[int64]bool{60: true, 61: false, 50: true} {
		s := sale.Sale{Currency: money.CNY, TotalMinor: total, Lines: []sale.Line{{Code: "2", Unit: sale.Piece, QuantityE5: sale.OneE5, AmountMinor: total}},
			Exchange: &sale.Exchange{SaleID: 5, Goods: []sale.Want{{QuantityE5: 2 * sale.OneE5}}, AmountMinor: 60}}
		plans, err := plan.Exchange(v, swap, s, txn.Bill{}, &txn.SaleOpened{Sale: s, Batch: 1, AtMs: 3}, txn.Attempt{OpenedMs: 3})
		if complete != (err == nil) || !complete && !errors.Is(err, plan.ErrExchange) && !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("of %d: %v", total, err)
		}
		if !complete {
			continue
		}
		back := plans[1].After
		if plans[0].Bill.State != txn.BillPaid || back.Amount.Minor != min(total, 60) || back.Original != 1 || back.ID != 3 || back.Return != 1 || plans[1].Bill.Returned()[0] != 2*sale.OneE5 {
			t.Errorf("of %d: the sale is %s, %+v goes back", total, plans[0].Bill.State, back)
		}
		prints := map[int64]bool{}
		for _, act := range append(plans[0].Acts, plans[1].Acts...) {
			if act.Print.ID != 0 {
				prints[act.Print.ID] = true
			}
		}
		if len(prints) != 2 {
			t.Errorf("of %d: papers %v", total, prints)
		}
	}
}
