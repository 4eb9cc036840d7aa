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
	hint chan struct{}   // Kick: try to connect at once
	life context.Context // ended by Close
	done <-chan struct{} // of life
	stop context.CancelFunc

	state devices.Watched

	mu     sync.Mutex
	link   *link // nil before the first connection
	dirty  bool  // a job may be left in the printer's buffers
	busy   bool
	drawer drawer
	probes uint32     // process IDs that were asked back to learn what a printer can
	notify sync.Mutex // keeps calls of the drawer's watchers in order
}

// firstProbe is the first of the process IDs that the driver asks back once a connection,
// to learn whether the printer knows them. No job may use one. They take turns: a clone
// that echoes what it was asked the time before must not pass.
const firstProbe = escpos.ProcessIDs - 64

func (d *Driver) nextProbe() [4]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.probes++
	return escpos.ProcessID(escpos.ProcessIDs - 1 - (d.probes-1)%(escpos.ProcessIDs-firstProbe))
}

// Open drives the printer of an address: tcp, serial, usb and windows. It returns at
// once; the connection is made in the background, and made again whenever it ends. Until
// the first one is made or refused the status is Busy, Connecting, and a job waits for it.
// What keeps a port from being opened (Unplugged, PortDenied, NotSupported …) is then the
// status, with what to do about it as its Detail. A virtual printer is opened with
// OpenVirtual. Errors are devices.ErrURL.
func Open(u devices.URL, conf Config) (*Driver, error) {
	switch u.Scheme {
	case devices.TCP, devices.Serial, devices.USB, devices.Windows:
	default:
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
	d := &Driver{dial: dial, conf: conf.withDefaults(), turn: make(chan struct{}, 1), hint: make(chan struct{}, 1), life: ctx, done: ctx.Done(), stop: stop,
		drawer: drawer{opens: conf.DrawerOpen}}
	d.state.Begin()
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
	if d.closed() {
		d.give()
		return &Fault{devices.Closed, ErrClosed}
	}
	return nil
}

// tryTake takes the turn if it is free.
func (d *Driver) tryTake() bool {
	if d.closed() {
		return false
	}
	select {
	case d.turn <- struct{}{}:
		return true
	default:
		return false
	}
}

func (d *Driver) closed() bool { return d.life.Err() != nil }

func (d *Driver) give() { <-d.turn }

// keep makes the connection and keeps it: at once, again after it ends, and with
// a question every heartbeat so that it does not idle out.
func (d *Driver) keep(ctx context.Context) {
	const settled = 10 * time.Second
	pause := firstPause
	var last *link
	since := time.Now()
	answered := since
	for ctx.Err() == nil {
		if d.take(ctx) != nil {
			return
		}
		l, err := d.connected(ctx)
		switch {
		case err != nil:
			l = nil
		case l == last:
			if d.beat(ctx, l, answered) {
				answered = time.Now()
			}
		default:
			last, since, answered = l, time.Now(), time.Now()
		}
		d.give()
		d.publish()
		if l != nil {
			d.rest(ctx, l)
			if l.broken() == nil {
				continue
			}
		}
		if time.Since(since) > settled { // it worked for a while: try again soon
			pause = firstPause
		}
		since = time.Now()
		select {
		case <-time.After(pause):
			pause = min(2*pause, longestPause(d.Status().Reason))
		case <-d.hint:
			pause = firstPause
		case <-ctx.Done():
		}
	}
}

// firstPause is between the first two attempts to connect; then it doubles.
const firstPause = 250 * time.Millisecond

// longestPause is the longest time between two attempts to connect. Whether a port of
// this computer is there costs the system a look; a host costs the network a call.
func longestPause(r devices.Reason) time.Duration {
	switch r {
	case devices.Unplugged, devices.PortMissing, devices.PortDenied:
		return time.Second
	}
	return 5 * time.Second
}

// Kick makes the driver try to connect at once instead of waiting for its next attempt:
// something was plugged in. It returns at once, and does nothing while there is a
// connection. It may be called from any goroutine, also after Close.
func (d *Driver) Kick() {
	select {
	case d.hint <- struct{}{}:
	default: // one is on its way
	}
}

// stoppedBeat is between questions to a printer that has stopped. Not every printer says by itself that
// it has paper again, and one that does may have lost the order to: a receipt waits for it.
const stoppedBeat = 2 * time.Second

// rest waits until a printer is to be asked again: for a heartbeat, shorter where it has stopped or stops meanwhile.
func (d *Driver) rest(ctx context.Context, l *link) {
	//mutant:a-stopped-printer-is-asked-again
	if l.look().stopped() {
		l.wait(time.Now().Add(min(stoppedBeat, d.conf.Heartbeat)), ctx.Done(), func() bool { return false })
		return
	}
	l.wait(time.Now().Add(d.conf.Heartbeat), ctx.Done(), func() bool { return l.view().stopped() })
}

// beat asks a printer that is known to answer, and says whether it did. Silence for a heartbeat since it
// answered last means that it is gone, though TCP has not noticed.
func (d *Driver) beat(ctx context.Context, l *link, answered time.Time) bool {
	if l.look().can.realTime != yes || ctx.Err() != nil {
		return false
	}
	if l.ask(time.Now().Add(d.conf.ProbeTimeout), ctx.Done()) {
		if !l.look().status.Offline { // a printer whose power was gone has forgotten that it was to report
			_ = l.send(time.Now().Add(d.conf.ProbeTimeout), escpos.AppendAutoStatus(nil)) // a failure ends the link, which keep sees
		}
		return true
	}
	if ctx.Err() == nil && time.Since(answered) >= d.conf.Heartbeat {
		l.close(&port.Error{Reason: devices.Unreachable, Err: port.ErrTimeout})
	}
	return false
}

// connected gives the living connection, or makes one and probes it. The turn is held.
func (d *Driver) connected(ctx context.Context) (*link, error) {
	d.mu.Lock()
	l, dirty := d.link, d.dirty
	d.mu.Unlock()
	if l != nil && l.broken() == nil {
		if dirty && l.look().heard { // it did not answer when it was connected to, and does now
			d.settle(l)
			l.untry()
			d.probe(ctx, l)
		}
		return l, l.broken()
	}
	if l != nil { // its far end is gone: while it is held an adapter's line comes back under another name
		_ = l.port.Close() // why it ended is known
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
		d.settle(l)
	}
	d.probe(ctx, l)
	if l.swallowed() && d.forget(l, d.conf.ProbeTimeout) {
		l.untry()
		d.probe(ctx, l)
	}
	if err := l.broken(); err != nil {
		return nil, err
	}
	return l, nil
}

// untry forgets what the printer was found to be able to do.
func (l *link) untry() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.can = abilities{}
}

// settle clears what an unknown job may have left in the printer. One that answers and
// does not confirm that will not do so later: its rest may come out before the next paper,
// as the job's report said. One that says nothing may be without power behind a print
// server, and is asked again when it is heard.
func (d *Driver) settle(l *link) {
	done := d.forget(l, d.conf.ClearTimeout) || l.look().heard
	d.mu.Lock()
	d.dirty = d.dirty && !done
	d.mu.Unlock()
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
	id := d.nextProbe()
	l.mu.Lock()
	l.probeID = id
	round, queued := l.rounds, l.queuedSeen
	l.asked = append(l.asked, escpos.AskPrinter, escpos.AskOffline, escpos.AskError, escpos.AskPaper)
	l.queuedAsked++
	l.mu.Unlock()
	b := escpos.AppendAutoStatus(appendRound(nil))
	b = escpos.AppendProof(escpos.AppendAskQueued(b), id)
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
	d.publishDrawer()
	d.state.Set(devices.Offline, port.ReasonOf(err), err.Error())
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
	d.publishDrawer()
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
	d.state.Set(health, reason, detail)
}

// probed is whether nobody is at work on the connection, as a probe would be.
func (d *Driver) probed(l *link) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.link == l && len(d.turn) == 0
}

// Status implements Printer.
func (d *Driver) Status() devices.Status { return d.state.Status() }

// Watch implements Printer.
func (d *Driver) Watch(f func(devices.Status)) { d.state.Watch(f) }

// Close implements Printer.
func (d *Driver) Close() error {
	d.stop()
	d.mu.Lock()
	l := d.link
	d.mu.Unlock()
	if l != nil {
		l.close(&port.Error{Reason: devices.Closed, Err: ErrClosed})
	}
	d.publishDrawer()
	d.state.Set(devices.Offline, devices.Closed, "")
	return nil
}
