package txn_test

import (
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
)

// STANs run on over everything, are never one of those for messages without money, and begin anew after the last one.
func TestSTANsRunOn(t *testing.T) {
	for id, want := range map[txn.ID]int64{0: 0, 1: 1, 42: 42, 998_999: 998_999, 999_000: 1, 2*txn.STANs + 7: 7} {
		if got := id.STAN(); got != want {
			t.Errorf("attempt %s has STAN %d, want %d", id, got, want)
		}
	}
	if txn.FirstNetworkSTAN != 999_000 {
		t.Errorf("messages without money begin at %d", txn.FirstNetworkSTAN)
	}
}

// The newest attempt of a STAN has that STAN, is not beyond the last one, and the next with it would be.
func TestNewestOfASTAN(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		last, stan := txn.ID(rapid.Int64Range(0, 5*txn.STANs).Draw(r, "last")), rapid.Int64Range(-3, txn.STANs+3).Draw(r, "STAN")
		id := txn.Newest(last, stan)
		switch {
		case id == 0:
			if stan >= 1 && stan <= txn.STANs && txn.ID(stan) <= last {
				r.Fatalf("STAN %d is not found up to %s", stan, last)
			}
		case id.STAN() != stan || id > last || id+txn.STANs <= last:
			r.Fatalf("the newest of STAN %d up to %s is %s", stan, last, id)
		}
	})
}

// A reason that stops cards stays until somebody has seen it, whatever warning follows.
func TestAWarningHidesNoStop(t *testing.T) {
	n := txn.Numbers{Last: 5}.Move(txn.NumbersMoved{To: 1005, Why: txn.OtherBooks, AtMs: 1})
	n = n.Move(txn.NumbersMoved{To: 2005, Why: txn.NumberWasTaken, AtMs: 2})
	if n != (txn.Numbers{Last: 2005, Why: txn.OtherBooks, AtMs: 1}) {
		t.Errorf("%+v", n)
	}
	if n = n.Seen(); n != (txn.Numbers{Last: 2005}) {
		t.Errorf("after it was seen: %+v", n)
	}
	for _, why := range txn.NumberWhys {
		if stops := why != txn.NumberWasTaken; why.Stops() != stops {
			t.Errorf("%s stops cards: %v", why, why.Stops())
		}
	}
}

// A restored backup of unknown use leads the numbers further ahead than a shop can have sold.
func TestAheadOfABackup(t *testing.T) {
	const day = 24 * 60 * 60 * 1000
	for ageMs, want := range map[int64]txn.ID{-day: 100_000, 0: 100_000, day: 100_000, 20 * day: 100_000, 20*day + 1: 105_000, 100 * day: 500_000, 180 * day: 900_000, 500 * day: 900_000, 1 << 62: 900_000} {
		if got := txn.AheadOfBackup(ageMs); got != want {
			t.Errorf("%d ms: %s, want %s", ageMs, got, want)
		}
	}
}
