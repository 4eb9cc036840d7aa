package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"veratill/packaging/books"
	"veratill/packaging/shop"
)

// world is everything round the till: bank, line, printer, and what was counted.
type world struct {
	program string
	dir     string
	codes   bool // the shop takes payment codes, and no cards
	zvt     bool // it takes cards by a card terminal
	random  *rand.Rand

	shop   *shop.Shop
	books  *books.Books
	line   *line
	cards  string
	one    string // file of the one card of a customer who comes again, so that money can go back to it
	folder int    // of the books that are open now
	rounds int    // in them

	uploads bool // their bank's sums lack a payment, so that it is told of each

	counts counts
	found  []string
}

type counts struct {
	sales, parts, undone, voids, refunds, reprints, kills, atStep, atRandom, unkilled int
	cuts, lost, folders                                                               int
	settlements, uploaded, settlementKills                                            int
	books                                                                             books.Counts
}

func (c counts) print() {
	for _, l := range []struct {
		name  string
		value any
	}{
		{"sales", c.sales}, {"sales_in_parts", c.parts}, {"undoings", c.undone}, {"voids", c.voids}, {"refunds", c.refunds}, {"reprints", c.reprints}, {"kills", c.kills}, {"kills_at_a_step", c.atStep},
		{"kills_at_random", c.atRandom}, {"not_killed", c.unkilled}, {"line_cuts", c.cuts}, {"line_losses", c.lost}, {"journals", c.folders}, {"settlements", c.settlements}, {"payments_uploaded", c.uploaded}, {"kills_in_a_settlement", c.settlementKills},
		{"refunded", c.books.Refunded}, {"refunds_unknown", c.books.RefundsUnknown},
		{"approved", c.books.Approved}, {"voided", c.books.Voided}, {"declined", c.books.Declined}, {"reversed", c.books.Reversed},
		{"papers", c.books.Papers}, {"marked_copies", c.books.Copies}, {"paper_unknown", c.books.PaperUnknown},
		{"totals_minor", c.books.TotalsMinor}, {"journal_sum_minor", c.books.SumMinor},
	} {
		fmt.Printf("%s: %v\n", l.name, l.value)
	}
}

// bookRounds is how many commands one journal sees. A journal of some hundred payments is as real as a longer one, its day's list stays quick to read,
// and its batch can be settled: a 0500 has room for 999.
const bookRounds = 1500

// open begins a journal, a ledger and a roll of paper in a folder of their own.
func (w *world) open() error {
	dir := filepath.Join(w.dir, fmt.Sprintf("books-%03d", w.folder))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if w.codes {
		return w.openCodes(dir)
	}
	if w.zvt {
		return w.openTerminal(dir)
	}
	var err error
	if w.cards, err = writeCards(dir); err != nil {
		return err
	}
	flags, err := w.bankFlags(dir)
	if err != nil {
		return err
	}
	if w.shop, err = shop.Open(w.program, dir, flags...); err != nil {
		return err
	}
	if w.one, err = w.shop.Card("one.txt", "6222020000999999=49121010000000000"); err != nil {
		return err
	}
	w.shop.ReplyWait = replyWait
	if w.line, err = newLine(w.shop.Bank); err != nil {
		return err
	}
	w.shop.Bank = w.line.listener.Addr().String()
	w.books, w.rounds = books.Of(w.shop), 0
	return nil
}

func (w *world) close() {
	if w.line != nil {
		w.line.listener.Close()
	}
	w.shop.Close()
}

// turn closes the books and opens the next. Those without a fault are not kept.
func (w *world) turn() error {
	w.close()
	if len(w.found) == 0 {
		os.RemoveAll(w.shop.Dir)
	}
	w.folder++
	return w.open()
}

// replyWait is the till's: short, so that many rounds fit, and far above what a bank on this machine takes.
const replyWait = 100 * time.Millisecond

// endings are the last digits of the amounts: mostly good ones, and each fault that the bank knows.
var endings = []int{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 5, 51, 91, 92, 93, 94, 95, 96}

// steps is how many steps a sale journals; a few have more, for what they find unfinished.
const steps = 6

// stepsOf is how many steps a command may journal: a sale in two parts, and its undoing, have more.
func stepsOf(cmd *exec.Cmd) int {
	if slices.Contains(cmd.Args, "-tender") || slices.Contains(cmd.Args, "-undo") {
		return 3 * steps
	}
	return steps
}

// round runs one command, and most times kills it.
func (w *world) round() {
	w.rounds++
	if w.codes {
		w.roundOfCodes()
		return
	}
	if w.zvt {
		w.roundAtTerminal()
		return
	}
	var cmd *exec.Cmd
	switch kind := w.random.IntN(20); kind {
	case 0:
		cmd = w.shop.Command("void", "-data", w.shop.Till(), "-stan", w.someSTAN(), "-host", w.shop.HostURL(), "-printer", w.shop.PrinterURL(), "-json", "-v")
		w.counts.voids++
	case 1:
		cmd = w.shop.Command("reprint", "-data", w.shop.Till(), "-stan", w.someSTAN(), "-printer", w.shop.PrinterURL(), "-v")
		w.counts.reprints++
	case 2, 3, 4:
		cmd = w.shop.SellInParts(w.cards, w.amount(), w.amount())
		w.counts.parts++
	case 5:
		cmd = w.shop.Undo()
		w.counts.undone++
	case 6, 7, 8:
		cmd = w.shop.Sell(w.one, w.amount())
		w.counts.sales++
	case 9, 10: // a part, so that it is a refund; one of another card is not begun
		cmd = w.shop.Command("refund", "-data", w.shop.Till(), "-stan", w.someSTAN(), "-amount", fmt.Sprintf("0.%02d", 10+w.random.IntN(90)), "-reader", "virtual:"+w.one,
			"-host", w.shop.HostURL(), "-printer", w.shop.PrinterURL(), "-json", "-v")
		w.counts.refunds++
	default:
		cmd = w.shop.Sell(w.cards, w.amount())
		w.counts.sales++
	}
	switch w.random.IntN(12) {
	case 0:
		w.run(cmd, 0, 0)
		w.counts.unkilled++
	case 1, 2, 3:
		w.counts.atRandom += w.run(cmd, 0, time.Duration(w.random.IntN(int(longest))))
	default:
		w.counts.atStep += w.run(cmd, 1+w.random.IntN(stepsOf(cmd)), 0)
	}
}

// longest is how long a command of a random kill is let live: a sale takes about half of it.
const longest = 50 * time.Millisecond

func (w *world) amount() string {
	return fmt.Sprintf("%d.%02d", 1+w.random.IntN(99), endings[w.random.IntN(len(endings))])
}

// someSTAN is one of the STANs that the bank knows, or none that anybody knows.
func (w *world) someSTAN() string {
	all := w.books.STANs()
	if len(all) == 0 {
		return "999999"
	}
	slices.Sort(all) // the same seed chooses the same
	return fmt.Sprint(all[w.random.IntN(len(all))])
}

// roundLimit ends a command that hangs, and that is a violation by itself.
const roundLimit = 60 * time.Second

// run starts the program and kills it after the nth journaled step, or after a while,
// or not at all. It returns how many kills it made.
func (w *world) run(cmd *exec.Cmd, step int, after time.Duration) int {
	ctx, cancel := context.WithTimeout(context.Background(), roundLimit)
	defer cancel()
	said, err := cmd.StderrPipe()
	stopOn(err)
	stopOn(cmd.Start())
	stop := context.AfterFunc(ctx, func() { cmd.Process.Kill() })
	defer stop()
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	killAt(said, step, cmd)
	cmd.Wait() // how it ended is in its state
	switch {
	case ctx.Err() != nil:
		w.found = append(w.found, fmt.Sprintf("%v hung", cmd.Args))
	case cmd.ProcessState.ExitCode() == -1:
		w.counts.kills++
		return 1
	}
	return 0
}

// killAt reads the till's steps as it journals them, and kills it at the nth.
func killAt(said io.Reader, nth int, cmd *exec.Cmd) {
	in := bufio.NewScanner(said)
	in.Buffer(nil, 1<<20)
	for n := 0; in.Scan(); {
		if !bytes.Contains(in.Bytes(), []byte(`"msg":"step"`)) {
			continue
		}
		if n++; n == nth {
			cmd.Process.Kill()
		}
	}
}

// judge drives everything owed to its end on a good line, as the next morning would,
// and compares the books.
func (w *world) judge() {
	if w.codes || w.zvt {
		w.judgeCodes()
		return
	}
	w.line.calm()
	w.shop.ReplyWait = time.Second
	if err := w.shop.Settle(); err != nil {
		w.found = append(w.found, err.Error())
	}
	w.settle()
	w.judgeSettlement()
	c, found := w.books.Judge()
	w.found = append(w.found, found...)
	w.counts.cuts += int(w.line.cuts.Load())
	w.counts.lost += int(w.line.lost.Load())
	w.counts.folders++
	w.counts.books.Add(c)
}
