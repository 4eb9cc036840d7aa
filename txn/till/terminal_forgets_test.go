package till_test

import (
	"context"
	"net"
	"runtime"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/till"
	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
	"veratill/txn/zvtsim"
)

// hand is somebody at the terminal who gives a command without the till, and leaves in the middle where cut says so.
func (c *counterTop) hand(a zvt.APDU, cut bool) {
	c.t.Helper()
	c.line.Close() // a terminal talks with one at a time
	time.Sleep(time.Second)
	here, there := net.Pipe()
	go c.sim.Talk(context.Background(), wire.FromConn(there), false)
	w := wire.New(wire.FromConn(here), false)
	defer w.Close()
	if _, err := w.Send(a, time.Second); err != nil {
		c.t.Fatal(err)
	}
	for {
		a, err := w.Receive(context.Background(), time.Minute)
		if err != nil {
			c.t.Fatal(err)
		}
		if a.Code.IsAnswer() {
			continue
		}
		if a.Code == zvt.StatusInfo && cut {
			return
		}
		if _, err := w.Send(zvt.APDU{Code: zvt.Positive}, time.Second); err != nil || a.Code == zvt.Completion {
			return
		}
	}
}

// endsByHand ends the terminal's day, as somebody does there or it does itself at night.
func (c *counterTop) endsByHand() {
	c.t.Helper()
	c.hand(zvt.APDU{Code: zvt.EndOfDay, Data: []byte{0, 0, 0}}, false)
}

// killedAt pays, and the program ends as an event of the payment is about to be committed.
func (c *counterTop) killedAt(kind txn.EventKind, commits bool, minor int64) txn.ID {
	c.t.Helper()
	id := c.journal.Next().Attempt
	c.books.at, c.books.trip = kind, func(commit func() error) error {
		if commits {
			_ = commit()
		}
		runtime.Goexit()
		return nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = c.pay(minor)
	}()
	<-done
	return id
}

// notKnownAndKept fails unless an attempt is not known, a person was told, and the terminal keeps all payments of some sums.
func (c *counterTop) notKnownAndKept(id txn.ID, kept ...int64) {
	c.t.Helper()
	c.settle()
	a, err := c.journal.Attempt(context.Background(), id)
	if err != nil || a.State != txn.Unresolved || a.Charged() != txn.ChargedUnknown && a.Kind == txn.Sale || len(c.told) == 0 {
		c.t.Errorf("it is %s, charged %s, %d were told, %v", a.State, a.Charged(), len(c.told), err)
	}
	var there []int64
	for _, r := range c.sim.Rows() {
		if r.Kind == zvtsim.Pay && r.State == zvtsim.Stored {
			there = append(there, r.AmountMinor)
		}
	}
	if len(there) != len(kept) {
		c.t.Errorf("the terminal keeps %v, and %v were paid", there, kept)
	}
}

// A till that lost what a terminal said, with the power, asks again; a terminal that has ended its day meanwhile may know of no transaction any more, and give its
// numbers to others. What it says then is no word about the payment: it stays not known, and nobody's payment is undone for it.
func TestATerminalThatHasEndedItsDayIsNotBelieved(t *testing.T) {
	for name, k := range map[string]struct {
		cfg zvtsim.Config
		do  func(c *counterTop) (id txn.ID, kept []int64)
	}{
		"an approval, and no transaction any more": {zvtsim.Config{Reading: zvtsim.ByMirror}, func(c *counterTop) (txn.ID, []int64) {
			id := c.killedAt(txn.BankApproved, true, 1250)
			c.endsByHand()
			return id, []int64{1250}
		}},
		"an approval, and another payment under the number before it": {zvtsim.Config{Reading: zvtsim.ByMirror}, func(c *counterTop) (txn.ID, []int64) {
			c.paid(700)
			id := c.killedAt(txn.BankApproved, true, 1250)
			c.endsByHand()
			time.Sleep(10 * time.Minute)
			c.hand(authorisation(900), false)
			return id, []int64{700, 1250, 900}
		}},
		"an approval that is kept, another payment of its sum and number, and one that failed": {zvtsim.Config{Tells: zvtsim.TellsBare}, func(c *counterTop) (txn.ID, []int64) {
			c.paid(700)
			id := c.killedAt(txn.LineKept, false, 1250)
			c.endsByHand()
			c.hand(authorisation(700), false)
			c.hand(authorisation(1250), false)
			c.hand(authorisation(300), true)
			return id, []int64{700, 1250, 700, 1250}
		}},
		"a payment that was given up, and no transaction any more": {zvtsim.Config{Reading: zvtsim.ByMirror}, func(c *counterTop) (txn.ID, []int64) {
			out, err := c.pay(1294)
			if err != nil || out.Attempt.State != txn.Reversing {
				c.t.Fatal(describe(out), err)
			}
			c.endsByHand()
			return out.Attempt.ID, []int64{1294}
		}},
		"a payment that was given up, another one of its sum and number, and one that failed": {zvtsim.Config{Tells: zvtsim.TellsBare, Script: zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Pay, AmountMinor: 1250, Nth: 1, Do: zvtsim.CutBefore})}, func(c *counterTop) (txn.ID, []int64) {
			c.paid(700)
			out, err := c.pay(1250)
			if err != nil || out.Attempt.State != txn.Reversing {
				c.t.Fatal(describe(out), err)
			}
			c.endsByHand()
			c.hand(authorisation(700), false)
			c.hand(authorisation(1250), false)
			c.hand(authorisation(300), true)
			return out.Attempt.ID, []int64{700, 700, 1250}
		}},
		"a refund, and another payment under the number before it": {zvtsim.Config{Script: zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.GiveBack, Do: zvtsim.CutAfter})}, func(c *counterTop) (txn.ID, []int64) {
			c.paid(2000)
			sold := c.journal.Next().Attempt - 1
			out, err := c.till.GiveBack(context.Background(), clerk, till.Giving{Payment: sold, AmountMinor: 700})
			if err != nil || out.Attempt.State != txn.Unresolved {
				c.t.Fatal(describe(out), err)
			}
			c.endsByHand()
			time.Sleep(10 * time.Minute)
			c.hand(authorisation(900), false)
			if err := c.till.Repeat(context.Background()); err != nil {
				c.t.Fatal(err)
			}
			return out.Attempt.ID, []int64{2000, 900}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k.cfg.Forgets = true
			atTerminal(t, k.cfg, func(c *counterTop) {
				id, kept := k.do(c)
				time.Sleep(20 * time.Minute)
				c.crash()
				c.notKnownAndKept(id, kept...)
			})
		})
	}
}

// What a terminal keeps is durable before anybody is told that it is paid, also where no printer is ready, so that no start asks it again.
func TestKeptIsDurableBeforeItIsTold(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		c.printer.ready = false
		out, err := c.pay(1250)
		if err != nil || out.Attempt.State != txn.Approved || out.Attempt.Awaits {
			t.Fatal(describe(out), err)
		}
		durable, _ := c.journal.Durable()
		if last, _ := c.journal.Head(); last != durable {
			t.Errorf("entry %d is durable, of %d", durable, last)
		}
	})
}

func authorisation(minor int64) zvt.APDU {
	amount, _ := zvt.BCD(minor, 6)
	return zvt.APDU{Code: zvt.Authorisation, Data: append([]byte{zvt.FieldAmount}, amount...)}
}
