package bus

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"veratill/packaging/usblab/gadget"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/vdev"
)

type setup = vdev.Setup

// onBus reports whether a device of these numbers is there.
func onBus(vendor, product string) bool {
	all, _ := filepath.Glob("/sys/bus/usb/devices/*/idVendor") // a fixed pattern
	for _, f := range all {
		v, err := os.ReadFile(f)
		p, other := os.ReadFile(filepath.Join(filepath.Dir(f), "idProduct"))
		if err == nil && other == nil && strings.TrimSpace(string(v)) == vendor && strings.TrimSpace(string(p)) == product {
			return true
		}
	}
	return false
}

// openLine opens a serial line, raw.
func openLine(t *testing.T, name string) *os.File {
	t.Helper()
	fd, err := unix.Open(guest.File(t, name), unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), name)
	t.Cleanup(func() { f.Close() })
	tio, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	tio.Iflag, tio.Oflag, tio.Lflag = 0, 0, 0
	tio.Cc[unix.VMIN], tio.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, tio); err != nil {
		t.Fatal(err)
	}
	return f
}

// readSome reads until n bytes are there.
func readSome(t *testing.T, f *os.File, n int) []byte {
	t.Helper()
	if err := f.SetReadDeadline(time.Now().Add(guest.Patience)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, n)
	for at := 0; at < n; {
		k, err := f.Read(b[at:])
		if err != nil {
			t.Fatalf("after %q: %v", b[:at], err)
		}
		at += k
	}
	return b
}

func TestSerialEchoPrinterAndCut(t *testing.T) {
	guest.Require(t)
	f := openLine(t, "/dev/ttyUSB0")
	if _, err := f.Write([]byte("\x1b@there and back")); err != nil {
		t.Fatal(err)
	}
	if got := readSome(t, f, 16); string(got) != "\x1b@there and back" {
		t.Errorf("the echo is %q", got)
	}
	guest.Host(t, "serial printer")
	var got []byte
	guest.Wait(t, "a printer's answer to DLE EOT 1", func() bool { // until the echo is gone
		if _, err := f.Write([]byte{0x10, 0x04, 1}); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 64)
		if err := f.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		n, err := f.Read(b)
		got = b[:n]
		return err == nil && n == 1 && got[0]&0x93 == 0x12
	})
	guest.Host(t, "serial echo")
	guest.Host(t, "serial_cut")
	guest.Wait(t, "end of the adapter", func() bool { return !onBus("0403", "6001") })
	if err := f.SetReadDeadline(time.Now().Add(guest.Patience)); err != nil {
		t.Fatal(err)
	}
	if n, err := f.Read(make([]byte, 8)); err == nil {
		t.Errorf("%d bytes come from a line that was cut", n)
	}
	f.Close()
	guest.Host(t, "serial_join")
	guest.Wait(t, "the adapter again", func() bool { return onBus("0403", "6001") })
	guest.File(t, "/dev/ttyUSB0")
}

func TestQemuReaderGoesAndComes(t *testing.T) {
	guest.Require(t)
	guest.Wait(t, "QEMU's reader", func() bool { return onBus("08e6", "4433") })
	guest.Host(t, "device_del ccid0")
	guest.Wait(t, "no reader", func() bool { return !onBus("08e6", "4433") })
	guest.Host(t, "device_add ccid0")
	guest.Wait(t, "the reader again", func() bool { return onBus("08e6", "4433") })
}

// A wedge types faster than anybody can, and every key arrives, in its order.
func TestWedge(t *testing.T) {
	guest.Require(t)
	var name string
	guest.Wait(t, "QEMU's keyboard", func() bool {
		all, _ := filepath.Glob("/sys/class/input/event*/device/name") // a fixed pattern
		for _, f := range all {
			if b, err := os.ReadFile(f); err == nil && strings.Contains(string(b), "QEMU USB Keyboard") {
				name = filepath.Join("/dev/input", filepath.Base(filepath.Dir(filepath.Dir(f))))
			}
		}
		return name != ""
	})
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	guest.Host(t, `type 20 ";6200000000000005=4912?\n"`)
	want := ";6200000000000005=4912/\n" // by keys: shift is told of by itself
	codes := map[uint16]byte{39: ';', 13: '=', 53: '/', 28: '\n', 11: '0'}
	for i := range 9 {
		codes[uint16(2+i)] = byte('1' + i)
	}
	var got []byte
	shifted := false
	guest.Within(t, "the typing", func() {
		b := make([]byte, 24) // struct input_event
		for len(got) < len(want) {
			if _, err := f.Read(b); err != nil {
				t.Error(err)
				return
			}
			kind, code, value := binary.LittleEndian.Uint16(b[16:]), binary.LittleEndian.Uint16(b[18:]), binary.LittleEndian.Uint32(b[20:])
			switch {
			case kind == 1 && value == 1 && code == 42:
				shifted = true
			case kind == 1 && value == 1:
				got = append(got, codes[code])
			}
		}
	})
	if string(got) != want || !shifted {
		t.Errorf("the keys are %q, with shift %v", got, shifted)
	}
}

func mustGadget(t *testing.T, g *gadget.Gadget, err error) *os.File {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Remove(); err != nil {
			t.Error(err)
		}
	})
	if err := g.Plug(); err != nil {
		t.Fatal(err)
	}
	f, err := g.Open()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The kernel's own printer, plugged in twice: its file is closed in between, or the kernel falls over.
func TestGadgetPrinter(t *testing.T) {
	guest.Require(t)
	id := gadget.Identity{Vendor: 0x04B8, Product: 0x0E15, Maker: "EPSON", Name: "TM-T20", Serial: "G1"}
	g, err := gadget.Printer("dummy_udc.0", id, "MFG:EPSON;MDL:TM-T20;CLS:PRINTER;")
	f := mustGadget(t, g, err)
	for range 2 {
		lp, err := unix.Open(guest.File(t, "/dev/usb/lp*"), unix.O_RDWR|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := unix.Write(lp, []byte("to the gadget")); err != nil {
			t.Fatal(err)
		}
		guest.Within(t, "the gadget's read", func() {
			b := make([]byte, 64)
			if n, err := f.Read(b); err != nil || string(b[:n]) != "to the gadget" {
				t.Errorf("the gadget has %q, %v", b[:n], err)
			}
		})
		unix.Close(lp)
		if err := g.Unplug(); err != nil {
			t.Fatal(err)
		}
		guest.Wait(t, "end of the printer", func() bool { return !onBus("04b8", "0e15") })
		if err := g.Plug(); err != nil {
			t.Fatal(err)
		}
		if f, err = g.Open(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGadgetHID(t *testing.T) {
	guest.Require(t)
	descriptor := []byte{0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
		0x09, 0x20, 0x95, 0x40, 0x81, 0x02, 0xC0}
	g, err := gadget.HID("dummy_udc.1", gadget.Identity{Vendor: 0x0801, Product: 0x0099, Maker: "M", Name: "G", Serial: "1"}, descriptor, 64)
	f := mustGadget(t, g, err)
	var node string
	guest.Wait(t, "its hidraw", func() bool {
		all, _ := filepath.Glob("/sys/class/hidraw/*/device/uevent") // a fixed pattern
		for _, u := range all {
			if b, err := os.ReadFile(u); err == nil && strings.Contains(string(b), "00000801:00000099") {
				node = filepath.Join("/dev", filepath.Base(filepath.Dir(filepath.Dir(u))))
			}
		}
		_, err := os.Stat(node)
		return node != "" && err == nil
	})
	raw, err := os.Open(node)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	want := bytes.Repeat([]byte("veratill"), 8)
	if _, err := f.Write(want); err != nil {
		t.Fatal(err)
	}
	guest.Within(t, "the report", func() {
		b := make([]byte, 128)
		if n, err := raw.Read(b); err != nil || !bytes.Equal(b[:n], want) {
			t.Errorf("the report is %q, %v", b[:n], err)
		}
	})
}

func TestGadgetSerial(t *testing.T) {
	guest.Require(t)
	g, err := gadget.Serial("dummy_udc.1", gadget.Identity{Vendor: 0x0525, Product: 0xA4A7, Maker: "M", Name: "G", Serial: "1"})
	mustGadget(t, g, err)
	far, near := openLine(t, "/dev/ttyGS0"), openLine(t, "/dev/ttyACM0")
	if _, err := near.Write([]byte("over a modem")); err != nil {
		t.Fatal(err)
	}
	if got := readSome(t, far, 12); string(got) != "over a modem" {
		t.Errorf("the far end has %q", got)
	}
	if _, err := far.Write([]byte{0x12, 0x16}); err != nil {
		t.Fatal(err)
	}
	if got := readSome(t, near, 2); !bytes.Equal(got, []byte{0x12, 0x16}) {
		t.Errorf("the near end has % x", got)
	}
	far.Close() // the gadget's line is held until its file is closed
}

// The shipped program runs here without a display: all of its libraries came along.
func TestTheProgramRuns(t *testing.T) {
	guest.Require(t)
	const program = "/lab/veratill"
	if _, err := os.Stat(program); err != nil {
		t.Skip("the lab was made without -veratill")
	}
	out, err := exec.Command(program, "version").CombinedOutput()
	if err != nil || len(out) == 0 {
		t.Errorf("%v: %s", err, out)
	}
}
