package report_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
	"veratill/txn/sale"
)

// A sale that is paid counts as one without paper from its last part on, whatever its parts, until its receipt has come out or may have;
// one that is not paid yet is owed none.
func TestSalesWithoutPaperAreCounted(t *testing.T) {
	kept, before := report.NewTotals(), txn.Bill{}
	now := func(after txn.Bill, want int64) {
		t.Helper()
		kept.MoveSale(before, after)
		if before = after; kept.Unpapered != want {
			t.Errorf("%s, paper %s: %d without paper, want %d", after.State, after.Paper, kept.Unpapered, want)
		}
	}
	opened, err := txn.OpenBill(txn.SaleOpened{Sale: sale.Sale{ID: 5, Currency: money.CNY, TotalMinor: 100}, Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	now(opened.After, 0)
	for i, want := range []int64{0, 1} {
		d, err := txn.TakePart(before, txn.Attempt{ID: txn.ID(1_000_001 + i), SaleID: 5, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, EndedMs: 1,
			Amount: money.Amount{Minor: 50, Currency: money.CNY}})
		if err != nil {
			t.Fatal(err)
		}
		now(d.After, want)
	}
	for _, e := range []struct {
		event txn.Event
		want  int64
	}{
		{txn.Event{Kind: txn.PrintBegun, PrintID: 1}, 1},
		{txn.Event{Kind: txn.PrintEnded, PrintID: 1, Outcome: txn.NotPrinted}, 1},
		{txn.Event{Kind: txn.PrintBegun, PrintID: 2}, 1},
		{txn.Event{Kind: txn.PrintEnded, PrintID: 2, Outcome: txn.Printed}, 0},
	} {
		d, err := txn.StepBill(before, e.event)
		if err != nil {
			t.Fatal(err)
		}
		now(d.After, e.want)
	}
}

// A sale counts once, whatever it was paid with: in parts, with nothing, or again after it was given back. One by a separate
// terminal alone is in no proven sum.
func TestASaleCountsOnce(t *testing.T) {
	part := func(stan, minor int64, tender txn.Tender, state txn.State) txn.Attempt {
		a := txn.Attempt{ID: txn.ID(1_000_000 + stan), SaleID: 5, Kind: txn.Sale, Tender: tender, State: state, EndedMs: 1, Amount: money.Amount{Minor: minor, Currency: money.CNY}}
		if state == txn.Voided {
			a.VoidedBy = 1_000_009
		}
		return a
	}
	for name, c := range map[string]struct {
		total, count, amountMinor, given int64
		parts                            []txn.Attempt
	}{
		"two cards and cash":        {100, 1, 100, 0, []txn.Attempt{part(1, 50, txn.Card, txn.Approved), part(2, 30, txn.Card, txn.Approved), part(3, 20, txn.Cash, txn.Approved)}},
		"paid in part":              {100, 0, 50, 0, []txn.Attempt{part(1, 50, txn.Card, txn.Approved)}},
		"0.00":                      {0, 1, 0, 1, nil},
		"a separate terminal alone": {100, 0, 0, 0, []txn.Attempt{part(1, 100, txn.External, txn.Claimed)}},
		"a separate terminal, cash": {100, 1, 40, 0, []txn.Attempt{part(1, 60, txn.External, txn.Claimed), part(2, 40, txn.Cash, txn.Approved)}},
		"a voucher alone":           {100, 0, 0, 0, []txn.Attempt{part(1, 100, txn.Voucher, txn.Claimed)}},
		"a voucher, cash":           {100, 1, 40, 0, []txn.Attempt{part(1, 60, txn.Voucher, txn.Claimed), part(2, 40, txn.Cash, txn.Approved)}},
		"a card that was voided":    {100, 1, 100, 0, []txn.Attempt{part(1, 100, txn.Card, txn.Approved), part(1, 100, txn.Card, txn.Voided)}},
		"nothing taken":             {100, 0, 0, 0, []txn.Attempt{part(1, 100, txn.Card, txn.Declined)}},
	} {
		s := sale.Sale{ID: 5, Currency: money.CNY, TotalMinor: c.total, Lines: []sale.Line{{AmountMinor: c.total}}}
		d, err := txn.OpenBill(txn.SaleOpened{Sale: s, Batch: 1})
		if err != nil {
			t.Fatal(err)
		}
		last := map[txn.ID]txn.Attempt{}
		for _, a := range c.parts {
			if d, err = txn.TakePart(d.After, a); err != nil {
				t.Fatal(err)
			}
			last[a.ID] = a
		}
		sum, err := report.Sum(slices.Collect(maps.Values(last)), []txn.Bill{d.After}, time.UTC)
		if err != nil || sum.Sales.Count != c.count || sum.Sales.AmountMinor != c.amountMinor || sum.Given != c.given {
			t.Errorf("%s: %d sales of %d, %d given, %v", name, sum.Sales.Count, sum.Sales.AmountMinor, sum.Given, err)
		}
	}
}

// A day in which one sale or one attempt was a demonstration says so for ever; one without says nothing.
func TestTotalsSayDemonstration(t *testing.T) {
	a := txn.Attempt{ID: 1_000_001, SaleID: 5, Kind: txn.Sale, Tender: txn.Card, State: txn.Pending, Amount: money.Amount{Minor: 50, Currency: money.CNY}}
	b := txn.Bill{SaleID: 5, State: txn.BillOpen}
	for _, c := range []struct{ attempt, sale bool }{{false, false}, {true, false}, {false, true}} {
		a.Demo, b.Demo = c.attempt, c.sale
		sum, err := report.Sum([]txn.Attempt{a}, []txn.Bill{b}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		kept := report.NewTotals()
		declined := a
		declined.State = txn.Declined
		for _, move := range [][2]txn.Attempt{{{}, a}, {a, declined}} {
			if err := kept.Move(move[0], move[1], time.UTC); err != nil {
				t.Fatal(err)
			}
		}
		kept.MoveSale(txn.Bill{}, b)
		kept.MoveSale(b, b)
		if want := c.attempt || c.sale; sum.Demo != want || kept.Demo != want {
			t.Errorf("attempt %t, sale %t: the sum says %t, the kept totals %t", c.attempt, c.sale, sum.Demo, kept.Demo)
		}
	}
}
