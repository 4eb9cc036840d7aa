package port

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"veratill/devices"
)

// Linux closes a line only when its output has left, or after 30 s (closing_wait of setserial(8)), and
// a Drain or a Write that waits for a device holds it open beyond that. So a goroutine of its own
// closes, and Close waits for it only as long as the line needs for what was written.

const (
	// lineHolds is how many bytes a line may still have when Write has returned: Linux keeps 4096,
	// a page, for UARTs and for adapters on the bus.
	lineHolds = 4096
	// bitsAByte on the wire: 8, a start and a stop bit.
	bitsAByte = 10
	// closeSpare is how much longer than by its rate a line may take: adapters send in bursts.
	closeSpare = time.Second
	// closeLeast is for a line that should have nothing more, to say so.
	closeLeast = 50 * time.Millisecond
	// closeMost bounds that: 4096 bytes at 9600 baud, the slowest that printers are shipped with,
	// take 4.3 s.
	closeMost = 5 * time.Second
	// closeGrace is for the system, to take back a line that has nothing more to send.
	closeGrace = 300 * time.Millisecond
)

// sent notes that the system has taken n more bytes. writes is held.
func (p *serialPort) sent(n int) {
	now := time.Now()
	if p.leaves.Before(now) {
		p.leaves = now
	}
	p.leaves = p.leaves.Add(p.onWire(n))
	if last := now.Add(p.onWire(lineHolds)); p.leaves.After(last) {
		p.leaves = last
	}
}

// onWire is how long n bytes take at the line's rate.
func (p *serialPort) onWire(n int) time.Duration {
	return time.Duration(n) * bitsAByte * time.Second / time.Duration(p.baud)
}

// Close lets what was written leave, for as long as the line needs for it by its rate and a second more,
// 5 s at most; what a device has not taken then is thrown away. A line on which a write is stuck
// gets no such time. Where the system does not take the line back soon after that, a goroutine
// is left behind that gives it back once it can be, and the error is TimedOut; until then Open
// says the same of it.
func (p *serialPort) Close() error {
	p.closing.Do(func() {
		p.gate.close()
		p.writes.Lock() // no longer than a moment: the gate is closed
		var wait time.Duration
		if !p.stuck {
			wait = max(closeLeast, min(time.Until(p.leaves)+closeSpare, closeMost))
		}
		p.writes.Unlock()
		p.within = wait + closeGrace
		go p.giveBack(wait)
	})
	timer := time.NewTimer(p.within)
	defer timer.Stop()
	select {
	case <-p.gone:
		return p.err
	case <-timer.C:
		leftBehind.add(p.path, p.gone)
		return &Error{devices.TimedOut, fmt.Errorf("%w: %s is not given back", ErrTimeout, p.path)}
	}
}

// giveBack closes the line when nobody is in one of its calls any more: its file's number may be
// another file's right after that.
func (p *serialPort) giveBack(wait time.Duration) {
	defer close(p.gone)
	drained := make(chan struct{})
	if wait > 0 {
		go p.drain(drained)
	} else {
		close(drained)
		_ = p.line.ResetOutputBuffer() // it may set the writer free; where it can't, the device does one day
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-drained:
	case <-timer.C:
		_ = p.line.ResetOutputBuffer() // likewise
	}
	<-drained
	<-p.idle
	p.reads.Lock()
	defer p.reads.Unlock()
	p.err = p.line.Close()
}

// drain waits until the line has sent everything.
func (p *serialPort) drain(done chan<- struct{}) {
	defer close(done)
	for errors.Is(p.line.Drain(), syscall.EINTR) {
	}
}

// lineSet are lines that goroutines still hold which nobody waits for.
type lineSet struct {
	mu    sync.Mutex
	paths map[string]int
}

// leftBehind are those of this program. A line among them is not opened again: each attempt would
// leave one more behind.
var leftBehind = lineSet{paths: map[string]int{}}

// add notes a line until done is closed.
func (s *lineSet) add(path string, done <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths[path]++
	go func() {
		<-done
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.paths[path]--; s.paths[path] == 0 {
			delete(s.paths, path)
		}
	}()
}

func (s *lineSet) has(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paths[path] > 0
}
