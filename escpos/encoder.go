package escpos

import (
	"errors"
	"fmt"
	"slices"
)

// Faults of a document or a profile. Nothing has been sent when one is returned.
var (
	ErrEncoding  = errors.New("escpos: encoding is not known")
	ErrPaper     = errors.New("escpos: paper width is not usable")
	ErrCells     = errors.New("escpos: row does not fit the paper")
	ErrSize      = errors.New("escpos: text size is out of range")
	ErrQR        = errors.New("escpos: QR code cannot be made")
	ErrCode128   = errors.New("escpos: CODE128 cannot be made")
	ErrImage     = errors.New("escpos: image cannot be printed")
	ErrDrawer    = errors.New("escpos: drawer pulse is out of range")
	ErrProcessID = errors.New("escpos: process ID has a character outside 20h to 7Eh")
	ErrBlock     = errors.New("escpos: block is not known")
)

// Paper is the printable width.
type Paper struct {
	Dots    int // at 203 dpi
	Columns int // of font A, 12 dots each
}

// The two widths that shops buy.
var (
	Paper80 = Paper{Dots: 576, Columns: 48}
	Paper58 = Paper{Dots: 384, Columns: 32}
)

// Profile is what an encoder must know of a printer.
type Profile struct {
	Paper    Paper       // the zero value is Paper80
	Encoding Encoding    // the zero value is GBK
	Glyphs   GlyphSource // for characters the encoding lacks; nil draws a box
	DotQR    bool        // draw QR codes as dots, for printers without GS ( k
	NoCutter bool        // feed instead of a cut, so far that the paper can be torn off
	NoRaster bool        // send pictures with ESC *, for printers without GS v 0
	// Pages are the numbers of ESC t of code pages that this printer has elsewhere than the
	// reference; nil is the reference's.
	Pages map[Encoding]byte
}

// Encoder turns documents into bytes. It keeps nothing between documents and may
// be used by several goroutines at once.
type Encoder struct {
	paper  Paper
	enc    Encoding
	to     *codes
	glyphs GlyphSource
	dotQR  bool
	single uint16 // codes below this are one byte: a lone high byte is drawn in two-byte sets
	start  string // sets the encoding

	noCutter, noRaster bool
}

// NewEncoder checks the profile. Errors: ErrPaper, ErrEncoding.
func NewEncoder(p Profile) (*Encoder, error) {
	if p.Paper == (Paper{}) {
		p.Paper = Paper80
	}
	if p.Paper.Columns < 16 || p.Paper.Columns > 96 || p.Paper.Dots < 128 || p.Paper.Dots > 1024 {
		return nil, fmt.Errorf("%w: %d dots, %d columns", ErrPaper, p.Paper.Dots, p.Paper.Columns)
	}
	if p.Encoding >= encodings {
		return nil, fmt.Errorf("%w: %v", ErrEncoding, p.Encoding)
	}
	e := &Encoder{paper: p.Paper, enc: p.Encoding, to: p.Encoding.codes(), glyphs: p.Glyphs, dotQR: p.DotQR, single: 0x100,
		start: encodingTable[p.Encoding].start, noCutter: p.NoCutter, noRaster: p.NoRaster}
	if n, ok := p.Pages[p.Encoding]; ok && !p.Encoding.TwoByte() {
		e.start = kanjiOff + string([]byte{esc, 't', n})
	}
	if encodingTable[p.Encoding].double {
		e.single = 0x80
	}
	return e, nil
}

// Paper is the width that documents are laid out for.
func (e *Encoder) Paper() Paper { return e.paper }

// Decoding is what Decode has to know of bytes of this encoder.
func (e *Encoder) Decoding() DecodeOptions { return DecodeOptions{Paper: e.paper, Encoding: e.enc} }

// Columns is the width of s in columns of single size.
func (e *Encoder) Columns(s string) int {
	n := 0
	for i, r := range s {
		if s[i] < 0x80 {
			n++
		} else {
			n += e.to.columns(r)
		}
	}
	return n
}

// Lacks is what of a text neither the printer nor the font has a sign for, each character once: a box stands in its place, or a question mark.
func (e *Encoder) Lacks(s string) string {
	var missing []rune
	for _, r := range s {
		//mutant:what-the-printer-lacks
		if !e.has(r) && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	return string(missing)
}

func (e *Encoder) has(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return true
	case isControl(r):
		return false
	case r < 1<<16 && e.to[r] != 0 && (e.to[r] >= 0x100 || e.to[r] < e.single):
		return true
	case e.glyphs == nil:
		return false
	}
	_, ok := e.glyphs.Glyph(r, inlineRows)
	return ok
}

// Append encodes doc behind dst and returns the longer slice, as append does.
// On an error it returns dst as it was. The bytes hold no real-time sequence
// (10 04, 10 05, 10 14) and no command that text could have made.
func (e *Encoder) Append(dst []byte, doc *Document) ([]byte, error) {
	w := writer{Encoder: e, dst: dst}
	w.dst = append(w.dst, esc, '@')
	w.dst = append(w.dst, e.start...)
	for i, b := range doc.Blocks {
		if err := w.block(b); err != nil {
			return dst, fmt.Errorf("block %d: %w", i, err)
		}
	}
	return w.dst, nil
}

// writer is one encoding under way: the bytes so far and the style that the
// printer is in, so that only changes are sent.
type writer struct {
	*Encoder
	dst   []byte
	style Style // normalised
	size  byte  // n of GS !
}

func (w *writer) block(b Block) error {
	switch b := b.(type) {
	case Text:
		return w.text(b)
	case Row:
		return w.row(b)
	case Rule:
		return w.rule(b)
	case QR:
		return w.qr(b)
	case Code128:
		return w.code128(b)
	case Image:
		return w.image(b)
	case CodePage:
		return w.codePage(b)
	case Feed:
		w.dst = append(w.dst, esc, 'd', b.Lines)
		return nil
	case Cut:
		w.plain(Left)
		if w.noCutter {
			w.dst = append(w.dst, esc, 'd', tearLines)
			return nil
		}
		w.dst = append(w.dst, gs, 'V', 66, 0)
		return nil
	case Drawer:
		return w.drawer(b)
	case Proof:
		for _, c := range b.ID {
			if c < 0x20 || c > 0x7E {
				return ErrProcessID
			}
		}
		w.dst = AppendProof(w.dst, b.ID)
		return nil
	}
	return ErrBlock
}

func bit(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// set sends what differs between the printer's style and st.
func (w *writer) set(st Style) error {
	if st.Width > 8 || st.Height > 8 || st.Align > Right {
		return fmt.Errorf("%w: %d × %d", ErrSize, st.Width, st.Height)
	}
	if st == w.style {
		return nil
	}
	if st.Align != w.style.Align {
		w.dst = append(w.dst, esc, 'a', byte(st.Align))
	}
	if st.Bold != w.style.Bold {
		w.dst = append(w.dst, esc, 'E', bit(st.Bold))
	}
	if st.Underline != w.style.Underline {
		w.dst = append(w.dst, esc, '-', bit(st.Underline))
		if encodingTable[w.enc].double {
			w.dst = append(w.dst, fs, '-', bit(st.Underline))
		}
	}
	if st.Invert != w.style.Invert {
		w.dst = append(w.dst, gs, 'B', bit(st.Invert))
	}
	if size := (times(st.Width)-1)<<4 | (times(st.Height) - 1); size != w.size {
		w.dst = append(w.dst, gs, '!', size)
		w.size = size
	}
	w.style = st
	return nil
}

func times(n uint8) byte { return max(n, 1) }

// plain goes back to plain text at the given place.
func (w *writer) plain(a Align) { _ = w.set(Style{Align: a}) } // in range by construction

// dashes is the commonest rule at the widest paper.
const dashes = "------------------------------------------------------------------------------------------------"

func (w *writer) rule(b Rule) error {
	r := b.Rune
	if r == 0 {
		r = '-'
	}
	w.plain(Left)
	if r == '-' {
		w.dst = append(append(w.dst, dashes[:w.paper.Columns]...), lf)
		return nil
	}
	for left, c := w.paper.Columns, w.to.columns(r); left >= c; left -= c {
		w.char(r, 1)
	}
	w.dst = append(w.dst, lf)
	return nil
}

func (w *writer) image(b Image) error {
	if !b.Bitmap.valid() {
		return fmt.Errorf("%w: no dots", ErrImage)
	}
	if b.Bitmap.Width > w.paper.Dots {
		return fmt.Errorf("%w: %d dots wide, the paper has %d", ErrImage, b.Bitmap.Width, w.paper.Dots)
	}
	w.plain(b.Align)
	w.picture(b.Bitmap)
	return nil
}

// codePage prints the characters of a page, and a dot for each code without one.
func (w *writer) codePage(b CodePage) error {
	if b.Encoding >= encodings || b.Encoding.TwoByte() {
		return fmt.Errorf("%w: %v is no code page", ErrEncoding, b.Encoding)
	}
	const perLine = 32
	if w.paper.Columns < perLine {
		return fmt.Errorf("%w: %d columns, a code page needs %d", ErrCells, w.paper.Columns, perLine)
	}
	w.plain(Left)
	w.dst = append(append(w.dst, kanjiOff...), esc, 't', b.Number)
	from := b.Encoding.runes()
	for c := 0x80; c <= 0xFF; c++ {
		if from[c] == noRune {
			w.dst = append(w.dst, '.')
		} else {
			w.dst = append(w.dst, byte(c))
		}
		if c%perLine == perLine-1 {
			w.dst = append(w.dst, lf)
		}
	}
	w.dst = append(w.dst, w.start...)
	return nil
}

// picture sends dots in the way that the printer takes them.
func (w *writer) picture(b Bitmap) {
	if w.noRaster {
		w.dst = appendColumns(w.dst, b)
		return
	}
	w.dst = appendRaster(w.dst, b)
}

// tearLines is how far paper is fed that is torn off by hand: from the head to the edge,
// about 25 mm.
const tearLines = 6

// kanjiOff is FS ".": one-byte code pages are printed outside Kanji mode.
const kanjiOff = "\x1c."

func (w *writer) drawer(b Drawer) error {
	on, off := b.OnMs, b.OffMs
	if on == 0 {
		on = 50
	}
	if off == 0 {
		off = 500
	}
	if b.Pin > 1 || on < 2 || on > 510 || off < 2 || off > 510 {
		return fmt.Errorf("%w: pin %d, %d ms on, %d ms off", ErrDrawer, b.Pin, on, off)
	}
	w.dst = append(w.dst, esc, 'p', b.Pin, byte(on/2), byte(off/2))
	defuse(w.dst[len(w.dst)-2:])
	return nil
}
