package txn

import (
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn/money"
)

// Any history of events, in any order, keeps the promises: money that was taken is not
// reversed, a receipt without a mark is begun only
// where none can have come out, and no event but the first sends the request.
func FuzzHistory(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		d, err := Begin(Attempt{ID: 1_000_002, Kind: Sale, Tender: Card, Amount: money.Amount{Minor: 1250, Currency: money.CNY}, SaleID: 1})
		if err != nil {
			t.Fatal(err)
		}
		a, paid := d.After, false
		for i := 0; i+1 < len(b) && i < 64; i += 2 {
			e := Event{Kind: EventKinds[int(b[i])%len(EventKinds)], PrintID: int64(b[i+1]%8) + 1, AtMs: int64(i), By: 1_000_003,
				Outcome: Papers[int(b[i+1])%len(Papers)], Reason: Reasons[int(b[i+1])%len(Reasons)]}
			e.Answer.ResponseCode = []string{"00", "05", "11", "94", "", "25"}[int(b[i+1])%6]
			next, err := Step(a, e)
			if err != nil {
				continue
			}
			for _, effect := range next.Effects {
				if effect == SendRequest || paid && effect == SendReversal {
					t.Fatalf("%s after %s: %s", e.Kind, a.State, effect)
				}
				if effect == PrintReceipt && e.Kind == PrintBegun && a.Paper != NoPaper && a.Paper != NotPrinted {
					t.Fatalf("a receipt without a mark is begun though its paper is %s", a.Paper)
				}
			}
			a = next.After
			if paid && a.State != Approved && a.State != Voided {
				t.Fatalf("money that was taken is %s", a.State)
			}
			paid = paid || a.State == Approved
		}
	})
}
