package till_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/hostsim/bank"
	"veratill/txn/journal"
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

// A void is of its payment's card, however that was read: a number that was known for it is no second card's.
func TestAVoidIsNoOtherCard(t *testing.T) {
	c := newCounter(t, "iso87", `{"message":"0200","nth":2,"do":"decline","code":"94"}
		{"message":"0200","nth":2,"do":"decline","code":"94"}`)
	ctx := context.Background()
	paid := c.payCard(1000).Attempt
	if out, err := c.till.Void(ctx, clerk, paid.ID, nil); err != nil || out.Attempt.Reason != txn.NumberTaken {
		t.Fatal(describe(out), err)
	}
	if a := c.payCard(1000).Attempt; a.Reason != txn.NumberTaken {
		t.Fatalf("%s, %s", a.State, a.Reason)
	}
	if _, err := c.till.PayCard(ctx, clerk, c.payment(1000)); err != nil {
		t.Errorf("the same card met both, and stopped cards: %v", err)
	}
}

// unrested are numbers whose STANs need no rest.
type unrested struct{ *journal.Journal }

func (unrested) Rested(context.Context, txn.ID) error { return nil }

// A number that another payment of these books had is undone by nobody, also where the bank compares more than the number.
func TestANumberThatCameBeforeIsUndoneByNobody(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	first := c.payCard(1000).Attempt
	if err := c.journal.Commit(ctx, clerk, txn.Synced, txn.NumbersMoved{To: txn.STANs - 1, Why: txn.NumberWasTaken}); err != nil {
		t.Fatal(err)
	}
	books := till.NewBooks(c.journal, unrested{c.journal}, nil, nil, nil)
	line := acquirer.New(acquirer.Config{Address: c.address, Profile: c.profile, Timeout: c.timeout, MasterKey: masterKey(), Terminal: "T0000001", Merchant: "M00000000000001", Books: books, Compares: true})
	defer line.Close()
	again := till.New(till.Config{Journal: c.journal, Numbers: unrested{c.journal}, Settlements: c.journal, Books: books, Lines: till.Lines{txn.Card: line}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	var last txn.Attempt
	for last.ID <= txn.STANs {
		out, err := again.PayCard(ctx, clerk, c.payment(1000))
		if err != nil || out.Attempt.ID > first.ID+txn.STANs {
			t.Fatal(describe(out), err)
		}
		last = out.Attempt
	}
	if last.ID.STAN() != first.ID.STAN() || last.State != txn.Unresolved || last.Reason != txn.NumberTaken {
		t.Errorf("STAN %d again: %s, %s", last.ID.STAN(), last.State, last.Reason)
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

// heardLate waits until an answer to an attempt that was given up has come.
func (c *counter) heardLate(id txn.ID) txn.Attempt {
	c.t.Helper()
	for range 500 {
		if a := c.attempt(id); a.Late != (txn.Answer{}) {
			return a
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.t.Fatal("no late answer came")
	return txn.Attempt{}
}

// What turns out late to be maybe another's is undone by nobody: 94, and an approval with another amount or with the RRN of another payment of these books.
func TestLateAnswerOfAnotherPayment(t *testing.T) {
	for fields, want := range map[string]struct {
		state  txn.State
		reason txn.Reason
	}{
		`"39":"94"`:                        {txn.Unresolved, txn.NumberTaken},
		`"39":"94","37":"000000000001"`:    {txn.Declined, txn.NumberTaken},
		`"37":"000000000001"`:              {txn.Unresolved, txn.NotOurs},
		`"4":"000000000777"`:               {txn.Unresolved, txn.NotOurs},
		`"39":"10","37":"000000000001"`:    {txn.Unresolved, txn.NotOurs},
		`"39":"94","2":"6228480000000000"`: {txn.Unresolved, txn.NotOurs},
	} {
		c := newCounter(t, "unionpay", `{"message":"0200","nth":2,"do":"delay","seconds":0.7,"fields":{`+fields+`}}`)
		paid := c.payCard(1000).Attempt
		met := c.payCard(1000).Attempt
		if met.State != txn.Reversing {
			t.Fatalf("%s: %s %s", fields, met.State, met.Reason)
		}
		if met = c.heardLate(met.ID); met.State != want.state || met.Reason != want.reason {
			t.Errorf("%s: %s %s, want %s %s", fields, met.State, met.Reason, want.state, want.reason)
		}
		for range 2 { // also after a restart
			c.settle()
			if states := c.states(); states[paid.ID.STAN()] != bank.Approved || states[met.ID.STAN()] != bank.Approved {
				t.Errorf("%s: a payment was undone by a number that may be another's: %v", fields, states)
			}
			c.crash()
		}
		if n := c.journal.Numbers(); n.Why != txn.NumberWasTaken {
			t.Errorf("%s: the numbers moved because of %q", fields, n.Why)
		}
	}
}

// lateAtReady is a line on which a late answer comes when the till makes it ready.
type lateAtReady struct {
	till.Line
	comes func()
}

func (l *lateAtReady) Ready(ctx context.Context) error {
	if comes := l.comes; comes != nil {
		l.comes = nil
		comes()
	}
	return l.Line.Ready(ctx)
}

// A late answer that comes between the till's look at what it owes and the reversal stops the reversal.
func TestLateAnswerBeforeTheReversalLeaves(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":1,"do":"silent"}`)
	met := c.payCard(1000).Attempt
	line := &lateAtReady{Line: c.bank}
	c.before = line
	c.crash()
	line.Line = c.bank
	line.comes = func() {
		c.till.AnsweredLate(met.ID, txn.Verdict{Kind: txn.NumberIsTaken, Answer: txn.Answer{ResponseCode: "94"}})
	}
	c.settle()
	if a := c.attempt(met.ID); a.State != txn.Unresolved || a.Reason != txn.NumberTaken {
		t.Errorf("it is %s, %s", a.State, a.Reason)
	}
	if state := c.states()[met.ID.STAN()]; state != bank.Approved {
		t.Errorf("a reversal left: the bank has it as %s", state)
	}
}

// The answer to a reversal that was under way when a late answer said whose the number may be stops nobody: the till goes on, and the payment stays unknown.
func TestReversalThatALateAnswerOvertook(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":1,"do":"delay","seconds":0.45,"fields":{"4":"000000000777"}}
		{"message":"0400","nth":1,"do":"delay","seconds":0.25}`)
	met := c.payCard(1000).Attempt
	if left, err := c.till.Settle(context.Background()); left != 0 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	if a := c.heardLate(met.ID); a.State != txn.Unresolved || a.Reason != txn.NotOurs || a.Tries != 1 {
		t.Errorf("it is %s, %s after %d reversals", a.State, a.Reason, a.Tries)
	}
	if next := c.payCard(1000).Attempt; next.State != txn.Approved {
		t.Errorf("the next payment is %s", next.State)
	}
}

// An approval that overtakes the refusal before it, in one piece of the line, is not lost: the payment is told as not known.
func TestApprovalOvertakesARefusal(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":1,"do":"decline","code":"51"}`)
	early := txn.Verdict{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "000000000009"}}
	p := c.payment(1000)
	p.Tell = func(stage till.Stage, id txn.ID) {
		if stage == till.Sending {
			c.till.AnsweredLate(id, early)
		}
	}
	out, err := c.till.PayCard(context.Background(), clerk, p)
	if err != nil || out.Attempt.State != txn.Reversing || out.Attempt.Reason != txn.ApprovedLate || out.Attempt.Charged() != txn.ChargedUnknown {
		t.Fatalf("%s, %v", describe(out), err)
	}
	c.settle()
	if a := c.attempt(out.Attempt.ID); a.State != txn.Unresolved || a.Refused == "" { // the bank has refused it, and undoes nothing
		t.Errorf("it is %s, refused %q", a.State, a.Refused)
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
	_, _, err := c.till.CloseDay(ctx, clerk, txn.DayClosed{Batch: day.Batch, Z: 1}, txn.DayOpened{Batch: day.Batch + 1, Currency: "CNY"}, func() ([]byte, error) { return []byte("{}"), nil })
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
	left, err := c.till.Settle(ctx)
	for range 20 { // on a busy computer the bank's answer may come after the time-out
		if left == 0 || err != nil {
			break
		}
		left, err = c.till.Settle(ctx)
	}
	if left != 0 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	if a = c.attempt(a.ID); a.State != txn.Reversed || a.Tries < 2 {
		t.Errorf("it is %s after %d reversals", a.State, a.Tries)
	}
	c.agree()
}

// copied is a copy of a folder.
func copied(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// Books that lost entries, were put back, copied or begun anew are found out by the mark: the numbers move beyond what was used, and no card
// is taken, nor anything undone, before a person has read why. Books that are whole go on, over restarts and days.
func TestMarkFindsOutBooksThatAreNotThose(t *testing.T) {
	for name, lose := range map[string]func(c *counter, old string){
		"an older copy is put back": func(c *counter, old string) { c.dir = old },
		"the books are deleted":     func(c *counter, _ string) { c.dir = c.t.TempDir() },
		"the -wal is gone": func(c *counter, _ string) {
			if err := os.Rename(c.dir+"/"+journal.Name(1)+"-wal", c.t.TempDir()+"/wal"); err != nil {
				c.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounter(t, "iso87", "")
			c.marks = journal.NewMarks(t.TempDir(), nil)
			c.crash()
			c.payCard(1000)
			c.crash()
			if state := c.till.MarkFound().State; state != till.MarkHolds || c.journal.Numbers().Why != "" {
				t.Fatalf("books that are whole: %s, %q", state, c.journal.Numbers().Why)
			}
			old := copied(t, c.dir)
			last := c.payCard(1000).Attempt
			c.bank.Close()
			if err := c.journal.Abandon(); err != nil {
				t.Fatal(err)
			}
			if name == "the -wal is gone" { // as a program that was killed leaves it
				c.dir = copied(t, old)
			}
			lose(c, old)
			c.open()
			if c.till.MarkFound().State != till.MarkDiffers || !c.journal.Numbers().Why.Stops() || c.journal.Numbers().Last < last.ID+txn.NumbersAhead {
				t.Fatalf("%s, %+v", c.till.MarkFound().State, c.journal.Numbers())
			}
			ctx := context.Background()
			if _, err := c.till.PayCard(ctx, clerk, c.payment(1000)); !errors.Is(err, till.ErrNumbers) {
				t.Errorf("a card: %v", err)
			}
			if _, err := c.till.PayCash(ctx, clerk, till.Payment{Sale: c.payment(1000).Sale, ReceivedMinor: 1000}); err != nil {
				t.Errorf("cash: %v", err)
			}
			if err := c.till.NumbersSeen(ctx, clerk); err != nil {
				t.Fatal(err)
			}
			if a := c.payCard(1000).Attempt; a.State != txn.Approved || a.ID <= last.ID+txn.NumbersAhead {
				t.Errorf("after it was read: %s is %s", a.ID, a.State)
			}
			c.crash()
			if state := c.till.MarkFound().State; state != till.MarkHolds {
				t.Errorf("the next start: %s", state)
			}
			for stan, state := range c.states() {
				if state != bank.Approved {
					t.Errorf("STAN %d is %s at the bank", stan, state)
				}
			}
		})
	}
}

// Where no mark is, books that are not new get one, and a backup that was put back leads the numbers far ahead.
func TestNoMark(t *testing.T) {
	c := newCounter(t, "iso87", "")
	c.payCard(1000)
	c.marks = journal.NewMarks(t.TempDir(), nil)
	c.crash()
	if state, n := c.till.MarkFound().State, c.journal.Numbers(); state != till.MarkNew || n.Why != "" {
		t.Errorf("%s, %+v", state, n)
	}
	c.marks = journal.NewMarks(t.TempDir(), nil)
	backup := t.TempDir() + "/books.db"
	if err := c.journal.Backup(context.Background(), backup); err != nil {
		t.Fatal(err)
	}
	if err := c.journal.Close(); err != nil {
		t.Fatal(err)
	}
	if err := journal.Restore(context.Background(), c.dir, backup, journal.Options{}); err != nil {
		t.Fatal(err)
	}
	c.open()
	if state, n := c.till.MarkFound().State, c.journal.Numbers(); state != till.MarkNew || n.Why != txn.BackupRestored || n.Last < 100_000 {
		t.Errorf("a backup that was put back: %s, %+v", state, n)
	}
	if err := c.till.NumbersSeen(context.Background(), clerk); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond) // the clock of the books counts milliseconds
	last := c.payCard(1000).Attempt.ID
	c.marks = journal.NewMarks(t.TempDir(), nil)
	c.crash()
	if n := c.journal.Numbers(); n.Why != "" || n.Last != last {
		t.Errorf("what was sold since knows its numbers: %+v", n)
	}
	unwritable := t.TempDir() + "/file"
	if err := os.WriteFile(unwritable, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.marks = journal.NewMarks(unwritable, nil)
	c.crash()
	if state := c.till.MarkFound().State; state != till.MarkFails {
		t.Errorf("a state folder that can't be: %s", state)
	}
}

// An earlier version kept a mark by the whole name of a line, its address too. It is found: books that were deleted since do not look new.
func TestAMarkOfAnEarlierVersionIsFound(t *testing.T) {
	c := newCounter(t, "iso87", "")
	kept := journal.NewMarks(t.TempDir(), nil)
	c.marks = kept
	c.crash()
	paid := c.payCard(1000).Attempt
	c.crash()
	marks, unreadable, err := kept.Read()
	if err != nil || len(marks) != 1 || len(unreadable) > 0 || marks[0].Line == paid.Line {
		t.Fatalf("%+v of %s, %v, %v", marks, paid.Line, unreadable, err)
	}
	earlier := journal.NewMarks(t.TempDir(), nil)
	marks[0].Line = paid.Line
	if err := earlier.Keep(marks[0], true); err != nil {
		t.Fatal(err)
	}
	c.bank.Close()
	if err := c.journal.Abandon(); err != nil {
		t.Fatal(err)
	}
	c.marks, c.dir = earlier, t.TempDir()
	c.open()
	if c.till.MarkFound().State != till.MarkDiffers || c.journal.Numbers().Last < paid.ID+txn.NumbersAhead {
		t.Errorf("%s, %+v", c.till.MarkFound().State, c.journal.Numbers())
	}
}
