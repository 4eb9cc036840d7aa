package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"veratill/txn/sale"
)

// tiles is the grid of articles. Only the tiles that can be seen exist, whatever
// the size of the catalogue; the wheel, a drag or Page Up and Down turn the page.
type tiles struct {
	widget.BaseWidget
	finger
	kit   *kit
	items []sale.Item
	face  func(sale.Item) tileFace
	pick  func(sale.Item)

	first   int // first row that is seen
	columns int
	visible int // whole rows that fit
	marked  int // in items; −1 for none
	pool    []*button
	clip    *fyne.Container
	bar     *canvas.Rectangle
}

// tileFace is what one tile shows.
type tileFace struct {
	label, price string
	hue          *color.NRGBA  // of its group; nil is none
	badge        string        // how much of it is on the sale; empty is none
	image        fyne.Resource // nil is none
}

const (
	tileWidth  float32 = 132
	tileHeight float32 = 84
)

func (k *kit) tiles(face func(sale.Item) tileFace, pick func(sale.Item)) *tiles {
	t := &tiles{kit: k, face: face, pick: pick, columns: 1, visible: 1, marked: -1}
	t.clip = box(func(area) {})
	t.finger = finger{rowHeight: func() float32 { return k.px(tileHeight) }, scrollBy: t.scroll, faces: t.clip}
	t.bar = canvas.NewRectangle(k.border)
	t.bar.CornerRadius = 3
	t.ExtendBaseWidget(t)
	return t
}

// show puts other articles on the grid, from the first on.
func (t *tiles) show(items []sale.Item, marked int) {
	t.items, t.first, t.marked = items, 0, marked
	t.Refresh()
}

// mark moves the marked tile and keeps it in view.
func (t *tiles) mark(by int) {
	t.marked = max(min(t.marked+by, len(t.items)-1), 0)
	if line := t.marked / t.columns; line < t.first {
		t.first = line
	} else if line >= t.first+t.visible {
		t.first = line - t.visible + 1
	}
	t.Refresh()
}

func (t *tiles) lines() int { return (len(t.items) + t.columns - 1) / t.columns }

func (t *tiles) scroll(by int) {
	t.first = max(min(t.first+by, t.lines()-t.visible), 0)
	t.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *tiles) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{t.clip, t.bar}, lay: t.lay, least: fyne.NewSize(1, 1), widget: t}
}

func (t *tiles) lay(size fyne.Size) {
	t.clip.Resize(size)
	const edge = 2 // a scrolled widget is clipped at its edge, and frames need theirs
	room := size.Width - 10 - edge
	least := tileWidth + (t.kit.px(tileWidth)-tileWidth)/4 // names shrink a little before a column is lost
	t.columns = max(int((room+gap)/(least+gap)), 1)
	wide := (room - gap*float32(t.columns-1)) / float32(t.columns)
	high := t.kit.px(tileHeight)
	t.visible = max(int((size.Height+gap)/(high+gap)), 1)
	high = (size.Height - 2*edge - gap*float32(t.visible-1)) / float32(t.visible) // no half row at the bottom
	t.first = max(min(t.first, t.lines()-t.visible), 0)
	t.layBar(size)
	shown := min(t.visible*t.columns, len(t.items)-t.first*t.columns)
	for len(t.pool) < shown {
		slot := len(t.pool)
		b := t.kit.button(tile, "", "", func() { t.pickSlot(slot) })
		t.pool = append(t.pool, b)
		t.clip.Add(b)
	}
	for i, b := range t.pool {
		if i >= shown {
			b.Hide()
			continue
		}
		index := t.first*t.columns + i
		shown := t.face(t.items[index])
		b.marked = index == t.marked
		b.label, b.hint, b.hue, b.badge, b.image = shown.label, shown.price, shown.hue, shown.badge, shown.image
		place(b, area{edge + float32(i%t.columns)*(wide+gap), edge + float32(i/t.columns)*(high+gap), wide, high})
		b.Show()
		b.Refresh()
	}
}

func (t *tiles) layBar(size fyne.Size) {
	t.bar.Hide()
	if lines := t.lines(); lines > t.visible {
		h := size.Height * float32(t.visible) / float32(lines)
		y := (size.Height - h) * float32(t.first) / float32(lines-t.visible)
		place(t.bar, area{size.Width - 7, y, 6, h})
		t.bar.Show()
	}
}

func (t *tiles) pickSlot(slot int) {
	if index := t.first*t.columns + slot; index < len(t.items) {
		t.pick(t.items[index])
	}
}
