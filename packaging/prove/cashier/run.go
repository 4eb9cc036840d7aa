package cashier

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2/test"

	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/script"
	"veratill/packaging/prove/simdisk"
)

// Result is what came of a history.
type Result struct {
	Steps, Actions  int // steps of scripts, and what hands and devices did for them: presses, releases, taps, characters
	Attempts, Kills int

	Simulated  time.Duration
	Violations []string
	Transcript string
}

// Add adds the counts of another history.
func (r *Result) Add(other Result) {
	r.Steps += other.Steps
	r.Actions += other.Actions
	r.Attempts += other.Attempts
	r.Kills += other.Kills
	r.Simulated += other.Simulated
	r.Violations = append(r.Violations, other.Violations...)
}

var oneAtATime sync.Mutex // Fyne has one app at a time

// Run lives through a script, in a bubble of testing/synctest.
func Run(t *testing.T, s Script) (r Result) {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	if _, err := counter.Keys(); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(memoryDisk(), "cashier")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	synctest.Test(t, func(*testing.T) { r = live(s, dir) })
	forget()
	return r
}

// forget lets Fyne forget the widgets of a history: it keeps them, and with them the whole till behind them, until a minute has passed on
// its clock and something is drawn. A bubble's clock stands in the year 2000.
func forget() { test.NewCanvas().Capture() }

// memoryDisk is a folder that lies in memory, where the system has one: the files of a history are synced for nobody.
func memoryDisk() string {
	const shared = "/dev/shm"
	if info, err := os.Stat(shared); err == nil && info.IsDir() {
		return shared
	}
	return ""
}

func live(s Script, dir string) Result {
	ctx := context.Background()
	w := &world{plan: s, dir: dir}
	begun := time.Now()
	if err := w.open(ctx); err != nil {
		return Result{Violations: []string{"a new till does not start: " + err.Error()}}
	}
	serving, stop := context.WithCancel(ctx)
	var served sync.WaitGroup
	served.Go(func() { _ = w.bank.Serve(serving, w.lines) })
	if w.providers != nil {
		served.Go(func() { w.providers.Serve(serving) })
	}
	if w.terminal != nil {
		served.Go(func() { w.terminal.Serve(serving) })
	}
	w.eye.begins(w)
	w.judgeGoods()
	for _, step := range s.Steps {
		if w.lied() {
			break
		}
		w.act(step)
	}
	w.ends(ctx)
	w.disk.Stop(simdisk.Killed)
	w.bury()
	w.disk.Close()
	if w.copied != nil {
		w.copied.Close()
	}
	stop()
	served.Wait()
	return Result{Steps: w.steps, Actions: w.actions, Attempts: len(w.judge.attempts), Kills: w.kills, Simulated: time.Since(begun), Violations: w.violations, Transcript: w.transcript.String()}
}

// ends: nothing goes wrong any more, everything comes to its end, and a person sells again.
func (w *world) ends(ctx context.Context) {
	if w.lied() {
		return
	}
	w.mu.Lock()
	w.rules, w.stubborn = nil, 0
	w.mu.Unlock()
	w.cutAll()
	w.mends(ctx)
	w.faultOfPrinter("")
	w.act(script.After(quiet, "leave"))
	if !w.lied() {
		w.reads()
		w.judgeProviders()
		w.judgeTerminal()
		w.verifies(ctx)
	}
}

// quiet is the time in which what is owed comes to its end.
const quiet = 2 * time.Minute

// shrinkRuns bounds how often a failing history is tried again while it is made shorter.
const shrinkRuns = 300

// Shrink takes steps out of a history that shows a violation for as long as it goes on showing one.
func Shrink(t *testing.T, s Script) Script {
	runs := 0
	fails := func(steps []Step) bool {
		runs++
		tried := s
		tried.Steps = steps
		return len(Run(t, tried).Violations) > 0
	}
	steps := s.Steps
	for size := (len(steps) + 1) / 2; size > 0 && runs < shrinkRuns; size /= 2 {
		for at := 0; at < len(steps) && runs < shrinkRuns; {
			if without := slices.Concat(steps[:at], steps[min(len(steps), at+size):]); fails(without) {
				steps = without
			} else {
				at += size
			}
		}
	}
	s.Steps = steps
	return s
}
