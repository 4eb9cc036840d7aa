// Package uitest is a desk that does what a test tells it. It moves no money and
// knows no engine; only tests import it.
package uitest

import (
	"context"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/assets"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/external"
	"veratill/txn/messages"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Desk is a till by script; Screens is what the window takes of it. Its exported fields are set before it is used;
// afterwards Change is the way to alter them.
type Desk struct {
	mu sync.Mutex

	vouchers     map[string]txn.Attempt // that were taken, by their numbers
	AboutNow     present.About
	PageError    error // of the page for checking receipts
	ChipsNow     []present.Chip
	Found        []present.Recovered
	ForManager   []txn.Matter
	Card         txn.State // what the next card payment becomes
	Code         string    // DE39 of a decline, or the closed word when nothing is begun
	Reason       txn.Reason
	Displays     []string // on the card terminal's display
	Awaits       bool     // the terminal has not said whether it keeps a payment
	Typing       bool     // the customer types the password of a payment by code
	Paper        txn.Paper
	Virtual      bool
	Now          func() time.Time
	ParkFails    bool
	StallDisk    chan struct{} // when set, parked sales are taken only after it is closed
	ParkedErr    error         // the parked sales cannot be read
	Gate         chan struct{} // when set, the bank answers only after it is closed
	InCashMinor  int64         // how much of a payment may go back in cash, though something else paid it
	Day1         present.Day
	ClosedDays   []present.Day
	CloseErr     error
	DropErr      error       // the books do not tell of a sale that is dropped
	InDoubt      txn.Numbers // why the numbers moved, where a person has to read it
	Plugged      []present.Device
	UpdateNow    present.Update
	UpdateCode   string // why an update can't be prepared
	PageErr      error
	List         present.Articles
	Lacks        string // characters that the printer has no sign for
	Goods        present.FoundGoods
	FoundNow     present.FoundPayments // of earlier days, and what the index lacks
	CasesNow     []txn.Case
	MessagesNow  messages.Kept
	FiledNow     present.Filed // what banks' files say of every payment
	BackupsNow   []present.Backup
	HeldNow      present.HeldBackup
	RestoreErr   error
	ExportErr    error
	Exported     present.Export
	AuditNow     []present.AuditEntry
	LogNow       []present.LogLine
	ChecksNow    []present.Check
	ClosingNow   present.Closing
	SettleErr    error // nothing is begun
	SettleSilent bool  // the bank does not answer
	// StandingNow is what differs from the bank's files, BillsNow the files that lie about, and TriedNow what each of them has.
	StandingNow clearing.Standing
	BillsNow    []present.Bill
	TriedNow    present.TriedFile
	FindErr     error
	Kept        []sale.CartLine   // of the sale in the making, as the screen showed it last
	Scan        func(code string) // as a scanner that does not type

	Calls     []string // what was asked, in order
	CashPaid  []int64  // received, in order
	CardPaid  []sale.Sale
	by        []txn.Actor
	presented chan string
	ask       func(context.Context, txn.Order) external.Answer
	attempts  map[txn.ID]txn.Attempt
	bills     map[int64]txn.Bill
	sales     map[int64]sale.Sale
	entries   []present.Entry
	sheets    []present.Sheet
	parked    []present.Parked
	kept      []rune // keys that may be a card's; for the goroutine of the keys
	keptAt    time.Time
	after     func(time.Duration, func())
	back      func(string)
	watchers  []func()
	next      int64
	catalogue *sale.Catalogue
	cart      *sale.Cart
}

// New makes a desk with the demo catalogue, everything ready and every card approved.
func New(language, theme string, now func() time.Time) *Desk {
	d := &Desk{Card: txn.Approved, Paper: txn.Printed, Virtual: true, Now: now, catalogue: sale.ReadList(assets.DemoCatalogue, money.CNY, nil).Catalogue, cart: sale.NewCart(money.CNY),
		presented: make(chan string, 1), attempts: map[txn.ID]txn.Attempt{}, bills: map[int64]txn.Bill{},
		sales: map[int64]sale.Sale{}, next: 41}
	d.AboutNow = present.About{Demo: true, Version: "0.1.0", Merchant: "真账便利店", Number: "898110000000001", Terminal: "T0000001",
		Cashier: "张敏", Batch: 3, Day: now().Add(-5 * time.Hour), Currency: money.CNY, Language: language, Theme: theme}
	for _, part := range []present.Part{present.Reader, present.Printer, present.Bank, present.Journal} {
		d.ChipsNow = append(d.ChipsNow, present.Chip{Part: part, Health: present.Ready, Since: now().Add(-2 * time.Hour), Address: "virtual:"})
	}
	return d
}

// Change alters the desk and tells the window.
func (d *Desk) Change(alter func(d *Desk)) {
	d.mu.Lock()
	alter(d)
	watchers := d.watchers
	d.mu.Unlock()
	for _, watcher := range watchers {
		watcher()
	}
}

// Settle gives an attempt another state, as the bank's answer would.
func (d *Desk) Settle(id txn.ID, state txn.State) {
	d.Change(func(d *Desk) {
		a := d.attempts[id]
		a.State = state
		d.take(a)
	})
}

// Asked counts the calls of a name.
func (d *Desk) Asked(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, call := range d.Calls {
		if call == name {
			n++
		}
	}
	return n
}

// By lists who asked for what was written to the books, in order.
func (d *Desk) By() []txn.Actor {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]txn.Actor(nil), d.by...)
}

func (d *Desk) noteBy(by txn.Actor, name string) {
	d.by = append(d.by, by)
	d.note(name)
}

func (d *Desk) note(name string) { d.Calls = append(d.Calls, name) }

// Screens is the desk as the window takes it.
func (d *Desk) Screens() present.Desk {
	return present.Desk{Overview: d, Selling: d, Goods: d, Typing: d, Paying: d, Separate: d, Resolving: d, Returning: d, Printing: d, Reporting: d, Finding: d, Reconciling: d, Disputes: d, Insights: d, Office: d,
		Equipment: d, Checking: d, Virtual: d, Updating: d}
}
