package drivers

import (
	"bytes"
	"context"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/packaging/usblab/gadget"
	"veratill/packaging/usblab/guest"
)

// The cable of a serial adapter is pulled at every 64th byte of a receipt, as TestPulledAtEvery64Bytes does
// it to printers on the bus.
func TestSerialPulledAtEvery64Bytes(t *testing.T) {
	guest.Require(t)
	c := modemCounter(t)
	job := receipt(t)
	again := append([]byte("\x1b@COPY\n"), job[2:]...)
	outcomes := map[printer.Outcome]int{}
	c.plug()
	for at, id := 1, uint32(1); at < len(job)+64; at, id = at+64, id+2 {
		r := c.pulledAt(at, id, job)
		outcomes[r.Outcome]++
		c.plug()
		second := job
		if r.Outcome != printer.NotPrinted {
			second = again
		}
		c.prints(id+1, second)
	}
	middle, most := c.times()
	t.Logf("serial_pulled: %v, in_use_ms: %d, %d at most", outcomes, middle, most)
}

// unread gives a modem whose far end does not read, plugged in.
func unread(t testing.TB) *gadget.Gadget {
	t.Helper()
	g := modem(t)
	farEnd(t, g)
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	guest.File(t, "/dev/ttyACM0")
	return g
}

// openModem waits until the modem can be opened.
func openModem(t testing.TB) port.Port {
	t.Helper()
	p := opened(t, func() (port.Port, error) { return port.Open(context.Background(), address(t, modemAt)) })
	if p == nil {
		t.FailNow() // opened has said why
	}
	return p
}

// lineFull is more bytes than the kernel keeps for a modem at both ends together.
const lineFull = 1 << 20

// The far end reads nothing. A write ends in time, and so does Close, which the kernel would hold up for 30 s; the line
// is asked for again and again, and no more is held for that; when the cable is out nothing is.
func TestSerialFarEndReadsNothing(t *testing.T) {
	guest.Require(t)
	g := unread(t)
	_ = openModem(t).Close() // what is made once is made
	before := settledAt(t, holdings{})
	for _, name := range []string{"a write is stuck", "what was written is"} {
		p := openModem(t)
		if name == "a write is stuck" {
			stuckWrite(t, p)
		} else {
			untilHeld(t, p)
		}
		begun := time.Now()
		err := p.Close()
		took := time.Since(begun)
		t.Logf("serial_close_ms: %d, %s: %v", took.Milliseconds(), name, err)
		if took > closeWithin || port.ReasonOf(err) != devices.TimedOut {
			t.Errorf("%s: Close took %v: %v", name, took, err)
		}
		time.Sleep(200 * time.Millisecond) // whoever is to end has ended
		closed := held(t)
		for range 10 {
			begun = time.Now()
			p, err := port.Open(context.Background(), address(t, modemAt))
			if err == nil {
				_ = p.Close()
			} else if port.ReasonOf(err) != devices.TimedOut || time.Since(begun) > slack {
				t.Errorf("%s: it opens: %v after %v", name, err, time.Since(begun))
			}
		}
		if now := settledAt(t, closed); now.files > closed.files || now.goroutines > closed.goroutines {
			t.Errorf("%s: %+v after Close, %+v after ten attempts", name, closed, now)
		}
		begun = time.Now()
		if err := g.Unplug(); err != nil {
			t.Fatal(err)
		}
		guest.Wait(t, "an end of what was held", func() bool {
			now := held(t)
			return now.files < before.files && now.goroutines <= before.goroutines // one was the far end's
		})
		t.Logf("serial_free_ms: %d after the cable was out", time.Since(begun).Milliseconds())
		farEnd(t, g)
		if err := g.Plug(); err != nil {
			t.Fatal(err)
		}
		_ = openModem(t).Close()
	}
}

// stuckWrite writes more than the line takes.
func stuckWrite(t testing.TB, p port.Port) {
	t.Helper()
	begun := time.Now()
	n, err := p.WriteBy(begun.Add(500*time.Millisecond), make([]byte, lineFull))
	if port.ReasonOf(err) != devices.TimedOut || n == 0 || n == lineFull || time.Since(begun) > 500*time.Millisecond+slack {
		t.Errorf("%d, %v after %v", n, err, time.Since(begun))
	}
}

// untilHeld writes until the modem's driver has bytes that the far end does not take. How many that end takes
// before depends on the moment at which the kernel makes it stop.
func untilHeld(t testing.TB, p port.Port) {
	t.Helper()
	line, err := unix.Open("/dev/ttyACM0", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(line)
	for wrote := 0; !holds(t, line); wrote += 64 {
		if wrote > lineFull {
			t.Fatal("the line takes everything")
		}
		if n, err := p.WriteBy(time.Now().Add(slack), make([]byte, 64)); n != 64 || err != nil {
			t.Fatalf("%d after %d, %v", n, wrote, err)
		}
	}
}

// holds says whether bytes stay in a line's driver.
func holds(t testing.TB, line int) bool {
	t.Helper()
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); time.Sleep(time.Millisecond) {
		n, err := unix.IoctlGetInt(line, unix.TIOCOUTQ)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return false
		}
	}
	return true
}

// closeWithin is how long Close of a line may take that holds little.
const closeWithin = 1500*time.Millisecond + slack

// Another program's Close waits for its output, and the kernel lets whoever opens the line wait with it: Open comes back
// when its time is over.
func TestSerialOpenWhileItIsBeingClosed(t *testing.T) {
	guest.Require(t)
	unread(t)
	_ = openModem(t).Close()
	other, err := unix.Open("/dev/ttyACM0", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	for full := false; !full; {
		_, err := unix.Write(other, make([]byte, 4096))
		full = err != nil
	}
	closed := make(chan time.Duration, 1)
	go func() {
		begun := time.Now()
		_ = unix.Close(other)
		closed <- time.Since(begun)
	}()
	time.Sleep(100 * time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	begun := time.Now()
	p, err := port.Open(ctx, address(t, modemAt))
	took := time.Since(begun)
	if err == nil {
		_ = p.Close()
	}
	if took > 500*time.Millisecond+slack {
		t.Errorf("Open took %v: %v", took, err)
	}
	select {
	case wait := <-closed:
		t.Logf("serial_open_ms: %d, %v; the other's Close took only %v", took.Milliseconds(), err, wait)
	default:
		t.Logf("serial_open_ms: %d, %v", took.Milliseconds(), err)
		if port.ReasonOf(err) != devices.TimedOut {
			t.Errorf("while another closes it: %v", err)
		}
	}
}

const adapterAt = "serial:///dev/ttyUSB0"

// QEMU's serial adapter with a printer behind it: it prints, its cable is cut while nothing moves and when a job is
// about to begin (the hand outside is too slow to be held to a byte), and it prints again.
func TestSerialAdapterCutAndJoined(t *testing.T) {
	guest.Require(t)
	guest.File(t, "/dev/ttyUSB0")
	guest.Host(t, "serial printer")
	d, err := printer.Open(address(t, adapterAt), printer.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); _ = d.Close(); guest.Host(t, "serial echo") })
	go port.Watch(ctx, d.Kick)
	job := receipt(t)
	long := bytes.Repeat(job, 8) // to give the cut a chance to fall within it
	for id := uint32(1); id < 9; id += 2 {
		ready(t, d)
		if r := d.Print(context.Background(), printer.Job{ID: id, Bytes: job}); r.Outcome != printer.Printed || r.Proof != printer.ByProcessID {
			t.Fatalf("%+v", r)
		}
		guest.Host(t, "serial_cut")
		if id > 2 {
			time.Sleep(time.Duration(id) * 3 * time.Millisecond)
			r := d.Print(context.Background(), printer.Job{ID: id + 1, Bytes: long, Timeout: 3 * time.Second})
			if r.Outcome == printer.Printed && r.Proof != printer.ByProcessID || (r.Outcome == printer.NotPrinted) != (r.BytesSent == 0) {
				t.Errorf("cut about a job: %+v", r)
			}
			t.Logf("serial_cut: %s, %d bytes of %d", r.Outcome, r.BytesSent, len(long))
		}
		guest.Wait(t, "word that it is unplugged", func() bool { return d.Status().Reason == devices.PortMissing })
		guest.Host(t, "serial_join")
		guest.Host(t, "serial printer")
		guest.File(t, "/dev/ttyUSB0")
		begun := time.Now()
		ready(t, d)
		if took := time.Since(begun); took > backWithin+slack {
			t.Errorf("in use after %v", took)
		}
	}
}
