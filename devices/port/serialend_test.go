package port

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.bug.st/serial"

	"veratill/devices"
)

// slowLine is a line in virtual time: it takes bytes at once, sends them at its rate, and may be
// held up in each call.
type slowLine struct {
	serial.Port
	baud int
	dead bool // it sends nothing

	mu              sync.Mutex
	leaves          time.Time
	flushed, closed bool
	inside          int // calls under way
	under           int // of them when it was closed
	hold            map[string]chan struct{}
}

func newSlowLine(baud int, held ...string) *slowLine {
	l := &slowLine{baud: baud, hold: map[string]chan struct{}{}}
	for _, call := range held {
		l.hold[call] = make(chan struct{})
	}
	return l
}

// enter holds a call up until somebody lets it go.
func (l *slowLine) enter(call string) func() {
	l.mu.Lock()
	l.inside++
	hold := l.hold[call]
	l.mu.Unlock()
	if hold != nil {
		<-hold
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.inside--
	}
}

func (l *slowLine) Write(b []byte) (int, error) {
	defer l.enter("write")()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); l.leaves.Before(now) {
		l.leaves = now
	}
	l.leaves = l.leaves.Add(time.Duration(len(b)) * 10 * time.Second / time.Duration(l.baud))
	return len(b), nil
}

func (l *slowLine) Drain() error {
	defer l.enter("drain")()
	for {
		l.mu.Lock()
		done := l.flushed || !l.dead && !time.Now().Before(l.leaves)
		l.mu.Unlock()
		if done {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
}

func (l *slowLine) ResetOutputBuffer() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flushed = true
	return nil
}

func (l *slowLine) Close() error {
	l.mu.Lock()
	l.closed, l.under = true, l.inside
	hold := l.hold["close"]
	l.mu.Unlock()
	if hold != nil {
		<-hold
	}
	return nil
}

func (l *slowLine) state() (flushed, closed bool, under int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flushed, l.closed, l.under
}

func send(t *testing.T, p Port, size int) {
	t.Helper()
	if n, err := p.WriteBy(time.Now().Add(time.Second), make([]byte, size)); n != size || err != nil {
		t.Fatal(n, err)
	}
}

// timedClose is how long Close takes, and what it says.
func timedClose(p Port) (time.Duration, error) {
	begun := time.Now()
	err := p.Close()
	return time.Since(begun), err
}

// What was written leaves before the line is closed, as long as that takes by its rate: the end of a
// program does not cut a paper off. 4 KiB is what a system keeps.
func TestSerialCloseLetsBytesLeave(t *testing.T) {
	for size, want := range map[int]time.Duration{0: 0, 100: 104 * time.Millisecond, 1024: 1066 * time.Millisecond, 4096: 4266 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			l := newSlowLine(9600)
			p := newSerialPort(l, "slow", 9600)
			send(t, p, size)
			took, err := timedClose(p)
			flushed, closed, _ := l.state()
			if took < want || took > want+10*time.Millisecond || flushed || !closed || err != nil {
				t.Errorf("%d bytes: closed after %v, not %v, flushed %v: %v", size, took, want, flushed, err)
			}
			if err := p.Close(); err != nil {
				t.Error("again:", err)
			}
		})
	}
}

// A device that takes nothing is given a second more than the line needs, 5 s at most, and what it
// has not taken is thrown away.
func TestSerialCloseOfALineThatSendsNothing(t *testing.T) {
	for size, most := range map[int]time.Duration{100: 1110 * time.Millisecond, 1024: 2070 * time.Millisecond, 64 << 10: 5010 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			l := newSlowLine(9600)
			l.dead = true
			p := newSerialPort(l, "dead", 9600)
			send(t, p, size)
			took, err := timedClose(p)
			flushed, closed, _ := l.state()
			if took > most || !flushed || !closed || err != nil {
				t.Errorf("%d bytes: closed %v after %v, flushed %v: %v", size, closed, took, flushed, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // a fast one: what it can hold is soon gone
		l := newSlowLine(115_200)
		l.dead = true
		p := newSerialPort(l, "fast", 115_200)
		send(t, p, 64<<10)
		if took, err := timedClose(p); took > 1400*time.Millisecond || err != nil {
			t.Error(took, err)
		}
	})
	synctest.Test(t, func(t *testing.T) { // it was idle: it has had its time
		l := newSlowLine(9600)
		l.dead = true
		p := newSerialPort(l, "idle", 9600)
		send(t, p, 100)
		time.Sleep(time.Minute)
		if took, err := timedClose(p); took > closeLeast+10*time.Millisecond || err != nil {
			t.Error(took, err)
		}
	})
}

// The system holds a call up, whichever it is: Close comes back, the line is not closed under
// a call that may still use its file's number, it can't be opened meanwhile, and it is given back in the end.
func TestSerialCloseBesideACallThatHangs(t *testing.T) {
	for call, most := range map[string]time.Duration{"write": closeGrace, "drain": 2 * time.Second, "close": 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			l := newSlowLine(9600, call)
			p := newSerialPort(l, "held", 9600)
			n, err := p.WriteBy(time.Now().Add(200*time.Millisecond), make([]byte, 100))
			if call == "write" && (n != 64 || !errors.Is(err, ErrTimeout)) {
				t.Errorf("%d %v", n, err)
			}
			took, err := timedClose(p)
			reasonIs(t, err, devices.TimedOut)
			if took > most {
				t.Errorf("%s: Close took %v", call, took)
			}
			_, err = openSerial(t.Context(), "held", serial.Mode{BaudRate: 9600})
			reasonIs(t, err, devices.TimedOut)
			if _, closed, _ := l.state(); closed != (call == "close") {
				t.Errorf("%s: closed %v", call, closed)
			}
			time.Sleep(time.Minute)
			close(l.hold[call])
			synctest.Wait()
			if _, closed, under := l.state(); !closed || under != 0 {
				t.Errorf("%s: closed %v, under %d calls", call, closed, under)
			}
			if leftBehind.has("held") {
				t.Errorf("%s: it counts as left behind", call)
			}
			if err := p.Close(); err != nil {
				t.Error("again:", err)
			}
		})
	}
}

// A piece that a signal has broken off is not carried on after Close.
func TestSerialCloseWithinAPiece(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &halfLine{slowLine: newSlowLine(9600, "write")}
		p := newSerialPort(l, "half", 9600)
		wrote := make(chan int)
		go func() {
			n, _ := p.WriteBy(time.Now().Add(time.Minute), make([]byte, 64))
			wrote <- n
		}()
		synctest.Wait()
		go func() { _ = p.Close() }()
		if n := <-wrote; n != 64 {
			t.Errorf("%d may have left", n)
		}
		close(l.hold["write"])
		_ = p.Close()
		if l.writes != 1 {
			t.Errorf("%d writes", l.writes)
		}
	})
}

// halfLine takes half of what it is given.
type halfLine struct {
	*slowLine
	writes int
}

func (l *halfLine) Write(b []byte) (int, error) {
	l.writes++
	return l.slowLine.Write(b[:(len(b)+1)/2])
}

// A line that does not open holds nobody up, is not asked again meanwhile, and is closed when it opens too late.
func TestSerialOpenThatHangs(t *testing.T) {
	real := openLine
	defer func() { openLine = real }()
	u := devices.URL{Scheme: devices.Serial, Path: "late", Baud: 9600}
	for want, end := range map[devices.Reason]func(context.Context) (context.Context, context.CancelFunc){
		devices.TimedOut: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
		devices.Cancelled: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, late := newSlowLine(9600), make(chan struct{})
			var opens atomic.Int32
			openLine = func(string, serial.Mode) (serial.Port, error) {
				opens.Add(1)
				<-late
				return l, nil
			}
			ctx, cancel := end(t.Context())
			defer cancel()
			begun := time.Now()
			_, err := Open(ctx, u)
			reasonIs(t, err, want)
			if took := time.Since(begun); took != time.Second {
				t.Errorf("after %v", took)
			}
			_, err = Open(t.Context(), u)
			reasonIs(t, err, devices.TimedOut)
			if n := opens.Load(); n != 1 {
				t.Errorf("%d goroutines wait", n)
			}
			close(late)
			synctest.Wait()
			if _, closed, _ := l.state(); !closed {
				t.Error("it stays open")
			}
			p, err := Open(t.Context(), u)
			if err != nil {
				t.Fatal(err)
			}
			_ = p.Close()
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	openLine = func(string, serial.Mode) (serial.Port, error) {
		t.Error("opened for nobody")
		return nil, errors.New("")
	}
	_, err := Open(ctx, u)
	reasonIs(t, err, devices.Cancelled)
}
