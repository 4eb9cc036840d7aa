package ui

import (
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"veratill/app/present"
)

// heat is a table whose cells have a ground, the further from the window's the larger their figure. The grounds are of one hue and differ by their lightness, so that every eye tells them apart,
// and the figure stands in each.
type heat struct {
	widget.BaseWidget
	kit   *kit
	grid  present.Grid
	group *fyne.Container
}

func (k *kit) heat() *heat {
	h := &heat{kit: k, group: box(func(area) {})}
	h.ExtendBaseWidget(h)
	return h
}

func (h *heat) show(g present.Grid) {
	h.grid = g
	h.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (h *heat) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{h.group}, lay: h.lay, least: fyne.NewSize(1, 1), widget: h}
}

func (h *heat) lay(size fyne.Size) {
	h.group.Resize(size)
	h.group.Objects = h.group.Objects[:0]
	if h.grid.Shades == nil {
		return
	}
	k, columns := h.kit, len(h.grid.Rows[0])
	high := min(size.Height/float32(len(h.grid.Rows)), k.px(48))
	points := min(k.px(smallText), high*0.55)
	for y, row := range h.grid.Rows {
		for x, cell := range row {
			wide := size.Width / float32(columns)
			at := area{wide * float32(x), high * float32(y), wide, high}
			ink, ground := color.NRGBA(k.muted), color.NRGBA{}
			if of := x - h.grid.Figures; y > 0 && of >= 0 && h.grid.Shades[y-1][of] > 0 {
				ground = k.shade(h.grid.Shades[y-1][of])
				ink = k.inkOn(ground)
			}
			h.cell(at, shortened(cell), ground, ink, points)
		}
	}
	h.group.Refresh()
}

func (h *heat) cell(at area, text string, ground, ink color.NRGBA, points float32) {
	r := canvas.NewRectangle(ground)
	r.StrokeWidth, r.StrokeColor = 0, color.Transparent
	place(r, area{at.x + 1, at.y + 1, at.w - 2, at.h - 2})
	t := newText(ink)
	put(t, text, points, 8, false, fyne.TextAlignCenter, area{at.x + 2, at.y + (at.h-height(points))/2, at.w - 4, height(points)})
	h.group.Add(r)
	h.group.Add(t)
}

// shortened is a sum as a cell has room for it: without the places behind its point. A sum of nothing is a point.
func shortened(cell string) string {
	whole, _, _ := strings.Cut(cell, ".")
	if strings.Trim(cell, "0.") == "" && cell != "" {
		return "·"
	}
	return whole
}

// shade is the ground of a part, from 0 to 1, of the largest: from the window's own ground to the tone of waiting. Where contrast is high the grounds on which neither black nor white has 7:1 are
// passed over.
func (k *kit) shade(part float64) color.NRGBA {
	from, to := k.background, k.tone(present.Waiting)
	part = math.Min(math.Max(part, 0), 1)
	switch {
	case k.name() != "contrast":
		part = 0.12 + 0.88*part // the least is told from none
	case part < 0.5:
		part = 0.12 + 0.64*part
	default:
		part = 0.78 + 0.44*(part-0.5)
	}
	of := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*part + 0.5) }
	return color.NRGBA{of(from.R, to.R), of(from.G, to.G), of(from.B, to.B), 0xFF}
}

// inkOn is black or white, whichever stands out more.
func (k *kit) inkOn(ground color.NRGBA) color.NRGBA {
	black, white := rgb(0x000000), rgb(0xFFFFFF)
	//mutant:a-figure-stands-out-of-its-ground
	if lightness(ground) > 0.179 { // where both have the same contrast
		return black
	}
	return white
}

// lightness is the relative luminance of WCAG 2, from 0 to 1.
func lightness(c color.NRGBA) float64 {
	linear := func(x uint8) float64 {
		v := float64(x) / 255
		if v <= 0.03928 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
