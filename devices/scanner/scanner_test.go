package scanner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
	"veratill/packaging/nasty"
)

var descriptor = []byte{
	0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
	0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C, 0x09, 0xFB, 0x81, 0x02, 0x09, 0xFC, 0x81, 0x02, 0x09, 0xFD, 0x81, 0x02,
	0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, 0x95, 0x02, 0x81, 0x01,
	0x75, 0x01, 0x95, 0x01, 0x25, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x95, 0x07, 0x81, 0x01, 0xC0,
}

// reports are a code as the scanner sends it.
func reports(aim, code string) (all [][]byte) {
	for {
		n := min(len(code), 56)
		r := make([]byte, 64)
		r[0], r[1] = 2, byte(n)
		copy(r[2:5], aim)
		copy(r[5:61], code[:n])
		code = code[n:]
		if code != "" {
			r[63] = 1
		}
		all = append(all, r)
		if code == "" {
			return all
		}
	}
}

func shape(t testing.TB) hid.Shape {
	t.Helper()
	s, err := hid.Parse(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCodesOfReports(t *testing.T) {
	for _, code := range []string{"6901234567892", strings.Repeat("A", 56), strings.Repeat("0123456789", 20)} {
		a := assembler{shape: shape(t)}
		got, ids := "", ""
		for _, r := range reports("]Q0", code) {
			c, aim, done, err := a.take(r)
			if err != nil {
				t.Fatal(err)
			}
			if done {
				got, ids = string(c), aim
			}
		}
		if got != code || ids != "]Q0" {
			t.Errorf("%q became %q %q", code, ids, got)
		}
	}
}

// After a report that can't be right, the next code is whole: nothing of the broken one is in it.
func TestABrokenReportSpoilsOneCode(t *testing.T) {
	a := assembler{shape: shape(t)}
	long := reports("]E0", strings.Repeat("7", 100))
	if _, _, done, err := a.take(long[0]); done || err != nil {
		t.Fatal(done, err)
	}
	broken := bytes.Clone(long[1])
	broken[1] = 57
	if _, _, _, err := a.take(broken); !errors.Is(err, ErrReport) {
		t.Error(err)
	}
	code, _, done, err := a.take(reports("]E0", "6901234567892")[0])
	if string(code) != "6901234567892" || !done || err != nil {
		t.Errorf("%q %v", code, err)
	}
	endless := reports("", strings.Repeat("1", 57))[0]
	for range mostBytes/56 + 1 {
		_, _, _, err = a.take(endless)
	}
	if !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
}

// bus is a scanner on a bus that can be pulled out.
type bus struct {
	port.USB
	reports chan []byte
	pulled  chan struct{}
}

func (b *bus) Descriptor() port.Descriptor {
	return port.Descriptor{Class: port.ClassHID, Sizes: [3]int{port.InterruptIn: 64}, Extra: []byte{9, 0x21, 0x11, 1, 0, 1, 0x22, byte(len(descriptor)), 0}}
}

func (b *bus) Control(_ context.Context, _ port.Setup, to []byte) (int, error) {
	return copy(to, descriptor), nil
}

func (b *bus) Read(ctx context.Context, _ port.Pipe, to []byte) (int, error) {
	select {
	case r := <-b.reports:
		return copy(to, r), nil
	case <-b.pulled:
		return 0, &port.Error{Reason: devices.Unplugged, Err: errors.New("pulled")}
	case <-ctx.Done():
		return 0, &port.Error{Reason: devices.Cancelled, Err: ctx.Err()}
	}
}

func (b *bus) Close() error { return nil }

// A scanner that is pulled out and plugged in again goes on by itself, and no code is lost that it sent.
func TestPulledAndPluggedIn(t *testing.T) {
	before := runtime.NumGoroutine()
	plugged := make(chan *bus, 1)
	open := func(_ context.Context, _ devices.URL, want func(port.Descriptor) bool) (port.USB, error) {
		select {
		case b := <-plugged:
			if !want(b.Descriptor()) {
				t.Error("its interface is not wanted")
			}
			return b, nil
		default:
			return nil, &port.Error{Reason: devices.Unplugged, Err: errors.New("not on the bus")}
		}
	}
	codes, states := make(chan string, 8), make(chan devices.Status, 64)
	u, _ := devices.ParseURL("usb:0c2e:0b61")
	s, err := Open(u, open, nil, func(c string) { codes <- c })
	if err != nil {
		t.Fatal(err)
	}
	s.Watch(func(st devices.Status) { states <- st })
	for range 20 {
		b := &bus{reports: make(chan []byte, 4), pulled: make(chan struct{})}
		plugged <- b
		s.Kick()
		b.reports <- reports("]E0", "6901234567892")[0]
		if got := <-codes; got != "]E06901234567892" {
			t.Fatalf("%q", got)
		}
		if st := s.Status(); st.Health != devices.Ready {
			t.Fatalf("%+v", st)
		}
		close(b.pulled)
		for st := range states {
			if st.Health == devices.Offline && st.Reason == devices.Unplugged {
				break
			}
		}
	}
	_ = s.Close()
	if st := s.Status(); st.Reason != devices.Closed {
		t.Errorf("%+v", st)
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
	}
}

// line is a serial line whose far end is a pipe.
type line struct {
	io.Reader
	closed func()
}

func (l line) WriteBy(time.Time, []byte) (int, error) { return 0, nil }
func (l line) Pause(bool)                             {}
func (l line) Close() error                           { l.closed(); return nil }

func TestSerial(t *testing.T) {
	near, far := io.Pipe()
	open := func(context.Context, devices.URL) (port.Port, error) {
		return line{near, func() { _ = near.CloseWithError(&port.Error{Reason: devices.Closed, Err: port.ErrClosed}) }}, nil
	}
	codes := make(chan string, 8)
	u, _ := devices.ParseURL("serial:COM3")
	s, err := Open(u, nil, open, func(c string) { codes <- c })
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"69012345", "67892\r\n", "\x02ABC-1\x03", "\r\r", "no end", "\x80\xFF\r"} {
		if _, err := far.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"6901234567892", "ABC-1"} {
		if got := <-codes; got != want {
			t.Errorf("%q and not %q", got, want)
		}
	}
	if _, err := far.Write([]byte("waits for silence")); err != nil {
		t.Fatal(err)
	}
	if got := <-codes; !strings.HasSuffix(got, "waits for silence") {
		t.Errorf("%q", got)
	}
	_ = s.Close()
}

// A scanner with a slot for cards hands no track on, whole or cut; codes that only look a little like one it does.
func TestATrackIsNoCode(t *testing.T) {
	var got []string
	s := &Scanner{take: func(code string) { got = append(got, code) }}
	for _, track := range []string{";6217001234567894567=49121010000000000?", "6217001234567894567=4912", ";621700123456789",
		"%B6217001234567894567^A/B^4912101?", "%B6217001234567894567^A/B^4912101?;6217001234567894567=49121010000000000?", "+6217001234567894567=49121010000000000?"} {
		b := []byte(track)
		s.deliver("", b)
		if len(got) > 0 || bytes.ContainsAny(b, "0123456789") {
			t.Fatalf("%q is handed on: %q, or left as %q", track, got, b)
		}
		if st := s.Status(); st.Health != devices.Attention || st.Detail != ErrTrack.Error() {
			t.Errorf("%+v", st)
		}
	}
	for _, code := range []string{"6901234567892", "134567890123456789", "6212345678901234567", "https://e.cn/?id=1234567890123&n=1", ";12345678901"} {
		if s.deliver("", []byte(code)); len(got) == 0 || got[len(got)-1] != code {
			t.Errorf("%q is dropped", code)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, bad := range []string{"tcp://h:1", "virtual:", "windows:x"} {
		u, err := devices.ParseURL(bad)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(u, nil, nil, nil); !errors.Is(err, devices.ErrURL) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// 10,000 mangled reports: no panic, and whatever comes out of them is bounded.
func TestMangledReports(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	a := assembler{shape: shape(t)}
	for range 10_000 {
		report := bytes.Clone(reports("]E0", strings.Repeat("5", r.IntN(200)))[0])
		for range r.IntN(8) {
			report[r.IntN(len(report))] = byte(r.Uint32())
		}
		if code, _, _, _ := a.take(report[:r.IntN(len(report)+1)]); len(code) > mostBytes {
			t.Fatalf("%d bytes", len(code))
		}
	}
}

func FuzzReport(f *testing.F) {
	s := shape(f)
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		a := assembler{shape: s}
		for len(b) > 0 {
			n := min(len(b), 64)
			if code, _, _, _ := a.take(b[:n]); len(code) > mostBytes || len(a.code) > mostBytes {
				t.Fatalf("%d bytes", len(code))
			}
			b = b[n:]
		}
	})
}

// However a stream is cut, the same codes come out.
func FuzzLines(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var whole, cut lines
		want := whole.take(b)
		var got [][]byte
		for i := range b {
			got = append(got, cut.take(b[i:i+1])...)
		}
		if len(got) != len(want) || !bytes.Equal(whole.held, cut.held) {
			t.Fatalf("%q and %q", got, want)
		}
		for i := range got {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("%q and %q", got[i], want[i])
			}
		}
	})
}
