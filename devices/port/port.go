// Package port moves bytes to and from devices: TCP, serial lines, the USB bus and Windows'
// printers. Every operation is bounded in time, and how many bytes have left is always known:
// money hangs on whether that is none.
package port

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"veratill/devices"
)

// Port is an open way to a device. One goroutine may read while another writes;
// Close may be called from any, also twice, and ends both.
type Port interface {
	// Read blocks until there are bytes, or the port is closed or broken.
	io.Reader
	// WriteBy writes b, until deadline at the latest. n is how many bytes may have
	// left the till: exact on TCP and USB, on a serial line and in Windows' queue never too few. It is 0 only
	// when none did. After an error the port must be closed.
	WriteBy(deadline time.Time, b []byte) (n int, err error)
	// Pause holds writing back while on: the device has sent XOFF.
	Pause(on bool)
	io.Closer
}

// Faults that a caller tells apart.
var (
	ErrTimeout = errors.New("the device did not take the bytes in time")
	ErrClosed  = errors.New("the port is closed")
	ErrScheme  = errors.New("no port is reached by this address")
)

// Error is a fault of a port, with the code that a status shows.
type Error struct {
	Reason devices.Reason
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ReasonOf is the code of an error of this package, Unreachable for others.
func ReasonOf(err error) devices.Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return devices.Unreachable
}

// Open opens the port of an address within ctx. Errors are *Error.
func Open(ctx context.Context, u devices.URL) (Port, error) {
	switch u.Scheme {
	case devices.TCP:
		return dialTCP(ctx, u.Host)
	case devices.Serial:
		return openSerial(ctx, u.Path, serialMode(u))
	case devices.USB:
		return openUSBPrinter(ctx, u)
	case devices.Windows:
		return openRaw(u.Path)
	}
	return nil, &Error{devices.Unreachable, fmt.Errorf("%w: %s", ErrScheme, u)}
}
