package printer

import (
	"context"
	"sync"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

// Dial makes a new connection to a printer.
type Dial func(ctx context.Context) (port.Port, error)

// Driver is the one Printer there is: it speaks ESC/POS over any port.
type Driver struct {
	dial Dial
	conf Config

	turn chan struct{}   // holds one token: whoever has it may use the connection
	done <-chan struct{} // closed by Close
	stop context.CancelFunc

	mu       sync.Mutex
	link     *link // nil before the first connection
	dirty    bool  // a job may be left in the printer's buffers
	busy     bool
	status   devices.Status
	watchers []func(devices.Status)
	notify   sync.Mutex // keeps calls of watchers in order
}

// probeID is what the driver asks back once a connection, to learn whether the
// printer knows process IDs. No job may use it.
var probeID = escpos.ProcessID(escpos.ProcessIDs - 1)

// Open drives the printer of an address: tcp and serial. It returns at once; the
// connection is made in the background, and made again whenever it ends. Until the
// first one is made or refused the status is Busy, Connecting, and a job waits for it.
// A virtual printer is opened with OpenVirtual. Errors are devices.ErrURL.
func Open(u devices.URL, conf Config) (*Driver, error) {
	if u.Scheme != devices.TCP && u.Scheme != devices.Serial {
		return nil, &Fault{devices.Unreachable, devices.ErrURL}
	}
	return New(func(ctx context.Context) (port.Port, error) { return port.Open(ctx, u) }, conf), nil
}

// DialTCP connects to a host and port, such as "192.168.1.50:9100".
func DialTCP(host string) Dial {
	return func(ctx context.Context) (port.Port, error) {
		return port.Open(ctx, devices.URL{Scheme: devices.TCP, Host: host})
	}
}

// New drives whatever dial connects to.
func New(dial Dial, conf Config) *Driver {
	ctx, stop := context.WithCancel(context.Background())
	d := &Driver{dial: dial, conf: conf.withDefaults(), turn: make(chan struct{}, 1), done: ctx.Done(), stop: stop,
		status: devices.Status{Health: devices.Busy, Reason: devices.Connecting, Since: time.Now()}}
	go d.keep(ctx)
	return d
}

// take waits for the turn.
func (d *Driver) take(ctx context.Context) error {
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		return &Fault{devices.Cancelled, ctx.Err()}
	case <-d.done:
		return &Fault{devices.Closed, ErrClosed}
	}
	select {
	case <-d.done:
		<-d.turn
		return &Fault{devices.Closed, ErrClosed}
	default:
		return nil
	}
}

func (d *Driver) give() { <-d.turn }

// keep makes the connection and keeps it: at once, again after it ends, and with
// a question every heartbeat so that it does not idle out.
func (d *Driver) keep(ctx context.Context) {
	const first, most, settled = 250 * time.Millisecond, 5 * time.Second, 10 * time.Second
	pause := first
	var last *link
	since := time.Now()
	for ctx.Err() == nil {
		if d.take(ctx) != nil {
			return
		}
		l, err := d.connected(ctx)
		switch {
		case err != nil:
			l = nil
		case l == last:
			d.beat(ctx, l)
		default:
			last, since = l, time.Now()
		}
		d.give()
		d.publish()
		if l != nil {
			l.wait(time.Now().Add(d.conf.Heartbeat), ctx.Done(), func() bool { return false })
			if l.broken() == nil {
				continue
			}
		}
		if time.Since(since) > settled { // it worked for a while: try again soon
			pause = first
		}
		since = time.Now()
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, most)
	}
}

// beat asks a printer that is known to answer. Silence means that it is gone,
// though TCP has not noticed.
func (d *Driver) beat(ctx context.Context, l *link) {
	if l.look().can.realTime != yes || l.ask(time.Now().Add(d.conf.ProbeTimeout), ctx.Done()) || ctx.Err() != nil {
		return
	}
	l.close(&port.Error{Reason: devices.Unreachable, Err: port.ErrTimeout})
}

// connected gives the living connection, or makes one and probes it. The turn is held.
func (d *Driver) connected(ctx context.Context) (*link, error) {
	d.mu.Lock()
	l, dirty := d.link, d.dirty
	d.mu.Unlock()
	if l != nil && l.broken() == nil {
		return l, nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.conf.DialTimeout)
	defer cancel()
	p, err := d.dial(ctx)
	if err != nil {
		d.lost(err)
		return nil, err
	}
	l = newLink(p, d.publish)
	d.mu.Lock()
	d.link = l
	d.mu.Unlock()
	select {
	case <-d.done: // Close came while dialling and has not seen this one
		l.close(ErrClosed)
		return nil, &Fault{devices.Closed, ErrClosed}
	default:
	}
	if dirty { // before anything else: the rest of a lost job must not come out unmarked
		d.forget(l, d.conf.ClearTimeout)
		d.mu.Lock()
		d.dirty = false // a printer that does not confirm now will not do so later
		d.mu.Unlock()
	}
	d.probe(ctx, l)
	if l.swallowed() && d.forget(l, d.conf.ProbeTimeout) {
		l.mu.Lock()
		l.can = abilities{}
		l.mu.Unlock()
		d.probe(ctx, l)
	}
	if err := l.broken(); err != nil {
		return nil, err
	}
	return l, nil
}

// swallowed is true when a printer is well and answers real-time questions, but
// none in the queue: it may be a simple one, or it waits for the rest of a picture
// that an earlier till never sent, and would take a receipt for it.
func (l *link) swallowed() bool {
	v := l.look()
	return v.err == nil && v.known && !v.status.Offline && v.can == abilities{realTime: yes, queued: no, proof: no}
}

// probe learns what the printer answers, once a connection and bounded. A printer
// that is offline does not work its queue off, so what it can do stays untried.
func (d *Driver) probe(ctx context.Context, l *link) {
	deadline := time.Now().Add(d.conf.ProbeTimeout)
	l.drain(ctx.Done())
	l.mu.Lock()
	round, queued := l.rounds, l.queuedSeen
	l.asked = append(l.asked, escpos.AskPrinter, escpos.AskOffline, escpos.AskError, escpos.AskPaper)
	l.queuedAsked++
	l.mu.Unlock()
	b := escpos.AppendAutoStatus(appendRound(nil))
	b = escpos.AppendProof(escpos.AppendAskQueued(b), probeID)
	if l.send(deadline, b) != nil {
		return
	}
	l.wait(deadline, ctx.Done(), func() bool {
		stopped := l.rounds > round && l.status.Offline
		return stopped || l.rounds > round && l.can.proof == yes && l.queuedSeen > queued
	})
	if v := l.look(); v.can.proof != yes && v.can.queued == yes {
		// Answers that an earlier till did not wait for come before ours: let them.
		l.wait(time.Now().Add(quiet), ctx.Done(), func() bool { return false })
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.known || l.status.Offline {
		return
	}
	for _, a := range []*ability{&l.can.realTime, &l.can.queued, &l.can.proof} {
		if *a == untried {
			*a = no
		}
	}
}

// lost notes why there is no connection.
func (d *Driver) lost(err error) {
	d.mu.Lock()
	d.link = nil
	d.mu.Unlock()
	d.set(devices.Offline, port.ReasonOf(err), err.Error())
}

// publish works the status out anew and tells watchers of a change.
func (d *Driver) publish() {
	d.mu.Lock()
	l, busy := d.link, d.busy
	d.mu.Unlock()
	if l == nil {
		return
	}
	v := l.look()
	if !v.known && v.err == nil && !d.probed(l) {
		return // too early to say
	}
	health, reason := v.health()
	if busy && health == devices.Ready {
		health = devices.Busy
	}
	detail := ""
	if v.err != nil {
		detail = v.err.Error()
	}
	d.set(health, reason, detail)
}

// probed is whether nobody is at work on the connection, as a probe would be.
func (d *Driver) probed(l *link) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.link == l && len(d.turn) == 0
}

func (d *Driver) set(h devices.Health, r devices.Reason, detail string) {
	d.notify.Lock()
	defer d.notify.Unlock()
	next := devices.Status{Health: h, Reason: r, Since: time.Now(), Detail: detail}
	d.mu.Lock()
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

// Status implements Printer.
func (d *Driver) Status() devices.Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.status
}

// Watch implements Printer.
func (d *Driver) Watch(f func(devices.Status)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = append(d.watchers[:len(d.watchers):len(d.watchers)], f)
}

// Close implements Printer.
func (d *Driver) Close() error {
	d.stop()
	d.mu.Lock()
	l := d.link
	d.mu.Unlock()
	if l != nil {
		l.close(&port.Error{Reason: devices.Closed, Err: ErrClosed})
	}
	d.set(devices.Offline, devices.Closed, "")
	return nil
}
