package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"veratill/app/present"
)

// row is what one row of a list shows.
type row struct {
	icon        present.Tone // none where empty
	title, note string
	more        string // a third line, where the rows are high enough
	beside      string // small, before the figure
	count       string // a figure in a column of its own, left of the one at the end
	right, end  string // trailing: the figure, and small below it
	marked      bool
	head        bool         // a heading among the rows
	wide        bool         // note is a sentence with the whole width of the row
	tone        present.Tone // of end and note; plain where empty
}

// rows is a list of rows of one height. It draws only those that can be seen,
// so 500 lines cost what 8 cost. One row can be marked; a press on a row picks it.
type rows struct {
	widget.BaseWidget
	finger
	kit    *kit
	height float32
	count  int
	at     func(i int) row
	picked func(i int)
	of     func(i int) any // what a row is of, which is compared; nil where rows keep their places

	first int // first row that is seen
	pool  []*rowFace
	clip  *fyne.Container
	bar   *canvas.Rectangle
}

func (k *kit) rows(at func(i int) row, picked func(i int)) *rows {
	r := &rows{kit: k, height: max(height(k.px(baseText))+height(k.px(smallText))+8, target+4), at: at, picked: picked}
	r.clip = box(func(area) {})
	r.finger = finger{rowHeight: func() float32 { return r.height }, scrollBy: r.scroll, faces: r.clip}
	r.bar = canvas.NewRectangle(k.border)
	r.bar.CornerRadius = 3
	r.ExtendBaseWidget(r)
	return r
}

// by says what tells the rows apart. A press then picks what was seen under it, wherever that stands by the time the finger leaves, and nothing where it is
// gone.
func (r *rows) by(of func(i int) any) *rows {
	r.of = of
	return r
}

// placeOf is where what was seen in a place of the view stands now; −1 where it is gone.
func (r *rows) placeOf(seen any, slot int) int {
	at := r.first + slot
	if r.of == nil {
		return at
	}
	//mutant:a-tap-opens-what-was-under-it
	if at < r.count && r.of(at) == seen {
		return at
	}
	for i := range r.count {
		if r.of(i) == seen {
			return i
		}
	}
	return -1
}

// show sets how many rows there are and brings one of them into view; −1 leaves the view.
func (r *rows) show(count, inView int) {
	r.count = count
	visible := r.visible()
	if inView >= 0 && inView < r.first {
		r.first = inView
	}
	if inView >= r.first+visible {
		r.first = inView - visible + 1
	}
	r.first = max(min(r.first, count-visible), 0)
	r.Refresh()
}

func (r *rows) visible() int { return max(int(r.Size().Height/r.height), 1) }

// scroll moves the view by whole rows.
func (r *rows) scroll(by int) {
	r.first += by
	r.show(r.count, -1)
}

// CreateRenderer implements fyne.Widget.
func (r *rows) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{r.clip, r.bar}, lay: r.lay, least: fyne.NewSize(1, 1), widget: r}
}

func (r *rows) lay(size fyne.Size) {
	r.clip.Resize(size)
	visible := r.visible()
	for len(r.pool) < min(visible, r.count) {
		face := newRowFace(r, len(r.pool))
		r.pool = append(r.pool, face)
		r.clip.Add(face)
	}
	wide := size.Width
	r.bar.Hide()
	if r.count > visible {
		wide -= 12
		h := size.Height * float32(visible) / float32(r.count)
		y := (size.Height - h) * float32(r.first) / float32(max(r.count-visible, 1))
		place(r.bar, area{size.Width - 7, y, 6, h})
		r.bar.Show()
	}
	for i, face := range r.pool {
		index := r.first + i
		if i >= visible || index >= r.count {
			face.Hide()
			continue
		}
		face.row = r.at(index)
		if r.of != nil {
			face.drawn = r.of(index)
		}
		place(face, area{0, float32(i) * r.height, wide, r.height})
		face.Show()
		face.Refresh()
	}
}

// rowFace draws one row.
type rowFace struct {
	widget.BaseWidget
	list    *rows
	slot    int
	row     row
	ground  *canvas.Rectangle
	mark    *canvas.Rectangle
	rule    *canvas.Rectangle
	texts   [5]*canvas.Text
	picture *canvas.Image
	hovered bool
	drawn   any  // what it shows
	pressed any  // what it showed when it was pressed
	held    bool // it is pressed, and was not tapped yet
}

func newRowFace(list *rows, slot int) *rowFace {
	f := &rowFace{list: list, slot: slot}
	f.ground, f.mark = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	f.rule = canvas.NewRectangle(color.Transparent)
	for i := range f.texts {
		f.texts[i] = newText(color.Black)
	}
	f.picture = canvas.NewImageFromResource(nil)
	f.picture.FillMode = canvas.ImageFillContain
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer implements fyne.Widget.
func (f *rowFace) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{f.ground, f.mark, f.rule, f.picture, f.texts[0], f.texts[1], f.texts[2], f.texts[3], f.texts[4]},
		lay: f.lay, least: fyne.NewSize(1, 1), widget: f}
}

func (f *rowFace) lay(size fyne.Size) {
	k, row := f.list.kit, f.row
	f.ground.FillColor, f.mark.FillColor, f.rule.FillColor = color.Transparent, color.Transparent, k.hair
	if row.marked {
		f.ground.FillColor, f.mark.FillColor = k.marked, k.tone(present.Waiting)
	} else if row.head {
		f.ground.FillColor = k.surface
	} else if f.hovered && f.list.picked != nil {
		f.ground.FillColor = k.hovered
	}
	place(f.ground, whole(size))
	place(f.mark, area{0, 0, 4, size.Height})
	place(f.rule, area{0, size.Height - 1, size.Width, 1})
	a := area{10, 1, size.Width - 14, size.Height - 2}
	f.picture.Hide()
	if row.icon != "" {
		side := k.px(22)
		f.picture.Resource = k.toneResource(row.icon)
		f.picture.Show()
		place(f.picture, area{a.x, (size.Height - side) / 2, side, side})
		f.picture.Refresh()
		a.x, a.w = a.x+side+gap, a.w-side-gap
	}
	big, small := k.px(baseText), k.px(smallText)
	tone := k.muted
	if row.tone != "" {
		tone = k.tone(row.tone)
	}
	right := max(width(row.right, big, true), width(row.end, small, false))
	right = min(right+2, a.w*0.66)
	left := area{a.x, a.y, a.w - right - gap, a.h}
	trail := area{a.x + a.w - right, a.y, right, a.h}
	f.texts[4].Hide()
	if row.more != "" {
		h := height(small)
		f.texts[4].Color = k.muted
		put(f.texts[4], row.more, small, smallestText, false, fyne.TextAlignLeading, area{a.x, a.y + a.h - h - 2, a.w, h})
		f.texts[4].Refresh()
		left.h, trail.h = a.h-h-2, a.h-h-2
	}
	if row.wide { // the second line is a sentence and has the whole width
		h := height(big)
		f.pair(f.texts[0], f.texts[1], row.title, "", area{left.x, a.y, left.w, h}, fyne.TextAlignLeading, true, k.text, k.muted)
		f.pair(f.texts[2], f.texts[3], row.right, "", area{trail.x, a.y, trail.w, h}, fyne.TextAlignTrailing, false, k.muted, tone)
		f.texts[1].Color = tone
		put(f.texts[1], row.note, big, smallestText, false, fyne.TextAlignLeading, area{a.x, a.y + h, a.w, h})
		f.texts[1].Refresh()
		f.refreshGrounds()
		return
	}
	if row.count != "" {
		column := a.w * 0.44
		trail = area{a.x + a.w - column, a.y, column, a.h}
		f.texts[4].Color = k.muted
		put(f.texts[4], row.count, big, smallestText, false, fyne.TextAlignTrailing, area{a.x + a.w*0.36, a.y, a.w*0.2 - gap, a.h})
		f.texts[4].Refresh()
		left.w = a.w * 0.36
	}
	if row.beside != "" {
		wide := min(width(row.beside, small, false)+2, left.w*0.5)
		f.texts[4].Color = k.muted
		put(f.texts[4], row.beside, small, smallestText, false, fyne.TextAlignTrailing, area{left.x + left.w - wide, left.y, wide, left.h})
		f.texts[4].Refresh()
		left.w -= wide + gap
	}
	f.pair(f.texts[0], f.texts[1], row.title, row.note, left, fyne.TextAlignLeading, row.head, k.text, k.muted)
	f.pair(f.texts[2], f.texts[3], row.right, row.end, trail, fyne.TextAlignTrailing, true, k.text, tone)
	f.refreshGrounds()
}

func (f *rowFace) refreshGrounds() {
	for _, object := range []fyne.CanvasObject{f.ground, f.mark, f.rule} {
		object.Refresh()
	}
}

// pair puts a text with a small one below it, or the text alone in the middle.
func (f *rowFace) pair(first, second *canvas.Text, text, note string, a area, align fyne.TextAlign, bold bool, c, soft color.Color) {
	k := f.list.kit
	big, small := k.px(baseText), k.px(smallText)
	first.Color, second.Color = c, soft
	second.Hide()
	if note == "" {
		put(first, text, big, smallestText, bold, align, a)
		first.Refresh()
		return
	}
	h, below := height(big), height(small)
	y := a.y + max(a.h-h-below, 0)/2 // neither stands on the line between the rows
	put(first, text, big, smallestText, bold, align, area{a.x, y, a.w, h})
	put(second, note, small, smallestText, false, align, area{a.x, y + h, a.w, below})
	first.Refresh()
	second.Refresh()
}

// Tapped implements fyne.Tappable.
func (f *rowFace) Tapped(*fyne.PointEvent) {
	seen := f.drawn
	if f.held {
		seen, f.held = f.pressed, false
	}
	f.list.kit.router.tap(false, func() {
		if at := f.list.placeOf(seen, f.slot); f.list.picked != nil && at >= 0 {
			f.list.picked(at)
		}
	})
}

// MouseDown implements desktop.Mouseable.
func (f *rowFace) MouseDown(*desktop.MouseEvent) {
	f.pressed, f.held = f.drawn, true
	f.list.kit.router.guard.down(pointer)
}

// MouseUp implements desktop.Mouseable.
func (f *rowFace) MouseUp(*desktop.MouseEvent) { f.list.kit.router.guard.release(pointer) }

// MouseIn implements desktop.Hoverable.
func (f *rowFace) MouseIn(*desktop.MouseEvent) { f.hovered = true; f.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (f *rowFace) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (f *rowFace) MouseOut() { f.hovered = false; f.Refresh() }

// markKey is which row of a list is marked after a key, and whether that is a key which marks one.
func markKey(name fyne.KeyName, marked, count int) (row int, moved bool) {
	switch name {
	case fyne.KeyDown:
		return min(marked+1, max(count-1, 0)), true
	case fyne.KeyUp:
		return max(marked-1, 0), true
	}
	return marked, false
}

// turnKey scrolls by the keys that every list knows.
func (r *rows) turnKey(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyDown:
		r.scroll(1)
	case fyne.KeyUp:
		r.scroll(-1)
	case fyne.KeyPageDown:
		r.scroll(r.visible())
	case fyne.KeyPageUp:
		r.scroll(-r.visible())
	default:
		return false
	}
	return true
}

// keptMark is where the selected row of a list stands once the list was read anew: rows are told apart by what they are of, never by their place, which a
// new row changes. One that is gone gives its place to the row there.
func keptMark[R any, K comparable](marked int, before, after []R, key func(R) K) int {
	//mutant:what-is-selected-stays-selected
	if marked >= 0 && marked < len(before) {
		was := key(before[marked])
		if at := slices.IndexFunc(after, func(r R) bool { return key(r) == was }); at >= 0 {
			return at
		}
	}
	return min(marked, max(len(after)-1, 0))
}

// entryKey tells payments of a list apart, and sales of 0.00.
func entryKey(e present.Entry) [2]int64 { return [2]int64{int64(e.Attempt.ID), e.Bill.SaleID} }
