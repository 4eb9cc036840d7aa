package port

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veratill/devices"
)

// pty opens a real pseudo terminal: the master is the printer's end.
func pty(t testing.TB) (*os.File, devices.URL) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("no ptys here: %v", err)
	}
	master := os.NewFile(uintptr(fd), "/dev/ptmx")
	t.Cleanup(func() { _ = master.Close() })
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	u, err := devices.ParseURL(fmt.Sprintf("serial:///dev/pts/%d?baud=19200", n))
	if err != nil {
		t.Fatal(err)
	}
	return master, u
}

// The line has the stop bits that its address asks for: one where it says nothing.
func TestStopBitsAreAsAskedFor(t *testing.T) {
	for stop, two := range map[int]bool{0: false, 1: false, 2: true} {
		master, u := pty(t)
		u.Stop = stop
		p, err := Open(context.Background(), u)
		if err != nil {
			t.Fatal(err)
		}
		set, err := unix.IoctlGetTermios(int(master.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Cflag&unix.CSTOPB != 0; got != two {
			t.Errorf("stop=%d: two stop bits is %v", stop, got)
		}
		if again, err := devices.ParseURL(u.String()); err != nil || again != u {
			t.Errorf("%s is read as %+v, %v", u, again, err)
		}
		_ = p.Close()
	}
}

func TestSerial(t *testing.T) {
	master, u := pty(t)
	p, err := Open(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Repeat([]byte("0123456789\x10\x04\x13\xff"), 30)
	if n, err := p.WriteBy(time.Now().Add(time.Second), want); n != len(want) || err != nil {
		t.Fatal(n, err)
	}
	got := make([]byte, 0, 512)
	for len(got) < len(want) {
		buf := make([]byte, 128)
		n, err := master.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the line changes bytes: % x", got)
	}
	if _, err := master.Write([]byte{0x12, 0x11, 0x13}); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 8)
	if n, err := p.Read(buf); err != nil || n == 0 || buf[0] != 0x12 {
		t.Error(n, err, buf)
	}
	_ = p.Close()
	_ = p.Close()
	_, err = p.Read(buf)
	reasonIs(t, err, devices.Closed)
}

// Write has no time-out in the library, and Close does not end it: it comes back
// here all the same, and says how much may have left. When the far end is gone, so is all that
// was held for the line.
func TestSerialStuckWrite(t *testing.T) {
	master, u := pty(t)
	files, routines := heldFiles(t), runtime.NumGoroutine()
	p, err := Open(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	big := make([]byte, 256<<10)
	began := time.Now()
	n, err := p.WriteBy(time.Now().Add(200*time.Millisecond), big)
	if n == 0 || n == len(big) || !errors.Is(err, ErrTimeout) || time.Since(began) > time.Second {
		t.Fatal(n, err, time.Since(began))
	}
	if n, err := p.WriteBy(time.Now().Add(time.Second), big); n != 0 || !errors.Is(err, ErrTimeout) {
		t.Error("a stuck line takes more", n, err)
	}
	if took, err := timedClose(p); took > time.Second || err != nil && ReasonOf(err) != devices.TimedOut {
		t.Fatalf("Close comes back after %v: %v", took, err)
	}
	for range 5 { // it is asked for again and again, as a driver does
		if p, err := Open(context.Background(), u); err == nil {
			_ = p.Close()
		} else if r := ReasonOf(err); r != devices.TimedOut && r != devices.PortBusy {
			t.Error(err)
		}
	}
	if now := heldFiles(t); now > files+3 { // the line's own, and two of a pipe in the library
		t.Errorf("%d files while it is stuck, %d before", now, files)
	}
	_ = master.Close()
	for end := time.Now().Add(5 * time.Second); heldFiles(t) > files-1 || runtime.NumGoroutine() > routines; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d files and %d goroutines before, %d and %d after", files-1, routines, heldFiles(t), runtime.NumGoroutine())
		}
	}
}

// heldFiles is how many files this process has open, not counting the one that is read for it.
func heldFiles(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestSerialFarEndGone(t *testing.T) {
	master, u := pty(t)
	p, err := Open(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_ = master.Close()
	_, err = p.Read(make([]byte, 8))
	reasonIs(t, err, devices.Interrupted)
	_, err = p.WriteBy(time.Now().Add(time.Second), []byte("x"))
	reasonIs(t, err, devices.Interrupted)
}

func TestSerialMissing(t *testing.T) {
	u, _ := devices.ParseURL("serial:///dev/veratill-no-such-port")
	_, err := Open(context.Background(), u)
	reasonIs(t, err, devices.PortMissing)
}
