package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"veratill/app/present"
)

// panel shows a message in the order of the house: what happened, whether the
// customer is charged (bold), what to do next, small print. It fits its place:
// everything shrinks together until it does. A program's own text is folded away until a tap or Ctrl+I asks for it.
type panel struct {
	widget.BaseWidget
	kit     *kit
	message present.Message
	scale   float32 // of the texts: 1 in an info box, more where it is the screen
	loud    bool    // its ground is the tone, so that it is known from three metres
	open    bool    // the details are shown
	ground  *canvas.Rectangle
	edge    *canvas.Rectangle
	picture *canvas.Image
	texts   []*canvas.Text
	group   *fyne.Container
}

func (k *kit) panel(scale float32) *panel {
	p := &panel{kit: k, scale: scale, group: box(func(area) {})}
	p.ground, p.edge = canvas.NewRectangle(k.surface), canvas.NewRectangle(color.Transparent)
	p.ground.CornerRadius = 8
	p.edge.CornerRadius = 3
	p.picture = canvas.NewImageFromResource(nil)
	p.picture.FillMode = canvas.ImageFillContain
	p.ExtendBaseWidget(p)
	return p
}

// loudPanel is a panel that is the screen: what happened is seen before it is read.
func (k *kit) loudPanel(scale float32) *panel {
	p := k.panel(scale)
	p.loud = true
	return p
}

// inks are what the texts are written in: of what happened, of what follows, and of the small print.
func (p *panel) inks() (what, next, small color.Color) {
	if p.loud {
		return p.kit.onFill, p.kit.onFill, p.kit.onFill
	}
	return p.kit.tone(p.message.Tone), p.kit.text, p.kit.muted
}

func (p *panel) show(m present.Message) {
	if p.message != m {
		p.message, p.open = m, false
		p.Refresh()
	}
}

// unfold shows the details, or folds them away again.
func (p *panel) unfold() {
	if p.message.Detail != "" {
		p.open = !p.open
		p.Refresh()
	}
}

// unfoldDetails unfolds every panel of the screen that has details.
func (t *till) unfoldDetails() {
	var within func(o fyne.CanvasObject)
	within = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *panel:
			o.unfold()
		case *fyne.Container:
			for _, inner := range o.Objects {
				if inner.Visible() {
					within(inner)
				}
			}
		}
	}
	within(t.Window().Canvas().Content())
}

// Disabled implements fyne.Disableable: where nothing is folded away there is nothing to press.
func (p *panel) Disabled() bool { return p.message.Detail == "" }

// Enable implements fyne.Disableable. What can be pressed follows from the message.
func (p *panel) Enable() {}

// Disable implements fyne.Disableable.
func (p *panel) Disable() {}

// Tapped implements fyne.Tappable.
func (p *panel) Tapped(*fyne.PointEvent) { p.kit.router.tap(false, p.unfold) }

// details are what the fold shows: its name and key, or the program's text.
func (p *panel) details() string {
	switch {
	case p.message.Detail == "":
		return ""
	//mutant:a-program-s-text-is-folded
	case !p.open:
		return p.kit.details + "  (Ctrl+I)"
	}
	return p.message.Detail
}

// CreateRenderer implements fyne.Widget.
func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{p.ground, p.edge, p.picture, p.group}, lay: p.lay, least: fyne.NewSize(1, 1), widget: p}
}

// paragraph is one part of a message with its looks.
type paragraph struct {
	text  string
	size  float32
	bold  bool
	color color.Color
}

func (p *panel) paragraphs(shrink float32) []paragraph {
	k, m := p.kit, p.message
	size := func(points float32) float32 { return max(k.px(points)*p.scale*shrink, smallestText) }
	tiny := max(min(size(smallText), k.px(smallText)), smallestText)
	var list []paragraph
	what, next, small := p.inks()
	for _, part := range []paragraph{
		{m.What, size(19), true, what},
		{m.Charged, size(19), true, next},
		{m.Next, size(baseText), false, next},
		{m.Small, tiny, false, small},
		{p.details(), tiny, false, small},
	} {
		if part.text != "" {
			list = append(list, part)
		}
	}
	return list
}

func (p *panel) lay(size fyne.Size) {
	k := p.kit
	p.ground.FillColor, p.edge.FillColor = k.surface, k.tone(p.message.Tone)
	picture := k.toneResource
	if p.loud && !p.message.Empty() {
		p.ground.FillColor, picture = k.tone(p.message.Tone), k.onToneResource
	}
	place(p.ground, whole(size))
	empty := p.message.Empty()
	p.edge.Hide()
	p.picture.Hide()
	p.group.Resize(size)
	if empty {
		p.draw(nil, area{})
		return
	}
	p.edge.Show()
	place(p.edge, area{0, 0, 6, size.Height})
	inner := area{16, 10, size.Width - 26, size.Height - 20}
	side := k.px(24) * min(p.scale, 1.6)
	p.picture.Resource = picture(p.message.Tone)
	p.picture.Show()
	place(p.picture, area{inner.x, inner.y, side, side})
	p.picture.Refresh()
	inner.x, inner.w = inner.x+side+10, inner.w-side-10
	shrink := float32(1)
	for shrink > min(0.55, 0.69/p.scale) && p.needs(p.paragraphs(shrink), inner.w) > inner.h {
		shrink -= 0.05
	}
	p.draw(p.paragraphs(shrink), inner)
}

// high is the height that the message needs at width w, at most most.
func (p *panel) high(w, most float32) float32 {
	if p.message.Empty() {
		return 0
	}
	side := p.kit.px(24) * min(p.scale, 1.6)
	return min(max(p.needs(p.paragraphs(1), w-26-side-10)+22, side+20), most)
}

func (p *panel) needs(list []paragraph, w float32) float32 {
	high := float32(0)
	for _, part := range list {
		high += float32(len(wrap(part.text, part.size, w, part.bold)))*height(part.size) + 4
	}
	return high
}

// draw puts the paragraphs one below the other, taking texts from the pool.
func (p *panel) draw(list []paragraph, a area) {
	used, y := 0, a.y
	for _, part := range list {
		h := height(part.size)
		for _, text := range wrap(part.text, part.size, a.w, part.bold) {
			if used == len(p.texts) {
				p.texts = append(p.texts, newText(color.Black))
				p.group.Add(p.texts[used])
			}
			drawn := p.texts[used]
			drawn.Color = part.color
			put(drawn, text, part.size, smallestText, part.bold, fyne.TextAlignLeading, area{a.x, y, a.w, h})
			drawn.Refresh()
			used++
			y += h
		}
		y += 4
	}
	for _, spare := range p.texts[used:] {
		spare.Hide()
	}
}
