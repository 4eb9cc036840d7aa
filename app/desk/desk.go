// Package desk is the till as a screen and the command line see it, a file for each task: selling,
// paying, returning, paper, the day, checking, updating. It constructs nothing.
package desk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"veratill/app/gear"
	"veratill/app/present"
	"veratill/app/update"
	"veratill/txn/acquirer"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// Config is what a desk stands on. All of it is there before the desk, and outlives it.
type Config struct {
	Journal *journal.Journal
	Till    *till.Till
	Bank    Bank
	// CardTerminal says that Bank is a card terminal, which reads the card itself.
	CardTerminal bool
	BankAddress  string // as it may be shown
	Gear         *gear.Gear
	News         *News
	Rounds       Rounds
	Finding      present.Finding // in that journal
	Insights     present.Insights
	Office       present.Office
	Reconciling  present.Reconciling
	Articles     sale.List
	Picture      func(name string) ([]byte, error) // of an item
	Currency     money.Currency
	Labels       sale.Labels
	RatesPPM     map[string]int64 // what providers of payment codes keep, by line
	DayBegins    time.Duration    // after midnight; what is sold before it belongs to the evening before
	StateDir     string           // where marks lie; empty where none are kept
	KeyLost      bool             // the vault's key was spoilt when this program started
	Dir          string           // the data folder
	SettingsDir  string           // the folder of the settings file
	Demo         bool             // no money moves: the bank is simulated, or nothing proves that it is one
	Notice       string           // a closed word: what the settings file could not say; may be empty
	Version      string
	Made         time.Time // when the program was made; zero where that is not known
	Log          *slog.Logger
	Now          func() time.Time
	// SecondBackup is a folder on another disk that gets a copy of each backup that the till makes by itself; empty is none.
	SecondBackup string
	// Disputes leads cases with banks, and Slips keeps the merchant's slips.
	Disputes present.Disputes
	Slips    Slips
	// Messages are what was exchanged about payments.
	Messages Messages
	// Filed are the files of the clearing that were taken in.
	Filed Copied
	// Bills are the formats of the files that the shop's providers give, by its settings.
	Bills []string
	// Signing signs receipts; nil where they are not signed.
	Signing present.Signing
	// Beside are names of files in the data folder that go along with each backup.
	Beside []string
	// Update is where newer versions come from; nil is nowhere.
	Update *update.Updater
	// Terminal asks a person; nil where no separate terminal stands beside the till.
	Terminal *Terminal
}

// Bank is the line for cards as people look at it.
type Bank interface {
	Status() acquirer.Status
	Echo(ctx context.Context) (time.Duration, error)
	Reconnect(ctx context.Context) error
	ReplyWait() time.Duration
}

// Rounds are what writes to the journal by itself while nobody sells: the bank's line, and the
// till that repeats what is owed.
type Rounds interface {
	// Rest ends them and reports whether they ran; Resume begins them anew.
	Rest() bool
	Resume()
}

// Desk is one till. Its methods are safe for use by several goroutines.
type Desk struct {
	config  Config
	journal *journal.Journal
	till    *till.Till
	bank    Bank
	gear    *gear.Gear
	news    *News

	cart   *sale.Cart      // for the goroutine of the window
	ctx    context.Context // of what it does by itself
	cancel context.CancelFunc
	asking sync.WaitGroup // for a newer version

	dayEnded  chan struct{} // a backup is due
	proving   sync.Mutex    // of holds
	holds     bool          // the open day was proved in this run
	goods     goods
	mu        sync.Mutex // of what follows
	updating  updating
	backupErr error  // why the last backup failed
	raise     func() // brings the window to the front; nil without one
}

// New makes a desk. Close has to follow.
func New(c Config) *Desk {
	d := &Desk{dayEnded: make(chan struct{}, 1), config: c, journal: c.Journal, till: c.Till, bank: c.Bank, gear: c.Gear, news: c.News, cart: sale.NewCart(c.Currency)}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	return d
}

// Close ends what the desk does by itself, and waits for that.
func (d *Desk) Close() {
	d.cancel()
	d.asking.Wait()
	d.goods.pending.Wait()
}

// Screens is the till as the window takes it. What is of devices alone the gear does itself.
func (d *Desk) Screens() present.Desk {
	return present.Desk{Overview: d, Selling: d, Goods: d, Typing: d.gear, Paying: d, Separate: d, Resolving: d, Returning: d, Printing: d, Reporting: d, Finding: d.config.Finding, Reconciling: d.config.Reconciling, Disputes: d.config.Disputes, Insights: d.config.Insights, Office: d.config.Office,
		Equipment: d.gear, Checking: d, Virtual: d.gear, Updating: d}
}
