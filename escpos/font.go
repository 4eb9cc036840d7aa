package escpos

import (
	"errors"
	"fmt"
	"image"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// FontGlyphs draws characters from OpenType or TrueType fonts, Latin from Go Mono
// first. It is safe for use by several goroutines at once, and remembers what it
// has drawn.
type FontGlyphs struct {
	mu    sync.Mutex
	fonts []*opentype.Font
	faces map[faceKey]font.Face
	drawn map[glyphKey]Bitmap
}

type faceKey struct{ font, size int }

type glyphKey struct {
	r      rune
	height int
}

// NewFontGlyphs reads fonts; a character comes from the first that has it. One that can't be read is left
// out, and the error says so: what is drawn of the others can be used all the same.
func NewFontGlyphs(fonts ...[]byte) (*FontGlyphs, error) {
	g := &FontGlyphs{faces: map[faceKey]font.Face{}, drawn: map[glyphKey]Bitmap{}}
	var faults []error
	for i, b := range append([][]byte{gomono.TTF}, fonts...) {
		f, err := opentype.Parse(b)
		if err != nil {
			faults = append(faults, fmt.Errorf("escpos: font %d cannot be read: %w", i, err))
			continue
		}
		g.fonts = append(g.fonts, f)
	}
	return g, errors.Join(faults...)
}

// maxDrawn bounds the memory of drawn glyphs: all of GB2312 in two sizes.
const maxDrawn = 16_384

// Glyph draws r in a cell of height dots, 8 to 96. It is false when no font has r.
func (g *FontGlyphs) Glyph(r rune, height int) (Bitmap, bool) {
	if height < 8 || height > 96 {
		return Bitmap{}, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	key := glyphKey{r, height}
	if b, ok := g.drawn[key]; ok {
		return b, b.Width > 0
	}
	if len(g.drawn) >= maxDrawn {
		clear(g.drawn)
	}
	b := g.draw(r, height)
	g.drawn[key] = b
	return b, b.Width > 0
}

// draw takes the lock as held. A zero bitmap means that no font has the glyph.
func (g *FontGlyphs) draw(r rune, height int) Bitmap {
	for i := range g.fonts {
		face := g.face(i, height)
		if face == nil {
			continue
		}
		if _, ok := face.GlyphAdvance(r); ok {
			return drawFace(face, r, height)
		}
	}
	return Bitmap{}
}

func (g *FontGlyphs) face(i, height int) font.Face {
	size := height * 5 / 6 // Go Mono is three fifths of its size wide: 20 gives the 12 dots of a 24-dot cell
	if i > 0 {
		size = height * 11 / 12
	}
	key := faceKey{i, size}
	if f, ok := g.faces[key]; ok {
		return f
	}
	f, err := opentype.NewFace(g.fonts[i], &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		f = nil
	}
	g.faces[key] = f
	return f
}

// drawFace sets one character in the middle of its cell, on the font's own line.
func drawFace(face font.Face, r rune, height int) Bitmap {
	width := height / 2 * dotColumns(r)
	adv, _ := face.GlyphAdvance(r)
	if dotColumns(r) == 1 && adv.Ceil() > width+2 { // ambiguous: two columns in Chinese sets
		width = height
	}
	m := face.Metrics()
	ascent, descent := m.Ascent.Ceil(), m.Descent.Ceil()
	base := height - descent
	if ascent+descent > height { // Noto's line is higher than its ink: centre the ink's usual box
		base = height * 7 / 8
	}
	cell := image.NewGray(image.Rect(0, 0, width, height))
	d := font.Drawer{Dst: cell, Src: image.White, Face: face,
		Dot: fixed.P(max((width-adv.Round())/2, 0), base)}
	d.DrawString(string(r))
	b := NewBitmap(width, height)
	for y := range height {
		for x := range width {
			if cell.GrayAt(x, y).Y >= 96 {
				b.Set(x, y)
			}
		}
	}
	return b
}
