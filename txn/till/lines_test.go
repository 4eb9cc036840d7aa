package till_test

import (
	"context"
	"errors"
	"slices"
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
	if n, err := at(&otherKind{stranger}).LineMoved(ctx, clerk, tellNobody); n != 0 || !errors.Is(err, till.ErrOwed) {
		t.Errorf("to a line of another kind: %d, %v", n, err)
	}
	moved := at(stranger)
	if owed, err := moved.OwedElsewhere(ctx); err != nil || len(owed) != 1 || owed[0].ID != unknown.Attempt.ID {
		t.Errorf("owed elsewhere: %v, %v", owed, err)
	}
	if n, err := moved.LineMoved(ctx, txn.Actor{By: "manager"}, tellNobody); n != 1 || err != nil {
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

func tellNobody(txn.Attempt, string) {}

// otherKind is a line that speaks in another way.
type otherKind struct{ *elsewhere }

func (otherKind) Succeeds(string) bool { return false }

// gone is a line that takes no other's place, and answers nothing.
type gone struct{ *elsewhere }

func (gone) Name() string { return "a bank that is gone" }

func (gone) Request(context.Context, txn.Order) txn.Verdict {
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.NoAnswer}
}

func (gone) Resolve(context.Context, txn.Order, int) txn.Verdict {
	return txn.Verdict{Kind: txn.ReversalRepeated}
}

// heir takes the place of every line but the one that is gone.
type heir struct{ *elsewhere }

func (heir) Succeeds(name string) bool { return name != gone{}.Name() }

// What is owed to a line that is gone stops no card of another terminal number, and keeps nothing else from moving: it stays where it is, and is named.
func TestWhatCannotMoveStopsNothingElse(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx := context.Background()
	at := func(line till.Line, terminal string) *till.Till {
		return till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: line}, Printer: c.printer, Vault: c.vault, Terminal: terminal, Merchant: "M00000000000001"})
	}
	old, err := at(gone{&elsewhere{Line: c.bank}}, "T0000008").PayCard(ctx, clerk, c.payment(500))
	if err != nil || !old.Attempt.Open() {
		t.Fatalf("%+v, %v", old.Attempt, err)
	}
	if _, err := at(c.bank, "T0000008").PayCard(ctx, clerk, c.payment(600)); !errors.Is(err, till.ErrOwed) {
		t.Errorf("a card on the same terminal number: %v", err)
	}
	unknown, err := c.till.PayCard(ctx, clerk, c.payment(1091))
	if err != nil || !unknown.Attempt.Open() {
		t.Fatalf("a card on another terminal number: %+v, %v", unknown.Attempt, err)
	}
	moved, told := at(heir{&elsewhere{Line: c.bank}}, "T0000009"), []string{}
	n, err := moved.LineMoved(ctx, clerk, func(a txn.Attempt, to string) { told = append(told, a.ID.String()+" "+a.Line+" "+to) })
	if n != 1 || !errors.Is(err, till.ErrOwed) || txn.FaultOf(err).Charged != txn.ChargedUnknown {
		t.Errorf("%d moved, %v", n, err)
	}
	if want := unknown.Attempt.ID.String() + " " + c.bank.Name() + " another bank"; len(told) != 1 || told[0] != want {
		t.Errorf("told %q, want %q", told, want)
	}
	if a, err := c.journal.Attempt(ctx, old.Attempt.ID); err != nil || a.Line != old.Attempt.Line || a.State != txn.Reversing {
		t.Errorf("what can't move is %s on %q, %v", a.State, a.Line, err)
	}
}

// A refund that is open at a line which the settings no longer name is moved by nobody: evidence ends it, and it is counted so.
func TestARefundOfALineThatIsGoneIsEndedByEvidence(t *testing.T) {
	refund := txn.Attempt{ID: 1, Kind: txn.Refund, Tender: txn.Card, State: txn.Pending, Line: "a bank that is gone"}
	sale := txn.Attempt{ID: 2, Kind: txn.Sale, Tender: txn.Card, State: txn.Reversing, Line: "a bank that is gone"}
	for here, want := range map[bool]till.Owings{false: {Elsewhere: 1, Resolve: 1}, true: {Bank: 2}} {
		got := till.OwingsOf(slices.Values([]txn.Attempt{refund, sale}), slices.Values([]txn.Bill(nil)), func(txn.Attempt) bool { return here })
		if got != want {
			t.Errorf("its line is there %v: %+v, want %+v", here, got, want)
		}
	}
}
