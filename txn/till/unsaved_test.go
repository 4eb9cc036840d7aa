package till_test

import (
	"context"
	"errors"
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
