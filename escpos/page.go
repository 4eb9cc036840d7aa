package escpos

import (
	"fmt"
	"math"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// DecodeOptions is what bytes alone do not say of the printer they are for.
type DecodeOptions struct {
	Paper     Paper    // the zero value is Paper80
	Encoding  Encoding // of two-byte characters, or the first code page; the zero value is GBK
	MaxHeight int      // dots after which the paper ends; 0 means 24,000, which is three metres, and below 0 it has no end
}

// Page is the paper that bytes would make. It is made by Decode and not changed afterwards.
type Page struct {
	paper     Paper
	parts     []part
	height    int // dots
	truncated bool
}

// part is one thing across the paper, from top to bottom.
type part struct {
	kind   partKind
	items  []item // of a line
	align  Align
	dots   Bitmap // of a picture or code
	label  string // what the text form says for it
	height int    // dots down to the next part
	width  int    // dots that the items or the picture take
}

type partKind uint8

const (
	partLine partKind = iota
	partDots
	partCut
	partNote // says something in the text form, takes no paper
)

// item is a character or a small picture among text.
type item struct {
	r     rune
	x     int // dots from the line's left end
	width int // dots
	cell  int // height of the unscaled character: 24 or 17
	style Style
	dots  Bitmap
}

const (
	lineDots      = 30 // the usual distance of lines
	defaultHeight = 24_000
	cutDots       = 40
	fontARows     = 24
	fontBRows     = 17
	fontADots     = 12
	fontBDots     = 9
)

// Decode works bytes off as a printer would, to the end of the paper. It accepts every sequence of bytes. What it does not know, or
// can't show, is named in its place, and what comes behind that is worked off all the same.
func Decode(b []byte, o DecodeOptions) *Page {
	if o.Paper == (Paper{}) {
		o.Paper = Paper80
	}
	switch {
	case o.MaxHeight == 0:
		o.MaxHeight = defaultHeight
	case o.MaxHeight < 0:
		o.MaxHeight = math.MaxInt
	}
	m := &machine{page: &Page{paper: o.Paper}, opts: o}
	m.reset()
	for len(b) > 0 && !m.page.truncated {
		c, n := Next(b)
		//mutant:decode-goes-to-the-end
		if n == 0 { // it never ends: what it begins with is named, and the rest is no parameter
			c, n = cutOff(b)
		}
		m.do(c)
		b = b[n:]
	}
	m.endLine(false)
	m.nameUnknown()
	return m.page
}

// Truncated reports whether the bytes made more paper than MaxHeight, or than anybody would read.
func (p *Page) Truncated() bool { return p.truncated }

// Height is the length of the paper in dots.
func (p *Page) Height() int { return p.height }

// machine is the printer's state while it reads.
type machine struct {
	page *Page
	opts DecodeOptions

	style   Style
	fontB   bool
	kanji   bool
	said    bool     // Kanji mode was set by a command, not by the printer's habit
	double  Encoding // two-byte set
	single  Encoding // code page
	utf8    bool     // FS ( C has set it
	noPage  bool     // the code page that was set is not known here
	line    []item
	x       int
	signs   int    // on the paper so far
	unknown []byte // what began no command since the last that did
	spacing int
	left    int // margin, dots
	area    int // printable width, dots
	tabs    []int
	bar     barState
	symbol  symbolState
}

func (m *machine) reset() {
	m.style, m.fontB = Style{}, false
	m.kanji, m.double, m.single = true, GBK, PC437
	if encodingTable[m.opts.Encoding%encodings].double {
		m.double = m.opts.Encoding
	} else {
		m.single, m.kanji = m.opts.Encoding, false
	}
	m.utf8, m.noPage = false, false
	m.line, m.x = nil, 0
	m.spacing, m.left, m.area = lineDots, 0, m.opts.Paper.Dots
	m.tabs = nil
	m.bar = barState{height: 162, module: 3}
	m.symbol = symbolState{module: 3}
}

func (m *machine) do(c Command) {
	if c.Op == OpUnknown {
		m.unknown = append(m.unknown, c.Raw...)
		return
	}
	m.nameUnknown()
	if m.doStyle(c) || m.doMove(c) || m.doPicture(c) || m.doNamed(c) {
		return
	}
	switch c.Op {
	case OpText:
		m.text(c.Data)
	case OpInit:
		m.reset()
	case OpKanjiOn, OpKanjiOff:
		m.kanji, m.said = c.Op == OpKanjiOn, true
	case OpKanjiSet:
		if c.Data[0]&0x0F == 1 {
			m.double = ShiftJIS
		}
	case opUTF8:
		if d := c.Data[2:]; len(d) == 2 && d[0] == '0' {
			m.utf8 = d[1]&0x0F == 2
		}
	case OpPage:
		m.codePage(c.Data[0])
	case OpDrawer:
		m.note(fmt.Sprintf("[drawer %d]", c.Data[0]&1+1))
	case OpProof:
		if len(c.Data) == 8 && c.Data[2] == 0x30 {
			m.note(fmt.Sprintf("[proof %q]", c.Data[4:8]))
		}
	}
}

// mostNamed is how many bytes without a meaning are named one by one.
const mostNamed = 8

// nameUnknown names the bytes that began no command. NUL, and the signs of a serial line's flow, are nothing to any printer.
func (m *machine) nameUnknown() {
	var named []byte
	for _, c := range m.unknown {
		if c != nul && c != dc1 && c != dc3 {
			named = append(named, c)
		}
	}
	m.unknown = m.unknown[:0]
	switch {
	case len(named) > mostNamed:
		m.note(fmt.Sprintf("[%s … %d bytes?]", nameOf(named[:mostNamed]), len(named)))
	case len(named) > 0:
		m.note("[" + nameOf(named) + "?]")
	}
}

// doNamed names what is on a printer's paper and can't be shown here: what the printer keeps itself, and how it turns its signs.
func (m *machine) doNamed(c Command) bool {
	switch c.Op {
	case opPageMode:
		m.note("[page mode]")
	case opTurned:
		if c.Data[0]&3 != 0 {
			m.note("[turned by 90°]")
		}
	case opOwnSigns:
		if c.Data[0]&1 != 0 {
			m.note("[signs of its own]")
		}
	case opCountry:
		if c.Data[0] != 0 {
			m.note(fmt.Sprintf("[signs of country %d?]", c.Data[0]))
		}
	case opLogo:
		m.endLine(false)
		m.note(fmt.Sprintf("[logo %d]", c.Data[0]))
	case opStored:
		m.endLine(false)
		m.note("[stored image]")
	case opMacro:
		m.note("[macro]")
	case opCounter:
		m.endLine(false)
		m.note("[counter]")
	default:
		return false
	}
	return true
}

// codePage sets the page of ESC t; of one that is not known here nothing but ASCII is claimed. Whoever names one and never speaks of Kanji mode
// writes for a printer that has none.
func (m *machine) codePage(n byte) {
	m.kanji = m.kanji && (m.said || n == 0)
	m.single, m.noPage = PC437, false
	for i := range encodingTable {
		if f := &encodingTable[i]; !f.double && f.page == n {
			m.single = Encoding(i)
			return
		}
	}
	m.noPage = true
	//mutant:an-unknown-page-is-named
	m.note(fmt.Sprintf("[page %d?]", n))
}

// doStyle acts on commands that change how characters look.
func (m *machine) doStyle(c Command) bool {
	switch c.Op {
	case OpAlign:
		m.style.Align = Align(c.Data[0]&0x0F) % 3
	case OpBold, OpStrike:
		m.style.Bold = c.Data[0]&1 != 0
	case OpUnderline:
		m.style.Underline = c.Data[0]&3 != 0
	case OpInvert:
		m.style.Invert = c.Data[0]&1 != 0
	case OpFont:
		m.fontB = c.Data[0]&1 != 0
	case OpSize:
		m.style.Width, m.style.Height = c.Data[0]>>4&7+1, c.Data[0]&7+1
	case OpMode:
		n := c.Data[0]
		m.fontB, m.style.Bold, m.style.Underline = n&1 != 0, n&8 != 0, n&0x80 != 0
		m.style.Height, m.style.Width = 1+n>>4&1, 1+n>>5&1
	case OpKanjiMode:
		n := c.Data[0]
		m.style.Width, m.style.Height = 1+n>>2&1, 1+n>>3&1
	case OpKanjiWide:
		m.style.Width, m.style.Height = 1+c.Data[0]&1, 1+c.Data[0]&1
	default:
		return false
	}
	return true
}

func word(b []byte) int { return int(b[0]) | int(b[1])<<8 }

// doMove acts on commands that move the head or the paper.
func (m *machine) doMove(c Command) bool {
	switch c.Op {
	case OpLF:
		m.endLine(true)
	case OpFF:
		m.endLine(false)
	case OpFeedLines:
		m.endLine(false)
		m.feed(int(c.Data[0]) * m.spacing)
	case OpFeedDots:
		m.endLine(false)
		m.feed(int(c.Data[0]))
	case OpLineDots:
		m.spacing = int(c.Data[0])
	case OpLineReset:
		m.spacing = lineDots
	case OpPosition:
		m.x = min(word(c.Data), m.area)
	case OpRelative:
		m.x = min(max(m.x+int(int16(word(c.Data))), 0), m.area)
	case OpMargin:
		m.left = min(word(c.Data), m.opts.Paper.Dots-fontADots)
		m.area = min(m.area, m.opts.Paper.Dots-m.left)
	case OpArea:
		m.area = min(max(word(c.Data), fontADots), m.opts.Paper.Dots-m.left)
	case OpTabs:
		m.tabs = m.tabs[:0:0]
		for _, n := range c.Data {
			m.tabs = append(m.tabs, int(n)*fontADots)
		}
	case OpHT:
		m.tab()
	case OpCAN:
		m.line, m.x = nil, 0
	case OpCut, OpCutOld, OpCutOldM:
		m.endLine(false)
		m.add(part{kind: partCut, height: cutDots})
	default:
		return false
	}
	return true
}

func (m *machine) tab() {
	if m.tabs == nil {
		m.x = min((m.x/(8*fontADots)+1)*8*fontADots, m.area)
		return
	}
	for _, t := range m.tabs {
		if t > m.x {
			m.x = min(t, m.area)
			return
		}
	}
}

// text reads characters of the encoding that is set.
func (m *machine) text(b []byte) {
	for m.utf8 && len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if isControl(r) {
			r = noRune
		}
		m.char(r, dotColumns(r))
		b = b[n:]
	}
	for len(b) > 0 {
		c := b[0]
		b = b[1:]
		if c < 0x80 || !m.kanji {
			m.char(m.oneByte(c), 1)
			continue
		}
		if len(b) == 0 || m.double == ShiftJIS && c >= 0xA1 && c <= 0xDF {
			m.char(m.oneByte(c), 1)
			continue
		}
		if m.double == GBK && b[0] >= '0' && b[0] <= '9' && len(b) >= 3 { // GB18030 of four bytes
			four, _ := simplifiedchinese.GB18030.NewDecoder().Bytes([]byte{c, b[0], b[1], b[2]})
			if r, n := utf8.DecodeRune(four); n == len(four) && r != utf8.RuneError {
				if isControl(r) { // in four bytes it has every mark that turns or hides text
					r = noRune
				}
				m.char(r, dotColumns(r))
				b = b[3:]
				continue
			}
		}
		m.char(m.double.twoByte(c, b[0]), 2)
		b = b[1:]
	}
}

func (m *machine) oneByte(c byte) rune {
	if c < 0x7F {
		return rune(c)
	}
	if m.noPage {
		return noRune
	}
	return m.single.runes()[c]
}

func (m *machine) char(r rune, columns int) {
	cell, dots := fontARows, fontADots
	if m.fontB && columns == 1 {
		cell, dots = fontBRows, fontBDots
	}
	width := dots * columns * int(times(m.style.Width))
	m.place(item{r: r, width: width, cell: cell, style: m.style})
}

// place puts an item behind the others, on the next line when it does not fit.
func (m *machine) place(it item) {
	if m.x+it.width > m.area && m.x > 0 {
		m.endLine(true)
	}
	it.x = m.x
	m.x += it.width
	m.line = append(m.line, it)
}

// endLine sets the line that has been gathered. An empty one is fed only on LF.
func (m *machine) endLine(feed bool) {
	if len(m.line) == 0 {
		m.x = 0
		if feed {
			m.add(part{kind: partLine, height: m.spacing})
		}
		return
	}
	p := part{kind: partLine, items: m.line, align: m.style.Align, height: m.spacing}
	for _, it := range m.line {
		p.height = max(p.height, it.cell*int(times(it.style.Height)))
		p.width = max(p.width, it.x+it.width)
	}
	m.line, m.x = nil, 0
	m.add(p)
}

func (m *machine) feed(dots int) {
	if dots > 0 {
		m.add(part{kind: partLine, height: dots})
	}
}

func (m *machine) note(s string) { m.add(part{kind: partNote, label: s}) }

// maxParts bounds memory for bytes that say much and feed nothing. Paper without an end is bounded too, at what no till prints: two
// million signs are more than a kilometre.
const (
	maxParts = 20_000
	maxSigns = 2_000_000
)

func (m *machine) add(p part) {
	m.signs += 1 + len(p.items)
	endless := m.opts.MaxHeight == math.MaxInt
	if p.height > m.opts.MaxHeight-m.page.height || !endless && len(m.page.parts) >= maxParts || m.signs > maxSigns {
		m.page.truncated = true
		return
	}
	for i := range p.items {
		p.items[i].x += m.left
	}
	m.page.parts = append(m.page.parts, p)
	m.page.height += p.height
}
