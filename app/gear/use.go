package gear

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/devices"
	"veratill/escpos"
)

// settleWithin is how long a device that was chosen may take to answer before it is given up.
const settleWithin = 5 * time.Second

// ErrPart is a part of the till that no device can be.
var ErrPart = errors.New("a device is a printer, a reader or a scanner")

// UseDevice implements present.Equipment. The device is tried first: where it does not come up, or
// the settings can't be saved, or ctx ends before they are, the till goes on with the one that
// it has. Of several choices at once each waits for the one before.
func (g *Gear) UseDevice(ctx context.Context, p present.Part, address string) error {
	g.choosing.Lock()
	defer g.choosing.Unlock()
	made, err := g.make(p, address)
	if err != nil {
		return err
	}
	changes := []settings.Change{{Key: string(p), Value: address}}
	if err = settled(ctx, made); err == nil && made.printer != nil {
		made, changes, err = g.suit(ctx, made, changes)
	}
	if err == nil {
		err = ctx.Err() // a printer that was asked what it is has not answered because of that
	}
	if err == nil {
		err = settings.Save(g.config.SettingsDir, changes...)
	}
	if err != nil {
		made.close()
		return err
	}
	g.exchange(made)
	g.config.Changed()
	return nil
}

func (g *Gear) make(p present.Part, address string) (set, error) {
	switch p {
	case present.Printer:
		d := g.deviceSettings()
		d.Printer, d.Model, d.Drawer = address, "", ""
		if _, err := escpos.ParseEncoding(d.Encoding); err != nil { // a printer that can be has to be choosable
			d.Encoding = settings.Default().Devices.Encoding
		}
		return g.makePrinter(d)
	case present.Reader:
		return g.makeReader(address)
	case present.Scanner:
		return g.makeScanner(address)
	}
	return set{}, ErrPart
}

func (g *Gear) deviceSettings() settings.Devices { return g.Settings().Devices }

// suit asks a new printer what it is and makes the encoder for that. What was known of the
// printer before it, its model and its drawer, is no longer believed. One that answers nothing is
// used as it is set up.
func (g *Gear) suit(ctx context.Context, made set, changes []settings.Change) (set, []settings.Change, error) {
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
	profile, err := profileOf(d)
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
func settled(ctx context.Context, made set) error {
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
func (g *Gear) exchange(made set) {
	old := g.inUse()
	g.mu.Lock()
	switch {
	case made.reader != nil:
		g.set.reader, g.set.chooser, g.set.readerURL = made.reader, made.chooser, made.readerURL
		old.printer, old.scanner = nil, nil
	case made.scanner != nil:
		g.set.scanner, g.set.scannerURL = made.scanner, made.scannerURL
		old.printer, old.reader = nil, nil
	}
	g.mu.Unlock()
	if made.printer != nil {
		g.mu.Lock()
		g.settings.Devices = made.settings
		g.mu.Unlock()
		g.usePrinter(made)
		old.reader, old.scanner = nil, nil
		g.till.WaitForPaper()
		g.till.Kick() // receipts that waited for a printer
	}
	for _, device := range made.all() {
		g.watchNew(device)
	}
	old.close()
}
