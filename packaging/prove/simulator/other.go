package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
	"veratill/txn/till"
)

// This file is the world in which a number is not this till's alone, and in which the bank says no more.

// is makes the bank one that knows a payment again by the given word, and tells the time by another.
func (b *host) is(kind, clock string) {
	switch kind {
	case "date", "day", "all":
		b.book.Matching = bank.Matching(kind)
	case "repeats":
		b.book.Repeats = true
	case "overnight":
		b.book.Overnight = true
	}
	if b.clock = clock; clock != "" { // its midnight is in the history
		b.ahead = 23*time.Hour + 45*time.Minute + time.Duration(b.w.seed%12)*time.Minute
	}
	b.disk = b.book.Clone()
}

// otherTill is a payment by another till with this terminal number: it has the STAN that comes after the next ones.
func (w *world) otherTill(s Step) {
	if w.life == nil || w.life.journal == nil || w.life.ended() {
		return
	}
	next := w.life.journal.Next()
	stan := (next.Attempt + txn.ID(s.Sum(1))).STAN()
	row := bank.Row{Key: bank.Key{Terminal: terminalNumber, Batch: next.Batch, STAN: stan}, Date: w.bankDay(), AmountMinor: 424_242, State: bank.Approved, Kind: bank.Sale,
		ResponseCode: "00", RRN: fmt.Sprintf("OTHER%07d", stan), ApprovalCode: "OTHERS"}
	if w.bank.asked[txn.ID(stan)].MTI != "" { // it was this till's first
		return
	}
	w.others[stan] = row
	w.bank.keep([]bank.Row{row})
	w.say("another till uses %06d", stan)
}

// bankDay is the bank's day, MMDD: it has a clock of its own.
func (w *world) bankDay() string { return w.bank.now().Format("0102") }

// hears notes that the till has heard by a genuine answer, in time or late, that a number may be another's. A second later it is journaled, or its
// disk has failed.
func (w *world) hears(c *conn, t transit, m iso8583.Message, fate string) {
	takes, named := w.profile.Approves(m.Get(39)), m.Get(4)
	said := w.profile.NumberTaken(m.Get(39)) || takes && named != "" && named != t.Get(4)
	if t.MTI[1] != '2' || !said || fate == "wrong-mac" && w.profile.MAC || m.Get(11) != t.Get(11) || m.Get(41) != "" && m.Get(41) != t.Get(41) {
		return
	}
	life := c.life
	w.after(time.Second, func() {
		w.mu.Lock()
		lives := w.life == life
		w.mu.Unlock()
		if !lives || life.ended() || life.journal.Failed() != nil {
			return
		}
		a, err := life.journal.Attempt(context.Background(), t.id)
		// Of what was refused or approved before, 94 says that the network brought it twice.
		if err == nil && a.Line == life.line && (a.State == txn.Reversing || a.State == txn.Reversed || a.State == txn.Unresolved) {
			w.mu.Lock()
			w.doubtful[t.id] = true
			w.mu.Unlock()
		}
	})
}

// judgeOthers holds that nothing is undone by a number that may be another's, once the till has heard so.
func (w *world) judgeOthers(t transit) {
	if t.MTI[1] == '4' && w.doubtful[t.id] && w.bank.book.Matching != bank.ByAll {
		w.bad("a reversal of %s leaves, and the bank had said that its number is taken, or named another payment", t.id)
	}
}

// asks is a manager at the end of a history, who asks the bank about each attempt that it says no more of, and brings what it truly wrote.
// It reports whether there was anything to do.
func (w *world) asks(ctx context.Context) bool {
	l := w.life
	if l.ended() || l.till == nil {
		return false
	}
	unfinished, _ := l.till.Unfinished(ctx)
	unresolved, err := l.till.Unresolved(ctx)
	if err != nil || l.till.NumbersSeen(ctx, clerk) != nil {
		return false
	}
	for _, a := range unresolved {
		as := w.codeFinding(a) // the providers look at this world's clock
		w.mu.Lock()
		switch row := w.bank.row(a.ID).State; {
		case a.Tender == txn.Code: // the bank knows nothing of it
		case row == bank.Approved:
			as = map[txn.Kind]txn.Finding{txn.Sale: txn.WasKept, txn.Void: txn.WasGivenBack, txn.Refund: txn.WasGivenBack}[a.Kind]
		case row == bank.Voided:
			as = txn.WasGivenBack
		}
		w.say("a manager ends %s as %s", a.ID, as)
		w.mu.Unlock()
		e := txn.Evidence{As: as, Document: "letter", SHA256: fmt.Sprintf("%064d", a.ID), Who: "manager"}
		if _, err := w.life.till.Resolve(ctx, clerk, a.ID, e); err != nil && !w.life.ended() {
			w.mu.Lock()
			w.bad("%s is unresolved, and evidence does not end it: %v", a.ID, err)
			w.mu.Unlock()
		}
	}
	return len(unresolved)+len(unfinished) > 0
}

// readNumbers calls the manager where numbers are in doubt, who reads why and lets cards be taken again.
func (w *world) readNumbers(err error) {
	if l := w.life; errors.Is(err, till.ErrNumbers) {
		w.after(time.Second, func() { _ = l.till.NumbersSeen(context.Background(), clerk) })
	}
}
