package wallet_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// terminal is an aggregator's terminal that checks in, with keys of its own behind it.
type terminal struct {
	*desk
	config wallet.Config
	kept   []txn.Secret // in the order in which they became durable
	// The next failing keys can't be kept, after room more.
	room, failing int
}

func newTerminal(t *testing.T, rules ...string) *terminal {
	t.Helper()
	k, err := walletsim.MakeSharedKeys()
	if err != nil {
		t.Fatal(err)
	}
	m := &terminal{desk: newDeskOf(t, k, rules...)}
	m.config = wallet.Config{Log: slog.New(slog.NewTextHandler(&m.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Provider: wallet.Upay, Address: "http://127.0.0.1:1", Terminal: walletsim.UpayTerminal, Key: txn.Secret(k.Upay), Device: "till 1", Dial: m.wire.dial,
		KeepKey: func(key txn.Secret, _ time.Time) error {
			switch {
			case m.room > 0:
				m.room--
			case m.failing > 0:
				m.failing--
				return errors.New("no space left")
			}
			if n := len(m.kept); n == 0 || string(m.kept[n-1]) != string(key) {
				m.kept = append(m.kept, key)
			}
			return nil
		}}
	return m
}

// opened is the line as a start of the till makes it: with the key that was kept last.
func (m *terminal) opened(given time.Time) *wallet.Line {
	m.t.Helper()
	c := m.config
	if len(m.kept) > 0 {
		c.Key, c.KeyGiven = m.kept[len(m.kept)-1], given
	}
	l, err := wallet.New(c)
	if err != nil {
		m.t.Fatal(err)
	}
	return l
}

// pays reports whether a customer's code pays.
func (m *terminal) pays(l *wallet.Line) bool {
	m.t.Helper()
	if err := l.Ready(context.Background()); err != nil {
		m.t.Log(err)
	}
	o := m.payment(l, wallet.Upay, 1200)
	return m.request(l, o).Kind == txn.BankApproved
}

func (m *terminal) checkIns() (n int) {
	for _, line := range m.heard {
		if strings.HasPrefix(line, "upay check in") {
			n++
		}
	}
	return n
}

// The terminal checks in once a day, before the first customer, and pays with a key that was durable before.
func TestATerminalChecksInEachDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t)
		l := m.opened(time.Time{})
		for day := 1; day <= 3; day++ {
			first, second := m.pays(l), m.pays(l)
			if !first || !second || m.checkIns() != day || len(m.kept) != day+1 {
				t.Fatalf("day %d: %d check-ins, %d keys kept", day, m.checkIns(), len(m.kept))
			}
			time.Sleep(24 * time.Hour)
		}
		given := time.Now()
		if !m.pays(l) {
			t.Fatal("the last day")
		}
		if again := m.opened(given); !m.pays(again) || m.checkIns() != 4 {
			t.Errorf("after a restart the terminal checked in %d times, want 4", m.checkIns())
		}
	})
}

// An answer to a check-in that is lost, late, or none leaves the terminal with a key that is valid, and the next check-in brings one of the day.
func TestALostCheckInCostsNothing(t *testing.T) {
	for _, do := range []string{"silent", "cut after", "cut before", "server error", "garbage", "truncated", "system error", "error before", "other number", "redirect", "oversized"} {
		synctest.Test(t, func(t *testing.T) {
			m := newTerminal(t, `{"provider":"upay","question":"check in","nth":2,"do":"`+do+`"}`)
			l := m.opened(time.Time{})
			if !m.pays(l) {
				t.Fatal("the first day")
			}
			time.Sleep(24 * time.Hour)
			m.pays(l) // with a key of yesterday it may not
			time.Sleep(2 * time.Minute)
			if !m.pays(l) || m.checkIns() < 3 || len(m.kept) != 3 {
				t.Errorf("%s: %d check-ins, %d keys, and no payment", do, m.checkIns(), len(m.kept))
			}
			if l = m.opened(time.Now()); !m.pays(l) {
				t.Errorf("%s: no payment after a restart", do)
			}
		})
	}
}

// A key that can't be kept signs nothing: the one before it does, which is durable, and no other is asked for before that. A power cut at any moment
// leaves a key that is valid.
func TestAKeyIsDurableBeforeItSigns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t)
		l := m.opened(time.Time{})
		m.pays(l)
		given := time.Now()
		time.Sleep(24 * time.Hour)
		m.failing = 3 // the disk fills up while the terminal checks in
		m.room = 1
		if !m.pays(l) || m.checkIns() != 2 {
			t.Errorf("the key before it pays nothing, after %d check-ins", m.checkIns())
		}
		for range 2 {
			time.Sleep(5 * time.Minute)
			if !m.pays(l) || m.checkIns() != 2 {
				t.Errorf("%d check-ins on a full disk, want 2", m.checkIns())
			}
		}
		if cut := m.opened(given); !m.pays(cut) || m.checkIns() != 3 {
			t.Errorf("after a power cut the key that is on the disk pays nothing, after %d check-ins", m.checkIns())
		}
	})
}

// A key that was given and could not be kept is kept before another is asked for: with that one the key on the disk would not be valid any more.
func TestAKeyThatWasGivenIsKeptFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t)
		l := m.opened(time.Time{})
		m.pays(l)
		time.Sleep(24 * time.Hour)
		m.room, m.failing = 1, 1
		m.pays(l)
		time.Sleep(5 * time.Minute)
		if !m.pays(l) || m.checkIns() != 2 || len(m.kept) != 3 {
			t.Errorf("%d check-ins, want 2, and %d keys kept, want 3", m.checkIns(), len(m.kept))
		}
	})
}

// On a disk that is full no terminal checks in, so that the key on it stays one of the two that are valid.
func TestNoCheckInOnAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t)
		l := m.opened(time.Time{})
		m.pays(l)
		given := time.Now()
		m.failing = 1000
		for range 3 {
			time.Sleep(24 * time.Hour)
			m.pays(l)
			m.pays(m.opened(given))
		}
		if m.checkIns() != 1 {
			t.Errorf("%d check-ins on a full disk", m.checkIns()-1)
		}
		m.failing = 0
		time.Sleep(5 * time.Minute)
		if !m.pays(m.opened(given)) {
			t.Error("no payment once the disk has room")
		}
	})
}

// No key is taken that is another terminal's, or none: the terminal pays on with its own.
func TestAKeyIsTheTerminals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t, `{"provider":"upay","question":"check in","do":"other number"}`)
		l := m.opened(time.Time{})
		m.pays(l)
		if len(m.kept) != 1 { // its own
			t.Error("a key of another terminal was kept")
		}
	})
}

// The log, and every error, is silent about keys.
func TestKeysAreSaidNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t)
		l := m.opened(time.Time{})
		m.pays(l)
		m.failing = 1
		time.Sleep(24 * time.Hour)
		err := l.Ready(context.Background())
		text := m.log.String()
		if err != nil {
			text += err.Error()
		}
		if slices.ContainsFunc(append(m.kept, m.config.Key), func(key txn.Secret) bool { return strings.Contains(text, string(key)) }) {
			t.Error("a key is in the log")
		}
	})
}

// A line whose key the aggregator does not know says so before a customer's money is at stake.
func TestARefusedCheckInIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTerminal(t)
		m.config.Key = txn.Secret("anotherkey")
		if err := m.opened(time.Time{}).Ready(context.Background()); err == nil || !strings.Contains(err.Error(), "the check-in gave no key") {
			t.Errorf("it says %v", err)
		}
	})
}
