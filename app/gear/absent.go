package gear

import (
	"context"

	"veratill/app/settings"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/escpos"
)

// orAbsent stands in for a device whose setting can't be used, where the till is to open all
// the same: nothing comes of it, and its status says why. Another can be chosen on the page of devices.
func (g *Gear) orAbsent(made set, err error, absent func(error) (set, error)) (set, error) {
	if err == nil || !g.config.Absent {
		return made, err
	}
	g.config.Log.Warn("device", "error", err)
	return absent(err)
}

func absentFault(why error) error { return &port.Error{Reason: devices.NotSupported, Err: why} }

func absentUSB(why error) reader.OpenUSB {
	return func(context.Context, devices.URL, func(port.Descriptor) bool) (port.USB, error) {
		return nil, absentFault(why)
	}
}

// absentPrinter drives the printer of the settings as one of no known model, where it is the model that
// is not known; else none. Receipts wait for one that is: paper on the screen would be called printed.
func (g *Gear) absentPrinter(d settings.Devices) func(error) (set, error) {
	return func(why error) (set, error) {
		plain := d
		plain.Model = ""
		if made, err := g.makePrinter(plain); err == nil {
			return made, nil
		}
		plain.Encoding = settings.Default().Devices.Encoding
		profile, err := profileOf(plain)
		if err != nil {
			return set{}, err
		}
		made := set{printerURL: d.Printer, settings: d}
		if made.encoder, err = escpos.NewEncoder(profile); err != nil {
			return set{}, err
		}
		made.printer = printer.New(func(context.Context) (port.Port, error) { return nil, absentFault(why) }, printer.Config{})
		return made, nil
	}
}

func absentReader(address string) func(error) (set, error) {
	return func(why error) (set, error) {
		r, err := reader.Open(devices.URL{Scheme: devices.USB}, absentUSB(why), reader.Window{})
		return set{reader: r, readerURL: address}, err
	}
}

func (g *Gear) absentScanner(address string) func(error) (set, error) {
	return func(why error) (set, error) {
		s, err := scanner.Open(devices.URL{Scheme: devices.USB}, scanner.OpenUSB(absentUSB(why)), nil, g.deliver)
		return set{scanner: s, scannerURL: address}, err
	}
}
