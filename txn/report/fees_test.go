package report_test

import (
	"testing"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
)

// A provider's fee is that of each payment by code that stands or stood, and goes back with what goes back; a line without a rate, a card and what was
// declined have none.
func TestFeesAreOfPaymentsByCode(t *testing.T) {
	of := func(kind txn.Kind, tender txn.Tender, state txn.State, line string, minor int64) txn.Attempt {
		return txn.Attempt{Kind: kind, Tender: tender, State: state, Line: line, Amount: money.Amount{Minor: minor, Currency: money.CNY}}
	}
	fees, err := report.Fees([]txn.Attempt{
		of(txn.Sale, txn.Code, txn.Approved, "wechat", 10_000), of(txn.Sale, txn.Code, txn.Voided, "wechat", 5_000), of(txn.Void, txn.Code, txn.Approved, "wechat", 5_000),
		of(txn.Refund, txn.Code, txn.Approved, "wechat", 2_500), of(txn.Sale, txn.Code, txn.Declined, "wechat", 70_000),
		of(txn.Sale, txn.Code, txn.Approved, "alipay", 10_000), of(txn.Sale, txn.Card, txn.Approved, "wechat", 10_000),
	}, map[string]int64{"wechat": 3_800})
	if want := (report.Tally{Count: 2, AmountMinor: 38 - 10}); err != nil || len(fees) != 1 || fees["wechat"] != want {
		t.Errorf("%+v, %v", fees, err)
	}
}
