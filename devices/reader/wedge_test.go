package reader

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"veratill/devices"
	"veratill/packaging/nasty"
)

// desk is a window with a clock of its own: what is typed, and what reaches it.
type desk struct {
	*Wedge
	now    time.Time
	typed  strings.Builder // what the wedge didn't take, and what it gave back
	timers []timer
}

type timer struct {
	at time.Time
	f  func()
}

func newDesk(t *testing.T, address string) *desk {
	t.Helper()
	u, err := devices.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{now: time.Unix(1_800_000_000, 0)}
	r, err := Open(u, nil, Window{
		After: func(wait time.Duration, f func()) { d.timers = append(d.timers, timer{d.now.Add(wait), f}) },
		Back:  func(text string) { d.typed.WriteString(text) },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Wedge = r.(*Wedge)
	return d
}

// pass lets time go by, and timers run.
func (d *desk) pass(wait time.Duration) {
	until := d.now.Add(wait)
	for len(d.timers) > 0 && !d.timers[0].at.After(until) {
		due := d.timers[0]
		d.timers = d.timers[1:]
		d.now = due.at
		due.f()
	}
	d.now = until
}

// keys types a text, a character each pace.
func (d *desk) keys(text string, pace time.Duration) {
	for _, r := range text {
		if !d.Feed(r, d.now) {
			d.typed.WriteRune(r)
		}
		d.pass(pace)
	}
}

const fast, slow = 5 * time.Millisecond, 120 * time.Millisecond

func TestWedge(t *testing.T) {
	const affixed = "wedge:?prefix=%40%40&suffix=%23%23"
	for _, c := range []struct {
		name, address, keys string
		pace                time.Duration
		card                bool
		code                Code
		typed               string
	}{
		{"track 2", "wedge:", two + "\r", fast, true, "", ""},
		{"track 2 without Enter", "wedge:", two, fast, true, "", ""},
		{"track 2 with its check character", "wedge:", two + string(lrc([]byte(two))) + "\r", fast, true, "", ""},
		{"both tracks", "wedge:", one + two + "\r", fast, true, "", ""},
		{"both tracks, each with Enter", "wedge:", one + "\r" + two + "\r", fast, true, "", ""},
		{"three tracks", "wedge:", one + two + three + "\r", fast, true, "", ""},
		{"set affixes", affixed, "@@" + one + two + "##\r", fast, true, "", ""},
		{"set affixes, no sentinels", affixed, "@@" + strings.Trim(two, ";?") + "##\r", fast, true, "", ""},
		{"no suffix", "wedge:?suffix=", strings.Trim(two, "?") + "\r", fast, true, "", ""},
		{"before and behind", "wedge:", "7" + two + "\r", fast, true, "", "7"},
		{"a person types ;", "wedge:", ";5", slow, false, "", ";5"},
		{"a person types %", "wedge:", "10%\r", slow, false, "", "10%\r"},
		{"a scanner", "wedge:", "6901234567892\r", fast, false, "", "6901234567892\r"},
		{"a short code with the prefix", "wedge:", ";1234567?\r", fast, false, "", ";1234567?\r"},
		{"a name", "wedge:", "%CLUB?\r", fast, false, "", "%CLUB?\r"},
		{"other script", "wedge:", ";是", fast, false, "", ";是"},
		{"a person types a track", "wedge:", two, slow, false, "", two},
		{"track 1 alone", "wedge:", one + "\r", fast, false, Partial, ""},
		{"too many digits", "wedge:", ";62000000000000051234=49121010000?\r", fast, false, NoPaymentCard, ""},
		{"no end", "wedge:", strings.Trim(two, "?") + "\r", fast, false, SwipeLost, ""},
		{"an endless burst", "wedge:", ";" + strings.Repeat("1", 500), fast, false, SwipeLost, ""},
	} {
		d := newDesk(t, c.address)
		got := reading(t, d.Wedge)
		d.keys(c.keys, c.pace)
		d.pass(time.Second)
		typed := d.typed.String()
		if typed != c.typed {
			t.Errorf("%s: %q is typed", c.name, typed)
		}
		if !c.card && c.code == "" {
			if len(got) > 0 {
				t.Errorf("%s: %v", c.name, <-got)
			}
			_ = d.Close()
			if _, err := came(t, got); err != ErrClosed {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		card, err := came(t, got)
		if CodeOf(err) != c.code || c.card && string(card.Track2()) != strings.Trim(two, ";?") {
			t.Errorf("%s: %v, %v", c.name, card, err)
		}
	}
}

// The window was busy in the middle of a track: neither the first part nor the rest is typed.
func TestWedgeCut(t *testing.T) {
	for _, at := range []int{8, 9, 12, 20, 30} {
		d := newDesk(t, "wedge:")
		got := reading(t, d.Wedge)
		d.keys(two[:at], fast)
		if at%8 == 0 { // the timer comes later than the rest
			d.timers = nil
		}
		d.pass(100 * time.Millisecond)
		d.keys(two[at:]+"\r", fast)
		if d.typed.Len() > 0 {
			t.Errorf("cut at %d: %q is typed", at, d.typed.String())
		}
		_, err := came(t, got)
		codeIs(t, err, SwipeLost)
		d.pass(time.Second)
		d.keys("12", slow)
		if d.typed.String() != "12" {
			t.Errorf("cut at %d: of what a person types then %q is left", at, d.typed.String())
		}
	}
}

// Nobody waits: the card is nowhere, and nothing is held in memory; after Close keys pass.
func TestWedgeThatNobodyWants(t *testing.T) {
	d := newDesk(t, "wedge:")
	d.keys(two+"\r", fast)
	d.pass(time.Second)
	got := reading(t, d.Wedge)
	if d.typed.Len() > 0 || len(got) > 0 {
		t.Error(d.typed.String())
	}
	for _, c := range d.held[:cap(d.held)] {
		if c != 0 {
			t.Fatal("a part of the track is still held")
		}
	}
	if d.Status().Health != devices.Ready {
		t.Error(d.Status())
	}
	d.Feed(';', d.now)
	_ = d.Close()
	if _, err := came(t, got); err != ErrClosed {
		t.Error(err)
	}
	if d.Feed(';', d.now) || d.Status().Reason != devices.Closed {
		t.Error("it holds keys after Close")
	}
	if _, err := NewWedge(devices.URL{Scheme: devices.Wedge}, Window{}); !errors.Is(err, devices.ErrURL) {
		t.Error(err)
	}
	if w, err := NewWedge(devices.URL{Scheme: devices.Wedge, Prefix: ";", GapMs: 30}, Window{}); err != nil || !w.Feed(';', d.now) {
		t.Error(err)
	}
}

// Whatever is typed at whatever pace: all of it is typed in its order, but for what had the
// digits of a track or the burst of one; and what the wedge gives back never holds 12 digits.
// Each byte is a key; those from 80 on are slow.
func FuzzWedge(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		u := devices.URL{Scheme: devices.Wedge, Prefix: ";", Suffix: "?", GapMs: 30}
		now := time.Unix(1_800_000_000, 0)
		var in, out []byte
		var late func()
		w, err := NewWedge(u, Window{After: func(_ time.Duration, f func()) { late = f }, Back: func(text string) {
			if digitsIn([]byte(text)) >= likeTrack {
				t.Fatalf("%q is given back", text)
			}
			out = append(out, text...)
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range b {
			now = now.Add(time.Millisecond)
			if c >= 0x80 {
				now = now.Add(time.Second)
				if late != nil && c%2 == 0 {
					late()
				}
			}
			if c &= 0x7F; c == '\n' {
				c = '\r'
			}
			in = append(in, c)
			if !w.Feed(rune(c), now) {
				out = append(out, c)
			}
		}
		if late != nil {
			late()
		}
		rest := in
		for i, c := range out {
			at := bytes.IndexByte(rest, c)
			if at < 0 {
				t.Fatalf("of %q comes %q: %d was not typed there", in, out, i)
			}
			rest = rest[at+1:]
		}
		if len(in) != len(out) && digitsIn(in)-digitsIn(out) < likeBurst {
			t.Fatalf("of %q comes only %q", in, out)
		}
	})
}
