// Package till is the shell round the pure core: it makes each decision durable
// first and then carries it out. Timers and goroutines live here. It knows the
// journal, the bank and the printer only by the interfaces below.
package till

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Journal is what the till needs of its memory. Every method is one that
// txn/journal documents; a failed Commit stops the till.
type Journal interface {
	Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error
	Failed() error
	NextAttempt() (txn.ID, error)
	NextSale() int64 // for the very next commit
	NextPrint() int64
	Owed(ctx context.Context) ([]txn.Attempt, error)
	Attempt(ctx context.Context, id txn.ID) (txn.Attempt, error)
	Sale(ctx context.Context, id int64) (sale.Sale, error)
	Sealed(ctx context.Context, id txn.ID) ([]byte, error)
	ReportsOpen(ctx context.Context) ([]txn.Print, error)
	Idle(ctx context.Context) error
}

// Line is a way to the money: an acquirer's host, a terminal that stands alone. The till knows no more of it.
type Line interface {
	// Name is kept with every attempt that is begun on the line, for ever.
	Name() string
	// Ready connects and signs in; an error means that nothing was sent.
	Ready(ctx context.Context) error
	// Request asks once and waits; it always comes to a verdict.
	Request(ctx context.Context, o txn.Order) txn.Verdict
	// Acknowledge tells a line that waits for it that the approval is durable here.
	Acknowledge(ctx context.Context, o txn.Order)
	// Reverse sends the nth reversal and waits; its verdict is one of ReversalAnswered,
	// ReversalRepeated and ReversalNotSent.
	Reverse(ctx context.Context, o txn.Order, try int) txn.Verdict
}

// Sheet is what goes on paper.
type Sheet struct {
	Print      txn.Print
	Attempt    txn.Attempt
	Original   txn.Attempt // of a void
	Sale       sale.Sale
	OpenDrawer bool
	Totals     []byte // of an X or a Z: JSON of the report
}

// Printer is where a sheet becomes paper.
type Printer interface {
	Ready() bool // by what is known now, without asking
	// Prepare may lay a sheet out while its intent is being made durable. Nothing of it
	// may reach the device before Begin, and Begin may never come.
	Prepare(s Sheet)
	// Begin begins to print and returns at once: what can leave without a wait has left then. end does the rest
	// and blocks until the outcome is known or given up; it is always called, once, before the next Begin.
	Begin(ctx context.Context, s Sheet) (end func() (outcome txn.Paper, proof string))
}

// Vault keeps card numbers while their attempts are open.
type Vault interface {
	Seal(id txn.ID, pan txn.Secret) ([]byte, error)
	Unseal(id txn.ID, sealed []byte) (txn.Secret, error)
	Token(pan txn.Secret) string
	Rotate() error
}

// Config is what a till is made of.
type Config struct {
	Journal  Journal
	Books    *Books // of that journal, where lines were built on them; made where there are none
	Bank     Line   // of cards
	External Line   // of a terminal that stands alone; nil where the shop has none
	Printer  Printer
	Vault    Vault
	Now      func() time.Time
	Log      *slog.Logger
	Demo     bool // the bank is simulated
	Terminal string
	Merchant string
	// Tell calls a person to a payment that the till cannot bring to its end by itself: it is called from any
	// goroutine, each time that a decision asks for it.
	Tell func(a txn.Attempt)
	// Changed is called, from any goroutine, when an attempt or a paper changed.
	Changed func()
}

// Why a payment was not begun, or could not be brought to its end here. Methods wrap them in a *txn.Fault, which
// says where the money is.
var (
	ErrJournal     = errors.New("the journal can't save")
	ErrBankOffline = errors.New("the bank can't be asked")
	ErrOwed        = errors.New("an earlier payment is not known yet, and goes first")
	ErrNotVoidable = plan.ErrNotVoidable
	ErrDayOpen     = errors.New("the day can't be closed while money is not known yet")
	errNoPrinter   = errors.New("no printer is set up")
	errNoTerminal  = errors.New("the settings name no separate terminal")
)

// codes are the words' keys of what a fault wraps; the first that fits counts.
var codes = []struct {
	err  error
	code string
}{
	// A journal that can't save keeps the bank from being asked too: then it is the cause.
	{ErrJournal, "journal failed"}, {ErrBankOffline, "bank offline"}, {ErrOwed, "reversal owed"},
	{ErrNotVoidable, "not voidable"}, {ErrDayOpen, "payments open"}, {errNoPrinter, "no printer"}, {errNoTerminal, "no terminal"},
	{context.Canceled, "cancelled"}, {context.DeadlineExceeded, "cancelled"}, {txn.ErrNotAllowed, "not allowed now"},
}

// fault says of an error whether the customer is charged, and gives it its code.
func fault(charged txn.Charged, err error) *txn.Fault {
	for _, k := range codes {
		if errors.Is(err, k.err) {
			return &txn.Fault{Charged: charged, Code: k.code, Err: err}
		}
	}
	return &txn.Fault{Charged: charged, Code: "fault", Err: err}
}

// Till is one counter. Its methods are safe for use by several goroutines.
type Till struct {
	*Books
	cfg Config

	card *semaphore.Weighted // one conversation with the bank at a time; whoever waits for it can be cancelled

	kick chan struct{}

	mu      sync.Mutex
	found   []Found
	due     map[txn.ID]bool // reversals that a decision asked for and that have not left
	papers  int             // prints that were begun and have not ended
	ended   *sync.Cond      // of mu: papers is 0
	newest  chan struct{}   // closed when the newest sheet is through the printer: one at a time, in their order
	waiting map[txn.ID]bool // approved in this run, waiting for a printer that is ready
}

// Found is what Start met unfinished.
type Found struct {
	Before  txn.State
	Paper   txn.Paper
	Attempt txn.Attempt // as it is now
}

// New makes a till. Start has to follow before anything else.
func New(cfg Config) *Till {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Changed == nil {
		cfg.Changed = func() {}
	}
	if cfg.Tell == nil {
		cfg.Tell = func(txn.Attempt) {}
	}
	if cfg.Books == nil {
		cfg.Books = NewBooks(cfg.Journal, cfg.Now, cfg.Log, cfg.Changed)
	}
	t := &Till{Books: cfg.Books, cfg: cfg, card: semaphore.NewWeighted(1),
		kick: make(chan struct{}, 1), waiting: map[txn.ID]bool{}, due: map[txn.ID]bool{}, newest: make(chan struct{})}
	close(t.newest) // no sheet is under way
	t.ended = sync.NewCond(&t.mu)
	return t
}

func (t *Till) nowMs() int64 { return t.cfg.Now().UnixMilli() }

// Start takes up what the last run left: pending attempts become reversals, prints
// that were begun have an unknown end. The journal has made its synced commit
// before (rule 10). Nothing is sent or printed here: reversals are owed, and leave with Settle or Run.
func (t *Till) Start(ctx context.Context) error {
	owed, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return err
	}
	open := 0
	for _, a := range owed {
		p, err := t.move(ctx, txn.ByTill, a.ID, txn.Event{Kind: txn.Restarted})
		if err != nil {
			return err
		}
		t.carry(ctx, p, with{})
		if p.After.Open() && !p.After.AsksAPerson() {
			open++
		}
		t.found = append(t.found, Found{Before: a.State, Paper: a.Paper, Attempt: p.After})
	}
	if err := t.endReports(ctx); err != nil {
		return err
	}
	if open == 0 {
		return t.forgetKey()
	}
	return nil
}

// endReports closes the prints of an X or a Z that the last run left.
func (t *Till) endReports(ctx context.Context) error {
	prints, err := t.cfg.Journal.ReportsOpen(ctx)
	if err != nil {
		return err
	}
	for _, p := range prints {
		closed := txn.ReportClosed{ID: p.ID, Outcome: txn.PaperUnknown}
		if err := t.save(ctx, txn.ByTill, txn.Lazy, closed); err != nil {
			return err
		}
	}
	return nil
}

// Found lists what Start met unfinished, each as it is now.
func (t *Till) Found(ctx context.Context) []Found {
	t.mu.Lock()
	found := append([]Found(nil), t.found...)
	t.mu.Unlock()
	for i, f := range found {
		if a, err := t.cfg.Journal.Attempt(ctx, f.Attempt.ID); err == nil {
			found[i].Attempt = a
		}
	}
	return found
}

// line is where an attempt was begun.
func (t *Till) line(a txn.Attempt) Line {
	if a.Tender == txn.External { // PayExternal and Void have seen that it is there
		return t.cfg.External
	}
	return t.cfg.Bank
}

// view is what a plan about an attempt that is there needs to know. The caller holds the write lock.
func (t *Till) view() plan.View {
	ready := t.cfg.Printer != nil && t.cfg.Printer.Ready()
	return plan.View{NextPrint: t.cfg.Journal.NextPrint(), NextSale: t.cfg.Journal.NextSale(), Ready: ready, AtMs: t.nowMs()}
}

// viewForNew is view with the number of the next attempt.
func (t *Till) viewForNew() (plan.View, error) {
	v := t.view()
	var err error
	v.NextAttempt, err = t.cfg.Journal.NextAttempt()
	return v, err
}

// move decides an event of an attempt.
func (t *Till) move(ctx context.Context, by txn.Actor, id txn.ID, e txn.Event) (plan.Plan, error) {
	return t.decide(ctx, by, id, func(a txn.Attempt) (plan.Plan, error) { return plan.Move(t.view(), a, nil, e) })
}

// named is an actor as the books take one: a shop that gives its cashiers no names has a cashier all the same.
func named(by txn.Actor) txn.Actor {
	if by.By == "" {
		by.By = "cashier"
	}
	return by
}
