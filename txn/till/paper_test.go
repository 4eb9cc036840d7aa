package till_test

import (
	"context"
	"sync"
	"testing"

	"veratill/txn/till"
)

// A printer is exchanged while the till sells: whoever waits for the paper that is begun may be met by paper that
// begins, and the till neither falls nor leaves him waiting.
func TestPaperBeginsWhileItIsWaitedFor(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	var selling, waiting sync.WaitGroup
	ended := make(chan struct{})
	for range 2 {
		selling.Go(func() {
			for range 60 {
				if _, err := c.till.PayCash(context.Background(), clerk, till.Payment{Sale: c.payment(100).Sale, ReceivedMinor: 100}); err != nil {
					t.Error(err)
				}
			}
		})
		waiting.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
					c.till.WaitForPaper()
				}
			}
		})
	}
	selling.Wait()
	close(ended)
	waiting.Wait()
	c.till.WaitForPaper()
	if n := len(c.printer.kinds()); n != 120 {
		t.Errorf("%d papers of 120", n)
	}
}
