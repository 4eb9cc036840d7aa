package devices

import (
	"sync"
	"time"
)

// Watched is the status of a driver, and who is told of it. Its zero value is a device that has not
// been heard of; Begin says that it is looked for. It is safe for use by several goroutines.
type Watched struct {
	notify sync.Mutex // keeps calls of watchers in order

	mu       sync.Mutex
	status   Status
	watchers []func(Status)
	ended    bool
}

// Begin is the status of a device that is being looked for: Busy, Connecting. Nobody is told.
func (w *Watched) Begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status = Status{Health: Busy, Reason: Connecting, Since: time.Now()}
}

// Set takes a status, and tells the watchers where a screen would show another one than before.
func (w *Watched) Set(h Health, r Reason, detail string) { w.take(h, r, detail, false) }

// End is Set with a status that nothing changes any more.
func (w *Watched) End(h Health, r Reason, detail string) { w.take(h, r, detail, true) }

func (w *Watched) take(h Health, r Reason, detail string, last bool) {
	w.notify.Lock()
	defer w.notify.Unlock()
	next := Status{Health: h, Reason: r, Since: time.Now(), Detail: detail}
	w.mu.Lock()
	if w.ended {
		w.mu.Unlock()
		return
	}
	same := w.status.Same(next)
	if same {
		next.Since = w.status.Since
	}
	w.status, w.ended = next, last
	watchers := w.watchers
	w.mu.Unlock()
	if same {
		return
	}
	for _, f := range watchers {
		f(next)
	}
}

// Status is the last that is known, without asking.
func (w *Watched) Status() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

// Watch calls f after every change of Status that a screen would show, in order. f must return
// soon, and call nothing of the device but Status.
func (w *Watched) Watch(f func(Status)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watchers = append(w.watchers[:len(w.watchers):len(w.watchers)], f)
}
