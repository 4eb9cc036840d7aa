package port

import (
	"sync"
	"time"

	"veratill/devices"
)

// gate holds writers back while a device has said XOFF, and tells them of Close.
type gate struct {
	mu     *sync.Mutex
	open   chan struct{} // closed while writing is allowed
	paused bool
	closed chan struct{}
	once   *sync.Once
}

func newGate() gate {
	open := make(chan struct{})
	close(open)
	return gate{mu: new(sync.Mutex), open: open, closed: make(chan struct{}), once: new(sync.Once)}
}

func (g *gate) pause(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if on == g.paused {
		return
	}
	g.paused = on
	if on {
		g.open = make(chan struct{})
	} else {
		close(g.open)
	}
}

// wait returns nil when a write may begin.
func (g *gate) wait(deadline time.Time) error {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	select {
	case <-g.closed:
		return &Error{devices.Closed, ErrClosed}
	default:
	}
	select {
	case <-open:
		return nil
	default:
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-open:
		return nil
	case <-g.closed:
		return &Error{devices.Closed, ErrClosed}
	case <-timer.C:
		return &Error{devices.TimedOut, ErrTimeout}
	}
}

func (g *gate) close() { g.once.Do(func() { close(g.closed) }) }
