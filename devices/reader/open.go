package reader

import (
	"context"
	"fmt"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// OpenUSB claims the interface of an address that want takes. It is a function value so that
// this package needs no bus: port.OpenUSB, or a test's. Errors are *port.Error.
type OpenUSB func(ctx context.Context, u devices.URL, want func(port.Descriptor) bool) (port.USB, error)

// Window is what a reader that types needs of the window.
type Window struct {
	// After calls f on the goroutine of the keys when d has passed; it may come late.
	After func(d time.Duration, f func())
	// Back types what was held back and was no card. It is called on the goroutine of the keys.
	Back func(text string)
}

// Open drives the reader of an address: usb (stripe or chip), pcsc, wedge, virtual. It
// returns at once; devices are attached in the background and again whenever they were lost.
// What it gives is a *Driver for usb and pcsc, a *Wedge, a *Virtual, or a *File for
// virtual:FILE. Errors are *port.Error with NotSupported for addresses that no reader has and
// for pcsc outside Windows, devices.ErrURL where u is none, and *FileError.
func Open(u devices.URL, open OpenUSB, w Window) (Reader, error) {
	switch u.Scheme {
	case devices.USB:
		if open == nil {
			return nil, notSupported(u)
		}
		return newDriver(func(ctx context.Context) (attached, error) { return attachUSB(ctx, u, open) }), nil
	case devices.PCSC:
		if _, err := newSmartCards(); err != nil {
			return nil, err
		}
		return newDriver(func(context.Context) (attached, error) { return attachPCSC(newSmartCards, u.Path) }), nil
	case devices.Wedge:
		return NewWedge(u, w)
	case devices.Virtual:
		if u.Path == "" {
			return NewVirtual(), nil
		}
		return OpenFile(u.Path, 0)
	}
	return nil, notSupported(u)
}

func notSupported(u devices.URL) error {
	return &port.Error{Reason: devices.NotSupported, Err: fmt.Errorf("%w: no reader is reached by %s", port.ErrScheme, u.Scheme)}
}

// wanted takes stripe readers and chip readers; keyboards are the window's.
func wanted(d port.Descriptor) bool {
	return d.Class == port.ClassSmartCard || d.Class == port.ClassHID && (d.Sub != 1 || d.Protocol == 0)
}

// attachUSB claims the device and finds out what it is.
func attachUSB(ctx context.Context, u devices.URL, open OpenUSB) (attached, error) {
	bus, err := open(ctx, u, wanted)
	if err != nil {
		return nil, lineError(ctx, err)
	}
	var a attached
	if bus.Descriptor().Class == port.ClassSmartCard {
		var c *ccid
		if c, err = attachCCID(bus); err == nil {
			a = chips{c}
		} else {
			err = &port.Error{Reason: devices.NotSupported, Err: err}
		}
	} else {
		var h *stripe
		if h, err = attachHID(ctx, bus); err == nil {
			a = h
		}
	}
	if err != nil {
		_ = bus.Close()
		return nil, err
	}
	return a, nil
}
