// Package present says what a screen shows: the till as the window sees it (Desk, an interface
// for each task), and states turned into words, tones and enabled keys. No Fyne.
package present

import (
	"image"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
	"veratill/txn/sale"
)

// Part is one of the things that a sale stands on.
type Part string

// The parts with a chip in the status strip.
const (
	Reader  Part = "reader"
	Printer Part = "printer"
	Scanner Part = "scanner"
	Bank    Part = "bank"
	Journal Part = "journal"
)

// Parts lists the chips in their order on the screen. A scanner that types has none.
var Parts = []Part{Reader, Printer, Scanner, Bank, Journal}

// Health is how a part is.
type Health string

// The four conditions of a part (screen.md 48).
const (
	Ready     Health = "ready"
	Busy      Health = "busy"
	Attention Health = "attention"
	Offline   Health = "offline"
)

// Chip is a part's condition.
type Chip struct {
	Part      Part
	Terminal  bool // the bank is reached by a card terminal, which is what stands on the counter
	Health    Health
	Code      string    // a closed word such as "paper out"; the catalogue has its translation. Empty when ready
	Since     time.Time // when Health last changed
	Asks      time.Time // of the bank: when it is asked next for what is not known yet; zero where that is now, or never
	Answered  time.Time // of the bank: when it last answered anything; zero before
	Address   string    // the device URL, without secrets
	LastError string    // small print, never card data
	Counts    []Count   // what the page lists: frames late, duplicate, …; may be empty
}

// Count is one counter of a part's page.
type Count struct {
	Name string
	N    int64
}

// About is what the band and the strip say.
type About struct {
	Demo     bool
	CashOnly bool // the shop takes no cards
	// CardTerminal: the cards are read by a card terminal on a cable; the till reads none.
	CardTerminal bool
	// SeparateTerminal: a card terminal without a cable to the till stands beside it.
	SeparateTerminal bool
	// NoReceiptMinor is how much may go back in cash in one day without a receipt; 0 is off.
	NoReceiptMinor int64
	// Vouchers: paper vouchers are taken, by the cashier's word.
	Vouchers bool
	// Codes: payment codes that customers show are taken. TestCodes: their providers are simulated, and know TestCodes.
	Codes, TestCodes bool
	Version          string
	Merchant         string
	MerchantEN       string // empty where the shop has no English name
	Number           string // merchant number, DE42
	Terminal         string // DE41
	TillNumber       int    // among those of the shop; 0 is the only one
	Cashier          string
	Batch            int64
	Day              time.Time // the date of the business day
	Currency         money.Currency
	Labels           sale.Labels // what the shop prints itself
	Language         string      // "zh" or "en", from the settings; the window may switch it
	ScanPaceMs       int64       // between two characters of a scan at most, as it was learnt; 0 before
	ScanPrefix       string      // the character that the scanner sends first, as it was learnt; empty is none
	Signed           bool        // receipts are signed
	Silent           bool        // the cashier wants no sounds
	FullScreen       bool        // the window covered the screen when it was last told to
	Theme            string      // "light", "dark" or "contrast"
	Notice           string      // a closed code, such as "articles none", with its word in the catalogue; may be empty
}

// Step is a step of a card payment, in order.
type Step int

// The four steps that the pay screen shows, and the end.
const (
	Presenting Step = iota // waiting for the card
	Saving                 // pending is being made durable
	Sending                // on its way to the bank, the bank is deciding
	Papering               // approved; the receipt is being printed
	Finished
)

// Progress is told while a card payment runs, from any goroutine.
type Progress struct {
	Step     Step
	STAN     int64
	At       time.Time
	Deadline time.Time // when the bank's silence becomes "not known yet"; zero before Sending
	Code     bool      // it is of a payment by code: its provider decides
	Typing   bool      // of a payment by code: the customer is typing the password
	Terminal bool      // it is at a card terminal, which reads the card
	Shown    []string  // what stands on its display; nil where it says nothing
}

// Result is how a payment, a void or a cash sale ended. It always says whether money moved.
type Result struct {
	Attempt txn.Attempt // zero when nothing was begun, and of a sale of 0.00
	Bill    txn.Bill    // of the sale; zero when nothing of it was begun
	SaleID  int64       // to be set on the cart for another try of the same sale
	Charged txn.Charged // of the payment: of a void, of what it was to undo
	// GivenBack is empty for a payment; for a void it says whether the money went back.
	GivenBack txn.GivenBack
	Code      string // closed word when nothing was begun or the card was refused here: "chip card swiped", "card expired", "bank offline", "journal failed", …
	PrintID   int64  // the paper, 0 when none was begun
	Detail    string // small print
	// Undoes is the payment that a void was to undo, where none was begun; zero else.
	Undoes  txn.Matter
	Earlier txn.Attempt // with "voucher taken": the payment that took it
	Refused bool        // the card was refused here: like a refusal of the bank, and nothing was begun
}

// Matter is what the result is about.
func (r Result) Matter() txn.Matter { return txn.Matter{Attempt: r.Attempt, Bill: r.Bill} }

// Begun reports whether the result is of something that stands in the books. A payment that was not begun has a code, and its sale's bill where that
// was begun by an earlier part.
func (r Result) Begun() bool { return r.Attempt.ID != 0 || r.Bill.SaleID != 0 && r.Code == "" }

// Recovered is what became of a payment, or of a sale, that the start found unfinished.
type Recovered struct {
	Before txn.State
	Matter txn.Matter
	OfSale bool // it is the sale that was unfinished: paid in part, or without its paper
	Done   bool // nothing is owed any more
}

// TestCard is a card of the virtual reader's chooser.
type TestCard struct {
	ID     string
	Name   sale.Name
	Scheme string
	Masked string
}

// Sheet is one paper of the virtual printer, newest last.
type Sheet struct {
	PrintID int64
	At      time.Time
	Picture image.Image
}

// Entry is one attempt with its sale, as the day's list shows it. A sale of 0.00 has no attempt.
type Entry struct {
	Attempt txn.Attempt
	Bill    txn.Bill
	Sale    sale.Sale
}

// Matter is what the entry is about.
func (e Entry) Matter() txn.Matter { return txn.Matter{Attempt: e.Attempt, Bill: e.Bill} }

// Tally is a count and a sum.
type Tally struct {
	Count       int64
	AmountMinor int64
}

// Hour is one bar of the day's plot.
type Hour struct {
	Hour  int // 0–23, local time
	Sales Tally
}

// Named is a tally with its key: a tender, a type, a cashier.
type Named struct {
	Name string
	Tally
}

// Cashier is what one person sold and voided.
type Cashier struct {
	Name                  string
	Sales, Voids, Refunds Tally
}

// Day is a business day as the manager sees it, summed over the journal.
type Day struct {
	Batch           int64
	Date            time.Time // of the business day: that of its first sale
	OfDate          int64     // 2 for the second Z of its date, and so on; else 0
	Demo            bool      // something in it was a demonstration, in which no money moves
	Opened          time.Time // the first sale; zero before it
	Closed          time.Time // zero while it is open
	Z               int64     // 0 while it is open
	Sales           Tally
	Voids           Tally
	Refunds         Tally
	NetMinor        int64
	ByWordMinor     int64 // at separate terminals and in vouchers, less what went back: not in NetMinor
	OtherWay        Tally // of the refunds: in cash, of what was paid in another way
	NoReceipt       Tally // of the refunds: of goods whose sale nobody knows
	RefundsUnknown  Tally // of this day's: the money may be on its way back; in no other sum
	RefundsByTender []Named
	ByTender        []Named
	Settlements     []report.Settlement
	Fees            []Named // that providers of payment codes are expected to keep, by line; empty where no rate is known
	Vouchers        []Named // by the cashiers' word: in no other sum; empty where there are none
	NotProven       []Named // at terminals that stand alone, by a person's word: in no other sum; empty where there are none
	ByType          []Named
	ByHour          []Hour // 24, hour by hour
	ByCashier       []Cashier
	Reversals       []Entry // reversing and reversed
	Open            []Entry // money not known yet
	Unresolved      []Entry // of any day: the bank says no more of them, and only evidence ends them
	Kept            Tally   // by evidence of this day: the bank has it, and a credit is asked for; in no other sum
	Unpapered       []Entry // taken, and no paper was begun or it is known not to have come out
	Unpaid          []Entry // sales that are paid in part: each is finished or undone before the day is closed
	Given           int64   // sales of 0.00, which Sales counts too
	Grand           Tally   // grand total over all days, never reset
	PrintID         int64   // the paper of it that was asked for just now; 0 where none was
}
