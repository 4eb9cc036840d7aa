package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// area is a rectangle of the window that screens cut their parts from. Layouts
// are cut, never grown: the window keeps its size whatever its texts are.
type area struct{ x, y, w, h float32 }

func whole(size fyne.Size) area { return area{0, 0, size.Width, size.Height} }

func (a area) inset(by float32) area {
	return area{a.x + by, a.y + by, max(a.w-2*by, 0), max(a.h-2*by, 0)}
}

// top cuts h off the top and leaves the rest below a gap.
func (a *area) top(h float32) area {
	h = min(h, a.h)
	cut := area{a.x, a.y, a.w, h}
	a.y, a.h = a.y+h+gap, max(a.h-h-gap, 0)
	return cut
}

// bottom cuts h off the bottom and leaves the rest above a gap.
func (a *area) bottom(h float32) area {
	h = min(h, a.h)
	cut := area{a.x, a.y + a.h - h, a.w, h}
	a.h = max(a.h-h-gap, 0)
	return cut
}

// left cuts w off the left.
func (a *area) left(w float32) area {
	w = min(w, a.w)
	cut := area{a.x, a.y, w, a.h}
	a.x, a.w = a.x+w+gap, max(a.w-w-gap, 0)
	return cut
}

// right cuts w off the right.
func (a *area) right(w float32) area {
	w = min(w, a.w)
	cut := area{a.x + a.w - w, a.y, w, a.h}
	a.w = max(a.w-w-gap, 0)
	return cut
}

// columns splits a into n equal columns.
func (a area) columns(n int) []area {
	w := (a.w - gap*float32(n-1)) / float32(n)
	out := make([]area, n)
	for i := range out {
		out[i] = area{a.x + float32(i)*(w+gap), a.y, w, a.h}
	}
	return out
}

func place(object fyne.CanvasObject, a area) {
	object.Move(fyne.NewPos(a.x, a.y))
	object.Resize(fyne.NewSize(a.w, a.h))
}

// cutter lays a container out by a function.
type cutter struct{ lay func(a area) }

// Layout implements fyne.Layout.
func (c cutter) Layout(_ []fyne.CanvasObject, size fyne.Size) { c.lay(whole(size)) }

// MinSize implements fyne.Layout: nothing, so that no text can push the window larger.
func (c cutter) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func box(lay func(a area), objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(cutter{lay}, objects...)
}

// flow places objects of the given widths in rows of height h and tells how high it became.
func flow(a area, h float32, widths []float32, at func(i int, a area)) float32 {
	x, y := float32(0), float32(0)
	for i, w := range widths {
		w = min(w, a.w)
		if x > 0 && x+w > a.w {
			x, y = 0, y+h+gap
		}
		at(i, area{a.x + x, a.y + y, w, h})
		x += w + gap
	}
	return y + h
}
