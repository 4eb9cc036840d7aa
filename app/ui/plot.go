package ui

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"veratill/app/present"
	"veratill/txn/money"
)

// plot is the day by hour: bars from 0, the hours below, the unit's figures on the left.
type plot struct {
	widget.BaseWidget
	kit      *kit
	hours    []present.Hour
	currency money.Currency
	bars     [24]*canvas.Rectangle
	labels   [24]*canvas.Text
	rules    [3]*canvas.Rectangle
	units    [3]*canvas.Text
}

func (k *kit) plot() *plot {
	p := &plot{kit: k}
	for i := range p.bars {
		p.bars[i] = canvas.NewRectangle(k.tone(present.Waiting))
		p.labels[i] = newText(k.muted)
	}
	for i := range p.rules {
		p.rules[i] = canvas.NewRectangle(k.surface)
		p.units[i] = newText(k.muted)
	}
	p.ExtendBaseWidget(p)
	return p
}

func (p *plot) show(hours []present.Hour, c money.Currency) {
	p.hours, p.currency = hours, c
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *plot) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for i := range p.rules {
		objects = append(objects, p.rules[i], p.units[i])
	}
	for i := range p.bars {
		objects = append(objects, p.bars[i], p.labels[i])
	}
	return &drawing{objects: objects, lay: p.lay, least: fyne.NewSize(1, 1), widget: p}
}

// scaleTop is the smallest round figure that is not below the largest bar: half of it is one too.
func scaleTop(largest int64) int64 {
	for power := int64(100); ; power *= 10 {
		for _, n := range []int64{1, 2, 3, 4, 5, 6, 8} {
			if top := n * power; top >= largest {
				return top
			}
		}
	}
}

// leastHours is how many hours the plot shows at least: a single bar as wide as the page says little.
const leastHours = 10

// opening is which hours the plot shows: from the first with a sale to the one after the last.
func opening(hours []present.Hour) (from, to int) {
	from, to = 24, 0
	for _, h := range hours {
		if h.Sales.AmountMinor > 0 {
			from, to = min(from, h.Hour), max(to, h.Hour+1)
		}
	}
	if from > to {
		return 8, 20
	}
	to = min(max(to+1, from+leastHours), 24)
	return max(min(from, to-leastHours), 0), to
}

func (p *plot) lay(size fyne.Size) {
	k := p.kit
	points := max(k.px(13), smallestText)
	foot := height(points)
	largest := int64(0)
	for _, h := range p.hours {
		largest = max(largest, h.Sales.AmountMinor)
	}
	top := scaleTop(largest)
	gutter := width(present.Figure(top, p.currency), points, false) + gap
	field := area{gutter, foot / 2, size.Width - gutter, size.Height - foot*1.5}
	for i := range p.rules {
		y := field.y + field.h*float32(i)/2
		p.rules[i].FillColor = k.hair
		place(p.rules[i], area{field.x, y, field.w, 1})
		put(p.units[i], present.Figure(top*int64(2-i)/2, p.currency), points, 10, false, fyne.TextAlignTrailing,
			area{0, y - foot/2, gutter - gap, foot})
	}
	from, to := opening(p.hours)
	step := field.w / float32(to-from)
	every := 1
	if step < width("00", points, false)+gap {
		every = 3
	}
	for i := range p.bars {
		show(p.bars[i], i >= from && i < to)
		show(p.labels[i], i >= from && i < to)
		if i < from || i >= to {
			continue
		}
		left := field.x + step*float32(i-from)
		amount := int64(0)
		for _, h := range p.hours {
			if h.Hour == i {
				amount = h.Sales.AmountMinor
			}
		}
		p.bars[i].FillColor = color.Transparent
		high := float32(0)
		if amount > 0 {
			p.bars[i].FillColor = k.tone(present.Waiting)
			high = max(field.h*float32(amount)/float32(top), 2)
		}
		place(p.bars[i], area{left + step*0.1, field.y + field.h - high, step * 0.8, high})
		p.bars[i].Refresh()
		text := ""
		if i%every == 0 {
			text = strconv.Itoa(i)
		}
		put(p.labels[i], text, points, 10, false, fyne.TextAlignCenter,
			area{left - step, field.y + field.h + 2, step * 3, foot})
		p.labels[i].Refresh()
	}
}
