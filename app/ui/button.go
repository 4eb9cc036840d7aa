package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"veratill/app/present"
)

// style is how a button looks.
type style int

const (
	normal   style = iota
	primary        // the one button that goes on
	takes          // the primary button where it brings money in: nothing else is green
	leaves         // the primary button where it only goes back
	destroys       // what takes something away
	onMarked       // a button on what is selected
	chosen         // a tab or a choice that is on
	tile           // an item: name in two lines, price below
	family         // a group of items, with its colour
	chip           // how something is: icon, name, word
	padKey         // large figure, no place in the Tab order
	entry          // looks like a field that has nothing in it
	keyCap         // a row of the key card: the key, and behind it what it does
)

// large reports whether it is the primary button, whatever it does.
func (s style) large() bool { return s == primary || s == takes || s == leaves }

// filled reports whether its ground is a tone, on which nothing but white or black is read.
func (s style) filled() bool { return s == takes || s == primary || s == chosen }

// kit is what every widget of one build of the window shares.
type kit struct {
	*look
	router  *router
	details string // what the fold of a panel is called
}

// face is what a button looks like, and that it can be tapped.
type face struct {
	widget.BaseWidget
	self     fyne.Widget // the widget that the canvas knows
	kit      *kit
	style    style
	label    string
	hint     string // shortcut, price, or a chip's word
	icon     present.Tone
	disabled bool
	press    func()

	focused, hovered bool
	marked           bool          // Enter in the search picks it
	hue              *color.NRGBA  // of a banknote, or of a group; nil is none
	more             string        // of a card: which device it is
	badge            string        // how much of an item is on the sale; empty is none
	image            fyne.Resource // of an item; nil is none
	figure           bool          // it types: what is typed with it is taken whole, or not at all
	ground, edge     *canvas.Rectangle
	first, second    *canvas.Text
	third            *canvas.Text
	picture          *canvas.Image
	bar              *canvas.Rectangle // in the hue
	count            *canvas.Text      // the badge
	pill             *canvas.Rectangle // its ground
}

// button is a face that takes the focus: Enter and Space press it, all other
// keys go on to the router.
type button struct{ face }

func (k *kit) button(s style, label, hint string, press func()) *button {
	b := &button{}
	b.init(b, k, s, label, hint, press)
	b.ExtendBaseWidget(b)
	return b
}

func (b *face) init(self fyne.Widget, k *kit, s style, label, hint string, press func()) {
	b.self, b.kit, b.style, b.label, b.hint, b.press = self, k, s, label, hint, press
	b.ground, b.edge = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	b.first, b.second, b.third = newText(color.Black), newText(color.Black), newText(color.Black)
	b.picture = canvas.NewImageFromResource(nil)
	b.picture.FillMode = canvas.ImageFillContain
	b.ground.CornerRadius, b.edge.CornerRadius = 8, 8
	b.bar, b.pill, b.count = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent), newText(color.Black)
}

// set changes what the button says and whether it can be pressed.
func (b *face) set(label, hint string, enabled bool) {
	if b.label == label && b.hint == hint && b.disabled == !enabled {
		return
	}
	b.label, b.hint, b.disabled = label, hint, !enabled
	b.Refresh()
}

func (b *face) restyle(s style) {
	if b.style != s {
		b.style = s
		b.Refresh()
	}
}

// natural is the width at which nothing has to shrink.
func (b *face) natural() float32 {
	k := b.kit
	if b.style == chip {
		words := max(width(b.label, k.px(smallText), true), width(b.hint, k.px(smallText), false))
		return max(words+k.px(22)+28, target)
	}
	return max(max(width(b.label, k.px(baseText), true), width(b.hint, k.px(smallText), false))+26, target)
}

// CreateRenderer implements fyne.Widget.
func (b *face) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{b.ground, b.bar, b.picture, b.first, b.second, b.third, b.pill, b.count, b.edge},
		lay: b.lay, least: fyne.NewSize(1, 1), widget: b.self}
}

func (b *face) lay(size fyne.Size) {
	b.colours()
	all := whole(size)
	place(b.ground, all)
	place(b.edge, all)
	for _, object := range []fyne.CanvasObject{b.picture, b.third, b.bar, b.pill, b.count} {
		object.Hide()
	}
	inner := all.inset(6)
	switch b.style {
	case tile:
		b.layTile(inner)
	case family:
		b.layFamily(inner)
	case chip:
		b.layChip(inner)
	case entry:
		b.second.Hide()
		put(b.first, b.label, b.kit.px(baseText), smallestText, false, fyne.TextAlignLeading, area{inner.x + 6, inner.y, inner.w - 12, inner.h})
		b.first.Color = b.kit.muted
	default:
		b.layPlain(inner)
	}
	for _, object := range []fyne.CanvasObject{b.ground, b.edge, b.first, b.second, b.third} {
		object.Refresh()
	}
}

// colours sets ground, frame and text by style, state and palette.
func (b *face) colours() {
	k := b.kit
	ground, text, hint, frame := k.raised, k.text, k.muted, color.NRGBA{}
	if k.theme == "contrast" || b.style == entry {
		frame = k.border
	}
	fill := func(c color.NRGBA) { ground, text, hint, frame = c, k.onFill, k.onFill, c }
	switch {
	case b.disabled:
		ground, text = k.surface, k.muted
	case b.style == destroys:
		ground, text, hint, frame = k.background, k.tone(present.Bad), k.tone(present.Bad), k.tone(present.Bad)
	case b.hue != nil && b.style == normal: // a banknote has its own colour in every theme
		ground, text, hint, frame = *b.hue, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}, color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0xFF}, *b.hue
	case b.style == takes:
		fill(k.tone(present.Good))
	case b.style == primary || b.style == chosen:
		fill(k.tone(present.Waiting))
	case b.style == entry || b.style == onMarked:
		ground = k.background
	}
	switch {
	case b.disabled:
	case b.marked && !b.style.filled():
		ground, frame = k.marked, k.tone(present.Waiting)
	case b.hovered && (ground == k.raised || b.style == destroys || b.style == entry || b.style == onMarked):
		ground = k.hovered
	}
	b.ground.FillColor, b.ground.StrokeColor, b.ground.StrokeWidth = ground, frame, 1
	if b.style == destroys || b.marked {
		b.ground.StrokeWidth = 2
	}
	if b.style == tile { // the price is read as often as the name
		hint = text
	}
	b.first.Color, b.second.Color, b.third.Color = text, text, hint
	b.edge.FillColor, b.edge.StrokeWidth = color.Transparent, 0
	if b.focused {
		b.edge.StrokeColor, b.edge.StrokeWidth = k.tone(present.Waiting), ring
		if b.style.filled() {
			b.edge.StrokeColor = k.text // the ring must stand out from the fill
		}
	}
}

func put(t *canvas.Text, text string, size, least float32, bold bool, align fyne.TextAlign, a area) {
	t.Text, t.TextSize = fitted(text, size, least, a.w, bold)
	t.TextStyle, t.Alignment, t.FontSource = fyne.TextStyle{Bold: bold}, align, fontOf(bold)
	h := height(t.TextSize)
	place(t, area{a.x, a.y + (a.h-h)/2, a.w, h})
	t.Show()
}

// layPlain centres the label, with the shortcut small below it where there is room.
func (b *face) layPlain(a area) {
	k := b.kit
	size, bold := k.px(baseText), b.style.large() || b.style == chosen
	if b.style.large() || b.style == padKey {
		size = k.px(24)
	}
	b.second.Hide()
	small := k.px(14)
	if b.style == keyCap {
		size = min(k.px(baseText), a.h/1.45)
		key := area{a.x + 4, a.y, a.w * 0.27, a.h}
		put(b.third, b.hint, min(k.px(16), size), 12, true, fyne.TextAlignLeading, key)
		put(b.first, b.label, size, smallestText, false, fyne.TextAlignLeading, area{key.x + key.w + gap, a.y, a.w - key.w - gap - 8, a.h})
		return
	}
	if a.h < height(size*0.8)+height(small) || b.hint == "" {
		if wide := width(b.hint, 11, false) + 4; b.hint != "" && (b.style == normal || b.style == chosen || b.style == destroys || b.style == onMarked) && width(b.label, smallestText, bold)+wide <= a.w { // the key stands beside the word
			put(b.third, b.hint, 11, 11, false, fyne.TextAlignTrailing, area{a.x + a.w - wide, a.y, wide, a.h})
			a.w -= wide
		}
		put(b.first, b.label, size, smallestText, bold, fyne.TextAlignCenter, a)
		return
	}
	hint := area{a.x, a.y + a.h - height(small) + 2, a.w, height(small)}
	put(b.third, b.hint, small, 12, false, fyne.TextAlignCenter, hint)
	put(b.first, b.label, size, smallestText, bold, fyne.TextAlignCenter, area{a.x, a.y, a.w, a.h - height(small) + 4})
}

// layTile shows a name in two lines at most and its price, in the colour of its group or beside its picture, and how much of it is on the sale.
func (b *face) layTile(a area) {
	k := b.kit
	size := k.px(17)
	if b.hue != nil {
		b.bar.FillColor, b.bar.CornerRadius = *b.hue, 3
		place(b.bar, area{a.x - 2, a.y - 2, 5, a.h + 4})
		b.bar.Show()
		b.bar.Refresh()
		a.x, a.w = a.x+8, a.w-8
	}
	price := area{a.x, a.y + a.h - height(size), a.w, height(size)}
	put(b.third, b.hint, size, smallestText, true, fyne.TextAlignTrailing, price)
	badge := float32(0)
	if b.badge != "" {
		badge = width(b.badge, k.px(smallText), true) + 18
	}
	side := min(a.h-height(size)*0.4, a.w*0.34)
	_, _, fits := twoLines(b.label, smallestText, a.w-side-6-badge, a.w-side-6)
	if b.image != nil && fits && a.w-side-badge >= k.px(60) { // the name comes first
		b.picture.Resource = b.image
		b.picture.Show()
		place(b.picture, area{a.x, a.y + (a.h-side)/2, side, side})
		b.picture.Refresh()
		a.x, a.w = a.x+side+6, a.w-side-6
	}
	whole := a.w // the badge stands beside the first line alone
	if b.badge != "" {
		b.layBadge(&a)
	}
	first, rest, fits := twoLines(b.label, size, a.w, whole)
	for ; !fits && size > smallestText; first, rest, fits = twoLines(b.label, size, a.w, whole) {
		size = max(size-1, smallestText)
	}
	h := height(size)
	below := h
	if b.badge != "" {
		below = max(h, height(k.px(smallText))+2)
	}
	put(b.first, first, size, smallestText, false, fyne.TextAlignLeading, area{a.x, a.y, a.w, h})
	put(b.second, rest, size, smallestText, false, fyne.TextAlignLeading, area{a.x, a.y + below, whole, h})
}

// twoLines breaks a name into a line of the width above and the rest below, and says whether both fit.
func twoLines(name string, size, above, below float32) (first, rest string, fits bool) {
	for i, part := range wrap(name, size, above, false) {
		if i == 0 {
			first = part
			continue
		}
		rest = joinWords(rest, part)
	}
	return first, rest, width(first, size, false) <= above && width(rest, size, false) <= below
}

// layBadge puts how much is on the sale into the upper right corner, and takes its width from the room of the name.
func (b *face) layBadge(a *area) {
	k := b.kit
	size := k.px(smallText)
	high := height(size) + 2
	wide := max(width(b.badge, size, true)+14, high)
	cell := area{a.x + a.w - wide, a.y, wide, high}
	b.pill.FillColor, b.pill.CornerRadius = k.tone(present.Waiting), high/2
	place(b.pill, cell)
	b.pill.Show()
	b.pill.Refresh()
	b.count.Color = k.onFill
	put(b.count, b.badge, size, smallestText, true, fyne.TextAlignCenter, cell)
	b.count.Refresh()
	a.w -= wide + 4
}

// layFamily shows a group's name beside its colour.
func (b *face) layFamily(a area) {
	if b.hue != nil {
		b.bar.FillColor, b.bar.CornerRadius = *b.hue, 3
		if b.marked {
			b.bar.FillColor = b.kit.tone(present.Waiting)
		}
		place(b.bar, area{a.x - 2, a.y, 6, a.h})
		b.bar.Show()
		b.bar.Refresh()
	}
	b.second.Hide()
	put(b.first, b.label, b.kit.px(baseText), smallestText, b.marked, fyne.TextAlignCenter, area{a.x + 6, a.y, a.w - 8, a.h})
}

// joinWords puts wrapped lines together again, with a space only between Latin words.
func joinWords(a, b string) string {
	if a == "" || b == "" || a[len(a)-1] >= 0x80 || b[0] >= 0x80 {
		return a + b
	}
	return a + " " + b
}

// layChip shows how something is: its icon, its name and its word, and below them, where there is room, which one it is.
func (b *face) layChip(a area) {
	k := b.kit
	if line := height(k.px(smallText)); b.more != "" && a.h >= 3*line+8 {
		b.third.Color = k.muted
		put(b.third, b.more, k.px(smallText), smallestText, false, fyne.TextAlignLeading, area{a.x + 4, a.y + a.h - line, a.w - 8, line})
		a.h -= line + 4
	}
	side := min(k.px(22), a.h)
	b.picture.Resource = k.toneResource(b.icon)
	b.picture.Show()
	place(b.picture, area{a.x + 2, a.y + (a.h-side)/2, side, side})
	b.picture.Refresh()
	words := area{a.x + side + 8, a.y, a.w - side - 8, a.h}
	size := k.px(smallText)
	h := height(size)
	if b.hint == "" {
		b.second.Hide()
		put(b.first, b.label, size, smallestText, true, fyne.TextAlignLeading, words)
		return
	}
	put(b.first, b.label, size, smallestText, true, fyne.TextAlignLeading, area{words.x, words.y + words.h/2 - h + 2, words.w, h})
	put(b.second, b.hint, size, smallestText, false, fyne.TextAlignLeading, area{words.x, words.y + words.h/2 - 2, words.w, h})
	b.second.Color = k.tone(b.icon)
}

// Tapped implements fyne.Tappable. A pressed button does not keep the focus:
// the next Enter is meant for the sale.
func (b *face) Tapped(*fyne.PointEvent) { b.kit.router.tap(b.figure, b.act) }

// MouseDown implements desktop.Mouseable: a tap is meant for what stood there when it began.
func (b *face) MouseDown(*desktop.MouseEvent) { b.kit.router.guard.down(pointer) }

// MouseUp implements desktop.Mouseable.
func (b *face) MouseUp(*desktop.MouseEvent) { b.kit.router.guard.release(pointer) }

func (b *face) act() {
	if !b.disabled && b.press != nil {
		b.press()
	}
}

// Enable, Disable and Disabled implement fyne.Disableable.
func (b *face) Enable() { b.set(b.label, b.hint, true) }

// Disable implements fyne.Disableable.
func (b *face) Disable() { b.set(b.label, b.hint, false) }

// Disabled implements fyne.Disableable; the focus passes over what can't be pressed.
func (b *face) Disabled() bool { return b.disabled }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (b *face) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *face) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *face) MouseOut() { b.hovered = false; b.Refresh() }

// FocusGained implements fyne.Focusable.
func (b *button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *button) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune implements fyne.Focusable.
func (b *button) TypedRune(x rune) {
	if x != ' ' {
		b.kit.router.rune(x, nil)
	}
}

// TypedKey implements fyne.Focusable. Fyne's own buttons do not know Enter.
func (b *button) TypedKey(e *fyne.KeyEvent) {
	b.kit.router.press(e.Name, func() bool {
		if isEnter(e.Name) || e.Name == fyne.KeySpace {
			b.act()
			return true
		}
		return false
	})
}

// KeyDown implements desktop.Keyable.
func (b *button) KeyDown(e *fyne.KeyEvent) { b.kit.router.keyDown(e) }

// KeyUp implements desktop.Keyable.
func (b *button) KeyUp(e *fyne.KeyEvent) { b.kit.router.keyUp(e) }
