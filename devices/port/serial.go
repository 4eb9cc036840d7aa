package port

import (
	"errors"
	"io/fs"
	"sync"
	"syscall"
	"time"

	"go.bug.st/serial"

	"veratill/devices"
)

// The library's Write has no time-out and Close does not end it, so a goroutine of
// its own writes, a small piece at a time: a stuck one is left behind and the port
// is of no more use.
type serialPort struct {
	line   serial.Port
	path   string
	baud   int
	gate   gate
	reads  sync.Mutex // held during a read: the line is closed between two, never under one
	writes sync.Mutex // one writer at a time
	pieces chan []byte
	wrote  chan error
	idle   chan struct{} // closed when the goroutine that writes has ended
	stuck  bool          // under writes
	leaves time.Time     // when all that was written is on the wire, by the line's rate; under writes

	closing sync.Once
	within  time.Duration // how long Close waits at most; set by the first
	gone    chan struct{} // closed when the system has the line back
	err     error         // of that, once gone is closed
}

const (
	// serialPiece is small so that XOFF holds within a printer's spare buffer.
	serialPiece = 64
	// serialPoll is how long a read lasts: Close waits for it.
	serialPoll = 50 * time.Millisecond
)

func newSerialPort(line serial.Port, path string, baud int) *serialPort {
	p := &serialPort{line: line, path: path, baud: baud, gate: newGate(), pieces: make(chan []byte), wrote: make(chan error, 1),
		idle: make(chan struct{}), gone: make(chan struct{})}
	go p.writer()
	return p
}

func serialReason(err error) devices.Reason {
	var pe *serial.PortError
	if errors.As(err, &pe) {
		switch pe.Code() {
		case serial.PortBusy:
			return devices.PortBusy
		case serial.PortNotFound, serial.InvalidSerialPort:
			return devices.PortMissing
		case serial.PermissionDenied:
			return devices.PortDenied
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist): // a missing port is a bare ENOENT
		return devices.PortMissing
	case errors.Is(err, fs.ErrPermission):
		return devices.PortDenied
	}
	return devices.Unreachable
}

// writer ends when the port is closed. It may be stuck in a Write until then, or
// for as long as the driver pleases.
func (p *serialPort) writer() {
	defer close(p.idle)
	for {
		select {
		case <-p.gate.closed:
			return
		case b := <-p.pieces:
			p.wrote <- p.writeAll(b)
		}
	}
}

// writeAll stops within the piece when the port is closed: what is left of it has no business on
// the line any more.
func (p *serialPort) writeAll(b []byte) error {
	for {
		n, err := p.line.Write(b)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return err
		}
		if b = b[n:]; len(b) == 0 {
			return nil
		}
		select {
		case <-p.gate.closed:
			return ErrClosed
		default:
		}
	}
}

func (p *serialPort) Read(b []byte) (int, error) {
	for {
		n, err := p.readOnce(b)
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (p *serialPort) readOnce(b []byte) (int, error) {
	p.reads.Lock()
	defer p.reads.Unlock()
	select {
	case <-p.gate.closed:
		return 0, &Error{devices.Closed, ErrClosed}
	default:
	}
	n, err := p.line.Read(b)
	if err != nil && !errors.Is(err, syscall.EINTR) {
		return n, &Error{devices.Interrupted, err}
	}
	return n, nil
}

func (p *serialPort) WriteBy(deadline time.Time, b []byte) (int, error) {
	p.writes.Lock()
	defer p.writes.Unlock()
	if p.stuck {
		return 0, &Error{devices.TimedOut, ErrTimeout}
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	left := 0
	for left < len(b) {
		if err := p.gate.wait(deadline); err != nil {
			return left, err
		}
		piece := append([]byte(nil), b[left:min(left+serialPiece, len(b))]...)
		select {
		case p.pieces <- piece:
		case <-p.gate.closed:
			return left, &Error{devices.Closed, ErrClosed}
		}
		left += len(piece) // from here on it may have left
		select {
		case err := <-p.wrote:
			if err != nil {
				return left, &Error{devices.Interrupted, err}
			}
			p.sent(len(piece))
		case <-p.gate.closed:
			return left, &Error{devices.Closed, ErrClosed}
		case <-timer.C:
			p.stuck = true
			return left, &Error{devices.TimedOut, ErrTimeout}
		}
	}
	return left, nil
}

func (p *serialPort) Pause(on bool) { p.gate.pause(on) }
