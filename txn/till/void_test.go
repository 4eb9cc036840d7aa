package till_test

import (
	"context"
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
)

// during does something while the bank is deciding.
type during struct {
	till.Line
	do func()
}

func (d *during) Request(ctx context.Context, o txn.Order) txn.Verdict {
	d.do()
	return d.Line.Request(ctx, o)
}

// A copy of the sale that comes out while its void is at the bank stays in the journal:
// the void is noted on the sale as it is then, not as it was before the bank was asked. No other copy begins meanwhile.
func TestCopyPrintedDuringAVoidIsKept(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000)
	var counted *till.Till
	var copied <-chan struct{}
	hold := make(chan struct{})
	bank := &during{Line: c.bank, do: func() {
		if _, _, err := counted.Reprint(context.Background(), clerk, sold.Attempt.ID); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("another copy: %v", err)
		}
		close(hold)
		<-copied
	}}
	counted = till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	c.printer.mu.Lock()
	c.printer.hold = hold
	c.printer.mu.Unlock()
	var err error
	_, copied, err = counted.Reprint(context.Background(), clerk, sold.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	out, err := counted.Void(context.Background(), clerk, sold.Attempt.ID, nil)
	if err != nil || out.Attempt.State != txn.Approved {
		t.Fatal(describe(out), err)
	}
	<-out.Paper
	if a, b := c.attempt(sold.Attempt.ID), c.bill(sold.SaleID); a.State != txn.Voided || b.State != txn.BillReturned || len(b.Prints) != 2 || b.Prints[1].Outcome != txn.Printed {
		t.Errorf("the payment is %s, its sale %s with prints %+v", a.State, b.State, b.Prints)
	}
	c.agree()
}
