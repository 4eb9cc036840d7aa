package counter

import (
	"time"

	"veratill/devices"
	"veratill/devices/reader"
)

// guardAddress is a reader that types and that nobody has set up: a person may swipe at one
// all the same, and the card's number must land in no field and no log.
const guardAddress = "wedge:?gapMs=60"

func (c *Counter) makeGuard() error {
	u, err := devices.ParseURL(guardAddress)
	if err != nil {
		return err
	}
	c.guard, err = reader.NewWedge(u, reader.Window{After: c.afterKeys, Back: c.backToKeys})
	return err
}

// TypedKey implements present.Selling.
func (c *Counter) TypedKey(x rune, at time.Time) bool {
	if w, typing := c.inUse().reader.(*reader.Wedge); typing {
		return w.Feed(x, at)
	}
	return c.guard.Feed(x, at)
}

// HoldKeys implements present.Selling.
func (c *Counter) HoldKeys(after func(time.Duration, func()), back func(text string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after, c.back = after, back
}

func (c *Counter) afterKeys(d time.Duration, f func()) {
	c.mu.Lock()
	after := c.after
	c.mu.Unlock()
	if after != nil {
		after(d, f)
	}
}

func (c *Counter) backToKeys(text string) {
	c.mu.Lock()
	back := c.back
	c.mu.Unlock()
	if back != nil {
		back(text)
	}
}
