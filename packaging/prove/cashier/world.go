package cashier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
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
	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim"
)

// world is a counter: the shipped till with its window, and all that stands round it. It lives in a bubble of testing/synctest: the
// bubble's first goroutine is the window's, and time passes while that waits.
type world struct {
	plan     Script
	words    *lexicon // of the language that is shown
	other    *lexicon
	dir      string // the data folder, on this computer's disk
	disk     *simdisk.Disk
	lines    *counter.Lines
	bank     *hostsim.Host
	rules    []*hostsim.Rule // what the bank does with the next messages about money
	stubborn int             // how many of the next reversals it refuses

	providers *counter.Providers // of payment codes; nil where none are taken
	terminal  *counter.Terminal  // of cards, on a cable; nil where there is none
	ports     *counter.Ports     // of the program that runs
	faults    simdisk.Faults
	copied    *simdisk.Disk // of the books; nil before
	putsBack  bool          // the copy takes the books' place before the next start
	restored  bool          // it did once: what followed the copy is in no books
	anew      bool          // and nobody has read them yet
	copiedAt  txn.ID        // the newest payment by card that the copy has
	doubted   bool          // books were put back that are not those with which cards were taken last, and nobody has read it yet
	unsaved   bool          // the program that ended last could not save
	denied    bool          // and has said of what it could not save that nothing was charged
	told      map[txn.ID]bool
	papers    []int64                 // prints that came out
	cases     map[int64]txn.CaseState // as the window said

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
	w.wake, w.lines = make(chan struct{}, 1), counter.NewLines()
	if w.bank, err = counter.NewBank(w.bankDoes); err != nil {
		return err
	}
	if w.plan.Codes {
		if w.providers, err = counter.NewProviders(); err != nil {
			return err
		}
	}
	if w.plan.ZVT {
		if w.terminal, err = counter.NewTerminal(w.plan.Seed, nil); err != nil {
			return err
		}
	}
	w.disk = simdisk.New(w.plan.Seed)
	return w.boot(ctx)
}

// bankDoes is what the bank does with a message: the next of what the script says, of money alone.
func (w *world) bankDoes(mti string, _ int64) *hostsim.Rule {
	w.mu.Lock()
	defer w.mu.Unlock()
	if mti == "0400" && w.stubborn > 0 {
		w.stubborn--
		return &hostsim.Rule{Do: hostsim.Decline, Code: "58"}
	}
	at := slices.IndexFunc(w.rules, func(r *hostsim.Rule) bool { return r.Do != hostsim.CutOff || mti[1] == '5' }) // the bank's day ends when it is asked for its sums
	if at < 0 || mti[1] == '8' {
		return nil
	}
	rule := w.rules[at]
	w.rules = slices.Delete(w.rules, at, at+1)
	if mti == "0400" && rule.Do == hostsim.Decline { // a reversal is not declined in the end
		return nil
	}
	return rule
}

// boot starts the program as main does.
func (w *world) boot(ctx context.Context) (err error) {
	s := settings.Default()
	s.UseBank(counter.BankAddress)
	s.Window.Language, s.Devices.SeparateTerminal, s.Till.Vouchers = w.plan.Language, w.plan.Terminal, w.plan.Vouchers
	if w.terminal != nil {
		s.UseBank(counter.TerminalAddress)
	}
	if w.plan.Scanner {
		s.Devices.Scanner = "serial:///dev/scanner"
	}
	w.ports = counter.NewPorts(w.terminal)
	w.disk.Hook = w.faults.Hook
	w.shop, err = shop.Open(ctx, shop.Options{Dir: w.dir, Settings: s, SettingsDir: w.dir, StateDir: filepath.Join(w.dir, stateDir), Version: "proof", Log: slog.New(slog.DiscardHandler), Now: time.Now,
		World: w.stands()})
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
	w.readsAnew()
	w.settle()
	w.say("the till is started")
	return nil
}

// stands is what the till stands on.
func (w *world) stands() *shop.World {
	on := &shop.World{Disk: w.disk, Dir: w.disk.Root() + "/till", Dial: w.lines.Dial, Port: w.ports.Open, Paper: w.paper}
	if w.providers != nil {
		on.Wallets = w.providers.Wallets
	}
	return on
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

// stateDir is the program's state folder, on this computer's disk.
const stateDir = "state"

// outside are the files on this computer's disk that a program leaves: goods, and how far the books had come.
func (w *world) outside() []string {
	names := slices.Clone(goods)
	marks, err := os.ReadDir(filepath.Join(w.dir, stateDir))
	if err != nil {
		return names
	}
	for _, m := range marks {
		names = append(names, filepath.Join(stateDir, m.Name()))
	}
	return names
}

// kill ends the program at this moment, and starts it again. What it had written is there; nothing that it does after has an effect.
func (w *world) kill(ctx context.Context, how simdisk.Fault, policy simdisk.Policy) {
	cut := w.underWay()
	w.unsaved = w.broken()
	w.disk.Stop(how)
	kept := map[string][]byte{}
	files := w.outside()
	for _, name := range files {
		if text, err := os.ReadFile(filepath.Join(w.dir, name)); err == nil {
			kept[name] = text
		}
	}
	w.bury()
	for _, name := range files {
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
	w.judge.seq = -1 // books that lost a lazy entry may have another one of its number
	w.faults.Mend()  // whoever starts it has looked at the disk
	w.swapsBooks()
	time.Sleep(downtime)
	if err := w.boot(ctx); err != nil {
		w.bad("the till does not start again: %v", err)
		return
	}
	w.judge.refused, w.judge.asked, w.judge.voiding = false, "", 0
	if !w.unsaved { // else what was meant may be in the books
		w.judge.intent = intent{}
	}
	w.judge.intent.cashAt = time.Now()
	w.eye.begins(w)
	w.judgeCut(cut)
	w.judgeKept()
	w.judge.intent, w.unsaved, w.denied = intent{}, false, false
}

// downtime is how long the counter is without its till.
const downtime = 3 * time.Second

// bury lets go of a program that has ended.
func (w *world) bury() {
	w.mu.Lock()
	w.lives++
	w.queue = nil
	w.mu.Unlock()
	w.ports.End()
	w.window.End()
	w.cutAll()
	w.shop.Stop()
	w.cutAll()                   // and what was connected meanwhile
	_ = w.shop.Journal.Abandon() // its disk is dead
}

// cutAll ends every connection of a program.
func (w *world) cutAll() {
	w.lines.Cut(false)
	if w.terminal != nil {
		w.terminal.Cut(false)
	}
	if w.providers != nil {
		w.providers.Cut(false)
	}
}
