package reader

import (
	"context"
	"errors"

	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
)

// ErrLayout is a HID device whose reports are not known.
var ErrLayout = errors.New("the layout of the device's reports is not known")

// stripe is a stripe reader on the bus.
type stripe struct {
	usb    port.USB
	shape  hid.Shape
	layout *layout
	size   int // of the largest report in bytes
	only   byte
	skips  bool // reports with another ID than only are not swipes
}

// attachHID takes a claimed interface of class 03. Errors are *port.Error.
func attachHID(ctx context.Context, u port.USB) (*stripe, error) {
	d := u.Descriptor()
	shape, err := askShape(ctx, u)
	if err != nil {
		return nil, err
	}
	h := &stripe{usb: u, shape: shape, layout: layoutFor(d.Vendor, d.Product, shape)}
	if h.layout == nil {
		return nil, &port.Error{Reason: devices.NotSupported, Err: ErrLayout}
	}
	if h.size = shape.Largest(); h.size == 0 {
		h.size = h.layout.length
	}
	if h.size == 0 || d.Sizes[port.InterruptIn] == 0 {
		return nil, &port.Error{Reason: devices.NotSupported, Err: ErrLayout}
	}
	if f, is := shape.Find(h.layout.page, h.layout.usages.tracks[1]); is && h.layout.form == named {
		h.only, h.skips = f.ID, shape.IDs
	}
	return h, nil
}

// askShape gets the report descriptor: GET_DESCRIPTOR, HID 1.11, 7.1.1. A device that
// refuses has none that helps; one whose descriptor can't be read is taken as that.
func askShape(ctx context.Context, u port.USB) (hid.Shape, error) {
	d := u.Descriptor()
	n := hid.Length(d.Extra)
	if n == 0 || n > hid.MaxDescriptor {
		return hid.Shape{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, controlWithin)
	defer cancel()
	b := make([]byte, n)
	got, err := u.Control(ctx, port.Setup{RequestType: 0x81, Request: 6, Value: 0x2200, Index: uint16(d.Interface)}, b)
	if err != nil {
		if port.ReasonOf(err) == devices.Refused {
			return hid.Shape{}, nil
		}
		return hid.Shape{}, lineError(ctx, err)
	}
	shape, err := hid.Parse(b[:max(0, min(got, n))])
	if err != nil {
		return hid.Shape{}, nil
	}
	return shape, nil
}

// maxEmpty is how many reports without a byte come before the device is taken for broken.
const maxEmpty = 100

// serve implements attached.
func (h *stripe) serve(ctx context.Context, d *Driver) error {
	b := make([]byte, h.size)
	defer clear(b)
	for empty := 0; empty < maxEmpty; {
		n, err := h.usb.Read(ctx, port.InterruptIn, b)
		n = max(0, min(n, len(b)))
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			if n > 0 { // it was pulled out while a swipe came through
				d.hand.give(Card{}, &Fault{SwipeLost, nil})
			}
			return lineError(ctx, err)
		}
		if n == 0 {
			empty++
			continue
		}
		empty = 0
		if !h.skips || b[0] == h.only {
			h.report(b[:n], d.hand)
		}
		clear(b)
	}
	return &port.Error{Reason: devices.Interrupted, Err: ErrReport}
}

// report hands a swipe on, where somebody waits for one.
func (h *stripe) report(b []byte, hand *handoff) {
	if !hand.wants() {
		return
	}
	if len(b) < h.whole(b[0]) { // the rest was lost on the way
		hand.give(Card{}, &Fault{SwipeLost, ErrReport})
		return
	}
	hand.give(decodeReport(h.layout, h.shape, b))
}

// whole is how long a report has to be that begins with this byte.
func (h *stripe) whole(first byte) int {
	if !h.shape.IDs {
		return h.size
	}
	return h.shape.Size(first)
}

// Close implements attached.
func (h *stripe) Close() error { return h.usb.Close() }
