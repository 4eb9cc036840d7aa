package till_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/till"
)

// besides is a second till at the bank of the first one, with books of its own and the same terminal number.
func (c *counter) besides(change func(*counter)) *counter {
	c.t.Helper()
	other := &counter{t: c.t, dir: c.t.TempDir(), profile: c.profile, timeout: c.timeout, host: c.host, address: c.address,
		printer: &printer{ready: true, outcome: txn.Printed}}
	if change != nil {
		change(other)
	}
	other.open()
	return other
}

// states are what the bank has of each STAN.
func (c *counter) states() map[int64]bank.State {
	all := map[int64]bank.State{}
	for _, r := range c.host.Rows() {
		all[r.STAN] = r.State
	}
	return all
}

// evidence is what a manager brings.
func evidence(as txn.Finding) txn.Evidence {
	return txn.Evidence{As: as, Document: "letter.pdf", SHA256: strings.Repeat("0", 64), Who: "Li Na"}
}

// A number that another till has used undoes nobody's payment: it is not known, the payment under it stays, the numbers move ahead, and the next
// card is taken. A second one on that day, for another card, stops cards until a person has read why.
func TestAnothersNumberIsLeftAlone(t *testing.T) {
	for _, profile := range []string{"unionpay", "iso87"} {
		first := newCounter(t, profile, "")
		for range 3 {
			first.payCard(1000)
		}
		c := first.besides(nil)
		met := c.payCard(1000).Attempt
		if met.State != txn.Unresolved || met.Reason != txn.NumberTaken || met.Charged() != txn.ChargedUnknown {
			t.Fatalf("%s: %s %s, charged %s", profile, met.State, met.Reason, met.Charged())
		}
		c.settle()
		if next := c.payCard(1000).Attempt; next.ID != met.ID+txn.NumbersAhead+1 || next.State != txn.Approved {
			t.Errorf("%s: the next payment is %s, %s", profile, next.ID, next.State)
		}
		c.crash()
		c.settle()
		if states := first.states(); states[1] != bank.Approved || states[2] != bank.Approved || states[3] != bank.Approved {
			t.Errorf("%s: another's payments are %v", profile, states)
		}
		if n := c.journal.Numbers(); n.Why != txn.NumberWasTaken {
			t.Errorf("%s: the numbers moved because of %q", profile, n.Why)
		}
	}
}

// Two cards that meet numbers which the bank knows, on one day: another till has this terminal number, and a person has to look.
func TestASecondTakenNumberStopsCards(t *testing.T) {
	c := newCounter(t, "iso87", `{"message":"0200","do":"decline","code":"94"}`)
	ctx := context.Background()
	other := c.payment(1000)
	other.Facts.Masked = "622848*********0000"
	if _, err := c.till.PayCard(ctx, clerk, c.payment(1000)); err != nil {
		t.Fatal(err)
	}
	if out, err := c.till.PayCard(ctx, clerk, other); err != nil || out.Attempt.State != txn.Unresolved {
		t.Fatal(describe(out), err)
	}
	for range 2 { // also after a restart
		if _, err := c.till.PayCard(ctx, clerk, c.payment(1000)); !errors.Is(err, till.ErrNumbers) || txn.FaultOf(err).Charged != txn.ChargedNo {
			t.Errorf("a third card: %v", err)
		}
		c.crash()
	}
	if err := c.till.NumbersSeen(ctx, clerk); err != nil {
		t.Fatal(err)
	}
	if _, err := c.till.PayCard(ctx, clerk, c.payment(1000)); err != nil {
		t.Errorf("after a person has read it: %v", err)
	}
	if c.journal.Numbers().Why != txn.NumbersTaken { // the third card met one too
		t.Errorf("the numbers moved because of %q", c.journal.Numbers().Why)
	}
}

// 94 with the RRN of another payment of these books is no charge; an approval with it is not ours, and nothing is undone by a number that
// may be another's.
func TestAnswerOfAnotherPayment(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":2,"do":"decline","code":"94","fields":{"37":"000000000001"}}
		{"message":"0200","nth":2,"do":"answer","fields":{"37":"000000000001"}}`)
	paid := c.payCard(1000).Attempt
	if paid.Answer.RRN != "000000000001" {
		t.Fatalf("the first RRN is %q", paid.Answer.RRN)
	}
	if a := c.payCard(1000).Attempt; a.State != txn.Declined || a.Reason != txn.NumberTaken || a.Charged() != txn.ChargedNo {
		t.Errorf("94 of another: %s %s", a.State, a.Reason)
	}
	a := c.payCard(1000).Attempt
	if a.State != txn.Unresolved || a.Reason != txn.NotOurs || len(c.printer.kinds()) != 1 {
		t.Errorf("an approval of another: %s %s, papers %v", a.State, a.Reason, c.printer.kinds())
	}
	c.settle()
	if states := c.states(); states[paid.ID.STAN()] != bank.Approved {
		t.Errorf("the other payment is %s", states[paid.ID.STAN()])
	}
}

// A bank that compares amount and time undoes what is ours under a number, and tells what is not.
func TestTakenNumberAtABankThatCompares(t *testing.T) {
	c := newCounter(t, "iso87", `{"message":"0200","nth":1,"do":"decline","code":"94"}
		{"message":"0400","nth":1,"do":"decline","code":"64"}`)
	c.compares = true
	c.crash()
	a := c.payCard(1000).Attempt
	if a.State != txn.Reversing || a.Reason != txn.NumberTaken {
		t.Fatalf("%s %s", a.State, a.Reason)
	}
	c.settle()
	if a := c.attempt(a.ID); a.State != txn.Reversed {
		t.Errorf("after 64 it is %s", a.State)
	}
}

// A reversal that the bank refuses stops nobody: the next card is taken, the day closes, and a manager's evidence ends it.
func TestRefusedReversalStopsNobody(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":1,"do":"silent"}
		{"message":"0400","do":"decline","code":"58"}`)
	ctx := context.Background()
	a := c.payCard(1000).Attempt
	if left, err := c.till.Settle(ctx); left != 0 || err != nil {
		t.Fatalf("%d left, %v", left, err)
	}
	if a = c.attempt(a.ID); a.State != txn.Unresolved || a.Refused != "58" || a.Charged() != txn.ChargedUnknown {
		t.Fatalf("%s, refused with %q", a.State, a.Refused)
	}
	if out := c.payCard(1000); out.Attempt.State != txn.Approved {
		t.Errorf("the next card: %s", describe(out))
	}
	day := c.journal.OpenDay()
	_, err := c.till.CloseDay(ctx, clerk, txn.DayClosed{Batch: day.Batch, Z: 1}, txn.DayOpened{Batch: day.Batch + 1, Currency: "CNY"}, func() ([]byte, error) { return []byte("{}"), nil })
	if err != nil {
		t.Errorf("the day: %v", err)
	}
	if err := c.till.Refused(ctx); err != nil {
		t.Fatal(err)
	}
	tries := c.attempt(a.ID).Tries
	c.crash()
	if err := c.till.Refused(ctx); err != nil {
		t.Fatal(err)
	}
	if now := c.attempt(a.ID); now.Tries != tries+1 || now.State != txn.Unresolved {
		t.Errorf("after a start it was asked for %d times more, and is %s", now.Tries-tries, now.State)
	}
	for range 3 { // and then rarely
		if err := c.till.Refused(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if now := c.attempt(a.ID); now.Tries != tries+1 {
		t.Errorf("it is asked for %d times more at once", now.Tries-tries-1)
	}
	out, err := c.till.Resolve(ctx, txn.Actor{By: "Li Na"}, a.ID, evidence(txn.WasKept))
	if err != nil || out.Attempt.State != txn.Kept {
		t.Errorf("%s, %v", describe(out), err)
	}
	if _, err := c.till.Resolve(ctx, clerk, a.ID, evidence(txn.NeverOurs)); err == nil {
		t.Error("what was ended is ended again")
	}
	if kept, err := c.journal.Kept(ctx); err != nil || len(kept) != 1 {
		t.Errorf("%d are kept, %v", len(kept), err)
	}
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// Evidence that the bank made a void marks its payment voided; evidence that it did not leaves it.
func TestEvidenceOfAVoid(t *testing.T) {
	for as, want := range map[txn.Finding]txn.State{txn.WasGivenBack: txn.Voided, txn.WasKept: txn.Approved} {
		c := newCounter(t, "iso87", `{"message":"0200","nth":2,"do":"silent"}
			{"message":"0400","do":"decline","code":"30"}`)
		ctx := context.Background()
		sale := c.payCard(1000).Attempt
		void, err := c.till.Void(ctx, clerk, sale.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.till.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := c.till.Void(ctx, clerk, sale.ID, nil); !errors.Is(err, till.ErrNotVoidable) {
			t.Errorf("a second void while the first is not known: %v", err)
		}
		if _, err := c.till.Resolve(ctx, clerk, void.Attempt.ID, evidence(as)); err != nil {
			t.Fatal(err)
		}
		if a := c.attempt(sale.ID); a.State != want {
			t.Errorf("%s: the payment is %s", as, a.State)
		}
		if _, err := c.journal.Verify(ctx); err != nil {
			t.Error(err)
		}
	}
}

// An approval that comes after "reversed", on a new line and after a restart, opens the reversal again, and the bank is asked until it is undone.
func TestApprovalAfterReversedIsUndone(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":1,"do":"delay","seconds":1.2}`)
	ctx := context.Background()
	a := c.payCard(1000).Attempt
	c.settle()
	if a = c.attempt(a.ID); a.State != txn.Reversed {
		t.Fatalf("it is %s", a.State)
	}
	for range 300 {
		if a = c.attempt(a.ID); a.Late.RRN != "" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if a.Reason != txn.ApprovedLate || a.Late.RRN == "" {
		t.Fatalf("%s %s, late %+v", a.State, a.Reason, a.Late)
	}
	if left, err := c.till.Settle(ctx); left != 0 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	if a = c.attempt(a.ID); a.State != txn.Reversed || a.Tries < 2 {
		t.Errorf("it is %s after %d reversals", a.State, a.Tries)
	}
	c.agree()
}
