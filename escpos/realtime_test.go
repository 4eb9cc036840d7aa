package escpos

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// realTime finds a sequence that a printer would execute wherever it stands.
func realTime(b []byte) int {
	for i := 1; i < len(b); i++ {
		if b[i-1] == dle && (b[i] == eot || b[i] == enq || b[i] == dc4) {
			return i - 1
		}
	}
	return -1
}

// FuzzTextIsNoCommand proves that user text makes no command: what is encoded
// from it is printable bytes, line feeds and dots of our own drawing.
func FuzzTextIsNoCommand(f *testing.F) {
	for _, s := range []string{"", "\x1b@", "a\x10\x04\x01b", "\x1dV\x00", "中\x1b文", "\x9b\u202e¥\u2028", "\x81", "\xff\x10\x14", "{B{C", "🧾", "\u007f\u0085"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(PC858))
	}
	f.Fuzz(func(t *testing.T, s string, enc uint8) {
		e, err := NewEncoder(Profile{Encoding: Encoding(enc % uint8(encodings))})
		if err != nil {
			t.Fatal(err)
		}
		doc := &Document{Blocks: []Block{Text{S: s}, LeftRight(s, s, Style{})}}
		b, err := e.Append(nil, doc)
		if err != nil {
			t.Fatal(err)
		}
		if i := realTime(b); i >= 0 {
			t.Fatalf("a real-time sequence at %d: % x", i, b)
		}
		b = b[2+len(encodingTable[e.enc].start):]
		for len(b) > 0 {
			c, n := Next(b)
			if n == 0 || c.Op != OpText && c.Op != OpLF && c.Op != OpColumns {
				t.Fatalf("%x from text %q", c.Raw, s)
			}
			b = b[n:]
		}
		b, err = e.Append(nil, &Document{Blocks: []Block{QR{Data: s}}})
		if err != nil {
			return
		}
		symbols := 0
		for rest := b[2+len(encodingTable[e.enc].start):]; len(rest) > 0; symbols++ {
			c, n := Next(rest)
			if n == 0 || c.Op != OpSymbol {
				t.Fatalf("%x from QR text %q", c.Raw, s)
			}
			rest = rest[n:]
		}
		if symbols != 5 || realTime(b) >= 0 {
			t.Fatalf("%d commands for a QR code: % x", symbols, b)
		}
	})
}

// FuzzDotsHoldNoRealTimeSequence proves it for pictures of any dots: a printer
// executes 10 04 n even inside raster data.
func FuzzDotsHoldNoRealTimeSequence(f *testing.F) {
	f.Add(uint16(16), []byte{0x10, 0x04, 0x01, 0x10, 0x05, 0x02, 0x10, 0x14, 0x08, 0x10, 0x10, 0x04})
	f.Add(uint16(128), bytes.Repeat([]byte{0x10, 0x04}, 400))
	f.Add(uint16(4), bytes.Repeat([]byte{0x10}, 700))
	f.Add(uint16(576), bytes.Repeat([]byte{0x10, 0x10, 0x14}, 24*20))
	f.Fuzz(func(t *testing.T, width uint16, bits []byte) {
		bm := Bitmap{Width: int(width%576) + 1, Bits: bits}
		bm.Height = len(bits) / bm.Stride()
		if bm.Height == 0 {
			return
		}
		e, _ := NewEncoder(Profile{Glyphs: sameGlyph{bm}})
		b, err := e.Append(nil, &Document{Blocks: []Block{Image{Bitmap: bm}, Text{S: "\U0001F9FE\U0001F9FEx"}, Feed{16}, Cut{}, Drawer{OnMs: 32, OffMs: 40}, Drawer{}, Feed{16}}})
		if err != nil {
			t.Fatal(err)
		}
		if i := realTime(b); i >= 0 {
			t.Fatalf("at %d: % x", i, b[i:])
		}
		got := Decode(b, DecodeOptions{}).parts
		wrong := 0
		for y := range min(bm.Height, bandRows) { // the picture is still that picture
			for x := range bm.Width {
				wrong += bitInt(bm.Dot(x, y) && !got[0].dots.Dot(x, y))
			}
		}
		if wrong > 0 {
			t.Fatalf("%d black dots were lost", wrong)
		}
	})
}

type sameGlyph struct{ b Bitmap }

func (g sameGlyph) Glyph(rune, int) (Bitmap, bool) { return g.b, true }

// FuzzDecode proves that every sequence of bytes is some paper, bounded, and that
// its text form cannot command the terminal that shows it.
func FuzzDecode(f *testing.F) {
	e, _ := NewEncoder(Profile{})
	b, _ := e.Append(nil, &Document{Blocks: kitchen()})
	f.Add(b)
	for _, s := range []string{"\x1d(k\x04\x001A2\x00", "\x1dv0\x00\xff\xff\xff\xff", "\x1d8L\xff\xff\xff\x7f", "\x1b*\x21\x02\x00abcdef",
		"\x1dk\x49\x05{C\x01\x02\x03", "\x1dk\x02123456789012\x00", "\x1bD\x01\x05\x00\ta\tb\n", "\x1dL\xff\xff\x1dW\x00\x00abc\n",
		"\x1d(L\x0b\x000p0\x01\x011\x08\x00\x01\x00\xff\x1d(L\x02\x0002", "\x1c.\xe1\xe2\x1bt\x13\xd5\n", "\x1b$\xff\xff\x1b\\\x00\x80x", "\x81\x30\x84\x36\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p := Decode(b, DecodeOptions{MaxHeight: 2000})
		if p.Height() > 2000 {
			t.Fatalf("%d dots high", p.Height())
		}
		text := p.Text()
		for _, r := range text {
			if isControl(r) && r != '\n' && r != utf8.RuneError {
				t.Fatalf("%q in the text form", r)
			}
		}
		if img := p.Picture(nil); img.Bounds().Dy() > 2000+2*margin {
			t.Fatal("too high")
		}
	})
}

// FuzzDemux proves that no answer of a printer, in pieces of any size, breaks the
// demultiplexer, and that how it is cut into pieces does not matter.
func FuzzDemux(f *testing.F) {
	f.Add([]byte("\x12\x16\x10\x00\x00\x0f\x37\x22abcd\x00\x5fEPSON\x00\x11\x13\x0c"), uint8(3))
	f.Add([]byte("\x14\x00\x13\x00\x0f\x37\x25\x00"), uint8(1))
	f.Add([]byte("\x10\x00\x12\x37\x22\x12"), uint8(2))
	f.Fuzz(func(t *testing.T, b []byte, step uint8) {
		var whole, pieces []byte
		record := func(to *[]byte) func(Reply) {
			return func(r Reply) {
				*to = append(*to, byte(r.Kind), r.Byte)
				*to = append(append(*to, r.Auto[:]...), r.Block...)
				_, _ = r.Proof()
			}
		}
		var one, many Demux
		one.Feed(b, record(&whole))
		for rest := b; len(rest) > 0; {
			n := min(int(step%7)+1, len(rest))
			many.Feed(rest[:n], record(&pieces))
			rest = rest[n:]
		}
		if !bytes.Equal(whole, pieces) || one.Between() != many.Between() {
			t.Fatal("pieces change the meaning")
		}
	})
}
