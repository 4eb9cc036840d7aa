package printer

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

// The promise that money hangs on, in virtual time: whatever happens to a printer at
// whatever byte, a job is never called printed unless all of it is on paper, and never
// says that fewer bytes left than came.

// pass lets time go by, until nothing more happens.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// kinds of printers that the promise is held to.
var kinds = map[string]Traits{
	"full": {}, "clone": {NoProcessID: true}, "mute": {Mute: true}, "cannot clear": {NoClear: true},
	"no automatic status": {NoAuto: true}, "late paper": {LatePaper: true}, "stale": {StaleID: true},
	"no GS r": {NoQueued: true}, "clone of clones": {NoProcessID: true, NoQueued: true, NoClear: true},
}

// unit is a printer that a test drives, all of whose paper is kept.
type unit struct {
	*Emulator
	d     *Driver
	roll  *roll
	conns int
	first chan struct{} // closed when the first connection has ended and is worked off
	came  int           // bytes that it had received then
}

// onPipe makes a printer behind a pipe in memory. wrap may put something between, on
// the first connection.
func onPipe(traits Traits, conf Config, wrap func(net.Conn) net.Conn) *unit {
	u := &unit{Emulator: NewEmulator(traits), roll: new(roll), first: make(chan struct{})}
	u.OnPaper(u.roll.add)
	u.d = New(func(context.Context) (port.Port, error) {
		host, far := net.Pipe()
		u.conns++
		first := u.conns == 1
		go func() {
			_ = u.Attach(context.Background(), far)
			if first {
				u.came = u.Received()
				close(u.first)
			}
		}()
		if first && wrap != nil {
			host = wrap(host)
		}
		return port.FromConn(host), nil
	}, conf)
	return u
}

// paper is everything that is on paper, in its order, also what still hangs in the printer.
func (u *unit) paper() []byte {
	u.roll.mu.Lock()
	defer u.roll.mu.Unlock()
	var all []byte
	for _, p := range u.roll.papers {
		all = append(all, p.Bytes...)
	}
	return append(all, u.Partial()...)
}

// waits is whether a text is among what the printer has not worked off.
func (u *unit) waits(text string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return bytes.Contains(u.queue, []byte(text))
}

// judge holds a report to what is on paper now.
func (u *unit) judge(r Report, job []byte) error {
	whole := bytes.Contains(u.paper(), job)
	switch {
	case r.Outcome == Printed && !whole:
		return fmt.Errorf("%+v, and it is not on paper", r)
	case (r.Outcome == NotPrinted) != (r.BytesSent == 0):
		return fmt.Errorf("%+v", r)
	case r.Outcome == NotPrinted && whole:
		return fmt.Errorf("%+v, and it is on paper", r)
	}
	return nil
}

// again prints a copy of a lost job, and holds that to be whole, alone on its paper, and
// the last that comes of either.
func (u *unit) again(r Report, traits Traits) error {
	before := bytes.Count(u.paper(), []byte("lost end"))
	copied := u.d.Print(context.Background(), Job{ID: 10, Bytes: copyJob})
	if traits.Mute && copied.Outcome != Printed || traits.NoProcessID && traits.NoQueued {
		pass(time.Second) // it can't be asked when it is done
	} else if copied.Outcome != Printed && !traits.NoClear {
		return fmt.Errorf("the copy: %+v after %+v", copied, r)
	}
	if err := u.judge(copied, copyJob); err != nil {
		return fmt.Errorf("the copy: %w", err)
	}
	if traits.NoClear || traits.Mute {
		return nil // its rest may come out, as the report said
	}
	if after := bytes.Count(u.paper(), []byte("lost end")); after > before {
		return fmt.Errorf("the lost job came out later, after %+v", r)
	}
	u.roll.mu.Lock()
	defer u.roll.mu.Unlock()
	for _, p := range u.roll.papers {
		if bytes.Contains(p.Bytes, []byte("copy begin")) && bytes.Contains(p.Bytes, []byte("lost")) {
			return fmt.Errorf("the copy hangs on what was lost: %q", p.Bytes)
		}
	}
	return nil
}

var lostJob, copyJob []byte

func makeJobs(t testing.TB) {
	if lostJob == nil {
		lostJob, copyJob = receipt(t, "lost"), receipt(t, "copy")
	}
}

// cutter is a connection that breaks after so many bytes to the printer.
type cutter struct {
	net.Conn
	left int
}

func (c *cutter) Write(b []byte) (int, error) {
	if len(b) < c.left {
		n, err := c.Conn.Write(b)
		c.left -= n
		return n, err
	}
	n, _ := c.Conn.Write(b[:c.left])
	c.left = 0
	_ = c.Conn.Close()
	return n, net.ErrClosed
}

// The cable is pulled at every 64th byte of a receipt.
func TestCablePulledAnywhere(t *testing.T) {
	makeJobs(t)
	for name, traits := range kinds {
		t.Run(name, func(t *testing.T) {
			for at := 0; at < len(lostJob)+64; at += 64 {
				synctest.Test(t, func(t *testing.T) { pulled(t, traits, at) })
			}
		})
	}
}

func pulled(t *testing.T, traits Traits, at int) {
	var cable *cutter
	u := onPipe(traits, quick, func(c net.Conn) net.Conn {
		cable = &cutter{c, 1 << 30}
		return cable
	})
	defer u.d.Close()
	pass(time.Second)
	before := u.Received()
	cable.left = at // nobody writes now
	r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob})
	if r.Outcome == Unknown && u.conns == 1 { // all of it went before the cable did
		_ = cable.Close()
	}
	if at > 0 || u.conns > 1 {
		<-u.first
		synctest.Wait()
		if came := min(u.came-before, len(lostJob)); r.Outcome == Unknown && r.BytesSent < came {
			t.Errorf("cut after %d: %+v, and %d came", at, r, came)
		}
	}
	if err := u.judge(r, lostJob); err != nil {
		t.Errorf("cut after %d: %v", at, err)
	}
	if err := u.again(r, traits); err != nil && r.Outcome != Printed {
		t.Errorf("cut after %d: %v", at, err)
	}
}

// Paper runs out, or somebody opens the cover, at each line of a receipt. What is put
// right within the job's time is printed; what is not is cleared where that can be.
func TestStoppedAtEachLine(t *testing.T) {
	makeJobs(t)
	lines := linesOf(lostJob)
	for name, traits := range kinds {
		t.Run(name, func(t *testing.T) {
			for line := range lines + 1 {
				for _, cover := range []bool{false, true} {
					synctest.Test(t, func(t *testing.T) { stopped(t, traits, line, cover, false) })
				}
				synctest.Test(t, func(t *testing.T) { stopped(t, traits, line, false, true) })
			}
		})
	}
}

func linesOf(job []byte) int {
	e := NewEmulator(Traits{})
	e.Receive(job)
	return e.lines
}

func stopped(t *testing.T, traits Traits, line int, cover, mended bool) {
	conf := quick
	conf.Timeout = 2 * time.Second
	u := onPipe(traits, conf, nil)
	defer u.d.Close()
	pass(time.Second)
	if u.OutAfter(-1, line); cover {
		u.OpenAfter(line)
	}
	mend := func() {
		if cover {
			u.Set(Condition{})
		} else {
			u.ChangePaper()
		}
	}
	if mended {
		time.AfterFunc(time.Second, mend)
	}
	r := u.d.Print(context.Background(), Job{ID: 5, Bytes: lostJob})
	at := fmt.Sprintf("line %d, cover %v, mended %v", line, cover, mended)
	if err := u.judge(r, lostJob); err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	if r.Cleared && (traits.NoClear || traits.Mute) {
		t.Fatalf("%s: %+v of a printer that can't", at, r)
	}
	if mended && r.Outcome != Printed && traits == (Traits{}) {
		t.Fatalf("%s: %+v", at, r)
	}
	whole := bytes.Contains(u.paper(), lostJob)
	pass(time.Second)
	mend()
	pass(time.Second)
	if later := bytes.Contains(u.paper(), lostJob); r.Cleared && later != whole {
		t.Fatalf("%s: %+v, and then it came out", at, r)
	}
	if r.Outcome == Printed {
		return
	}
	if err := u.again(r, traits); err != nil {
		t.Fatalf("%s: %v", at, err)
	}
}

// outage is a connection on which the printer's power goes at one byte and comes back at
// another, while the line stays up.
type outage struct {
	net.Conn
	e        *Emulator
	sent     int
	off, on  int
	counting bool
}

func (c *outage) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		n, err := c.Conn.Write(b[done:min(done+16, len(b))])
		done += n
		if err != nil {
			return done, err
		}
		if !c.counting {
			continue
		}
		was := c.sent
		c.sent += n
		if was < c.off && c.sent >= c.off {
			c.e.PowerOff(true)
		}
		if was < c.on && c.sent >= c.on {
			c.e.PowerOn()
		}
	}
	return done, nil
}

// The power fails within a job behind a line that stays up, so that the printer answers
// for its end: the marks within the job tell.
func TestPowerFailsBehindALineThatStays(t *testing.T) {
	makeJobs(t)
	for name, traits := range kinds {
		t.Run(name, func(t *testing.T) {
			for off := 16; off < len(lostJob); off += 64 {
				for _, long := range []int{2 * markEvery, 3 * markEvery, 1 << 20} {
					synctest.Test(t, func(t *testing.T) { powerFails(t, traits, off, off+long) })
				}
			}
		})
	}
}

func powerFails(t *testing.T, traits Traits, off, on int) {
	var line *outage
	u := onPipe(traits, quick, func(c net.Conn) net.Conn {
		line = &outage{Conn: c, off: off, on: on}
		return line
	})
	defer u.d.Close()
	pass(time.Second)
	line.e, line.counting = u.Emulator, true
	r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob})
	if err := u.judge(r, lostJob); err != nil && !(traits.NoQueued && !traits.NoProcessID) {
		t.Errorf("off at %d, on at %d: %v", off, on, err)
	}
	line.counting = false
	u.PowerOn()
	pass(time.Second)
	if r.Outcome == Printed {
		return
	}
	if err := u.again(r, traits); err != nil {
		t.Errorf("off at %d, on at %d: %v", off, on, err)
	}
}

// The power fails and takes the connection with it. Once it is back the driver finds the
// printer again, and the copy comes out alone.
func TestPowerFailsWithItsConnection(t *testing.T) {
	makeJobs(t)
	for name, traits := range kinds {
		t.Run(name, func(t *testing.T) {
			for line := 0; line < linesOf(lostJob); line += 2 {
				synctest.Test(t, func(t *testing.T) {
					u := onPipe(traits, quick, nil)
					defer u.d.Close()
					pass(time.Second)
					u.OutAfter(-1, line)
					time.AfterFunc(100*time.Millisecond, func() { u.PowerOff(false) })
					r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob})
					if err := u.judge(r, lostJob); err != nil {
						t.Error(line, err)
					}
					pass(3 * time.Second)
					u.Set(Condition{})
					u.PowerOn()
					pass(6 * time.Second)
					if u.d.Status().Health == devices.Offline {
						t.Errorf("it is not found again: %+v", u.d.Status())
					}
					if err := u.again(r, traits); err != nil {
						t.Error(line, err)
					}
				})
			}
		})
	}
}

// A job whose end is unknown is cleared from a printer that a print server hides: it
// says nothing while it is away, also when it is connected to, and is cleared once it does.
func TestClearedWhenItIsHeardAgain(t *testing.T) {
	makeJobs(t)
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{}, quick, func(c net.Conn) net.Conn { return c })
		defer u.d.Close()
		pass(time.Second)
		u.OutAfter(-1, 5)
		u.mu.Lock()
		u.traits.Mute = true
		u.mu.Unlock()
		r := u.d.Print(context.Background(), Job{ID: 9, Bytes: lostJob, Timeout: 100 * time.Millisecond})
		if r.Outcome != Unknown || r.Cleared {
			t.Fatalf("%+v", r)
		}
		pass(5 * time.Second) // connected anew by now, to no answer
		u.mu.Lock()
		u.traits.Mute = false
		u.mu.Unlock()
		out := u.status().Auto()
		u.Say(out[:])
		pass(time.Millisecond)
		if r := u.d.Print(context.Background(), Job{ID: 11, Bytes: copyJob}); r.Outcome != NotPrinted || u.waits("lost") {
			t.Errorf("%+v, and the lost job still waits", r)
		}
		u.Set(Condition{})
		if err := u.again(r, Traits{}); err != nil {
			t.Error(err)
		}
	})
}

// A printer on the bus is found again within 2 s of being plugged in, and at once when
// somebody says that something was.
func TestPluggedInAgain(t *testing.T) {
	for _, kick := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			in, dials := true, 0
			e := NewEmulator(Traits{})
			var host net.Conn
			d := New(func(context.Context) (port.Port, error) {
				mu.Lock()
				defer mu.Unlock()
				dials++
				if !in {
					return nil, &port.Error{Reason: devices.Unplugged, Err: fmt.Errorf("no device 04b8:0202")}
				}
				near, far := net.Pipe()
				host = near
				go func() { _ = e.Attach(context.Background(), far) }()
				return port.FromConn(near), nil
			}, Config{})
			defer d.Close()
			pass(time.Second)
			mu.Lock()
			in = false
			_ = host.Close()
			mu.Unlock()
			pass(time.Minute)
			if s := d.Status(); s.Reason != devices.Unplugged || s.Detail == "" {
				t.Errorf("%+v", s)
			}
			mu.Lock()
			in, dials = true, 0
			mu.Unlock()
			limit := 1500 * time.Millisecond
			if kick {
				d.Kick()
				limit = time.Millisecond
			}
			pass(limit)
			if s := d.Status(); s.Health != devices.Ready {
				t.Errorf("kick %v: %+v after %d attempts", kick, s, dials)
			}
		})
	}
}

// A printer that lost its power while nobody printed has forgotten that it was to report
// its status. The next heartbeat tells it again.
func TestReportsAgainAfterAPowerCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{}, quick, nil)
		defer u.d.Close()
		pass(time.Second)
		u.PowerOff(true)
		u.PowerOn()
		pass(quick.Heartbeat + time.Second)
		u.Set(Condition{CoverOpen: true})
		pass(time.Millisecond)
		if s := u.d.Status(); s.Reason != devices.CoverOpen {
			t.Errorf("%+v", s)
		}
	})
}

// A printer that does not say by itself that it has paper again is asked: what waits for it is printed within
// seconds, not at the next heartbeat. One that stops answering while it has no paper is not taken for gone at once.
func TestPaperIsNoticedWithoutAutomaticStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{NoAuto: true}, quick, nil)
		defer u.d.Close()
		pass(time.Second)
		u.Set(Condition{PaperOut: true})
		if _, err := u.d.Refresh(context.Background()); err == nil {
			t.Error("a printer without paper is well")
		}
		u.Set(Condition{})
		pass(stoppedBeat + time.Second)
		if s := u.d.Status(); s.Health != devices.Ready {
			t.Errorf("%v after paper was put in: %+v", stoppedBeat+time.Second, s)
		}
	})
}

// A printer that has stopped and misses a question is still there; after a heartbeat of silence it is gone.
func TestAStoppedPrinterMayMissAQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := onPipe(Traits{}, quick, nil)
		defer u.d.Close()
		pass(time.Second)
		u.Set(Condition{PaperOut: true})
		pass(time.Second)
		u.PowerOff(true)
		pass(3 * stoppedBeat)
		if s := u.d.Status(); s.Reason != devices.PaperOut {
			t.Errorf("after %v: %+v", 3*stoppedBeat, s)
		}
		pass(quick.Heartbeat)
		if s := u.d.Status(); s.Reason == devices.PaperOut {
			t.Errorf("after a heartbeat of silence: %+v", s)
		}
	})
}

// Marks stand only where a printer works commands off: never within one.
func TestMarksStandBetweenLines(t *testing.T) {
	long := append(receipt(t, "long"), bytes.Repeat([]byte("\x1dv0\x00\x10\x00\x20\x00"+string(make([]byte, 512))), 6)...)
	for _, job := range [][]byte{nil, []byte("x"), receipt(t, "a"), long, bytes.Repeat(long, 9)} {
		marked, n := appendMarked(nil, job)
		if n > mostMarks+1 || len(job) > 3*markEvery && n == 0 || len(marked) != len(job)+3*n {
			t.Errorf("%d marks in %d bytes", n, len(job))
		}
		var plain []byte
		last := escpos.OpLF
		for rest := marked; len(rest) > 0; {
			c, size := escpos.Next(rest)
			if size == 0 {
				t.Fatal("it ends within a command")
			}
			if c.Op != escpos.OpQueued {
				plain = append(plain, c.Raw...)
			} else if !endsLine(last) {
				t.Error("a mark within a line")
			}
			last = c.Op
			rest = rest[size:]
		}
		if !bytes.Equal(plain, job) {
			t.Errorf("%d bytes with %d marks are another job", len(job), n)
		}
	}
}
