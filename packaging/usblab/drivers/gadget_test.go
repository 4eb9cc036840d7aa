package drivers

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/packaging/usblab/gadget"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
)

// The till's drivers against the kernel's own devices, which share no line of code with those of
// package vdev.

// taken gives a gadget that is taken apart when the test ends.
func taken(t testing.TB, g *gadget.Gadget, err error) *gadget.Gadget {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Remove(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// cable is the device's end of a gadget. It can be pulled at a byte.
type cable struct {
	*os.File
	left atomic.Int64 // bytes until somebody pulls it
	pull func() error
	out  chan error // what pulling it said
}

func (c *cable) Read(b []byte) (int, error) {
	n, err := c.File.Read(b[:min(int64(len(b)), c.left.Load())])
	if c.left.Add(int64(-n)) <= 0 {
		c.out <- c.pull()
		return n, io.EOF
	}
	return n, err
}

// counter is a printer behind a gadget that is plugged in again and again.
type counter struct {
	t     testing.TB
	g     *gadget.Gadget
	join  func() *os.File // opens the gadget's file and plugs it in, in the order that it needs, until the kernel has it
	e     *printer.Emulator
	paper *roll
	d     *printer.Driver
	cable *cable
	mu    sync.Mutex
	began time.Time // when the cable was plugged in
	back  []time.Duration
	ended chan struct{} // closed when the printer has worked off what came over this cable
}

func newCounter(t testing.TB, g *gadget.Gadget, at string, join func() *os.File) *counter {
	c := &counter{t: t, g: g, join: join, e: printer.NewEmulator(printer.Traits{}), paper: &roll{papers: make(chan []byte, 1000)}}
	c.e.OnPaper(func(p printer.Paper) { c.paper.papers <- append([]byte(nil), p.Bytes...) })
	d, err := printer.Open(address(t, at), printer.Config{})
	if err != nil {
		t.Fatal(err)
	}
	c.d = d
	d.Watch(func(s devices.Status) {
		t.Logf("%v after the plug: %s %s %s", time.Since(c.plugged()).Round(time.Millisecond), s.Health, s.Reason, s.Detail)
	})
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); _ = d.Close() })
	go port.Watch(ctx, d.Kick)
	return c
}

// plug plugs the cable in, and holds the driver to its time when it was out.
func (c *counter) plug() {
	c.t.Helper()
	far := c.join()
	begun := time.Now() // the kernel has it now
	c.mu.Lock()
	c.began = begun
	c.mu.Unlock()
	c.cable = &cable{File: far, pull: c.g.Unplug, out: make(chan error, 1)}
	c.cable.left.Store(1 << 40)
	c.ended = make(chan struct{})
	go func(to *cable, ended chan<- struct{}) {
		defer close(ended)
		_ = c.e.Attach(context.Background(), to) // how the cable went is asked of pull
	}(c.cable, c.ended)
	ready(c.t, c.d)
	took := time.Since(begun)
	if c.back = append(c.back, took); took > backWithin+slack {
		c.t.Errorf("in use after %v", took)
	}
}

func (c *counter) plugged() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.began
}

// times are how long it took to be in use, in the middle and at most, in milliseconds.
func (c *counter) times() (middle, most int64) {
	all := slices.Sorted(slices.Values(c.back))
	return all[len(all)/2].Milliseconds(), all[len(all)-1].Milliseconds()
}

// unplug pulls the cable while nothing moves.
func (c *counter) unplug() {
	c.t.Helper()
	if err := c.g.Unplug(); err != nil {
		c.t.Fatal(err)
	}
	c.gone()
}

// gone waits until the printer and the driver know that the cable is out.
func (c *counter) gone() {
	c.t.Helper()
	guest.Within(c.t, "the printer's end", func() { <-c.ended })
	guest.Wait(c.t, "word that it is unplugged", func() bool {
		switch c.d.Status().Reason {
		case devices.Unplugged, devices.PortMissing:
			return true
		}
		return false
	})
}

// prints holds a job to its paper and to the best proof. An emulated machine that is busy may answer what a driver
// asks of a new connection a moment too late for it to count on a proof: then the next connection has to.
func (c *counter) prints(id uint32, job []byte) {
	c.t.Helper()
	c.paper.cut()
	r := c.d.Print(context.Background(), printer.Job{ID: id, Bytes: job})
	if r.Outcome == printer.Unknown && r.Reason == devices.NoAnswer {
		c.t.Logf("job %d: %+v; once more", id, r)
		if !r.Cleared { // else it is not to come out
			guest.Wait(c.t, "its paper", func() bool { return bytes.Equal(c.paper.last(), job) })
		}
		if err := c.d.Reconnect(context.Background()); err != nil {
			c.t.Fatal(err)
		}
		r = c.d.Print(context.Background(), printer.Job{ID: id + 1000, Bytes: job})
	}
	if r.Outcome != printer.Printed || r.Proof != printer.ByProcessID {
		c.t.Fatalf("job %d: %+v", id, r)
	}
	if got := c.paper.last(); !bytes.Equal(got, job) {
		c.t.Fatalf("job %d: the last paper is not the job: %q", id, got)
	}
}

// last is the last paper that was cut off since the last call; nil where there is none.
func (r *roll) last() []byte {
	all := r.cut()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// pulledAt prints a job whose cable is pulled after so many bytes, and holds the report to what came.
func (c *counter) pulledAt(at int, id uint32, job []byte) printer.Report {
	c.t.Helper()
	c.paper.cut()
	settled := c.e.Received()
	for quietSince := time.Now(); time.Since(quietSince) < 50*time.Millisecond; time.Sleep(5 * time.Millisecond) {
		if now := c.e.Received(); now != settled { // the end of a probe
			settled, quietSince = now, time.Now()
		}
	}
	c.cable.left.Store(int64(at))
	r := c.d.Print(context.Background(), printer.Job{ID: id, Bytes: job, Timeout: 3 * time.Second})
	select {
	case err := <-c.cable.out:
		if err != nil {
			c.t.Fatal(err)
		}
		c.gone()
	default: // all of the job went before the cable did
		c.unplug()
	}
	came := min(c.e.Received()-settled, len(job))
	papers := c.paper.cut()
	whole := len(papers) > 0 && bytes.Equal(papers[0], job)
	switch {
	case r.Outcome == printer.Printed && !whole:
		c.t.Fatalf("pulled after %d bytes: said to be printed, and is not: %+v", at, r)
	case r.BytesSent < came:
		c.t.Fatalf("pulled after %d bytes: %d said, %d came", at, r.BytesSent, came)
	case r.Outcome == printer.NotPrinted && came > 0:
		c.t.Fatalf("pulled after %d bytes: said not to be printed, and %d came: %+v", at, came, r)
	}
	return r
}

// rounds plugs in, prints, and pulls out: by turns while nothing moves and within a receipt.
func (c *counter) rounds(n int) {
	c.t.Helper()
	job := receipt(c.t)
	for i := range uint32(n) {
		c.plug()
		c.prints(2*i+1, job)
		if i%2 == 0 {
			c.unplug()
		} else {
			c.pulledAt(len(job)/2, 2*i+2, job)
		}
	}
	middle, most := c.times()
	c.t.Logf("in_use_ms: %d, %d at most, of %d", middle, most, n)
}

// The kernel's printer.
func TestGadgetPrinterPrints(t *testing.T) {
	guest.Require(t)
	id := gadget.Identity{Vendor: 0x04B8, Product: 0x0E15, Maker: "EPSON", Name: "TM-T20", Serial: "G1"}
	g, err := gadget.Printer("dummy_udc.0", id, "MFG:EPSON;MDL:TM-T20;CLS:PRINTER;")
	taken(t, g, err)
	newCounter(t, g, "usb:04b8:0e15?serial=G1", func() *os.File {
		if err := g.Plug(); err != nil {
			t.Fatal(err)
		}
		f, err := g.Open() // it has none before the host knows it
		if err != nil {
			t.Fatal(err)
		}
		return f
	}).rounds(4)
}

// magTekDescriptor is a report of 337 bytes on the vendor's page, usage 1, as MagTek's readers have it
// (manual 99875191).
var magTekDescriptor = []byte{0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
	0x09, 0x20, 0x96, models.MagTekReport & 0xFF, models.MagTekReport >> 8, 0x82, 0x02, 0x01, 0xC0}

// magTekSwipe is the report of a swipe: models.MagTek says how it is laid out.
func magTekSwipe() []byte {
	b := make([]byte, models.MagTekReport)
	b[3], b[4] = byte(len(track1)), byte(len(track2))
	copy(b[7:], track1)
	copy(b[7+110:], track2)
	return b
}

// The kernel's HID device, as a stripe reader. It is pulled out while a Read waits, which goes on waiting.
func TestGadgetReaderReads(t *testing.T) {
	guest.Require(t)
	id := gadget.Identity{Vendor: 0x0801, Product: 0x0002, Maker: "Mag-Tek", Name: "USB Swipe Reader", Serial: "G2"}
	g, err := gadget.HID("dummy_udc.1", id, magTekDescriptor, models.MagTekReport)
	taken(t, g, err)
	r := onCounter(t, "usb:0801:0002")
	swiped := begin(r, context.Background())
	for round := range 4 {
		if err := g.Plug(); err != nil {
			t.Fatal(err)
		}
		f, err := g.Open()
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now() // the kernel has it now
		attached(t, r)
		if took := time.Since(begun); took > backWithin+slack {
			t.Errorf("in use after %v", took)
		}
		if round%2 == 0 { // else it was only plugged in
			guest.Within(t, "the report", func() {
				if _, err := f.Write(magTekSwipe()); err != nil {
					t.Error(err)
				}
			})
			got := ended(t, "a swipe", backWithin, swiped)
			if got.err != nil || got.card.Masked() != masked {
				t.Fatalf("round %d: %v %v", round, got.card, got.err)
			}
			got.card.Zero()
			swiped = begin(r, context.Background())
		}
		if err := g.Unplug(); err != nil {
			t.Fatal(err)
		}
		guest.Wait(t, "word that it is unplugged", func() bool { return r.Status().Reason == devices.Unplugged })
		select {
		case got := <-swiped:
			t.Fatalf("round %d: nobody swiped: %v %v", round, got.card, got.err)
		default:
		}
	}
}

// modem is the kernel's serial line on the bus; /dev/ttyACM0 here at the till's end.
func modem(t testing.TB) *gadget.Gadget {
	t.Helper()
	g, err := gadget.Serial("dummy_udc.1", gadget.Identity{Vendor: 0x0525, Product: 0xA4A7, Maker: "M", Name: "G", Serial: "1"})
	return taken(t, g, err)
}

const modemAt = "serial:///dev/ttyACM0?baud=115200"

// farEnd opens the modem's line, raw. It is there before it is plugged in, and has to be raw then: it echoes
// otherwise.
func farEnd(t testing.TB, g *gadget.Gadget) *os.File {
	t.Helper()
	f, err := g.Open()
	if err != nil {
		t.Fatal(err)
	}
	way, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var said error
	err = way.Control(func(fd uintptr) {
		var tio *unix.Termios
		if tio, said = unix.IoctlGetTermios(int(fd), unix.TCGETS); said != nil {
			return
		}
		tio.Iflag, tio.Oflag, tio.Lflag = 0, 0, 0
		tio.Cc[unix.VMIN], tio.Cc[unix.VTIME] = 1, 0
		said = unix.IoctlSetTermios(int(fd), unix.TCSETS, tio)
	})
	if err != nil || said != nil {
		t.Fatal(err, said)
	}
	return f
}

func modemCounter(t testing.TB) *counter {
	g := modem(t)
	return newCounter(t, g, modemAt, func() *os.File {
		f := farEnd(t, g)
		if err := g.Plug(); err != nil {
			t.Fatal(err)
		}
		guest.File(t, "/dev/ttyACM0")
		return f
	})
}

// The kernel's serial line, with a printer at its far end.
func TestGadgetSerialPrints(t *testing.T) {
	guest.Require(t)
	modemCounter(t).rounds(4)
}
