package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// world is everything round the till: bank, line, printer.
type world struct {
	program string
	dir     string
	random  *rand.Rand
	line    *line
	bank    *exec.Cmd
	printer *exec.Cmd
	cards   string
	address string // of the printer
	counts  counts
}

type counts struct {
	sales, voids, reprints, kills, atStep, atRandom, unkilled int
	exits                                                     map[int]int
	approved, declined, reversed, voided                      int
	papers, copies, paperUnknown, cuts, lost                  int
	totalsMinor, sumMinor                                     int64
}

func (c counts) print() {
	for _, l := range []struct {
		name  string
		value any
	}{
		{"sales", c.sales}, {"voids", c.voids}, {"reprints", c.reprints}, {"kills", c.kills}, {"kills_at_a_step", c.atStep},
		{"kills_at_random", c.atRandom}, {"not_killed", c.unkilled}, {"line_cuts", c.cuts}, {"line_losses", c.lost},
		{"approved", c.approved}, {"voided", c.voided}, {"declined", c.declined}, {"reversed", c.reversed},
		{"papers", c.papers}, {"marked_copies", c.copies}, {"paper_unknown", c.paperUnknown},
		{"totals_minor", c.totalsMinor}, {"journal_sum_minor", c.sumMinor},
	} {
		fmt.Printf("%s: %v\n", l.name, l.value)
	}
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) start() error {
	w.counts.exits = map[int]int{}
	var err error
	if w.cards, err = writeCards(w.dir); err != nil {
		return err
	}
	var bankAddress string
	if w.bank, bankAddress, err = w.serve("hostsim", "-listen", "127.0.0.1:0", "-profile", "unionpay", "-ledger", w.path("ledger.jsonl")); err != nil {
		return err
	}
	if w.printer, w.address, err = w.serve("printersim", "-listen", "127.0.0.1:0", "-out", w.path("papers")); err != nil {
		return err
	}
	w.line, err = newLine(bankAddress)
	return err
}

// serve starts a simulator and reads where it listens.
func (w *world) serve(args ...string) (*exec.Cmd, string, error) {
	cmd := exec.Command(w.program, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", args[0], err)
	}
	return cmd, strings.TrimSpace(strings.TrimPrefix(said, "listening on ")), nil
}

func (w *world) stop() {
	for _, c := range []*exec.Cmd{w.bank, w.printer} {
		if c != nil && c.Process != nil {
			c.Process.Kill()
			c.Wait()
		}
	}
}

// replyWait is the till's: short, so that many rounds fit.
const replyWait = "250ms"

func (w *world) host() string {
	return "tcp://" + w.line.listener.Addr().String() + "?profile=unionpay&timeout=" + replyWait
}

// endings are the last digits of the amounts: mostly good ones, and each fault that the bank knows.
var endings = []int{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 5, 51, 91, 92, 93, 94, 95, 96}

// round runs one command, and most times kills it.
func (w *world) round() {
	args := []string{"sell", "-data", w.path("till"), "-amount", w.amount(), "-reader", "virtual:" + w.cards}
	switch kind := w.random.IntN(20); {
	case kind == 0:
		args = []string{"void", "-data", w.path("till"), "-stan", w.someSTAN()}
		w.counts.voids++
	case kind == 1:
		args = []string{"reprint", "-data", w.path("till"), "-stan", w.someSTAN(), "-printer", "tcp://" + w.address, "-v"}
		w.counts.reprints++
	default:
		w.counts.sales++
	}
	if args[0] != "reprint" {
		args = append(args, "-host", w.host(), "-printer", "tcp://"+w.address, "-json", "-v")
	}
	switch w.random.IntN(10) {
	case 0:
		w.run(args, 0, 0)
		w.counts.unkilled++
	case 1, 2, 3:
		w.counts.atRandom += w.run(args, 0, time.Duration(w.random.IntN(250))*time.Millisecond+time.Millisecond)
	default:
		w.counts.atStep += w.run(args, 1+w.random.IntN(9), 0)
	}
}

func (w *world) amount() string {
	return fmt.Sprintf("%d.%02d", 1+w.random.IntN(99), endings[w.random.IntN(len(endings))])
}

// someSTAN is one of the STANs that the bank knows, or none that anybody knows.
func (w *world) someSTAN() string {
	lines := readLedger(w.path("ledger.jsonl"))
	if len(lines) == 0 {
		return "999999"
	}
	return fmt.Sprint(lines[w.random.IntN(len(lines))].STAN)
}

// roundLimit ends a command that hangs; that it hung is a violation by itself, seen in the exits.
const roundLimit = 60 * time.Second

// run starts the program and kills it after the nth journaled step, or after a while,
// or not at all. It returns how many kills it made.
func (w *world) run(args []string, step int, after time.Duration) int {
	ctx, cancel := context.WithTimeout(context.Background(), roundLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.program, args...)
	steps, err := cmd.StderrPipe()
	stopOn(err)
	stopOn(cmd.Start())
	killed := make(chan bool, 1)
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	go func() { killed <- killAt(steps, step, cmd) }()
	<-killed
	cmd.Wait() // how it ended is in its state
	if cmd.ProcessState.ExitCode() == -1 && ctx.Err() == nil {
		w.counts.kills++
		return 1
	}
	w.counts.exits[cmd.ProcessState.ExitCode()]++
	return 0
}

// killAt reads the till's steps as it journals them, and kills it at the nth.
func killAt(steps io.Reader, nth int, cmd *exec.Cmd) bool {
	in := bufio.NewScanner(steps)
	in.Buffer(nil, 1<<20)
	for n := 0; in.Scan(); {
		if !bytes.Contains(in.Bytes(), []byte(`"msg":"step"`)) {
			continue
		}
		if n++; n == nth {
			cmd.Process.Kill()
		}
	}
	return true
}

// finish drives everything owed to its end on a good line, as the next morning would.
func (w *world) finish() {
	for range 20 {
		cmd := exec.Command(w.program, "recover", "-data", w.path("till"), "-host", w.host())
		if cmd.Run() == nil {
			return
		}
	}
}

// ask runs a command that answers in JSON.
func (w *world) ask(into any, args ...string) error {
	out, err := exec.Command(w.program, args...).Output()
	if err != nil {
		return fmt.Errorf("%v: %w", args, err)
	}
	return json.Unmarshal(out, into)
}

type ledgerLine struct {
	STAN        int64  `json:"stan"`
	AmountMinor int64  `json:"amountMinor"`
	State       string `json:"state"`
	Type        string `json:"type"`
}

func readLedger(path string) (all []ledgerLine) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for _, one := range bytes.Split(text, []byte("\n")) {
		var l ledgerLine
		if json.Unmarshal(one, &l) == nil && l.STAN != 0 {
			all = append(all, l)
		}
	}
	return all
}
