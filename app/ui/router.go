package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"veratill/txn/sale"
)

// Keyboard-wedge scanners type like a very fast person and end with Enter.
const (
	burstWindow = 60 * time.Millisecond // no person keeps this pace for a whole code
	burstLeast  = 6                     // characters; the shortest code is an EAN-8
	burstMost   = 256                   // all three tracks of a card
)

// router is the one place for keys. Fyne hands a key to the focused widget only
// and never bubbles it, so every focusable widget of the till passes its keys here.
//
// Characters wait here until it is known whether they come from a scanner: a
// burst that ends with Enter is a scan and nothing else ever sees it, so it can't
// land in an amount field; what a person types goes on after burstWindow.
type router struct {
	now   func() time.Time
	after func(time.Duration, func())

	key      func(fyne.KeyName) bool // true: done
	typed    func(rune)              // a character while no field has the focus
	shortcut func(fyne.KeyName, fyne.KeyModifier) bool
	scan     func(code string)
	withhold func(typed []rune) bool         // it holds a card's number: nothing else sees it
	card     func(x rune, at time.Time) bool // true: a card reader typed it, or may have: nothing else sees it
	unfocus  func()

	held  []rune // in one piece, which is wiped
	last  time.Time
	into  func(rune) // where the held characters go
	back  func(rune) // where those go that card has kept and gives back
	round int        // tells a late timer that it is late
}

// rune takes a character. into is the focused field's own way to take it, nil for none.
func (r *router) rune(x rune, into func(rune)) {
	r.back = into
	if !r.card(x, r.now()) {
		r.hold(x, into)
	}
}

// again types what was kept for a card and was none.
func (r *router) again(text string) {
	for _, x := range text {
		if x == '\r' {
			r.pass(fyne.KeyReturn)
		} else {
			r.hold(x, r.back)
		}
	}
}

func (r *router) hold(x rune, into func(rune)) {
	if len(r.held) > 0 && (r.now().Sub(r.last) > burstWindow || len(r.held) >= burstMost) {
		r.flush()
	}
	if r.held == nil {
		r.held = make([]rune, 0, burstMost+1)
	}
	r.held = append(r.held, x)
	r.last, r.into = r.now(), into
	r.round++
	round := r.round
	r.after(burstWindow, func() {
		if round == r.round {
			r.flush()
		}
	})
}

// flush hands on what was held: a person typed it.
func (r *router) flush() {
	held, into := r.held, r.into
	r.held, r.into = nil, nil
	r.round++
	defer clear(held)
	//mutant:what-was-typed-is-withheld
	if r.withhold(held) { // it came too fast for a person, and without an Enter
		r.scan(sale.Withheld)
		return
	}
	for _, x := range held {
		if into != nil {
			into(x)
		} else {
			r.typed(x)
		}
	}
}

// endScan hands a burst that this key ends to the scan, and reports whether it was one.
func (r *router) endScan(name fyne.KeyName) bool {
	if !isEnter(name) || len(r.held) < burstLeast || r.now().Sub(r.last) > burstWindow {
		return false
	}
	code := sale.Withheld
	if !r.withhold(r.held) {
		code = string(r.held)
	}
	clear(r.held)
	r.held, r.into = nil, nil
	r.round++
	r.scan(code)
	return true
}

// press takes a key. It reports whether the till used it.
func (r *router) press(name fyne.KeyName) bool {
	if isEnter(name) && r.card('\r', r.now()) {
		return true
	}
	return r.pass(name)
}

// ends reports whether a key ended what a reader or a scanner has typed, and is part of that.
func (r *router) ends(name fyne.KeyName) bool {
	return isEnter(name) && r.card('\r', r.now()) || r.endScan(name)
}

// pass is a key that no card reader has sent.
func (r *router) pass(name fyne.KeyName) bool {
	if r.endScan(name) {
		return true
	}
	if !isCharacter(name) {
		r.flush()
	}
	return r.key(name)
}

func isEnter(name fyne.KeyName) bool { return name == fyne.KeyReturn || name == fyne.KeyEnter }

// isCharacter reports whether Fyne also sends a rune for this key: one letter, digit or sign.
func isCharacter(name fyne.KeyName) bool { return len(name) == 1 || name == fyne.KeySpace }

// chords are the shortcuts with Ctrl. Fyne sends plain F-keys as keys, never as shortcuts.
var chords = []fyne.KeyName{fyne.KeyF4, fyne.KeyL, fyne.KeyD, fyne.KeyE}

// bind covers the case that nothing has the focus, and the chords.
func (r *router) bind(c fyne.Canvas) {
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { r.press(e.Name) })
	c.SetOnTypedRune(func(x rune) { r.rune(x, nil) })
	for _, name := range chords {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl}, func(fyne.Shortcut) {
			r.chord(name, fyne.KeyModifierControl)
		})
	}
}

func (r *router) chord(name fyne.KeyName, modifier fyne.KeyModifier) bool {
	r.flush()
	return r.shortcut(name, modifier)
}
