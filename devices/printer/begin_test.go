//go:build !windows

package printer

import (
	"bytes"
	"context"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// begin begins a job, and says how long its caller was held up.
func (u *unit) begin(ctx context.Context, id uint32) (end func() Report, took time.Duration) {
	began := time.Now()
	end = u.d.Begin(ctx, Job{ID: id, Bytes: lostJob})
	return end, time.Since(began)
}

// Where the printer is free and well, the job is with it when Begin returns: nobody has to call end for that.
func TestBeginWritesBeforeItReturns(t *testing.T) {
	makeJobs(t)
	for name, traits := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := onPipe(traits, quick, nil)
				defer u.d.Close()
				pass(time.Second)
				end, took := u.begin(context.Background(), 9)
				synctest.Wait()
				if u.roll.with("lost") != 1 {
					t.Error("the receipt did not come out")
				}
				if took != 0 {
					t.Errorf("Begin took %v", took)
				}
				if r := end(); r.Outcome == NotPrinted || r.BytesSent != len(lostJob) {
					t.Errorf("%+v", r)
				}
				if r := u.d.Print(context.Background(), Job{ID: 10, Bytes: copyJob}); r.Outcome == NotPrinted {
					t.Errorf("the next job: %+v", r)
				}
			})
		})
	}
}

// Begin waits for nothing: what has to be waited for is left to end, and nothing has left before.
func TestBeginHoldsNobodyUp(t *testing.T) {
	makeJobs(t)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		hold func(u *unit) (undo func())
		want Outcome
	}{
		{"another job is under way", context.Background(), func(u *unit) func() { u.d.turn <- struct{}{}; return u.d.give }, Printed},
		{"an earlier job may be left in it", context.Background(), func(u *unit) func() { u.d.spoilt(); return func() {} }, Printed},
		{"the connection has ended", context.Background(), func(u *unit) func() { u.d.link.close(&port.Error{Reason: devices.Interrupted}); return func() {} }, Printed},
		{"the printer was out of paper", context.Background(), func(u *unit) func() {
			u.Set(Condition{PaperOut: true})
			synctest.Wait()
			return u.ChangePaper
		}, Printed},
		{"its caller has given up", cancelled, func(u *unit) func() { return func() {} }, NotPrinted},
		{"it is closed", context.Background(), func(u *unit) func() { _ = u.d.Close(); return func() {} }, NotPrinted},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := onPipe(Traits{}, quick, nil)
				defer u.d.Close()
				pass(time.Second)
				undo := c.hold(u)
				before := u.Received()
				end, took := u.begin(c.ctx, 9)
				if took != 0 || u.Received() != before {
					t.Errorf("Begin took %v and %d bytes came", took, u.Received()-before)
				}
				undo()
				if r := end(); r.Outcome != c.want || u.roll.with("lost") != map[Outcome]int{Printed: 1}[c.want] {
					t.Errorf("%+v, and %d papers", r, u.roll.with("lost"))
				}
			})
		})
	}
}

// A port that takes bytes no faster than its printer does is left to end.
func TestBeginWritesNothingToASlowPort(t *testing.T) {
	makeJobs(t)
	synctest.Test(t, func(t *testing.T) {
		e := NewEmulator(Traits{})
		u := &unit{Emulator: e, roll: new(roll)}
		u.OnPaper(u.roll.add)
		u.d = New(func(context.Context) (port.Port, error) { return port.FromUSB(newBus(e, 1<<30)), nil }, quick)
		defer u.d.Close()
		pass(time.Second)
		before := u.Received()
		end, took := u.begin(context.Background(), 9)
		synctest.Wait()
		if took != 0 || u.Received() != before {
			t.Errorf("Begin took %v and %d bytes came", took, u.Received()-before)
		}
		if r := end(); r.Outcome != Printed {
			t.Errorf("%+v", r)
		}
	})
}

// A network printer that reads nothing any more holds nobody up either, and the whole job leaves once it reads on.
func TestBeginGoesOnWhereTheConnectionStopped(t *testing.T) {
	makeJobs(t)
	synctest.Test(t, func(t *testing.T) {
		var line *stalled
		u := onPipe(Traits{}, quick, func(c net.Conn) net.Conn {
			line = &stalled{Conn: c, after: 1 << 30, goOn: make(chan struct{})}
			return line
		})
		defer u.d.Close()
		pass(time.Second)
		line.after = 100
		before := u.Received()
		end, took := u.begin(context.Background(), 9)
		synctest.Wait()
		if took > 10*time.Millisecond || u.Received()-before != 100 {
			t.Errorf("Begin took %v and %d bytes came", took, u.Received()-before)
		}
		time.AfterFunc(50*time.Millisecond, func() { close(line.goOn) })
		if r := end(); r.Outcome != Printed || bytes.Count(u.paper(), []byte("lost begin")) != 1 {
			t.Errorf("%+v, and on paper %q", r, u.paper())
		}
	})
}

// stalled is a connection that takes no more than so many bytes until it may go on.
type stalled struct {
	net.Conn
	after    int
	goOn     chan struct{}
	deadline time.Time
}

func (s *stalled) SetWriteDeadline(d time.Time) error {
	s.deadline = d
	return s.Conn.SetWriteDeadline(d)
}

func (s *stalled) Write(b []byte) (int, error) {
	first, err := s.Conn.Write(b[:min(len(b), s.after)])
	if s.after -= first; err != nil || first == len(b) {
		return first, err
	}
	select {
	case <-s.goOn:
		s.after = 1 << 30
	case <-time.After(time.Until(s.deadline)):
		return first, os.ErrDeadlineExceeded
	}
	n, err := s.Conn.Write(b[first:])
	return first + n, err
}

// A job whose marks were laid in beforehand sends what any other does, and is expected back in the same way.
func TestAMarkedJobSendsTheSame(t *testing.T) {
	makeJobs(t)
	for _, can := range []abilities{{}, {yes, yes, yes}, {yes, no, yes}, {yes, yes, no}, {yes, no, no}} {
		for _, job := range []Job{{ID: 9, Bytes: lostJob}, {ID: 9, Bytes: []byte("x")}} {
			plain, laid := link{can: can, queuedSeen: 3}, link{can: can, queuedSeen: 3}
			want, got := plain.expect(job), laid.expect(job.Marked())
			if !bytes.Equal(got.bytes, want.bytes) || got.queued != want.queued || got.proof != want.proof || laid.queuedAsked != plain.queuedAsked {
				t.Errorf("with %v it sends %q and expects %d answers, want %q and %d", can, got.bytes, got.queued, want.bytes, want.queued)
			}
			marks := bytes.Count(want.bytes, []byte("\x1dr\x01"))
			if can.queued == yes && want.queued != 3+marks || can.queued != yes && marks != 0 {
				t.Errorf("with %v it asks %d times and expects %d answers after 3", can, marks, want.queued)
			}
		}
	}
}
