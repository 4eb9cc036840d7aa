package reader

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

var errPulled = errors.New("pulled out")

// fakeUSB is a device on the bus. What it sends is put into its pipes; unplug ends everything.
type fakeUSB struct {
	about   port.Descriptor
	report  []byte // its report descriptor
	stalls  bool   // on GET_DESCRIPTOR
	pipes   [3]chan []byte
	onWrite func(b []byte) error
	dry     bool // it is unplugged when it has nothing more to send

	mu     sync.Mutex
	cut    int // bytes of a transfer that come through when the plug is pulled; -1 is all well
	gone   chan struct{}
	closed chan struct{}
	once   sync.Once
	pulled sync.Once
}

func newFakeUSB(d port.Descriptor) *fakeUSB {
	f := &fakeUSB{about: d, cut: -1, gone: make(chan struct{}), closed: make(chan struct{})}
	for i := range f.pipes {
		f.pipes[i] = make(chan []byte, 1024)
	}
	return f
}

func (f *fakeUSB) Descriptor() port.Descriptor { return f.about }

func (f *fakeUSB) unplug() { f.pulled.Do(func() { close(f.gone) }) }

// state is the error that every operation gives when the device is gone or given back.
func (f *fakeUSB) state() error {
	select {
	case <-f.closed:
		return &port.Error{Reason: devices.Closed, Err: port.ErrClosed}
	default:
	}
	select {
	case <-f.gone:
		return &port.Error{Reason: devices.Unplugged, Err: errPulled}
	default:
		return nil
	}
}

func (f *fakeUSB) Control(_ context.Context, s port.Setup, b []byte) (int, error) {
	if err := f.state(); err != nil {
		return 0, err
	}
	if f.stalls || s != (port.Setup{RequestType: 0x81, Request: 6, Value: 0x2200, Index: uint16(f.about.Interface)}) {
		return 0, &port.Error{Reason: devices.Refused, Err: errPulled}
	}
	return copy(b, f.report), nil
}

func (f *fakeUSB) Read(ctx context.Context, from port.Pipe, b []byte) (int, error) {
	if f.dry && len(f.pipes[from]) == 0 {
		f.unplug()
	}
	if err := f.state(); err != nil {
		return 0, err
	}
	select {
	case x := <-f.pipes[from]:
		f.mu.Lock()
		cut := f.cut
		f.mu.Unlock()
		if cut >= 0 {
			f.unplug()
			return copy(b, x[:min(cut, len(x))]), &port.Error{Reason: devices.Unplugged, Err: errPulled}
		}
		if len(x) > len(b) {
			return len(b), &port.Error{Reason: devices.Interrupted, Err: errors.New("overflow")}
		}
		return copy(b, x), nil
	case <-f.gone:
		return 0, &port.Error{Reason: devices.Unplugged, Err: errPulled}
	case <-f.closed:
		return 0, &port.Error{Reason: devices.Closed, Err: port.ErrClosed}
	case <-ctx.Done():
		return 0, &port.Error{Reason: devices.Cancelled, Err: ctx.Err()}
	}
}

func (f *fakeUSB) Write(_ context.Context, b []byte) (int, error) {
	if err := f.state(); err != nil {
		return 0, err
	}
	if f.onWrite != nil {
		if err := f.onWrite(b); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

func (f *fakeUSB) Close() error {
	f.once.Do(func() { close(f.closed) })
	return nil
}

// fakeReader is a chip reader with a card behind fakeUSB.
type fakeReader struct {
	*fakeUSB
	mu       sync.Mutex
	in       bool
	powered  bool
	atr      []byte
	card     func(apdu []byte) []byte // nil answer: mute
	volts    byte                     // the only bPowerSelect that works, 0 is any
	seen     []byte                   // kinds of messages, with bPowerSelect behind a power on
	blocks   int
	pullAt   int  // the block at which the card is pulled, counted from 1; 0 never
	tells    bool // by an answer that there is no card; otherwise by the notice alone
	stale    bool // sends an answer to something else first
	slow     int  // time extensions before each answer
	chain    int  // bytes of an answer in one message, 0 is all
	protocol byte
	rest     []byte
	nonsense func(m []byte) []byte
}

const allAutomatic = autoConfigure | autoVoltage | autoNegotiate | autoPPS

// ccidExtra is the functional descriptor of a reader.
func ccidExtra(features uint32, longest uint32) []byte {
	b := make([]byte, ccidDescriptorLength)
	b[0], b[1], b[5] = ccidDescriptorLength, 0x21, 7
	binary.LittleEndian.PutUint32(b[6:], 3)
	binary.LittleEndian.PutUint32(b[40:], features)
	binary.LittleEndian.PutUint32(b[44:], longest)
	return b
}

func newFakeReader(features uint32, card func([]byte) []byte) *fakeReader {
	d := port.Descriptor{Vendor: 0x08E6, Product: 0x4433, Class: port.ClassSmartCard, Sizes: [3]int{64, 64, 8}, Extra: ccidExtra(features, 271)}
	f := &fakeReader{fakeUSB: newFakeUSB(d), in: true, atr: []byte{0x3B, 0x00}, card: card, tells: true}
	f.onWrite = f.take
	return f
}

func (f *fakeReader) insert(in bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set(in)
}

func (f *fakeReader) set(in bool) {
	f.in, f.powered = in, false
	if f.about.Sizes[port.InterruptIn] > 0 {
		f.pipes[port.InterruptIn] <- []byte{slotChange, map[bool]byte{true: 3, false: 2}[in]}
	}
}

// send puts a message into the pipe, in packets.
func (f *fakeReader) send(kind, seq, status, fault, extra byte, data []byte) {
	m := make([]byte, ccidHead, ccidHead+len(data))
	m[0], m[6], m[7], m[8], m[9] = kind, seq, status, fault, extra
	binary.LittleEndian.PutUint32(m[1:], uint32(len(data)))
	m = append(m, data...)
	if f.nonsense != nil {
		m = f.nonsense(m)
	}
	for len(m) > 64 {
		f.pipes[port.BulkIn] <- m[:64]
		m = m[64:]
	}
	f.pipes[port.BulkIn] <- m
	if len(m) == 64 && seq%2 == 0 { // some send an empty packet behind a full one
		f.pipes[port.BulkIn] <- nil
	}
}

func (f *fakeReader) take(b []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(b) < ccidHead || int(binary.LittleEndian.Uint32(b[1:])) != len(b)-ccidHead {
		return &port.Error{Reason: devices.Refused, Err: errPulled}
	}
	kind, seq := b[0], b[6]
	f.seen = append(f.seen, kind)
	if f.stale {
		f.send(dataBlock, seq-1, 0, 0, 0, []byte{0x6F, 0x00})
		f.pipes[port.BulkIn] <- []byte{1, 2, 3}
	}
	if kind == xfrBlock {
		if f.blocks++; f.blocks == f.pullAt {
			f.set(false)
			if !f.tells {
				return nil
			}
		}
	}
	for range f.slow {
		f.send(answerTo(kind), seq, 0x80, 1, 0, nil)
	}
	status := byte(0)
	switch {
	case !f.in:
		status = 2
	case !f.powered:
		status = 1
	}
	if !f.in && kind != getSlotStatus && kind != iccPowerOff {
		f.send(answerTo(kind), seq, 0x42, 0xFE, 0, nil)
		return nil
	}
	switch kind {
	case iccPowerOn:
		f.seen = append(f.seen, b[7])
		if f.card == nil || f.volts != 0 && b[7] != f.volts {
			f.send(dataBlock, seq, 0x41, 0xFE, 0, nil)
			return nil
		}
		f.powered = true
		f.send(dataBlock, seq, 0, 0, 0, f.atr)
	case iccPowerOff:
		f.powered = false
		f.send(slotStatus, seq, max(status, 1), 0, 0, nil)
	case getParameters, setParameters:
		f.send(parameters, seq, 0, 0, f.protocol, b[ccidHead:])
	case xfrBlock:
		f.block(b, seq)
	default:
		f.send(slotStatus, seq, status, 0, 0, nil)
	}
	return nil
}

func (f *fakeReader) block(b []byte, seq byte) {
	answer, extra := f.rest, byte(3)
	if b[8] != 0x10 {
		answer, extra = f.card(b[ccidHead:]), 1
		if answer == nil {
			f.send(dataBlock, seq, 0x40, 0xFE, 0, nil)
			return
		}
	}
	if f.chain > 0 && len(answer) > f.chain {
		f.rest = answer[f.chain:]
		f.send(dataBlock, seq, 0, 0, extra, answer[:f.chain])
		return
	}
	if extra--; b[8] == 0x10 {
		extra = 2
	}
	f.send(dataBlock, seq, 0, 0, extra, answer)
}

// stand is where devices are plugged in.
type stand struct {
	mu    sync.Mutex
	usb   port.USB
	tries int
	err   error
}

func (s *stand) plug(u port.USB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.usb = u
}

func (s *stand) open(ctx context.Context, _ devices.URL, want func(port.Descriptor) bool) (port.USB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.err != nil {
		return nil, s.err
	}
	if s.usb == nil || !want(s.usb.Descriptor()) {
		return nil, &port.Error{Reason: devices.Unplugged, Err: errPulled}
	}
	return s.usb, ctx.Err()
}

var usbURL = devices.URL{Scheme: devices.USB, Vendor: 0x0801, Product: 2, Interface: devices.Any}

// driverOn opens a driver on a stand, and checks at the end that nothing of it is left.
func driverOn(t *testing.T, s *stand) *Driver {
	t.Helper()
	r, err := Open(usbURL, s.open, Window{})
	if err != nil {
		t.Fatal(err)
	}
	d := r.(*Driver)
	t.Cleanup(func() {
		_ = d.Close()
		select {
		case <-d.ended:
		default:
			t.Error("the loop goes on after Close")
		}
	})
	return d
}

// reading starts a Read.
func reading(t *testing.T, r Reader) <-chan result {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	got := make(chan result, 1)
	go func() {
		c, err := r.Read(ctx)
		got <- result{c, err}
	}()
	switch r := r.(type) {
	case *Driver:
		soon(t, "a Read waits", func() bool { return r.hand.wants() || len(got) > 0 })
	case *Wedge:
		soon(t, "a Read waits", r.hand.wants)
	}
	return got
}

func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not within 5 s: ", what)
		}
	}
}

func came(t *testing.T, got <-chan result) (Card, error) {
	t.Helper()
	select {
	case r := <-got:
		return r.card, r.err
	case <-time.After(10 * time.Second):
		t.Fatal("Read hangs")
		return Card{}, nil
	}
}

func codeIs(t *testing.T, err error, want Code) {
	t.Helper()
	if CodeOf(err) != want {
		t.Errorf("%v is not %q", err, want)
	}
}

// lines gathers lines from any goroutine.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (s *lines) add(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, line)
}

func (s *lines) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.text, ", ")
}
