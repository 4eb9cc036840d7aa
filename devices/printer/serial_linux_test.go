package printer

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veratill/devices"
	"veratill/devices/port"
)

// line is a serial line: a terminal with the printer at its master's end.
type line struct {
	*os.File // the master
	held     *os.File
	path     string
	left     atomic.Int64 // bytes until somebody pulls the cable
}

func openLine(t *testing.T) *line {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("no ptys here: %v", err)
	}
	l := &line{File: os.NewFile(uintptr(fd), "/dev/ptmx")}
	l.left.Store(1 << 30)
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	l.path = fmt.Sprintf("/dev/pts/%d", n)
	// A terminal that nobody holds open ends for its master too: a real line does not.
	if l.held, err = os.OpenFile(l.path, os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.held.Close() })
	return l
}

func (l *line) Read(b []byte) (int, error) {
	for l.left.Load() == 0 { // the cable is out
		time.Sleep(time.Millisecond)
	}
	n, err := l.File.Read(b[:min(int64(len(b)), l.left.Load())])
	if l.left.Add(int64(-n)) <= 0 {
		_, _ = l.held.Close(), l.Close()
		return n, os.ErrClosed
	}
	return n, err
}

func (l *line) url(t *testing.T) devices.URL {
	t.Helper()
	u, err := devices.ParseURL("serial://" + l.path + "?baud=38400")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The same driver on a real tty, with the emulator at the other end.
func TestSerialPrinter(t *testing.T) {
	l := openLine(t)
	e, papers := NewEmulator(Traits{}), new(roll)
	e.OnPaper(papers.add)
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		_ = e.Attach(ctx, l)
		close(gone)
	}()
	d, err := Open(l.url(t), Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Reconnect(context.Background()); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if r := d.Print(context.Background(), Job{ID: uint32(i), Bytes: receipt(t, "serial")}); r.Outcome != Printed || r.Proof != ByProcessID {
			t.Fatalf("%+v", r)
		}
	}
	if papers.with("serial end") != 3 {
		t.Error("papers are missing")
	}
	e.Set(Condition{PaperOut: true})
	eventually(t, "paper out", func() bool { return reason(d) == devices.PaperOut })
	cancel()
	<-gone
}

// The serial cable (an adapter on the bus, which takes its line with it) is pulled at every 64th byte
// of a receipt and comes back as another line.
func TestSerialPulled(t *testing.T) {
	makeJobs(t)
	for at := 1; at < len(lostJob)+64; at += 64 {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			serialPulled(t, at)
		})
	}
}

func serialPulled(t *testing.T, at int) {
	t.Helper()
	u := &unit{Emulator: NewEmulator(Traits{}), roll: new(roll), first: make(chan struct{})}
	u.OnPaper(u.roll.add)
	first, second := openLine(t), openLine(t)
	go func() {
		_ = u.Attach(context.Background(), first)
		close(u.first)
		_ = u.Attach(context.Background(), second)
	}()
	dials := 0
	u.d = New(func(ctx context.Context) (port.Port, error) {
		if dials++; dials == 1 {
			return port.Open(ctx, first.url(t))
		}
		return port.Open(ctx, second.url(t))
	}, Config{Timeout: 2 * time.Second, ProbeTimeout: time.Second})
	defer u.d.Close()
	eventually(t, "ready", func() bool { return u.d.Status().Health == devices.Ready })
	if _, err := u.d.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := u.Received()
	first.left.Store(int64(at))
	r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob})
	if at < len(lostJob) { // later it may be printed before the cable goes
		<-u.first
	}
	if came := min(u.Received()-before, len(lostJob)); r.BytesSent < came {
		t.Errorf("pulled after %d: %+v, and %d came", at, r, came)
	}
	if err := u.judge(r, lostJob); err != nil {
		t.Errorf("pulled after %d: %v", at, err)
	}
	if r.Outcome != Printed {
		if err := u.again(r, Traits{}); err != nil {
			t.Errorf("pulled after %d: %v", at, err)
		}
	}
}
