package till_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
	"veratill/txn/till"
	"veratill/txn/zvtsim"
)

// What becomes of an approval that its terminal has not confirmed where that terminal is another one, has another address, or is gone.

// A payment is looked for at the terminal that it was begun at: another one at its address is asked nothing of it. An approval that the other one never confirmed
// is not known then, which stops neither cards nor the day, and evidence ends it.
func TestAnotherTerminalIsNotAsked(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		c.sold(700)
		id := c.killedAt(txn.BankApproved, true, 1250)
		c.stop()
		close(c.wire)
		c.close()
		c.cfg.TID = "11111111"
		c.startTerminal()
		c.open()
		if left, err := c.till.Settle(context.Background()); err != nil || left != 0 {
			t.Errorf("%d are left, %v", left, err)
		}
		if rows := c.sim.Rows(); len(rows) != 0 {
			t.Errorf("the other terminal has %+v", rows)
		}
		if a, err := c.journal.Attempt(context.Background(), id); err != nil || a.State != txn.Unresolved {
			t.Errorf("it is %s, awaits its line %v, %v", a.State, a.Awaits, err)
		}
		c.endedByEvidence(id)
		time.Sleep(24 * time.Hour) // a new terminal of the simulator counts traces from 1 as well
		c.sold(900)
		c.closesDay()
	})
}

// endedByEvidence fails unless an attempt is not known, and evidence ends it.
func (c *counterTop) endedByEvidence(id txn.ID) {
	c.t.Helper()
	a, err := c.journal.Attempt(context.Background(), id)
	if err != nil || a.State != txn.Unresolved && !a.AwaitsLine() || a.Charged() != txn.ChargedUnknown {
		c.t.Errorf("it is %s, charged %s, %v", a.State, a.Charged(), err)
	}
	e := txn.Evidence{As: txn.WasKept, Document: "slip.pdf", SHA256: strings.Repeat("0", 64), Who: "manager"}
	if out, err := c.till.Resolve(context.Background(), clerk, id, e); err != nil || out.Attempt.State != txn.Kept || out.Bill.WasPaid() {
		c.t.Errorf("by evidence it is %s, %v", describe(out), err)
	}
}

// closesDay fails unless the day can be closed.
func (c *counterTop) closesDay() {
	c.t.Helper()
	c.till.WaitForPaper()
	_, _, err := c.till.CloseDay(context.Background(), clerk, txn.DayClosed{Batch: 1}, txn.DayOpened{Batch: 2}, func() ([]byte, error) { return []byte("{}"), nil })
	if err != nil {
		c.t.Errorf("the day is not closed: %v", err)
	}
}

// An approval that its terminal never confirmed does not stop a till for ever whose terminal has another address now: a manager says that it has moved, and there it is
// asked whether it keeps it.
func TestWhatAwaitsItsTerminalMovesWithIt(t *testing.T) {
	for _, reading := range []zvtsim.Reading{zvtsim.ByItself, zvtsim.ByMirror} {
		atTerminal(t, zvtsim.Config{Reading: reading}, func(c *counterTop) {
			c.sold(700)
			c.killedAt(txn.BankApproved, true, 1250)
			c.close()
			c.address = "127.0.0.2"
			c.open()
			if out, err := c.pay(900); !errors.Is(err, till.ErrOwed) {
				t.Errorf("a card while something is owed: %s, %v", describe(out), err)
			}
			if owed, err := c.till.OwedElsewhere(context.Background()); err != nil || len(owed) != 1 {
				t.Errorf("%d are owed elsewhere, %v", len(owed), err)
			}
			if n, err := c.till.LineMoved(context.Background(), clerk, tellNobody); n != 1 || err != nil {
				t.Errorf("%d moved, %v", n, err)
			}
			c.settle()
			c.sold(900)
			c.agree()
			c.closesDay()
		})
	}
}

// What was paid before a terminal had another address is given back by a refund, for which the card is presented; a void is of the terminal that took it.
func TestMoneyGoesBackAtTodaysTerminal(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		sold := c.sold(1250)
		c.close()
		c.address = "127.0.0.2"
		c.open()
		m := txn.Matter{}
		var err error
		if m.Attempt, err = c.journal.Attempt(context.Background(), sold); err != nil {
			t.Fatal(err)
		}
		if m.Bill, err = c.journal.Bill(context.Background(), m.Attempt.SaleID); err != nil {
			t.Fatal(err)
		}
		if kind, why := c.till.Chooses(m, 1250); kind != txn.Refund || why != plan.WhyElsewhere {
			t.Errorf("the till chooses a %s: %s", kind, why)
		}
		if out, err := c.till.Void(context.Background(), clerk, sold, nil); err == nil || out.Attempt.ID != 0 {
			t.Errorf("a void: %s, %v", describe(out), err)
		}
		c.gaveBack(sold, 1250, txn.Approved)
		if c.madeBack() != 1 {
			t.Errorf("the terminal gave back %d times", c.madeBack())
		}
	})
}

// An approval whose terminal is gone, and which nobody else can be asked about, is not known once a manager has said that it is gone.
func TestWhatAwaitsATerminalThatIsGoneIsNotKnown(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		id := c.killedAt(txn.BankApproved, true, 1250)
		c.close()
		c.without = true
		c.open()
		if n, err := c.till.LineMoved(context.Background(), clerk, tellNobody); n != 1 || err != nil {
			t.Errorf("%d moved, %v", n, err)
		}
		c.endedByEvidence(id)
		c.closesDay()
	})
}

// An approval that its terminal has not confirmed pays for nothing: no goods are exchanged for it, no cash goes out, and it is not voided. The terminal undid it.
func TestNothingGoesBackOfWhatTheTerminalHasNotConfirmed(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		ctx, id := context.Background(), c.killedAt(txn.BankApproved, true, 1250)
		c.close()
		c.without = true // the terminal is not there
		c.open()
		a, err := c.journal.Attempt(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		swap := euros(1250)
		swap.Exchange = &sale.Exchange{SaleID: a.SaleID, Goods: []sale.Want{{Line: 0, QuantityE5: sale.OneE5}}, AmountMinor: 1250}
		why := clerk
		why.Why = "the card is gone"
		for name, do := range map[string]func() (till.Outcome, error){
			"exchange": func() (till.Outcome, error) { return c.till.Exchange(ctx, clerk, swap, till.Giving{}) },
			"cash": func() (till.Outcome, error) {
				return c.till.GiveBack(ctx, why, till.Giving{Payment: id, AmountMinor: 1250, InCash: true})
			},
			"void": func() (till.Outcome, error) { return c.till.Void(ctx, clerk, id, nil) },
		} {
			if out, err := do(); err == nil || out.Attempt.ID != 0 {
				t.Errorf("%s: %s, %v", name, describe(out), err)
			}
		}
		c.close()
		c.without = false
		c.open()
		c.settle()
		c.agree()
	})
}

// Evidence ends an approval whose terminal is dead, without any other one: the day can be closed.
func TestEvidenceEndsWhatADeadTerminalApproved(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		id := c.killedAt(txn.BankApproved, true, 1250)
		c.crash()
		c.endedByEvidence(id)
		c.closesDay()
	})
}

// A payment of which the till learns late that it stands has its slips too: they are asked for again.
func TestAPaymentThatIsConfirmedLateHasItsSlip(t *testing.T) {
	atTerminal(t, zvtsim.Config{Reading: zvtsim.ByMirror}, func(c *counterTop) {
		id := c.killedAt(txn.BankApproved, true, 1250)
		c.crash()
		c.settle()
		a, err := c.journal.Attempt(context.Background(), id)
		if err != nil || a.State != txn.Approved || a.Awaits || !slices.Contains(a.Slip, "** Kundenbeleg **") || !slices.Contains(a.MerchantSlip, "** Händlerbeleg **") {
			t.Errorf("it is %s, with %q and %q, %v", a.State, a.Slip, a.MerchantSlip, err)
		}
		c.agree()
	})
}
