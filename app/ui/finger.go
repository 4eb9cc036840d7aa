package ui

import "fyne.io/fyne/v2"

// slip is how far a finger may slide on a list, in dp, and still have tapped it.
const slip float32 = 12

// finger is how a list is scrolled by a wheel and by a finger, by whole rows, and tapped by a
// finger that does not keep still. Fyne takes two pixels for a drag, and then tells nobody of the tap.
type finger struct {
	rowHeight func() float32
	scrollBy  func(rows int)
	faces     *fyne.Container // what can be tapped

	down    bool
	pressed fyne.Position
	far     float32 // the farthest from there
	rest    float32 // of the way, that no row was scrolled for
}

// Scrolled implements fyne.Scrollable.
func (f *finger) Scrolled(e *fyne.ScrollEvent) {
	if e.Scrolled.DY < 0 {
		f.scrollBy(1)
	} else if e.Scrolled.DY > 0 {
		f.scrollBy(-1)
	}
}

// Dragged implements fyne.Draggable.
func (f *finger) Dragged(e *fyne.DragEvent) {
	if !f.down {
		f.down, f.pressed, f.far, f.rest = true, e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY), 0, 0
	}
	way := e.Position.Subtract(f.pressed)
	f.far = max(f.far, way.X, -way.X, way.Y, -way.Y)
	f.rest += e.Dragged.DY
	if rows := int(f.rest / f.rowHeight()); rows != 0 {
		f.rest -= float32(rows) * f.rowHeight()
		f.scrollBy(-rows)
	}
}

// DragEnd implements fyne.Draggable.
func (f *finger) DragEnd() {
	f.down = false
	if f.far >= slip {
		return
	}
	for _, face := range f.faces.Objects {
		in := f.pressed.Subtract(face.Position())
		size := face.Size()
		if tapped, can := face.(fyne.Tappable); can && face.Visible() && in.X >= 0 && in.Y >= 0 && in.X < size.Width && in.Y < size.Height {
			tapped.Tapped(&fyne.PointEvent{Position: in})
			return
		}
	}
}
