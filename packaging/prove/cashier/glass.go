package cashier

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// glass is what the window shows: read off its canvas, as an eye does, and from nothing else.
type glass struct {
	parts []part
	whole string // all that can be read and pressed: the same where nothing has changed
}

// part is a widget that can be seen, with its texts.
type part struct {
	object   fyne.CanvasObject
	texts    []string
	at       fyne.Position
	size     fyne.Size
	tappable bool
	dull     bool   // it can't be pressed
	squeezed string // see text
}

// text is all that a part says, without blanks: a text that was wrapped is the same text.
func (p part) text() string { return p.squeezed }

// says reports whether one of its texts is the given one.
func (p part) says(text string) bool {
	for _, t := range p.texts {
		if t == text {
			return true
		}
	}
	return false
}

// middle is where a finger meets it.
func (p part) middle() fyne.Position { return p.at.AddXY(p.size.Width/2, p.size.Height/2) }

var blanks = strings.NewReplacer(" ", "", "\u00a0", "", "\n", "")

func squeezed(text string) string { return blanks.Replace(text) }

// look reads a canvas.
func look(c fyne.Canvas) *glass {
	g := &glass{parts: make([]part, 0, 160)}
	g.walk(c.Content(), fyne.NewPos(0, 0), -1)
	var all strings.Builder
	for i := range g.parts {
		p := &g.parts[i]
		if p.dull {
			all.WriteByte('!')
		}
		for _, text := range p.texts {
			all.WriteString(text)
			all.WriteByte('\n')
		}
	}
	g.whole = all.String()
	return g
}

// reads squeezes the texts of all parts, for a glass that has changed.
func (g *glass) reads() {
	for i := range g.parts {
		if p := &g.parts[i]; len(p.texts) > 0 {
			p.squeezed = squeezed(strings.Join(p.texts, ""))
		}
	}
}

// walk takes an object and all within it. owner is the part that its texts belong to.
func (g *glass) walk(o fyne.CanvasObject, from fyne.Position, owner int) {
	if o == nil || !o.Visible() {
		return
	}
	at := from.Add(o.Position())
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			g.walk(child, at, owner)
		}
	case *canvas.Text:
		if owner >= 0 && o.Text != "" {
			g.parts[owner].texts = append(g.parts[owner].texts, o.Text)
		}
	case fyne.Widget:
		p := part{object: o, at: at, size: o.Size()}
		_, p.tappable = o.(fyne.Tappable)
		if d, can := o.(fyne.Disableable); can {
			p.dull = d.Disabled()
		}
		g.parts = append(g.parts, p)
		n := len(g.parts) - 1
		for _, child := range test.WidgetRenderer(o).Objects() {
			g.walk(child, at, n)
		}
	}
}

// under is the topmost part that takes a press at a place.
func (g *glass) under(at fyne.Position) (p part, found bool) {
	for _, p := range g.parts {
		in := at.Subtract(p.at)
		if p.tappable && in.X >= 0 && in.Y >= 0 && in.X < p.size.Width && in.Y < p.size.Height {
			return p, true // parts do not lie on each other but for what is within one
		}
	}
	return p, false
}

// pressable are the parts that a press does something with.
func (g *glass) pressable() (all []part) {
	for _, p := range g.parts {
		if p.tappable && !p.dull && p.size.Width > 1 && p.size.Height > 1 {
			all = append(all, p)
		}
	}
	return all
}

// named is the pressable part with a text, such as the key that a button shows.
func (g *glass) named(text string) (p part, found bool) {
	for _, p := range g.pressable() {
		if p.says(text) {
			return p, true
		}
	}
	return p, false
}

// all is all that can be read.
func (g *glass) all() string {
	var all []string
	for _, p := range g.parts {
		if len(p.texts) > 0 {
			all = append(all, strings.Join(p.texts, " "))
		}
	}
	return strings.Join(all, " | ")
}
