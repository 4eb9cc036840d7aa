package txn_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// refundOf gives back some of a payment, in a state.
func refundOf(a txn.Attempt, stan, minor int64, state txn.State) txn.Attempt {
	r := voidOf(a, stan, state)
	r.Kind, r.Amount.Minor = txn.Refund, minor
	return r
}

// Rules 13 and 14: whatever happens in whatever order, a refund is never reversed and its request never leaves again; a repeat only leaves where
// the host knows repeats, while it is not known.
func TestARefundIsNeverReversed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		begun := refund(txn.Pending)
		begun.Tender = rapid.SampledFrom([]txn.Tender{txn.Card, txn.External, txn.Cash}).Draw(r, "tender")
		begun.Again = rapid.Bool().Draw(r, "the host knows repeats")
		d, err := txn.Begin(begun)
		if err != nil {
			r.Fatal(err)
		}
		a := d.After
		for step := range rapid.IntRange(1, 40).Draw(r, "steps") {
			e := event(rapid.SampledFrom(txn.EventKinds).Draw(r, "event"))
			e.Outcome, e.PrintID = rapid.SampledFrom(txn.Papers).Draw(r, "outcome"), int64(rapid.IntRange(1, step+1).Draw(r, "print"))
			e.Reason = rapid.SampledFrom(txn.Reasons).Draw(r, "reason")
			e.Evidence.As = rapid.SampledFrom(txn.Findings).Draw(r, "finding")
			d, err := txn.Step(a, e)
			if errors.Is(err, txn.ErrNotAllowed) {
				continue
			}
			if err != nil {
				r.Fatal(err)
			}
			if slices.Contains(d.Effects, txn.SendReversal) || slices.Contains(d.Effects, txn.SendRequest) {
				r.Fatalf("%s while %s: then %v", e.Kind, a.State, d.Effects)
			}
			if slices.Contains(d.Effects, txn.SendRepeat) && (!begun.Again || d.After.State != txn.Unresolved) {
				r.Fatalf("%s while %s: it is repeated, while %s", e.Kind, a.State, d.After.State)
			}
			if a.State != txn.Unresolved && a.State != txn.Pending && a.State != d.After.State && (a.State != txn.Declined || d.After.State != txn.Unresolved) {
				r.Fatalf("%s made of a refund that is %s one that is %s", e.Kind, a.State, d.After.State)
			}
			a = d.After
			if !slices.Contains([]txn.State{txn.Pending, txn.Approved, txn.Declined, txn.Unresolved, txn.Claimed}, a.State) {
				r.Fatalf("a refund is %s", a.State)
			}
			if a.State == txn.Unresolved && a.GivenBack() != txn.GivenBackUnknown || a.Charged() != txn.ChargedUnknown {
				r.Fatalf("while %s it says: given back %s, charged %s", a.State, a.GivenBack(), a.Charged())
			}
		}
	})
}

// Rule 16: only its answer, in time or late, or evidence ends a refund that is not known; a restart and a time-out leave it so.
func TestOnlyItsAnswerOrEvidenceEndsARefund(t *testing.T) {
	ends := map[txn.EventKind]txn.State{txn.BankApprovedLate: txn.Approved, txn.RefusedLate: txn.Declined, txn.AnothersLate: txn.Declined, txn.Resolved: txn.Declined}
	for _, k := range txn.EventKinds {
		d, err := txn.Step(refund(txn.Unresolved), event(k))
		if err != nil {
			continue
		}
		want, ended := ends[k]
		if !ended {
			want = txn.Unresolved
		}
		if d.After.State != want || ended && d.Durability != txn.Synced {
			t.Errorf("%s makes it %s, %s", k, d.After.State, d.Durability)
		}
	}
	for _, why := range []txn.Reason{txn.NumberTaken, txn.NotOurs, txn.BooksDiffered} { // the number may be another's
		a := refund(txn.Unresolved)
		a.Reason = why
		for _, k := range []txn.EventKind{txn.BankApprovedLate, txn.RefusedLate} {
			if d := mustStep(t, a, event(k)); d.After.State != txn.Unresolved {
				t.Errorf("%s: %s makes it %s", why, k, d.After.State)
			}
		}
	}
	e := event(txn.Resolved)
	e.Evidence.As = txn.WasGivenBack
	if d := mustStep(t, refund(txn.Unresolved), e); d.After.State != txn.Claimed || d.After.GivenBack() != txn.GivenBackYes {
		t.Errorf("by evidence it is %s, given back %s", d.After.State, d.After.GivenBack())
	}
	e.Evidence.Who = ""
	if _, err := txn.Step(refund(txn.Unresolved), e); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("evidence for which nobody answers ended it: %v", err)
	}
	for _, k := range []txn.EventKind{txn.GaveUp, txn.Restarted} {
		if d := mustStep(t, refund(txn.Pending), event(k)); d.After.State != txn.Unresolved {
			t.Errorf("%s made it %s", k, d.After.State)
		}
	}
}

// An approval is on the disk before its slip begins; a refusal is kept as well as an approval, because it comes once. An approval after a
// refusal leaves nothing known.
func TestARefundsAnswerIsDurable(t *testing.T) {
	d := mustStep(t, refund(txn.Pending), event(txn.BankApproved))
	if d.After.State != txn.Approved || d.Durability != txn.Synced || !slices.Contains(d.Effects, txn.PrintReceipt) || !slices.Contains(d.Effects, txn.DestroyPAN) {
		t.Errorf("approved: %s, %s, then %v", d.After.State, d.Durability, d.Effects)
	}
	d = mustStep(t, refund(txn.Pending), event(txn.BankDeclined))
	if d.After.State != txn.Declined || d.Durability != txn.Synced || d.After.GivenBack() != txn.GivenBackNo {
		t.Errorf("declined: %s, %s, given back %s", d.After.State, d.Durability, d.After.GivenBack())
	}
	if d = mustStep(t, d.After, event(txn.BankApprovedLate)); d.After.State != txn.Unresolved || d.Durability != txn.Synced {
		t.Errorf("approved after a refusal: %s, %s", d.After.State, d.Durability)
	}
}

// A host that knows repeats is asked again under the same number; one that says that it has something under the number is asked no more.
func TestARefundIsRepeatedWhereItsHostKnowsRepeats(t *testing.T) {
	a := refund(txn.Pending)
	a.Again = true
	d := mustStep(t, a, event(txn.GaveUp))
	if !slices.Contains(d.Effects, txn.SendRepeat) || slices.Contains(d.Effects, txn.DestroyPAN) {
		t.Errorf("given up: %v", d.Effects)
	}
	if d = mustStep(t, d.After, event(txn.RepeatDue)); d.After.Tries != 2 || !slices.Equal(d.Effects, []txn.Effect{txn.SendRepeat}) {
		t.Errorf("due: try %d, %v", d.After.Tries, d.Effects)
	}
	if again := mustStep(t, d.After, event(txn.BankApproved)); again.After.State != txn.Approved {
		t.Errorf("its answer made it %s", again.After.State)
	}
	if d = mustStep(t, d.After, event(txn.NumberIsTaken)); d.After.State != txn.Unresolved || d.After.Again {
		t.Errorf("94 made it %s, asked again %v", d.After.State, d.After.Again)
	}
	for _, k := range []txn.EventKind{txn.RepeatDue, txn.BankApproved, txn.BankDeclined} {
		if _, err := txn.Step(refund(txn.Unresolved), event(k)); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s of a refund that is not repeated: %v", k, err)
		}
	}
}

// A refund that is asked about again moves with its line, and is asked about there; another one has nothing to be asked.
func TestARefundThatIsAskedAboutMoves(t *testing.T) {
	a := refund(txn.Unresolved)
	if _, err := txn.Step(a, event(txn.LineMoved)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("one that is not asked about: %v", err)
	}
	a.Again = true
	d := mustStep(t, a, event(txn.LineMoved))
	if d.After.Line != "another" || d.After.State != txn.Unresolved || !d.After.Again || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.SendRepeat}) {
		t.Errorf("it is %s on %q, %s, then %v", d.After.State, d.After.Line, d.Durability, d.Effects)
	}
	if _, err := txn.Step(d.After, event(txn.LineMoved)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("to the line where it is: %v", err)
	}
}

// paid is a sale of 1.00 in two payments, and both of them.
func paidInTwo() (b txn.Bill, first, second txn.Attempt) {
	return bill(txn.BillPaid, txn.Printed), part(1, txn.Card, 60, txn.Approved), part(2, txn.Card, 40, txn.Approved)
}

// Rule 15, and the compare-and-set: what is under way or not known counts as gone, stops another refund of its payment, and nothing else.
func TestOneRefundOfAPaymentAtATime(t *testing.T) {
	b, first, second := paidInTwo()
	for _, s := range []txn.State{txn.Pending, txn.Unresolved} {
		waits := took(t, b, refundOf(first, 5, 10, s))
		if _, err := txn.TakePart(waits, refundOf(first, 6, 10, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("while one is %s another of its payment began: %v", s, err)
		}
		if _, err := txn.TakePart(waits, voidOf(first, 6, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("while one is %s its payment was voided: %v", s, err)
		}
		if _, err := txn.TakePart(waits, refundOf(second, 6, 40, txn.Pending)); err != nil {
			t.Errorf("while one is %s one of another payment does not begin: %v", s, err)
		}
		if waits.Waits() || waits.Owes() {
			t.Errorf("while one is %s the sale waits: %v, is owed: %v", s, waits.Waits(), waits.Owes())
		}
		if back := waits.BackOf(first.ID); back.UnknownMinor != 10 || back.LeftMinor != 50 {
			t.Errorf("while one is %s: %+v", s, back)
		}
	}
	freed := took(t, b, refundOf(first, 5, 10, txn.Pending), refundOf(first, 5, 10, txn.Declined))
	took(t, freed, refundOf(first, 6, 60, txn.Pending))
}

// While a line has not confirmed that it keeps a part of a sale nothing goes back of it, in whatever way: what the line then undid was never paid.
func TestNothingGoesBackOfWhatIsNotConfirmed(t *testing.T) {
	b, first, second := paidInTwo()
	b.Parts[0].Awaits = true
	cash, goods := refundOf(first, 5, 10, txn.Approved), refundOf(second, 5, 10, txn.Approved)
	cash.Tender, cash.OtherWay = txn.Cash, true
	goods.Tender, goods.Return = txn.Exchange, 1
	b.Returns = []txn.Return{{Number: 1, AmountMinor: 10}}
	for name, back := range map[string]txn.Attempt{"by card": refundOf(first, 5, 10, txn.Pending), "of its other payment": refundOf(second, 5, 10, txn.Pending), "in cash": cash, "for goods": goods} {
		if _, err := txn.TakePart(b, back); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Parts[0].Awaits = false
	took(t, b, cash)
}

// No more goes back of a payment than was paid, and a sale says how much did.
func TestNoMoreGoesBackThanWasPaid(t *testing.T) {
	b, first, second := paidInTwo()
	if _, err := txn.TakePart(b, refundOf(first, 5, 61, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("more than the payment: %v", err)
	}
	b = took(t, b, refundOf(first, 5, 25, txn.Pending), refundOf(first, 5, 25, txn.Approved))
	if b.State != txn.BillReturnedInPart || b.Back() != (txn.Back{RefundedMinor: 25, LeftMinor: 75}) {
		t.Errorf("it is %s, %+v", b.State, b.Back())
	}
	if _, err := txn.TakePart(b, refundOf(first, 6, 36, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("more than is left: %v", err)
	}
	if _, err := txn.TakePart(b, voidOf(first, 6, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a void of what went back in part: %v", err)
	}
	b = took(t, b, refundOf(first, 6, 35, txn.Claimed), refundOf(second, 7, 40, txn.Approved))
	if b.State != txn.BillReturned || b.Back() != (txn.Back{RefundedMinor: 100}) || b.Rest().Minor != 0 {
		t.Errorf("it is %s, %+v, rest %d", b.State, b.Back(), b.Rest().Minor)
	}
	cash := refundOf(first, 8, 1, txn.Approved)
	cash.Tender = txn.Cash
	if _, err := txn.TakePart(bill(txn.BillPaid, txn.Printed), cash); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a card's money went back in cash: %v", err)
	}
	if _, err := txn.TakePart(bill(txn.BillPartPaid, txn.NoPaper), refundOf(first, 8, 1, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a refund of a sale that is not paid: %v", err)
	}
}

// Goods that came back are computed again from what was sold, and no longer count where their money was refused.
func TestAReturnIsAsSold(t *testing.T) {
	sold := sale.Sale{ID: 5, Currency: money.CNY, TotalMinor: 100, Lines: []sale.Line{{Code: "1", Unit: sale.Piece, UnitPriceMinor: 33, QuantityE5: 3 * sale.OneE5, AmountMinor: 100}}}
	b, first, _ := paidInTwo()
	one := []sale.Want{{Line: 0, QuantityE5: sale.OneE5}}
	take := func(b txn.Bill) (txn.Bill, txn.Return) {
		lines, amountMinor, err := sale.Back(sold.Lines, b.Returned(), one)
		if err != nil {
			t.Fatal(err)
		}
		r := txn.Return{Number: len(b.Returns) + 1, Lines: lines, AmountMinor: amountMinor}
		after, err := txn.TakeReturn(b, sold, r)
		if err != nil {
			t.Fatal(err)
		}
		return after, r
	}
	b, r := take(b)
	given := refundOf(first, 5, r.AmountMinor, txn.Pending)
	given.Return = r.Number
	if waits := took(t, b, given); waits.Returned()[0] != sale.OneE5 {
		t.Errorf("%d came back", waits.Returned()[0])
	}
	given.State = txn.Declined
	if refused := took(t, b, given); refused.Returned()[0] != 0 {
		t.Errorf("%d came back, and no money went back for it", refused.Returned()[0])
	}
	r.Number, r.AmountMinor = 2, r.AmountMinor+1
	if _, err := txn.TakeReturn(b, sold, r); !errors.Is(err, txn.ErrImpossible) {
		t.Errorf("a return of more than was paid for it: %v", err)
	}
	given.Return = 3
	if _, err := txn.TakePart(b, given); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a refund of a return that is not there: %v", err)
	}
}

// What follows from each step that a person or a card number waits for.
func TestWhatFollowsFromARefund(t *testing.T) {
	slip := refund(txn.Approved)
	slip.Paper, slip.Prints = txn.Printing, []txn.Print{{ID: 7, Kind: txn.PrintOriginal, Outcome: txn.Printing}}
	if d := mustStep(t, slip, event(txn.Restarted)); d.After.Paper != txn.PaperUnknown || !slices.Equal(d.Effects, []txn.Effect{txn.TellPerson}) {
		t.Errorf("a start with a slip that was begun: paper %s, then %v", d.After.Paper, d.Effects)
	}
	for _, c := range []struct {
		state txn.State
		kind  txn.EventKind
		want  []txn.Effect
	}{
		{txn.Pending, txn.GaveUp, []txn.Effect{txn.DestroyPAN, txn.TellPerson}},
		{txn.Pending, txn.Restarted, []txn.Effect{txn.DestroyPAN, txn.TellPerson}},
		{txn.Unresolved, txn.Restarted, []txn.Effect{txn.TellPerson}},
		{txn.Unresolved, txn.Resolved, []txn.Effect{txn.DestroyPAN}},
		{txn.Unresolved, txn.RefusedLate, []txn.Effect{txn.DestroyPAN, txn.TellPerson}},
	} {
		if d := mustStep(t, refund(c.state), event(c.kind)); !slices.Equal(d.Effects, c.want) {
			t.Errorf("%s while %s: %v, want %v", c.kind, c.state, d.Effects, c.want)
		}
	}
	declined := txn.Verdict{Kind: txn.BankDeclined}
	if late := txn.LateEventOf(txn.Refund, declined).Kind; late != txn.RefusedLate {
		t.Errorf("a refusal that comes late is %s", late)
	}
	if late := txn.LateEventOf(txn.Sale, declined).Kind; late != txn.AnsweredLate {
		t.Errorf("of a sale it is %s", late)
	}
}
