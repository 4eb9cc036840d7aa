package escpos

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
)

// visible replaces what must not be shown raw on a screen or in a terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return '?'
		}
		return r
	}, s)
}

// Text is the paper as plain text, a line each, with a mark in brackets for what
// is not text: [QR …], [CODE128 …], [image 384×120], [drawer 1], [proof "…"], and
// a row of scissors for a cut. No control character is in it but the line feed.
func (p *Page) Text() string {
	var s strings.Builder
	for i := range p.parts {
		q := &p.parts[i]
		switch {
		case q.kind == partCut:
			s.WriteString(strings.Repeat("- ", p.paper.Columns/4) + "✂" + strings.Repeat(" -", p.paper.Columns/4))
		case q.label != "":
			s.WriteString(strings.Repeat(" ", p.offset(q)/fontADots) + q.label)
		case q.kind == partDots:
		default:
			p.textLine(&s, q)
		}
		s.WriteByte('\n')
	}
	return s.String()
}

func (p *Page) textLine(s *strings.Builder, q *part) {
	if len(q.items) == 0 {
		return
	}
	at, shift := 0, p.offset(q)
	for _, it := range q.items {
		if gap := (it.x + shift - at + fontBDots/2) / fontADots; gap > 0 {
			s.WriteString(strings.Repeat(" ", gap))
		}
		s.WriteRune(it.r)
		at = it.x + it.width + shift
	}
}

// offset is how far a part is moved to the right by its alignment, in dots.
func (p *Page) offset(q *part) int {
	free := max(p.paper.Dots-q.width, 0)
	switch q.align {
	case Center:
		return free / 2
	case Right:
		return free
	}
	return 0
}

// Picture draws the paper, white with black dots, one pixel a dot, with a margin
// so that codes have their quiet zone. Characters come from src; those it lacks,
// or all when it is nil, are boxes.
func (p *Page) Picture(src GlyphSource) *image.Gray {
	c := canvas{image.NewGray(image.Rect(0, 0, p.paper.Dots+2*margin, p.height+2*margin)), src}
	draw.Draw(c.img, c.img.Bounds(), image.White, image.Point{}, draw.Src)
	y := margin
	for i := range p.parts {
		q := &p.parts[i]
		x := margin + p.offset(q)
		switch q.kind {
		case partDots:
			c.bitmap(q.dots, x, y, 1, 1, color.Gray{})
		case partCut:
			c.cut(y + cutDots/2)
		case partLine:
			for _, it := range q.items {
				c.item(it, x, y+c.tallest(q.items))
			}
		}
		y += q.height
	}
	return c.img
}

// margin is the white around the picture, in dots.
const margin = 24

type canvas struct {
	img *image.Gray
	src GlyphSource
}

func (c canvas) tallest(items []item) int {
	h := 0
	for _, it := range items {
		h = max(h, it.cell*int(times(it.style.Height)))
	}
	return h
}

func (c canvas) bitmap(b Bitmap, x, y, wide, high int, ink color.Gray) {
	for by := range b.Height {
		for bx := range b.Width {
			if !b.Dot(bx, by) {
				continue
			}
			for dy := range high {
				for dx := range wide {
					c.img.SetGray(x+bx*wide+dx, y+by*high+dy, ink)
				}
			}
		}
	}
}

// cut draws a dashed line across the paper.
func (c canvas) cut(y int) {
	for x := range c.img.Bounds().Dx() {
		if x/8%2 == 0 {
			c.img.SetGray(x, y, color.Gray{0x60})
			c.img.SetGray(x, y+1, color.Gray{0x60})
		}
	}
}

// item draws a character whose feet stand at bottom.
func (c canvas) item(it item, left, bottom int) {
	wide, high := int(times(it.style.Width)), int(times(it.style.Height))
	x, top := left+it.x, bottom-it.cell*high
	ink := color.Gray{}
	if it.style.Invert {
		draw.Draw(c.img, image.Rect(x, top, x+it.width, bottom), image.Black, image.Point{}, draw.Src)
		ink.Y = 0xFF
	}
	switch {
	case it.dots.valid():
		c.bitmap(it.dots, x, top, 1, 1, ink)
	case it.r != ' ':
		g := c.glyph(it.r, it.cell, it.width/wide)
		c.bitmap(g, x, top, wide, high, ink)
		if it.style.Bold {
			c.bitmap(g, x+1, top, wide, high, ink)
		}
	}
	if it.style.Underline {
		draw.Draw(c.img, image.Rect(x, bottom-2, x+it.width, bottom-1), image.NewUniform(ink), image.Point{}, draw.Src)
	}
}

func (c canvas) glyph(r rune, cell, width int) Bitmap {
	if c.src != nil {
		if g, ok := c.src.Glyph(r, cell); ok && g.valid() {
			return g
		}
	}
	b := box(width)
	b.Height = min(b.Height, cell)
	return b
}
