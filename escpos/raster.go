package escpos

import (
	"image"
	"image/color"
)

// Bitmap is black dots on white paper, packed eight to a byte, the leftmost in
// the highest bit, each row beginning a new byte.
type Bitmap struct {
	Width, Height int    // dots
	Bits          []byte // Height × ceil(Width/8)
}

// NewBitmap is a white one. It panics below zero.
func NewBitmap(width, height int) Bitmap {
	return Bitmap{Width: width, Height: height, Bits: make([]byte, (width+7)/8*height)}
}

// Stride is the number of bytes in a row.
func (b Bitmap) Stride() int { return (b.Width + 7) / 8 }

// Dot reports whether a dot is black. Outside the bitmap all is white.
func (b Bitmap) Dot(x, y int) bool {
	if x < 0 || y < 0 || x >= b.Width || y >= b.Height {
		return false
	}
	at := y*b.Stride() + x/8
	return at < len(b.Bits) && b.Bits[at]&(0x80>>(x%8)) != 0
}

// Set blackens a dot. Outside the bitmap it does nothing.
func (b Bitmap) Set(x, y int) {
	if x >= 0 && y >= 0 && x < b.Width && y < b.Height {
		b.Bits[y*b.Stride()+x/8] |= 0x80 >> (x % 8)
	}
}

// valid is false for a bitmap whose dots are not all there.
func (b Bitmap) valid() bool {
	return b.Width > 0 && b.Height > 0 && len(b.Bits) >= b.Stride()*b.Height
}

// FromImage makes dots of a picture by error diffusion (Floyd and Steinberg),
// scaled down to maxDots wide when it is wider. Transparent parts are white.
func FromImage(img image.Image, maxDots int) Bitmap {
	r := img.Bounds()
	w, h := r.Dx(), r.Dy()
	if w <= 0 || h <= 0 || maxDots <= 0 {
		return Bitmap{}
	}
	if w > maxDots {
		w, h = maxDots, max(1, h*maxDots/w)
	}
	b := NewBitmap(w, h)
	now, next := make([]int, w+2), make([]int, w+2) // errors, one column of margin each side
	for y := range h {
		for x := range w {
			level := grey(img.At(r.Min.X+x*r.Dx()/w, r.Min.Y+y*r.Dy()/h)) + now[x+1]/16
			off := level
			if level < 128 {
				b.Set(x, y)
			} else {
				off -= 255
			}
			now[x+2] += off * 7
			next[x] += off * 3
			next[x+1] += off * 5
			next[x+2] += off
		}
		now, next = next, now
		clear(next)
	}
	return b
}

// grey is the luminance 0 to 255 over white paper.
func grey(c color.Color) int {
	r, g, b, a := c.RGBA()
	white := 0xFFFF - a
	return int((299*(r+white) + 587*(g+white) + 114*(b+white)) / 1000 >> 8)
}

// bandRows is how many rows one GS v 0 carries: small enough for any receive
// buffer, and below 256 so that the count's high byte is 0.
const bandRows = 240

// appendRaster prints a bitmap with GS v 0, in bands.
func appendRaster(dst []byte, b Bitmap) []byte {
	stride := b.Stride()
	for y := 0; y < b.Height; y += bandRows {
		rows := min(bandRows, b.Height-y)
		dst = append(dst, gs, 'v', '0', 0, byte(stride), byte(stride>>8), byte(rows), 0)
		from := len(dst)
		dst = append(dst, b.Bits[y*stride:(y+rows)*stride]...)
		if tail := b.Width % 8; tail != 0 { // dots beyond the width are not the picture's
			for at := from + stride - 1; at < len(dst); at += stride {
				dst[at] &= byte(0xFF << (8 - tail))
			}
		}
		defuse(dst[from:])
	}
	return dst
}

// appendColumns prints a bitmap with ESC * 33, in bands of 24 rows set without a gap.
func appendColumns(dst []byte, b Bitmap) []byte {
	dst = append(dst, esc, '3', inlineRows)
	for top := 0; top < b.Height; top += inlineRows {
		dst = append(dst, esc, '*', 33, byte(b.Width), byte(b.Width>>8))
		from := len(dst)
		for x := range b.Width {
			for y := top; y < top+inlineRows; y += 8 {
				var c byte
				for bit := range 8 {
					if b.Dot(x, y+bit) {
						c |= 0x80 >> bit
					}
				}
				dst = append(dst, c)
			}
		}
		defuse(dst[from:])
		dst = append(dst, lf)
	}
	return append(dst, esc, '2')
}

// defuse takes the real-time sequences 10 04, 10 05 and 10 14 out of picture
// data: printers execute them even there. A lone dot in its byte (10h) grows a
// neighbour (18h), which no eye sees on paper. The last byte is treated so as
// well, because what follows it is not known here.
func defuse(data []byte) {
	for i, c := range data {
		if c != dle {
			continue
		}
		if i+1 == len(data) || data[i+1] == eot || data[i+1] == enq || data[i+1] == dc4 {
			data[i] = dle | dle>>1
		}
	}
}

// GlyphSource draws characters that a printer's own fonts lack, and those of the
// decoded picture. A source is safe for use by several goroutines at once.
type GlyphSource interface {
	// Glyph is r drawn in a cell of height dots: height/2 wide for a narrow
	// character, height for a wide one. It is false when the source has no such glyph.
	Glyph(r rune, height int) (Bitmap, bool)
}

// inlineRows is the height of a bit image that stands among text: ESC * mode 33.
const inlineRows = 24

// appendGlyph sets one character as dots in the middle of a text line, wide
// columns wide and times as wide again as the style asks. Where the source has
// no glyph it is a box: nothing vanishes in silence.
func appendGlyph(dst []byte, src GlyphSource, r rune, wide, times int) []byte {
	var g Bitmap
	if src != nil {
		if b, ok := src.Glyph(r, inlineRows); ok && b.valid() {
			g = b
		}
	}
	if !g.valid() {
		g = box(wide * inlineRows / 2)
	}
	cols := wide * inlineRows / 2 * times
	dst = append(dst, esc, '*', 33, byte(cols), byte(cols>>8))
	from := len(dst)
	for x := range cols {
		for y := 0; y < inlineRows; y += 8 {
			var c byte
			for bit := range 8 {
				if g.Dot(x/times, y+bit) {
					c |= 0x80 >> bit
				}
			}
			dst = append(dst, c)
		}
	}
	defuse(dst[from:])
	return dst
}

// box is an empty frame of one character cell.
func box(width int) Bitmap {
	b := NewBitmap(width, inlineRows)
	for y := 2; y < inlineRows-2; y++ {
		b.Set(1, y)
		b.Set(width-2, y)
	}
	for x := 1; x < width-1; x++ {
		b.Set(x, 2)
		b.Set(x, inlineRows-3)
	}
	return b
}
