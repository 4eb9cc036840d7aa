package bus

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
)

// Calls of the kernel's usblp: drivers/usb/class/usblp.c and linux/lp.h.
const (
	lpGetStatus   = 0x060B
	lpGetDeviceID = 0x84005001 // _IOC(READ, 'P', 1, 1024)
)

// openLP opens the printer's file of usblp. The file is not given to Go's poller: usblp's poll is not
// trusted with a device that goes away.
func openLP(t *testing.T, p *models.Printer) int {
	t.Helper()
	name := nodeOf(t, p.Device, "usbmisc/lp*", "/dev/usb")
	fd, err := unix.Open(name, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

// write writes b as a program has to: a signal ends usblp's wait, and Go's runtime sends its threads some. n is what went.
func write(fd int, b []byte) (n int, err error) {
	for n < len(b) {
		k, err := unix.Write(fd, b[n:])
		if err != nil && !errors.Is(err, unix.EINTR) {
			return n, err
		}
		n += max(k, 0)
	}
	return n, nil
}

func portStatus(t *testing.T, fd int) byte {
	t.Helper()
	var status int32
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), lpGetStatus, uintptr(unsafe.Pointer(&status))); e != 0 {
		t.Fatal(e)
	}
	return byte(status)
}

func TestPrinterWritesAndStatus(t *testing.T) {
	guest.Require(t)
	for _, size := range []uint16{64, 512} {
		p := models.FullPrinter(size)
		guest.Plug(t, p.Device)
		fd := openLP(t, p)
		job := []byte("\x1b@" + strings.Repeat("a line of a receipt\n", 200))
		if n, err := write(fd, job); n != len(job) || err != nil {
			t.Fatalf("%d bytes, %v", n, err)
		}
		guest.Wait(t, "the job on paper", func() bool { return bytes.Equal(p.Emulator.Partial(), job) })
		if s := portStatus(t, fd); s != 0x18 {
			t.Errorf("the port's status is %#x, not selected and no error", s)
		}
		id := make([]byte, 1024)
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), lpGetDeviceID, uintptr(unsafe.Pointer(&id[0]))); e != 0 {
			t.Fatal(e)
		}
		if n := int(id[0])<<8 | int(id[1]); n < 2 || string(id[2:n]) != p.DeviceID {
			t.Errorf("the 1284 string is %q", id[:64])
		}
		if _, err := write(fd, []byte{0x10, 0x04, 1}); err != nil {
			t.Fatal(err)
		}
		guest.Within(t, "the answer to DLE EOT 1", func() {
			b := make([]byte, 8)
			n, err := unix.Read(fd, b)
			for errors.Is(err, unix.EINTR) {
				n, err = unix.Read(fd, b)
			}
			if n != 1 || err != nil || b[0]&0x93 != 0x12 {
				t.Errorf("the answer is % x, %v", b[:max(n, 0)], err)
			}
		})
		c := p.Emulator.Condition()
		c.PaperOut = true
		p.Emulator.Set(c)
		if s := portStatus(t, fd); s != 0x30 {
			t.Errorf("without paper the port's status is %#x", s)
		}
	}
}

// However the cable goes, the device has exactly the bytes until then, in their order.
func TestPullAtAnyByte(t *testing.T) {
	guest.Require(t)
	job := make([]byte, 20_000)
	for i := range job {
		job[i] = "0123456789\n"[i%11]
	}
	for _, n := range []int{0, 1, 63, 64, 65, 511, 512, 513, 4095, 8191, 8192, 8193, 19_999, 20_000} {
		p := models.FullPrinter([]uint16{64, 512}[n%2])
		guest.Plug(t, p.Device)
		fd := openLP(t, p)
		p.PullAfter(n)
		guest.Within(t, "a write into a cable that goes", func() {
			for sent := 0; sent < len(job); {
				k, err := write(fd, job[sent:])
				if err != nil {
					return
				}
				sent += k
			}
			if n < len(job) {
				t.Errorf("pulled after %d bytes, and %d were written without an error", n, len(job))
			}
		})
		select {
		case <-p.Pulled():
		case <-time.After(guest.Patience):
			t.Fatalf("the cable is in after %d bytes", p.Taken())
		}
		if err := p.Unplug(); err != nil {
			t.Fatal(err)
		}
		if got := p.Taken(); got != int64(n) {
			t.Errorf("pulled after %d bytes, the device has %d", n, got)
		}
		if got := len(p.Emulator.Partial()) + p.Emulator.Waiting(); got != n || !bytes.HasPrefix(job, p.Emulator.Partial()) {
			t.Errorf("pulled after %d bytes, the printer has %d", n, got)
		}
	}
}

// A printer that takes nothing holds the host up, and loses nothing.
func TestNakHoldsTheHost(t *testing.T) {
	guest.Require(t)
	p := models.FullPrinter(512)
	guest.Plug(t, p.Device)
	fd := openLP(t, p)
	p.Nak(models.OutEndpoint, true)
	done := make(chan error, 1)
	go func() {
		_, err := write(fd, []byte("held up\n"))
		if err == nil {
			_, err = write(fd, []byte("twice\n")) // waits for the first
		}
		done <- err
	}()
	time.Sleep(300 * time.Millisecond)
	if p.Taken() != 0 {
		t.Errorf("%d bytes were taken", p.Taken())
	}
	p.Nak(models.OutEndpoint, false)
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(guest.Patience):
		t.Fatal("the host still waits")
	}
	guest.Wait(t, "both lines on paper", func() bool { return string(p.Emulator.Partial()) == "held up\ntwice\n" })
}

// A stall is an error for the host, and nothing is taken until the host clears it.
func TestStall(t *testing.T) {
	guest.Require(t)
	p := models.FullPrinter(64)
	guest.Plug(t, p.Device)
	fd := openLP(t, p)
	if err := p.Halt(models.OutEndpoint); err != nil {
		t.Fatal(err)
	}
	guest.Within(t, "writes into a stall", func() {
		var err error
		for range 3 { // usblp tells of it with the next call
			if _, err = write(fd, []byte("refused\n")); err != nil {
				break
			}
		}
		if !errors.Is(err, unix.EIO) && !errors.Is(err, unix.EPIPE) {
			t.Errorf("a stall is told as %v", err)
		}
	})
	if p.Taken() != 0 || !p.Halted(models.OutEndpoint) {
		t.Errorf("%d bytes taken, halted %v", p.Taken(), p.Halted(models.OutEndpoint))
	}
	p.Refuse(func(s setup) bool { return s.Request == 1 && s.RequestType == 0xA1 })
	var status int32
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), lpGetStatus, uintptr(unsafe.Pointer(&status))); e == 0 {
		t.Error("a stalled control request is no error")
	}
}

// A late printer has all of the job, tells so to nobody, and the paper runs out in the middle.
func TestLatePrinter(t *testing.T) {
	guest.Require(t)
	p := models.LatePrinter(512, 0)
	guest.Plug(t, p.Device)
	fd := openLP(t, p)
	p.Hold()
	p.Emulator.OutAfter(-1, 3)
	job := strings.Repeat("line\n", 10)
	if _, err := write(fd, []byte(job)); err != nil {
		t.Fatal(err)
	}
	guest.Wait(t, "the whole job in the buffer", func() bool { return p.Held() == len(job) })
	if s := portStatus(t, fd); s != 0x18 || len(p.Emulator.Partial()) != 0 {
		t.Errorf("status %#x, %d bytes on paper before it looks", s, len(p.Emulator.Partial()))
	}
	p.Release()
	if got := string(p.Emulator.Partial()); got != job[:15] {
		t.Errorf("on paper is %q", got)
	}
	if s := portStatus(t, fd); s != 0x30 {
		t.Errorf("without paper the status is %#x", s)
	}
}

// What a printer holds is printed when it has paper, also without a cable.
func TestThePrinterOutlivesItsCable(t *testing.T) {
	guest.Require(t)
	p := models.LatePrinter(64, 0)
	guest.Plug(t, p.Device)
	fd := openLP(t, p)
	p.Hold()
	if _, err := write(fd, []byte("printed later\n")); err != nil {
		t.Fatal(err)
	}
	guest.Wait(t, "the job in the buffer", func() bool { return p.Held() == 14 })
	if err := p.Unplug(); err != nil {
		t.Fatal(err)
	}
	p.Release()
	if got := string(p.Emulator.Partial()); got != "printed later\n" {
		t.Errorf("on paper is %q", got)
	}
	unix.Close(fd)
	guest.Plug(t, p.Device)
	if _, err := os.Stat(nodeOf(t, p.Device, "usbmisc/lp*", "/dev/usb")); err != nil {
		t.Error(err)
	}
}
