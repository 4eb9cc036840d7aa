package ui

import (
	"slices"
	"strings"
	"time"

	"veratill/txn/sale"
)

// Keyboard-wedge scanners type like a very fast person, and end with Enter, Tab, a line feed or nothing.
const (
	burstLeast  = 3                      // characters: a shop's own label may be as short, and a person does not type three at that pace
	burstMost   = 256                    // all three tracks of a card
	prefixedFor = 500 * time.Millisecond // how long a scanner that sends a prefix may rest between two characters
)

// pace is how fast the scanner of this till types, and what it sends first.
type pace struct {
	window time.Duration // between two characters of a scan at most
	prefix rune          // 0 is none
}

// The paces: without learning, of the fastest and the slowest scanner, and the one from which a person types as fast.
const (
	usualPace   = 60 * time.Millisecond
	fastestPace = 25 * time.Millisecond
	slowestPace = 200 * time.Millisecond
	personsPace = 80 * time.Millisecond
)

// A figure that is shown at once is drawn, and what is typed meanwhile is heard when that is done: paintedFor later at most, and then all
// at once. So a gap behind a shown figure may be longer, if another one is one that no person types.
const (
	paintedFor = 90 * time.Millisecond
	noPerson   = 25 * time.Millisecond
)

// slow reports whether a person may type as fast as the scanner, and nothing else tells them apart.
func (p pace) slow() bool { return p.window >= personsPace && p.prefix == 0 }

// burst is what was typed and is not told yet. Its first figures are shown at once, because a person waits for them; a third character at
// a scanner's pace takes them back.
type burst struct {
	held     []rune // in one piece, which is wiped
	times    []time.Time
	into     func(rune) // where the held characters go
	round    int        // tells a late timer that it is late
	shown    int        // how many of held have been acted on
	undo     func()     // takes those back
	prefixed bool       // a scanner's prefix came before them
	unended  time.Time  // when a scan ended by a pause, and nobody has pressed anything since: what ends it may still come
}

// hold takes a character that no card reader has typed.
func (r *router) hold(x rune, into func(rune)) {
	if len(r.held) > 0 && (r.now().Sub(r.last()) > r.patience() || len(r.held) >= burstMost) {
		r.pause()
	}
	if x == r.pace.prefix && x != 0 && len(r.held) == 0 && !r.prefixed && r.learn == nil {
		r.prefixed = true
		r.wait()
		return
	}
	if r.held == nil {
		r.held = make([]rune, 0, burstMost+1)
	}
	r.held, r.times = append(r.held, x), append(r.times, r.now())
	r.into = into
	r.showAtOnce(x)
	r.wait()
}

// patience is how long the next character of a scan may take.
func (r *router) patience() time.Duration {
	switch {
	case r.prefixed || r.learn != nil:
		return prefixedFor
	case r.shown > 0 && r.shown == len(r.held):
		return r.window() + paintedFor
	}
	return r.window()
}

func (r *router) window() time.Duration {
	if r.pace.window == 0 {
		return usualPace
	}
	return r.pace.window
}

// quick reports whether a scanner types what is held: as many characters as a label has, at its pace.
func (r *router) quick() bool {
	//mutant:a-short-scan-is-one
	if len(r.held) < burstLeast || onlyZeros(r.held) {
		return false
	}
	late, sudden := false, false
	for i := 1; i < len(r.times); i++ {
		gap := r.times[i].Sub(r.times[i-1])
		late = late || gap > r.window()
		sudden = sudden || gap <= noPerson
	}
	return !late || sudden
}

// wait ends the burst by a pause, unless something comes before.
func (r *router) wait() {
	r.round++
	round := r.round
	r.after(r.patience(), func() {
		if round == r.round {
			r.pause()
		}
	})
}

// showAtOnce acts on the first figures while it is open whether a scanner types them, and takes them back once it is not.
func (r *router) showAtOnce(x rune) {
	if len(r.held) >= burstLeast {
		//mutant:figures-of-a-scan-are-taken-back
		if r.shown > 0 && r.quick() {
			r.takeBack()
		}
		return
	}
	if r.into != nil || r.learn != nil || r.prefixed || x < '0' || x > '9' || r.shown != len(r.held)-1 {
		return
	}
	if r.undo == nil {
		if r.undo = r.keep(); r.undo == nil {
			return
		}
	}
	r.shown++
	if !r.guard.act(handOf(x), r.last(), true, func() { // it is not known yet that a person presses
		r.unfocus()
		r.typed(x)
	}) {
		r.tooSoon()
	}
}

func (r *router) takeBack() {
	r.undo()
	r.shown, r.undo = 0, nil
}

// last is when the last of the held characters was typed.
func (r *router) last() time.Time { return r.times[len(r.times)-1] }

// take is all that was held. Whoever takes it wipes it.
func (r *router) take() (b burst) {
	b = r.burst
	r.burst = burst{round: b.round + 1, unended: b.unended}
	return b
}

// pause ends what was typed: at a scanner's pace it is a scan, also without an Enter behind it.
func (r *router) pause() {
	if r.learned() {
		return
	}
	if r.prefixed && len(r.held) > 0 || r.quick() && plain(r.held) && r.into == nil && !r.pace.slow() {
		r.scanned()
		r.unended = r.now()
		return
	}
	r.flush()
}

// plain reports whether a scanner may have typed it: what an input method puts in at once is no scan.
func plain(typed []rune) bool {
	return !slices.ContainsFunc(typed, func(x rune) bool { return x < ' ' || x > '~' })
}

// flush hands on what was held: a person typed it.
func (r *router) flush() {
	b := r.take()
	if b.prefixed {
		b.held, b.times = slices.Insert(b.held, 0, r.pace.prefix), slices.Insert(b.times, 0, r.now())
	}
	defer clear(b.held)
	//mutant:what-was-typed-is-withheld
	if r.withhold(b.held) { // it came too fast for a person, and without an Enter
		r.scan(sale.Withheld)
		return
	}
	if b.shown > 0 {
		r.seen()
		//mutant:a-person-s-figures-end-a-torn-scan
		r.unended = time.Time{} // a person has pressed something: the Enter behind it is theirs
	}
	for i, x := range b.held {
		if i < b.shown {
			continue
		}
		r.act(handOf(x), b.times[i], b.into == nil, func() {
			if b.into != nil {
				b.into(x)
				return
			}
			r.unfocus() // what is typed is not for the button that has the focus, and neither is the Enter behind it
			r.typed(x)
		})
	}
}

// handOf is the key that a character is typed with, as far as its sign tells.
func handOf(x rune) hand { return hand(strings.ToUpper(string(x))) }

// endScan hands a burst that Enter, Tab or a line feed ends to the scan, and reports whether it was one.
func (r *router) endScan() bool {
	if r.learned() {
		return true
	}
	if r.endsTorn() {
		return true
	}
	if len(r.held) == 0 || r.now().Sub(r.last()) > r.patience() || !r.prefixed && !r.quick() {
		return false
	}
	r.scanned()
	return true
}

// endsTorn takes the end of a scan that a radio has torn: the Enter alone, or a few characters with it, at a scanner's pace and before
// anybody has pressed anything. On the pay screen they would be money.
func (r *router) endsTorn() bool {
	since := r.unended
	r.unended = time.Time{}
	//mutant:the-end-of-a-torn-scan-is-no-money
	if since.IsZero() || r.now().Sub(since) > tornFor {
		return false
	}
	if len(r.held) == 0 {
		return true
	}
	if len(r.held) >= burstLeast || r.now().Sub(r.last()) > r.window() {
		return false
	}
	r.scanned()
	return true
}

// scanned hands what is held to the scan.
func (r *router) scanned() {
	if r.shown > 0 {
		r.takeBack()
	}
	b := r.take()
	defer clear(b.held)
	code := sale.Withheld
	if !r.withhold(b.held) {
		code = string(b.held)
	}
	r.scan(code)
}

// learned gives what was typed to whoever learns a scanner's pace, and reports whether somebody does.
func (r *router) learned() bool {
	if r.learn == nil || len(r.held) == 0 {
		return false
	}
	b := r.take()
	defer clear(b.held)
	var gaps []time.Duration
	for i := 1; i < len(b.times); i++ {
		gaps = append(gaps, b.times[i].Sub(b.times[i-1]))
	}
	code := sale.Withheld
	if !r.withhold(b.held) {
		code = string(b.held)
	}
	r.learn(code, gaps)
	return true
}

// onlyZeros reports whether it is what a key for 00 or 000 types.
func onlyZeros(typed []rune) bool {
	return !slices.ContainsFunc(typed, func(x rune) bool { return x != '0' })
}
