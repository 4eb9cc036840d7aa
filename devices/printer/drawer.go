package printer

import (
	"context"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// DrawerState is what the sensor of the cash drawer says.
type DrawerState uint8

// The states. NotKnown is also a drawer without a sensor, and one that has not been seen
// to open since the till learned nothing of its sensor yet.
const (
	NotKnown DrawerState = iota
	Closed
	Opened
)

var drawerNames = [...]string{"not known", "closed", "open"}

// String is the state's code in logs and JSON.
func (s DrawerState) String() string {
	if int(s) < len(drawerNames) {
		return drawerNames[s]
	}
	return drawerNames[NotKnown]
}

// DrawerLevel is which level of connector pin 3 means that the drawer is open. That
// depends on the drawer, not on the printer.
type DrawerLevel uint8

// The levels.
const (
	LevelNotKnown DrawerLevel = iota
	OpenIsLow
	OpenIsHigh
)

var levelNames = [...]string{"", "low", "high"}

// String is the level as settings keep it: empty, low or high.
func (l DrawerLevel) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return ""
}

// ParseDrawerLevel reads what String writes; anything else is LevelNotKnown.
func ParseDrawerLevel(s string) DrawerLevel {
	for i, name := range levelNames {
		if name == s {
			return DrawerLevel(i)
		}
	}
	return LevelNotKnown
}

// DrawerStuck is the reason of a drawer that was sent its pulse and did not open: locked,
// jammed, or its cable is out.
const DrawerStuck devices.Reason = "drawer stuck"

// drawer is under Driver.mu.
type drawer struct {
	opens    DrawerLevel
	against  int // kicks in a row that spoke against opens
	state    DrawerState
	watchers []func(DrawerState)
}

// within is how long after its pulse a drawer has opened if it opens at all.
const within = 1500 * time.Millisecond

// againstWithin is how soon after a kick a change speaks against the level that is taken
// for open: nobody shuts an open drawer that fast, twice in a row.
const againstWithin = 500 * time.Millisecond

// drawerEvery is how often a printer without automatic status is asked after a kick.
const drawerEvery = 100 * time.Millisecond

// Drawer is what the drawer's sensor last said.
func (d *Driver) Drawer() DrawerState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drawer.state
}

// DrawerOpen is which level means open, as Config gave it or as a kick taught it: the till
// keeps it in its settings.
func (d *Driver) DrawerOpen() DrawerLevel {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drawer.opens
}

// WatchDrawer calls f on every change of Drawer, in order, until the printer is closed. f
// must return soon and not call the printer.
func (d *Driver) WatchDrawer(f func(DrawerState)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drawer.watchers = append(d.drawer.watchers[:len(d.drawer.watchers):len(d.drawer.watchers)], f)
}

// publishDrawer works the drawer's state out anew and tells watchers of a change.
func (d *Driver) publishDrawer() {
	d.notify.Lock()
	defer d.notify.Unlock()
	d.mu.Lock()
	l := d.link
	d.mu.Unlock()
	high, known := false, false
	if l != nil {
		high, known = l.level()
	}
	d.mu.Lock()
	next := d.drawer.says(high, known)
	same, watchers := next == d.drawer.state, d.drawer.watchers
	d.drawer.state = next
	d.mu.Unlock()
	if same {
		return
	}
	for _, f := range watchers {
		f(next)
	}
}

func (w drawer) says(high, known bool) DrawerState {
	switch {
	case !known || w.opens == LevelNotKnown:
		return NotKnown
	case high == (w.opens == OpenIsHigh):
		return Opened
	}
	return Closed
}

// level is that of connector pin 3, if the printer has said it.
func (l *link) level() (high, known bool) {
	v := l.look()
	return v.status.DrawerHigh, v.known && v.err == nil
}

// KickDrawer implements Printer. The pulse is 50 ms, as most drawers need.
func (d *Driver) KickDrawer(ctx context.Context) error {
	m := byte(0)
	if d.conf.DrawerPin == 5 {
		m = 1
	}
	var l *link
	var before, known bool
	err := d.use(ctx, func(on *link) error {
		l = on
		if v := l.look(); v.can.realTime == yes && !l.reports() { // what it said last may be old
			l.ask(earlier(d.by(ctx), time.Now().Add(d.conf.ProbeTimeout)), ctx.Done())
		}
		if health, reason := l.look().health(); health == devices.Offline {
			return &Fault{reason, nil}
		}
		before, known = l.level()
		if err := l.send(d.by(ctx), []byte{0x1B, 'p', m, 25, 250}); err != nil {
			return &Fault{port.ReasonOf(err), err}
		}
		return nil
	})
	if err != nil || !known {
		return err
	}
	d.mu.Lock()
	state := d.drawer.says(before, true)
	d.mu.Unlock()
	if state != Closed { // nothing to wait for: what happens is learned from
		go d.learn(l, before, state)
		return nil
	}
	if d.changes(ctx, l, before, within) {
		d.mu.Lock()
		d.drawer.against = 0
		d.mu.Unlock()
		return nil
	}
	if err := l.broken(); err != nil {
		return &Fault{port.ReasonOf(err), err}
	}
	if ctx.Err() != nil {
		return &Fault{devices.Cancelled, ctx.Err()}
	}
	return &Fault{DrawerStuck, nil}
}

// reports is whether the printer tells its status unasked.
func (l *link) reports() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.auto
}

// changes waits until the sensor's level is no longer what it was.
func (d *Driver) changes(ctx context.Context, l *link, before bool, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer context.AfterFunc(d.life, cancel)()
	deadline := time.Now().Add(limit)
	for ctx.Err() == nil && l.broken() == nil {
		if l.wait(earlier(deadline, time.Now().Add(drawerEvery)), ctx.Done(), func() bool { return l.known && l.status.DrawerHigh != before }) {
			return true
		}
		if l.look().can.realTime != yes || l.reports() {
			continue
		}
		select {
		case d.turn <- struct{}{}:
			l.ask(time.Now().Add(d.conf.ProbeTimeout), ctx.Done()) // a write cut short would end the connection
			d.give()
			d.publish()
		default: // a job is under way, and asks on its own
		}
	}
	return false
}

// learn sees what a kick does to the sensor. The first change teaches the level; a change
// that speaks against what was taught has to come twice.
func (d *Driver) learn(l *link, before bool, state DrawerState) {
	limit := within
	if state == Opened {
		limit = againstWithin
	}
	changed := d.changes(d.life, l, before, limit)
	d.mu.Lock()
	after := OpenIsHigh
	if before {
		after = OpenIsLow
	}
	switch {
	case !changed:
		d.drawer.against = 0
	case d.drawer.opens == LevelNotKnown:
		d.drawer.opens = after
	case d.drawer.opens != after:
		if d.drawer.against++; d.drawer.against >= 2 {
			d.drawer.opens, d.drawer.against = after, 0
		}
	}
	d.mu.Unlock()
	d.publishDrawer()
}
