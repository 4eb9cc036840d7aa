package books

import (
	"testing"

	"veratill/txn/walletsim"
)

// What the providers have is told as a bank's ledger tells it.
func TestLedgerOfOrders(t *testing.T) {
	attempts := []numbered{{Attempt{STAN: 1, Type: "sale"}, "A"}, {Attempt{STAN: 2, Type: "sale"}, "B"}, {Attempt{STAN: 3, Type: "void"}, "C"}, {Attempt{STAN: 4, Type: "sale"}, "D"}, {Attempt{STAN: 5, Type: "sale"}, "E"},
		{Attempt{STAN: 6, Type: "sale"}, "G"}, {Attempt{STAN: 7, Type: "refund"}, "H"}, {Attempt{STAN: 8, Type: "sale"}, "I"}, {Attempt{STAN: 9, Type: "refund"}, "J"}}
	ledger := ledgerOf(attempts, []walletsim.Order{
		{Number: "A", AmountMinor: 100, State: walletsim.Paid},
		{Number: "B", AmountMinor: 200, State: walletsim.Paid, Backs: []walletsim.Back{{Number: "C", AmountMinor: 200}}},
		{Number: "D", AmountMinor: 300, State: walletsim.Undone},
		{Number: "G", AmountMinor: 300, State: walletsim.Paid, Backs: []walletsim.Back{{Number: "H", AmountMinor: 100}}},
		{Number: "I", AmountMinor: 300, State: walletsim.Paid, Backs: []walletsim.Back{{Number: "J", AmountMinor: 300}, {Number: "K", AmountMinor: 300}}},
		{Number: "F", AmountMinor: 400, State: walletsim.Paid},
	})
	for stan, want := range map[int64]string{1: "approved", 2: "voided", 3: "approved", 4: "declined", 5: "", 6: "approved", 7: "approved", 8: "given back twice"} {
		if got := ledger[stan].State; got != want {
			t.Errorf("STAN %d is %q, want %q", stan, got, want)
		}
	}
	if !hasNumber(attempts, "D") || hasNumber(attempts, "F") {
		t.Error("the order that no attempt has is not told")
	}
}
