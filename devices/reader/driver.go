package reader

import (
	"context"
	"errors"
	"sync"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// attached is a device that is there now.
type attached interface {
	// serve hands cards on until ctx ends, and is nil then, or until the device is lost.
	serve(ctx context.Context, d *Driver) error
	Close() error
}

// attach finds the device. Errors are *port.Error.
type attach func(ctx context.Context) (attached, error)

// Times of the loop that keeps a reader.
const (
	retryEvery   = 500 * time.Millisecond // after the device was lost, and until it is there
	refusedEvery = 5 * time.Second        // after a device that this till can't use
	attachWithin = 3 * time.Second
	closeWithin  = 2 * time.Second
)

// Driver is a Reader of a device that may come and go: it is attached in the background,
// and again whenever it was lost. A Read that waits goes on waiting over that; only where a
// card was under way it ends with SwipeLost.
type Driver struct {
	attach attach
	hand   *handoff
	kick   chan struct{}
	stop   context.CancelFunc
	ended  chan struct{} // closed when the loop has

	mu       sync.Mutex
	status   devices.Status
	watchers []func(devices.Status)
	notify   sync.Mutex // keeps calls of watchers in order
}

func newDriver(a attach) *Driver {
	ctx, stop := context.WithCancel(context.Background())
	d := &Driver{attach: a, hand: newHandoff(), kick: make(chan struct{}, 1), stop: stop, ended: make(chan struct{}),
		status: devices.Status{Health: devices.Busy, Reason: devices.Connecting, Since: time.Now()}}
	go d.keep(ctx)
	return d
}

// keep attaches the device, and does so again after it was lost.
func (d *Driver) keep(ctx context.Context) {
	defer close(d.ended)
	for ctx.Err() == nil {
		err := d.once(ctx)
		if ctx.Err() != nil {
			return
		}
		reason, pause := port.ReasonOf(err), retryEvery
		if reason == devices.NotSupported {
			pause = refusedEvery
		}
		d.set(devices.Offline, reason, err.Error())
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-d.kick:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

var errEnded = errors.New("the device gives up")

// once serves the device until it is lost.
func (d *Driver) once(ctx context.Context) error {
	finding, cancel := context.WithTimeout(ctx, attachWithin)
	a, err := d.attach(finding)
	cancel()
	if err != nil {
		return err
	}
	d.set(devices.Ready, devices.None, "")
	err = a.serve(ctx, d)
	_ = a.Close()
	if err == nil {
		err = &port.Error{Reason: devices.Interrupted, Err: errEnded}
	}
	return err
}

// Kick says that something was plugged in: the device is looked for at once. It never blocks.
func (d *Driver) Kick() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// Read implements Reader. Besides ctx's error and ErrClosed it gives *Fault.
func (d *Driver) Read(ctx context.Context) (Card, error) { return d.hand.wait(ctx) }

func (d *Driver) set(h devices.Health, r devices.Reason, detail string) {
	d.notify.Lock()
	defer d.notify.Unlock()
	next := devices.Status{Health: h, Reason: r, Since: time.Now(), Detail: detail}
	d.mu.Lock()
	if d.status.Reason == devices.Closed {
		d.mu.Unlock()
		return
	}
	same := d.status.Same(next)
	if same {
		next.Since = d.status.Since
	}
	d.status = next
	watchers := d.watchers
	d.mu.Unlock()
	if same {
		return
	}
	for _, f := range watchers {
		f(next)
	}
}

// Status implements Reader. Before the device is found or missed for the first time it is
// Busy, Connecting; a chip that is being read makes it Busy.
func (d *Driver) Status() devices.Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.status
}

// Watch calls f after every change of Status that a screen would show, in order. f must not
// block, nor call Close.
func (d *Driver) Watch(f func(devices.Status)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = append(d.watchers[:len(d.watchers):len(d.watchers)], f)
}

// Close implements Reader. The device is given back when it returns, unless the system does
// not let go of it within two seconds.
func (d *Driver) Close() error {
	d.stop()
	d.hand.close()
	d.set(devices.Offline, devices.Closed, "")
	timer := time.NewTimer(closeWithin)
	defer timer.Stop()
	select {
	case <-d.ended:
	case <-timer.C:
	}
	return nil
}
