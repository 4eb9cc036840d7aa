package txn_test

import (
	"testing"

	"veratill/txn"
)

// Who asks for paper of a payment gets the one receipt without a mark where it is proved that none came out, and else a
// copy; of a part whose sale is not paid yet, a slip.
func TestNextPaper(t *testing.T) {
	for _, state := range txn.BillStates {
		for _, paper := range txn.Papers {
			b := bill(state, paper)
			want := txn.EventKind("")
			switch {
			case b.WasPaid() && paper == txn.Printing: // one paper after the other
			case state == txn.BillPaid && (paper == txn.NoPaper || paper == txn.NotPrinted):
				want = txn.PrintBegun
			case b.WasPaid():
				want = txn.CopyBegun
			case paper == txn.NoPaper:
				want = txn.SlipBegun
			default:
				continue // only what was paid has paper
			}
			if kind, ok := txn.NextPaper(txn.Matter{Attempt: sample(txn.Approved), Bill: b}); kind != want || ok != (want != "") {
				t.Errorf("%s, paper %s: the next paper is %q, %v, and not %q", state, paper, kind, ok, want)
			}
		}
	}
}

// A void has a slip of its own, whatever became of the receipt of its sale.
func TestNextPaperOfAVoid(t *testing.T) {
	for paper, want := range map[txn.Paper]txn.EventKind{txn.NoPaper: txn.PrintBegun, txn.NotPrinted: txn.PrintBegun,
		txn.Printing: "", txn.Printed: txn.CopyBegun, txn.PaperUnknown: txn.CopyBegun} {
		m := txn.Matter{Attempt: undone(paper), Bill: bill(txn.BillReturned, txn.Printed)}
		if kind, _ := txn.NextPaper(m); kind != want {
			t.Errorf("its slip is %s: the next paper is %q, and not %q", paper, kind, want)
		}
		if m.Paper() != paper || m.Unpapered() != (paper == txn.NoPaper || paper == txn.NotPrinted || paper == txn.Printing) {
			t.Errorf("its slip is %s: told as %s, unpapered %v", paper, m.Paper(), m.Unpapered())
		}
	}
}
