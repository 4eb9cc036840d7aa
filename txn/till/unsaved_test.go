package till_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
)

// dying is a journal whose disk fails with the next commit. Whether that is on it nobody knows.
type dying struct {
	till.Journal
	failed error
}

func (j *dying) Commit(context.Context, txn.Actor, txn.Durability, ...txn.Record) error {
	j.failed = errors.New("the disk has failed")
	return j.failed
}

func (j *dying) Failed() error { return j.failed }

// Cash whose commit failed may be in the books: nobody is told that nothing was taken. Where the books could not be written before, nothing was.
func TestCashThatCouldNotBeSavedIsNotKnown(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	under := till.New(till.Config{Journal: &dying{Journal: c.journal}, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	p := c.payment(1000)
	p.ReceivedMinor = 1000
	for n, want := range []txn.Charged{txn.ChargedUnknown, txn.ChargedNo} {
		if _, err := under.PayCash(context.Background(), clerk, p); !errors.Is(err, till.ErrJournal) || txn.FaultOf(err).Charged != want {
			t.Errorf("try %d: charged %s, and it should be %s: %v", n+1, txn.FaultOf(err).Charged, want, err)
		}
	}
	fresh := till.New(till.Config{Journal: &dying{Journal: c.journal}, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	if _, err := fresh.Give(context.Background(), clerk, basket(0)); txn.FaultOf(err).Charged != txn.ChargedUnknown {
		t.Errorf("a sale of 0.00: %v", err)
	}
}

// asked is a line that never answers, and counts how often it is asked. Its host knows repeats.
type asked struct {
	till.Line
	undone, repeated atomic.Int64
}

func (*asked) Refunds() txn.RefundWay { return txn.RefundWay{Repeats: true, ReadsCard: true} }

func (l *asked) Request(_ context.Context, o txn.Order) txn.Verdict {
	if o.Attempt.Kind == txn.Sale && o.Attempt.Amount.Minor == 5000 {
		return txn.Verdict{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "000000009999"}}
	}
	if o.Attempt.Tries > 0 {
		l.repeated.Add(1)
	}
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.NoAnswer}
}

func (l *asked) Resolve(context.Context, txn.Order, int) txn.Verdict {
	l.undone.Add(1)
	return txn.Verdict{Kind: txn.ReversalRepeated}
}

// Evidence that could not be saved may be on the disk, and say that a refund never was, or that a payment is kept. So nothing that is owed is asked for
// again while the journal has failed: what came of it would contradict the books of the next start.
func TestNothingIsAskedForWhileTheJournalHasFailed(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	line := &asked{Line: c.bank}
	books := &mortal{Journal: c.journal}
	under := till.New(till.Config{Journal: books, Numbers: c.journal, Lines: till.Lines{txn.Card: line}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001", Evidence: c.journal})
	sold, err := under.PayCard(ctx, clerk, c.payment(5000))
	if err != nil {
		t.Fatal(err)
	}
	refund, err := under.GiveBack(ctx, clerk, c.giving(sold.Attempt.ID, 2000))
	if err != nil || !refund.Attempt.Again {
		t.Fatal(describe(refund), err)
	}
	lost, err := under.PayCard(ctx, clerk, c.payment(1000))
	if err != nil || lost.Attempt.State != txn.Reversing {
		t.Fatal(describe(lost), err)
	}
	books.dead = errors.New("the disk has failed")
	left, err := under.Settle(ctx)
	if err := errors.Join(err, under.Refused(ctx), under.Repeat(ctx)); err != nil {
		t.Fatal(err)
	}
	if left != 1 || line.undone.Load() != 0 || line.repeated.Load() != 0 {
		t.Errorf("%d are left; %d reversals and %d repeats of a refund left", left, line.undone.Load(), line.repeated.Load())
	}
	books.dead = nil
	left, err = under.Settle(ctx)
	if err := errors.Join(err, under.Repeat(ctx)); err != nil || left != 1 || line.undone.Load() != 1 || line.repeated.Load() != 1 {
		t.Errorf("with a journal that works %d are left, after %d reversals and %d repeats; %v", left, line.undone.Load(), line.repeated.Load(), err)
	}
	under.WaitForPaper()
}

// mortal is a journal whose disk fails when a test says so.
type mortal struct {
	till.Journal
	dead error
}

func (j *mortal) Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	if j.dead != nil {
		return j.dead
	}
	return j.Journal.Commit(ctx, by, d, records...)
}

func (j *mortal) Failed() error { return j.dead }
