package simulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"

	"veratill/packaging/prove/counter"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
)

// This file is the world in which cards are read by a card terminal with a cable, in place of a bank's line. The cable is pulled at any byte, the till ends at any
// moment, and the terminal undoes by itself what was never confirmed: the till may have it approved and durable by then.

// readers is the card terminal of a world, which outlives the till's programs.
type readers struct {
	*counter.Terminal
	stop  context.CancelFunc
	ctx   context.Context
	ended sync.WaitGroup
	asked map[txn.ID]txn.Part // as papers and books had them
}

// openTerminal begins the card terminal of a world whose script has one.
func (w *world) openTerminal() (err error) {
	r := &readers{asked: map[txn.ID]txn.Part{}}
	r.ctx, r.stop = context.WithCancel(context.Background())
	r.Terminal, err = counter.NewTerminal(w.seed, rand.New(rand.NewPCG(w.seed, 0x2F7)))
	w.readers = r
	return err
}

func (r *readers) close() {
	r.stop()
	r.ended.Wait()
}

// dialTerminal connects a life to the card terminal.
func (l *life) dialTerminal() (net.Conn, error) {
	if l.ended() {
		return nil, errCut
	}
	ours, theirs := net.Pipe()
	r := l.w.readers
	r.ended.Go(func() { deepen(); r.Talk(r.ctx, theirs) })
	l.pipesMu.Lock()
	l.pipes = append(l.pipes, ours)
	l.pipesMu.Unlock()
	return &pipe{ours, l}, nil
}

// terminalEndings are the last digits of the amounts of a history at a card terminal: half of them are good, and the others as zvtsim has them.
var terminalEndings = []int64{0, 10, 20, 30, 40, 50, 60, 80, 5, 6, 7, 8, 71, 72, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99}

// PlanTerminal makes the history of a seed at whose counter a card terminal stands. No two payments by card are of one amount, so that the terminal's rows are told
// apart without what the till says of them.
func PlanTerminal(seed uint64) Script {
	s := Plan(seed &^ 3) // nobody puts folders back
	s.Seed, s.Cable = seed, true
	r := rand.New(rand.NewPCG(seed, 0x2F8))
	cards := int64(0)
	s.Steps = slices.DeleteFunc(s.Steps, func(step Step) bool {
		switch step.word(0) {
		case "split", "part", "rest", "undo", "refund", "settings", "spell", "other": // sums that are not known before, and other banks
			return true
		}
		return false
	})
	for i, step := range s.Steps {
		if step.word(0) == "card" {
			cards++
			s.Steps[i].Words = []string{"card", fmt.Sprint(100*cards + terminalEndings[r.IntN(len(terminalEndings))])}
		}
	}
	return s
}

// terminalRow is what the card terminal's book holds of a payment, or of the void of one, as a bank would say it.
func (w *world) terminalRow(id txn.ID) (row bank.Row) {
	if a, err := w.life.journal.Attempt(context.Background(), id); err == nil {
		w.readers.asked[id] = txn.Part{ID: id, Kind: a.Kind, Tender: a.Tender, AmountMinor: a.Amount.Minor}
	}
	a := w.readers.asked[id] // a program that has ended reads nothing any more
	if a.Tender != txn.Card {
		return row
	}
	minor := a.AmountMinor // a void is of all of its payment
	for _, r := range w.readers.Payments() {
		if r.AmountMinor != minor {
			continue
		}
		row = bank.Row{AmountMinor: minor, State: bank.Reversed}
		switch {
		case a.Kind == txn.Void && r.GivenBack, a.Kind == txn.Sale && r.Kept:
			row.State = bank.Approved
		case a.Kind == txn.Sale && r.GivenBack:
			row.State = bank.Voided
		}
	}
	return row
}

// judgeUndone holds a payment that the card terminal undid by itself: nobody was told that it is paid, and no paper says so.
func (w *world) judgeUndone(a txn.Attempt, kept bool) {
	switch {
	case kept:
		w.bad("%s is said to be undone by the card terminal, which keeps it", a.ID)
	case w.told[a.ID] == string(txn.Approved), w.shown[a.ID]:
		w.bad("%s was told to be paid, and the card terminal undid it", a.ID)
	}
}

// judgeCable holds what the card terminal keeps against the books: nothing that they do not have as paid, or do not know.
func (w *world) judgeCable(attempts []txn.Attempt) {
	if w.readers == nil {
		return
	}
	for _, r := range w.readers.Payments() {
		if !r.Kept {
			continue
		}
		i := slices.IndexFunc(attempts, func(a txn.Attempt) bool {
			return a.Tender == txn.Card && a.Kind == txn.Sale && a.Amount.Minor == r.AmountMinor
		})
		if i < 0 {
			w.bad("the card terminal keeps %d, and the books have no payment of it", r.AmountMinor)
		} else if a := attempts[i]; a.State != txn.Approved && a.State != txn.Unresolved && a.State != txn.Kept {
			w.bad("%s is %s, and the card terminal keeps it", a.ID, a.State)
		}
	}
}
