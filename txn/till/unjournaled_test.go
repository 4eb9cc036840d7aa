package till_test

import (
	"context"
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
)

// refusing is a journal that keeps no approval, once, and goes on after that.
type refusing struct {
	till.Journal
	refused bool
}

func (j *refusing) Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	for _, r := range records {
		if moved, ok := r.(txn.AttemptMoved); ok && moved.Event.Kind == txn.BankApproved && !j.refused {
			j.refused = true
			return errors.New("not now")
		}
	}
	return j.Journal.Commit(ctx, by, d, records...)
}

// A payment whose verdict could not be journaled is not known, and the next round gives it up and has it reversed.
func TestVerdictThatWasNotJournaledIsGivenUp(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	under := till.New(till.Config{Journal: &refusing{Journal: c.journal}, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	out, err := under.PayCard(context.Background(), clerk, c.payment(1000))
	if err == nil || txn.FaultOf(err).Charged != txn.ChargedUnknown || c.attempt(out.Attempt.ID).State != txn.Pending {
		t.Fatalf("%s, %v", describe(out), err)
	}
	if left, err := under.Settle(context.Background()); err != nil || left != 0 {
		t.Errorf("%d are left, %v", left, err)
	}
	if a := c.attempt(out.Attempt.ID); a.State != txn.Reversed {
		t.Errorf("it is %s", a.State)
	}
	c.agree()
}
