package reader

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"veratill/devices"
)

// Limits of what is held back.
const (
	maxHeld    = 300                    // characters: three tracks and what a shop sets around them
	likeTrack  = 12                     // digits behind the prefix: nothing that a person types
	likeBurst  = 6                      // digits at a machine's pace that then stop
	strayUntil = 250 * time.Millisecond // after a track that was cut: its rest still comes
)

// Wedge is a reader that types. Characters from the prefix (or from %, where track 1 begins)
// on are held back as long as they come faster than the gap. When they make a card it goes
// to the Read that waits, and nothing of it anywhere else; when they make none they are typed
// after all, except what looks like a track: that is a Fault, and is gone.
//
// Feed is for one goroutine, that of the keys, which also runs Window's functions.
type Wedge struct {
	prefix, suffix []rune
	gap            time.Duration
	win            Window
	hand           *handoff

	mu     sync.Mutex
	state  wedgeState
	held   []byte // ASCII; other characters end the burst
	last   time.Time
	round  int // tells a late timer that it is late
	status devices.Status
}

type wedgeState uint8

const (
	wedgeIdle  wedgeState = iota
	wedgeHolds            // a burst has begun
	wedgeTail             // a card was read: what follows at this pace is the rest of its burst
	wedgeStray            // a track was cut: what looks like its rest goes nowhere
)

// NewWedge makes one of a wedge address. Errors are devices.ErrURL.
func NewWedge(u devices.URL, w Window) (*Wedge, error) {
	if u.Scheme != devices.Wedge || u.Prefix == "" || u.GapMs < 1 {
		return nil, fmt.Errorf("%w: %q is no reader that types", devices.ErrURL, u.Scheme)
	}
	if w.After == nil {
		w.After = func(time.Duration, func()) {}
	}
	if w.Back == nil {
		w.Back = func(string) {}
	}
	return &Wedge{prefix: []rune(u.Prefix), suffix: []rune(u.Suffix), gap: time.Duration(u.GapMs) * time.Millisecond, win: w,
		hand: newHandoff(), held: make([]byte, 0, maxHeld), status: devices.Status{Health: devices.Ready, Since: time.Now()}}, nil
}

// Feed takes a character at the time of its key; Enter is '\r', also in what Back types. It reports whether the
// wedge has it: then nothing else may see it. What was held and is no card is given to
// Window.Back before Feed returns, so that a person's characters keep their order.
func (w *Wedge) Feed(r rune, at time.Time) (taken bool) {
	if r == '\n' {
		r = '\r'
	}
	w.mu.Lock()
	if w.status.Reason == devices.Closed {
		w.mu.Unlock()
		return false
	}
	var back string
	if w.state != wedgeIdle && at.Sub(w.last) > w.pause() {
		back = w.release(likeBurst)
	}
	more, taken := w.step(r, at)
	back += more
	round, pause, armed := w.round, w.pause(), w.state == wedgeHolds
	w.mu.Unlock()
	if back != "" {
		w.win.Back(back)
	}
	if armed {
		w.win.After(pause, func() { w.late(round) })
	}
	return taken
}

// pause is how long the next character may take.
func (w *Wedge) pause() time.Duration {
	if w.state == wedgeStray {
		return strayUntil
	}
	return w.gap
}

// late ends a burst that did not go on.
func (w *Wedge) late(round int) {
	w.mu.Lock()
	var back string
	if round == w.round && w.state == wedgeHolds {
		back = w.release(likeBurst)
	}
	w.mu.Unlock()
	if back != "" {
		w.win.Back(back)
	}
}

// step is one character in the state that holds.
func (w *Wedge) step(r rune, at time.Time) (back string, taken bool) {
	w.round++
	w.last = at
	switch w.state {
	case wedgeTail:
		return "", true
	case wedgeStray:
		if r == '\r' || r < utf8.RuneSelf && strings.ContainsRune("0123456789=?;%^D", r) {
			return "", true
		}
		w.state = wedgeIdle
	}
	if w.state == wedgeIdle {
		if r != w.prefix[0] && r != '%' {
			return "", false
		}
		w.state = wedgeHolds
		return "", w.hold(r)
	}
	if r == '\r' {
		return w.enter()
	}
	if !w.fits(r) {
		back = w.release(likeTrack)
		return back, back == ""
	}
	w.hold(r)
	if len(w.suffix) > 0 && bytes.HasSuffix(w.held, []byte(string(w.suffix))) && w.begun() {
		w.finish()
	}
	return "", true
}

// enter ends a burst. Behind track 1 alone it does not: some readers send one behind each track.
func (w *Wedge) enter() (back string, taken bool) {
	if w.finish() {
		return "", true
	}
	if t := splitTracks(w.held); t[0] != nil && t[1] == nil && w.held[len(w.held)-1] != '\r' && len(w.held) < maxHeld {
		return "", w.hold('\r')
	}
	back = w.release(likeTrack)
	return back, back == "" // Enter goes where the typed characters go
}

// fits reports whether a burst can go on with a character.
func (w *Wedge) fits(r rune) bool {
	if len(w.held) >= maxHeld {
		return false
	}
	return r >= ' ' && r < utf8.RuneSelf || !w.begun() && strings.HasPrefix(string(w.prefix), string(w.held)+string(r))
}

// hold keeps a character; a prefix may be one that is not ASCII.
func (w *Wedge) hold(r rune) bool {
	w.held = utf8.AppendRune(w.held, r)
	return true
}

// begun reports whether the whole prefix has come, or a track 1.
func (w *Wedge) begun() bool {
	return bytes.HasPrefix(w.held, []byte(string(w.prefix))) || w.held[0] == '%'
}

// finish makes a card of what is held, if it is one.
func (w *Wedge) finish() bool {
	if !w.begun() {
		return false
	}
	card, err := w.card()
	if err != nil {
		return false
	}
	w.forget(wedgeTail)
	w.hand.give(card, nil)
	return true
}

// card finds track 2 in what is held: with its sentinels, or where the reader is set to
// other ones, between prefix and suffix.
func (w *Wedge) card() (Card, error) {
	if two := splitTracks(w.held)[1]; two != nil {
		return ParseTrack2(two)
	}
	body, is := bytes.CutPrefix(w.held, []byte(string(w.prefix)))
	if !is {
		return Card{}, ErrStart
	}
	if body, is = bytes.CutSuffix(body, []byte(string(w.suffix))); !is {
		return Card{}, ErrEnd
	}
	if len(body) > maxTrack+2 {
		return Card{}, ErrTooLong
	}
	var b [maxTrack + 4]byte
	defer clear(b[:])
	track := append(append(append(b[:0], ';'), bytes.Trim(body, ";?")...), '?')
	return ParseTrack2(track)
}

// release ends a burst that is no card: it gives what is to be typed, or drops it where it
// may be a track, and tells who waits. It may be one from so many digits on; fewer are enough
// where it came at a machine's pace and then stopped: the window was busy, and the rest still comes.
func (w *Wedge) release(many int) (back string) {
	if w.state != wedgeHolds {
		w.forget(wedgeIdle)
		return ""
	}
	if digitsIn(w.held) >= many {
		w.fault()
		return ""
	}
	back = string(w.held)
	w.forget(wedgeIdle)
	return back
}

// fault drops what is held.
func (w *Wedge) fault() {
	err := &Fault{SwipeLost, nil}
	tracks := splitTracks(w.held)
	if whole := tracks[1]; whole != nil {
		if _, bad := ParseTrack2(whole); bad != nil {
			err = &Fault{codeOfTrack(whole, bad), bad}
		}
	} else if tracks[0] != nil {
		err = &Fault{Partial, ErrNoTrack2}
	}
	w.forget(wedgeStray)
	w.hand.give(Card{}, err)
}

func (w *Wedge) forget(next wedgeState) {
	clear(w.held[:cap(w.held)])
	w.held, w.state = w.held[:0], next
}

// digitsIn counts digits.
func digitsIn(b []byte) (n int) {
	for _, c := range b {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// Read implements Reader. Besides ctx's error and ErrClosed it gives *Fault.
func (w *Wedge) Read(ctx context.Context) (Card, error) { return w.hand.wait(ctx) }

// Status implements Reader: a reader that types can't be asked, and counts as ready.
func (w *Wedge) Status() devices.Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

// Close implements Reader. Characters are not held back any longer.
func (w *Wedge) Close() error {
	w.hand.close()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status.Reason != devices.Closed {
		w.status = devices.Status{Health: devices.Offline, Reason: devices.Closed, Since: time.Now()}
	}
	w.forget(wedgeIdle)
	return nil
}
