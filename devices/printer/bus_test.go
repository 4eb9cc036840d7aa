package printer

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// bus is a printer's interface on the USB bus, as a script: an emulator behind its pipes.
type bus struct {
	unit    io.ReadWriteCloser // the host's end
	sizes   [3]int
	mu      sync.Mutex
	left    int // bytes until somebody pulls the cable
	gone    chan struct{}
	pulling sync.Once
}

// newBus plugs an emulator in; the cable is pulled after so many bytes.
func newBus(e *Emulator, left int) *bus {
	host, unit := net.Pipe()
	go func() { _ = e.Attach(context.Background(), unit) }()
	return &bus{unit: host, sizes: [3]int{port.BulkOut: 64, port.BulkIn: 64}, left: left, gone: make(chan struct{})}
}

func (b *bus) Descriptor() port.Descriptor {
	return port.Descriptor{Vendor: 0x04b8, Product: 0x0202, Class: port.ClassPrinter, Sub: 1, Protocol: 2, Sizes: b.sizes}
}

func (b *bus) Control(context.Context, port.Setup, []byte) (int, error) { return 0, nil }

var errUnplugged = &port.Error{Reason: devices.Unplugged, Err: fmt.Errorf("no device")}

func (b *bus) Read(_ context.Context, _ port.Pipe, p []byte) (int, error) {
	n, err := b.unit.Read(p)
	if err != nil && n == 0 {
		return 0, errUnplugged
	}
	return n, nil
}

func (b *bus) Write(_ context.Context, p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(p) < b.left {
		n, err := b.unit.Write(p)
		b.left -= n
		if err != nil {
			return n, errUnplugged
		}
		return n, nil
	}
	n, _ := b.unit.Write(p[:b.left])
	b.left = 0
	b.pull()
	return min(n+64, len(p)), errUnplugged // a packet may have been under way
}

func (b *bus) pull() {
	b.pulling.Do(func() {
		_ = b.unit.Close()
		close(b.gone)
	})
}

func (b *bus) Close() error { b.pull(); return nil }

// The USB cable is pulled at every 64th byte, and plugged in again: the copy comes out, and
// nothing of the first.
func TestUSBCablePulledAnywhere(t *testing.T) {
	makeJobs(t)
	for name, traits := range kinds {
		t.Run(name, func(t *testing.T) {
			for at := 0; at < len(lostJob)+64; at += 64 {
				synctest.Test(t, func(t *testing.T) { usbPulled(t, traits, at) })
			}
		})
	}
}

func usbPulled(t *testing.T, traits Traits, at int) {
	e := NewEmulator(traits)
	var mu sync.Mutex
	var first *bus
	in := true
	u := &unit{Emulator: e, roll: new(roll)}
	u.OnPaper(u.roll.add)
	u.d = New(func(context.Context) (port.Port, error) {
		mu.Lock()
		defer mu.Unlock()
		if !in {
			return nil, errUnplugged
		}
		b := newBus(e, 1<<30)
		if first == nil {
			first = b
		}
		return port.FromUSB(b), nil
	}, quick)
	defer u.d.Close()
	pass(time.Second)
	before := u.Received()
	first.mu.Lock()
	first.left = at
	first.mu.Unlock()
	go func() { // the socket is empty for a while
		<-first.gone
		mu.Lock()
		in = false
		mu.Unlock()
	}()
	r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob})
	first.pull()
	synctest.Wait()
	if came := min(u.Received()-before, len(lostJob)); r.BytesSent < came {
		t.Errorf("pulled after %d: %+v, and %d came", at, r, came)
	}
	if err := u.judge(r, lostJob); err != nil {
		t.Errorf("pulled after %d: %v", at, err)
	}
	pass(10 * time.Second)
	if s := u.d.Status(); s.Reason != devices.Unplugged {
		t.Errorf("%+v", s)
	}
	mu.Lock()
	in = true
	mu.Unlock()
	u.d.Kick()
	pass(time.Second)
	if r.Outcome == Printed {
		return
	}
	if err := u.again(r, traits); err != nil {
		t.Errorf("pulled after %d: %v", at, err)
	}
}

// Every kind of address is opened; why one can't be is the status, with its detail.
func TestOpen(t *testing.T) {
	for address, want := range map[string][]devices.Reason{
		"usb:ffff:fffe":                 {devices.Unplugged, devices.NotSupported, devices.Unreachable},
		"windows:no such queue":         {devices.NotSupported, devices.PortMissing, devices.Unreachable},
		"serial:///dev/there-is-no-tty": {devices.PortMissing},
	} {
		u, err := devices.ParseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Open(u, quick)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, address, func() bool { return reason(d) != devices.Connecting })
		ok := false
		for _, w := range want {
			ok = ok || reason(d) == w
		}
		if s := d.Status(); !ok || s.Detail == "" {
			t.Errorf("%s: %+v", address, s)
		}
		if r := d.Print(context.Background(), Job{Bytes: []byte("x")}); r.Outcome != NotPrinted {
			t.Errorf("%s: %+v", address, r)
		}
		_ = d.Close()
	}
	for _, address := range []string{"virtual:", "pcsc:X", "wedge:"} {
		u, err := devices.ParseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(u, quick); err == nil {
			t.Errorf("%s was opened", address)
		}
	}
}

// Garbage on the line, before every answer: nothing is called printed that is not, and
// nothing is said of a status that no answer gave.
func TestGarbageOnTheLine(t *testing.T) {
	makeJobs(t)
	for _, noise := range []string{"\xff", "\x00", "\x12", "\x7f\x80", "7\"", "_garbage", "\x37\x22abcd\x00", "\x14\x00", "\x11"} {
		for name, traits := range kinds {
			traits.Noise = noise
			synctest.Test(t, func(t *testing.T) {
				u := onPipe(traits, quick, nil)
				defer u.d.Close()
				pass(time.Second)
				for line := 1; line < 24; line += 5 {
					u.OutAfter(-1, line)
					r := u.d.Print(context.Background(), Job{ID: uint32(line), Bytes: lostJob})
					if whole := u.waits("lost end"); r.Outcome == Printed && (whole || u.Condition().PaperOut && !traits.LatePaper) {
						t.Errorf("%s, noise %q, line %d: %+v", name, noise, line, r)
					}
					u.ChangePaper()
					pass(time.Second)
				}
			})
		}
	}
}

// Where only the number of answers proves a job, a byte too many makes them prove nothing;
// and a printer that has fallen silent proves nothing by what it said of itself before.
func TestNoiseProvesNothing(t *testing.T) {
	makeJobs(t)
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{NoProcessID: true, Noise: "\x00"}, quick, nil)
		defer u.d.Close()
		pass(time.Second)
		if r := u.d.Print(context.Background(), Job{ID: 1, Bytes: lostJob}); r.Outcome != Unknown || r.Detail == "" {
			t.Errorf("%+v", r)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var line *outage
		u := onPipe(Traits{NoProcessID: true}, quick, func(c net.Conn) net.Conn {
			line = &outage{Conn: c, off: 300, on: 1 << 30}
			return line
		})
		defer u.d.Close()
		pass(time.Second)
		line.e, line.counting = u.Emulator, true
		time.AfterFunc(100*time.Millisecond, func() { // a line that breaks off sends zeros
			l := u.d.link
			l.mu.Lock()
			missing := l.queuedAsked - l.queuedSeen
			l.mu.Unlock()
			u.mu.Lock()
			defer u.mu.Unlock()
			u.reply(make([]byte, missing))
		})
		r := u.d.Print(context.Background(), Job{ID: 1, Bytes: lostJob})
		if err := u.judge(r, lostJob); err != nil {
			t.Error(err)
		}
	})
}

// Ten thousand runs of random bytes come from a printer that lives; the driver lives on.
func TestRandomStatuses(t *testing.T) {
	makeJobs(t)
	before := runtime.NumGoroutine()
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{}, quick, nil)
		random := rand.New(rand.NewPCG(1, 2))
		u.d.Watch(func(devices.Status) {})
		u.d.WatchDrawer(func(DrawerState) {})
		printed := 0
		for i := range 10_000 {
			b := make([]byte, 1+random.IntN(24))
			for k := range b {
				b[k] = byte(random.UintN(256))
			}
			u.Say(b)
			switch {
			case i%500 == 0:
				r := u.d.Print(context.Background(), Job{ID: uint32(i), Bytes: lostJob})
				if err := u.judge(r, lostJob); err != nil && printed == 0 {
					t.Errorf("after %d: %v", i, err)
				}
				if r.Outcome == Printed {
					printed++
				}
			case i%501 == 0:
				_, _ = u.d.Identify(context.Background())
			case i%100 == 0:
				_ = u.d.KickDrawer(context.Background())
				u.Set(Condition{})
			case i%10 == 0:
				pass(time.Millisecond)
			}
		}
		if err := u.d.Reconnect(context.Background()); err != nil {
			t.Error(err)
		}
		if r := u.d.Print(context.Background(), Job{ID: 77, Bytes: copyJob}); r.Outcome != Printed {
			t.Errorf("%+v after %d jobs printed", r, printed)
		}
		_ = u.d.Close()
		pass(time.Minute)
	}) // which fails when a goroutine is left
	if after := runtime.NumGoroutine(); after > before+5 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// A live network: the far end of a TCP connection is reset at every 64th byte.
func TestTCPPulledAnywhere(t *testing.T) {
	makeJobs(t)
	for name, traits := range map[string]Traits{"full": {}, "clone": {NoProcessID: true}} {
		for at := 1; at < len(lostJob)+64; at += 64 {
			t.Run(fmt.Sprintf("%s/%d", name, at), func(t *testing.T) {
				t.Parallel()
				tcpPulled(t, traits, at)
			})
		}
	}
}

func tcpPulled(t *testing.T, traits Traits, at int) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	u := &unit{Emulator: NewEmulator(traits), roll: new(roll), first: make(chan struct{})}
	u.OnPaper(u.roll.add)
	var reset reader
	go func() {
		for n := 0; ; n++ {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			if n == 0 {
				reset.TCPConn, reset.left = conn.(*net.TCPConn), 1<<30
				_ = u.Attach(context.Background(), &reset)
				close(u.first)
				continue
			}
			_ = u.Attach(context.Background(), conn)
		}
	}()
	u.d = drive(t, ln.Addr().String(), Config{Timeout: 2 * time.Second, ProbeTimeout: 250 * time.Millisecond})
	eventually(t, "ready", func() bool { return u.d.Status().Health == devices.Ready })
	if _, err := u.d.Refresh(context.Background()); err != nil { // nothing of the probe is on its way any more
		t.Fatal(err)
	}
	before := u.Received()
	reset.mu.Lock()
	reset.left = at
	reset.mu.Unlock()
	r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob})
	if at < len(lostJob) { // later it may be printed before the line goes
		<-u.first
	}
	if came := min(u.Received()-before, len(lostJob)); r.Outcome == Unknown && r.BytesSent < min(came, at) {
		t.Errorf("reset after %d: %+v, and %d came", at, r, came)
	}
	if err := u.judge(r, lostJob); err != nil {
		t.Errorf("reset after %d: %v", at, err)
	}
	if r.Outcome != Printed {
		if err := u.again(r, traits); err != nil {
			t.Errorf("reset after %d: %v", at, err)
		}
	}
	_ = u.d.Close()
}

// reader is a printer's end of a connection that is reset after so many bytes.
type reader struct {
	*net.TCPConn
	mu   sync.Mutex
	left int
}

func (r *reader) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		_ = r.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
		n, err := r.TCPConn.Read(b[:min(len(b), max(r.left, 1))])
		if os.IsTimeout(err) && n == 0 {
			r.mu.Unlock()
			time.Sleep(time.Millisecond)
			r.mu.Lock()
			continue
		}
		if r.left -= n; r.left <= 0 {
			_ = r.SetLinger(0)
			_ = r.TCPConn.Close()
			return max(n+min(r.left, 0), 0), io.EOF
		}
		return n, err
	}
}
