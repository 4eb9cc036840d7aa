package gear

import (
	"time"

	"veratill/devices"
	"veratill/devices/reader"
)

// guardAddress is a reader that types and that nobody has set up: a person may swipe at one
// all the same, and the card's number must land in no field and no log.
const guardAddress = "wedge:?gapMs=60"

func (g *Gear) makeGuard() error {
	u, err := devices.ParseURL(guardAddress)
	if err != nil {
		return err
	}
	g.guard, err = reader.NewWedge(u, reader.Window{After: g.afterKeys, Back: g.backToKeys})
	return err
}

// TypedKey implements present.Typing.
func (g *Gear) TypedKey(x rune, at time.Time) bool {
	if w, typing := g.inUse().reader.(*reader.Wedge); typing {
		return w.Feed(x, at)
	}
	return g.guard.Feed(x, at)
}

// HoldKeys implements present.Typing.
func (g *Gear) HoldKeys(after func(time.Duration, func()), back func(text string)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.after, g.back = after, back
}

func (g *Gear) afterKeys(d time.Duration, f func()) {
	g.mu.Lock()
	after := g.after
	g.mu.Unlock()
	if after != nil {
		after(d, f)
	}
}

func (g *Gear) backToKeys(text string) {
	g.mu.Lock()
	back := g.back
	g.mu.Unlock()
	if back != nil {
		back(text)
	}
}
