package printer

import (
	"context"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"veratill/devices"
)

// The same driver on a real tty, with the emulator at the other end.
func TestSerialPrinter(t *testing.T) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("no ptys here: %v", err)
	}
	master := os.NewFile(uintptr(fd), "/dev/ptmx")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	// A terminal that nobody holds open ends for its master too: a real line does not.
	held, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	u, err := devices.ParseURL(fmt.Sprintf("serial:///dev/pts/%d?baud=38400", n))
	if err != nil {
		t.Fatal(err)
	}
	e, papers := NewEmulator(Traits{}), new(roll)
	e.OnPaper(papers.add)
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		_ = e.Attach(ctx, master)
		close(gone)
	}()
	d, err := Open(u, Config{})
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
