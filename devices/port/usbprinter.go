package port

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"veratill/devices"
)

// usbPort is a printer's claimed interface as a port.
type usbPort struct {
	bus    USB
	gate   gate
	reads  sync.Mutex
	packet []byte // of the last read
	rest   []byte // of packet, not yet handed out
	writes sync.Mutex
}

// IsPrinter is true for interfaces that take what a receipt printer takes. Protocol 4 is
// another one (IPP), which a receipt is not written in.
func IsPrinter(d Descriptor) bool {
	return d.Class == ClassPrinter && d.Protocol != 4 && d.Sizes[BulkOut] > 0
}

// usbPiece is how much is given to the bus at a time, which libusb makes one request of. A
// smaller one keeps the bus waiting between two.
const usbPiece = 16 << 10

// FromUSB makes a port of a printer's interface. A printer without a way back never answers;
// a read of it waits until it is closed.
func FromUSB(bus USB) Port {
	size := bus.Descriptor().Sizes[BulkIn]
	return &usbPort{bus: bus, gate: newGate(), packet: make([]byte, size)}
}

// onWindows has its printers through usbprint.sys or a queue: libusb could have them only by
// taking them away from Windows' own printing.
const onWindows = runtime.GOOS == "windows"

func openUSBPrinter(ctx context.Context, u devices.URL) (Port, error) {
	if onWindows {
		return nil, &Error{devices.NotSupported, errors.New("on Windows a printer is windows:NAME, by the name that Windows has for it")}
	}
	bus, err := OpenUSB(ctx, u, IsPrinter)
	if err != nil {
		return nil, err
	}
	return FromUSB(bus), nil
}

// idlePause is between two empty answers: some printers give them without end.
const idlePause = 10 * time.Millisecond

func (p *usbPort) Read(b []byte) (int, error) {
	p.reads.Lock()
	defer p.reads.Unlock()
	for len(p.rest) == 0 {
		if len(p.packet) == 0 {
			<-p.gate.closed
			return 0, &Error{devices.Closed, ErrClosed}
		}
		n, err := p.bus.Read(context.Background(), BulkIn, p.packet)
		p.rest = p.packet[:n]
		if n > 0 {
			break // a fault beside bytes comes again with the next read
		}
		if err != nil {
			return 0, err
		}
		select {
		case <-time.After(idlePause):
		case <-p.gate.closed:
			return 0, &Error{devices.Closed, ErrClosed}
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *usbPort) WriteBy(deadline time.Time, b []byte) (int, error) {
	p.writes.Lock()
	defer p.writes.Unlock()
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	left := 0
	for left < len(b) {
		if err := p.gate.wait(deadline); err != nil {
			return left, err
		}
		n, err := p.bus.Write(ctx, b[left:min(left+usbPiece, len(b))])
		left += n
		if err != nil {
			return left, err
		}
	}
	return left, nil
}

func (p *usbPort) Pause(on bool) { p.gate.pause(on) }

func (p *usbPort) Close() error {
	p.gate.close()
	return p.bus.Close()
}
