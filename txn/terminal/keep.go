package terminal

import (
	"context"
	"fmt"
	"time"

	"veratill/txn/zvt"
)

// Status is how the line is, for people.
type Status struct {
	Up       bool
	Tried    bool // false until the first connect has come to an end
	Since    time.Time
	Answered time.Time // when the terminal last said anything in this run; zero before
	TID      string
	Err      error // why it is down
}

// Status is how the line is now.
func (l *Line) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Status{Up: l.wire != nil && !l.wire.Dead() && l.lastErr == nil, Tried: l.tried, Since: l.since, Answered: l.answered, TID: l.tid, Err: l.lastErr}
}

// Echo asks the terminal how it is, and says how long that took.
func (l *Line) Echo(ctx context.Context) (time.Duration, error) {
	begun := time.Now()
	err := l.Ready(ctx)
	return time.Since(begun), err
}

// Reconnect drops the connection and makes it anew.
func (l *Line) Reconnect(ctx context.Context) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	l.drop(nil)
	l.give()
	return l.Ready(ctx)
}

// Close ends the connection.
func (l *Line) Close() { l.drop(nil) }

// How rarely the terminal is asked how it is, so that it shows before a payment where it is not there.
const (
	keepEvery = 30 * time.Second
	keepRetry = 5 * time.Second
)

// Keep looks after the line until ctx ends. A terminal wants to be asked once a minute or more (PA00P015 2.56).
func (l *Line) Keep(ctx context.Context) {
	for ctx.Err() == nil {
		wait := keepEvery
		select {
		case <-l.talking: // somebody else speaks with it else, and shows that it is there
			if l.heldNow() == nil {
				err := l.connect(ctx)
				if err == nil {
					err = l.enquire(ctx)
				}
				if l.note(err); err != nil {
					wait = keepRetry
				}
			}
			l.give()
		default:
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// Day is what a terminal says at its end of the day.
type Day struct {
	AmountMinor int64 // payments less refunds; -1 where it does not say, or contradicts itself
	Count       int64 // payments
	Slip        []string
	Code        int // with which it refused; 0 where it did not
}

// EndOfDay makes the terminal send its day to its host (06 50).
func (l *Line) EndOfDay(ctx context.Context) (Day, error) {
	if err := l.take(ctx); err != nil {
		return Day{}, err
	}
	defer l.give()
	if err := l.connect(ctx); err != nil {
		return Day{}, err
	}
	l.mu.Lock()
	l.dayEnded = l.cfg.Now() // whatever comes of it
	l.mu.Unlock()
	c, err := l.run(ctx, zvt.APDU{Code: zvt.EndOfDay, Data: zvt.Pack(l.cfg.Password, 3)}, true)
	if err != nil {
		return Day{}, err
	}
	if c.heard.ended != zvt.Completion || c.heard.status.Result > 0 {
		code := max(c.heard.code, c.heard.status.Result)
		return Day{Code: code, Slip: c.heard.slip}, fmt.Errorf("the terminal did not end its day (%02X: %s)", code, meaning(byte(code)))
	}
	d := sumOf(c.heard.status)
	d.Slip = c.heard.slip
	return d, nil
}
