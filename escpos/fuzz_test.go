package escpos

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"veratill/packaging/nasty"
)

// encoders are made once: the tables of an encoding take longer than a text.
func encoderOf(t *testing.T, made *[encodings]*Encoder, n byte) *Encoder {
	n %= byte(encodings)
	if made[n] == nil {
		e, err := NewEncoder(Profile{Encoding: Encoding(n)})
		if err != nil {
			t.Fatal(err)
		}
		made[n] = e
	}
	return made[n]
}

// User text makes no command: what is encoded from it is printable bytes, line feeds
// and dots of our own drawing. The first byte chooses the encoding.
func FuzzTextIsNoCommand(f *testing.F) {
	var made [encodings]*Encoder
	var out []byte
	nasty.Fuzz(f, func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		e, s := encoderOf(t, &made, in[0]), string(in[1:])
		b, err := e.Append(out[:0], &Document{Blocks: []Block{Text{S: s}, LeftRight(s, s, Style{})}})
		if err != nil {
			t.Fatal(err)
		}
		out = b
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
	})
}

// The text of a QR code makes no command but those of the code.
func FuzzQRIsNoCommand(f *testing.F) {
	var made [encodings]*Encoder
	nasty.Fuzz(f, func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		e, s := encoderOf(t, &made, in[0]), string(in[1:])
		b, err := e.Append(nil, &Document{Blocks: []Block{QR{Data: s}}})
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

// Pictures of any dots hold no real-time sequence, which a printer executes even inside
// raster data, and are still those pictures. The first two bytes are the width.
func FuzzDotsHoldNoRealTimeSequence(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, in []byte) {
		if len(in) < 3 {
			return
		}
		bits := in[2:min(len(in), 512)]
		bm := Bitmap{Width: (int(in[0])<<8|int(in[1]))%576 + 1, Bits: bits}
		bm.Height = len(bits) / bm.Stride()
		if bm.Height == 0 {
			return
		}
		columns, _ := NewEncoder(Profile{NoRaster: true})
		c, err := columns.Append(nil, &Document{Blocks: []Block{Image{Bitmap: bm}, Feed{16}}})
		if i := realTime(c); err != nil || i >= 0 {
			t.Fatalf("in columns, at %d: % x, %v", i, c, err)
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

// Every sequence of bytes is some paper, bounded, and its text form can't command the
// terminal that shows it.
func FuzzDecode(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		p := Decode(b, DecodeOptions{MaxHeight: 2000})
		if p.Height() > 2000 {
			t.Fatalf("%d dots high", p.Height())
		}
		for _, r := range p.Text() {
			if isControl(r) && r != '\n' && r != utf8.RuneError {
				t.Fatalf("%q in the text form", r)
			}
		}
	})
}

// The picture of any paper is bounded. It takes its time, so that it is a target of its own.
func FuzzPicture(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		if img := Decode(b, DecodeOptions{MaxHeight: 60}).Picture(nil); img.Bounds().Dy() > 60+2*margin {
			t.Fatal("too high")
		}
	})
}

// Bytes fall into commands without a rest, each of them as it stood there.
func FuzzCommand(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		for rest := b; len(rest) > 0; {
			c, n := Next(rest)
			if n == 0 { // it waits for more; what is there is shorter than the longest command
				if len(rest) > MaxCommandBytes {
					t.Fatal("it waits for ever")
				}
				return
			}
			if n < 0 || n > len(rest) || !bytes.Equal(c.Raw, rest[:n]) {
				t.Fatalf("%d bytes: % x", n, c.Raw)
			}
			rest = rest[n:]
		}
	})
}

// Status bytes of any kind are read, and what a printer says of a status is read as that status.
func FuzzStatus(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		if len(b) < 8 {
			return
		}
		auto := AutoStatus([4]byte(b))
		if again := AutoStatus(auto.Auto()); again != auto {
			t.Fatalf("%+v became %+v", auto, again)
		}
		var asked, again Status
		for n := byte(AskPrinter); n <= AskPaper; n++ {
			asked.Apply(n, b[3+n])
		}
		for n := byte(AskPrinter); n <= AskPaper; n++ {
			again.Apply(n, asked.RealTime(n))
		}
		if asked.PaperOut != again.PaperOut || asked.CoverOpen != again.CoverOpen || asked.Unrecoverable != again.Unrecoverable || asked.Cutter != again.Cutter {
			t.Fatalf("%+v became %+v", asked, again)
		}
		reply := Reply{Kind: ReplyKind(b[0] % 4), Byte: b[1], Block: b[2:]}
		if id, ok := reply.Proof(); ok && !bytes.Contains(b, id[:]) {
			t.Fatal("a proof that was not there")
		}
		_, _ = reply.PaperOut(), reply.Cleared()
	})
}

// An encoding's name is read as it is written; a text's width is never less than nothing nor more than two columns a character.
func FuzzEncoding(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s := string(b)
		if e, err := ParseEncoding(s); err == nil {
			if again, err := ParseEncoding(e.String()); err != nil || again != e {
				t.Fatalf("%q is %s", s, e)
			}
		}
		for e := range encodings {
			if n := e.Columns(s); n < 0 || n > 2*utf8.RuneCountInString(s) {
				t.Fatalf("%q takes %d columns in %s", s, n, e)
			}
		}
	})
}

// No answer of a printer, in pieces of any size, breaks the demultiplexer, and how it
// is cut into pieces does not matter. The first byte is the size.
func FuzzDemux(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		step, b := int(in[0]%7)+1, in[1:]
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
			n := min(step, len(rest))
			many.Feed(rest[:n], record(&pieces))
			rest = rest[n:]
		}
		if !bytes.Equal(whole, pieces) || one.Between() != many.Between() {
			t.Fatal("pieces change the meaning")
		}
	})
}
