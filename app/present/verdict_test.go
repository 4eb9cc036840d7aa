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

// Money that went back in cash is not said to come to the account, whether it is all of what went back or some of it.
func TestCashThatWentBackIsTold(t *testing.T) {
	a := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved}
	a.Amount.Minor, a.Amount.Currency = 1250, "CNY"
	refund := func(id txn.ID, tender txn.Tender, minor int64) txn.Part {
		return txn.Part{ID: id, Original: 7, Kind: txn.Refund, Tender: tender, State: txn.Approved, AmountMinor: minor}
	}
	for _, c := range []struct {
		name string
		back []txn.Part
		says string
		not  string
	}{
		{"all in cash", []txn.Part{refund(8, txn.Cash, 1250)}, "¥12.50 back in cash", "where it came from"},
		{"some of it, in cash", []txn.Part{refund(8, txn.Cash, 250)}, "¥2.50 of it went back in cash", "where it came from"},
		{"all, in both ways", []txn.Part{refund(8, txn.Cash, 250), refund(9, txn.Card, 1000)}, "¥2.50 back in cash", "comes to it"},
		{"some, in both ways", []txn.Part{refund(8, txn.Cash, 250), refund(9, txn.Card, 100)}, "¥3.50 of it went back: ¥2.50 in cash", "comes to it"},
		{"by card", []txn.Part{refund(8, txn.Card, 250)}, "where it came from", "in cash"},
	} {
		m := txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, State: txn.BillPaid, Total: a.Amount, Parts: append([]txn.Part{{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 1250, Paid: true}}, c.back...)}}
		v := AnyWords("en").Verdict(saysNoSlip, m)
		if !strings.Contains(v.Charged, c.says) || strings.Contains(v.Charged, c.not) {
			t.Errorf("%s: %q", c.name, v.Charged)
		}
	}
}

// A payment that was undone has no paper of the sale that another one paid.
func TestTheLifeOfAnUndonePaymentHasNoReceipt(t *testing.T) {
	undone, paid := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Reversed}, txn.Attempt{ID: 8, Kind: txn.Sale, Tender: txn.Cash, State: txn.Approved}
	b := txn.Bill{SaleID: 3, State: txn.BillPaid, Paper: txn.Printed, Prints: []txn.Print{{ID: 1, Kind: txn.PrintOriginal, Outcome: txn.Printed}},
		Parts: []txn.Part{{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Reversed}, {ID: 8, Kind: txn.Sale, Tender: txn.Cash, State: txn.Approved, Paid: true}}}
	w := AnyWords("en")
	receipts := func(a txn.Attempt) (n int) {
		for _, f := range w.Life(txn.Matter{Attempt: a, Bill: b}) {
			if strings.Contains(f.Value, w.Text("life.print."+string(txn.PrintOriginal))) {
				n++
			}
		}
		return n
	}
	if receipts(undone) != 0 || receipts(paid) != 1 {
		t.Errorf("of the undone one %d, of the paid one %d", receipts(undone), receipts(paid))
	}
	if m := (txn.Matter{Attempt: undone, Bill: b}); m.Paper() != txn.NoPaper {
		t.Errorf("its paper is %s", m.Paper())
	}
	if _, may := txn.NextPaper(txn.Matter{Attempt: undone, Bill: b}); may {
		t.Error("a copy of its receipt is offered")
	}
}

// Each way to pay has a name for what it did.
func TestEachTenderHasATitle(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		for _, tender := range txn.Tenders {
			for _, kind := range txn.Kinds {
				if key := "title." + string(tender) + "-" + string(kind); !AnyWords(language).Has(key) {
					t.Errorf("%s: %s is missing", language, key)
				}
			}
		}
	}
}
