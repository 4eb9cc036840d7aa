package present

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
)

// A verdict says of the money what the journal says: never that it was taken where it was not or nobody knows, and the other way round; and no verdict hands out cash or takes a second payment while nobody knows.
func TestAVerdictSaysWhatTheJournalSays(t *testing.T) {
	for _, words := range []*Words{AnyWords("en"), AnyWords("zh")} {
		rapid.Check(t, func(r *rapid.T) {
			a := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: rapid.SampledFrom(txn.Tenders).Draw(r, "tender"), State: rapid.SampledFrom(txn.States).Draw(r, "state"), OpenedMs: 1, EndedMs: 2}
			a.Amount.Minor, a.Amount.Currency = 1250, "CNY"
			m := txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, Total: a.Amount, Parts: []txn.Part{{ID: 7, Kind: txn.Sale, Tender: a.Tender, State: a.State, AmountMinor: 1250, Paid: true}}}}
			verdict := verdictOf(m)
			want := map[txn.Charged][]string{txn.ChargedYes: {"paid", "kept", "cash", "back", "back-part"}, txn.ChargedNo: {"undone", "refused", "back", "cash"}, txn.ChargedUnknown: {"unknown", "unresolved", "elsewhere", "cleared", "cash"}}
			if !strings.Contains(strings.Join(want[m.Charged()], " "), verdict) {
				r.Fatalf("%s %s: charged %s, and the verdict is %s", a.Tender, a.State, m.Charged(), verdict)
			}
			for _, says := range AllSays {
				v := words.Verdict(says, m)
				for _, text := range []string{v.What, v.Charged, v.Next} {
					if text == "" || strings.HasPrefix(text, "verdict.") || strings.Contains(text, "{") {
						r.Fatalf("%s, %s: %q", verdict, says, text)
					}
				}
			}
			for _, f := range words.Life(m) {
				if strings.Contains(f.Value, "life.") || strings.Contains(f.Value, "{") {
					r.Fatalf("%q", f.Value)
				}
			}
		})
	}
}

// The three cases of the counter, by what the books hold.
func TestTheThreeDisputes(t *testing.T) {
	w := AnyWords("en")
	paid := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved}
	paid.Amount.Minor, paid.Amount.Currency, paid.Answer.RRN = 1250, "CNY", "123456789012"
	of := func(a txn.Attempt) txn.Matter {
		return txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, Total: a.Amount, Parts: []txn.Part{{ID: 7, Kind: txn.Sale, Tender: a.Tender, State: a.State, AmountMinor: 1250, Paid: true}}}}
	}
	undone, asking := paid, paid
	undone.State, asking.State = txn.Reversed, txn.Reversing
	for _, c := range []struct {
		says  Says
		of    txn.Attempt
		wants string
	}{
		{saysNotDebited, paid, "RRN 123456789012"}, {saysDebited, paid, "Hand out the goods"}, {saysNoSlip, paid, "Print a duplicate"},
		{saysDebited, undone, "credit adjustment"}, {saysNotDebited, undone, "no receipt"}, {saysDebited, asking, "neither cash nor goods"},
	} {
		v := w.Verdict(c.says, of(c.of))
		if !strings.Contains(v.Charged+" "+v.Next, c.wants) {
			t.Errorf("%s of a payment that is %s: %q, %q", c.says, c.of.State, v.Charged, v.Next)
		}
	}
}
