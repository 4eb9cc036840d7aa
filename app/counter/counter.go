// Package counter is the one place that constructs: it puts a journal, a bank's
// line, a reader and a printer together into a till, for the window and for the
// command line alike.
package counter

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"veratill/app/control"
	"veratill/app/print"
	"veratill/app/settings"
	"veratill/app/update"
	"veratill/assets"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/reader"
	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/disk"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
	"veratill/txn/vault"
)

// Options say what a counter is made of.
type Options struct {
	Dir      string
	Settings settings.Settings
	// SettingsDir is the folder of the settings file, which keeps a device that is chosen while
	// the till runs. It may be another one than Dir: a demonstration has its books apart.
	SettingsDir string
	Notice      string // what Settings' file could not say
	Version     string
	Log         *slog.Logger
	Now         func() time.Time // nil is the clock
	// OpenUSB is where USB interfaces come from; nil is the bus.
	OpenUSB func(ctx context.Context, u devices.URL, want func(port.Descriptor) bool) (port.USB, error)
	// Encoded names a file that gets the bytes of each paper before they go to the printer; the
	// last paper's are kept. Empty is none.
	Encoded string
	// AnyDevices opens the till also where the settings name a device that can't be: it is then
	// absent, and its status says why. Without it that is an error, which a command can show.
	AnyDevices bool
	// Update is where newer versions come from; nil is nowhere.
	Update *update.Updater
	// NoReader, NoPrinter and NoBank leave them out, for commands that need none.
	NoReader, NoPrinter, NoBank bool
}

// Counter is a whole till with its devices. It implements present.Desk.
type Counter struct {
	o         Options
	Journal   *journal.Journal
	Till      *till.Till
	Bank      *acquirer.Client
	press     *print.Press
	catalogue *sale.Catalogue
	currency  money.Currency
	labels    sale.Labels
	bankURL   string
	books     string // the number of the journal's books: asked for once, because the journal answers nothing during a commit
	keyLost   bool   // the vault's key was spoilt when this program started

	ctx    context.Context
	cancel context.CancelFunc
	served sync.WaitGroup
	run    running

	parking  sync.Mutex // of the file of parked sales
	choosing sync.Mutex // held from trying a device to using it: what is saved is what is used
	mu       sync.Mutex // of what follows, and of o.Settings.Devices
	gear     gear
	watchers []func()
	scanned  []func(code string)
	guard    *reader.Wedge // keeps what a card reader types off the screen where none is expected
	after    func(time.Duration, func())
	back     func(text string)
	sheets   []sheet
	callsFor []txn.ID // payments that the till called a person to
	pressing int64    // the print that is being printed
	updating updating
}

// demoTimeout is the reply wait with the simulated bank: long enough to be seen, short enough to wait for.
const demoTimeout = 15 * time.Second

// Open makes a counter: it opens the journal, takes up what the last run left, and
// starts the devices. Nothing is sent to the bank yet. The errors are those of the rooms below.
func Open(ctx context.Context, o Options) (*Counter, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OpenUSB == nil {
		o.OpenUSB = port.OpenUSB
	}
	c := &Counter{o: o}
	c.ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := c.open(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Counter) open(ctx context.Context) error {
	var err error
	if c.currency, err = money.ParseCurrency(c.o.Settings.Till.Currency); err != nil {
		return err
	}
	if err := c.openCatalogue(); err != nil {
		return err
	}
	c.Journal, err = journal.Open(ctx, c.o.Dir, journal.Options{Version: c.o.Version, Currency: string(c.currency), Now: c.o.Now,
		Shop: c.o.Settings.Merchant.Number, Till: c.o.Settings.Till.Terminal})
	if err != nil {
		return err
	}
	c.books = c.Journal.Identity().Books
	if day := c.Journal.OpenDay(); day.Currency != string(c.currency) {
		return fmt.Errorf("the open day is in %s and the settings say %s: close the day first", day.Currency, c.currency)
	}
	keys, err := vault.Open(disk.System{}, c.o.Dir)
	if err != nil {
		return err
	}
	if c.keyLost = keys.Lost(); c.keyLost {
		c.o.Log.Warn("the key for open card numbers was spoilt, and a new one was made: reversals of what was open go without a card number")
	}
	if c.labels, err = sale.ParseLabels(c.o.Settings.Till.Labels); err != nil {
		return err
	}
	if err := c.makeGuard(); err != nil {
		return err
	}
	if err := c.openDevices(); err != nil {
		return err
	}
	line, err := c.openBank()
	if err != nil {
		return err
	}
	line.Reserve = func(purpose string) (txn.ID, error) { return c.Till.Reserve(purpose) }
	line.Late = func(id txn.ID, a txn.Answer) { c.Till.AnsweredLate(id, a) }
	line.Changed, line.Now = c.changed, c.o.Now
	c.Bank = acquirer.New(line)
	config := till.Config{
		Journal: c.Journal, Bank: c.Bank, Vault: keys, Now: c.o.Now, Log: c.o.Log, Changed: c.changed,
		Demo: c.o.Settings.Demo(), Terminal: c.o.Settings.Till.Terminal, Merchant: c.o.Settings.Merchant.Number,
		Cashier: func() string { return c.o.Settings.Till.Cashier },
		Tell:    c.callPerson,
	}
	if c.o.Settings.CashOnly() {
		config.Bank = noLine{}
	}
	if c.press != nil {
		config.Printer = c.press
	}
	c.Till = till.New(config)
	if err := c.Till.Start(ctx); err != nil {
		return err
	}
	c.watchDevices() // only now: a watcher may be called at once, and it wakes the till
	c.clearPrinter(ctx)
	return c.serve()
}

// clearPrinter makes the printer forget a job that the last run left on its way: it
// must not come out before, or in, the next one. A printer that is not there has nothing to forget.
func (c *Counter) clearPrinter(ctx context.Context) {
	p := c.inUse().printer
	if p == nil {
		return
	}
	for _, f := range c.Till.Found(ctx) {
		if f.Paper == txn.Printing {
			confirmed, err := p.ClearBuffers(ctx)
			c.o.Log.Info("paper", "cleared", confirmed, "error", err)
			return
		}
	}
}

// Run keeps the bank's line up, repeats what is owed and prints what waited, until Close. At the
// start of a business day it looks for a newer version.
func (c *Counter) Run() {
	c.resume()
	c.served.Go(func() { port.Watch(c.ctx, c.replugged) })
	c.askForUpdate()
}

// running is what writes to the journal by itself while nobody sells.
type running struct {
	end  context.CancelFunc
	wait sync.WaitGroup
}

func (c *Counter) resume() {
	ctx, end := context.WithCancel(c.ctx)
	c.mu.Lock()
	c.run.end = end
	c.mu.Unlock()
	if !c.o.Settings.CashOnly() {
		c.run.wait.Go(func() { c.Bank.Keep(ctx) })
	}
	c.run.wait.Go(func() { c.Till.Run(ctx) })
}

// rest ends that, and the bank's line with it, and reports whether it ran.
func (c *Counter) rest() bool {
	c.mu.Lock()
	end := c.run.end
	c.run.end = nil
	c.mu.Unlock()
	if end == nil {
		return false
	}
	end()
	c.Bank.Close()
	c.run.wait.Wait()
	return true
}

// Stop waits for paper that is being printed and stops the devices. The journal is
// left as it stands: the way a till stops is the way it crashes, so that there is
// one way to start, and the WAL keeps the room that was made for it.
func (c *Counter) Stop() {
	if c.Till != nil {
		c.Till.WaitForPaper()
	}
	c.cancel()
	if c.Bank != nil {
		c.Bank.Close()
	}
	c.inUse().close()
	c.run.wait.Wait()
	c.served.Wait()
}

// Close stops and closes the journal too, for a program that goes on without this till.
func (c *Counter) Close() {
	c.Stop()
	if c.Journal != nil {
		if err := c.Journal.Close(); err != nil {
			c.o.Log.Error("journal", "error", err)
		}
	}
}

// serve answers other programs that want to look at this data folder.
func (c *Counter) serve() error {
	return control.Serve(c.ctx, c.o.Dir, map[string]control.Answer{
		"totals":  func(ctx context.Context) (any, error) { return c.Totals(ctx, 0) },
		"list":    func(ctx context.Context) (any, error) { return c.List(ctx) },
		"verify":  func(ctx context.Context) (any, error) { return c.Journal.Verify(ctx) },
		"backup":  func(ctx context.Context) (any, error) { return c.Backup(ctx) },
		"doctor":  func(ctx context.Context) (any, error) { return c.Checks(ctx), nil },
		"version": func(context.Context) (any, error) { return c.o.Version, nil },
	})
}

func (c *Counter) openCatalogue() error {
	var from io.Reader = assets.DemoCatalogue()
	if path := c.o.Settings.Till.Catalogue; path != "" {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("catalogue: %w", err)
		}
		defer f.Close()
		from = f
	}
	var err error
	if c.catalogue, err = sale.ReadCatalogue(from, c.currency); err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	return nil
}

func (c *Counter) paperOptions() print.Options {
	s := c.settings()
	language := print.Both
	if len(s.Receipt.Languages) == 1 {
		language = print.Language(s.Receipt.Languages[0])
	}
	return print.Options{
		Language: language, MerchantName: sale.Name{ZH: s.Merchant.Name, EN: orElse(s.Merchant.NameEN, s.Merchant.Name)}, Demo: s.Demo() && !c.o.NoBank,
		Books: c.books, Footer: s.Receipt.Footer, MerchantCopy: slices.Contains(s.Receipt.Copies, "merchant"),
	}
}

// openBank reads the bank's address, or starts the simulated bank where there is none.
func (c *Counter) openBank() (acquirer.Config, error) {
	if c.o.NoBank || c.o.Settings.CashOnly() {
		return acquirer.Config{}, nil
	}
	if !c.o.Settings.Demo() {
		line, err := acquirer.ParseURL(c.o.Settings.Devices.Bank)
		c.bankURL = line.Address
		line.Terminal, line.Merchant = c.o.Settings.Till.Terminal, c.o.Settings.Merchant.Number
		return line, err
	}
	address, err := c.startDemoBank()
	if err != nil {
		return acquirer.Config{}, err
	}
	line, err := acquirer.ParseURL("tcp://" + address + "?profile=unionpay")
	line.Timeout = demoTimeout
	line.MasterKey, _ = hex.DecodeString(acquirer.DemoMasterKey)
	line.Terminal, line.Merchant = c.o.Settings.Till.Terminal, c.o.Settings.Merchant.Number
	c.bankURL = "simulated"
	return line, err
}

func (c *Counter) startDemoBank() (string, error) {
	profile, err := iso8583.ProfileByName("unionpay")
	if err != nil {
		return "", err
	}
	key, err := hex.DecodeString(acquirer.DemoMasterKey)
	if err != nil {
		return "", err
	}
	host, err := hostsim.New(hostsim.Config{Profile: profile, MasterKey: key, Ledger: filepath.Join(c.o.Dir, "demo-bank.jsonl"),
		Script: hostsim.DemoScript(), Now: c.o.Now})
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", errors.Join(errors.New("the simulated bank can't listen on this machine"), err)
	}
	c.served.Go(func() {
		if err := host.Serve(c.ctx, listener); err != nil {
			c.o.Log.Error("simulated bank", "error", err)
		}
	})
	return listener.Addr().String(), nil
}

// Watch implements present.Overview.
func (c *Counter) Watch(changed func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers = append(c.watchers, changed)
}

func (c *Counter) changed() {
	c.mu.Lock()
	watchers := c.watchers
	c.mu.Unlock()
	for _, w := range watchers {
		w()
	}
}
