package simulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"

	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
	"veratill/txn/walletsim"
)

// world is everything round the till, and the till.
type world struct {
	mu sync.Mutex // over what follows; never held while the till is called

	profile *iso8583.Profile
	bank    *host
	// providers of payment codes; nil where the history has none
	providers *providers
	orders    []walletsim.Order // of the providers, at the end
	readers   *readers          // of cards, on a cable; nil where there are none
	line      *conn             // the newest
	seed      uint64            // of what the bank says
	disk      *simdisk.Disk
	life      *life
	cashier   sync.WaitGroup // what is being done at the counter

	netFates, bankFates, paperFates []Step
	printerReady                    bool
	faults                          simdisk.Faults
	policy                          simdisk.Policy
	skew                            time.Duration
	zone, nextZone                  *time.Location
	folders                         folders
	slips                           keptSlips
	kept                            *rawMessages
	rawKept                         int    // kept, at the end
	settings, nextLine              string // the line that they name, now and from the next start on; empty is the first, and no change
	events                          atomic.Int64
	generation                      int

	cancelSale context.CancelFunc
	beside     counter.Beside // a card terminal without a cable
	sold       []txn.ID       // what was told to be paid, in order
	told       map[txn.ID]string
	begun      []int64 // sales that are known to be paid in parts, in order
	toldPaid   map[int64]bool
	requests   map[txn.ID]int
	papers     map[txn.ID]*papers // of voids, and notes and slips of payments
	receipts   map[int64]*papers  // of sales
	cases      map[int64]txn.CaseState
	filed      []fileTold
	denied     map[denial]bool
	doubtful   map[txn.ID]bool     // the till has heard that the number may be another's
	others     map[int64]bank.Row  // of another till with this terminal number, by STAN
	shown      map[txn.ID]bool     // a paper is out that says that this money moved
	signed     map[txn.ID][]string // different signed statements of a payment that are out on paper
	violations []string

	calm, verify, lying, refused        bool
	sales, messages, cuts, kills, lives int
	failedBoots, relapses               int
	hash                                uint64
	said                                []byte // the newest line of the history
	transcript                          *strings.Builder
}

// papers counts what came out of the printer for an attempt or a sale.
type papers struct{ unmarked, copies, notes, slips int }

// bad is a lie that was told. A disk that lies makes a till lie: nothing is promised on it
// but that the journal is whole or says that it is not.
func (w *world) bad(format string, args ...any) {
	if w.lying {
		return
	}
	w.broke(format, args...)
}

func (w *world) broke(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.violations = append(w.violations, text)
	w.say("VIOLATION %s", text)
}

// lied reports whether there is a violation already: then the history ends.
func (w *world) lied() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.violations) > 0 || w.refused
}

// say adds to the history, by which two runs of a script are compared: FNV-1a over all that was said.
func (w *world) say(format string, args ...any) {
	w.said = append(fmt.Appendf(w.said[:0], format, args...), '\n')
	for _, c := range w.said {
		w.hash = (w.hash ^ uint64(c)) * 1099511628211
	}
	if w.transcript != nil {
		fmt.Fprintf(w.transcript, "%12.3f %s", time.Since(epoch).Seconds(), w.said)
	}
}

// epoch is when a bubble of testing/synctest begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.skew).In(w.zone)
}

// after plans an event. No two are at the same instant, so that their order is always the same.
func (w *world) after(d time.Duration, do func()) {
	time.AfterFunc(d+time.Duration(w.events.Add(1)%1000)*time.Nanosecond, func() { deepen(); do() })
}

// next takes the next fate of a queue; the zero one is that nothing is wrong.
func (w *world) next(queue *[]Step) Step {
	f := w.peek(*queue)
	if len(*queue) > 0 {
		*queue = (*queue)[1:]
	}
	return f
}

func (w *world) peek(queue []Step) Step {
	if w.calm || len(queue) == 0 {
		return Step{}
	}
	return queue[0]
}

func (w *world) cutLines() {
	if w.line != nil {
		w.line.Close()
	}
}

// known are the words that a step may begin with.
var known = map[string]bool{"terminal": true, "code": true, "card": true, "cash": true, "void": true, "refund": true, "reprint": true, "note": true, "split": true, "part": true,
	"rest": true, "undo": true, "give": true, "slip": true, "x": true, "z": true, "settle": true, "case": true, "file": true, "backup": true, "restore": true, "restore-new": true,
	"cancel": true, "net": true, "bank": true, "paper": true, "printer": true, "disk": true, "kill": true, "cut": true,
	"clock": true, "zone": true, "settings": true, "spell": true, "other": true, "copy": true, "put-back": true, "swap": true, "reader": true, "hand": true, "lose-wal": true, "mark": true}

// act does a step.
func (w *world) act(s Step) {
	switch s.Words[0] {
	case "card", "code", "cash", "terminal", "void", "refund", "reprint", "note", "split", "part", "rest", "undo", "give", "slip", "x", "z", "settle", "case", "file", "backup":
		w.work(s)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.say("%s", strings.Join(s.Words, " "))
	switch s.Words[0] {
	case "cancel":
		if w.cancelSale != nil {
			w.cancelSale()
		}
	case "net":
		w.netFates = append(w.netFates, s)
	case "bank":
		w.bankStep(s)
	case "paper":
		w.paperFates = append(w.paperFates, s)
	case "printer":
		w.printerReady = false
		w.after(s.Duration(2), w.printerBack)
	case "disk":
		w.diskStep(s)
	case "kill", "cut":
		how := simdisk.Killed
		if s.Words[0] == "cut" {
			how, w.policy = simdisk.PowerCut, policyOf(s.Word(1))
		}
		w.life.disk.Stop(how)
		w.life.end()
	case "settings":
		w.changeSettings(w.otherSettings())
	case "spell":
		w.changeSettings(w.otherSpelling())
	case "copy", "put-back", "swap", "lose-wal", "mark", "restore", "restore-new":
		w.folderStep(s)
	case "other":
		w.otherTill(s)
	case "reader", "hand":
		w.readerStep(s)
	case "clock":
		w.skew += s.Duration(1)
	case "zone":
		if zone, err := time.LoadLocation(s.Word(1)); err == nil {
			w.nextZone = zone // a program reads its zone when it starts
		}
	}
}

func (w *world) bankStep(s Step) {
	switch s.Word(1) {
	case "crash":
		w.bank.crash()
	case "closes":
		w.bank.closes = true
		w.cutLines()
		w.after(s.Duration(2), func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.bank.closes = false
		})
	case "down":
		w.bank.down = true
		w.cutLines()
		w.after(s.Duration(2), func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.bank.down = false
		})
	default:
		w.bankFates = append(w.bankFates, s)
	}
}

func (w *world) diskStep(s Step) {
	u := simdisk.Upcoming{In: s.Number(1), Kind: diskFaults[s.Word(2)], Times: max(1, s.Number(3))}
	if u.Kind == simdisk.PowerCut {
		u.Cut = policyOf(s.Word(3))
	}
	w.faults.Add(u)
}

// diskFaults are the words of faults of a disk.
var diskFaults = map[string]simdisk.Fault{"cut": simdisk.PowerCut, "kill": simdisk.Killed, "eio": simdisk.IOError,
	"full": simdisk.Full, "sync-lost": simdisk.SyncLost, "sync-lie": simdisk.SyncLie}

func (w *world) printerBack() {
	w.mu.Lock()
	w.printerReady = true
	l := w.life
	w.mu.Unlock()
	if l != nil && l.till != nil && !l.ended() {
		l.till.Kick()
	}
}

func (w *world) applyNext() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.nextLine != "" {
		w.settings, w.nextLine = w.nextLine, ""
	}
	if w.nextZone != nil {
		w.zone, w.nextZone = w.nextZone, nil
		setLocal(w.zone)
	}
	w.changeFolders()
}

// wait lets time pass, and starts the till again when it ends.
func (w *world) wait(d time.Duration) {
	until := time.Now().Add(d)
	for !w.lied() {
		left := time.Until(until)
		if w.life.ended() {
			w.revive()
			continue
		}
		if w.broken() {
			if w.relapses++; w.relapses > relapsesMost {
				w.bad("the journal stops again and again: %v", w.life.journal.Failed())
				w.refused = w.lying
				return
			}
			time.Sleep(downtime) // a person reads the words, and starts the program again
			w.life.end()
			continue
		}
		if left <= 0 {
			w.relapses = 0
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-w.life.over:
			timer.Stop()
		}
		synctest.Wait() // the world goes on when the till has nothing left to do at this moment
	}
}

// relapsesMost is how often a till may be started again and stop at once.
const relapsesMost = 50

// broken is a till that can't save: it says so and sells nothing.
func (w *world) broken() bool { return w.life.journal != nil && w.life.journal.Failed() != nil }

// quiet is the time in which everything has to end once nothing goes wrong any more.
const quiet = 10 * time.Minute

// settled reports whether no money is owed to anybody, and no sale is paid in part.
func (w *world) settled() bool {
	ctx, l := context.Background(), w.life
	if l.ended() || l.till == nil || w.broken() {
		return false
	}
	owed, err := l.till.Owed(ctx)
	unfinished, errOfSales := l.till.Unfinished(ctx)
	return errors.Join(err, errOfSales) == nil && owed+len(unfinished) == 0 && !w.settling(ctx)
}

// lastArrival is more than any message takes that is under way: one may be late on the line and at the bank, see delay.
const lastArrival = 7 * time.Minute

// unresolved reports whether there is anything that a manager has to ask the bank about.
func (w *world) unresolved() bool {
	if w.life.ended() || w.life.till == nil {
		return false
	}
	all, err := w.life.till.Unresolved(context.Background())
	return err == nil && len(all) > 0
}

// finish ends all trouble and lets the till bring everything to its end.
func (w *world) finish() {
	w.mu.Lock()
	w.calm, w.bank.down, w.bank.closes, w.printerReady = true, false, false, true
	w.mu.Unlock()
	w.faults.Mend()
	if w.readers != nil {
		w.readers.Mend()
	}
	w.life.till.Kick()
	begun := time.Now()
	for time.Since(begun) < quiet && !w.lied() {
		w.wait(5 * time.Second)
		w.cashier.Wait()
		w.sayAll()
		w.putBack()
		w.undoAll()
		if w.settled() {
			break
		}
	}
	if !w.lied() {
		w.wait(time.Minute) // paper that is still on its way
		w.life.till.WaitForPaper()
	}
	if !w.lied() && w.unresolved() {
		w.wait(lastArrival) // a bank that is asked before a message has reached it writes truly that it has none
	}
	for begun = time.Now(); time.Since(begun) < quiet && !w.lied() && w.asks(context.Background()); {
		w.wait(5 * time.Second)
		w.undoAll() // parts that stood while a void of theirs was not known
		w.wait(time.Minute)
		w.life.till.WaitForPaper()
	}
}
