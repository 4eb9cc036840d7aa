package finding_test

import (
	"testing"
	"time"

	"veratill/app/finding"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// A sale of 0.00 has no payment, and is a sale all the same: its articles and its cashier are counted.
func TestSalesOfNothingAreCounted(t *testing.T) {
	c := newCounter(t)
	c.sells(1250)
	bag := sale.Sale{Currency: money.CNY, Lines: []sale.Line{{Code: "77", Name: map[string]string{"en": "Bag"}, Unit: sale.Piece, QuantityE5: 2 * sale.OneE5}}}
	if _, err := c.till.Give(t.Context(), manager, bag); err != nil {
		t.Fatal(err)
	}
	r, err := finding.Insight(t.Context(), c.books, "", "", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if r.Basket.Sales != 2 || len(r.Items) != 1 || r.Items[0].Code != "77" || r.Items[0].QuantityE5 != 2*sale.OneE5 {
		t.Errorf("%d sales, items %+v", r.Basket.Sales, r.Items)
	}
	for _, e := range r.Cashiers {
		if e.Cashier == manager.By && e.Sales.Count == 2 && e.Sales.AmountMinor == 1250 {
			return
		}
	}
	t.Errorf("cashiers %+v", r.Cashiers)
}
