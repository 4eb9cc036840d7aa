package acquirer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/iso8583"
)

// This file makes the line to the bank, holds it, and lets it go.

// connectTries bounds how often Ready dials; each try has the reply wait to itself.
const connectTries = 3

// Ready connects and signs in where that is needed. It returns nil when a request
// can be sent, or an error that says what keeps the bank from being asked, such as iso8583.ErrKeys.
func (c *Client) Ready(ctx context.Context) error {
	err := c.setup.Acquire(ctx, 1)
	if err != nil {
		return err
	}
	defer c.setup.Release(1)
	for try := range connectTries {
		if try > 0 && !pause(ctx, time.Duration(try)*100*time.Millisecond) {
			break
		}
		err = c.ready(ctx)
		if err == nil || errors.Is(err, errSignIn) || errors.Is(err, errCannotPack) || errors.Is(err, iso8583.ErrKeys) || ctx.Err() != nil {
			break
		}
	}
	c.note(err)
	return err
}

func (c *Client) ready(ctx context.Context) error {
	c.mu.Lock()
	l, signedIn, mute := c.link, c.signedIn, c.mute
	proved := l != nil && l.proved
	c.mu.Unlock()
	if l == nil || l.dead() {
		fresh, err := dial(ctx, c.cfg, c.arrived, &c.counts)
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreachable, err)
		}
		c.mu.Lock()
		c.link, proved = fresh, false
		c.mu.Unlock()
	}
	switch {
	case !signedIn:
		return c.signIn(ctx)
	case proved:
		return nil
	case mute:
		return c.signIn(ctx)
	}
	// Whoever accepts a connection may be a proxy before a bank that is away: only an answer says that the bank is there.
	//mutant:a-connection-alone-is-no-bank
	if _, err := c.echo(ctx); err != nil {
		c.needSignIn() // a bank that answers no echo answers a sign-in
		return err
	}
	return nil
}

func (c *Client) signIn(ctx context.Context) error {
	request := c.cfg.Profile.SignIn(c.terminal(c.cfg.Books.OpenBatch(), c.cfg.Now()), c.networkSTAN())
	body, err := c.pack(request)
	if err != nil {
		return fmt.Errorf("sign-in: %w", err)
	}
	got, reason := c.exchange(ctx, 0, request, body)
	if reason != txn.NoReason {
		c.leave()
		return fmt.Errorf("%w: sign-in: %s", errUnreachable, reason)
	}
	if code := got.message.Get(39); code != "00" {
		return fmt.Errorf("%w: response code %s", errSignIn, code)
	}
	//mutant:a-sign-in-proves-no-clock
	var keys iso8583.Keys
	if c.cfg.Profile.MAC {
		if keys, err = iso8583.OpenKeys([]byte(got.message.Get(62)), c.cfg.MasterKey); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.before, c.keys, c.signedIn = c.keys, keys, true
	return nil
}

// Echo asks whether the bank is there, and how long it takes to say so.
func (c *Client) Echo(ctx context.Context) (time.Duration, error) {
	if err := c.Ready(ctx); err != nil {
		return 0, err
	}
	return c.echo(ctx)
}

// echo is Echo on the line as it is.
func (c *Client) echo(ctx context.Context) (time.Duration, error) {
	request := c.cfg.Profile.Echo(c.terminal(c.cfg.Books.OpenBatch(), c.cfg.Now()), c.networkSTAN())
	body, err := c.pack(request)
	if err != nil {
		return 0, fmt.Errorf("echo: %w", err)
	}
	begun := time.Now()
	_, reason := c.exchange(ctx, 0, request, body)
	c.mu.Lock()
	c.mute = reason == txn.NoAnswer
	c.mu.Unlock()
	if reason != txn.NoReason {
		return 0, fmt.Errorf("%w: echo: %s", errUnreachable, reason)
	}
	return time.Since(begun), nil
}

// leave sends nothing more on the line that there is: the next Ready dials again. Where something about money was sent on it, it is read on, as any that
// went silent.
func (c *Client) leave() {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l != nil {
		c.retire(l)
	}
}

// drop gives up every connection.
func (c *Client) drop() {
	c.mu.Lock()
	links := append(c.retired, c.link)
	c.link, c.retired = nil, nil
	c.mu.Unlock()
	for _, l := range links {
		if l != nil {
			l.close()
		}
	}
}

// retiredFor is how long a line that went silent is still read: what the bank says late comes on the line that it was asked on.
const retiredFor = 10 * time.Minute

// retire sends nothing more on a line that went silent: the next Ready dials anew. It is read beside the new one for retiredFor.
func (c *Client) retire(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	//mutant:silent-line-is-dropped
	if c.link != l {
		return
	}
	c.link = nil
	c.retired = slices.DeleteFunc(c.retired, (*link).dead)
	//mutant:what-was-asked-is-listened-for
	if !l.money { // nothing can come on it that anybody waits for
		l.close()
		return
	}
	c.retired = append(c.retired, l)
	time.AfterFunc(retiredFor, l.close)
}

// Reconnect leaves the line and makes it anew, sign-in included.
func (c *Client) Reconnect(ctx context.Context) error {
	//mutant:what-was-asked-is-listened-for/reconnect
	c.leave()
	c.needSignIn()
	return c.Ready(ctx)
}

func (c *Client) needSignIn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.signedIn = false
}

// Close ends the line.
func (c *Client) Close() { c.drop() }

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Back-off of Keep between tries, doubling. A line that held for as long as the longest one begins it anew.
const (
	firstBackOff = 500 * time.Millisecond
	lastBackOff  = 30 * time.Second
)

// Keep holds the line up until ctx ends: it connects, and after every loss connects
// again, waiting twice as long after each failure and after each line that was lost soon.
func (c *Client) Keep(ctx context.Context) {
	wait := firstBackOff
	for ctx.Err() == nil {
		if c.Ready(ctx) == nil {
			up := time.Now()
			c.watch(ctx)
			//mutant:a-line-that-held-ends-the-back-off
			if time.Since(up) >= lastBackOff {
				wait = firstBackOff
			}
		}
		if !pause(ctx, wait) {
			return
		}
		wait = min(2*wait, lastBackOff)
	}
}

// echoAfter is how long a line is idle before the bank is asked whether it is there.
const echoAfter = time.Minute

// watch holds a line until it is lost, or silent: an idle one is asked for an echo, so that a loss is known before the next customer.
func (c *Client) watch(ctx context.Context) {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l == nil { // it went silent already
		return
	}
	tick := time.NewTicker(echoAfter)
	defer tick.Stop()
	for {
		select {
		case <-l.down:
			c.note(errUnreachable)
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			if !c.uses(l) {
				return
			}
			if c.idle() {
				if _, err := c.Echo(ctx); err != nil {
					c.note(err)
					return
				}
			}
		}
	}
}

// uses reports whether a line is still the one that is sent on.
func (c *Client) uses(l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link == l
}

// idle reports whether nothing is under way, and the bank has said nothing for echoAfter.
func (c *Client) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting) == 0 && c.cfg.Now().Sub(c.answered) >= echoAfter
}

// note keeps how the line is, and tells when that changed.
func (c *Client) note(err error) {
	c.mu.Lock()
	changed := !c.tried || (err == nil) != (c.lastErr == nil)
	c.tried = true
	if changed {
		c.since = c.cfg.Now()
	}
	c.lastErr = err
	c.mu.Unlock()
	if changed && c.cfg.Changed != nil {
		c.cfg.Changed()
	}
}

// Status is how the line is.
type Status struct {
	Up         bool
	Tried      bool // false until the first connect has come to an end
	Since      time.Time
	Answered   time.Time // when the bank last answered anything in this run; zero before
	Unreadable string    // why its last frame could not be read, such as "DE24"; empty where it could
	Err        error     // why it is down
	Counts     []Count
}

// Status is how the line is now.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	up := c.link != nil && !c.link.dead() && c.link.proved && c.signedIn
	return Status{Up: up, Tried: c.tried, Since: c.since, Answered: c.answered, Unreadable: c.unread, Err: c.lastErr, Counts: c.counts.list()}
}
