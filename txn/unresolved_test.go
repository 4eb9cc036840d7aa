package txn_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"veratill/txn"
)

// evidence is a complete one.
func evidence(as txn.Finding) txn.Evidence {
	return txn.Evidence{As: as, Document: "letter.pdf", SHA256: strings.Repeat("a", 64), Who: "Li Na"}
}

// refusedOne is an attempt whose reversal the bank has refused.
func refusedOne(kind txn.Kind) txn.Attempt {
	a := sample(txn.Unresolved)
	a.Tries, a.Refused, a.Reason = 3, "58", txn.NoAnswer
	if kind == txn.Void {
		a.Kind, a.Original = txn.Void, 7
	}
	return a
}

// A number that the bank knows makes a payment neither paid nor not charged; nothing is sent for it, and a person hears of it. It is on the
// disk before anything else happens, because a start reverses what it finds pending.
func TestTakenNumberIsNotKnown(t *testing.T) {
	e := txn.Event{Kind: txn.NumberIsTaken, Reason: txn.NumberTaken, Answer: txn.Answer{ResponseCode: "94", RRN: "9"}}
	d := mustStep(t, sample(txn.Pending), e)
	if d.After.State != txn.Unresolved || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN, txn.TellPerson}) {
		t.Errorf("%s, %s, %v", d.After.State, d.Durability, d.Effects)
	}
	if d.After.Charged() != txn.ChargedUnknown || d.After.Open() || !d.After.Owes() || d.After.Answer.RRN != "" {
		t.Errorf("charged %s, open %v, owes %v, its RRN %q", d.After.Charged(), d.After.Open(), d.After.Owes(), d.After.Answer.RRN)
	}
	refused(t, d.After, txn.ReversalRepeated, txn.ReversalDue, txn.ReversalAnswered, txn.BankApproved, txn.PrintBegun)
	restarted := mustStep(t, d.After, event(txn.Restarted))
	if slices.Contains(restarted.Effects, txn.SendReversal) {
		t.Error("a start asks to undo what may be another's")
	}
	late := mustStep(t, d.After, txn.Event{Kind: txn.BankApprovedLate, Answer: txn.Answer{RRN: "8"}})
	if late.After.State != txn.Unresolved || len(late.Effects) != 0 {
		t.Errorf("a late approval makes it %s", late.After.State)
	}
}

// A number that is proved to be another's charged nobody here. A later approval of this payment under it contradicts that, and nothing is sent for it.
func TestAnothersNumberIsNotCharged(t *testing.T) {
	d := mustStep(t, sample(txn.Pending), txn.Event{Kind: txn.NumberIsAnothers, Reason: txn.NumberTaken})
	if d.After.State != txn.Declined || d.Durability != txn.Synced || d.After.Charged() != txn.ChargedNo || !slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN, txn.TellPerson}) {
		t.Errorf("%s, %s, %v", d.After.State, d.Durability, d.Effects)
	}
	doubtful(t, mustStep(t, d.After, event(txn.BankApprovedLate)), txn.NumberTaken)
}

// doubtful fails unless a decision leaves an attempt to a person's evidence, with nothing sent for it.
func doubtful(t *testing.T, d txn.Decision, why txn.Reason) {
	t.Helper()
	a := d.After
	if a.State != txn.Unresolved || a.Reason != why || a.Refused != "" || a.Evidence.As != "" || a.EndedMs != 0 || d.Durability != txn.Synced ||
		!slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN, txn.TellPerson}) {
		t.Errorf("it is %s, %s, refused %q, ended %d, %s, %v", a.State, a.Reason, a.Refused, a.EndedMs, d.Durability, d.Effects)
	}
	if a.Undoes() || a.Charged() != txn.ChargedUnknown {
		t.Errorf("it is asked to be undone %v, charged %s", a.Undoes(), a.Charged())
	}
	refused(t, a, txn.ReversalDue, txn.ReversalRepeated)
	if d := mustStep(t, a, event(txn.Restarted)); slices.Contains(d.Effects, txn.SendReversal) {
		t.Error("a start asks to undo it")
	}
}

// reversing is an attempt that was given up, with its reversal sent.
func reversing() txn.Attempt {
	a := sample(txn.Reversing)
	a.Tries, a.Reason = 2, txn.NoAnswer
	return a
}

// A number that turns out late to be maybe another's stops the reversal, also one that the bank refuses and that is asked for rarely. So does a late
// approval of another payment, which leaves nothing known even of what was refused or undone.
func TestTakenLateStopsTheReversal(t *testing.T) {
	taken := txn.Event{Kind: txn.TakenLate, Reason: txn.NumberTaken, Answer: txn.Answer{ResponseCode: "94"}}
	notOurs := txn.Event{Kind: txn.TakenLate, Reason: txn.NotOurs, Answer: txn.Answer{ResponseCode: "00", RRN: "8"}}
	undone := sample(txn.Reversed)
	undone.Tries, undone.Reason = 1, txn.NoAnswer
	for _, a := range []txn.Attempt{reversing(), refusedOne(txn.Sale), refusedOne(txn.Void)} {
		for _, e := range []txn.Event{taken, notOurs} {
			if d := mustStep(t, a, e); a.Kind == txn.Sale {
				doubtful(t, d, e.Reason)
			} else if d.After.State != txn.Unresolved || d.After.Undoes() {
				t.Errorf("a void becomes %s", d.After.State)
			}
		}
	}
	for _, a := range []txn.Attempt{sample(txn.Declined), undone} {
		doubtful(t, mustStep(t, a, notOurs), txn.NotOurs)
	}
	// A bank that says 94 to the second copy of what it refused, or undid, says nothing new of this attempt.
	refused(t, sample(txn.Declined), txn.AnsweredLate)
	if _, err := txn.Step(sample(txn.Declined), taken); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("94 after a refusal: %v", err)
	}
	for _, s := range []txn.State{txn.Pending, txn.Approved, txn.Voided, txn.Claimed} {
		refused(t, sample(s), txn.TakenLate, txn.AnothersLate)
	}
}

// What was undone by a number that was another's is told to a person, once: this attempt took nothing, and the other customer's payment may be gone.
func TestUndoneByATakenNumberIsTold(t *testing.T) {
	undone := sample(txn.Reversed)
	undone.Tries, undone.Reason = 1, txn.NoAnswer
	for _, kind := range []txn.EventKind{txn.TakenLate, txn.AnothersLate} {
		d := mustStep(t, undone, txn.Event{Kind: kind, Reason: txn.NumberTaken})
		if d.After.State != txn.Reversed || !d.After.Reason.MaybeAnothers() || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.TellPerson}) {
			t.Errorf("%s: %s, %s, %s, %v", kind, d.After.State, d.After.Reason, d.Durability, d.Effects)
		}
		if again := mustStep(t, d.After, txn.Event{Kind: kind, Reason: txn.NumberTaken}); len(again.Effects) != 0 {
			t.Errorf("%s again: %v", kind, again.Effects)
		}
	}
	neverLeft := sample(txn.Reversed)
	neverLeft.Reason = txn.CannotPack
	ended := undone
	ended.Evidence = evidence(txn.NeverOurs)
	for _, a := range []txn.Attempt{neverLeft, ended} {
		if d := mustStep(t, a, txn.Event{Kind: txn.TakenLate, Reason: txn.NumberTaken}); d.After.State != txn.Reversed || d.After.Reason != a.Reason || len(d.Effects) != 0 {
			t.Errorf("%s, evidence %q: %v", a.Reason, a.Evidence.As, d.Effects)
		}
	}
}

// A late 94 that is proved to be of another payment ends the reversal: it charged nobody here.
func TestAnothersLateIsNotCharged(t *testing.T) {
	for _, a := range []txn.Attempt{reversing(), refusedOne(txn.Sale)} {
		d := mustStep(t, a, txn.Event{Kind: txn.AnothersLate, Reason: txn.NumberTaken, Answer: txn.Answer{RRN: "8"}, AtMs: 5})
		if d.After.State != txn.Declined || d.After.Charged() != txn.ChargedNo || d.After.EndedMs != 5 || d.After.Refused != "" || d.Durability != txn.Synced ||
			!slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN, txn.TellPerson}) {
			t.Errorf("%s becomes %s, %s, %v", a.State, d.After.State, d.Durability, d.Effects)
		}
		refused(t, d.After, txn.ReversalAnswered, txn.ReversalRepeated, txn.ReversalDue)
	}
}

// The answer to a reversal that was under way when the 94 came is the bank's word that nothing is taken under the number; in either order the end is the same.
func TestAnswerThatA94Overtook(t *testing.T) {
	taken := txn.Event{Kind: txn.TakenLate, Reason: txn.NumberTaken, Answer: txn.Answer{ResponseCode: "94"}}
	before := mustStep(t, mustStep(t, reversing(), event(txn.ReversalAnswered)).After, taken).After
	after := mustStep(t, mustStep(t, reversing(), taken).After, event(txn.ReversalAnswered)).After
	if before.State != txn.Reversed || after.State != txn.Reversed || before.Reason != after.Reason {
		t.Errorf("%s %s, %s %s", before.State, before.Reason, after.State, after.Reason)
	}
	notOurs := mustStep(t, reversing(), txn.Event{Kind: txn.TakenLate, Reason: txn.NotOurs}).After
	refused(t, notOurs, txn.ReversalAnswered)
	refused(t, mustStep(t, sample(txn.Pending), txn.Event{Kind: txn.NumberIsTaken, Reason: txn.NumberTaken}).After, txn.ReversalAnswered)
}

// A genuine approval of what a manager's evidence called another's leaves it unknown again, and nothing is sent by the doubtful number.
func TestApprovalAfterNeverOurs(t *testing.T) {
	a := mustStep(t, sample(txn.Pending), txn.Event{Kind: txn.NumberIsTaken, Reason: txn.NumberTaken}).After
	a = mustStep(t, a, txn.Event{Kind: txn.Resolved, Evidence: evidence(txn.NeverOurs)}).After
	doubtful(t, mustStep(t, a, event(txn.BankApprovedLate)), txn.NumberTaken)
}

// A genuine approval of what a manager's evidence ended, because these books were not the newest, leaves it unknown again: the newer ones may have printed its receipt, so that no
// reversal leaves, whether one had left before or not.
func TestApprovalAfterEvidenceOnBooksThatDiffer(t *testing.T) {
	for _, a := range []txn.Attempt{sample(txn.Pending), reversing()} {
		for _, as := range []txn.Finding{txn.NeverOurs, txn.WasGivenBack} {
			ended := mustStep(t, mustStep(t, a, event(txn.BooksDiffer)).After, txn.Event{Kind: txn.Resolved, Evidence: evidence(as)}).After
			if ended.State != txn.Reversed {
				t.Fatalf("after evidence it is %s", ended.State)
			}
			doubtful(t, mustStep(t, ended, txn.Event{Kind: txn.BankApprovedLate, Answer: txn.Answer{ResponseCode: "00"}}), txn.BooksDiffered)
		}
	}
}

// Whose number a bank answered about: proved to be another's, ours where the bank compares all, and else not known.
func TestWhoseNumberItIs(t *testing.T) {
	taken, compared := txn.Verdict{Kind: txn.NumberIsTaken}, txn.Verdict{Kind: txn.NumberIsTaken, Compares: true}
	approved, wrong := txn.Verdict{Kind: txn.BankApproved}, txn.Verdict{Kind: txn.GaveUp, Reason: txn.WrongAnswer}
	for name, c := range map[string]struct {
		v    txn.Verdict
		twin txn.ID
		want txn.EventKind
		why  txn.Reason
	}{
		"94":                                           {taken, 0, txn.NumberIsTaken, txn.NumberTaken},
		"94 of another of our payments":                {taken, 5, txn.NumberIsAnothers, txn.NumberTaken},
		"94 where all is compared":                     {compared, 0, txn.GaveUp, txn.NumberTaken},
		"94 of another where all is compared":          {compared, 5, txn.NumberIsAnothers, txn.NumberTaken},
		"an approval":                                  {approved, 0, txn.BankApproved, ""},
		"an approval of another":                       {approved, 5, txn.NumberIsTaken, txn.NotOurs},
		"a wrong answer":                               {wrong, 0, txn.GaveUp, txn.WrongAnswer},
		"a wrong answer of another":                    {wrong, 5, txn.NumberIsTaken, txn.NotOurs},
		"an approval of another amount":                {txn.Verdict{Kind: txn.NumberIsTaken, Reason: txn.NotOurs}, 5, txn.NumberIsTaken, txn.NotOurs},
		"94 with a moment before it was sent":          {txn.Verdict{Kind: txn.NumberIsTaken, Stale: true}, 0, txn.NumberIsTaken, txn.NumberTaken},
		"an approval with a moment before it was sent": {txn.Verdict{Kind: txn.BankApproved, Stale: true}, 0, txn.NumberIsTaken, txn.NotOurs},
		"a refusal with another's RRN":                 {txn.Verdict{Kind: txn.BankDeclined}, 5, txn.BankDeclined, ""},
	} {
		if v := c.v.Number(c.twin); v.Kind != c.want || v.Reason != c.why {
			t.Errorf("%s: %s %s, want %s %s", name, v.Kind, v.Reason, c.want, c.why)
		}
	}
}

// A reversal that the bank refuses is not silence: its code is kept, a person hears of it once, others go on, and it is asked for again, rarely,
// until the bank undoes it.
func TestRefusedReversal(t *testing.T) {
	a := sample(txn.Reversing)
	a.Tries = 1
	d := mustStep(t, a, txn.Event{Kind: txn.ReversalRefused, Answer: txn.Answer{ResponseCode: "58"}})
	if d.After.State != txn.Unresolved || d.After.Refused != "58" || !slices.Equal(d.Effects, []txn.Effect{txn.TellPerson}) || d.After.Charged() != txn.ChargedUnknown {
		t.Errorf("%s, refused %q, %v", d.After.State, d.After.Refused, d.Effects)
	}
	due := mustStep(t, d.After, event(txn.ReversalDue))
	if due.After.Tries != 2 || !slices.Equal(due.Effects, []txn.Effect{txn.SendReversal}) {
		t.Errorf("asked again: %d tries, %v", due.After.Tries, due.Effects)
	}
	for _, kind := range []txn.EventKind{txn.ReversalRefused, txn.ReversalRepeated, txn.ReversalNotSent} {
		if d := mustStep(t, due.After, event(kind)); d.After.State != txn.Unresolved || len(d.Effects) != 0 {
			t.Errorf("%s makes it %s, %v", kind, d.After.State, d.Effects)
		}
	}
	if d := mustStep(t, due.After, event(txn.ReversalAnswered)); d.After.State != txn.Reversed || !slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN}) {
		t.Errorf("undone at last: %s, %v", d.After.State, d.Effects)
	}
	if d := mustStep(t, due.After, event(txn.Restarted)); !slices.Equal(d.Effects, []txn.Effect{txn.TellPerson, txn.SendReversal}) {
		t.Errorf("a start does %v", d.Effects)
	}
}

// An approval after the bank refused, or said that it was undone, opens the reversal again. Where the bank never heard of the attempt, it is another's.
func TestApprovalAfterNoOpensTheReversal(t *testing.T) {
	undoneOnce := sample(txn.Reversed)
	undoneOnce.Tries, undoneOnce.Evidence = 1, evidence(txn.WasGivenBack)
	for _, a := range []txn.Attempt{sample(txn.Declined), undoneOnce} {
		d := mustStep(t, a, txn.Event{Kind: txn.BankApprovedLate, Answer: txn.Answer{RRN: "7"}})
		if d.After.State != txn.Reversing || d.After.Reason != txn.ApprovedLate || d.Durability != txn.Synced || d.After.Late.RRN != "7" || d.After.Evidence.As != "" ||
			!slices.Equal(d.Effects, []txn.Effect{txn.SendReversal, txn.TellPerson}) {
			t.Errorf("%s becomes %s, %s, %v", a.State, d.After.State, d.Durability, d.Effects)
		}
	}
	neverLeft := sample(txn.Reversed)
	neverLeft.Reason = txn.CannotPack
	for _, a := range []txn.Attempt{neverLeft, sample(txn.Reversing), sample(txn.Kept)} {
		if d := mustStep(t, a, event(txn.BankApprovedLate)); d.After.State != a.State || d.After.Late.RRN == "" || len(d.Effects) != 0 {
			t.Errorf("%s becomes %s, %v", a.State, d.After.State, d.Effects)
		}
	}
	for _, s := range []txn.State{txn.Pending, txn.Approved, txn.Voided, txn.Claimed} {
		refused(t, sample(s), txn.BankApprovedLate)
	}
}

// Evidence ends what the bank does not end, and nothing else; it makes no payment, and half of it is none.
func TestEvidence(t *testing.T) {
	for _, c := range []struct {
		kind  txn.Kind
		as    txn.Finding
		state txn.State
	}{
		{txn.Sale, txn.WasGivenBack, txn.Reversed}, {txn.Sale, txn.WasKept, txn.Kept}, {txn.Sale, txn.NeverOurs, txn.Reversed},
		{txn.Void, txn.WasGivenBack, txn.Claimed}, {txn.Void, txn.WasKept, txn.Reversed}, {txn.Void, txn.NeverOurs, txn.Reversed},
	} {
		d := mustStep(t, refusedOne(c.kind), txn.Event{Kind: txn.Resolved, Evidence: evidence(c.as)})
		if d.After.State != c.state || d.After.Evidence.Who != "Li Na" || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN}) {
			t.Errorf("a %s as %s: %s, %v", c.kind, c.as, d.After.State, d.Effects)
		}
		if d.After.Unpapered() || d.After.State == txn.Approved || txn.Allowed(d.After, txn.SlipBegun) && c.kind == txn.Sale {
			t.Errorf("a %s as %s waits for a paper that says paid", c.kind, c.as)
		}
		if !txn.Allowed(d.After, txn.NoteBegun) {
			t.Errorf("of a %s as %s no note is printed", c.kind, c.as)
		}
	}
	if kept := mustStep(t, refusedOne(txn.Sale), txn.Event{Kind: txn.Resolved, Evidence: evidence(txn.WasKept)}).After; kept.Charged() != txn.ChargedYes || kept.Concluded() || kept.Owes() {
		t.Errorf("kept: charged %s, concluded %v, owes %v", kept.Charged(), kept.Concluded(), kept.Owes())
	}
	for name, change := range map[string]func(*txn.Evidence){
		"no finding": func(e *txn.Evidence) { e.As = "" }, "another finding": func(e *txn.Evidence) { e.As = "paid" }, "no document": func(e *txn.Evidence) { e.Document = "" },
		"no hash": func(e *txn.Evidence) { e.SHA256 = "" }, "nobody": func(e *txn.Evidence) { e.Who = "" },
	} {
		e := evidence(txn.WasKept)
		change(&e)
		if _, err := txn.Step(refusedOne(txn.Sale), txn.Event{Kind: txn.Resolved, Evidence: e}); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range txn.States {
		if s != txn.Unresolved && s != txn.Reversing {
			refused(t, sample(s), txn.Resolved)
		}
	}
}

// While it is not known whether a void gave the money back, no second void of that payment begins, and other parts of the sale go on.
func TestNoSecondVoidWhileOneIsUnresolved(t *testing.T) {
	b := txn.Bill{SaleID: 5, Total: sample(txn.Approved).Amount, State: txn.BillPaid, PaidMs: 1, Parts: []txn.Part{
		{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 100, Paid: true},
		{ID: 8, Kind: txn.Void, Tender: txn.Card, State: txn.Unresolved, AmountMinor: 100, Original: 7}}}
	again := sample(txn.Pending)
	again.ID, again.Kind, again.Original = 9, txn.Void, 7
	if _, err := txn.TakePart(b, again); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a second void begins: %v", err)
	}
	payment := sample(txn.Approved)
	payment.ID = 7
	m := txn.Matter{Attempt: payment, Bill: b}
	if m.Charged() != txn.ChargedUnknown {
		t.Errorf("while nobody knows whether it was given back, the customer is charged: %s", m.Charged())
	}
	b.Parts[1].State = txn.Reversed
	if m.Bill = b; m.Charged() != txn.ChargedYes {
		t.Errorf("once it was not given back, the customer is charged: %s", m.Charged())
	}
	if _, err := txn.TakePart(b, again); err != nil {
		t.Errorf("once it is known: %v", err)
	}
	if b.Waits() || b.Doubts(7) {
		t.Error("the sale waits")
	}
}

// While a void is under way nobody knows whether its payment's customer is charged, whatever the till asks for next.
func TestAPaymentWhoseVoidIsUnderWayIsNotKnown(t *testing.T) {
	payment := sample(txn.Approved)
	payment.ID = 7
	for _, state := range txn.States {
		m := txn.Matter{Attempt: payment, Bill: txn.Bill{SaleID: 5, Total: payment.Amount, State: txn.BillPaid, PaidMs: 1, Parts: []txn.Part{
			{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 100, Paid: true},
			{ID: 8, Kind: txn.Void, Tender: txn.Card, State: state, AmountMinor: 100, Original: 7},
			{ID: 9, Kind: txn.Void, Tender: txn.Card, State: txn.Pending, AmountMinor: 100, Original: 6}}}}
		want := txn.ChargedYes
		if state == txn.Pending || state == txn.Reversing || state == txn.Unresolved {
			want = txn.ChargedUnknown
		}
		if got := m.Charged(); got != want {
			t.Errorf("its void is %s, and the customer is charged: %s", state, got)
		}
	}
}

// What a bank's answer can be told by names one payment: zeros and blanks name none.
func TestAnswersAreNamed(t *testing.T) {
	for want, a := range map[string]txn.Answer{
		"":                          {RRN: "000000000000", ApprovalCode: "      ", HostTime: "1128120000"},
		"RRN 12          ":          {RRN: "12          ", ApprovalCode: "A1    "},
		"code A1     at 1128120000": {RRN: "            ", ApprovalCode: "A1    ", HostTime: "1128120000"},
	} {
		if got := a.Name(); got != want {
			t.Errorf("%+v is named %q, want %q", a, got, want)
		}
	}
	if (txn.Answer{ApprovalCode: "A1"}).Name() != "" {
		t.Error("an approval code without its time names a payment")
	}
}
