package simulator

import (
	"context"
	"errors"
	"net"
	"runtime"
	"sync"
	"testing/synctest"
	"time"

	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/journal"
	"veratill/txn/till"
	"veratill/txn/vault"
)

// life is one run of the till's program, from its start to its end, which is always a
// kill or a power cut: there is no other.
type life struct {
	partings int    // that were before it
	line     string // the name of the line to its bank
	w        *world
	disk     *simdisk.Disk
	journal  *journal.Journal
	client   counter.CardLine
	till     *till.Till
	cancel   context.CancelFunc
	running  sync.WaitGroup
	over     chan struct{}
	once     sync.Once

	pipesMu sync.Mutex
	pipes   []net.Conn // to providers of payment codes
}

const (
	terminalNumber = "00000001"
	merchant       = "898000000000001"
)

// replyWait is the till's. The field has 60 s; what matters is that answers come before and after it.
const replyWait = 30 * time.Second

func (l *life) ended() bool {
	select {
	case <-l.over:
		return true
	default:
		return false
	}
}

// end makes this moment the last of the life: from here on nothing that it does has any effect.
func (l *life) end() { l.once.Do(func() { close(l.over) }) }

// boot starts the program as main does. The error is why it could not; then it has ended.
func (w *world) boot() error {
	ctx, cancel := context.WithCancel(context.Background())
	l := &life{w: w, disk: w.disk, cancel: cancel, over: make(chan struct{}), line: w.lineNow(), partings: w.folders.partings}
	w.mu.Lock()
	w.life = l
	w.mu.Unlock()
	w.disk.Hook = w.faults.Hook
	dir := w.disk.Root() + "/till"
	var err error
	if l.journal, err = journal.Open(ctx, dir, journal.Options{Disk: w.disk, Now: w.now, NewID: newID}); err != nil {
		return err
	}
	keys, err := vault.Open(w.disk, dir)
	if err != nil {
		return err
	}
	w.judgeKey(keys.Lost())
	w.kept.begin(l.over)
	books := till.NewBooks(l.journal, l.journal, w.now, nil, nil)
	l.client = l.cardLine(books)
	wallets, err := l.wallets()
	if err != nil {
		return err
	}
	l.till = till.New(till.Config{Wallets: wallets, Journal: l.journal, Numbers: l.journal, Books: books, Marks: marks{l}, Lines: till.Lines{txn.Card: l.client, txn.External: w.beside.Line()}, Printer: printer{l}, Vault: keys, Now: w.now, Slips: slipStore{l}, Evidence: l.journal, Settlements: l.journal,
		Terminal: terminalNumber, Merchant: merchant})
	if err := l.till.Start(ctx); err != nil {
		return err
	}
	w.mu.Lock()
	w.say("boot")
	w.mu.Unlock()
	w.judgeMark(ctx)
	w.readFound(ctx)
	l.running.Go(func() { deepen(); l.client.Keep(ctx) })
	synctest.Wait() // one after the other, so that a script is always the same history
	l.running.Go(func() { deepen(); l.till.Run(ctx) })
	synctest.Wait()
	return nil
}

// cardLine makes the line for cards.
func (l *life) cardLine(books *till.Books) counter.CardLine {
	w := l.w
	if w.readers != nil {
		return w.readers.Line(l.line, l.dialTerminal, w.now, w.kept.tell)
	}
	return counter.BankLine(counter.BankConfig{Name: l.line, Address: "bank:5000", Profile: w.profile, Timeout: replyWait, MasterKey: masterKey,
		Terminal: terminalNumber, Merchant: merchant, Now: w.now, Dial: l.dial, Books: books, Messages: w.kept.tell, Compares: w.bank.book.Matching == bank.ByAll})
}

// cancelled ends what a life that is over still waits for.
func (l *life) cancelled() {
	l.cancel()
	l.cutPipes()
}

// deepen makes a goroutine's stack as large as SQLite needs, at once: else it would be
// copied each time that it doubles, with SQLite's frames on it.
//
//go:noinline
func deepen() {
	var room [24 << 10]byte
	runtime.KeepAlive(&room)
}

// readFound is the cashier at the first screen: what it says is paid is told to the customer.
func (w *world) readFound(ctx context.Context) {
	found := w.life.till.Found(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range found {
		if w.life.ended() {
			return
		}
		if a := f.Matter.Attempt; a.State == txn.Approved && !a.AwaitsLine() {
			w.told[a.ID] = string(txn.Approved)
		}
		if f.OfSale {
			w.heardOf(f.Matter.Bill)
		}
	}
}

func (l *life) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	if l.ended() || l.w.bank.down && l.line != otherLine {
		return nil, errCut
	}
	c := &conn{w: l.w, life: l, in: make(chan []byte, 64), gone: make(chan struct{})}
	l.w.line = c
	if c.shut = l.w.bank.closes && l.line != otherLine; c.shut {
		l.w.after(ordinary, func() { c.Close() })
	}
	return c, nil
}

// bury lets go of a life that has ended, and makes the disk what the next one finds.
func (w *world) bury() {
	l := w.life
	l.disk.Stop(simdisk.Killed) // unless it was a power cut
	l.end()
	l.cancelled()
	if l.client != nil {
		l.client.Close()
	}
	w.cashier.Wait()
	if l.till != nil {
		l.till.WaitForPaper()
	}
	l.running.Wait()
	if l.journal != nil {
		if err := l.journal.Abandon(); err != nil && !errors.Is(err, simdisk.ErrDead) {
			w.mu.Lock()
			w.say("abandoned")
			w.mu.Unlock()
		}
	}
	w.kept.bury(l.disk.Dead(), w.policy)
	w.mu.Lock()
	defer w.mu.Unlock()
	if l.disk.Dead() == simdisk.Killed {
		w.kills++
	} else {
		w.cuts++
		w.folders.afterCut(w.policy)
		w.slips.afterCut(w.policy)
	}
	w.say("%s", map[simdisk.Fault]string{simdisk.Killed: "killed", simdisk.PowerCut: "power cut"}[l.disk.Dead()])
	w.disk = l.disk.Reopen(w.policy)
	l.disk.Close()
	w.lives++
}

// patience is how often somebody starts a till whose disk refuses before mending it.
const patience = 5

// downtime is how long the counter is without its till.
const downtime = 3 * time.Second

// revive starts the program again and again until it stays.
func (w *world) revive() {
	for failed := 0; !w.lied(); failed++ {
		if failed == patience {
			w.faults.Mend()
		}
		w.bury()
		w.applyNext()
		time.Sleep(downtime)
		err := w.boot()
		if err == nil && !w.life.ended() {
			return
		}
		w.judgeBoot(err)
	}
}
