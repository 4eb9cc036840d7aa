package printer

import (
	"context"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// use calls f with the living connection, alone.
func (d *Driver) use(ctx context.Context, f func(l *link) error) error {
	if err := d.take(ctx); err != nil {
		return err
	}
	defer func() {
		d.give()
		d.publish()
	}()
	l, err := d.connected(ctx)
	if err != nil {
		return &Fault{reasonOf(err), err}
	}
	return f(l)
}

// by is the deadline of ctx, at most a job's time away.
func (d *Driver) by(ctx context.Context) time.Time {
	deadline := time.Now().Add(d.conf.Timeout)
	if t, ok := ctx.Deadline(); ok {
		return earlier(t, deadline)
	}
	return deadline
}

// Refresh implements Printer.
func (d *Driver) Refresh(ctx context.Context) (devices.Status, error) {
	err := d.use(ctx, func(l *link) error {
		l.ask(earlier(d.by(ctx), time.Now().Add(d.conf.ProbeTimeout)), ctx.Done())
		if health, reason := l.look().health(); health == devices.Offline {
			return &Fault{reason, l.broken()}
		}
		return nil
	})
	return d.Status(), err
}

// Reconnect implements Printer.
func (d *Driver) Reconnect(ctx context.Context) error {
	if err := d.take(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	l := d.link
	d.mu.Unlock()
	if l != nil {
		l.close(&port.Error{Reason: devices.Closed, Err: port.ErrClosed})
	}
	_, err := d.connected(ctx)
	d.give()
	d.publish()
	if err != nil {
		return &Fault{reasonOf(err), err}
	}
	return nil
}

// ClearBuffers implements Printer.
func (d *Driver) ClearBuffers(ctx context.Context) (confirmed bool, err error) {
	err = d.use(ctx, func(l *link) error {
		confirmed = d.clear(l)
		return nil
	})
	return confirmed, err
}
