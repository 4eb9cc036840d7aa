package present

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/messages"
)

// A verdict says of the money what the journal says: never that it was taken where it was not or nobody knows, and the other way round; and no verdict hands out cash or takes a second payment while nobody knows.
func TestAVerdictSaysWhatTheJournalSays(t *testing.T) {
	for _, words := range []*Words{AnyWords("en"), AnyWords("zh")} {
		rapid.Check(t, func(r *rapid.T) {
			a := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: rapid.SampledFrom(txn.Tenders).Draw(r, "tender"), State: rapid.SampledFrom(txn.States).Draw(r, "state"), OpenedMs: 1, EndedMs: 2}
			a.Amount.Minor, a.Amount.Currency = 1250, "CNY"
			m := txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, Total: a.Amount, Parts: []txn.Part{{ID: 7, Kind: txn.Sale, Tender: a.Tender, State: a.State, AmountMinor: 1250, Paid: true}}}}
			of := Affair{Matter: m}
			verdict := verdictOf(of)
			want := map[txn.Charged][]string{txn.ChargedYes: {"paid", "kept", "back", "back-part"}, txn.ChargedNo: {"undone", "refused", "back"}, txn.ChargedUnknown: {"unknown", "unresolved"}}[m.Charged()]
			switch {
			case a.Tender.AtOnce(): // no bank has ever heard of it
				want = []string{string(a.Tender), string(a.Tender) + "-back"}
			case a.Tender == txn.External: // by a person's word, whatever it is
				want = []string{"elsewhere", "elsewhere-refused", "elsewhere-open", "elsewhere-back"}
			}
			if !slices.Contains(want, verdict) {
				r.Fatalf("%s %s: charged %s, and the verdict is %s", a.Tender, a.State, m.Charged(), verdict)
			}
			for _, says := range AllSays {
				v := words.Verdict(says, of)
				for _, text := range []string{v.What, v.Charged, v.Next} {
					if text == "" || strings.HasPrefix(text, "verdict.") || strings.Contains(text, "{") {
						r.Fatalf("%s, %s: %q", verdict, says, text)
					}
				}
			}
			for _, f := range words.Life(of) {
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
		v := w.Verdict(c.says, Affair{Matter: of(c.of)})
		if !strings.Contains(v.Charged+" "+v.Next, c.wants) {
			t.Errorf("%s of a payment that is %s: %q, %q", c.says, c.of.State, v.Charged, v.Next)
		}
	}
}

// Money that went back in cash or in goods is not said to come to the account, whether it is all of what went back or some of it; what is not known is not said to have gone back.
func TestTheWayBackIsTold(t *testing.T) {
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
		{"all, in both ways", []txn.Part{refund(8, txn.Cash, 250), refund(9, txn.Card, 1000)}, "¥2.50 in cash, here; ¥10.00 to where it came from", "comes to it"},
		{"some, in both ways", []txn.Part{refund(8, txn.Cash, 250), refund(9, txn.Card, 100)}, "¥3.50 of it went back: ¥2.50 in cash, here; ¥1.00 to where it came from", "comes to it"},
		{"all in goods", []txn.Part{refund(8, txn.Exchange, 1250)}, "took others for ¥12.50", "where it came from"},
		{"some of it, in goods", []txn.Part{refund(8, txn.Exchange, 250)}, "For ¥2.50 of it you brought goods back", "where it came from"},
		{"all, in three ways", []txn.Part{refund(8, txn.Exchange, 250), refund(9, txn.Card, 900), refund(10, txn.Cash, 100)}, "¥2.50 in other goods; ¥9.00 to where it came from; ¥1.00 in cash", "comes to it"},
		{"in goods and in cash", []txn.Part{refund(8, txn.Exchange, 250), refund(9, txn.Cash, 1000)}, "¥2.50 in other goods; ¥10.00 in cash", "where it came from"},
		{"nobody knows yet", []txn.Part{{ID: 8, Original: 7, Kind: txn.Refund, Tender: txn.Card, State: txn.Unresolved, AmountMinor: 250}}, "do not know yet whether it went through", "¥0.00"},
		{"by card", []txn.Part{refund(8, txn.Card, 250)}, "where it came from", "in cash"},
	} {
		m := txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, State: txn.BillPaid, Total: a.Amount, Parts: append([]txn.Part{{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 1250, Paid: true}}, c.back...)}}
		v := AnyWords("en").Verdict(saysNoSlip, Affair{Matter: m})
		if !strings.Contains(v.Charged, c.says) || strings.Contains(v.What+v.Charged, c.not) {
			t.Errorf("%s: %q, %q", c.name, v.What, v.Charged)
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
		for _, f := range w.Life(Affair{Matter: txn.Matter{Attempt: a, Bill: b}}) {
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

// What no bank ever had is not called approved by one; what a person said of a terminal is told as they said it, and once it went back it is not called paid.
func TestAPaymentThatNoBankTookIsToldAsItWas(t *testing.T) {
	w := AnyWords("en")
	for _, c := range []struct {
		name    string
		tender  txn.Tender
		state   txn.State
		cleared bool
		back    txn.State // of a refund of all of it; empty is none
		verdict string
		says    string
		not     string
	}{
		{"the terminal declined it", txn.External, txn.Declined, false, "", "elsewhere-refused", "declined", "It was paid"},
		{"nobody has said yet", txn.External, txn.Pending, false, "", "elsewhere-open", "We look up", "It was paid"},
		{"claimed", txn.External, txn.Claimed, false, "", "elsewhere", "beside the till", "You did pay"},
		{"claimed and cleared", txn.External, txn.Claimed, true, "", "cleared", "You did pay", "went back"},
		{"cleared and given back", txn.External, txn.Claimed, true, txn.Claimed, "elsewhere-back", "What went back of it: ¥12.50 at the terminal", "You did pay"},
		{"voided at the terminal", txn.External, txn.Voided, true, "", "elsewhere-back", "¥12.50 at the terminal", "You did pay"},
		{"a refund that nobody has said", txn.External, txn.Claimed, false, txn.Pending, "elsewhere-back", "whether it went back", "¥0.00"},
		{"a voucher", txn.Voucher, txn.Claimed, false, "", "voucher", "paper voucher", "terminal"},
		{"a voucher that went back", txn.Voucher, txn.Claimed, false, txn.Claimed, "voucher-back", "¥12.50 as a voucher", "terminal"},
		{"goods", txn.Exchange, txn.Approved, false, "", "exchange", "goods that came back", "bank"},
		{"cash that went back", txn.Cash, txn.Approved, false, txn.Approved, "cash-back", "¥12.50 in cash", "where it came from"},
	} {
		a := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: c.tender, State: c.state, OpenedMs: 1}
		a.Amount.Minor, a.Amount.Currency = 1250, "CNY"
		if c.cleared {
			a.Cleared = strings.Repeat("a", 64)
		}
		parts := []txn.Part{{ID: 7, Kind: txn.Sale, Tender: c.tender, State: c.state, AmountMinor: 1250, Paid: true}}
		if c.back != "" {
			parts = append(parts, txn.Part{ID: 8, Original: 7, Kind: txn.Refund, Tender: c.tender, State: c.back, AmountMinor: 1250})
		}
		of := Affair{Matter: txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, Total: a.Amount, Parts: parts}}}
		v := w.Verdict(saysDebited, of)
		if said := v.What + " " + v.Charged + " " + v.Next; verdictOf(of) != c.verdict || !strings.Contains(v.Charged, c.says) || strings.Contains(said, c.not) {
			t.Errorf("%s is %s: %q", c.name, verdictOf(of), said)
		}
	}
}

// Where the bank's files say something else than the books, the customer hears that, and the bank is told no other thing.
func TestWhatTheFilesSayIsTold(t *testing.T) {
	for _, c := range []struct {
		state   txn.State
		class   clearing.Class
		claim   txn.Claim
		verdict string
		stance  Stance
		says    string
		not     string
	}{
		{txn.Reversed, clearing.Kept, txn.ClaimDebited, "file-kept", StanceRight, "You are right", "comes back by itself"},
		{txn.Declined, clearing.Kept, txn.ClaimDebited, "file-kept", StanceRight, "You are right", "the bank gives it back"},
		{txn.Voided, clearing.Kept, txn.ClaimNoRefund, "file-kept", StanceRight, "You are right", "The money went back"},
		{txn.Approved, clearing.Twice, txn.ClaimTwice, "file-twice", StanceRight, "took it twice", "Your slip is right"},
		{txn.Approved, clearing.Twice, txn.ClaimNotMe, "file-twice", StanceAsk, "took it twice", "Your slip is right"},
		{txn.Approved, clearing.Refused, txn.ClaimLate, "file-refused", StanceAsk, "nothing was taken", "You did pay"},
		{txn.Approved, clearing.State, txn.ClaimNoRefund, "file-back", StanceAsk, "gave some or all of it back", "You did pay"},
		{txn.Approved, clearing.Amount, txn.ClaimAmount, "file-differs", StanceRight, "¥99.00", "You did pay"},
		{txn.Approved, clearing.Amount, txn.ClaimSlip, "file-differs", StanceAsk, "¥99.00", "You did pay"},
		{txn.Approved, clearing.Matched, txn.ClaimSlip, "paid", StanceEvidence, "You did pay", "ask the bank today"},
		{txn.Approved, clearing.Timing, txn.ClaimSlip, "paid", StanceEvidence, "You did pay", "ask the bank today"},
		{txn.Unresolved, clearing.Unknown, txn.ClaimDebited, "unresolved", StanceAsk, "The bank took your money", "comes back"},
		{txn.Reversing, clearing.Unknown, txn.ClaimDebited, "unknown", StanceAsk, "do not pay again", "comes back"},
	} {
		a := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: c.state, OpenedMs: 1, EndedMs: 2}
		a.Amount.Minor, a.Amount.Currency = 1250, "CNY"
		item := clearing.Item{Key: "attempt 7", Attempt: 7, Kind: txn.Sale, Class: c.class, BankMinor: 9900, Rows: []clearing.Row{{At: time.UnixMilli(86_400_000), Currency: "CNY", RRN: "000000000042"}}}
		of := Affair{Matter: txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, Total: a.Amount, Parts: []txn.Part{{ID: 7, Kind: txn.Sale, Tender: a.Tender, State: a.State, AmountMinor: 1250, Paid: true}}}},
			Filed: Filed{Items: []FiledItem{{clearing.Item{Key: "again", Attempt: 7, Class: clearing.TwiceInFile}, ""}, {item, "bill.csv"}}}}
		for _, language := range []string{"zh", "en"} {
			w := AnyWords(language)
			v := w.Verdict(saysDebited, of)
			if verdictOf(of) != c.verdict || StanceOf(c.claim, of) != c.stance {
				t.Errorf("%s, and %s in the file: %s, %s", c.state, c.class, verdictOf(of), StanceOf(c.claim, of))
			}
			if slip := w.Verdict(saysNotDebited, of); c.claim != txn.ClaimSlip && language == "en" && strings.Contains(slip.Charged, "You are right") {
				t.Errorf("who says that nothing was taken hears %q", slip.Charged)
			}
			if language == "en" && (!strings.Contains(v.Charged, c.says) || strings.Contains(v.Charged, c.not)) {
				t.Errorf("%s, and %s in the file: %q", c.state, c.class, v.Charged)
			}
			told := false
			for _, f := range w.Life(of) {
				told = told || strings.Contains(f.Value, "bill.csv") && f.Label == w.moment(86_400_000)
			}
			if !told || strings.Contains(v.What+v.Charged+v.Next, "{") || strings.Contains(v.What, "verdict.") {
				t.Errorf("%s: what the file has is not among %v, or a word is missing: %+v", c.class, w.Life(of), v)
			}
		}
	}
}

// What undid a payment, or gave money of it back, stands in its life with its moment, in the order in which it happened.
func TestTheLifeOfAPaymentIsInItsOrder(t *testing.T) {
	a := txn.Attempt{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Reversed, Tries: 2, OpenedMs: 1000, EndedMs: 9000}
	a.Amount.Minor, a.Amount.Currency = 1250, "CNY"
	back := txn.Attempt{ID: 8, Original: 7, Kind: txn.Refund, Tender: txn.Card, State: txn.Declined, OpenedMs: 11_000, EndedMs: 12_000}
	said := func(atMs int64, way messages.Way, kind, verdict string) messages.Message {
		return messages.Message{Attempt: 7, AtMs: atMs, Way: way, Kind: kind, Verdict: verdict, Fields: []messages.Field{{Name: "DE39 response code", Value: "00"}}}
	}
	of := Affair{Matter: txn.Matter{Attempt: a, Bill: txn.Bill{SaleID: 3, Total: a.Amount, Parts: []txn.Part{{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Reversed, AmountMinor: 1250}, {ID: 8, Original: 7, Kind: txn.Refund, Tender: txn.Card, State: txn.Declined, AmountMinor: 100}}}},
		Parts:    []txn.Attempt{a, back},
		Messages: []messages.Message{said(1500, messages.Sent, "0200", ""), said(2000, messages.Nothing, "", "no answer"), said(3000, messages.Sent, "0400", ""), said(4000, messages.Nothing, "", "no answer"), said(8000, messages.Sent, "0400", ""), said(8500, messages.Received, "0410", "reversal answered")}}
	w := AnyWords("en")
	var got []string
	for _, f := range w.Life(of) {
		got = append(got, f.Label+" "+f.Value)
	}
	want := []string{w.moment(1000) + " Begun, ¥12.50", w.moment(3000) + " 2 reversals sent", w.moment(8500) + " Answer to the reversal · 00 reversed", w.moment(9000) + " " + w.Text("state.reversed"),
		w.moment(12_000) + " Card refund · ¥1.00 · " + w.Text("state.declined")}
	if !slices.Equal(got, want) {
		t.Errorf("%q, and not %q", got, want)
	}
}
