package escpos

import (
	"fmt"
	"unicode/utf8"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"
)

// barState is what GS h, w and H have set.
type barState struct {
	height, module int
	text           bool
}

// symbolState is what GS ( k and GS ( L have stored.
type symbolState struct {
	module int
	level  QRLevel
	data   string
	of     byte // cn of the code that data is for
	store  Bitmap
}

// doPicture acts on commands that print dots.
func (m *machine) doPicture(c Command) bool {
	switch c.Op {
	case OpRaster:
		m.raster(c.Data)
	case OpColumns:
		m.columns(c.Data)
	case OpBarHeight:
		m.bar.height = max(int(c.Data[0]), 1)
	case OpBarModule:
		m.bar.module = min(max(int(c.Data[0]), 1), 6)
	case OpBarText:
		m.bar.text = c.Data[0]&0x0F != 0
	case OpBarcode:
		m.barcode(c.Data)
	case OpSymbol:
		m.symbols(c.Data[2:])
	case OpGraphics:
		m.graphics(c.Data[2:])
	case opGraphicsBig:
		m.graphics(c.Data[4:])
	case opVariable:
		m.endLine(false)
		m.note(fmt.Sprintf("[image %d×%d]", word(c.Data[1:]), word(c.Data[3:])*8))
	case opCode2D:
		m.endLine(false)
		m.note(symbolNote("2D code", string(c.Data[5:])))
	default:
		return false
	}
	return true
}

// dots prints a picture below what is there. Dots beyond the paper are lost, as
// they are on a real one.
func (m *machine) dots(b Bitmap, label string) {
	m.endLine(false)
	if b.Height > 0 && b.Width > 0 {
		m.add(part{kind: partDots, dots: b, label: label, align: m.style.Align, height: b.Height, width: min(b.Width, m.area)})
	}
}

// raster reads GS v 0: m xL xH yL yH and the rows.
func (m *machine) raster(d []byte) {
	b := Bitmap{Width: word(d[1:]) * 8, Height: word(d[3:]), Bits: d[5:]}
	if d[0]&3 != 0 {
		b = scaled(b, 1+int(d[0]&1), 1+int(d[0]>>1&1), m.area, m.opts.MaxHeight)
	}
	m.dots(b, fmt.Sprintf("[image %d×%d]", b.Width, b.Height))
}

// scaled repeats dots, not beyond the limits.
func scaled(b Bitmap, wide, high, maxWidth, maxHeight int) Bitmap {
	s := NewBitmap(min(b.Width*wide, maxWidth), min(b.Height*high, maxHeight))
	for y := range s.Height {
		for x := range s.Width {
			if b.Dot(x/wide, y/high) {
				s.Set(x, y)
			}
		}
	}
	return s
}

// columns reads ESC *: a picture of 8 or 24 rows that stands among text.
func (m *machine) columns(d []byte) {
	mode, n := d[0], word(d[1:])
	rows, wide := 1, 2-int(mode&1)
	if mode >= 32 {
		rows = 3
	}
	d = d[3:]
	high := 1
	if rows == 1 {
		high = 3
	}
	n = min(n, m.area/wide)
	b := NewBitmap(n*wide, fontARows)
	for x := range b.Width {
		for y := range fontARows {
			at := y / high
			if d[x/wide*rows+at/8]&(0x80>>(at%8)) != 0 {
				b.Set(x, y)
			}
		}
	}
	if b.Width > 0 {
		m.place(item{r: noRune, width: b.Width, cell: fontARows, dots: b})
	}
}

// barcodeNames are the bar codes that are named and not drawn, by m of GS k in both of its forms.
var barcodeNames = map[byte]string{0: "UPC-A", 1: "UPC-E", 4: "CODE39", 5: "ITF", 6: "CODABAR", 'A': "UPC-A", 'B': "UPC-E", 'E': "CODE39", 'F': "ITF",
	'G': "CODABAR", 'H': "CODE93", 'J': "GS1-128", 'K': "GS1 DataBar Omni", 'L': "GS1 DataBar Truncated", 'M': "GS1 DataBar Limited",
	'N': "GS1 DataBar Expanded", 'O': "CODE128"}

// barcode reads GS k in its forms.
func (m *machine) barcode(d []byte) {
	kind, text := d[0], ""
	if kind == 'a' {
		m.endLine(false)
		m.note(symbolNote("2D code", string(d[5:])))
		return
	}
	if kind <= 6 {
		text = string(d[1 : len(d)-1])
	} else {
		text = string(d[2:])
	}
	var code barcode.Barcode
	var err error
	name := "BARCODE"
	switch kind {
	case 73:
		text, name = code128Text(text), "CODE128"
		code, err = code128.Encode(text)
	case 2, 3, 67, 68:
		name = "EAN"
		code, err = ean.Encode(text)
	default:
		err = ErrCode128
		if named := barcodeNames[kind]; named != "" {
			name = named
		}
	}
	m.endLine(false)
	if err != nil {
		m.note(fmt.Sprintf("[%s %s]", name, visible(text)))
		return
	}
	m.dots(enlarge(code, m.bar.module, m.bar.height), fmt.Sprintf("[%s %s]", name, text))
	if m.bar.text {
		for _, r := range text {
			m.char(r, 1)
		}
		m.endLine(true)
	}
}

// code128Text takes the code set marks out: {A, {B, {C and the doubled {.
func code128Text(s string) string {
	var out []byte
	set := byte('B')
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '{' && i+1 < len(s):
			i++
			switch s[i] {
			case 'A', 'B', 'C':
				set = s[i]
			case '{':
				out = append(out, '{')
			}
		case set == 'C':
			out = fmt.Appendf(out, "%02d", s[i]%100)
		case s[i] >= 0x20 && s[i] < 0x7F:
			out = append(out, s[i])
		default:
			out = append(out, '?')
		}
	}
	return string(out)
}

// symbolNames are the two-dimensional codes of GS ( k, by cn.
var symbolNames = map[byte]string{'0': "PDF417", '2': "MaxiCode", '3': "GS1 DataBar", '4': "GS1 Composite", '5': "Aztec", '6': "DataMatrix"}

// symbolNote names a code that can't be drawn here, with what it says.
func symbolNote(name, data string) string {
	if data == "" {
		return "[" + name + "]"
	}
	return "[" + name + "] " + visible(data)
}

// symbols reads GS ( k: cn, fn, parameters. QR codes are drawn, all others named.
func (m *machine) symbols(d []byte) {
	if len(d) < 3 {
		return
	}
	switch fn, name := d[1], symbolNames[d[0]]; {
	case fn == 'P':
		m.symbol.data, m.symbol.of = string(d[3:]), d[0]
	case fn == 'Q' && d[0] == '1':
		m.printQR()
	//mutant:what-can-not-be-shown-is-named
	case fn == 'Q':
		if name == "" {
			name = "code " + nameOf(d[:1]) + "?"
		}
		data := ""
		if m.symbol.of == d[0] {
			data = m.symbol.data
		}
		m.endLine(false)
		m.note(symbolNote(name, data))
	case d[0] == '1' && fn == 'C':
		m.symbol.module = min(max(int(d[2]), 1), 16)
	case d[0] == '1' && fn == 'E':
		m.symbol.level = QRLevel(d[2]&0x0F) & 3
	}
}

// maxDecodedQR is the most that a QR code holds in bytes.
const maxDecodedQR = 2953

func (m *machine) printQR() {
	text := m.symbol.data
	if m.symbol.of != '1' {
		text = ""
	}
	if !utf8.ValidString(text) {
		if s, err := encodingTable[m.double].set.NewDecoder().String(text); err == nil {
			text = s
		}
	}
	m.endLine(false)
	if text == "" || len(text) > maxDecodedQR {
		m.note("[QR without data]")
		return
	}
	b, err := qrBitmap(text, m.symbol.level, m.symbol.module)
	if err != nil {
		m.note(fmt.Sprintf("[QR %s]", visible(text)))
		return
	}
	m.dots(b, fmt.Sprintf("[QR %s]", visible(text)))
}

// graphics reads GS ( L: store a raster, print it.
func (m *machine) graphics(d []byte) {
	switch {
	case len(d) >= 2 && d[0] == '0' && (d[1] == 2 || d[1] == '2'):
		m.dots(m.symbol.store, fmt.Sprintf("[image %d×%d]", m.symbol.store.Width, m.symbol.store.Height))
		m.symbol.store = Bitmap{}
	case len(d) >= 10 && d[0] == '0' && d[1] == 'p':
		b := Bitmap{Width: word(d[6:]), Height: word(d[8:]), Bits: d[10:]}
		if b.valid() {
			m.symbol.store = scaled(b, min(max(int(d[3]), 1), 2), min(max(int(d[4]), 1), 2), m.area, m.opts.MaxHeight)
		}
	case len(d) >= 4 && d[0] == '0' && (d[1] == 'E' || d[1] == 'U'): // what the printer keeps, by its key
		m.endLine(false)
		m.note(fmt.Sprintf("[logo %s]", visible(string(d[2:4]))))
	}
}
