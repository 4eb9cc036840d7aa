package vdev_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"

	"veratill/packaging/usblab/vdev"
	"veratill/packaging/usblab/wire"
)

// The kernel's numbers, as a host hears them.
const (
	stall   = -32
	babble  = -75
	back    = -104
	quickly = 50 * time.Millisecond
)

// device is one with bulk OUT 0x01 and IN 0x82, packets of 64 bytes.
func device() *vdev.Device {
	return vdev.New(vdev.Identity{Vendor: 1, Product: 2, Maker: "Müller", Serial: "7", Speed: vdev.Full}, 1,
		vdev.Interface(0, 2, 7, 1, 2), vdev.Bulk(0x01, 64), vdev.Bulk(0x82, 64))
}

// collector takes packets into memory.
type collector struct{ packets chan []byte }

func collect(d *vdev.Device) *collector {
	c := &collector{make(chan []byte, 1000)}
	d.Out = func(_ context.Context, _ uint8, b []byte) error {
		c.packets <- bytes.Clone(b)
		return nil
	}
	return c
}

func (c *collector) all() []byte {
	var b []byte
	for len(c.packets) > 0 {
		b = append(b, <-c.packets...)
	}
	return b
}

func TestDescriptors(t *testing.T) {
	d := device()
	h := wire.Connect(t, d)
	get := func(value uint16, length uint16) wire.Reply {
		return h.Control(t, vdev.Setup{RequestType: 0x80, Request: 6, Value: value, Length: length}, nil)
	}
	if r := get(0x0100, 8); r.Status != 0 || !bytes.Equal(r.Bytes, d.Descriptor[:8]) {
		t.Errorf("the first 8 bytes of the device are %+v", r)
	}
	if r := get(0x0200, 255); !bytes.Equal(r.Bytes, d.Config) || int(r.Bytes[2]) != len(d.Config) {
		t.Errorf("the configuration is %+v", r)
	}
	if r := get(0x0301, 255); !bytes.Equal(r.Bytes, []byte("\x0e\x03M\x00\xfc\x00l\x00l\x00e\x00r\x00")) {
		t.Errorf("the maker is % x", r.Bytes)
	}
	if r := get(0x0303, 255); r.Status != stall {
		t.Errorf("a string that is not there: %+v", r)
	}
	ctx, cancel := context.WithTimeout(context.Background(), quickly)
	defer cancel()
	if err := d.WaitConfigured(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("configured by nobody: %v", err)
	}
	h.Control(t, vdev.Setup{Request: 9, Value: 1}, nil)
	if err := d.WaitConfigured(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestOutIsCutIntoPacketsInOrder(t *testing.T) {
	d := device()
	c := collect(d)
	h := wire.Connect(t, d)
	job := make([]byte, 150)
	for i := range job {
		job[i] = byte(i)
	}
	first, second := h.Submit(t, 1, job, 0), h.Submit(t, 1, []byte("second"), 0)
	for _, want := range []uint32{first, second} {
		if r := h.Reply(t); r.Seq != want || r.Status != 0 {
			t.Errorf("reply %+v, not to %d", r, want)
		}
	}
	for _, want := range []int{64, 64, 22, 6} {
		if b := <-c.packets; len(b) != want {
			t.Errorf("a packet of %d bytes, not %d", len(b), want)
		}
	}
	if d.Taken() != 156 {
		t.Errorf("%d bytes taken", d.Taken())
	}
}

// A transfer that is taken back in the middle says how much of it the device has.
func TestTakenBackInTheMiddle(t *testing.T) {
	d := device()
	n := 0
	d.Out = func(ctx context.Context, _ uint8, _ []byte) error {
		if n++; n > 2 {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	h := wire.Connect(t, d)
	active, waiting := h.Submit(t, 1, make([]byte, 300), 0), h.Submit(t, 1, make([]byte, 10), 0)
	h.Quiet(t, quickly)
	u := h.Unlink(t, waiting)
	if r := h.Reply(t); r.Kind != wire.Unlinked || r.Seq != u || r.Status != back {
		t.Errorf("the one that waited: %+v", r)
	}
	u = h.Unlink(t, active)
	if r := h.Reply(t); r.Kind != wire.Submitted || r.Seq != active || r.Status != back || r.Actual != 128 {
		t.Errorf("the one under way: %+v", r)
	}
	if r := h.Reply(t); r.Kind != wire.Unlinked || r.Seq != u || r.Status != 0 {
		t.Errorf("its unlink: %+v", r)
	}
	if d.Taken() != 128 {
		t.Errorf("%d bytes taken", d.Taken())
	}
	u = h.Unlink(t, active)
	if r := h.Reply(t); r.Kind != wire.Unlinked || r.Seq != u || r.Status != 0 {
		t.Errorf("an unlink that came too late: %+v", r)
	}
}

func TestInEndsWithAShortPacketOrAFullBuffer(t *testing.T) {
	d := device()
	h := wire.Connect(t, d)
	send := func(n int) {
		t.Helper()
		if err := d.Send(0x82, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
	}
	send(100)
	if r := h.Read(t, 0x82, 1024); r.Actual != 100 {
		t.Errorf("a short packet: %+v", r)
	}
	send(128)
	if r := h.Read(t, 0x82, 64); r.Actual != 64 || r.Status != 0 {
		t.Errorf("a full buffer: %+v", r)
	}
	// Whole packets do not end a transfer with room: it is taken back, and has them.
	seq := h.Submit(t, 0x82, nil, 1024)
	h.Quiet(t, quickly)
	h.Unlink(t, seq)
	if r := h.Reply(t); r.Seq != seq || r.Actual != 64 || r.Status != back {
		t.Errorf("taken back: %+v", r)
	}
	h.Reply(t)
	send(64)
	send(0)
	if r := h.Read(t, 0x82, 1024); r.Actual != 64 || r.Status != 0 {
		t.Errorf("ended by an empty packet: %+v", r)
	}
}

func TestBabble(t *testing.T) {
	d := device()
	h := wire.Connect(t, d)
	if err := errors.Join(d.Send(0x82, make([]byte, 20)), d.Babble(0x82)); err != nil {
		t.Fatal(err)
	}
	if r := h.Read(t, 0x82, 16); r.Status != babble || r.Actual != 16 {
		t.Errorf("a packet that is larger than the buffer: %+v", r)
	}
	if r := h.Read(t, 0x82, 64); r.Status != babble {
		t.Errorf("babble: %+v", r)
	}
}

func TestStallLastsUntilItIsCleared(t *testing.T) {
	d := device()
	c := collect(d)
	h := wire.Connect(t, d)
	if err := d.Halt(0x01); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r := h.Write(t, 1, []byte("x")); r.Status != stall || r.Actual != 0 {
			t.Errorf("halted: %+v", r)
		}
	}
	if r := h.Control(t, vdev.Setup{RequestType: 0x82, Index: 1, Length: 2}, nil); !bytes.Equal(r.Bytes, []byte{1, 0}) {
		t.Errorf("the endpoint's status: %+v", r)
	}
	h.Control(t, vdev.Setup{RequestType: 2, Request: 1, Index: 1}, nil)
	if r := h.Write(t, 1, []byte("x")); r.Status != 0 || string(c.all()) != "x" {
		t.Errorf("cleared: %+v", r)
	}
	d.Refuse(func(s vdev.Setup) bool { return s.Request == 6 })
	if r := h.Control(t, vdev.Setup{RequestType: 0x80, Request: 6, Value: 0x0100, Length: 18}, nil); r.Status != stall {
		t.Errorf("refused: %+v", r)
	}
}

func TestNakHoldsOneEndpointOnly(t *testing.T) {
	d := device()
	c := collect(d)
	h := wire.Connect(t, d)
	d.Nak(0x01, true)
	held := h.Submit(t, 1, []byte("held"), 0)
	h.Quiet(t, quickly)
	if err := d.Send(0x82, []byte("y")); err != nil {
		t.Fatal(err)
	}
	if r := h.Read(t, 0x82, 64); string(r.Bytes) != "y" {
		t.Errorf("the other endpoint: %+v", r)
	}
	d.Nak(0x01, false)
	if r := h.Reply(t); r.Seq != held || r.Actual != 4 || string(c.all()) != "held" {
		t.Errorf("afterwards: %+v", r)
	}
}

func TestPullAfterAnyByte(t *testing.T) {
	for _, n := range []int{0, 1, 2, 63, 64, 65, 127, 128, 129, 130, 131, 150, 193, 194, 195, 199} {
		d := device()
		c := collect(d)
		h := wire.Connect(t, d)
		d.PullAfter(n)
		h.Submit(t, 1, make([]byte, 130), 0)
		h.Submit(t, 1, make([]byte, 70), 0)
		h.Gone(t)
		d.Disconnect()
		if got := len(c.all()); got != n || d.Taken() != int64(n) {
			t.Fatalf("pulled after %d bytes, it has %d and counts %d", n, got, d.Taken())
		}
		if err := d.Send(0x82, nil); !errors.Is(err, vdev.ErrUnplugged) {
			t.Fatalf("sent without a cable: %v", err)
		}
	}
}

// A control request under way gets an answer when the cable goes; nothing else does.
func TestFarewell(t *testing.T) {
	d := device()
	d.Control = func(vdev.Setup, []byte) ([]byte, bool) {
		go d.Disconnect()
		<-d.Pulled()
		return nil, true
	}
	h := wire.Connect(t, d)
	h.Submit(t, 0x82, nil, 64)
	h.Quiet(t, quickly)
	if r := h.Control(t, vdev.Setup{RequestType: 0xC0, Length: 1}, nil); r.Status != -71 {
		t.Errorf("asked as the cable went: %+v", r)
	}
	h.Gone(t)
}

func TestEverythingIsBounded(t *testing.T) {
	d := device()
	h := wire.Connect(t, d)
	if err := d.Send(0x82, make([]byte, 256<<10)); err != nil {
		t.Fatal(err)
	}
	if err := d.Send(0x82, []byte("x")); !errors.Is(err, vdev.ErrFull) {
		t.Errorf("more than the queue holds: %v", err)
	}
	if err := d.Send(0x83, nil); !errors.Is(err, vdev.ErrEndpoint) {
		t.Errorf("an endpoint that is not there: %v", err)
	}
	if r := h.Read(t, 0x85, 8); r.Status != stall {
		t.Errorf("a host that asks an endpoint that is not there: %+v", r)
	}
	h.Submit(t, 0x82, nil, 17<<20) // more than a host may ask for
	h.Gone(t)
}

func TestABadConfiguration(t *testing.T) {
	for _, config := range [][]byte{nil, {9, 2, 9}, {9, 2, 9, 0, 1, 1, 0, 0x80, 50, 0}, {9, 2, 9, 0, 1, 1, 0, 0x80, 50, 7, 5, 1}, append(device().Config, vdev.Bulk(3, 0)...)} {
		d := device()
		d.Config = config
		here, there := net.Pipe()
		if err := d.Connect(there); err == nil {
			t.Errorf("% x is a configuration", config)
			d.Disconnect()
		}
		here.Close()
		there.Close()
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	d := device()
	d.Out = func(ctx context.Context, _ uint8, _ []byte) error { <-ctx.Done(); return ctx.Err() }
	d.Session = func(ctx context.Context) { <-ctx.Done() }
	for range 50 {
		t.Run("", func(t *testing.T) {
			h := wire.Connect(t, d)
			h.Submit(t, 1, make([]byte, 1000), 0)
			h.Submit(t, 0x82, nil, 64)
			d.Disconnect()
		})
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, and %d before", runtime.NumGoroutine(), before)
		}
	}
}
