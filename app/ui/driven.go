package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"veratill/app/present"
)

// Driven is a window without a display, whose keys something else than GLFW presses: a proof, which reads on its canvas what it
// shows. Its methods are for one goroutine, which also runs what Options.Do is given.
type Driven struct{ till *till }

// Drive opens the window of a desk on an app of Fyne's tests. The errors are those of Run.
func Drive(app fyne.App, desk present.Desk, opts Options) (*Driven, error) {
	t, err := newTill(app, desk, opts)
	if err != nil {
		return nil, err
	}
	t.window.Resize(t.opts.Size)
	t.appear()
	return &Driven{t}, nil
}

// Canvas is what the window shows.
func (d *Driven) Canvas() fyne.Canvas { return d.till.window.Canvas() }

// KeyDown is a key that goes down, KeyAgain what the driver sends then and again while it is held, and KeyUp its release.
func (d *Driven) KeyDown(name fyne.KeyName) {
	d.keyed(name, func(f desktop.Keyable, e *fyne.KeyEvent) { f.KeyDown(e) }, d.till.router.keyDown)
}

// KeyUp is the release of a key.
func (d *Driven) KeyUp(name fyne.KeyName) {
	d.keyed(name, func(f desktop.Keyable, e *fyne.KeyEvent) { f.KeyUp(e) }, d.till.router.keyUp)
}

func (d *Driven) keyed(name fyne.KeyName, focused func(desktop.Keyable, *fyne.KeyEvent), other func(*fyne.KeyEvent)) {
	e := &fyne.KeyEvent{Name: name}
	if f, keyable := d.Canvas().Focused().(desktop.Keyable); keyable {
		focused(f, e)
		return
	}
	other(e)
}

// KeyAgain is what a key that is down does.
func (d *Driven) KeyAgain(name fyne.KeyName) {
	canvas := d.Canvas()
	switch f := canvas.Focused(); {
	case name == fyne.KeyTab:
		canvas.FocusNext()
	case f != nil:
		f.TypedKey(&fyne.KeyEvent{Name: name})
	default:
		canvas.OnTypedKey()(&fyne.KeyEvent{Name: name})
	}
}

// Sign is the character of a key that is down.
func (d *Driven) Sign(x rune) {
	if f := d.Canvas().Focused(); f != nil {
		f.TypedRune(x)
		return
	}
	d.Canvas().OnTypedRune()(x)
}

// Chord is a key that goes down while Ctrl is held.
func (d *Driven) Chord(name fyne.KeyName) {
	if f, takes := d.Canvas().Focused().(fyne.Shortcutable); takes {
		f.TypedShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl})
		return
	}
	d.till.router.chord(name, fyne.KeyModifierControl)
}

// Cross presses the cross of the window.
func (d *Driven) Cross() { d.till.askClose() }

// Closed reports whether the cashier has closed the window.
func (d *Driven) Closed() bool { return d.till.closed }

// End ends the window as the end of its program does: nothing that is under way is waited for.
func (d *Driven) End() {
	d.till.cancel()
	if !d.till.closed {
		d.till.window.Close()
	}
}
