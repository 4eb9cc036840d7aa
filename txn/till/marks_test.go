package till_test

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"testing"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/journal"
	"veratill/txn/till"
)

// marked is a counter that keeps marks, with one payment in its books.
func marked(t *testing.T, script string) *counter {
	t.Helper()
	c := newCounter(t, "iso87", script)
	c.marks = journal.NewMarks(t.TempDir(), nil)
	c.crash()
	c.payCard(1000)
	return c
}

// asItWasAtTheRequest is a copy of the folder from the moment when the next payment is durable and its request has not left.
func (c *counter) asItWasAtTheRequest() (old string, paid txn.Attempt) {
	c.t.Helper()
	p := c.payment(1000)
	p.Tell = func(stage till.Stage, _ txn.ID) {
		if stage == till.Sending {
			old = copied(c.t, c.dir)
		}
	}
	out, err := c.till.PayCard(context.Background(), clerk, p)
	if err != nil {
		c.t.Fatal(err)
	}
	if out.Paper != nil {
		<-out.Paper
	}
	return old, out.Attempt
}

// putBack starts the till on another folder, as if the books were that one.
func (c *counter) putBack(dir string) {
	c.t.Helper()
	c.bank.Close()
	if err := c.journal.Abandon(); err != nil {
		c.t.Fatal(err)
	}
	c.dir = dir
	c.open()
}

// leftAlone fails unless an attempt is unresolved because the books differ, and stays so whatever the till does, also after a restart.
func (c *counter) leftAlone(paid txn.Attempt) {
	c.t.Helper()
	ctx := context.Background()
	for range 2 {
		if a := c.attempt(paid.ID); a.State != txn.Unresolved || a.Reason != txn.BooksDiffered || a.Charged() != txn.ChargedUnknown {
			c.t.Fatalf("what was open is %s, %s, charged %s", a.State, a.Reason, a.Charged())
		}
		if left, err := c.till.Settle(ctx); left != 0 || err != nil {
			c.t.Errorf("%d left, %v", left, err)
		}
		if err := c.till.Refused(ctx); err != nil {
			c.t.Error(err)
		}
		if moved, err := c.till.LineMoved(ctx, clerk, tellNobody); moved != 0 || err != nil {
			c.t.Errorf("%d moved, %v", moved, err)
		}
		if err := c.till.NumbersSeen(ctx, clerk); err != nil {
			c.t.Fatal(err)
		}
		c.payCard(1000)
		c.crash()
	}
	if state := c.states()[paid.ID.STAN()]; state != bank.Approved {
		c.t.Errorf("the bank has it %s", state)
	}
	if _, err := c.journal.Verify(ctx); err != nil {
		c.t.Error(err)
	}
}

// Books that have lost an approval which is printed, or were put back from before it, undo nothing: what is open in them is not known, at
// once, for good, and until a manager brings evidence. So it is where the mark is gone, or where nobody can read it.
func TestBooksThatDifferUndoNothing(t *testing.T) {
	for name, c := range map[string]struct {
		marks func(c *counter)
		want  till.MarkState
	}{
		"the mark differs": {func(*counter) {}, till.MarkDiffers},
		"the mark is gone": {func(c *counter) { c.marks = journal.NewMarks(c.t.TempDir(), nil) }, till.MarkNew},
		"the mark can't be read": {func(c *counter) {
			if err := os.WriteFile(c.till.MarkFound().File, []byte("garbage"), 0o600); err != nil {
				c.t.Fatal(err)
			}
		}, till.MarkUnreadable},
		"the mark can't be kept": {func(c *counter) {
			file := c.t.TempDir() + "/file"
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				c.t.Fatal(err)
			}
			c.marks = journal.NewMarks(file, nil)
		}, till.MarkFails},
	} {
		t.Run(name, func(t *testing.T) {
			counter := marked(t, "")
			old, paid := counter.asItWasAtTheRequest()
			if paid.State != txn.Approved || len(counter.printer.kinds()) != 2 {
				t.Fatalf("%s, papers %v", paid.State, counter.printer.kinds())
			}
			c.marks(counter)
			counter.putBack(old)
			if found := counter.till.MarkFound(); found.State != c.want {
				t.Fatalf("%+v", found)
			}
			counter.leftAlone(paid)
			out, err := counter.till.Resolve(context.Background(), clerk, paid.ID, evidence(txn.WasKept))
			if err != nil || out.Attempt.State != txn.Kept {
				t.Errorf("%s, %v", describe(out), err)
			}
		})
	}
}

// What the bank refused to undo is not asked for again in books that differ: under its number they may hold another's payment.
func TestBooksThatDifferAskForNoRefusedReversal(t *testing.T) {
	c := marked(t, `{"message":"0200","nth":2,"do":"silent"}
		{"message":"0400","do":"decline","code":"30"}`)
	a := c.payCard(1000).Attempt
	c.settle()
	if a = c.attempt(a.ID); a.Refused != "30" {
		t.Fatalf("%s, refused with %q", a.State, a.Refused)
	}
	old := copied(t, c.dir)
	c.payCard(1000)
	c.putBack(old)
	if err := c.till.Refused(context.Background()); err != nil {
		t.Fatal(err)
	}
	if now := c.attempt(a.ID); now.State != txn.Unresolved || now.Reason != txn.BooksDiffered || now.Tries != a.Tries {
		t.Errorf("%s, %s, asked for %d times more", now.State, now.Reason, now.Tries-a.Tries)
	}
}

// A receipt that waits for the printer in books that differ may be out: it comes as a marked copy, if a person asks for it.
func TestBooksThatDifferPrintNoSecondReceipt(t *testing.T) {
	c := marked(t, "")
	c.printer.ready = false
	out := c.payCard(1000)
	old := copied(t, c.dir)
	c.printer.ready = true
	_, paper, err := c.till.Reprint(context.Background(), clerk, out.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	<-paper
	c.putBack(old)
	if _, paper, err = c.till.Reprint(context.Background(), clerk, out.Attempt.ID); err != nil {
		t.Fatal(err)
	}
	<-paper
	if kinds := c.printer.kinds(); !slices.Equal(kinds, []txn.PrintKind{txn.PrintOriginal, txn.PrintOriginal, txn.PrintRepeat}) {
		t.Errorf("papers: %v", kinds)
	}
}

// The mark has the approval, and its receipt's intent, before the first byte of paper: books that lose them later are found out. It is never
// ahead of what is durable, which a power cut can't take.
func TestMarkIsThereBeforeThePaper(t *testing.T) {
	c := marked(t, "")
	began := 0
	c.printer.begun = func() {
		began++
		marks, _, err := c.marks.Read()
		if seq, _ := c.journal.Durable(); err != nil || len(marks) != 1 || marks[0].Entry != seq {
			t.Errorf("the marks are %+v, the books at %d: %v", marks, seq, err)
		}
	}
	id := c.payCard(1000).Attempt.ID
	_, paper, err := c.till.Reprint(context.Background(), clerk, id)
	if err != nil {
		t.Fatal(err)
	}
	<-paper
	if _, err := c.till.PayCash(context.Background(), clerk, till.Payment{Sale: c.payment(1000).Sale, ReceivedMinor: 1000}); err != nil {
		t.Fatal(err)
	}
	c.till.WaitForPaper()
	if began != 3 {
		t.Errorf("%d papers", began)
	}
}

// The mark has a number before its request leaves: books that were put back from before it give it to nobody again, whatever came of it.
func TestMarkHasTheNumberBeforeItsRequest(t *testing.T) {
	c := marked(t, `{"message":"0200","nth":2,"do":"silent"}`)
	old := copied(t, c.dir)
	asked := c.payCard(1000).Attempt
	c.putBack(old)
	if found, n := c.till.MarkFound(), c.journal.Numbers(); found.State != till.MarkDiffers || n.Last < asked.ID+txn.NumbersAhead {
		t.Errorf("%+v, %+v", found, n)
	}
}

// An approval that the screen says, and that waits for the printer, is in the mark as well.
func TestMarkHasAnApprovalWithoutPaper(t *testing.T) {
	c := marked(t, "")
	c.printer.ready = false
	old, paid := c.asItWasAtTheRequest()
	c.putBack(old)
	if found := c.till.MarkFound(); found.State != till.MarkDiffers {
		t.Errorf("%+v", found)
	}
	c.printer.ready = true
	c.leftAlone(paid)
}

// The same bank at an address that is spelt otherwise is the same to marks, also to those that an earlier version kept by a line's name, the
// furthest of several.
func TestMarkOutlivesAnAddress(t *testing.T) {
	for name, earlier := range map[string]bool{"a mark of this version": false, "a mark of an earlier version": true} {
		t.Run(name, func(t *testing.T) {
			c := marked(t, "")
			if earlier {
				m := c.journal.Mark()
				m.Line = c.bank.Name()
				c.marks = journal.NewMarks(t.TempDir(), nil)
				shorter := txn.Mark{Line: "iso8583 iso87 elsewhere:1 T0000001 M00000000000001", Books: "others", Entry: 1, Head: "x"}
				if err := errors.Join(c.marks.Keep(m, true), c.marks.Keep(shorter, true)); err != nil {
					t.Fatal(err)
				}
			}
			_, port, err := net.SplitHostPort(c.address)
			if err != nil {
				t.Fatal(err)
			}
			old := copied(t, c.dir)
			c.address = "localhost:" + port
			c.crash()
			if found := c.till.MarkFound(); found.State != till.MarkHolds {
				t.Fatalf("books that are whole: %+v", found)
			}
			c.payCard(1000)
			c.address = "127.0.0.1:" + port
			c.putBack(old)
			if found := c.till.MarkFound(); found.State != till.MarkDiffers {
				t.Errorf("books that were put back: %+v", found)
			}
		})
	}
}

// A mark of another name that can't be read may be ours, as an earlier version kept it, only while ours is not there.
func TestUnreadableMarkOfAnotherName(t *testing.T) {
	c := marked(t, "")
	other := c.marks.File("another's")
	if err := os.WriteFile(other, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.crash()
	own := c.till.MarkFound()
	if own.State != till.MarkHolds {
		t.Fatalf("ours is there: %+v", own)
	}
	if err := os.Remove(own.File); err != nil {
		t.Fatal(err)
	}
	c.crash()
	if found := c.till.MarkFound(); found.State != till.MarkUnreadable || !c.journal.Numbers().Why.Stops() || found.Err == nil {
		t.Errorf("ours is not there: %+v", found)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("another's file was moved: %v", err)
	}
}

// Settings that name another bank, or another terminal number, make no other books: what is owed to the earlier one stays owed. Books that were
// put back from before it was last asked are found out by its mark all the same, and so is another till's mark that is about other books.
func TestMarksOfOtherLinesOfTheseBooks(t *testing.T) {
	c := marked(t, `{"message":"0200","nth":2,"do":"silent"}`)
	owed := c.payCard(1000).Attempt
	c.terminal = "T0000002"
	c.crash()
	if found := c.till.MarkFound(); found.State != till.MarkHolds || c.attempt(owed.ID).State != txn.Reversing {
		t.Fatalf("%+v, what is owed elsewhere is %s", found, c.attempt(owed.ID).State)
	}
	others := txn.Mark{Line: "another till's", Books: "others", Entry: 1000, Head: "x", Number: 5000}
	if err := c.marks.Keep(others, true); err != nil {
		t.Fatal(err)
	}
	c.crash()
	if found := c.till.MarkFound(); found.State != till.MarkHolds {
		t.Fatalf("%+v", found)
	}
	old := copied(t, c.dir)
	c.terminal = ""
	c.crash()
	c.settle()
	last := c.payCard(1000).Attempt.ID
	c.terminal = "T0000002"
	c.putBack(old)
	if found := c.till.MarkFound(); found.State != till.MarkDiffers || c.attempt(owed.ID).State != txn.Unresolved || c.journal.Numbers().Last < last+txn.NumbersAhead {
		t.Errorf("%+v, %s", found, c.attempt(owed.ID).State)
	}
	for _, terminal := range []string{"T0000002", ""} {
		c.terminal = terminal
		c.crash()
		if found := c.till.MarkFound(); found.State != till.MarkHolds {
			t.Errorf("it was settled, and at %q the mark says again: %s", terminal, found.State)
		}
	}
}

// An answer with the RRN of a payment that was begun on the same line under another spelling is another's.
func TestAnswerOfAPaymentAtAnotherSpelling(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","nth":2,"do":"decline","code":"94","fields":{"37":"000000000001"}}`)
	c.payCard(1000)
	_, port, err := net.SplitHostPort(c.address)
	if err != nil {
		t.Fatal(err)
	}
	c.address = "localhost:" + port
	c.crash()
	if a := c.payCard(1000).Attempt; a.State != txn.Declined || a.Reason != txn.NumberTaken {
		t.Errorf("%s %s", a.State, a.Reason)
	}
}

// unreadable are marks that nobody can read or put aside.
type unreadable struct{ till.Marks }

func (u unreadable) Read() ([]txn.Mark, map[string]error, error) {
	return nil, map[string]error{"the folder": errors.New("it can't be read")}, nil
}
func (unreadable) Keep(txn.Mark, bool) error { return errors.New("it can't be written") }

// A mark that can't be read leads the numbers as far ahead as a backup that was put back, and stops cards; a start that finds it so again,
// with nothing sold since, moves them no further, and stops cards also where a person had read the first.
func TestUnreadableMarkMovesNumbersFarOnce(t *testing.T) {
	c := marked(t, "")
	last := c.journal.Numbers().Last
	c.marks = unreadable{c.marks}
	for range 3 {
		c.crash()
		if n := c.journal.Numbers(); n.Why != txn.MarkUnreadable || n.Last != last+100_000 {
			t.Errorf("%+v", n)
		}
		if _, err := c.till.PayCard(context.Background(), clerk, c.payment(1000)); !errors.Is(err, till.ErrNumbers) {
			t.Errorf("a card: %v", err)
		}
	}
	if err := c.till.NumbersSeen(context.Background(), clerk); err != nil {
		t.Fatal(err)
	}
	c.crash()
	if n := c.journal.Numbers(); n.Why != txn.MarkUnreadable || n.Last != last+100_001 {
		t.Errorf("the next one: %+v", n)
	}
}
