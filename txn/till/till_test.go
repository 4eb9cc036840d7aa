package till_test

import (
	"context"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/hostsim"
)

func readScript(text string) (*hostsim.Script, error) {
	return hostsim.ReadScript(strings.NewReader(text))
}

// Each amount of the default script ends in the state that its ending asks for, and
// till and bank agree afterwards; in both profiles.
func TestEveryAmountEndsAsTheBankDecides(t *testing.T) {
	cases := []struct {
		minor  int64
		state  txn.State
		reason txn.Reason
	}{
		{1250, txn.Approved, ""}, {1205, txn.Declined, ""}, {1251, txn.Declined, ""},
		{1291, txn.Reversing, txn.NoAnswer}, {1292, txn.Reversing, txn.NoAnswer}, {1293, txn.Reversing, txn.BadMAC},
		{1294, txn.Reversing, txn.LinkLost}, {1295, txn.Approved, ""}, {1296, txn.Reversing, txn.LinkLost},
	}
	for _, profile := range []string{"unionpay", "iso87"} {
		t.Run(profile, func(t *testing.T) {
			c := newCounter(t, profile, "")
			for _, k := range cases {
				out := c.payCard(k.minor)
				reason := k.reason
				if profile == "iso87" && reason == txn.BadMAC {
					reason = txn.WrongAnswer // no MAC there: the amount is wrong instead
				}
				if out.Attempt.State != k.state || out.Attempt.Reason != reason {
					t.Errorf("%d: %s, want %s %s", k.minor, describe(out), k.state, reason)
				}
				c.settle()
			}
			c.agree()
			if n := len(c.printer.kinds()); n != 2 {
				t.Errorf("%d papers for 2 approvals", n)
			}
		})
	}
}

// A sale that was approved is voided: the bank has given the money back, and both books say so.
func TestVoid(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	sold := c.payCard(5000)
	out, err := c.till.Void(context.Background(), sold.Attempt.ID, nil)
	if err != nil || out.Attempt.State != txn.Approved {
		t.Fatal(describe(out), err)
	}
	<-out.Paper
	if a := c.attempt(sold.Attempt.ID); a.State != txn.Voided || a.VoidedBy != out.Attempt.ID {
		t.Errorf("the sale is %s, voided by %v", a.State, a.VoidedBy)
	}
	if _, err := c.till.Void(context.Background(), sold.Attempt.ID, nil); err == nil {
		t.Error("a voided sale was voided again")
	}
	c.agree()
}
