package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// Everything that can be pressed or typed into, and every message, has a label for a reader of screens.
func TestEverythingHasALabel(t *testing.T) {
	for _, s := range auditedScenes {
		c := open(t, "en", "light", fyne.NewSize(1024, 768), 100, s.set)
		s.walk(c)
		c.pass(time.Second)
		var within func(o fyne.CanvasObject)
		within = func(o fyne.CanvasObject) {
			if !o.Visible() {
				return
			}
			_, taps := o.(fyne.Tappable)
			_, types := o.(fyne.Focusable)
			spoken, labelled := o.(fyne.Accessible)
			if p, tells := o.(*panel); tells && p.message.Empty() {
				taps = false
			}
			switch {
			case !taps && !types:
			case !labelled:
				t.Errorf("%s: a %T has no label", s.name, o)
			case spoken.AccessibilityLabel() == "":
				t.Errorf("%s: the label of a %T at %v is empty", s.name, o, o.Position())
			}
			switch o := o.(type) {
			case *fyne.Container:
				for _, inner := range o.Objects {
					within(inner)
				}
			case *rows, *tiles:
				for _, inner := range o.(fyne.Widget).CreateRenderer().Objects() {
					within(inner)
				}
			}
		}
		within(c.till.Window().Canvas().Content())
	}
}

// A program's own text is folded away, and a tap or Ctrl+I shows it.
func TestAProgramsTextIsFolded(t *testing.T) {
	c := openDefault(t, nil)
	c.till.tell(present.Warning, "sell.drawer-failed", "write /dev/usb/lp0: no such device")
	shown := func() bool {
		return strings.Contains(strings.Join(texts(c.till.Window().Canvas().Content()), "\n"), "/dev/usb/lp0")
	}
	if shown() {
		t.Error("a program's text is shown unasked")
	}
	c.chord(fyne.KeyI)
	if !shown() {
		t.Error("Ctrl+I shows no details")
	}
	c.chord(fyne.KeyI)
	if shown() {
		t.Error("Ctrl+I again leaves the details")
	}
}
