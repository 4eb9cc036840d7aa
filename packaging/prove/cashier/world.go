package cashier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/app/ui"
	"veratill/assets"
	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim"
)

// nothing is a script without a rule.
type nothing struct{}

// Read implements io.Reader.
func (nothing) Read([]byte) (int, error) { return 0, io.EOF }

// world is a counter: the shipped till with its window, and all that stands round it. It lives in a bubble of testing/synctest: the
// bubble's first goroutine is the window's, and time passes while that waits.
type world struct {
	plan  Script
	words *lexicon // of the language that is shown
	other *lexicon
	dir   string // the data folder, on this computer's disk
	disk  *simdisk.Disk
	lines *lines
	bank  *hostsim.Host
	rules []*hostsim.Rule // what the bank does with the next messages about money

	shop   *shop.Shop
	window *ui.Driven
	lives  int

	mu    sync.Mutex
	queue []func()
	wake  chan struct{}

	eye   eye
	judge judge

	steps, actions, kills, swipes int
	violations                    []string
	transcript                    strings.Builder
}

func (w *world) bad(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.violations = append(w.violations, text)
	w.say("VIOLATION %s", text)
}

func (w *world) say(format string, args ...any) {
	fmt.Fprintf(&w.transcript, "%10.3f %s\n", time.Since(epoch).Seconds(), fmt.Sprintf(format, args...))
}

// lied reports whether there is a violation already: then the history ends.
func (w *world) lied() bool { return len(w.violations) > 0 }

// epoch is when a bubble of testing/synctest begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// open makes the world of a script, and starts its till.
func (w *world) open(ctx context.Context) error {
	var err error
	for _, language := range assets.Languages {
		lexicon, err := newLexicon(language)
		if err != nil {
			return err
		}
		if language == w.plan.Language {
			w.words = lexicon
		} else {
			w.other = lexicon
		}
	}
	w.wake, w.lines = make(chan struct{}, 1), newLines()
	if w.bank, err = newBank(w.bankDoes); err != nil {
		return err
	}
	w.disk = simdisk.New(w.plan.Seed)
	return w.boot(ctx)
}

// bankDoes is what the bank does with a message: the next of what the script says, of money alone.
func (w *world) bankDoes(mti string, _ int64) *hostsim.Rule {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rules) == 0 || mti[1] == '8' {
		return nil
	}
	rule := w.rules[0]
	w.rules = w.rules[1:]
	if mti == "0400" && rule.Do == hostsim.Decline { // a reversal is not declined in the end
		return nil
	}
	return rule
}

// boot starts the program as main does.
func (w *world) boot(ctx context.Context) (err error) {
	s := settings.Default()
	s.UseBank(bankAddress)
	s.Window.Language, s.Devices.SeparateTerminal = w.plan.Language, w.plan.Terminal
	w.shop, err = shop.Open(ctx, shop.Options{Dir: w.dir, Settings: s, SettingsDir: w.dir, Version: "proof", Log: slog.New(slog.DiscardHandler), Now: time.Now,
		World: &shop.World{Disk: w.disk, Dir: w.disk.Root() + "/till", Dial: w.lines.dial}})
	if err != nil {
		return err
	}
	w.shop.Run()
	w.lives++
	life := w.lives
	do := func(f func()) { w.later(life, f) }
	w.window, err = ui.Drive(test.NewApp(), w.shop.Desk.Screens(), ui.Options{Size: fyne.NewSize(1366, 768), Now: time.Now, Do: do,
		After: func(d time.Duration, f func()) { time.AfterFunc(d, func() { do(f) }) }})
	if err != nil {
		return err
	}
	w.judge.begun = w.judge.newest
	w.settle()
	w.say("the till is started")
	return nil
}

// later lets the window's goroutine run something, unless the program has ended.
func (w *world) later(life int, f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if life != w.lives {
		return
	}
	w.queue = append(w.queue, f)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// settle lets everything that can happen now happen.
func (w *world) settle() {
	for {
		synctest.Wait()
		w.mu.Lock()
		queue := w.queue
		w.queue = nil
		w.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, f := range queue {
			f()
		}
	}
}

// pass lets time pass, and looks whenever something happens by itself.
func (w *world) pass(d time.Duration) {
	until := time.Now().Add(d)
	for !w.lied() {
		w.settle()
		w.looks("")
		left := time.Until(until)
		if left <= 0 {
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-w.wake:
			timer.Stop()
		}
	}
}

// goods are the files of sales that are not paid, which lie on this computer's disk.
var goods = []string{"making.json", "parked.json"}

// kill ends the program at this moment, and starts it again. What it had written is there; nothing that it does after has an effect.
func (w *world) kill(ctx context.Context, how simdisk.Fault, policy simdisk.Policy) {
	cut := w.underWay()
	w.disk.Stop(how)
	kept := map[string][]byte{}
	for _, name := range goods {
		if text, err := os.ReadFile(filepath.Join(w.dir, name)); err == nil {
			kept[name] = text
		}
	}
	w.bury()
	for _, name := range goods {
		path := filepath.Join(w.dir, name)
		var err error
		if text, was := kept[name]; was {
			err = os.WriteFile(path, text, 0o600)
		} else if err = os.Remove(path); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		if err != nil {
			w.bad("the proof can't put back what a kill leaves: %v", err)
		}
	}
	w.kills++
	w.starts(ctx, policy, cut)
}

// starts starts the program again on a disk that has stopped. cut is a payment that was under way.
func (w *world) starts(ctx context.Context, policy simdisk.Policy, cut txn.ID) {
	old := w.disk
	w.disk = old.Reopen(policy)
	old.Close()
	time.Sleep(downtime)
	if err := w.boot(ctx); err != nil {
		w.bad("the till does not start again: %v", err)
		return
	}
	w.judge.intent, w.judge.refused, w.judge.asked, w.judge.voiding = intent{}, false, "", 0
	w.eye.begins(w)
	w.judgeCut(cut)
}

// downtime is how long the counter is without its till.
const downtime = 3 * time.Second

// bury lets go of a program that has ended.
func (w *world) bury() {
	w.mu.Lock()
	w.lives++
	w.queue = nil
	w.mu.Unlock()
	w.window.End()
	w.lines.cut(false)
	w.shop.Stop()
	w.lines.cut(false)           // and one that was made meanwhile
	_ = w.shop.Journal.Abandon() // its disk is dead
}
