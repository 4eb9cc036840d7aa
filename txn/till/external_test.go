package till_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// terminal is a person who reads a separate terminal.
type terminal struct {
	mu    sync.Mutex
	says  external.Answer
	asked int
}

func (p *terminal) ask(context.Context, txn.Order) external.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.says
}

// withTerminal is a till with a separate terminal beside its bank.
func (c *counter) withTerminal(p *terminal, t *told) *till.Till {
	c.t.Helper()
	counted := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank, txn.External: &external.Line{Ask: p.ask}}, Printer: c.printer, Vault: c.vault,
		Terminal: "T0000001", Merchant: "M00000000000001", Tell: t.tell})
	if err := counted.Start(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	return counted
}

// What a separate terminal showed is claimed or declined, by a person's word: a claimed payment has its receipt, is
// known by the line that it was begun on, owes no reversal, and nothing of it ever reaches the bank.
func TestSeparateTerminalEndsAsItIsSaid(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	var p terminal
	var calls told
	counted := c.withTerminal(&p, &calls)
	for shown, want := range map[external.Shown]txn.State{external.Approved: txn.Claimed, external.Declined: txn.Declined} {
		p.says = external.Answer{Shown: shown, ApprovalCode: "A1B2C3"}
		out, err := counted.PayExternal(context.Background(), clerk, c.payment(1000))
		if err != nil || out.Attempt.State != want || out.Attempt.Line != external.Name || out.Attempt.Charged() != txn.ChargedUnknown {
			t.Errorf("%s: %s on line %q, %v", shown, describe(out), out.Attempt.Line, err)
		}
		if (out.Paper != nil) != (want == txn.Claimed) {
			t.Errorf("%s: a paper was begun: %v", shown, out.Paper != nil)
		}
		if out.Paper != nil {
			<-out.Paper
		}
	}
	if rows := c.host.Rows(); len(rows) != 0 {
		t.Errorf("the bank heard of it: %+v", rows)
	}
	if left, err := counted.Settle(context.Background()); err != nil || left != 0 {
		t.Errorf("%d reversals are owed, %v", left, err)
	}
}

// While nobody has said what the terminal showed, a person is called, also at the next start; other customers pay; the day
// stays open; and once it is said, it is so.
func TestWhatNobodySaidBlocksNobodyElse(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	p := terminal{says: external.Answer{Shown: external.Nothing}}
	var calls told
	counted := c.withTerminal(&p, &calls)
	out, err := counted.PayExternal(context.Background(), clerk, c.payment(1000))
	id := out.Attempt.ID
	if err != nil || out.Attempt.State != txn.Pending || calls.of(id) != 1 {
		t.Fatalf("%s, called %d times, %v", describe(out), calls.of(id), err)
	}
	counted = c.withTerminal(&p, &calls) // a start
	if a := c.attempt(id); a.State != txn.Pending || calls.of(id) != 2 {
		t.Errorf("after a start it is %s, called %d times", a.State, calls.of(id))
	}
	if paid, err := counted.PayCard(context.Background(), clerk, c.payment(500)); err != nil || paid.Attempt.State != txn.Approved {
		t.Errorf("the next customer's card: %s, %v", describe(paid), err)
	}
	if _, _, err := counted.CloseDay(context.Background(), clerk, txn.DayClosed{Batch: 1, Z: 1}, txn.DayOpened{Batch: 2, Currency: "CNY"},
		func() ([]byte, error) { return []byte("{}"), nil }); !errors.Is(err, till.ErrDayOpen) {
		t.Errorf("the day was closed: %v", err)
	}
	said, err := counted.Said(context.Background(), clerk, id, external.Answer{Shown: external.Approved}.Verdict())
	if err != nil || said.Attempt.State != txn.Claimed || said.Paper == nil {
		t.Fatalf("%s, %v", describe(said), err)
	}
	<-said.Paper
	if _, err := counted.Said(context.Background(), clerk, id, external.Answer{Shown: external.Declined}.Verdict()); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("it was said again, otherwise: %v", err)
	}
	counted.WaitForPaper()
	if _, err := c.journal.Verify(context.Background()); err != nil {
		t.Error(err)
	}
}

// A payment at a separate terminal is voided there, by a person, and both stay a person's word.
func TestClaimedPaymentIsVoidedByAPerson(t *testing.T) {
	c := newCounter(t, "iso87", "")
	p := terminal{says: external.Answer{Shown: external.Approved}}
	var calls told
	counted := c.withTerminal(&p, &calls)
	sold, err := counted.PayExternal(context.Background(), clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	<-sold.Paper
	p.says.Shown = external.Declined
	if out, err := counted.Void(context.Background(), clerk, sold.Attempt.ID, nil); err != nil || out.Attempt.State != txn.Declined || c.attempt(sold.Attempt.ID).State != txn.Claimed {
		t.Errorf("a void that the terminal declined: %s, the payment is %s, %v", describe(out), c.attempt(sold.Attempt.ID).State, err)
	}
	p.says.Shown = external.Approved
	out, err := counted.Void(context.Background(), clerk, sold.Attempt.ID, nil)
	if err != nil || out.Attempt.State != txn.Claimed || out.Attempt.GivenBack() != txn.GivenBackUnknown {
		t.Fatalf("%s, given back %s, %v", describe(out), out.Attempt.GivenBack(), err)
	}
	<-out.Paper
	if a := c.attempt(sold.Attempt.ID); a.State != txn.Voided || a.VoidedBy != out.Attempt.ID || a.Charged() != txn.ChargedUnknown {
		t.Errorf("the payment is %s, charged %s", a.State, a.Charged())
	}
}

// What was said elsewhere while the question was open stands: the late answer changes nothing.
func TestQuestionThatWasAnsweredElsewhereChangesNothing(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	var counted *till.Till
	ask := func(_ context.Context, o txn.Order) external.Answer {
		if _, err := counted.Said(context.Background(), clerk, o.Attempt.ID, external.Answer{Shown: external.Approved}.Verdict()); err != nil {
			t.Error(err)
		}
		return external.Answer{Shown: external.Declined}
	}
	counted = till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank, txn.External: &external.Line{Ask: ask}}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	out, err := counted.PayExternal(context.Background(), clerk, c.payment(1000))
	if !errors.Is(err, txn.ErrNotAllowed) || c.attempt(out.Attempt.ID).State != txn.Claimed {
		t.Errorf("it is %s, %v", c.attempt(out.Attempt.ID).State, err)
	}
	counted.WaitForPaper()
	if _, err := c.journal.Verify(context.Background()); err != nil {
		t.Error(err)
	}
}

// between runs something after a payment was found voidable, and before its void is begun.
type between struct {
	till.Journal
	run func()
}

func (j *between) Sale(ctx context.Context, id int64) (sale.Sale, error) {
	if run := j.run; run != nil {
		j.run = nil
		run()
	}
	return j.Journal.Sale(ctx, id)
}

// Of two voids of one payment at a separate terminal that are asked for at once, one is begun.
func TestSecondVoidAtATerminalIsRefused(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	p := terminal{says: external.Answer{Shown: external.Approved}}
	j := &between{Journal: c.journal}
	counted := till.New(till.Config{Journal: j, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank, txn.External: &external.Line{Ask: p.ask}}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	sold, err := counted.PayExternal(context.Background(), clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	counted.WaitForPaper()
	p.says.Shown = external.Nothing
	j.run = func() {
		if out, err := counted.Void(context.Background(), clerk, sold.Attempt.ID, nil); err != nil || out.Attempt.State != txn.Pending {
			t.Errorf("the first: %s, %v", describe(out), err)
		}
	}
	if out, err := counted.Void(context.Background(), clerk, sold.Attempt.ID, nil); !errors.Is(err, till.ErrNotVoidable) || out.Attempt.ID != 0 {
		t.Errorf("the second: %s, %v", describe(out), err)
	}
}

// A shop that has no separate terminal any more voids nothing of it: the bank, which never had the payment, hears nothing.
// What was still to be said is said all the same.
func TestTerminalThatIsGoneIsNeverTheBank(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	p := terminal{says: external.Answer{Shown: external.Approved}}
	var calls told
	counted := c.withTerminal(&p, &calls)
	sold, err := counted.PayExternal(context.Background(), clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	p.says.Shown = external.Nothing
	open, err := counted.PayExternal(context.Background(), clerk, c.payment(500))
	if err != nil {
		t.Fatal(err)
	}
	counted.WaitForPaper()
	without := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	if err := without.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	out, err := without.Void(context.Background(), clerk, sold.Attempt.ID, nil)
	if f := txn.FaultOf(err); out.Attempt.ID != 0 || f.Code != "no terminal" || f.Charged != txn.ChargedUnknown {
		t.Errorf("%s, %v", describe(out), err)
	}
	if said, err := without.Said(context.Background(), clerk, open.Attempt.ID, external.Answer{Shown: external.Declined}.Verdict()); err != nil || said.Attempt.State != txn.Declined {
		t.Errorf("%s, %v", describe(said), err)
	}
	if rows := c.host.Rows(); len(rows) != 0 {
		t.Errorf("the bank heard of it: %+v", rows)
	}
}

// acknowledging notes what is durable when a line is told that an approval is.
type acknowledging struct {
	till.Line
	w    *watched
	told []txn.State
}

func (l *acknowledging) Acknowledge(_ context.Context, o txn.Order, _ bool) (v txn.Verdict) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.told = append(l.told, l.w.durable[o.Attempt.ID])
	return v
}

// A line that waits for it hears of an approval once, and only when it is durable here.
func TestApprovalIsAcknowledgedAfterItsCommit(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	w := watch(c)
	l := &acknowledging{Line: c.bank, w: w}
	counted := till.New(till.Config{Journal: w, Numbers: c.journal, Lines: till.Lines{txn.Card: l}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	for _, minor := range []int64{1000, 1005, 1091} {
		if _, err := counted.PayCard(context.Background(), clerk, c.payment(minor)); err != nil {
			t.Fatal(err)
		}
		if _, err := counted.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.told) != 1 || l.told[0] != txn.Approved {
		t.Errorf("one approval of three answers was acknowledged as %v", l.told)
	}
	counted.WaitForPaper()
}
