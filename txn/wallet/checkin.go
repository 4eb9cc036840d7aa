package wallet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"veratill/txn"
)

// The aggregator's key lasts for a day. A terminal checks in before its first question of the day and is given a new key; the new one and the one
// before it are valid then. So an answer that is lost, and a key that can't be kept, cost nothing: the terminal still has one that is valid.
// Source: 收钱吧, "Check-in" (doc.shouqianba.com/en/api/terminal/checkin.html), looked up 2026-11-29.

// checkInPath is where a terminal checks in.
const checkInPath = "/terminal/checkin"

// checkInEvery bounds how often a check-in that fails is tried again.
const checkInEvery = time.Minute

// Bounds of a terminal key, in bytes: a key that is longer, or has other signs than letters and digits, is none.
const (
	leastTerminalKey = 8
	mostTerminalKey  = 128
)

// terminalKey is the aggregator's key as it changes.
type terminalKey struct {
	device string                            // as the terminal was activated with; empty never checks in
	keep   func(txn.Secret, time.Time) error // durable when it returns
	asking sync.Mutex                        // one check-in at a time

	mu    sync.Mutex
	key   txn.Secret
	given time.Time // of the check-in that gave it; zero where an installer did
	tried time.Time
	// unkept was given and is not durable: it is kept before another is asked for, because then the one that signs would no longer be valid.
	unkept txn.Secret
}

func (k *terminalKey) now() txn.Secret {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.key
}

// due reports whether the terminal has to check in, by the provider's day.
func (k *terminalKey) due(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	day := func(t time.Time) string { return t.In(beijing).Format(time.DateOnly) }
	//mutant:a-terminal-checks-in-each-day
	return k.device != "" && (k.given.IsZero() || day(k.given) != day(now)) && (k.tried.IsZero() || now.Sub(k.tried).Abs() >= checkInEvery)
}

// take keeps a key that was given, and only then signs with it.
func (k *terminalKey) take(key txn.Secret, now time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	//mutant:a-key-is-durable-before-it-signs
	if err := k.keep(key, now); err != nil {
		k.unkept = key
		return fmt.Errorf("the aggregator's new key can't be kept: %w", err)
	}
	k.key, k.given, k.unkept = key, now, nil
	return nil
}

// checkIn lets the aggregator's terminal check in where that is due. The error is no payment's: the key that there is may do as well.
func (l *Line) checkIn(ctx context.Context) error {
	u, ok := l.speaks.(*upay)
	if !ok || !u.key.due(l.cfg.Now()) {
		return nil
	}
	u.key.asking.Lock()
	defer u.key.asking.Unlock()
	now := l.cfg.Now()
	if !u.key.due(now) { // somebody was quicker
		return nil
	}
	err := l.askForKey(ctx, u, now)
	if err != nil {
		l.cfg.Log.Warn("check-in", "line", l.Name(), "error", err.Error())
	}
	return err
}

func (l *Line) askForKey(ctx context.Context, u *upay, now time.Time) error {
	u.key.mu.Lock()
	u.key.tried = now
	key, mine, given := u.key.unkept, u.key.key, u.key.given
	u.key.mu.Unlock()
	//mutant:a-key-that-was-given-is-kept-first
	if len(key) > 0 {
		return u.key.take(key, now)
	}
	// Where nothing can be kept, a second check-in would leave a key on the disk that is not valid any more.
	//mutant:no-check-in-on-a-full-disk
	if err := u.key.keep(mine, given); err != nil {
		return fmt.Errorf("no check-in: the aggregator's key can't be kept: %w", err)
	}
	m, err := u.checkInMessage()
	if err != nil {
		return err
	}
	a, failed := l.caller.send(ctx, m, askTimeout)
	if failed != nil {
		return failed.err
	}
	if key, err = u.givenKey(a); err != nil {
		return err
	}
	return u.key.take(key, now)
}

func (u *upay) checkInMessage() (message, error) {
	body, err := json.Marshal(map[string]string{"terminal_sn": u.terminal, "device_id": u.key.device})
	return u.signed(checkInPath, body), err
}

// errCheckIn says that a check-in gave no key.
var errCheckIn = errors.New("the check-in gave no key")

// givenKey reads the answer to a check-in. The key is in no error.
func (u *upay) givenKey(a answer) (txn.Secret, error) {
	whole, err := readObject(a.body)
	if err != nil || a.status != http.StatusOK {
		return nil, fmt.Errorf("%w: HTTP %d", errCheckIn, a.status)
	}
	if code := whole.text("result_code"); code != "200" {
		return nil, fmt.Errorf("%w: it says %.20s %.60s: where the terminal was activated anew, or long ago, put the key of the activation into the settings", errCheckIn, code, whole.text("error_code"))
	}
	o := whole.in("biz_response")
	if data := o.in("data"); data.text("terminal_key") != "" { // some answers wrap it once more
		o = data
	}
	key := o.text("terminal_key")
	//mutant:a-key-is-the-terminal-s
	if o.text("terminal_sn") != u.terminal {
		return nil, fmt.Errorf("%w: it is about another terminal", errCheckIn)
	}
	if len(key) < leastTerminalKey || len(key) > mostTerminalKey || strings.ContainsFunc(key, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return nil, errCheckIn
	}
	return txn.Secret(key), nil
}
