package port

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"veratill/devices"
	"veratill/packaging/nasty"
)

// scriptedBus is a printer's interface that does what a test says.
type scriptedBus struct {
	desc    Descriptor
	answers chan []byte
	took    bytes.Buffer
	refuse  func(b []byte) (int, error) // nil takes everything
	closed  chan struct{}
}

func newScriptedBus(in int) *scriptedBus {
	return &scriptedBus{desc: Descriptor{Class: ClassPrinter, Sizes: [3]int{BulkOut: 64, BulkIn: in}}, answers: make(chan []byte, 8), closed: make(chan struct{})}
}

func (s *scriptedBus) Descriptor() Descriptor { return s.desc }

func (s *scriptedBus) Control(context.Context, Setup, []byte) (int, error) { return 0, nil }

func (s *scriptedBus) Read(_ context.Context, _ Pipe, b []byte) (int, error) {
	select {
	case a := <-s.answers:
		return copy(b, a), nil
	case <-s.closed:
		return 0, &Error{devices.Closed, ErrClosed}
	}
}

func (s *scriptedBus) Write(ctx context.Context, b []byte) (int, error) {
	if s.refuse != nil {
		if n, err := s.refuse(b); err != nil {
			s.took.Write(b[:n])
			return n, err
		}
	}
	return s.took.Write(b)
}

func (s *scriptedBus) Close() error {
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	return nil
}

func TestUSBPrinter(t *testing.T) {
	bus := newScriptedBus(64)
	p := FromUSB(bus)
	job := bytes.Repeat([]byte("0123456789abcdef"), 1000)
	if n, err := p.WriteBy(time.Now().Add(time.Second), job); n != len(job) || err != nil || !bytes.Equal(bus.took.Bytes(), job) {
		t.Fatal(n, err)
	}
	bus.answers <- nil // a printer that has nothing to say says it at once
	bus.answers <- []byte("hello")
	buf := make([]byte, 3)
	for _, want := range []string{"hel", "lo"} {
		if n, err := p.Read(buf); err != nil || string(buf[:n]) != want {
			t.Fatalf("%q, %v", buf[:n], err)
		}
	}
	p.Pause(true)
	n, err := p.WriteBy(time.Now().Add(20*time.Millisecond), job)
	if n != 0 {
		t.Error("written while paused")
	}
	reasonIs(t, err, devices.TimedOut)
	p.Pause(false)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = p.Read(buf)
	reasonIs(t, err, devices.Closed)
	_, err = p.WriteBy(time.Now().Add(time.Second), job)
	reasonIs(t, err, devices.Closed)
}

// What has left is counted over all pieces, whatever ends the last one.
func TestUSBPrinterCounts(t *testing.T) {
	for _, at := range []int{0, 1, 64, usbPiece - 1, usbPiece, usbPiece + 1, 2 * usbPiece} {
		bus := newScriptedBus(0)
		bus.refuse = func(b []byte) (int, error) {
			if bus.took.Len()+len(b) <= at {
				return 0, nil
			}
			return at - bus.took.Len(), &Error{devices.Unplugged, errors.New("pulled")}
		}
		n, err := FromUSB(bus).WriteBy(time.Now().Add(time.Second), make([]byte, 3*usbPiece))
		if n != at {
			t.Errorf("pulled after %d: %d", at, n)
		}
		reasonIs(t, err, devices.Unplugged)
	}
}

// A printer without a way back keeps a reader waiting until it is closed.
func TestUSBPrinterWithoutAnswers(t *testing.T) {
	p := FromUSB(newScriptedBus(0))
	back := make(chan error)
	go func() {
		_, err := p.Read(make([]byte, 4))
		back <- err
	}()
	_ = p.Close()
	reasonIs(t, <-back, devices.Closed)
}

func TestIsPrinter(t *testing.T) {
	takes := [3]int{BulkOut: 64}
	for _, c := range []struct {
		d    Descriptor
		want bool
	}{
		{Descriptor{Class: ClassPrinter, Protocol: 2, Sizes: takes}, true},
		{Descriptor{Class: ClassPrinter, Protocol: 1, Sizes: takes}, true},
		{Descriptor{Class: ClassPrinter, Protocol: 4, Sizes: takes}, false}, // IPP over USB
		{Descriptor{Class: ClassPrinter, Protocol: 2}, false},
		{Descriptor{Class: ClassHID, Sizes: takes}, false},
	} {
		if IsPrinter(c.d) != c.want {
			t.Errorf("%+v", c.d)
		}
	}
}

func TestOpenUSBAbsent(t *testing.T) {
	u, err := devices.ParseURL("usb:fffe:fffe")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(context.Background(), u)
	if reason := ReasonOf(err); reason != devices.Unplugged && reason != devices.NotSupported { // a machine without a bus
		t.Errorf("%q: %v", reason, err)
	}
}

var ccidConfig = []byte{9, 2, 44, 0, 2, 1, 0, 0x80, 50,
	9, 4, 0, 0, 1, 3, 0, 0, 0, 9, 0x21, 0x11, 1, 0, 1, 0x22, 28, 0, 7, 5, 0x81, 3, 8, 0, 1,
	9, 4, 1, 0, 0, 0x0B, 0, 0, 0, 5, 0x21, 1, 2, 3}

func TestClassDescriptors(t *testing.T) {
	if got := classDescriptors(ccidConfig, 0); !bytes.Equal(got, []byte{9, 0x21, 0x11, 1, 0, 1, 0x22, 28, 0}) {
		t.Errorf("% x", got)
	}
	if got := classDescriptors(ccidConfig, 1); !bytes.Equal(got, []byte{5, 0x21, 1, 2, 3}) {
		t.Errorf("% x", got)
	}
	if got := classDescriptors(ccidConfig, 2); got != nil {
		t.Errorf("% x", got)
	}
}

func FuzzClassDescriptors(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		for face := range 3 {
			if got := classDescriptors(b, face); len(got) > len(b) {
				t.Fatalf("%d of %d bytes", len(got), len(b))
			}
		}
	})
}

// The list is read from a bus as the kernel shows it.
func TestList(t *testing.T) {
	sysUSB = t.TempDir()
	defer func() { sysUSB = "/sys/bus/usb/devices" }()
	put := func(path, text string) {
		t.Helper()
		path = filepath.Join(sysUSB, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"usb1/idVendor": "1d6b\n", "usb1/idProduct": "0002\n",
		"1-2.3/idVendor": "04b8\n", "1-2.3/idProduct": "0202\n", "1-2.3/manufacturer": "EPSON\n", "1-2.3/product": "TM-T88V\n", "1-2.3/serial": "X1\n",
		"1-2.3/busnum": "1\n", "1-2.3/devnum": "250\n", "1-2.3/descriptors": string(make([]byte, 18)) + string(ccidConfig),
		"1-2.3:1.0/bInterfaceNumber": "00\n", "1-2.3:1.0/bInterfaceClass": "07\n", "1-2.3:1.0/bInterfaceSubClass": "01\n", "1-2.3:1.0/bInterfaceProtocol": "02\n",
		"1-2.3:1.1/bInterfaceNumber": "01\n", "1-2.3:1.1/bInterfaceClass": "0b\n",
		"1-4/idVendor": "garbage\n"} {
		put(name, text)
	}
	var seen []Descriptor
	found := listUSB(context.Background(), func(d Descriptor) (devices.Kind, bool) {
		seen = append(seen, d)
		return devices.PrinterKind, d.Class == ClassPrinter
	})
	if len(found) != 1 || found[0].Name() != "EPSON TM-T88V" || found[0].URL.String() != "usb:04b8:0202?serial=X1" || found[0].Where != "bus 1 port 2.3" {
		t.Errorf("%+v", found)
	}
	if found[0].Problem != devices.PortMissing { // no such node here
		t.Errorf("%+v", found[0])
	}
	if len(seen) != 2 || seen[1].Class != ClassSmartCard || !bytes.Equal(seen[1].Extra, []byte{5, 0x21, 1, 2, 3}) {
		t.Errorf("%+v", seen)
	}
}

func TestWatch(t *testing.T) {
	sysUSB = t.TempDir()
	defer func() { sysUSB = "/sys/bus/usb/devices" }()
	ctx, cancel := context.WithCancel(context.Background())
	changed, ended := make(chan struct{}, 4), make(chan struct{})
	go func() {
		defer close(ended)
		Watch(ctx, func() { changed <- struct{}{} })
	}()
	time.Sleep(50 * time.Millisecond)
	if err := os.Mkdir(filepath.Join(sysUSB, "1-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(sysUSB, "1-1", "devnum"), []byte("7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	case <-time.After(5 * time.Second):
		t.Error("a device came, and nobody was told")
	}
	cancel()
	<-ended
}
