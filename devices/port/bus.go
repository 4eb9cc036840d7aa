package port

import (
	"context"
	"io"
)

// Pipe is one of the ways into or out of a claimed USB interface.
type Pipe uint8

// The pipes that devices of a till have, beside the control requests.
const (
	BulkOut Pipe = iota
	BulkIn
	InterruptIn
)

var pipeNames = [...]string{"bulk out", "bulk in", "interrupt"}

// String is the pipe's name in transcripts.
func (p Pipe) String() string {
	if int(p) < len(pipeNames) {
		return pipeNames[p]
	}
	return "no pipe"
}

// Classes of interfaces, as the USB Implementers Forum numbers them.
const (
	ClassHID       = 0x03
	ClassPrinter   = 0x07
	ClassSmartCard = 0x0B
)

// Setup is the head of a control request: USB 2.0, table 9-2.
type Setup struct {
	RequestType, Request uint8
	Value, Index         uint16
}

// In reports whether the data of the request come from the device.
func (s Setup) In() bool { return s.RequestType&0x80 != 0 }

// Descriptor is what a device says of itself and of the interface that is claimed.
type Descriptor struct {
	Vendor, Product      uint16
	Maker, Name          string // empty where it says nothing
	SerialNumber         string
	Interface            int // its number
	Class, Sub, Protocol uint8
	// Sizes are the packet sizes in bytes of the pipes, by Pipe; 0 is a pipe that it has not.
	Sizes [3]int
	// Extra are the descriptors of its class that stand behind the interface's own: HID, CCID.
	Extra []byte
	// Report is the report descriptor of a HID interface where the system shows it without a
	// question to the device: in lists on Linux. A driver asks the device.
	Report []byte
}

// USB is one claimed interface of a device on the bus. Reads of different pipes, writes and
// control requests may be under way at once, each pipe from one goroutine. Everything ends
// when ctx does, at Close and when the device is pulled out. Errors are *Error, with Unplugged,
// Refused (a stall), TimedOut or Cancelled (by ctx), Closed or Interrupted.
type USB interface {
	Descriptor() Descriptor
	// Control makes one request; data is sent, or filled. n is how much of it.
	Control(ctx context.Context, s Setup, data []byte) (n int, err error)
	// Read takes one transfer from BulkIn or InterruptIn. b has to be of the report's or
	// packet's size: a larger buffer is not ended by a report that fills whole packets.
	Read(ctx context.Context, from Pipe, b []byte) (n int, err error)
	// Write sends b through BulkOut. n is how many bytes the device may have taken, also with an
	// error: exact, and after an unplug never too few.
	Write(ctx context.Context, b []byte) (n int, err error)
	// Close gives the interface back, to the system's own driver where it had one. It may be
	// called from any goroutine, and twice.
	io.Closer
}
