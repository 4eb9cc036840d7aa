package printer

import (
	"context"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// Print implements Printer.
func (d *Driver) Print(ctx context.Context, job Job) Report { return d.Begin(ctx, job)() }

// Begin implements Printer.
func (d *Driver) Begin(ctx context.Context, job Job) (end func() Report) {
	if len(job.Bytes) == 0 {
		return func() Report { return notPrinted(devices.BadJob, "the job is empty") }
	}
	if job.Timeout <= 0 {
		job.Timeout = d.conf.Timeout
	}
	p := &printing{d: d, job: job, deadline: time.Now().Add(job.Timeout)}
	p.ctx, p.cancel = context.WithDeadline(ctx, p.deadline)
	p.writeNow()
	return p.end
}

// printing is a job under way.
type printing struct {
	d        *Driver
	ctx      context.Context
	cancel   context.CancelFunc
	job      Job
	deadline time.Time

	link *link // the turn is held, and the job is begun on this connection; else nil
	work work
	sent int   // bytes of work that have left
	err  error // of writing them
}

// writeNow begins the job where nothing has to be waited for: no other job, no connection, no question and no port
// that takes bytes slowly.
func (p *printing) writeNow() {
	d := p.d
	if p.ctx.Err() != nil || !d.tryTake() {
		return
	}
	d.mu.Lock()
	l, dirty := d.link, d.dirty
	d.mu.Unlock()
	if l == nil || dirty || !l.look().fits() {
		d.give()
		return
	}
	way, prompt := l.port.(port.Prompt)
	if !prompt {
		d.give()
		return
	}
	d.working(true)
	p.link, p.work = l, l.expect(p.job)
	if p.sent, p.err = way.WriteNow(p.work.bytes); p.err != nil {
		l.close(p.err)
	}
}

// end does what is left of the job, and waits for what becomes of it.
func (p *printing) end() Report {
	d := p.d
	defer p.cancel()
	if p.link == nil {
		if err := d.take(p.ctx); err != nil {
			return notPrinted(reasonOf(err), err.Error())
		}
		d.working(true)
	}
	defer func() {
		d.working(false)
		d.give()
		d.publish()
	}()
	// A connection may have died without a word. As long as no byte has left, a
	// second one may be tried; more than that is the next job's affair.
	var r Report
	for range 2 {
		var again bool
		if r, again = p.attempt(); !again {
			break
		}
	}
	return r
}

func (d *Driver) working(on bool) {
	d.mu.Lock()
	d.busy = on
	d.mu.Unlock()
}

// attempt prints on the connection that the job was begun on, the living one or a new one. again is true
// when it broke before the first byte left.
func (p *printing) attempt() (r Report, again bool) {
	if p.link == nil {
		if reason, detail := p.expect(); reason != devices.None {
			return notPrinted(reason, detail), false
		}
	}
	if p.err == nil && p.sent < len(p.work.bytes) {
		var n int
		n, p.err = p.link.write(p.deadline, p.work.bytes[p.sent:])
		p.sent += n
	}
	l, n, err := p.link, p.sent, p.err
	if err != nil && n == 0 {
		p.link, p.err = nil, nil
		return notPrinted(port.ReasonOf(err), err.Error()), port.ReasonOf(err) == devices.Interrupted
	}
	if n == 0 {
		return notPrinted(devices.Unreachable, "nothing was taken"), false
	}
	r = Report{Outcome: Unknown, Proof: ByNothing, BytesSent: min(n, len(p.job.Bytes))}
	if err != nil {
		r.Reason, r.Detail = port.ReasonOf(err), err.Error()
		p.d.spoilt()
		return r, false
	}
	p.d.publish()
	p.d.await(p.ctx, l, p.work, p.deadline, &r)
	return r, false
}

// expect waits for a connection on which a job may begin, and says why there is none.
func (p *printing) expect() (reason devices.Reason, detail string) {
	l, err := p.d.connected(p.ctx)
	if err != nil {
		return reasonOf(err), err.Error()
	}
	if reason := p.d.fit(p.ctx, l); reason != devices.None {
		return reason, ""
	}
	if err := p.ctx.Err(); err != nil {
		return devices.Cancelled, err.Error()
	}
	p.link, p.work = l, l.expect(p.job)
	return devices.None, ""
}

// fits is whether a job may begin by what is known, without a question: the time to the first byte is the customer's.
func (v view) fits() bool {
	if v.err != nil || !v.known {
		return v.err == nil // it tells nothing: sent, not confirmed
	}
	health, _ := v.health()
	return health != devices.Offline && v.can.proof != untried
}

// fit says why a job must not begin. It asks the printer nothing when what is known is good.
func (d *Driver) fit(ctx context.Context, l *link) devices.Reason {
	v := l.look()
	if v.fits() || !v.known {
		return devices.None
	}
	if health, _ := v.health(); health == devices.Offline {
		if v.can.realTime != no {
			l.ask(time.Now().Add(d.conf.ProbeTimeout), ctx.Done())
		}
		if health, reason := l.look().health(); health == devices.Offline {
			return reason
		}
	}
	if v = l.look(); v.can.proof == untried { // it was offline when it was probed
		d.probe(ctx, l)
		if health, reason := l.look().health(); health == devices.Offline {
			return reason
		}
	}
	return devices.None
}
