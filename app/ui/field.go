package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// field is the only text entry of the till: it passes everything through the router.
type field struct {
	widget.Entry
	router *router
	own    func(fyne.KeyName) bool // keys that mean something in this field, before all others
	left   func()                  // the focus has gone elsewhere
}

// FocusLost implements fyne.Focusable.
func (f *field) FocusLost() {
	f.Entry.FocusLost()
	f.left()
}

func newField(r *router, placeholder string, changed func(string), own func(fyne.KeyName) bool, left func()) *field {
	f := &field{router: r, own: own, left: left}
	f.PlaceHolder, f.OnChanged = placeholder, changed
	f.ExtendBaseWidget(f)
	return f
}

// TypedRune implements fyne.Focusable.
func (f *field) TypedRune(x rune) { f.router.rune(x, f.Entry.TypedRune) }

// TypedKey implements fyne.Focusable.
func (f *field) TypedKey(e *fyne.KeyEvent) {
	own := func() bool { return f.own(e.Name) }
	if edits[e.Name] { // they are this text's, and no screen's
		own = func() bool {
			if !f.own(e.Name) {
				f.Entry.TypedKey(e)
			}
			return true
		}
	}
	if !f.router.press(e.Name, own) && !isCharacter(e.Name) { // a character comes again as a rune
		f.Entry.TypedKey(e)
	}
}

// edits are the keys that change a text or move in it.
var edits = map[fyne.KeyName]bool{fyne.KeyBackspace: true, fyne.KeyDelete: true, fyne.KeyLeft: true, fyne.KeyRight: true, fyne.KeyHome: true, fyne.KeyEnd: true}

// KeyDown implements desktop.Keyable.
func (f *field) KeyDown(e *fyne.KeyEvent) { f.router.keyDown(e); f.Entry.KeyDown(e) }

// KeyUp implements desktop.Keyable.
func (f *field) KeyUp(e *fyne.KeyEvent) { f.router.keyUp(e); f.Entry.KeyUp(e) }

// TypedShortcut implements fyne.Shortcutable.
func (f *field) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && f.router.chord(c.KeyName, c.Modifier) {
		return
	}
	f.Entry.TypedShortcut(s)
}

// TappedSecondary implements fyne.SecondaryTappable: no menu opens over a till.
func (f *field) TappedSecondary(*fyne.PointEvent) {}
