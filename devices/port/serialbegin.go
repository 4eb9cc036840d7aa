package port

import (
	"context"
	"errors"
	"fmt"

	"go.bug.st/serial"

	"veratill/devices"
)

// serialMode is how a line is set: 8 bits without parity.
func serialMode(u devices.URL) serial.Mode {
	mode := serial.Mode{BaudRate: u.Baud, DataBits: 8, StopBits: serial.OneStopBit}
	//mutant:two-stop-bits-where-they-are-asked-for
	if u.Stop == 2 {
		mode.StopBits = serial.TwoStopBits
	}
	return mode
}

// openLine opens a line and sets it. Tests put slow ones in its place.
var openLine = func(path string, mode serial.Mode) (serial.Port, error) {
	line, err := serial.Open(path, &mode)
	if err != nil {
		return nil, err
	}
	if err := line.SetReadTimeout(serialPoll); err != nil {
		_ = line.Close() // nothing was written
		return nil, err
	}
	return line, nil
}

type openedLine struct {
	line serial.Port
	err  error
}

// openSerial opens a line within ctx. The system lets whoever opens a line wait while another
// program's Close of it does: one that opens later than ctx is closed again.
func openSerial(ctx context.Context, path string, mode serial.Mode) (Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, notOpened(ctx, path)
	}
	if leftBehind.has(path) {
		return nil, &Error{devices.TimedOut, fmt.Errorf("%w: %s still holds bytes of before", ErrTimeout, path)}
	}
	opened := make(chan openedLine, 1)
	go func() {
		line, err := openLine(path, mode)
		opened <- openedLine{line, err}
	}()
	select {
	case o := <-opened:
		if o.err != nil {
			return nil, &Error{serialReason(o.err), o.err}
		}
		return newSerialPort(o.line, path, mode.BaudRate), nil
	case <-ctx.Done():
		ended := make(chan struct{})
		leftBehind.add(path, ended)
		go func() {
			defer close(ended)
			if o := <-opened; o.err == nil {
				_ = o.line.Close() // nobody wants it any more
			}
		}()
		return nil, notOpened(ctx, path)
	}
}

// notOpened tells a deadline that passed from somebody who no longer waits.
func notOpened(ctx context.Context, path string) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Error{devices.TimedOut, fmt.Errorf("%w: %s does not open", ErrTimeout, path)}
	}
	return &Error{devices.Cancelled, context.Canceled}
}
