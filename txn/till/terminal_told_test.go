package till_test

import (
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/zvtsim"
)

// What the terminal and the till said about a payment is told as they said it, from the command to its end; what was said before about nobody's payment is not.
func TestWhatIsSaidAboutAPaymentIsTold(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		out, err := c.pay(1250)
		if err != nil || out.Attempt.State != txn.Approved {
			t.Fatalf("%+v, %v", out.Attempt, err)
		}
		var kinds []string
		for _, m := range c.said {
			if m.Attempt != out.Attempt.ID {
				t.Errorf("a message is about attempt %s: %+v", m.Attempt, m)
			}
			kinds = append(kinds, string(m.Way)+" "+m.Kind)
		}
		told := strings.Join(kinds, ", ")
		for _, want := range []string{"sent 06 01 authorisation", "received 80 00 positive", "received 04 0F status information, sent 80 00 positive", "received 06 0F completion, sent 80 00 positive"} {
			if !strings.Contains(told, want) {
				t.Errorf("%q is not told: %s", want, told)
			}
		}
	})
}
