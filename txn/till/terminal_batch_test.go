package till_test

import (
	"context"
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/till"
	"veratill/txn/zvtsim"
)

// ended settles the open day of a terminal.
func (c *counterTop) ended() txn.Settlement {
	c.t.Helper()
	settled, err := c.till.SettleDay(context.Background(), clerk)
	if err != nil || len(settled) != 1 {
		c.t.Fatalf("%+v, %v", settled, err)
	}
	return settled[0]
}

func (c *counterTop) paid(minor int64) {
	c.t.Helper()
	if out, err := c.pay(minor); err != nil || out.Attempt.State != txn.Approved {
		c.t.Fatalf("%s, %v", describe(out), err)
	}
}

func (c *counterTop) closeDay() {
	c.t.Helper()
	day := c.journal.OpenDay()
	_, _, err := c.till.CloseDay(context.Background(), clerk, txn.DayClosed{Batch: day.Batch, Z: day.Batch}, txn.DayOpened{Batch: day.Batch + 1, Currency: "EUR"},
		func() ([]byte, error) { return []byte("{}"), nil })
	if err != nil {
		c.t.Fatal(err)
	}
}

// The terminal's end of its day is held against the till's sums, day after day, and no card is taken between it and the till's own.
func TestTerminalEndsItsDayWithTheTill(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		c.paid(1250)
		c.paid(700)
		s := c.ended()
		theirs, _ := txn.Total(s.Bank)
		if s.State != txn.SettlementBalanced || theirs != (txn.SettlementSum{Debits: 2, DebitMinor: 1950}) {
			t.Errorf("%+v", s)
		}
		if _, err := c.pay(300); !errors.Is(err, till.ErrBatchSettled) {
			t.Errorf("a card after the terminal's day: %v", err)
		}
		c.closeDay()
		c.paid(300)
		c.crash()
		if s := c.ended(); s.Batch != 2 || s.State != txn.SettlementBalanced {
			t.Errorf("the second day: %+v", s)
		}
	})
}

// What the terminal says otherwise, what it refuses, and what is lost are three things: the first differs, the second can be asked for again, and of the third a person compares the slip. None
// balances.
func TestTerminalsEndOfDayThatDoesNotBalance(t *testing.T) {
	for do, want := range map[zvtsim.Do]txn.SettlementState{
		zvtsim.OtherAmount: txn.SettlementDiffers, zvtsim.Refuse: txn.SettlementRefused, zvtsim.CutAfter: txn.SettlementUnsure, zvtsim.CutBefore: txn.SettlementUnsure,
		zvtsim.Busy: txn.SettlementAsked,
	} {
		cfg := zvtsim.Config{Script: zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Settle, Do: do, Nth: 1})}
		atTerminal(t, cfg, func(c *counterTop) {
			c.paid(1250)
			s := c.ended()
			if s.State != want || s.Agrees {
				t.Errorf("%s: %+v", do, s)
			}
			c.crash()
			if err := c.till.SettleOwed(context.Background()); err != nil {
				t.Error(err)
			}
			owed, err := c.journal.SettlementsOwed(context.Background())
			if carried := want == txn.SettlementRefused; err != nil || (len(owed) == 1) != carried {
				t.Errorf("%s: carried over %+v, %v", do, owed, err)
			}
			if want == txn.SettlementRefused {
				if _, err := c.till.SettlementAgain(context.Background(), clerk, s.Key()); err != nil {
					t.Error(err)
				}
				if err := c.till.SettleOwed(context.Background()); err != nil {
					t.Error(err)
				}
				if owed, _ = c.journal.SettlementsOwed(context.Background()); len(owed) > 0 {
					t.Errorf("asked again: %+v", owed)
				}
			}
		})
	}
}

// A terminal that takes no card before its day has ended can be asked to end it.
func TestTerminalThatAsksForItsEndOfDay(t *testing.T) {
	atTerminal(t, zvtsim.Config{NeedsEndOfDay: true}, func(c *counterTop) {
		if err := c.line.Ready(context.Background()); err == nil {
			t.Error("it takes a card")
		}
		if err := c.line.CanSettle(context.Background()); err != nil {
			t.Errorf("it can't end its day: %v", err)
		}
	})
}
