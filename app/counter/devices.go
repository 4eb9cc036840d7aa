package counter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/escpos"
)

// KindOf says what a device on the bus is for; it is the port's list's question.
func KindOf(d port.Descriptor) (devices.Kind, bool) {
	switch {
	case d.Class == port.ClassPrinter && d.Protocol != 4: // as port.IsPrinter, but a list may not know the pipes
		return devices.PrinterKind, true
	case d.Class == port.ClassSmartCard:
		return devices.ReaderKind, true
	case d.Class == port.ClassHID && d.Protocol == 0:
		shape, err := hid.Parse(d.Report)
		if err != nil {
			shape = hid.Shape{} // the maker's numbers may still tell
		}
		switch {
		case scanner.Knows(shape):
			return devices.ScannerKind, true
		case reader.Knows(d):
			return devices.ReaderKind, true
		}
	}
	return "", false
}

// uses are what a device of a kind can be taken for.
var uses = map[devices.Kind][]present.Part{
	devices.PrinterKind: {present.Printer}, devices.ReaderKind: {present.Reader}, devices.ScannerKind: {present.Scanner},
	devices.SerialLine: {present.Printer, present.Scanner},
}

// configured is one device that the settings name.
type configured struct {
	part    present.Part
	address string
	status  devices.Status
}

func (g gear) configured() (all []configured) {
	if g.printer != nil {
		all = append(all, configured{present.Printer, g.printerURL, g.printer.Status()})
	}
	if g.reader != nil {
		all = append(all, configured{present.Reader, g.readerURL, g.reader.Status()})
	}
	if g.scanner != nil {
		all = append(all, configured{present.Scanner, g.scannerURL, g.scanner.Status()})
	}
	return all
}

// Devices implements present.Equipment: first what is in use, there or not, then what else was found.
func (c *Counter) Devices(ctx context.Context) []present.Device {
	found := append(port.List(ctx, KindOf), reader.ListPCSC()...)
	list := []present.Device{}
	taken := map[int]bool{}
	for _, k := range c.inUse().configured() {
		d := present.Device{Address: k.address, InUse: k.part, Uses: []present.Part{k.part}}
		if k.status.Health == devices.Offline || k.status.Health == devices.Attention {
			d.Problem, d.Detail = string(k.status.Reason), k.status.Detail
		}
		for i, f := range found {
			if !taken[i] && same(k.address, f.URL) {
				taken[i] = true
				d.Name, d.Serial, d.Where = f.Name(), f.SerialNumber, f.Where
				if f.Problem != devices.None {
					d.Problem, d.Detail = string(f.Problem), f.Detail
				}
				break
			}
		}
		list = append(list, d)
	}
	for i, f := range found {
		if !taken[i] {
			list = append(list, present.Device{Address: f.URL.String(), Uses: uses[f.Kind], Name: f.Name(), Serial: f.SerialNumber, Where: f.Where,
				Problem: string(f.Problem), Detail: f.Detail})
		}
	}
	return append(list, c.others(list)...)
}

// others are what no list finds: a reader that types, and in a demonstration the virtual ones.
func (c *Counter) others(list []present.Device) (more []present.Device) {
	offered := []present.Device{{Address: typingReader, Uses: []present.Part{present.Reader}}}
	if c.o.Settings.Demo() {
		offered = append(offered, present.Device{Address: virtualDevice, Uses: []present.Part{present.Printer, present.Reader}})
	}
	for _, o := range offered {
		scheme, _, _ := strings.Cut(o.Address, ":")
		taken := func(p present.Part) bool {
			return slices.ContainsFunc(list, func(d present.Device) bool { return d.InUse == p && strings.HasPrefix(d.Address, scheme+":") })
		}
		o.Uses = slices.DeleteFunc(o.Uses, taken)
		if len(o.Uses) > 0 {
			more = append(more, o)
		}
	}
	return more
}

// Addresses of what no list finds.
const (
	typingReader  = "wedge:"
	virtualDevice = "virtual:"
)

// same reports whether an address of the settings reaches a device that was found.
func same(address string, found devices.URL) bool {
	u, err := devices.ParseURL(address)
	if err != nil || u.Scheme != found.Scheme {
		return false
	}
	if u.Scheme == devices.USB {
		return u.Vendor == found.Vendor && u.Product == found.Product && (u.SerialNumber == "" || u.SerialNumber == found.SerialNumber) &&
			(u.Interface == found.Interface || u.Interface == devices.Any || found.Interface == devices.Any)
	}
	return u.Path == found.Path
}

// settleWithin is how long a device that was chosen may take to answer before it is given up.
const settleWithin = 5 * time.Second

// ErrPart is a part of the till that no device can be.
var ErrPart = errors.New("a device is a printer, a reader or a scanner")

// UseDevice implements present.Equipment. The device is tried first: where it does not come up, or
// the settings can't be saved, or ctx ends before they are, the till goes on with the one that
// it has. Of several choices at once each waits for the one before.
func (c *Counter) UseDevice(ctx context.Context, p present.Part, address string) error {
	c.choosing.Lock()
	defer c.choosing.Unlock()
	made, err := c.make(p, address)
	if err != nil {
		return err
	}
	changes := []settings.Change{{Key: string(p), Value: address}}
	if err = settled(ctx, made); err == nil && made.printer != nil {
		made, changes, err = c.suit(ctx, made, changes)
	}
	if err == nil {
		err = ctx.Err() // a printer that was asked what it is has not answered because of that
	}
	if err == nil {
		err = settings.Save(c.o.SettingsDir, changes...)
	}
	if err != nil {
		made.close()
		return err
	}
	c.exchange(made)
	c.changed()
	return nil
}

func (c *Counter) make(p present.Part, address string) (gear, error) {
	switch p {
	case present.Printer:
		d := c.deviceSettings()
		d.Printer, d.Model, d.Drawer = address, "", ""
		if _, err := escpos.ParseEncoding(d.Encoding); err != nil { // a printer that can be has to be choosable
			d.Encoding = settings.Default().Devices.Encoding
		}
		return c.makePrinter(d)
	case present.Reader:
		return c.makeReader(address)
	case present.Scanner:
		return c.makeScanner(address)
	}
	return gear{}, ErrPart
}

func (c *Counter) deviceSettings() settings.Devices { return c.settings().Devices }

// settings are those of now: the devices' change while the till runs.
func (c *Counter) settings() settings.Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.o.Settings
}

// suit asks a new printer what it is and makes the encoder for that. What was known of the
// printer before it, its model and its drawer, is no longer believed. One that answers nothing is
// used as it is set up.
func (c *Counter) suit(ctx context.Context, made gear, changes []settings.Change) (gear, []settings.Change, error) {
	u, err := devices.ParseURL(made.printerURL)
	if err != nil {
		return made, nil, err
	}
	d := made.settings
	if findings, err := made.printer.Identify(ctx); err == nil {
		proposal, err := Propose(findings, u)
		if err != nil {
			return made, nil, err
		}
		d = Suit(d, proposal)
	}
	profile, err := ProfileOf(d)
	if err != nil {
		return made, nil, err
	}
	if made.encoder, err = escpos.NewEncoder(profile); err != nil {
		return made, nil, err
	}
	made.settings = d
	return made, append(changes, settings.Change{Key: "encoding", Value: d.Encoding}, settings.Change{Key: "model", Value: d.Model},
		settings.Change{Key: "widthMm", Value: strconv.Itoa(d.WidthMm)}, settings.Change{Key: "drawer", Value: d.Drawer}), nil
}

// settled waits until a device that was just opened is there. One that is there and needs a
// person, such as a printer without paper, is there.
func settled(ctx context.Context, made gear) error {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	for {
		s := made.configured()[0].status
		switch {
		case s.Reason == devices.Connecting:
		case s.Health == devices.Offline && absent[s.Reason]:
			return fmt.Errorf("%s: %s", s.Reason, s.Detail)
		default:
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// absent are the reasons that a device which is there does not give.
var absent = map[devices.Reason]bool{devices.Unreachable: true, devices.Unplugged: true, devices.PortMissing: true, devices.PortDenied: true,
	devices.PortBusy: true, devices.NotSupported: true, devices.Refused: true, devices.Interrupted: true, devices.TimedOut: true}

// exchange puts a device in the place of the one that was there, which is closed when the paper
// that it prints has come out.
func (c *Counter) exchange(made gear) {
	old := c.inUse()
	c.mu.Lock()
	switch {
	case made.reader != nil:
		c.gear.reader, c.gear.chooser, c.gear.readerURL = made.reader, made.chooser, made.readerURL
		old.printer, old.scanner = nil, nil
	case made.scanner != nil:
		c.gear.scanner, c.gear.scannerURL = made.scanner, made.scannerURL
		old.printer, old.reader = nil, nil
	}
	c.mu.Unlock()
	if made.printer != nil {
		c.mu.Lock()
		c.o.Settings.Devices = made.settings
		c.mu.Unlock()
		c.usePrinter(made)
		old.reader, old.scanner = nil, nil
		c.Till.WaitForPaper()
		c.Till.Kick() // receipts that waited for a printer
	}
	for _, device := range made.all() {
		c.watchNew(device)
	}
	old.close()
}

// PrintTestPage implements present.Equipment.
func (c *Counter) PrintTestPage(ctx context.Context) error {
	g := c.inUse()
	findings, err := g.printer.Identify(ctx)
	if err != nil {
		return err
	}
	return PrintTestPage(ctx, g.printer, c.deviceSettings(), findings, c.o.Now())
}

// ErrTestPage is a test page that is not known to have come out.
var ErrTestPage = errors.New("the test page is not known to have come out")

// PrintTestPage prints a page that shows what a printer does with its settings. It is no
// receipt and stands in no journal: its process ID is of a range that receipts do not reach
// (they are counted from 1, and there are 81 million).
func PrintTestPage(ctx context.Context, p *printer.Driver, d settings.Devices, f printer.Findings, at time.Time) error {
	known, err := models()
	if err != nil {
		return err
	}
	model, ok := known.Lookup(d.Model)
	if !ok {
		model = known.Default()
	}
	profile, err := ProfileOf(d)
	if err != nil {
		return err
	}
	model.Paper = profile.Paper
	encoder, err := escpos.NewEncoder(profile)
	if err != nil {
		return err
	}
	page, err := encoder.Append(nil, printer.TestPage(model, profile.Encoding, f))
	if err != nil {
		return err
	}
	id := escpos.ProcessIDs/2 + uint32(at.Unix())%(escpos.ProcessIDs/4)
	if r := p.Print(ctx, printer.Job{ID: id, Bytes: page}); r.Outcome != printer.Printed {
		return fmt.Errorf("%w: %s, %s %s", ErrTestPage, r.Outcome, r.Reason, r.Detail)
	}
	return nil
}

// Drawer implements present.Printing.
func (c *Counter) Drawer() present.Drawer {
	switch c.inUse().printer.Drawer() {
	case printer.Opened:
		return present.DrawerOpen
	case printer.Closed:
		return present.DrawerClosed
	}
	return present.DrawerUnknown
}

// TrySwipe implements present.Equipment.
func (c *Counter) TrySwipe(ctx context.Context) (present.Swipe, error) {
	card, err := c.inUse().reader.Read(ctx)
	c.keepTrack()
	if err != nil {
		return present.Swipe{}, err
	}
	defer card.Zero()
	code, _ := c.refusal(card) // the code says it
	return present.Swipe{Masked: card.Masked(), Scheme: string(card.Scheme()), Chip: card.Entry() == reader.Inserted, Code: code}, nil
}
