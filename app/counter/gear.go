package counter

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"veratill/app/print"
	"veratill/app/settings"
	"veratill/assets"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/escpos"
	"veratill/txn/till"
)

// gear is the devices that are in use. It is copied, and exchanged a device at a time.
type gear struct {
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

func (g gear) close() {
	if g.reader != nil {
		_ = g.reader.Close() // a till that ends has no use for what it says
	}
	if g.scanner != nil {
		_ = g.scanner.Close()
	}
	if g.printer != nil {
		_ = g.printer.Close()
	}
}

// inUse is the gear as it is now.
func (c *Counter) inUse() gear {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gear
}

func (c *Counter) openDevices() error {
	d := c.deviceSettings()
	if !c.o.NoPrinter {
		made, err := c.makePrinter(d)
		if made, err = c.orAbsent(made, err, c.absentPrinter(d)); err != nil {
			return fmt.Errorf("printer: %w", err)
		}
		c.usePrinter(made)
	}
	if !c.o.NoReader {
		made, err := c.makeReader(d.Reader)
		if made, err = c.orAbsent(made, err, absentReader(d.Reader)); err != nil {
			return fmt.Errorf("reader: %w", err)
		}
		c.gear.reader, c.gear.chooser, c.gear.readerURL = made.reader, made.chooser, made.readerURL
		if d.Scanner != "" {
			made, err = c.makeScanner(d.Scanner)
			if made, err = c.orAbsent(made, err, c.absentScanner(d.Scanner)); err != nil {
				return fmt.Errorf("scanner: %w", err)
			}
			c.gear.scanner, c.gear.scannerURL = made.scanner, made.scannerURL
		}
	}
	return nil
}

// usePrinter lets papers go to a printer from now on.
func (c *Counter) usePrinter(made gear) {
	c.mu.Lock()
	c.gear.printer, c.gear.emulator, c.gear.encoder, c.gear.printerURL = made.printer, made.emulator, made.encoder, made.printerURL
	c.mu.Unlock()
	if c.press == nil {
		c.press = &print.Press{Log: c.o.Log, Options: c.paperOptions, Pressed: c.pressed}
	}
	c.press.Use(made.printer, made.encoder)
}

// pressed notes which paper is being printed, and keeps its bytes where that is wanted.
func (c *Counter) pressed(s till.Sheet, encoded []byte) {
	c.mu.Lock()
	c.pressing = s.Print.ID
	c.mu.Unlock()
	if c.o.Encoded == "" {
		return
	}
	if err := os.WriteFile(c.o.Encoded, encoded, 0o600); err != nil {
		c.o.Log.Warn("paper", "encoded", c.o.Encoded, "error", err)
	}
}

func (c *Counter) makePrinter(d settings.Devices) (made gear, err error) {
	u, err := devices.ParseURL(d.Printer)
	if err != nil {
		return gear{}, err
	}
	profile, err := ProfileOf(d)
	if err != nil {
		return gear{}, err
	}
	made.printerURL, made.settings = d.Printer, d
	if made.encoder, err = escpos.NewEncoder(profile); err != nil {
		return gear{}, err
	}
	if u.Scheme == devices.Virtual && u.Path == "" {
		made.emulator = printer.NewEmulator(printer.Traits{})
		made.emulator.OnPaper(func(p printer.Paper) { c.keepSheet(p, profile.Paper, profile.Encoding) })
		made.printer = printer.OpenVirtual(made.emulator, printer.Config{})
		return made, nil
	}
	made.printer, err = printer.Open(u, printer.Config{DrawerOpen: printer.ParseDrawerLevel(d.Drawer)})
	return made, err
}

// models are the printers that this program knows something of; they are read once.
var models = sync.OnceValues(func() (*printer.Models, error) { return printer.ReadModels(assets.Printers, assets.PrinterCorrections) })

// ProfileOf is what the encoder must know: the model's own, where the settings name one, and the
// roll that the settings say is in it. Errors name the setting that can't be.
func ProfileOf(d settings.Devices) (escpos.Profile, error) {
	encoding, err := escpos.ParseEncoding(d.Encoding)
	if err != nil {
		return escpos.Profile{}, err
	}
	glyphs, err := escpos.NewFontGlyphs(assets.FontRegular)
	if err != nil {
		return escpos.Profile{}, err
	}
	profile := escpos.Profile{Paper: escpos.Paper80, Encoding: encoding, Glyphs: glyphs}
	if d.WidthMm == 58 {
		profile.Paper = escpos.Paper58
	}
	if d.Model == "" {
		return profile, nil
	}
	known, err := models()
	if err != nil {
		return escpos.Profile{}, err
	}
	model, ok := known.Lookup(d.Model)
	if !ok {
		return escpos.Profile{}, fmt.Errorf("no printer model %q is known: leave [devices] model empty", d.Model)
	}
	own, err := model.Profile(encoding, glyphs)
	if err == nil && widthMm(own.Paper) != d.WidthMm {
		own.Paper = profile.Paper
	}
	return own, err
}

// widthMm is the roll that a width of paper is for.
func widthMm(p escpos.Paper) int {
	if p.Dots <= 432 { // 54 mm at 203 dpi: no 80 mm printer prints so narrow
		return 58
	}
	return 80
}

// Propose says what a printer is by what it answered, and by what it says on the bus. The error is of
// the profiles, which are compiled in.
func Propose(f printer.Findings, u devices.URL) (printer.Proposal, error) {
	known, err := models()
	if err != nil {
		return printer.Proposal{}, err
	}
	var onBus []printer.Model
	if u.Scheme == devices.USB {
		onBus = known.ByUSB(u.Vendor, u.Product)
	}
	return known.Propose(f, onBus...), nil
}

// Suit changes settings for what a printer is; what is in doubt stays as it is set.
func Suit(d settings.Devices, p printer.Proposal) settings.Devices {
	if p.EncodingKnown {
		d.Encoding = p.Encoding.String()
	}
	if p.Known && len(p.Doubts) == 0 {
		d.Model, d.WidthMm = p.Model.Name, widthMm(p.Model.Paper)
	}
	if _, err := ProfileOf(d); err != nil { // a model that has not this encoding is driven as one that is not known
		d.Model = ""
	}
	return d
}

func (c *Counter) makeReader(address string) (made gear, err error) {
	u, err := devices.ParseURL(address)
	if err != nil {
		return gear{}, err
	}
	made.readerURL = address
	if u.Scheme == devices.Virtual && u.Path != "" {
		made.reader, err = reader.OpenFile(u.Path, c.nextTrack())
		return made, err
	}
	made.reader, err = reader.Open(u, c.o.OpenUSB, reader.Window{After: c.afterKeys, Back: c.backToKeys})
	made.chooser, _ = made.reader.(*reader.Virtual)
	return made, err
}

func (c *Counter) makeScanner(address string) (made gear, err error) {
	u, err := devices.ParseURL(address)
	if err != nil {
		return gear{}, err
	}
	made.scannerURL = address
	made.scanner, err = scanner.Open(u, c.o.OpenUSB, port.Open, c.deliver)
	return made, err
}

// deliver hands a code to whoever sells.
func (c *Counter) deliver(code string) {
	c.mu.Lock()
	takers := c.scanned
	c.mu.Unlock()
	for _, take := range takers {
		take(code)
	}
}

// Scanned implements present.Selling.
func (c *Counter) Scanned(take func(code string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scanned = append(c.scanned, take)
}

// watchDevices tells the window, and the till of a printer that is ready again.
func (c *Counter) watchDevices() {
	for _, device := range c.inUse().all() {
		c.watchNew(device)
	}
}

func (c *Counter) watchNew(device any) {
	if p, ok := device.(*printer.Driver); ok {
		c.watchPrinter(p)
		return
	}
	c.watch(device)
}

func (c *Counter) watchPrinter(p *printer.Driver) {
	p.Watch(func(devices.Status) {
		c.Till.Kick()
		c.changed()
	})
	p.WatchDrawer(func(printer.DrawerState) {
		c.keepDrawer(p)
		c.changed()
	})
}

// keepDrawer keeps what a drawer's sensor has taught, so that the next start knows it. A printer
// that is no longer in use teaches nothing.
func (c *Counter) keepDrawer(p *printer.Driver) {
	learned := p.DrawerOpen().String()
	c.mu.Lock()
	known := c.o.Settings.Devices.Drawer == learned || learned == "" || c.gear.emulator != nil || c.gear.printer != p
	if !known {
		c.o.Settings.Devices.Drawer = learned
	}
	c.mu.Unlock()
	if known || c.o.SettingsDir == "" {
		return
	}
	if err := settings.Save(c.o.SettingsDir, settings.Change{Key: "drawer", Value: learned}); err != nil {
		c.o.Log.Warn("drawer", "error", err)
	}
}

func (c *Counter) watch(device any) {
	if d, ok := device.(interface{ Watch(func(devices.Status)) }); ok {
		d.Watch(func(devices.Status) { c.changed() })
	}
}

// replugged is called when something was plugged in or pulled out.
func (c *Counter) replugged() {
	for _, device := range c.inUse().all() {
		if d, ok := device.(interface{ Kick() }); ok {
			d.Kick()
		}
	}
	c.changed()
}

// all are the devices that there are.
func (g gear) all() (all []any) {
	if g.printer != nil {
		all = append(all, g.printer)
	}
	if g.reader != nil {
		all = append(all, g.reader)
	}
	if g.scanner != nil {
		all = append(all, g.scanner)
	}
	return all
}

// trackFile keeps which track of a file comes next, so that each program that makes
// one sale takes the one after.
func (c *Counter) trackFile() string { return filepath.Join(c.o.Dir, "reader.next") }

func (c *Counter) nextTrack() int {
	text, err := os.ReadFile(c.trackFile())
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (c *Counter) keepTrack() {
	if f, ok := c.inUse().reader.(*reader.File); ok {
		if err := os.WriteFile(c.trackFile(), []byte(strconv.Itoa(f.NextIndex())), 0o600); err != nil {
			c.o.Log.Warn("reader", "error", err)
		}
	}
}
