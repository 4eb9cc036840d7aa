package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// visit walks everything that is shown, with its place in the window and the
// place of the widget that it belongs to.
func visit(object fyne.CanvasObject, at fyne.Position, owner fyne.CanvasObject, ownerAt fyne.Position,
	see func(o fyne.CanvasObject, at fyne.Position, owner fyne.CanvasObject, ownerAt fyne.Position)) {
	if !object.Visible() {
		return
	}
	at = at.Add(object.Position())
	see(object, at, owner, ownerAt)
	switch o := object.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			visit(child, at, owner, ownerAt, see)
		}
	case *container.Scroll: // what is scrolled may be larger than its place
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			visit(child, at, o, at, see)
		}
	}
}

// audit lists what is clipped, outside the window, or too small to press.
func audit(c *counter, size fyne.Size) []string {
	var faults []string
	root := c.till.Window().Canvas().Content()
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	visit(root, fyne.Position{}, root, fyne.Position{}, func(o fyne.CanvasObject, at fyne.Position, owner fyne.CanvasObject, ownerAt fyne.Position) {
		switch o := o.(type) {
		case *canvas.Text:
			if strings.TrimSpace(o.Text) == "" {
				return
			}
			box := o.MinSize()
			if box.Width > o.Size().Width+1.5 {
				say("%q is %.0f wide in %.0f", o.Text, box.Width, o.Size().Width)
			}
			if at.X < -1 || at.Y < -1 || at.X+box.Width > size.Width+2 || at.Y+box.Height > size.Height+4 {
				say("%q is outside the window at %v", o.Text, at)
			}
			if at.Y < ownerAt.Y-4 || at.Y+box.Height > ownerAt.Y+owner.Size().Height+5 {
				say("%q leaves its %T: %v + %v in %v + %v", o.Text, owner, at, box, ownerAt, owner.Size())
			}
			if strings.HasSuffix(o.Text, "…") && !mayBeCut(owner) && !strings.HasSuffix(o.Text, "……") {
				say("%q is cut in a %T", o.Text, owner)
			}
		case *button:
			if o.Size().Width < target-0.5 || o.Size().Height < target-0.5 {
				say("button %q is %v", o.label, o.Size())
			}
		case *padTap:
			if o.Size().Width < target-0.5 || o.Size().Height < target-0.5 {
				say("pad key %q is %v", o.label, o.Size())
			}
		case *rowFace:
			if o.list.picked != nil && o.Size().Height < target {
				say("row %q is %v", o.row.title, o.Size())
			}
		}
	})
	return faults
}

// mayBeCut: an article's name and the list of goods of a parked sale may end with an ellipsis.
func mayBeCut(owner fyne.CanvasObject) bool {
	switch o := owner.(type) {
	case *rowFace:
		return o.list.picked != nil
	case *button:
		return o.style == tile
	}
	return false
}

// Nothing is clipped, cut or too small to press, on every screen, in both languages, at 100 and 150 % text, in a window
// that opens at the smallest size and is then drawn larger, to the two others; -short looks at the tightest only.
func TestEverythingFits(t *testing.T) {
	windows, percents := auditedWindows, auditedPercents
	if testing.Short() {
		windows, percents = windows[:1], percents[len(percents)-1:]
	}
	for _, s := range auditedScenes {
		t.Run(s.name, func(t *testing.T) {
			for _, language := range []string{"zh", "en"} {
				for _, percent := range percents {
					c := open(t, language, "light", windows[0], percent, s.set)
					s.walk(c)
					for _, size := range windows {
						c.till.Window().Resize(size)
						c.drain()
						for _, fault := range audit(c, size) {
							t.Errorf("%s %vx%v %d %%: %s", language, size.Width, size.Height, percent, fault)
						}
					}
				}
			}
		})
	}
}
