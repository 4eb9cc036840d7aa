package simulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/script"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
)

// This file is the world in which cards are read by a card terminal with a cable, in place of a bank's line. The cable is pulled at any byte, the till ends at any
// moment, and the terminal undoes by itself what was never confirmed: the till may have it approved and durable by then. Somebody makes payments at the terminal
// itself, and ends its day there. Its ledger says which attempt each command was for, which no till ever hears.

// readers is the card terminal of a world, which outlives the till's programs.
type readers struct {
	*counter.Terminal
	stop  context.CancelFunc
	ctx   context.Context
	ended sync.WaitGroup
	away  time.Time // until when it can't be reached
}

// openTerminal begins the card terminal of a world whose script has one.
func (w *world) openTerminal() (err error) {
	r := &readers{}
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
	l.w.mu.Lock()
	away := time.Now().Before(r.away) && !l.w.calm
	l.w.mu.Unlock()
	if away {
		_ = ours.Close() // it is one end of nothing
		return nil, errCut
	}
	r.ended.Go(func() { deepen(); r.Talk(r.ctx, theirs) })
	l.pipesMu.Lock()
	l.pipes = append(l.pipes, ours)
	l.pipesMu.Unlock()
	return &pipe{ours, l}, nil
}

// terminalEndings are the last digits of the amounts of a history at a card terminal: half of them are good, and the others as zvtsim has them.
var terminalEndings = []int64{0, 10, 20, 30, 40, 50, 60, 80, 5, 6, 7, 8, 71, 72, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99}

// PlanTerminal makes the history of a seed at whose counter a card terminal stands: with voids, refunds, sales in parts and ends of the day, of each of which the
// answer may be lost. Amounts come again, so that a payment may be taken for another one.
func PlanTerminal(seed uint64) Script {
	s := Plan(seed &^ 3) // nobody puts folders back
	s.Seed, s.Cable = seed, true
	r := rand.New(rand.NewPCG(seed, 0x2F8))
	var steps []Step
	for _, step := range s.Steps {
		switch step.Word(0) {
		case "settings", "spell", "other": // other banks
			continue
		case "card":
			step.Words = []string{"card", fmt.Sprint(handAmount(r))}
		case "void", "refund", "undo", "settle", "z":
			steps = misbehaves(r, steps)
		}
		steps = append(steps, step)
		switch r.IntN(40) {
		case 0:
			steps = append(steps, script.After(within(r, 5*time.Second), "hand", fmt.Sprint(handAmount(r))))
		case 1:
			steps = append(misbehaves(r, steps), script.After(within(r, 20*time.Second), "refund", fmt.Sprint(r.IntN(3)), pick(r, "10", "50", "100")))
		case 2:
			steps = append(misbehaves(r, steps), script.After(within(r, 20*time.Second), "void", fmt.Sprint(r.IntN(3))))
		case 3:
			hand, z := script.After(within(r, 5*time.Second), "hand", "0"), script.After(within(r, 5*time.Second), "z")
			if r.IntN(2) == 0 {
				hand, z = z, hand
			}
			steps = append(steps, hand, z)
		case 4:
			steps = append(misbehaves(r, steps), script.After(within(r, 5*time.Second), "z"))
		case 5:
			steps = append(steps, script.After(within(r, 3*time.Hour), "x"))
		}
	}
	s.Steps = steps
	if seed%4 == 3 {
		s.Steps = withHands(r, steps)
	}
	return s
}

// withHands ends a history with a terminal that can't be reached after a void, a refund or a payment whose answer is lost, and at which its day is ended and made
// once more by hand meanwhile: with the same sums and, where it begins its numbers anew, under the same ones. The clocks and zones agree, and hands are
// no faster than the minutes by which they may differ. No sale is in parts: a void that a person asks for goes
// by number and sum, and of a day that was ended at the terminal itself the till can't know.
func withHands(r *rand.Rand, steps []Step) []Step {
	steps = slices.DeleteFunc(steps[:len(steps)/2], func(s Step) bool {
		return slices.Contains([]string{"split", "part", "rest", "undo", "clock", "zone"}, s.Word(0))
	})
	amount := fmt.Sprint(100 * (1 + r.IntN(4)))
	add := func(after time.Duration, words ...string) { steps = append(steps, script.After(after, words...)) }
	add(time.Minute, "card", amount)
	switch what := pick(r, "reverse", "refund", "pay"); what {
	case "pay":
		add(5*time.Second, "reader", "pay", pick(r, "cut-before", "cut-after", "cut-after-ack"))
		add(0, "card", amount)
	default:
		add(5*time.Second, "reader", what, pick(r, "cut-before", "cut-after", "cut-after-ack"))
		add(0, map[string]string{"reverse": "void", "refund": "refund"}[what], "0", "50")
	}
	if r.IntN(2) == 0 {
		add(within(r, 3*time.Second), "kill")
	}
	add(within(r, 3*time.Second), "reader", "away", "40m")
	add(5*time.Minute, "hand", "again")
	add(41*time.Minute, "x")
	return steps
}

// handAmount is one of few amounts.
func handAmount(r *rand.Rand) int64 {
	return 100*(1+r.Int64N(4)) + terminalEndings[r.IntN(len(terminalEndings))]
}

// misbehaves lets the terminal fail at one of the next commands.
func misbehaves(r *rand.Rand, steps []Step) []Step {
	for r.IntN(2) == 0 {
		command := pick(r, "reverse", "reverse", "refund", "refund", "end-of-day")
		word := pick(r, "cut-before", "cut-after", "cut-after", "cut-after", "silent", "busy", "decline")
		if command != "end-of-day" && r.IntN(2) == 0 {
			word = pick(r, "silent-after", "cut-after-ack", "cut-after-ack", "twice", "no-receipt", "other-amount", "garbage", "contradict")
		}
		words := []string{"reader", command, word}
		if word == "decline" {
			words = append(words, pick(r, "6C", "B5", "05", "FF"))
		}
		steps = append(steps, script.After(0, words...))
	}
	return steps
}

// readerStep says what the terminal does with a command that is to come, or is somebody who works at the terminal itself.
func (w *world) readerStep(s Step) {
	switch {
	case w.readers == nil:
	case s.Word(1) == "away":
		w.readers.away = time.Now().Add(s.Duration(2))
		w.life.cutPipes()
	case s.Word(1) == "again":
		w.handAgain()
	case s.Words[0] == "reader":
		w.readers.DoesWith(s.Word(1), s.Word(2), s.Word(3))
	default:
		done, err := w.readers.Hand(s.Sum(1))
		if err != nil {
			w.bad("the terminal can't keep what was done by hand: %v", err)
		}
		w.say("by hand at the terminal: %v", done)
	}
}

// handAgain ends the terminal's day by hand, and makes it once more: the same sums in the same order.
func (w *world) handAgain() {
	today := slices.DeleteFunc(w.readers.Rows(), func(r counter.Row) bool { return r.Ended })
	done, err := w.readers.Hand(0)
	for _, r := range today {
		if done && err == nil {
			done, err = w.readers.Hand(r.AmountMinor)
		}
	}
	if err != nil {
		w.bad("the terminal can't keep what was done by hand: %v", err)
	}
	w.say("by hand at the terminal: %d again, %v", len(today), done)
}

// terminalRow is what the card terminal's book holds of an attempt, as a bank would say it.
func (w *world) terminalRow(id txn.ID) (row bank.Row) {
	all := w.readers.Rows()
	for _, r := range all {
		if r.About != int64(id) {
			continue
		}
		row.AmountMinor = r.AmountMinor
		switch {
		case r.Kind == counter.Reverse && all[undone(all, r)].About == r.About: // it is the till's for a payment that was given up
		case r.Counts():
			row.State = bank.Approved
		case r.Kind == counter.Pay && givenBack(all, r):
			row.State = bank.Voided
		default:
			row.State = bank.Reversed
		}
	}
	return row
}

// undone is where the payment of a reversal stands.
func undone(all []counter.Row, reversal counter.Row) int {
	return slices.IndexFunc(all, func(p counter.Row) bool { return p.Trace == reversal.OfTrace })
}

// givenBack reports whether a payment was reversed because a till asked for it, for another attempt.
func givenBack(all []counter.Row, payment counter.Row) bool {
	return slices.ContainsFunc(all, func(r counter.Row) bool {
		return r.Kind == counter.Reverse && r.OfTrace == payment.Trace && r.About != payment.About
	})
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

// judgeCable holds the card terminal's ledger against the books: it did nothing twice for an attempt, nothing that they do not know, undid nobody else's payment, and
// what it keeps comes to what they say.
func (w *world) judgeCable(attempts []txn.Attempt) {
	if w.readers == nil {
		return
	}
	all, sum := w.readers.Rows(), int64(0)
	books, of := map[int64]txn.Attempt{}, map[string]int{}
	for _, a := range attempts {
		books[int64(a.ID)] = a
		if a.Tender == txn.Card {
			sum += minorOf(a)
		}
	}
	for _, r := range all {
		if r.Kind == counter.Reverse {
			w.judgeReversed(r, all[undone(all, r)], books)
		}
		if r.About == 0 {
			continue
		}
		name := fmt.Sprintf("%s of %d", r.Kind, r.About)
		if of[name]++; of[name] > 1 {
			w.bad("the card terminal made a %s %d times", name, of[name])
		}
		if r.Counts() && r.Kind == counter.Pay {
			sum -= r.AmountMinor
		} else if r.Counts() && r.Kind == counter.GiveBack {
			sum += r.AmountMinor
		}
		if a, known := books[r.About]; !known {
			w.bad("the card terminal has a %s, and the books do not know it", name)
		} else if r.Counts() && r.Kind == counter.Pay && a.State != txn.Approved && a.State != txn.Kept {
			w.bad("%s is %s, and the card terminal keeps it", a.ID, a.State)
		}
	}
	if sum != 0 {
		w.bad("books and card terminal differ by %d: %+v", sum, all)
	}
	w.judgeBackAtTerminal(all, books)
}

// minorOf is what an attempt moved by the books.
func minorOf(a txn.Attempt) int64 {
	switch {
	case a.Kind == txn.Sale && (a.State == txn.Approved || a.State == txn.Kept):
		return a.Amount.Minor
	case a.Kind == txn.Refund && a.Concluded():
		return -a.Amount.Minor
	}
	return 0
}

// judgeReversed holds that a reversal is of the payment that its attempt is about.
func (w *world) judgeReversed(r, of counter.Row, books map[int64]txn.Attempt) {
	if a := books[r.About]; of.About == 0 || of.About != r.About && of.About != int64(a.Original) {
		w.bad("for %d the card terminal undid a payment of %d (receipt %04d), which is of %d", r.About, of.AmountMinor, of.Receipt, of.About)
	}
}

// judgeBackAtTerminal holds that the card terminal gave no more back of a payment than it took.
func (w *world) judgeBackAtTerminal(all []counter.Row, books map[int64]txn.Attempt) {
	back := map[txn.ID]int64{}
	for _, r := range all {
		if r.Counts() && r.Kind == counter.GiveBack {
			back[books[r.About].Original] += r.AmountMinor
		}
	}
	for _, r := range all {
		if went := back[txn.ID(r.About)]; r.Kind == counter.Pay && (went > r.AmountMinor || went > 0 && !r.Counts()) {
			w.bad("of %d, which took %d and is %s, %d went back at the card terminal", r.About, r.AmountMinor, r.State, went)
		}
	}
}
