package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"veratill/txn/sale"
)

// Keyboard-wedge scanners type like a very fast person and end with Enter.
const (
	burstWindow = 60 * time.Millisecond // no person keeps this pace for a whole code
	burstLeast  = 3                     // characters: a shop's own label may be as short, and a person does not type three at that pace
	burstMost   = 256                   // all three tracks of a card
)

// router is the one place for keys and taps. Fyne hands a key to the focused widget only
// and never bubbles it, so every widget of the till that is pressed or typed into passes that here.
//
// Characters wait here until it is known whether they come from a scanner: a
// burst that ends with Enter is a scan and nothing else ever sees it, so it can't
// land in an amount field; what a person types goes on after burstWindow.
type router struct {
	now   func() time.Time
	after func(time.Duration, func())
	guard *guard

	key      func(fyne.KeyName) bool // true: done
	typed    func(rune)              // a character while no field has the focus
	shortcut func(fyne.KeyName, fyne.KeyModifier) bool
	scan     func(code string)
	seen     func()                          // a person presses something
	tooSoon  func()                          // a figure was not taken: the screen had just changed
	withhold func(typed []rune) bool         // it holds a card's number: nothing else sees it
	card     func(x rune, at time.Time) bool // true: a card reader typed it, or may have: nothing else sees it
	unfocus  func()

	held    []rune // in one piece, which is wiped
	times   []time.Time
	repeats bool       // the key of the character that comes next is held
	into    func(rune) // where the held characters go
	back    func(rune) // where those go that card has kept and gives back
	round   int        // tells a late timer that it is late
}

// rune takes a character. into is the focused field's own way to take it, nil for none.
func (r *router) rune(x rune, into func(rune)) {
	//mutant:a-held-key-types-once
	if r.repeats {
		if into != nil {
			into(x)
		}
		return
	}
	r.back = into
	if !r.card(x, r.now()) {
		r.hold(x, into)
	}
}

// again types what was kept for a card and was none.
func (r *router) again(text string) {
	for _, x := range text {
		if x == '\r' {
			r.pass(fyne.KeyReturn, nil)
		} else {
			r.hold(x, r.back)
		}
	}
}

func (r *router) hold(x rune, into func(rune)) {
	if len(r.held) > 0 && (r.now().Sub(r.last()) > burstWindow || len(r.held) >= burstMost) {
		r.flush()
	}
	if r.held == nil {
		r.held = make([]rune, 0, burstMost+1)
	}
	r.held, r.times = append(r.held, x), append(r.times, r.now())
	r.into = into
	r.round++
	round := r.round
	r.after(burstWindow, func() {
		if round == r.round {
			r.flush()
		}
	})
}

// last is when the last of the held characters was typed.
func (r *router) last() time.Time { return r.times[len(r.times)-1] }

// take is all that was held. Whoever takes it wipes it.
func (r *router) take() (held []rune, times []time.Time, into func(rune)) {
	held, times, into = r.held, r.times, r.into
	r.held, r.times, r.into = nil, nil, nil
	r.round++
	return held, times, into
}

// flush hands on what was held: a person typed it.
func (r *router) flush() {
	held, times, into := r.take()
	defer clear(held)
	//mutant:what-was-typed-is-withheld
	if r.withhold(held) { // it came too fast for a person, and without an Enter
		r.scan(sale.Withheld)
		return
	}
	for i, x := range held {
		r.act(handOf(x), times[i], into == nil, func() {
			if into != nil {
				into(x)
				return
			}
			r.unfocus() // what is typed is not for the button that has the focus, and neither is the Enter behind it
			r.typed(x)
		})
	}
}

// handOf is the key that a character is typed with, as far as its sign tells.
func handOf(x rune) hand { return hand(strings.ToUpper(string(x))) }

// endScan hands a burst that this key ends to the scan, and reports whether it was one.
func (r *router) endScan(name fyne.KeyName) bool {
	//mutant:a-short-scan-is-one
	if !isEnter(name) || len(r.held) < burstLeast || r.now().Sub(r.last()) > burstWindow || onlyZeros(r.held) {
		return false
	}
	held, _, _ := r.take()
	defer clear(held)
	code := sale.Withheld
	if !r.withhold(held) {
		code = string(held)
	}
	r.scan(code)
	return true
}

// onlyZeros reports whether it is what a key for 00 or 000 types.
func onlyZeros(typed []rune) bool {
	return !slices.ContainsFunc(typed, func(x rune) bool { return x != '0' })
}

// press takes a key. own is what it means to the widget that has the focus, nil for nothing. It reports whether the till used it.
func (r *router) press(name fyne.KeyName, own func() bool) bool {
	repeats := r.guard.repeats(hand(name))
	if isCharacter(name) {
		r.repeats = repeats
		return false // it comes again as a rune
	}
	//mutant:a-held-key-acts-once
	if repeats && !steps[name] {
		return true
	}
	if isEnter(name) && r.card('\r', r.now()) {
		return true
	}
	return r.pass(name, own)
}

// pass is a key that no card reader has sent.
func (r *router) pass(name fyne.KeyName, own func() bool) bool {
	if r.endScan(name) {
		return true
	}
	if isEnter(name) && len(r.held) > 0 && r.into == nil {
		own = nil // it ends what was typed
	}
	r.flush()
	used := true
	r.act(hand(name), r.guard.grip(hand(name)).began, false, func() { used = own != nil && own() || r.key(name) })
	return used
}

// tap is a press of the pointer on something; figure tells that it types.
func (r *router) tap(figure bool, press func()) {
	began := r.guard.tapped()
	r.flush()
	r.unfocus()
	r.act(pointer, began, figure, press)
}

func (r *router) act(h hand, began time.Time, figure bool, press func()) {
	r.seen()
	if !r.guard.act(h, began, figure, press) && figure {
		r.tooSoon()
	}
}

func isEnter(name fyne.KeyName) bool { return name == fyne.KeyReturn || name == fyne.KeyEnter }

// isCharacter reports whether Fyne also sends a rune for this key: one letter, digit or sign.
func isCharacter(name fyne.KeyName) bool { return len(name) == 1 || name == fyne.KeySpace }

// chords are the shortcuts with Ctrl. Fyne sends plain F-keys as keys, never as shortcuts.
var chords = []fyne.KeyName{fyne.KeyF4, fyne.KeyF7, fyne.KeyL, fyne.KeyD, fyne.KeyE, fyne.KeyM, fyne.KeyDelete}

// named are those to which Fyne gives names of its own.
var named = map[fyne.KeyName]fyne.Shortcut{fyne.KeyA: &fyne.ShortcutSelectAll{}, fyne.KeyZ: &fyne.ShortcutUndo{}}

// bind covers the case that nothing has the focus, and the chords.
func (r *router) bind(c fyne.Canvas) {
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { r.press(e.Name, nil) })
	c.SetOnTypedRune(func(x rune) { r.rune(x, nil) })
	if keys, real := c.(desktop.Canvas); real { // a canvas of Fyne's tests has no keys that go down
		keys.SetOnKeyDown(r.keyDown)
		keys.SetOnKeyUp(r.keyUp)
	}
	for _, name := range chords {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl}, func(fyne.Shortcut) {
			r.chord(name, fyne.KeyModifierControl)
		})
	}
	for name, shortcut := range named {
		c.AddShortcut(shortcut, func(fyne.Shortcut) { r.chord(name, fyne.KeyModifierControl) })
	}
}

// keyDown and keyUp tell of keys, whichever widget has the focus.
func (r *router) keyDown(e *fyne.KeyEvent) { r.guard.down(hand(e.Name)) }

// keyUp tells of a key that is released.
func (r *router) keyUp(e *fyne.KeyEvent) { r.guard.release(hand(e.Name)) }

// chord takes a shortcut, and reports whether it is one of the till's.
func (r *router) chord(name fyne.KeyName, modifier fyne.KeyModifier) bool {
	if r.guard.repeats(hand(name)) {
		return true
	}
	r.flush()
	used := true
	r.act(hand(name), r.guard.grip(hand(name)).began, false, func() { used = r.shortcut(name, modifier) })
	return used
}
