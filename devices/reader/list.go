package reader

import (
	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
)

// Knows reports whether a HID device is a stripe reader that this package can read, by its
// numbers and what its reports hold. A device of no maker that is known has to say that it reads
// stripes: many things that are none have reports of their maker's own.
func Knows(d port.Descriptor) bool {
	shape, err := hid.Parse(d.Report)
	if err != nil {
		shape = hid.Shape{} // the numbers may still tell
	}
	l := layoutFor(d.Vendor, d.Product, shape)
	return l != nil && (l.vendor != 0 || l.page == pageStripe)
}

// ListPCSC are the chip readers that the system's PC/SC service holds: on Windows, where they
// can't be had from the bus. There are none elsewhere.
func ListPCSC() (found []devices.Found) {
	service, err := newSmartCards()
	if err != nil {
		return nil
	}
	if err := service.establish(); err != nil {
		return nil // the service does not run where no reader was ever plugged in
	}
	defer func() { _ = service.release() }() // nothing was made in it
	names, err := service.readers()
	if err != nil {
		return nil
	}
	for _, name := range multiString(names) {
		found = append(found, devices.Found{URL: devices.URL{Scheme: devices.PCSC, Path: name}, Kind: devices.ReaderKind, Product: name, Where: "PC/SC"})
	}
	return found
}
