package models

import (
	"context"
	"encoding/binary"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"veratill/devices/printer"
	"veratill/packaging/usblab/vdev"
)

// Printer is an ESC/POS printer of the USB printer class (USB Device Class Definition for Printing
// Devices 1.1), bidirectional: bulk OUT 0x01, bulk IN 0x82. Behind it is Emulator: its condition,
// its paper and its traits.
type Printer struct {
	*vdev.Device
	Emulator *printer.Emulator
	// DeviceID is the IEEE 1284 string without its length. Set it before Plug.
	DeviceID string

	mu      sync.Mutex
	feeding sync.Mutex // keeps what is fed in order
	late    bool
	lag     time.Duration
	held    bool
	buffer  []byte // taken and not shown to the emulator; late printers only

	attached atomic.Bool // the emulator has its way back
}

// Buffers in bytes. The first is the emulator's, beyond which a printer that cannot print takes
// nothing more; the second that of a late printer.
const (
	receiveBuffer = 64 << 10
	LateBuffer    = 1 << 20
)

// FullPrinter is an Epson TM of model TM-T88V (04b8:0202), serial number VERATILL01, which answers
// everything. packetSize is 64 (full speed) or 512 bytes (high speed).
func FullPrinter(packetSize uint16) *Printer {
	return newPrinter(vdev.Identity{Vendor: 0x04B8, Product: 0x0202, Maker: "EPSON", Name: "TM-T88V", Serial: "VERATILL01"},
		packetSize, printer.Traits{}, "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;")
}

// ClonePrinter (0416:5011) says in its 1284 string and on GS I that it is an EPSON TM-T88V, and has
// neither the proof of GS ( H nor automatic status, nor a serial number of its own.
func ClonePrinter(packetSize uint16) *Printer {
	return newPrinter(vdev.Identity{Vendor: 0x0416, Product: 0x5011, Maker: "STMicroelectronics", Name: "POS58 Printer USB"},
		packetSize, printer.Traits{NoProcessID: true, NoAuto: true}, "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;")
}

// LatePrinter takes a job into a buffer of LateBuffer bytes as fast as the bus allows, and looks at
// it lag later; or at Release, after Hold. So a host has sent everything long before paper runs
// out, and what it asks is answered late. It is FullPrinter otherwise.
func LatePrinter(packetSize uint16, lag time.Duration) *Printer {
	p := FullPrinter(packetSize)
	p.late, p.lag = true, lag
	return p
}

func newPrinter(id vdev.Identity, size uint16, traits printer.Traits, deviceID string) *Printer {
	id.Speed = speedOf(size)
	p := &Printer{Emulator: printer.NewEmulator(traits), DeviceID: deviceID}
	p.Device = vdev.New(id, 1, vdev.Interface(0, 2, classPrinter, 1, 2), vdev.Bulk(OutEndpoint, size), vdev.Bulk(InEndpoint, size))
	p.Device.Control = p.control
	p.Device.Out = p.take
	p.Device.Session = func(ctx context.Context) {
		defer p.attached.Store(false)
		_ = p.Emulator.Attach(ctx, &wayBack{ctx, p.Device, &p.attached})
	}
	return p
}

// control answers GET_DEVICE_ID, GET_PORT_STATUS and SOFT_RESET (Printing Devices 1.1, 4.2).
func (p *Printer) control(s vdev.Setup, _ []byte) ([]byte, bool) {
	switch {
	case s.RequestType == 0xA1 && s.Request == 0:
		b := binary.BigEndian.AppendUint16(nil, uint16(len(p.DeviceID)+2))
		return append(b, p.DeviceID...), true
	case s.RequestType == 0xA1 && s.Request == 1:
		return []byte{p.portStatus()}, true
	case s.Request == 2 && (s.RequestType == 0x21 || s.RequestType == 0x23): // 1.0 had it with the other recipient
		p.mu.Lock()
		p.buffer = nil
		p.mu.Unlock()
		return nil, true
	}
	return nil, false
}

// Bits of the port status.
const (
	notError   = 0x08
	selected   = 0x10
	paperEmpty = 0x20
)

func (p *Printer) portStatus() byte {
	c := p.Emulator.Condition()
	status := byte(notError | selected)
	if c.PaperOut {
		status |= paperEmpty
		status &^= notError
	}
	if c.CoverOpen || c.CutterError {
		status &^= notError
	}
	if c.Offline {
		status &^= selected
	}
	return status
}

// take is the printer's receive buffer: full, it lets the host wait.
func (p *Printer) take(ctx context.Context, _ uint8, packet []byte) error {
	for !p.attached.Load() || p.full() { // what it answered before it has a way back would be lost
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p.mu.Lock()
	if !p.late {
		p.mu.Unlock()
		p.Emulator.Receive(packet)
		return nil
	}
	first := len(p.buffer) == 0
	p.buffer = append(p.buffer, packet...)
	p.mu.Unlock()
	if first {
		time.AfterFunc(p.lag, p.feed)
	}
	return nil
}

func (p *Printer) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.late {
		return len(p.buffer)+p.Emulator.Waiting() > LateBuffer
	}
	return p.Emulator.Waiting() > receiveBuffer
}

// feed shows the emulator what a late printer has.
func (p *Printer) feed() {
	p.feeding.Lock()
	defer p.feeding.Unlock()
	p.mu.Lock()
	var b []byte
	if !p.held {
		b, p.buffer = p.buffer, nil
	}
	p.mu.Unlock()
	p.Emulator.Receive(b)
}

// Hold keeps a late printer from looking at what it takes, until Release.
func (p *Printer) Hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = true
}

// Release lets a late printer work off what it holds. It returns when that is done, or as far as
// the paper goes; the cable need not be in.
func (p *Printer) Release() {
	p.mu.Lock()
	p.held = false
	p.mu.Unlock()
	p.feed()
}

// Held is how many bytes a late printer has taken and not looked at.
func (p *Printer) Held() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.buffer)
}

// wayBack carries the emulator's answers to the host. What the emulator reads it gets from take.
type wayBack struct {
	ctx      context.Context
	d        *vdev.Device
	attached *atomic.Bool
}

// Read is where the emulator waits once it can answer.
func (w *wayBack) Read([]byte) (int, error) {
	w.attached.Store(true)
	<-w.ctx.Done()
	return 0, io.EOF
}

// Write loses what a host does not fetch, as a printer does.
func (w *wayBack) Write(b []byte) (int, error) {
	_ = w.d.Send(InEndpoint, b)
	return len(b), nil
}

func (w *wayBack) Close() error { return nil }
