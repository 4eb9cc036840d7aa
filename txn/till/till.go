// Package till is the shell round the pure core: it makes each decision durable
// first and then carries it out. Timers and goroutines live here. It knows the
// journal, the bank and the printer only by the interfaces below.
package till

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
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
	Next() txn.Next
	Owed(ctx context.Context) ([]txn.Attempt, error)
	OwedBills(ctx context.Context) ([]txn.Bill, error)
	Bills(ctx context.Context, batch int64) ([]txn.Bill, error)
	Attempt(ctx context.Context, id txn.ID) (txn.Attempt, error)
	Bill(ctx context.Context, sale int64) (txn.Bill, error)
	Sale(ctx context.Context, id int64) (sale.Sale, error)
	Sealed(ctx context.Context, id txn.ID) ([]byte, error)
	ReportsOpen(ctx context.Context) ([]txn.Print, error)
	Idle(ctx context.Context) error
}

// Numbers are what the till asks of its journal before it gives a number away, and once a bank has answered about one.
type Numbers interface {
	Numbers() txn.Numbers
	Rested(ctx context.Context, id txn.ID) error
	Twin(ctx context.Context, a txn.Attempt, said txn.Answer) (txn.ID, error)
	Vouchers(ctx context.Context, number string) ([]txn.Attempt, error)
	Attempts(ctx context.Context, batch int64) ([]txn.Attempt, error)
	Mark() txn.Mark
	Newest(ctx context.Context) (txn.ID, error)
	HeadAt(ctx context.Context, seq int64) (string, error)
	Restored(ctx context.Context) (txn.Restored, error)
}

// Line is a way to the money: an acquirer's host, a terminal that stands alone. The till knows no more of it.
type Line interface {
	// Name is kept with every attempt that is begun on the line, for ever.
	Name() string
	// Reference is the line's own name of an attempt that is about to begin. It is kept with the attempt before
	// anything is sent, and whatever is sent for it later is found by it; empty where the line has none.
	Reference(id txn.ID, batch int64) string
	// Numbering is what the line of a name takes its numbers from: the same for every address of one terminal number.
	Numbering(name string) string
	// Succeeds reports whether what is owed to the line of another name can be asked here, once a manager says that it
	// has moved: it speaks as that one did.
	Succeeds(name string) bool
	// Ready connects and signs in; an error means that nothing was sent.
	Ready(ctx context.Context) error
	// Request asks once and waits; it always comes to a verdict.
	Request(ctx context.Context, o txn.Order) txn.Verdict
	// Refunds is how the line gives money back.
	Refunds() txn.RefundWay
	// Acknowledge tells a line that waits for it (Verdict.Awaits) whether the approval is durable here, and waits for what it says then: LineKept,
	// LineUndid or LineUnsure, or a verdict without a kind where that is not known yet. A line that does not wait says none.
	Acknowledge(ctx context.Context, o txn.Order, durable bool) txn.Verdict
	// Resolve asks the nth time to undo what was given up, and waits; its verdict is one of ReversalAnswered,
	// ReversalRepeated, ReversalRefused and ReversalNotSent. Of a void or a refund that its host knows again it may be BankApproved; of an approval
	// that was not confirmed it is as Acknowledge's.
	Resolve(ctx context.Context, o txn.Order, try int) txn.Verdict
}

// renumbering is a line whose own numbers may begin anew while the till's day goes on, as those of a card terminal that ends its day by itself: it is
// told what it was asked for after a payment that is to be undone (Order.Later).
type renumbering interface {
	Renumbers()
}

// patient is a line that says how long it asks before it gives an attempt up.
type patient interface {
	ReplyWait() time.Duration
}

// Lines is the registry of the lines that a till has: one a tender for now. A tender without a line is not taken.
type Lines map[txn.Tender]Line

// Wallet is a line to a provider of payment codes. A till may have several, and one of them is chosen before anything is sent.
type Wallet interface {
	Line
	// Takes reports whether the provider takes a payment code, by how it looks, and a sum.
	Takes(code txn.Secret, amountMinor int64) bool
	// Prepare signs what Request will send, beside the sync that has to end before it leaves. What was prepared before and has not left is
	// wiped; the zero order prepares nothing.
	Prepare(o txn.Order)
	// TooEarly reports whether an undo of a payment may not leave yet. Resolve waits until it may.
	TooEarly(a txn.Attempt) bool
}

// of is the line that an attempt was begun on, by the name that it kept; nil where the till has it no longer. What is owed to
// a line stays owed to that line: no other one is asked about it.
func (l Lines) of(a txn.Attempt) Line {
	//mutant:owed-to-its-line
	if line := l[a.Tender]; line != nil && line.Name() == a.Line {
		return line
	}
	return nil
}

// Sheet is what goes on paper: of a sale (Attempt.ID is 0), of one attempt, or of a day (Bill.SaleID is 0).
type Sheet struct {
	Print      txn.Print
	Attempt    txn.Attempt   // of the slip of a void or a refund, a note, a part's slip
	Original   txn.Attempt   // of a void or a refund
	Bill       txn.Bill      // of the sale, as it is after the commit
	Parts      []txn.Attempt // of a receipt or a copy: the payments of the sale, in their order
	Moved      []txn.Attempt // refunds of the sale that are through, beside Attempt
	Sale       sale.Sale
	OpenDrawer bool
	Totals     []byte // of an X or a Z: JSON of the report
	Copy       bool   // of a Z that was printed before
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
	Rotate() error
}

// Config is what a till is made of.
type Config struct {
	Journal     Journal
	Numbers     Numbers     // of that journal
	Settlements Settlements // of that journal; nil settles no batch
	Books       *Books      // of that journal, where lines were built on them; made where there are none
	Marks       Marks       // outside the books; nil keeps none
	Slips       Slips       // the merchant's; nil keeps none
	Evidence    Evidence    // of that journal
	Lines       Lines
	Wallets     []Wallet // in the order in which they are tried
	Printer     Printer
	Vault       Vault
	Now         func() time.Time
	Log         *slog.Logger
	Demo        bool // the bank is simulated
	Refunds     Unusual
	Vouchers    bool // paper vouchers are taken, by the cashier's word
	Terminal    string
	Merchant    string
	// Tell calls a person to a payment, or to a sale, that the till cannot bring to its end by itself: it is called
	// from any goroutine, each time that a decision asks for it.
	Tell func(m txn.Matter)
	// Changed is called, from any goroutine, when an attempt or a paper changed.
	Changed func()
}

// Why a payment was not begun, or could not be brought to its end here. Methods wrap them in a *txn.Fault, which
// says where the money is.
var (
	ErrJournal       = errors.New("the journal can't save")
	ErrBankOffline   = errors.New("the bank can't be asked")
	ErrNumbers       = errors.New("the numbers of payments are in doubt: a person has to look at them first")
	ErrOwed          = errors.New("an earlier payment is not known yet, and goes first")
	ErrNotVoidable   = plan.ErrNotVoidable
	errCardNeeded    = errors.New("the card that paid has to be read again")
	errOtherCard     = errors.New("this is not the card that paid")
	ErrDayOpen       = errors.New("the day can't be closed while money is not known yet")
	ErrSaleOpen      = errors.New("a sale is paid in part: it has to be finished or undone first")
	errNoWallet      = errors.New("no wallet of the settings takes this code and this sum")
	errWalletOffline = errors.New("the wallet's provider can't be reached, or does not answer as it should")
	errNoPrinter     = errors.New("no printer is set up")
	errVoucherTaken  = errors.New("a voucher of this number was taken before")
	errNoVouchers    = errors.New("the settings take no vouchers: put vouchers = true under [till]")
	errNoReason      = errors.New("a reason is missing")
	errNotAllowed    = errors.New("the settings do not allow this refund")
	errNoTerminal    = errors.New("the settings name no separate terminal")
	errNoLine        = errors.New("the settings no longer name the line that this payment was begun on")
)

// codes are the words' keys of what a fault wraps; the first that fits counts.
var codes = []struct {
	err  error
	code string
}{
	// A journal that can't save keeps the bank from being asked too: then it is the cause.
	{ErrJournal, "journal failed"}, {ErrBankOffline, "bank offline"}, {errNoWallet, "no wallet"}, {errWalletOffline, "wallet offline"}, {ErrNumbers, "numbers in doubt"}, {ErrOwed, "reversal owed"},
	{ErrNotVoidable, "not voidable"}, {ErrBatchSettled, "batch settled"},
	{plan.ErrExchange, "no exchange"}, {plan.ErrNotRefundable, "not refundable"}, {sale.ErrBack, "not sold"}, {errCardNeeded, "card needed"}, {errOtherCard, "other card"}, {ErrDayOpen, "payments open"}, {ErrSaleOpen, "sale unfinished"}, {errNoPrinter, "no printer"}, {errNoTerminal, "no terminal"}, {errNoVouchers, "no vouchers"}, {errVoucherTaken, "voucher taken"}, {errNoReason, "no reason"}, {errNotAllowed, "not by settings"}, {txn.ErrVoucher, "voucher number"}, {txn.ErrCardTyped, "card typed"}, {errNoLine, "no line"},
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

	card   *semaphore.Weighted // one conversation with the bank at a time; whoever waits for it can be cancelled
	asksMs atomic.Int64        // when the bank is asked again for what is owed; 0 is never, or now

	mu        sync.Mutex
	found     []Found
	markState MarkState
	stale     []string // of a start: whose marks differ
	markErr   error    // why the mark can't be read or kept
	marked    struct { // the newest mark that was written
		mark    txn.Mark
		durable bool
	}
	due     map[txn.ID]bool             // reversals that a decision asked for and that have not left
	silent  map[txn.SettlementKey]int64 // when a settlement was last asked about without an answer
	askedMs map[txn.ID]int64            // when a refused reversal was last asked for
	papers  int                         // prints that were begun and have not ended
	ended   *sync.Cond                  // of mu: papers is 0
	newest  chan struct{}               // closed when the newest sheet is through the printer: one at a time, in their order
	waiting []owner                     // paper of this run that waits for a printer that is ready, as it was asked for
}

// owner is whose paper it is: a sale's, or else one attempt's.
type owner struct {
	sale    int64
	attempt txn.ID
}

// Found is what Start met unfinished: an attempt, or a sale with the last payment of it that stands.
type Found struct {
	Before txn.State  // of the attempt
	Paper  txn.Paper  // as it was
	Matter txn.Matter // as it is now
	OfSale bool       // it is the sale that was unfinished: paid in part, or without its paper
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
		cfg.Tell = func(txn.Matter) {}
	}
	if cfg.Books == nil {
		cfg.Books = NewBooks(cfg.Journal, cfg.Numbers, cfg.Now, cfg.Log, cfg.Changed)
	}
	t := &Till{Books: cfg.Books, cfg: cfg, card: semaphore.NewWeighted(1),
		due: map[txn.ID]bool{}, askedMs: map[txn.ID]int64{}, silent: map[txn.SettlementKey]int64{}, newest: make(chan struct{})}
	close(t.newest) // no sheet is under way
	if cfg.Slips != nil {
		t.Books.slips = t.slipsOf
	}
	t.ended = sync.NewCond(&t.mu)
	return t
}

func (t *Till) nowMs() int64 { return t.cfg.Now().UnixMilli() }

// Start takes up what the last run left: pending attempts become reversals, prints
// that were begun have an unknown end. The journal has made its synced commit
// before (rule 10). Nothing is sent or printed here: reversals are owed, and leave with Settle or Run.
// Where newer books may know more of what is open, nothing is reversed, for good: the mark holds again only once that is durable.
func (t *Till) Start(ctx context.Context) error {
	found, err := t.compareMark(ctx)
	if err != nil {
		return err
	}
	if err := t.takeUp(ctx, found); err != nil {
		return err
	}
	t.keepMarks()
	if t.cfg.Slips != nil {
		return t.remakeSlips(ctx)
	}
	return nil
}

// takeUp decides what a start found, Restarted or BooksDiffer, of whatever is unfinished.
func (t *Till) takeUp(ctx context.Context, found txn.EventKind) error {
	owed, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return err
	}
	open := 0
	for _, a := range owed {
		p, err := t.move(ctx, txn.ByTill, a.ID, txn.Event{Kind: found})
		if err != nil {
			return err
		}
		t.carry(ctx, p, with{})
		if p.After.Open() && !p.After.AsksAPerson() {
			open++
		}
		t.found = append(t.found, Found{Before: a.State, Paper: a.Paper, Matter: txn.Matter{Attempt: p.After, Bill: p.Bill}})
	}
	if err := t.startSales(ctx, found); err != nil {
		return err
	}
	if err := t.endReports(ctx); err != nil {
		return err
	}
	if open == 0 {
		return t.forgetKey()
	}
	return nil
}

// startSales takes up the sales that are paid in part, or whose paper was not seen to its end. They come before
// single attempts: a customer may be waiting for the rest.
func (t *Till) startSales(ctx context.Context, found txn.EventKind) error {
	owed, err := t.cfg.Journal.OwedBills(ctx)
	if err != nil {
		return err
	}
	var sales []Found
	for _, b := range owed {
		if !txn.BillAllowed(b, found) {
			continue
		}
		p, err := t.moveSale(ctx, txn.ByTill, b.SaleID, txn.Event{Kind: found})
		if err != nil {
			return err
		}
		t.carry(ctx, p, with{})
		f := Found{Before: txn.Approved, Paper: b.Paper, Matter: txn.Matter{Bill: p.Bill}, OfSale: true}
		if standing := b.Standing(); len(standing) > 0 {
			last := standing[len(standing)-1]
			f.Before = last.State
			if f.Matter.Attempt, err = t.cfg.Journal.Attempt(ctx, last.ID); err != nil {
				return err
			}
		}
		sales = append(sales, f)
	}
	t.found = append(sales, t.found...)
	if found == txn.BooksDiffer {
		return t.dropPaper(ctx)
	}
	return nil
}

// dropPaper notes of the sales that were dropped in the open day, and in the day before it, that newer books may have had them paid: another part opens a dropped sale again.
func (t *Till) dropPaper(ctx context.Context) error {
	open := t.cfg.Journal.Next().Batch
	for _, batch := range []int64{open - 1, open} {
		bills, err := t.cfg.Journal.Bills(ctx, batch)
		if err != nil {
			return err
		}
		for _, b := range bills {
			if b.State != txn.BillDropped || !txn.BillAllowed(b, txn.BooksDiffer) {
				continue
			}
			if _, err := t.moveSale(ctx, txn.ByTill, b.SaleID, txn.Event{Kind: txn.BooksDiffer}); err != nil {
				return err
			}
		}
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
		if a, err := t.cfg.Journal.Attempt(ctx, f.Matter.Attempt.ID); err == nil {
			found[i].Matter.Attempt = a
		}
		if b, err := t.cfg.Journal.Bill(ctx, f.Matter.Bill.SaleID); err == nil {
			found[i].Matter.Bill = b
		}
	}
	return found
}

// view is what a plan about an attempt that is there needs to know. The caller holds the write lock.
func (t *Till) view() plan.View {
	ready := t.cfg.Printer != nil && t.cfg.Printer.Ready()
	return plan.View{Next: t.cfg.Journal.Next(), Ready: ready, AtMs: t.nowMs()}
}

// move decides an event of an attempt.
func (t *Till) move(ctx context.Context, by txn.Actor, id txn.ID, e txn.Event) (plan.Plan, error) {
	return t.decide(ctx, by, id, func(m txn.Matter) (plan.Plan, error) { return plan.Move(t.view(), m, e) })
}

// moveSale decides an event of a sale.
func (t *Till) moveSale(ctx context.Context, by txn.Actor, sale int64, e txn.Event) (plan.Plan, error) {
	return t.decideSale(ctx, by, sale, func(b txn.Bill) (plan.Plan, error) { return plan.MoveSale(t.view(), b, e) })
}

// named is an actor as the books take one: a shop that gives its cashiers no names has a cashier all the same.
func named(by txn.Actor) txn.Actor {
	if by.By == "" {
		by.By = "cashier"
	}
	return by
}
