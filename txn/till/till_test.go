package till_test

import (
	"context"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/hostsim"
	"veratill/txn/hostsim/bank"
)

func readScript(text string) (*hostsim.Script, error) {
	return hostsim.ReadScript(strings.NewReader(text))
}

// bothKinds are what a bank may say where that is its choice: digits, and any value of each field.
var bothKinds = map[string]func() bank.Source{"digits": func() bank.Source { return nil }, "any": anyValues}

// Each amount of the default script ends in the state that its ending asks for, and
// till and bank agree afterwards; in both profiles, whatever values the bank's answers hold.
func TestEveryAmountEndsAsTheBankDecides(t *testing.T) {
	for _, profile := range []string{"unionpay", "iso87"} {
		for kind, values := range bothKinds {
			t.Run(profile+"/"+kind, func(t *testing.T) {
				t.Parallel()
				everyAmount(newCounterAt(t, profile, "", values()))
			})
		}
	}
}

func everyAmount(c *counter) {
	c.t.Helper()
	for _, k := range []struct {
		minor  int64
		state  txn.State
		reason txn.Reason
	}{
		{1250, txn.Approved, ""}, {1205, txn.Declined, ""}, {1251, txn.Declined, ""},
		{1291, txn.Reversing, txn.NoAnswer}, {1292, txn.Reversing, txn.NoAnswer}, {1293, txn.Reversing, txn.BadMAC},
		{1294, txn.Reversing, txn.LinkLost}, {1295, txn.Approved, ""}, {1296, txn.Reversing, txn.LinkLost},
	} {
		out := c.payCard(k.minor)
		if !c.profile.MAC && k.reason == txn.BadMAC {
			k.state, k.reason = txn.Unresolved, txn.NotOurs // no MAC there: the amount is wrong instead, as if it were another's
		}
		if out.Attempt.State != k.state || out.Attempt.Reason != k.reason {
			c.t.Errorf("%d: %s, want %s %s", k.minor, describe(out), k.state, k.reason)
		}
		c.settle()
	}
	c.agree()
	if n := len(c.printer.kinds()); n != 2 {
		c.t.Errorf("%d papers for 2 approvals", n)
	}
}

// Sales that were approved are voided, whatever the bank said of them: the bank has given the
// money back, and both books say so.
func TestVoid(t *testing.T) {
	for _, profile := range []string{"unionpay", "iso87"} {
		for kind, values := range bothKinds {
			t.Run(profile+"/"+kind, func(t *testing.T) {
				t.Parallel()
				c := newCounterAt(t, profile, "", values())
				for range 12 {
					c.voids(c.payCard(5000).Attempt.ID)
				}
				c.agree()
			})
		}
	}
}

// voids voids a sale, which can be done once.
func (c *counter) voids(id txn.ID) {
	c.t.Helper()
	out, err := c.till.Void(context.Background(), clerk, id, nil)
	if err != nil || out.Attempt.State != txn.Approved {
		c.t.Fatal(describe(out), c.attempt(id).Answer, err)
	}
	<-out.Paper
	if a := c.attempt(id); a.State != txn.Voided || a.VoidedBy != out.Attempt.ID {
		c.t.Errorf("the sale is %s, voided by %v", a.State, a.VoidedBy)
	}
	if _, err := c.till.Void(context.Background(), clerk, id, nil); err == nil {
		c.t.Error("a voided sale was voided again")
	}
}
