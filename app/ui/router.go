package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// router is the one place for keys and taps. Fyne hands a key to the focused widget only
// and never bubbles it, so every widget of the till that is pressed or typed into passes that here.
//
// Characters pass a burst first, which tells a scanner from a person (burst.go).
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

	burst
	pace    pace
	learn   func(code string, gaps []time.Duration) // takes the next bursts to learn a scanner's pace; nil while nobody learns
	repeats bool                                    // the key of the character that comes next is held
	back    func(rune)                              // where those go that card has kept and gives back
	keep    func() (undo func())                    // notes what figures change, so that they can be taken back; nil: they can't be
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
		r.guard.ofDevice(hand(name))
		return true
	}
	return r.pass(name, own)
}

// pass is a key that no card reader has sent.
func (r *router) pass(name fyne.KeyName, own func() bool) bool {
	if isEnter(name) && r.endScan() {
		r.guard.ofDevice(hand(name))
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
	r.unended = time.Time{}
	r.seen()
	if !r.guard.act(h, began, figure, press) && figure {
		r.tooSoon()
	}
}

func isEnter(name fyne.KeyName) bool { return name == fyne.KeyReturn || name == fyne.KeyEnter }

// isCharacter reports whether Fyne also sends a rune for this key: one letter, digit or sign.
func isCharacter(name fyne.KeyName) bool { return len(name) == 1 || name == fyne.KeySpace }

// chords are the shortcuts with Ctrl. Fyne sends plain F-keys as keys, never as shortcuts.
var chords = []fyne.KeyName{fyne.KeyF4, fyne.KeyF7, fyne.KeyL, fyne.KeyD, fyne.KeyE, fyne.KeyF, fyne.KeyM, fyne.KeyJ, fyne.KeyI, fyne.KeyB, fyne.KeyDelete}

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
func (r *router) keyDown(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyTab && r.endScan() { // Fyne keeps Tab to itself, and moves the focus next
		r.after(0, r.unfocus)
	}
	r.guard.down(hand(e.Name))
}

// keyUp tells of a key that is released.
func (r *router) keyUp(e *fyne.KeyEvent) { r.guard.release(hand(e.Name)) }

// chord takes a shortcut, and reports whether it is one of the till's.
func (r *router) chord(name fyne.KeyName, modifier fyne.KeyModifier) bool {
	if r.guard.repeats(hand(name)) || name == fyne.KeyJ && r.endScan() { // Ctrl+J is a line feed
		return true
	}
	r.flush()
	used := true
	r.act(hand(name), r.guard.grip(hand(name)).began, false, func() { used = r.shortcut(name, modifier) })
	return used
}
