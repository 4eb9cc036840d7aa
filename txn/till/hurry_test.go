package till_test

import (
	"context"
	"testing"
	"time"

	"veratill/txn"
)

// A bank that answers a reversal at once, with what ends nothing, is asked again in the till's own time, which grows, and not as fast as the line can
// carry it.
func TestWhatIsAnsweredAtOnceIsNotAskedAtOnce(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","do":"silent","nth":1}
{"message":"0400","do":"wrong mac"}`)
	out, _ := c.till.PayCard(context.Background(), clerk, c.payment(1000))
	if out.Attempt.State != txn.Reversing {
		t.Fatal(describe(out))
	}
	begun := time.Now()
	ctx, stop := context.WithTimeout(context.Background(), 2500*time.Millisecond)
	defer stop()
	c.till.Run(ctx)
	// One at once, then after 1, 2, 4 … seconds: however slow this machine is, no more than one a second.
	if most := 2 + int(time.Since(begun)/time.Second); c.attempt(out.Attempt.ID).Tries > most+1 {
		t.Errorf("in %s it was asked for %d times", time.Since(begun), c.attempt(out.Attempt.ID).Tries)
	}
}
