package report_test

import (
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
)

// Refunds are a column of their own, by tender too; what is not known is in no sum, and what went through later is the later day's.
func TestRefundsHaveTheirOwnColumn(t *testing.T) {
	refund := func(id txn.ID, tender txn.Tender, state txn.State, minor, endedMs int64) txn.Attempt {
		return txn.Attempt{ID: id, Kind: txn.Refund, Tender: tender, State: state, Paper: txn.Printed, EndedMs: endedMs, Cashier: "01",
			Amount: money.Amount{Minor: minor, Currency: money.CNY}}
	}
	byEvidence := refund(4, txn.Card, txn.Claimed, 4, 50)
	byEvidence.Evidence.As = txn.WasGivenBack
	all := []txn.Attempt{refund(1, txn.Card, txn.Approved, 100, 10), refund(2, txn.Cash, txn.Approved, 20, 10), refund(3, txn.Card, txn.Unresolved, 700, 0), byEvidence,
		refund(5, txn.External, txn.Claimed, 8, 10), refund(6, txn.Card, txn.Declined, 1000, 10), refund(7, txn.External, txn.Pending, 60, 0)}
	sum, err := report.Sum(all, nil, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Refunds != (report.Tally{Count: 3, AmountMinor: 124}) || sum.NetMinor != -124 || sum.RefundsUnknown != (report.Tally{Count: 2, AmountMinor: 760}) || sum.Voids.Count != 0 || sum.Open != 0 {
		t.Errorf("refunds %+v, not known %+v, net %d, voids %+v, open %d", sum.Refunds, sum.RefundsUnknown, sum.NetMinor, sum.Voids, sum.Open)
	}
	if sum.RefundsBy["card"].AmountMinor != 104 || sum.RefundsBy["cash"].AmountMinor != 20 || sum.NotProven.Refunds.AmountMinor != 8 || sum.ByCashier["01"].Refunds.AmountMinor != 124 {
		t.Errorf("by tender %v, not proven %+v, by cashier %+v", sum.RefundsBy, sum.NotProven, sum.ByCashier)
	}
	if late := report.LateRefunds(50, all); len(late) != 1 || late[0].ID != 4 {
		t.Errorf("late: %+v", late)
	}
}

// A payment that a card terminal undid by itself is no sale of the day, and no void takes it off.
func TestWhatItsLineUndidIsNoSale(t *testing.T) {
	sold := txn.Attempt{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, Amount: money.Amount{Minor: 2_500, Currency: money.CNY}}
	undone := sold
	undone.State = txn.Voided
	totals, err := report.Sum(nil, nil, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range [][2]txn.Attempt{{{}, sold}, {sold, undone}} {
		if err := totals.Move(step[0], step[1], time.UTC); err != nil {
			t.Fatal(err)
		}
	}
	if totals.Sales.Count != 0 || totals.NetMinor != 0 || totals.Reversed != 1 {
		t.Errorf("%+v", totals)
	}
}

// What vouchers paid, and what went back as vouchers, is a column of its own: in no takings, and not among what terminals took.
func TestVouchersHaveTheirOwnColumn(t *testing.T) {
	of := func(id txn.ID, kind txn.Kind, tender txn.Tender, state txn.State, minor int64) txn.Attempt {
		a := txn.Attempt{ID: id, Kind: kind, Tender: tender, State: state, Paper: txn.Printed, Amount: money.Amount{Minor: minor, Currency: money.CNY}}
		if state == txn.Voided {
			a.VoidedBy = 3
		}
		return a
	}
	sum, err := report.Sum([]txn.Attempt{of(1, txn.Sale, txn.Voucher, txn.Claimed, 50), of(2, txn.Sale, txn.Voucher, txn.Voided, 30), of(3, txn.Void, txn.Voucher, txn.Claimed, 30),
		of(4, txn.Refund, txn.Voucher, txn.Claimed, 5), of(5, txn.Sale, txn.External, txn.Claimed, 700)}, nil, time.UTC)
	want := report.Split{Sales: report.Tally{Count: 2, AmountMinor: 80}, Voids: report.Tally{Count: 1, AmountMinor: 30}, Refunds: report.Tally{Count: 1, AmountMinor: 5}}
	if sum.ByWordMinor() != 80-30-5+700 {
		t.Errorf("by word %d", sum.ByWordMinor())
	}
	if err != nil || sum.Vouchers != want || sum.NotProven.Sales.AmountMinor != 700 || sum.NetMinor != 0 || len(sum.ByTender) != 0 {
		t.Errorf("vouchers %+v, not proven %+v, net %d, by tender %v, %v", sum.Vouchers, sum.NotProven, sum.NetMinor, sum.ByTender, err)
	}
}

// Cash for what was paid in another way, and for goods whose sale nobody knows, is among the refunds and has a column each.
func TestUnusualRefundsHaveColumns(t *testing.T) {
	of := func(id txn.ID, otherWay, noReceipt bool, minor int64) txn.Attempt {
		return txn.Attempt{ID: id, Kind: txn.Refund, Tender: txn.Cash, State: txn.Approved, Paper: txn.Printed, OtherWay: otherWay, NoReceipt: noReceipt, Amount: money.Amount{Minor: minor, Currency: money.CNY}}
	}
	sum, err := report.Sum([]txn.Attempt{of(1, true, false, 5), of(2, false, true, 7), of(3, false, false, 11)}, nil, time.UTC)
	if err != nil || sum.Refunds != (report.Tally{Count: 3, AmountMinor: 23}) || sum.OtherWay != (report.Tally{Count: 1, AmountMinor: 5}) || sum.NoReceipt != (report.Tally{Count: 1, AmountMinor: 7}) {
		t.Errorf("refunds %+v, in another way %+v, without a receipt %+v, %v", sum.Refunds, sum.OtherWay, sum.NoReceipt, err)
	}
}
