// Package vdev is a USB device written in Go. It is plugged into the kernel's virtual host
// controller (vhci_hcd), which speaks the wire format of USB/IP over a socket: the kernel and
// every program see a device on a bus, and the test decides what that device does, down to the
// packet: it takes a packet or lets the host wait (NAK), stalls, babbles, answers late, or loses
// its cable after any byte.
//
//	d := &vdev.Device{Speed: vdev.High, Descriptor: …, Config: …, Out: take}
//	err := d.Plug()                 // needs root and vhci_hcd, so: inside the lab
//	err = d.WaitConfigured(ctx)     // the host has set it up
//	err = d.Send(0x82, answer)      // packets for the host
//	d.PullAfter(1000)               // the cable goes when it has 1,000 bytes more
//	err = d.Unplug()                // returns once the kernel has let go of it
//
// Endpoints are named by their address: 0x01 takes from the host, 0x81 gives to it. Each is
// first in, first out. Everything is bounded, and Unplug leaves no goroutine and no file behind.
// A Device may be plugged in again after Unplug; what it printed or counted stays with it.
//
// Without vhci_hcd, Connect puts the device on any connection that speaks USB/IP: so the tests
// of devices run on every machine.
package vdev

import (
	"context"
	"errors"
	"sync"
)

// Speed is how fast the device is on the bus, by the kernel's numbers.
type Speed int

// The speeds of USB 1.1 and 2.0.
const (
	Low Speed = 1 + iota
	Full
	High
)

// Setup is the head of a control request: USB 2.0, table 9-2.
type Setup struct {
	RequestType, Request uint8
	Value, Index, Length uint16
}

// In reports whether the answer's data go to the host.
func (s Setup) In() bool { return s.RequestType&0x80 != 0 }

// Faults.
var (
	// ErrStall returned by Out halts the endpoint: the host gets a stall now and for
	// every transfer until it clears the halt.
	ErrStall = errors.New("vdev: stall")
	// ErrUnplugged is any use of a device that is not on the bus.
	ErrUnplugged = errors.New("vdev: the device is not plugged in")
	// ErrFull says that the host has not fetched what was sent before.
	ErrFull = errors.New("vdev: the endpoint's queue is full")
	// ErrEndpoint is an address that the configuration does not hold.
	ErrEndpoint = errors.New("vdev: no such endpoint")
)

// Device is one device. Set the exported fields before Plug and leave them alone while it is
// plugged in.
type Device struct {
	Speed      Speed
	Descriptor []byte   // the 18 bytes of the device descriptor
	Config     []byte   // the configuration with its interfaces and endpoints
	Strings    []string // from index 1
	// Control answers requests that the standard does not: class and vendor requests,
	// and descriptors of a class. ok false is a stall. It must not wait.
	Control func(s Setup, data []byte) (answer []byte, ok bool)
	// Out takes one packet, at most the endpoint's packet size. As long as it does not
	// return, the host waits, as with a device that sends NAK; it has to return when ctx
	// ends, with ctx's error: then the packet counts as not taken. Nil takes everything.
	Out func(ctx context.Context, endpoint uint8, packet []byte) error
	// Session, if set, runs while the device is plugged in, until ctx ends. Unplug waits for it.
	Session func(ctx context.Context)

	mu      sync.Mutex
	changed chan struct{} // closed at each change
	now     *session
	nak     map[uint8]bool
	refuse  func(Setup) bool
	pullAt  int64 // of taken; none below 0 or when pullSet is false
	pullSet bool
	taken   int64
	port    int // of the kernel's controller; of the latest Plug
}

// change does f under the lock and wakes whoever waits.
func (d *Device) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
	if d.changed != nil {
		close(d.changed)
	}
	d.changed = make(chan struct{})
}

// await returns true once ok, asked under the lock, says so; false when ctx has ended.
func (d *Device) await(ctx context.Context, ok func() bool) bool {
	for ctx.Err() == nil {
		d.mu.Lock()
		if d.changed == nil {
			d.changed = make(chan struct{})
		}
		good, changed := ok(), d.changed
		d.mu.Unlock()
		if good {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
	return false
}

// Taken is how many bytes the device has taken through its OUT endpoints, control apart, since it
// was made.
func (d *Device) Taken() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.taken
}

// PullAfter pulls the cable as soon as the device has taken n more bytes, n at least 0; at 0 the
// next transfer finds the cable gone. The host is not told how much of that transfer was taken:
// the device may have more than the host believes. A packet is cut where n falls, although a real
// device drops a packet that is torn: it is the harder case. Below 0 the order is taken back.
func (d *Device) PullAfter(n int) {
	d.change(func() { d.pullSet, d.pullAt = n >= 0, d.taken+int64(n) })
}

// Nak lets the host wait for an endpoint, or no longer.
func (d *Device) Nak(endpoint uint8, on bool) {
	d.change(func() {
		if d.nak == nil {
			d.nak = map[uint8]bool{}
		}
		d.nak[endpoint] = on
	})
}

// Refuse stalls those control requests for which match is true, standard ones too; nil is none.
// match must not call the device.
func (d *Device) Refuse(match func(Setup) bool) { d.change(func() { d.refuse = match }) }

// Halt stalls an endpoint until the host clears the halt.
func (d *Device) Halt(endpoint uint8) error {
	return d.onPipe(endpoint, func(p *pipe) error { p.halted = true; return nil })
}

// Halted reports whether the endpoint is halted.
func (d *Device) Halted(endpoint uint8) bool {
	var halted bool
	err := d.onPipe(endpoint, func(p *pipe) error { halted = p.halted; return nil })
	return err == nil && halted
}

// mostQueued is how many bytes wait for the host on one endpoint before Send says ErrFull.
const mostQueued = 256 << 10

// Send queues b for the host in packets of the endpoint's size. No byte at all is an empty packet.
// When b fills whole packets, the host's transfer ends only if its buffer is full too, or if an
// empty packet follows. Errors are ErrUnplugged, ErrEndpoint, ErrFull: then nothing is queued.
func (d *Device) Send(endpoint uint8, b []byte) error {
	return d.onPipe(endpoint, func(p *pipe) error {
		if p.queued+len(b) > mostQueued || len(p.packets) > mostQueued/8 {
			return ErrFull
		}
		for first := true; first || len(b) > 0; first = false {
			n := min(len(b), p.size)
			p.queue(packet{bytes: append([]byte(nil), b[:n]...)})
			b = b[n:]
		}
		return nil
	})
}

// Babble makes the endpoint send more than the host has asked for, once, behind what is queued.
func (d *Device) Babble(endpoint uint8) error {
	return d.onPipe(endpoint, func(p *pipe) error { p.queue(packet{babble: true}); return nil })
}

// Queued is how many bytes wait on an endpoint for the host to fetch them.
func (d *Device) Queued(endpoint uint8) int {
	n := 0
	err := d.onPipe(endpoint, func(p *pipe) error { n = p.queued; return nil })
	if err != nil {
		return 0
	}
	return n
}

// onPipe does f with an endpoint of the plugged device, under the lock.
func (d *Device) onPipe(endpoint uint8, f func(*pipe) error) (err error) {
	d.change(func() {
		if d.now == nil || d.now.ctx.Err() != nil {
			err = ErrUnplugged
			return
		}
		p := d.now.pipes[endpoint]
		if p == nil || endpoint&0x0F == 0 {
			err = ErrEndpoint
			return
		}
		err = f(p)
	})
	return err
}

// WaitConfigured returns nil once the host has chosen a configuration: its drivers may begin.
// Errors are ctx's and ErrUnplugged.
func (d *Device) WaitConfigured(ctx context.Context) error {
	gone := false
	ok := d.await(ctx, func() bool {
		gone = d.now == nil || d.now.ctx.Err() != nil
		return gone || d.now.configured
	})
	switch {
	case !ok:
		return ctx.Err()
	case gone:
		return ErrUnplugged
	}
	return nil
}

// Pulled is closed when the cable of this plugging is gone, by PullAfter, by Unplug or by the
// host. It is nil before the first Plug.
func (d *Device) Pulled() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil {
		return nil
	}
	return d.now.ctx.Done()
}
