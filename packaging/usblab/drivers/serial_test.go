package drivers

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
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
	t.Logf("serial_pulled: %v", outcomes)
}

// stuck gives the till's end of a modem whose far end does not read.
func stuck(t testing.TB) (far *os.File, open func() port.Port) {
	g := modem(t)
	far = farEnd(t, g)
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	guest.File(t, "/dev/ttyACM0")
	return far, func() port.Port {
		return opened(t, func() (port.Port, error) { return port.Open(context.Background(), address(t, modemAt)) })
	}
}

// lineFull is more than the kernel keeps for a modem at both ends together.
const lineFull = 1 << 20

// The far end reads nothing. A write ends in time, and so does Close, which the kernel would hold up for 30 s; when
// the far end is gone nothing of it is held.
func TestSerialFarEndReadsNothing(t *testing.T) {
	guest.Require(t)
	far, open := stuck(t)
	open().Close() // what is made once is made
	before := settledAt(t, holdings{})
	for round := range 3 {
		p := open()
		if round < 2 {
			begun := time.Now()
			n, err := p.WriteBy(begun.Add(500*time.Millisecond), make([]byte, lineFull))
			if port.ReasonOf(err) != devices.TimedOut || n == 0 || n == lineFull || time.Since(begun) > 500*time.Millisecond+slack {
				t.Errorf("%d, %v after %v", n, err, time.Since(begun))
			}
		} else if n, err := p.WriteBy(time.Now().Add(time.Second), make([]byte, 64)); n != 64 || err != nil {
			t.Errorf("a little: %d, %v", n, err) // written, and held by the kernel
		}
		begun := time.Now()
		err := p.Close()
		t.Logf("serial_close_ms: %d, %v", time.Since(begun).Milliseconds(), err)
		if took := time.Since(begun); took > 1500*time.Millisecond+slack {
			t.Errorf("round %d: Close took %v: %v", round, took, err)
		}
	}
	_ = far.Close()
	guest.Wait(t, "an end of what was held", func() bool {
		now := held(t)
		return now.files <= before.files && now.goroutines <= before.goroutines
	})
}

// Another program's Close waits for its output, and the kernel lets whoever opens the line wait with it: Open comes back
// when its time is over.
func TestSerialOpenWhileItIsBeingClosed(t *testing.T) {
	guest.Require(t)
	_, open := stuck(t)
	open().Close()
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

// QEMU's serial adapter with a printer behind it: it prints, its cable is cut while nothing moves and within
// receipts, and it prints again.
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
	long := bytes.Repeat(job, 8) // so that it is cut within
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
				t.Errorf("cut within a job: %+v", r)
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
