package reader

import (
	"context"
	"errors"
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

	state devices.Watched
}

func newDriver(a attach) *Driver {
	ctx, stop := context.WithCancel(context.Background())
	d := &Driver{attach: a, hand: newHandoff(), kick: make(chan struct{}, 1), stop: stop, ended: make(chan struct{})}
	d.state.Begin()
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
		d.state.Set(devices.Offline, reason, err.Error())
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
	d.state.Set(devices.Ready, devices.None, "")
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

// Status implements Reader. Before the device is found or missed for the first time it is
// Busy, Connecting; a chip that is being read makes it Busy.
func (d *Driver) Status() devices.Status { return d.state.Status() }

// Watch calls f after every change of Status that a screen would show, in order. f must not
// block, nor call Close.
func (d *Driver) Watch(f func(devices.Status)) { d.state.Watch(f) }

// Close implements Reader. The device is given back when it returns, unless the system does
// not let go of it within two seconds.
func (d *Driver) Close() error {
	d.stop()
	d.hand.close()
	d.state.End(devices.Offline, devices.Closed, "")
	timer := time.NewTimer(closeWithin)
	defer timer.Stop()
	select {
	case <-d.ended:
	case <-timer.C:
	}
	return nil
}
