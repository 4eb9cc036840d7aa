package till_test

import (
	"context"
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
)

// elsewhere is a line of another name that notes whatever it is asked to do.
type elsewhere struct {
	till.Line
	asked int
}

func (*elsewhere) Name() string { return "another bank" }

func (*elsewhere) Ready(context.Context) error { return nil }

func (e *elsewhere) Request(context.Context, txn.Order) txn.Verdict {
	e.asked++
	return txn.Verdict{Kind: txn.BankApproved}
}

func (e *elsewhere) Resolve(context.Context, txn.Order, int) txn.Verdict {
	e.asked++
	return txn.Verdict{Kind: txn.ReversalAnswered}
}

// What is owed to a line stays owed to that line: one that takes its place in the settings is not asked about it, no new card is taken
// before it is known, and a payment of the line that is gone is not voided at the other one.
func TestOwedToItsLineAlone(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	paid, err := c.till.PayCard(ctx, clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	<-paid.Paper
	unknown, err := c.till.PayCard(ctx, clerk, c.payment(1091))
	if err != nil || !unknown.Attempt.Open() || unknown.Attempt.Reference != unknown.Attempt.Trace() {
		t.Fatalf("%+v, %v", unknown.Attempt, err)
	}
	other := &elsewhere{Line: c.bank}
	moved := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: other}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	if left, err := moved.Settle(ctx); left != 1 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
	if _, err := moved.PayCard(ctx, clerk, c.payment(1000)); !errors.Is(err, till.ErrOwed) {
		t.Errorf("another card: %v", err)
	}
	if _, err := moved.Void(ctx, clerk, paid.Attempt.ID, nil); err == nil || txn.FaultOf(err).Code != "no line" || txn.FaultOf(err).Charged != txn.ChargedYes {
		t.Errorf("a void: %v", err)
	}
	if other.asked != 0 {
		t.Errorf("the other line was asked %d times", other.asked)
	}
	if a, err := c.journal.Attempt(ctx, unknown.Attempt.ID); err != nil || a.State != txn.Reversing {
		t.Errorf("it is %s, %v", a.State, err)
	}
	// Back on its own line it is settled.
	if left, err := c.till.Settle(ctx); left != 0 || err != nil {
		t.Errorf("%d left, %v", left, err)
	}
}

// A till without a line for cards takes none, and cash goes on.
func TestNoLineTakesNoCard(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	without := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	if _, err := without.PayCard(ctx, clerk, c.payment(1000)); !errors.Is(err, till.ErrBankOffline) || txn.FaultOf(err).Charged != txn.ChargedNo {
		t.Errorf("a card: %v", err)
	}
	p := c.payment(1000)
	p.ReceivedMinor = 1000
	if out, err := without.PayCash(ctx, clerk, p); err != nil || out.Bill.State != txn.BillPaid {
		t.Errorf("cash: %+v, %v", out.Bill, err)
	}
}

// A manager who says that the bank has moved lets what is owed be asked at its new address, under its own number, terminal and
// merchant, by an entry of their own. What is owed to a line of another kind stays where it is.
func TestManagerSaysThatTheBankMoved(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	unknown, err := c.till.PayCard(ctx, clerk, c.payment(1091))
	if err != nil || !unknown.Attempt.Open() {
		t.Fatalf("%+v, %v", unknown.Attempt, err)
	}
	at := func(line till.Line) *till.Till {
		return till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: line}, Printer: c.printer, Vault: c.vault, Terminal: "T0000009", Merchant: "M00000000000009"})
	}
	stranger := &elsewhere{Line: c.bank}
	if n, err := at(&otherKind{stranger}).LineMoved(ctx, clerk); n != 0 || !errors.Is(err, till.ErrOwed) {
		t.Errorf("to a line of another kind: %d, %v", n, err)
	}
	moved := at(stranger)
	if owed, err := moved.OwedElsewhere(ctx); err != nil || len(owed) != 1 || owed[0].ID != unknown.Attempt.ID {
		t.Errorf("owed elsewhere: %v, %v", owed, err)
	}
	if n, err := moved.LineMoved(ctx, txn.Actor{By: "manager"}); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if left, err := moved.Settle(ctx); left != 0 || err != nil || stranger.asked != 1 {
		t.Errorf("%d left, the new line was asked %d times, %v", left, stranger.asked, err)
	}
	a, err := c.journal.Attempt(ctx, unknown.Attempt.ID)
	if err != nil || a.State != txn.Reversed || a.Line != stranger.Name() || a.Terminal != "T0000001" || a.Reference != unknown.Attempt.Reference {
		t.Errorf("%+v, %v", a, err)
	}
	if owed, err := moved.OwedElsewhere(ctx); err != nil || len(owed) != 0 {
		t.Errorf("owed elsewhere afterwards: %v, %v", owed, err)
	}
}

// otherKind is a line that speaks in another way.
type otherKind struct{ *elsewhere }

func (otherKind) Succeeds(string) bool { return false }
