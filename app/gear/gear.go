// Package gear is the devices of a till: it opens what the settings name, exchanges one while the
// till sells, watches them, and says how they are. It knows nothing of money.
package gear

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"veratill/app/print"
	"veratill/app/settings"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/escpos"
	"veratill/txn/sale"
)

// OpenUSB opens the first USB interface at an address that is wanted.
type OpenUSB = func(ctx context.Context, u devices.URL, want func(port.Descriptor) bool) (port.USB, error)

// OpenPort opens a serial line, or a connection to a device on the network.
type OpenPort = func(ctx context.Context, u devices.URL) (port.Port, error)

// Config says what gear is made of.
type Config struct {
	Settings settings.Settings
	// SettingsDir is the folder of the settings file, which keeps a device that is chosen while
	// the till runs; empty keeps it nowhere.
	SettingsDir string
	Dir         string       // the till's data folder
	Books       string       // the identity of the books, for receipts
	Signer      print.Signer // of receipts; nil signs none
	Log         *slog.Logger
	Now         func() time.Time
	// OpenUSB is where USB interfaces come from; nil is the bus.
	OpenUSB OpenUSB
	// OpenPort is where the serial line of a scanner comes from; nil is this computer's.
	OpenPort OpenPort
	// Paper is told, from any goroutine, of each paper of the virtual printer by the number of its print; nil is nobody.
	Paper func(printID int64)
	// Encoded names a file that gets the bytes of each paper before they go to the printer; the
	// last paper's are kept. Empty is none.
	Encoded string
	// Absent lets a device that can't be opened be absent, with a status that says why. Without it
	// that is an error.
	Absent bool
	// NoReader and NoPrinter leave them out.
	NoReader, NoPrinter bool
	// Demo offers test cards, and marks every paper: no money moves. What was paid in a demonstration is marked without it.
	Demo bool
	// Changed is called, from any goroutine, when a device has changed.
	Changed func()
}

// Till is what a device does to the till: a printer that is ready again gets what waited for it.
type Till interface {
	Kick()
	WaitForPaper()
}

// Gear is the devices of one till. Its methods are safe for use by several goroutines.
type Gear struct {
	config Config
	till   Till // nil until Watch
	press  *print.Press
	guard  *reader.Wedge // keeps what a card reader types off the screen where none is expected

	choosing sync.Mutex // held from trying a device to using it: what is saved is what is used
	mu       sync.Mutex // of what follows
	settings settings.Settings
	set      set
	scanned  []func(code string)
	after    func(time.Duration, func())
	back     func(text string)
	sheets   []sheet
	pressing int64 // the print that is being printed
}

// Open opens the devices that the settings name. The errors name the device.
func Open(c Config) (*Gear, error) {
	if c.OpenUSB == nil {
		c.OpenUSB = port.OpenUSB
	}
	if c.OpenPort == nil {
		c.OpenPort = port.Open
	}
	g := &Gear{config: c, settings: c.Settings}
	if err := g.makeGuard(); err != nil {
		return nil, err
	}
	if err := g.openDevices(); err != nil {
		g.Close()
		return nil, err
	}
	return g, nil
}

// Close closes the devices. Paper that is being printed is not waited for.
func (g *Gear) Close() { g.inUse().close() }

// Settings are those of now: the devices' change while the till runs.
func (g *Gear) Settings() settings.Settings {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.settings
}

// Press is the till's printer; nil where it has none.
func (g *Gear) Press() *print.Press { return g.press }

// set is the devices that are in use. It is copied, and exchanged a device at a time.
type set struct {
	printer  *printer.Driver
	emulator *printer.Emulator // behind a virtual printer
	encoder  *escpos.Encoder
	reader   reader.Reader
	chooser  *reader.Virtual // a virtual reader without a file
	scanner  *scanner.Scanner
	// addresses as the settings have them
	printerURL, readerURL, scannerURL string
	settings                          settings.Devices // that a printer was made of
}

func (s set) close() {
	if s.reader != nil {
		_ = s.reader.Close() // a till that ends has no use for what it says
	}
	if s.scanner != nil {
		_ = s.scanner.Close()
	}
	if s.printer != nil {
		_ = s.printer.Close()
	}
}

// inUse is the set as it is now.
func (g *Gear) inUse() set {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.set
}

func (g *Gear) openDevices() (err error) {
	defer func() { err = sale.DiscreetError(err) }() // an address may be a card that was swiped into its field
	d := g.deviceSettings()
	if !g.config.NoPrinter {
		made, err := g.makePrinter(d)
		if made, err = g.orAbsent(made, err, g.absentPrinter(d)); err != nil {
			return fmt.Errorf("printer: %w", err)
		}
		g.usePrinter(made)
	}
	if !g.config.NoReader {
		made, err := g.makeReader(d.Reader)
		if made, err = g.orAbsent(made, err, absentReader(d.Reader)); err != nil {
			return fmt.Errorf("reader: %w", err)
		}
		g.set.reader, g.set.chooser, g.set.readerURL = made.reader, made.chooser, made.readerURL
		if d.Scanner != "" {
			made, err = g.makeScanner(d.Scanner)
			if made, err = g.orAbsent(made, err, g.absentScanner(d.Scanner)); err != nil {
				return fmt.Errorf("scanner: %w", err)
			}
			g.set.scanner, g.set.scannerURL = made.scanner, made.scannerURL
		}
	}
	return nil
}

// all are the devices that there are.
func (s set) all() (all []any) {
	if s.printer != nil {
		all = append(all, s.printer)
	}
	if s.reader != nil {
		all = append(all, s.reader)
	}
	if s.scanner != nil {
		all = append(all, s.scanner)
	}
	return all
}
