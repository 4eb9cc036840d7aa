package gear

import (
	"context"
	"slices"
	"strings"

	"veratill/app/present"
	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
	"veratill/devices/reader"
	"veratill/devices/scanner"
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

func (s set) configured() (all []configured) {
	if s.printer != nil {
		all = append(all, configured{present.Printer, s.printerURL, s.printer.Status()})
	}
	if s.reader != nil {
		all = append(all, configured{present.Reader, s.readerURL, s.reader.Status()})
	}
	if s.scanner != nil {
		all = append(all, configured{present.Scanner, s.scannerURL, s.scanner.Status()})
	}
	return all
}

// Devices implements present.Equipment: first what is in use, there or not, then what else was found.
func (g *Gear) Devices(ctx context.Context) []present.Device {
	found := append(port.List(ctx, KindOf), reader.ListPCSC()...)
	list := []present.Device{}
	taken := map[int]bool{}
	for _, k := range g.inUse().configured() {
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
	return append(list, g.others(list)...)
}

// others are what no list finds: a reader that types, and in a demonstration the virtual ones.
func (g *Gear) others(list []present.Device) (more []present.Device) {
	offered := []present.Device{{Address: typingReader, Uses: []present.Part{present.Reader}}}
	if g.Settings().Demo() {
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
