package till_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn"
	"veratill/txn/till"
	"veratill/txn/zvtsim"
)

// atIt is somebody who makes a payment at the terminal itself; 0 ends its day.
func (c *counterTop) atIt(minor int64) {
	c.t.Helper()
	synctest.Wait() // it has ended what it was asked last
	do := func() (bool, error) { return c.sim.ByHand(minor) }
	if minor == 0 {
		do = c.sim.EndDayByHand
	}
	if done, err := do(); err != nil || !done {
		c.t.Fatal(done, err)
	}
}

// sold is a payment that stands, with its receipt.
func (c *counterTop) sold(minor int64) txn.ID {
	c.t.Helper()
	c.paid(minor)
	c.till.WaitForPaper()
	return c.journal.Next().Attempt - 1
}

// gaveBack gives some of a payment back and fails unless that ended as it should.
func (c *counterTop) gaveBack(payment txn.ID, minor int64, as txn.State) txn.ID {
	c.t.Helper()
	out, err := c.till.GiveBack(context.Background(), clerk, till.Giving{Payment: payment, AmountMinor: minor})
	if err != nil || out.Attempt.State != as {
		c.t.Fatal(describe(out), err)
	}
	return out.Attempt.ID
}

// looked asks about refunds again and again, for hours, and says what became of one.
func (c *counterTop) looked(id txn.ID) txn.Attempt {
	c.t.Helper()
	for range 4 {
		if err := c.till.Repeat(context.Background()); err != nil {
			c.t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
	}
	a, err := c.journal.Attempt(context.Background(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// madeBack is how often the terminal gave money back.
func (c *counterTop) madeBack() (n int) {
	for _, r := range c.sim.Rows() {
		if r.Kind == zvtsim.GiveBack {
			n++
		}
	}
	return n
}

// A receipt number that is said back is that of the terminal's last transaction, whoever made it: a payment by hand, a refund and a void before it are undone for
// no payment of the till.
func TestWhatIsSaidBackUndoesNobodysPayment(t *testing.T) {
	for name, before := range map[string]func(c *counterTop){
		"by hand":  func(c *counterTop) { c.atIt(900) },
		"a refund": func(c *counterTop) { c.gaveBack(c.sold(2000), 700, txn.Approved) },
		"a void": func(c *counterTop) {
			if out, err := c.till.Void(context.Background(), clerk, c.sold(300), nil); err != nil || out.Attempt.State != txn.Approved {
				c.t.Fatal(describe(out), err)
			}
		},
		"by hand, and a day ended there": func(c *counterTop) { c.atIt(900); c.atIt(0) },
	} {
		for _, forgets := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				atTerminalWith(t, zvtsim.Config{Reading: zvtsim.ByMirror, Forgets: forgets}, true, func(c *counterTop) {
					c.sold(700)
					before(c)
					c.sold(1250)
					c.sold(1350)
					for _, r := range c.sim.Rows() {
						if r.State != zvtsim.Stored && r.Why != "reversal" {
							t.Errorf("undone: %+v", r)
						}
					}
				})
			})
		}
	}
}

// A void whose answer was lost is not asked for again a day later: the terminal's numbers may have begun anew, and another customer may have paid the same sum under
// the same number.
func TestAVoidIsNotAskedForAgainAfterTheTerminalsDay(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Reverse, Nth: 1, Do: zvtsim.CutBefore})
	atTerminal(t, zvtsim.Config{Forgets: true, Script: script}, func(c *counterTop) {
		sold := c.sold(1250)
		out, err := c.till.Void(context.Background(), clerk, sold, nil)
		if err != nil || out.Attempt.State != txn.Reversing {
			t.Fatal(describe(out), err)
		}
		c.atIt(0)
		time.Sleep(20 * time.Hour)
		c.atIt(1250)
		c.crash()
		c.notKnownAndKept(out.Attempt.ID, 1250, 1250)
	})
}

// A refund of which nothing was heard is not told by the number and the sum of the terminal's last transaction: that may be another payment. It stays not known, and
// is never asked for anew.
func TestARefundIsNotToldByNumberAndSum(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.GiveBack, Do: zvtsim.CutBefore})
	atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
		id := c.gaveBack(c.sold(2000), 700, txn.Unresolved)
		c.atIt(700)
		if a := c.looked(id); a.State != txn.Unresolved || c.madeBack() != 0 {
			t.Errorf("it is %s, and the terminal made %d", a.State, c.madeBack())
		}
	})
}

// A refund that the terminal named before its line was lost is told by that name, once.
func TestARefundIsToldByTheNameThatWasHeard(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.GiveBack, Do: zvtsim.CutAfterAck})
	atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
		id := c.gaveBack(c.sold(2000), 700, txn.Unresolved)
		if a := c.looked(id); a.State != txn.Approved || c.madeBack() != 1 {
			t.Errorf("it is %s, and the terminal made %d", a.State, c.madeBack())
		}
	})
}

// A terminal that tells of no transaction, because its last one failed, does not say by that that it made no refund.
func TestNoLastTransactionIsNoProofOfNoRefund(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.GiveBack, Do: zvtsim.CutAfter})
	atTerminal(t, zvtsim.Config{Script: script, Tells: zvtsim.TellsNone}, func(c *counterTop) {
		sold := c.sold(2000)
		if out, err := c.pay(1297); err != nil || out.Attempt.State != txn.Voided {
			t.Fatal(describe(out), err)
		}
		id := c.gaveBack(sold, 700, txn.Unresolved)
		if out, err := c.pay(1397); err != nil || out.Attempt.State != txn.Voided {
			t.Fatal(describe(out), err)
		}
		if a := c.looked(id); a.State != txn.Unresolved {
			t.Errorf("the refund is %s, and the terminal made it", a.State)
		}
	})
}

// A transaction is told apart from an earlier one of its receipt number by its trace number, though the terminal's clock is hours behind.
func TestATraceNumberTellsTransactionsApart(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.GiveBack, Do: zvtsim.CutAfter})
	behind := func() time.Time { return time.Now().Add(-3 * time.Hour) }
	atTerminal(t, zvtsim.Config{Script: script, Forgets: true, Now: behind}, func(c *counterTop) {
		id := c.gaveBack(c.sold(2000), 700, txn.Unresolved)
		c.atIt(0)
		c.atIt(900)
		if a := c.looked(id); a.State != txn.Unresolved {
			t.Errorf("the refund is %s, and the terminal made it", a.State)
		}
	})
}

// That a terminal refused a void is durable before it is told: a start that found it pending would ask for it again.
func TestARefusedVoidIsDurableBeforeItIsTold(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Reverse, Do: zvtsim.Decline, Code: "6C"})
	atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
		out, err := c.till.Void(context.Background(), clerk, c.sold(2000), nil)
		if err != nil || out.Attempt.State != txn.Declined {
			t.Fatal(describe(out), err)
		}
		durable, _ := c.journal.Durable()
		if last, _ := c.journal.Head(); last != durable {
			t.Errorf("entry %d is durable, of %d", durable, last)
		}
	})
}

// A part that made up the sum of a sale, and that the terminal undid by itself, paid nothing: the sale has a rest again, which is paid otherwise.
func TestASaleWhoseLastPartTheTerminalUndidHasARest(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		first, err := c.till.PayCard(context.Background(), clerk, till.Payment{Sale: euros(1997), AmountMinor: 700})
		if err != nil || first.Attempt.State != txn.Approved {
			t.Fatal(describe(first), err)
		}
		sale, err := c.journal.Sale(context.Background(), first.SaleID)
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.till.PayCard(context.Background(), clerk, till.Payment{Sale: sale})
		if err != nil || out.Attempt.State != txn.Voided || out.Bill.State != txn.BillPartPaid || out.Bill.Rest().Minor != 1297 {
			t.Fatal(describe(out), out.Bill.State, err)
		}
		if out, err = c.till.PayCash(context.Background(), clerk, till.Payment{Sale: sale, ReceivedMinor: 1297}); err != nil || out.Bill.State != txn.BillPaid {
			t.Fatal(describe(out), out.Bill.State, err)
		}
		c.till.WaitForPaper()
		if bills, err := c.journal.Bill(context.Background(), first.SaleID); err != nil || bills.Paper != txn.Printed {
			t.Error(bills.Paper, err)
		}
	})
}

// A void names a receipt number. Where the terminal has ended its day since, that number is another customer's, of the same sum perhaps: the void does not begin,
// whoever asks, and that customer's payment stands. At the next try the money goes back by a refund.
func TestAVoidUndoesNoPaymentOfAnotherDay(t *testing.T) {
	for name, since := range map[string][]int64{"the newest": {700, 2500}, "with others behind it": {700, 2500, 900}, "none yet": nil} {
		t.Run(name, func(t *testing.T) {
			atTerminal(t, zvtsim.Config{Forgets: true}, func(c *counterTop) {
				c.sold(1000)
				sold := c.sold(2500)
				c.atIt(0)
				time.Sleep(time.Hour)
				for _, minor := range since {
					c.sold(minor)
				}
				out, err := c.till.Void(context.Background(), clerk, sold, nil)
				if out.Attempt.State == txn.Approved || out.Attempt.Open() {
					t.Fatal(describe(out), err)
				}
				for _, r := range c.sim.Rows() {
					if r.Kind == zvtsim.Reverse || r.Kind == zvtsim.Pay && r.State != zvtsim.Stored && r.AmountMinor == 2500 && len(since) > 0 {
						t.Errorf("the terminal undid a payment: %+v", r)
					}
				}
				c.gaveBack(sold, 2500, txn.Approved) // the next try is a refund, which needs no receipt number
				if c.madeBack() != 1 {
					t.Errorf("the terminal gave back %d times", c.madeBack())
				}
			})
		})
	}
}

// The void whose answer was lost is not repeated within the minute in which the terminal ends its day and another customer pays the same sum.
func TestAVoidIsNotRepeatedOnAnotherCustomer(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Reverse, Nth: 1, Do: zvtsim.CutBefore})
	atTerminal(t, zvtsim.Config{Forgets: true, Script: script}, func(c *counterTop) {
		sold := c.sold(2500)
		out, err := c.till.Void(context.Background(), clerk, sold, nil)
		if err != nil || out.Attempt.State != txn.Reversing {
			t.Fatal(describe(out), err)
		}
		c.atIt(0)
		c.atIt(2500)
		c.settle()
		c.notKnownAndKept(out.Attempt.ID, 2500, 2500)
	})
}

// The end of a command before, which comes twice where a byte of a serial line was spoilt, ends no other command: a void that the terminal refused is none.
func TestAnEndThatComesTwiceEndsNothingElse(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Reverse, Do: zvtsim.Stale, Code: "B5"}, zvtsim.Rule{Command: zvtsim.GiveBack, Do: zvtsim.Stale, Code: "6C"},
		zvtsim.Rule{Command: zvtsim.Pay, AmountMinor: 900, Do: zvtsim.Stale})
	atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
		sold := c.sold(1250)
		if out, err := c.till.Void(context.Background(), clerk, sold, nil); err != nil || out.Attempt.State != txn.Declined {
			t.Errorf("the void: %s, %v", describe(out), err)
		}
		c.gaveBack(sold, 700, txn.Declined)
		if out, err := c.pay(900); err != nil || out.Attempt.State != txn.Declined {
			t.Errorf("the payment: %s, %v", describe(out), err)
		}
		c.agree()
	})
}

// A terminal that says that it reversed another sum has not made the void: it is not known.
func TestAVoidOfAnotherSumIsNotKnown(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Reverse, Do: zvtsim.OtherAmount})
	atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
		out, err := c.till.Void(context.Background(), clerk, c.sold(2500), nil)
		if out.Attempt.State == txn.Approved || out.Attempt.State == txn.Declined {
			t.Fatal(describe(out), err)
		}
	})
}

// An approval that the terminal takes back, once it was told that it is saved, is asked about: no paper says that it is paid.
func TestAnApprovalThatIsTakenBackIsNotPaid(t *testing.T) {
	script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Pay, Do: zvtsim.RefusedLate})
	atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
		out, err := c.pay(2500)
		c.settle()
		a, _ := c.journal.Attempt(context.Background(), out.Attempt.ID)
		if err != nil || a.State == txn.Approved || a.Charged() == txn.ChargedYes {
			t.Fatal(describe(out), a.State, err)
		}
		for _, p := range a.Prints {
			t.Errorf("a paper was begun: %+v", p)
		}
	})
}
