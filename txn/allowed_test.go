package txn_test

import (
	"testing"

	"veratill/txn"
)

// Who asks for paper gets the one receipt without a mark where it is proved that none came out, and else a copy.
func TestNextPaper(t *testing.T) {
	for _, state := range txn.States {
		for _, paper := range txn.Papers {
			if !possible(state, paper) {
				continue
			}
			want := txn.EventKind("")
			switch taken := state == txn.Approved || state == txn.Claimed; {
			case paper == txn.Printing: // one paper after the other
			case taken && (paper == txn.NoPaper || paper == txn.NotPrinted):
				want = txn.PrintBegun
			case taken, state == txn.Voided:
				want = txn.CopyBegun
			}
			if kind, ok := txn.NextPaper(sample(state, paper)); kind != want || ok != (want != "") {
				t.Errorf("%s, paper %s: the next paper is %q, %v, and not %q", state, paper, kind, ok, want)
			}
		}
	}
}
