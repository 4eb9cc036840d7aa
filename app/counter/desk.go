package counter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/assets"
	"veratill/devices"
	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/till"
)

// Screens is the till as the window takes it.
func (c *Counter) Screens() present.Desk {
	return present.Desk{Overview: c, Selling: c, Paying: c, Returning: c, Printing: c, Reporting: c, Equipment: c, Updating: c}
}

// About implements present.Overview.
func (c *Counter) About() present.About {
	s, day := c.settings(), c.Journal.OpenDay()
	p := c.preferences()
	notice := ""
	if c.o.Notice != "" { // the whole sentence stands in the log and on the error output
		notice = "settings damaged"
	}
	return present.About{
		Demo: s.Demo(), CashOnly: s.CashOnly(), Version: c.o.Version, Merchant: s.Merchant.Name, Number: s.Merchant.Number, Terminal: s.Till.Terminal,
		Cashier: s.Till.Cashier, Labels: c.labels, Batch: day.Batch, Day: time.UnixMilli(day.OpenedMs), Notice: notice, Currency: c.currency,
		Language: orElse(p["language"], s.Window.Language), Theme: orElse(p["theme"], s.Window.Theme),
	}
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// Catalogue implements present.Selling.
func (c *Counter) Catalogue() present.Catalogue { return c.catalogue }

// Finishing implements present.Overview.
func (c *Counter) Finishing() []present.Recovered {
	var all []present.Recovered
	for _, f := range c.Till.Found(c.ctx) {
		all = append(all, present.Recovered{Before: f.Before, Attempt: f.Attempt, Done: !f.Attempt.Open()})
	}
	return all
}

// Attempt implements present.Paying.
func (c *Counter) Attempt(id txn.ID) (txn.Attempt, error) { return c.Journal.Attempt(c.ctx, id) }

// Chips implements present.Overview.
func (c *Counter) Chips() []present.Chip {
	var chips []present.Chip
	g := c.inUse()
	if g.reader != nil {
		chips = append(chips, deviceChip(present.Reader, g.reader, g.readerURL))
	}
	if g.printer != nil {
		chips = append(chips, deviceChip(present.Printer, g.printer, g.printerURL))
	}
	if g.scanner != nil {
		chips = append(chips, deviceChip(present.Scanner, g.scanner, g.scannerURL))
	}
	if !c.o.Settings.CashOnly() {
		chips = append(chips, c.bankChip())
	}
	return append(chips, c.journalChip())
}

func (c *Counter) journalChip() present.Chip {
	chip := present.Chip{Part: present.Journal, Health: present.Ready, Address: c.o.Dir}
	switch err := c.Journal.Failed(); {
	case err != nil:
		chip.Health, chip.Code, chip.LastError = present.Offline, "journal failed", err.Error()
	case c.Journal.Survived():
		chip.Health, chip.Code = present.Attention, "disk failed"
	case c.keyLost:
		chip.Health, chip.Code = present.Attention, "new key"
	}
	return chip
}

func deviceChip(part present.Part, device interface{ Status() devices.Status }, address string) present.Chip {
	s := device.Status()
	return present.Chip{Part: part, Health: present.Health(s.Health.String()), Code: string(s.Reason), Since: s.Since,
		Address: address, LastError: s.Detail}
}

func (c *Counter) bankChip() present.Chip {
	s := c.Bank.Status()
	chip := present.Chip{Part: present.Bank, Health: present.Ready, Since: s.Since, Address: c.bankURL}
	switch {
	case !s.Tried:
		chip.Health, chip.Code = present.Busy, "connecting"
	case !s.Up:
		chip.Health, chip.Code = present.Offline, "bank offline"
	case c.called():
		chip.Health, chip.Code = present.Attention, "call the manager"
	}
	if s.Err != nil {
		chip.LastError = s.Err.Error()
	}
	for _, n := range s.Counts {
		chip.Counts = append(chip.Counts, present.Count(n))
	}
	return chip
}

// callPerson notes a payment that the till cannot bring to its end by itself, and says so in the log.
func (c *Counter) callPerson(a txn.Attempt) {
	c.o.Log.Warn("a person is needed", "attempt", a.ID.String(), "state", string(a.State), "paper", string(a.Paper),
		"reversals", a.Tries, "unsent", a.Unsent)
	c.mu.Lock()
	c.callsFor = append(c.callsFor, a.ID)
	c.mu.Unlock()
	c.changed()
}

// called reports whether one of those payments is still not known. What was paid and has no paper is told at the start.
func (c *Counter) called() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	open := c.callsFor[:0]
	for _, id := range c.callsFor {
		if a, err := c.Journal.Attempt(c.ctx, id); err == nil && a.Open() && !slices.Contains(open, id) {
			open = append(open, id)
		}
	}
	c.callsFor = open
	return len(open) > 0
}

// sheet is one paper of the virtual printer; its picture is made when it is looked at.
type sheet struct {
	printID  int64
	at       time.Time
	bytes    []byte
	paper    escpos.Paper
	encoding escpos.Encoding
	picture  image.Image
}

// sheetsKept bounds the paper that the virtual printer remembers.
const sheetsKept = 30

func (c *Counter) keepSheet(p printer.Paper, paper escpos.Paper, encoding escpos.Encoding) {
	c.mu.Lock()
	c.sheets = append(c.sheets, sheet{printID: c.pressing, at: c.o.Now(), bytes: p.Bytes, paper: paper, encoding: encoding})
	if len(c.sheets) > sheetsKept {
		c.sheets = append([]sheet(nil), c.sheets[len(c.sheets)-sheetsKept:]...)
	}
	c.mu.Unlock()
	c.changed()
}

// screenGlyphs draws paper on the screen; the fonts are read once, when the first paper is looked at.
var screenGlyphs = sync.OnceValues(func() (*escpos.FontGlyphs, error) {
	return escpos.NewFontGlyphs(assets.FontRegular, assets.FontBold)
})

// Sheets implements present.Printing.
func (c *Counter) Sheets() []present.Sheet {
	glyphs, err := screenGlyphs()
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []present.Sheet
	for i := range c.sheets {
		s := &c.sheets[i]
		if s.picture == nil {
			s.picture = escpos.Decode(s.bytes, escpos.DecodeOptions{Paper: s.paper, Encoding: s.encoding}).Picture(glyphs)
		}
		all = append(all, present.Sheet{PrintID: s.printID, At: s.at, Picture: s.picture})
	}
	return all
}

// Fault implements present.Printing.
func (c *Counter) Fault(code string) error {
	emulator := c.inUse().emulator
	if emulator == nil {
		return errors.New("only the virtual printer has faults to choose")
	}
	var k printer.Condition
	switch code {
	case "":
	case "paper out":
		k.PaperOut = true
	case "near end", "paper near":
		k.PaperNearEnd = true
	case "cover open":
		k.CoverOpen = true
	case "offline":
		k.Offline = true
	default:
		return fmt.Errorf("the virtual printer has no fault %q", code)
	}
	emulator.Set(k)
	return nil
}

// Reprint implements present.Printing.
func (c *Counter) Reprint(ctx context.Context, id txn.ID) present.Result {
	return c.reprinted(id)(c.Till.Reprint(ctx, id))
}

// PrintNote implements present.Printing.
func (c *Counter) PrintNote(ctx context.Context, id txn.ID) present.Result {
	return c.reprinted(id)(c.Till.PrintNote(ctx, id))
}

func (c *Counter) reprinted(id txn.ID) func(int64, <-chan struct{}, error) present.Result {
	return func(printID int64, _ <-chan struct{}, err error) present.Result {
		a, readErr := c.Attempt(id)
		r := c.result(till.Outcome{Attempt: a, SaleID: a.SaleID, PrintID: printID}, nil)
		if err = errors.Join(err, readErr); err != nil {
			r.Code, r.Detail = Code(err), err.Error()
		}
		return r
	}
}

// OpenDrawer implements present.Printing.
func (c *Counter) OpenDrawer(ctx context.Context) error { return c.inUse().printer.KickDrawer(ctx) }

// Test implements present.Equipment.
func (c *Counter) Test(ctx context.Context, p present.Part) (string, error) {
	switch p {
	case present.Bank:
		took, err := c.Bank.Echo(ctx)
		return fmt.Sprintf("echo %d ms", took.Milliseconds()), err
	case present.Printer:
		s, err := c.inUse().printer.Refresh(ctx)
		return s.Health.String() + " " + string(s.Reason), err
	case present.Journal:
		v, err := c.Journal.Verify(ctx)
		return fmt.Sprintf("%d entries, %d attempts", v.Entries, v.Attempts), err
	case present.Scanner:
		s := c.inUse().scanner.Status()
		return s.Health.String() + " " + string(s.Reason), nil
	default:
		s := c.inUse().reader.Status()
		return s.Health.String() + " " + string(s.Reason), nil
	}
}

// Reconnect implements present.Equipment.
func (c *Counter) Reconnect(ctx context.Context, p present.Part) error {
	switch p {
	case present.Bank:
		return c.Bank.Reconnect(ctx)
	case present.Printer:
		return c.inUse().printer.Reconnect(ctx)
	case present.Journal:
		return c.Journal.Failed()
	}
	c.replugged()
	return nil
}

// preferencesFile keeps what the window changes: never the commented settings file.
func (c *Counter) preferencesFile() string { return filepath.Join(c.o.Dir, "window.json") }

func (c *Counter) preferences() map[string]string {
	p := map[string]string{}
	if text, err := os.ReadFile(c.preferencesFile()); err == nil && json.Unmarshal(text, &p) != nil {
		return map[string]string{} // a damaged preference is no preference
	}
	return p
}

// SavePreference implements present.Overview.
func (c *Counter) SavePreference(name, value string) error {
	p := c.preferences()
	p[name] = value
	return writeJSON(c.preferencesFile(), p)
}

// writeJSON replaces a small file whole, so that a kill leaves the old or the new one.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return disk.Replace(disk.System{}, path, text)
}
