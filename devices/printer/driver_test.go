package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

// quick are a driver's times, short enough for hundreds of jobs in a test.
var quick = Config{Timeout: 250 * time.Millisecond, DialTimeout: time.Second, ProbeTimeout: 150 * time.Millisecond,
	MuteWait: 40 * time.Millisecond, ClearTimeout: 200 * time.Millisecond, Heartbeat: time.Minute}

// roll gathers the papers of an emulator.
type roll struct {
	mu     sync.Mutex
	papers []Paper
}

func (r *roll) add(p Paper) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.papers = append(r.papers, p)
}

// with is how many papers carry the text.
func (r *roll) with(text string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, p := range r.papers {
		if strings.Contains(escpos.Decode(p.Bytes, escpos.DecodeOptions{}).Text(), text) {
			n++
		}
	}
	return n
}

// onTCP serves an emulator on a real socket and drives it.
func onTCP(t *testing.T, traits Traits, conf Config) (*Emulator, *roll, *Driver, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e, papers := NewEmulator(traits), new(roll)
	e.OnPaper(papers.add)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		_ = e.Serve(ctx, ln)
		close(served)
	}()
	t.Cleanup(func() { cancel(); <-served })
	d := drive(t, ln.Addr().String(), conf)
	return e, papers, d, ln.Addr().String()
}

func drive(t *testing.T, addr string, conf Config) *Driver {
	t.Helper()
	u, err := devices.ParseURL("tcp://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(u, conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func receipt(t testing.TB, name string) []byte {
	t.Helper()
	enc, err := escpos.NewEncoder(escpos.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	doc := escpos.SpecimenReceipt()
	doc.Blocks = append([]escpos.Block{escpos.Text{S: name + " begin"}}, doc.Blocks[:len(doc.Blocks)-1]...)
	doc.Add(escpos.Text{S: name + " end"}, escpos.Cut{})
	b, err := enc.Append(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func reason(d *Driver) devices.Reason { return d.Status().Reason }

func connected(d *Driver) bool {
	return reason(d) != devices.Unreachable && reason(d) != devices.Connecting
}

// What each kind of printer can prove, and what is said of a job on it.
func TestProofs(t *testing.T) {
	for name, c := range map[string]struct {
		traits Traits
		want   Outcome
		proof  Proof
	}{
		"good":                      {Traits{}, Printed, ByProcessID},
		"no automatic status":       {Traits{NoAuto: true}, Printed, ByProcessID},
		"no DLE EOT":                {Traits{NoRealTime: true}, Printed, ByProcessID},
		"clone":                     {Traits{NoProcessID: true}, Printed, ByQueue},
		"clone without automatic":   {Traits{NoProcessID: true, NoAuto: true}, Printed, ByQueue},
		"clone that echoes rubbish": {Traits{WrongID: true}, Printed, ByQueue},
		"clone of clones":           {Traits{NoProcessID: true, NoQueued: true}, Unknown, ByNothing},
		"rubbish and no queue":      {Traits{WrongID: true, NoQueued: true}, Unknown, ByNothing},
		"mute":                      {Traits{Mute: true}, Unknown, ByNothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, papers, d, _ := onTCP(t, c.traits, Config{ProbeTimeout: 150 * time.Millisecond})
			for i := range 3 {
				text := fmt.Sprintf("job %d.", i)
				began := time.Now()
				r := d.Print(context.Background(), Job{ID: uint32(i), Bytes: receipt(t, text)})
				if r.Outcome != c.want || r.Proof != c.proof {
					t.Fatalf("%+v", r)
				}
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("took %v", took)
				}
				eventually(t, "paper", func() bool { return papers.with(text+" end") == 1 })
			}
		})
	}
}

// A healthy printer is not asked anything between the call and the first byte.
func TestNoRoundTripBeforeAJob(t *testing.T) {
	host, unit := net.Pipe()
	e := NewEmulator(Traits{})
	tap := &tap{Conn: unit}
	go func() { _ = e.Attach(context.Background(), tap) }()
	d := New(func(context.Context) (port.Port, error) { return port.FromConn(host), nil }, quick)
	defer d.Close()
	eventually(t, "ready", func() bool { return d.Status().Health == devices.Ready })
	tap.mu.Lock()
	tap.seen = nil
	tap.mu.Unlock()
	if r := d.Print(context.Background(), Job{ID: 7, Bytes: receipt(t, "x")}); r.Outcome != Printed {
		t.Fatalf("%+v", r)
	}
	tap.mu.Lock()
	defer tap.mu.Unlock()
	if !bytes.HasPrefix(tap.seen, []byte("\x1b@\x1da\xff\x1c&")) {
		t.Errorf("the job began with % x", tap.seen[:8])
	}
}

type tap struct {
	net.Conn
	mu   sync.Mutex
	seen []byte
}

func (c *tap) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	c.seen = append(c.seen, b[:n]...)
	c.mu.Unlock()
	return n, err
}

// Not printed is said when nothing left, and then nothing ever comes out.
func TestNotPrinted(t *testing.T) {
	for want, cond := range map[devices.Reason]Condition{
		devices.PaperOut:    {PaperOut: true},
		devices.CoverOpen:   {CoverOpen: true},
		devices.SaysOffline: {Offline: true},
		devices.Cutter:      {CutterError: true},
	} {
		for _, before := range []bool{true, false} {
			e, papers, d, _ := onTCP(t, Traits{}, quick)
			if before {
				e.Set(cond)
			}
			eventually(t, "connected", func() bool { return connected(d) })
			e.Set(cond)
			eventually(t, "the status is seen", func() bool { return reason(d) == want })
			r := d.Print(context.Background(), Job{Bytes: receipt(t, "x")})
			if r.Outcome != NotPrinted || r.Reason != want || r.BytesSent != 0 {
				t.Errorf("%s: %+v", want, r)
			}
			e.Set(Condition{})
			eventually(t, "ready again", func() bool { return d.Status().Health == devices.Ready })
			if papers.with("x") != 0 {
				t.Error("it came out all the same")
			}
			if r := d.Print(context.Background(), Job{ID: 2, Bytes: receipt(t, "y")}); r.Outcome != Printed {
				t.Errorf("afterwards: %+v", r)
			}
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	d := drive(t, addr, quick)
	if r := d.Print(context.Background(), Job{Bytes: []byte("x")}); r.Outcome != NotPrinted || r.Reason != devices.Unreachable {
		t.Errorf("refused: %+v", r)
	}
	if r := d.Print(context.Background(), Job{}); r.Outcome != NotPrinted || r.Reason != devices.BadJob {
		t.Errorf("empty: %+v", r)
	}
	_ = d.Close()
	if r := d.Print(context.Background(), Job{Bytes: []byte("x")}); r.Outcome != NotPrinted || r.Reason != devices.Closed {
		t.Errorf("closed: %+v", r)
	}
}

// An earlier till died in the middle of a picture, which still waits for its dots:
// the next receipt is not taken for them, and what was begun is cut off before it.
func TestReceiptIsNotSwallowed(t *testing.T) {
	e, papers := NewEmulator(Traits{}), new(roll)
	e.OnPaper(papers.add)
	e.Receive([]byte("\x1b@earlier\n\x1dv0\x00\x48\x00\xff\x00begun"))
	d := OpenVirtual(e, quick)
	defer d.Close()
	if r := d.Print(context.Background(), Job{ID: 3, Bytes: receipt(t, "next")}); r.Outcome != Printed || r.Proof != ByProcessID {
		t.Fatalf("%+v", r)
	}
	papers.mu.Lock()
	defer papers.mu.Unlock()
	if len(papers.papers) != 2 || !bytes.Contains(papers.papers[0].Bytes, []byte("earlier")) || bytes.Contains(papers.papers[1].Bytes, []byte("earlier")) {
		t.Errorf("%d papers: %v", len(papers.papers), papers.papers)
	}
}

// Raw ports idle out: a printer that has hung up is called again before a job.
func TestReconnectsBeforeAJob(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	e := NewEmulator(Traits{})
	conns := make(chan net.Conn, 8)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			conns <- c
			_ = e.Attach(context.Background(), c)
		}
	}()
	d := drive(t, ln.Addr().String(), quick)
	for i := range 5 {
		began := time.Now()
		if r := d.Print(context.Background(), Job{ID: uint32(i), Bytes: receipt(t, "x")}); r.Outcome != Printed {
			t.Fatalf("job %d: %+v", i, r)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("job %d took %v", i, took)
		}
		_ = (<-conns).Close()
		eventually(t, "the hang-up is noticed", func() bool { return reason(d) == devices.Interrupted || len(conns) > 0 })
	}
	if err := d.Reconnect(context.Background()); err != nil {
		t.Error(err)
	}
	if _, err := d.Refresh(context.Background()); err != nil {
		t.Error(err)
	}
}

// counted notes whether it was closed.
type counted struct {
	port.Port
	closed *atomic.Int32
}

func (c counted) Close() error {
	c.closed.Add(1)
	return c.Port.Close()
}

// A connection whose far end went away is closed before there is a new one: as long as somebody holds the line of an
// adapter, it comes back under another name when it is plugged in again.
func TestALostPortIsClosedBeforeTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var closed atomic.Int32
		dials := int32(0)
		var far net.Conn
		e := NewEmulator(Traits{})
		d := New(func(context.Context) (port.Port, error) {
			if n := closed.Load(); n != dials {
				t.Errorf("%d of %d ports are closed", n, dials)
			}
			dials++
			near, unit := net.Pipe()
			far = unit
			go func() { _ = e.Attach(context.Background(), unit) }()
			return counted{port.FromConn(near), &closed}, nil
		}, quick)
		for range 3 {
			pass(time.Second)
			_ = far.Close()
		}
		pass(time.Second)
		_ = d.Close()
		if n := closed.Load(); n != dials || dials != 4 {
			t.Errorf("%d of %d ports are closed in the end", n, dials)
		}
	})
}

func TestStatusIsWatched(t *testing.T) {
	e, _, d, _ := onTCP(t, Traits{}, quick)
	var mu sync.Mutex
	var seen []devices.Reason
	d.Watch(func(s devices.Status) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, s.Reason)
	})
	eventually(t, "ready", func() bool { return d.Status().Health == devices.Ready })
	for _, c := range []struct {
		cond Condition
		want devices.Reason
	}{{Condition{PaperNearEnd: true}, devices.PaperNearEnd}, {Condition{PaperOut: true}, devices.PaperOut}, {Condition{CoverOpen: true}, devices.CoverOpen}, {Condition{}, devices.None}} {
		e.Set(c.cond)
		eventually(t, string(c.want), func() bool { return reason(d) == c.want })
	}
	mu.Lock()
	if got := fmt.Sprint(seen[len(seen)-4:]); got != "[near end paper out cover open ]" {
		t.Error(got)
	}
	mu.Unlock()
	if err := d.KickDrawer(context.Background()); err != nil {
		t.Error(err)
	}
	eventually(t, "the drawer", func() bool { return e.Kicks() == 1 })
	e.Set(Condition{PaperOut: true})
	eventually(t, "paper out", func() bool { return reason(d) == devices.PaperOut })
	var f *Fault
	if err := d.KickDrawer(context.Background()); !errors.As(err, &f) || f.Reason != devices.PaperOut {
		t.Error(err)
	}
	if _, err := d.Refresh(context.Background()); !errors.As(err, &f) || f.Reason != devices.PaperOut {
		t.Error(err)
	}
	if ok, err := d.ClearBuffers(context.Background()); !ok || err != nil {
		t.Error(ok, err)
	}
}

// Jobs of several callers do not mingle, and one who gives up waiting has printed nothing.
func TestOneJobAtATime(t *testing.T) {
	_, papers, d, _ := onTCP(t, Traits{}, Config{})
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			if r := d.Print(context.Background(), Job{ID: uint32(i), Bytes: receipt(t, fmt.Sprintf("n%d.", i))}); r.Outcome != Printed {
				t.Errorf("%+v", r)
			}
		})
	}
	wg.Wait()
	for i := range 12 {
		if papers.with(fmt.Sprintf("n%d. begin", i)) != 1 || papers.with(fmt.Sprintf("n%d. end", i)) != 1 {
			t.Errorf("paper %d", i)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := d.Print(ctx, Job{Bytes: []byte("x")}); r.Outcome != NotPrinted || r.Reason != devices.Cancelled {
		t.Errorf("%+v", r)
	}
}

// An echo for another job proves nothing.
func TestStaleEcho(t *testing.T) {
	host, unit := net.Pipe()
	d := New(func(context.Context) (port.Port, error) { return port.FromConn(host), nil }, quick)
	defer d.Close()
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := unit.Read(buf)
			if err != nil {
				return
			}
			if bytes.Contains(buf[:n], []byte("\x10\x04\x01")) {
				_, _ = unit.Write([]byte("\x12\x12\x12\x12\x00\x37\x22~~~~\x00"))
			}
			if bytes.Contains(buf[:n], []byte("stale")) {
				old := escpos.ProcessID(3)
				_, _ = unit.Write(append(append([]byte{0x37, 0x22}, old[:]...), 0, 0, 0))
			}
		}
	}()
	r := d.Print(context.Background(), Job{ID: 4, Bytes: []byte("stale\n")})
	if r.Outcome != Unknown || r.Cleared || r.Detail == "" {
		t.Errorf("%+v", r)
	}
}

// A printer that takes nothing more: how much left is known, and it is unknown
// what became of it.
func TestPrinterThatTakesNothing(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	slow := quick
	slow.Timeout = 2 * time.Second
	d := drive(t, ln.Addr().String(), slow)
	began := time.Now()
	r := d.Print(context.Background(), Job{Bytes: make([]byte, 16<<20)})
	if r.Outcome != Unknown || r.BytesSent == 0 || r.BytesSent == 16<<20 || r.Reason != devices.TimedOut {
		t.Errorf("%+v", r)
	}
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("took %v", took)
	}
}
