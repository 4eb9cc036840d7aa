package escpos

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew; read their diff")

func encoder(t testing.TB, p Profile) *Encoder {
	t.Helper()
	e, err := NewEncoder(p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func encode(t testing.TB, p Profile, blocks ...Block) []byte {
	t.Helper()
	b, err := encoder(t, p).Append(nil, &Document{Blocks: blocks})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// kitchen shows everything that a document can hold.
func kitchen() []Block {
	logo := image.NewGray(image.Rect(0, 0, 96, 40))
	for i := range logo.Pix {
		logo.Pix[i] = uint8(i % 96 * 255 / 96)
	}
	return []Block{
		Image{Bitmap: FromImage(logo, 576), Align: Center},
		Text{"真账收银 Veratill", Style{Bold: true, Width: 2, Height: 2, Align: Center}},
		Text{"right", Style{Align: Right, Underline: true}},
		Text{"演示 DEMO", Style{Invert: true, Align: Center}},
		Rule{},
		LeftRight("农夫山泉 550ml ×2", "¥4.00", Style{}),
		LeftRight("一个特别特别长的商品名字它一行里放不下所以要换到下一行去", "¥1,234,567.89", Style{}),
		Row{Cells: []Cell{{S: "品名"}, {S: "数量", Align: Right, Columns: 6}, {S: "单价", Align: Right, Columns: 8}, {S: "金额", Align: Right, Columns: 9}}},
		Row{Cells: []Cell{{S: "可口可乐"}, {S: "12", Align: Right, Columns: 6}, {S: "3.50", Align: Right, Columns: 8}, {S: "42.00", Align: Right, Columns: 9}}},
		LeftRight("合计", "42.00", Style{Bold: true, Width: 2, Height: 2}),
		Rule{Rune: '─'},
		Text{S: "the quick brown fox jumps over the lazy dog and does not tear a word"},
		Text{S: "dots: 🧾 ḿ €"},
		QR{Data: "VERATILL STAN 000123 CNY 42.00", Align: Center},
		Code128{Data: "VT-{0123}", Text: true, Align: Center},
		Drawer{},
		Feed{Lines: 2},
		Cut{},
		Proof{ID: ProcessID(1)},
	}
}

// Golden text proves layout, widths and Chinese at both paper widths: it is read
// back from the bytes, so an encoder and a decoder that err must err alike to pass.
func TestGoldenText(t *testing.T) {
	for name, p := range map[string]Profile{
		"kitchen-80":   {Paper: Paper80},
		"kitchen-58":   {Paper: Paper58},
		"kitchen-big5": {Encoding: Big5},
		"kitchen-sjis": {Encoding: ShiftJIS},
		"kitchen-858":  {Encoding: PC858},
	} {
		t.Run(name, func(t *testing.T) {
			b := encode(t, p, kitchen()...)
			got := Decode(b, DecodeOptions{Paper: p.Paper, Encoding: p.Encoding}).Text()
			golden(t, name+".txt", got)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it):\n%s", name, got)
	}
}

func TestNoLineIsWiderThanThePaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]Paper{Paper80, Paper58}).Draw(t, "paper")
		wide := uint8(rapid.IntRange(1, 3).Draw(t, "wide"))
		s := rapid.StringOf(rapid.RuneFrom([]rune("a b中文€🧾9"))).Draw(t, "s")
		r := rapid.StringOf(rapid.RuneFrom([]rune("¥0123456789.,"))).Draw(t, "r")
		e, err := NewEncoder(Profile{Paper: p})
		if err != nil {
			t.Fatal(err)
		}
		b, err := e.Append(nil, (&Document{}).Add(LeftRight(s, r, Style{Width: wide}), Text{s, Style{Width: wide}}))
		if err != nil {
			t.Fatal(err)
		}
		// On a paper that is wider than the one it was laid out for nothing wraps by itself.
		page := Decode(b, DecodeOptions{Paper: Paper{Dots: 1 << 20, Columns: p.Columns}})
		for _, part := range page.parts {
			if part.width > p.Dots {
				t.Fatalf("a line takes %d dots of %d", part.width, p.Dots)
			}
		}
	})
}

// A receipt that drops a digit lies: whatever is put into cells comes out again.
func TestNothingIsCutOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := make([]Cell, rapid.IntRange(1, 4).Draw(t, "n"))
		want := map[rune]int{}
		for i := range cells {
			cells[i].S = rapid.StringOfN(rapid.RuneFrom([]rune("0123456789.中文品名¥")), 0, 60, -1).Draw(t, "s")
			cells[i].Fit = rapid.Bool().Draw(t, "fit")
			cells[i].Align = Align(rapid.IntRange(0, 2).Draw(t, "align"))
			for _, r := range strings.ReplaceAll(cells[i].S, "¥", "￥") {
				want[r]++
			}
		}
		e, _ := NewEncoder(Profile{Paper: Paper58})
		b, err := e.Append(nil, (&Document{}).Add(Row{Cells: cells}))
		if errors.Is(err, ErrCells) {
			return // said, not cut off
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range Decode(b, DecodeOptions{Paper: Paper58}).Text() {
			want[r]--
		}
		for r, n := range want {
			if r > ' ' && n != 0 {
				t.Fatalf("%q is wrong by %d", r, n)
			}
		}
	})
}

func TestYenIsTwoBytes(t *testing.T) {
	b := encode(t, Profile{}, Text{S: "¥"})
	if !bytes.Contains(b, []byte{0xA3, 0xA4, '\n'}) {
		t.Errorf("U+00A5 went out as % x", b)
	}
}

// Clones read a four-byte code as two characters, and a lone high byte eats what follows.
func TestOnlyTwoByteCodesLeave(t *testing.T) {
	for _, enc := range []Encoding{GBK, Big5, ShiftJIS} {
		e := encoder(t, Profile{Encoding: enc})
		for r := rune(0x20); r < 0x20000; r++ {
			b, _ := e.Append(nil, (&Document{}).Add(Text{S: string(r)}))
			b = bytes.TrimPrefix(b, append([]byte("\x1b@"), encodingTable[enc].start...))
			b = b[:len(b)-1]
			two := len(b) == 2 && b[0] >= 0x81 && b[0] <= 0xFE && b[1] >= 0x40 && b[1] <= 0xFE && b[1] != 0x7F
			one := len(b) == 1 && b[0] >= 0x20 && b[0] < 0x7F
			dots := len(b) > 2 && b[0] == esc && b[1] == '*'
			if !two && !one && !dots {
				t.Fatalf("%v: %U is % x", enc, r, b)
			}
		}
	}
}

func TestFaultsAreTyped(t *testing.T) {
	e := encoder(t, Profile{Paper: Paper58})
	for _, c := range []struct {
		b    Block
		want error
	}{
		{QR{}, ErrQR}, {QR{Data: strings.Repeat("x", MaxQRBytes+1)}, ErrQR}, {QR{Data: "x", Module: 17}, ErrQR},
		{Code128{}, ErrCode128}, {Code128{Data: "中"}, ErrCode128}, {Code128{Data: strings.Repeat("1", 60)}, ErrCode128},
		{Image{}, ErrImage}, {Image{Bitmap: NewBitmap(400, 8)}, ErrImage}, {Image{Bitmap: Bitmap{Width: 8, Height: 8}}, ErrImage},
		{Text{Style: Style{Width: 9}}, ErrSize}, {Row{}, ErrCells}, {Row{Cells: make([]Cell, 9)}, ErrCells},
		{Row{Cells: []Cell{{Columns: 30}, {Columns: 30}}}, ErrCells}, {Drawer{Pin: 2}, ErrDrawer}, {Drawer{OnMs: 9999}, ErrDrawer},
		{Proof{}, ErrProcessID}, {nil, ErrBlock},
	} {
		dst := []byte("kept")
		got, err := e.Append(dst, (&Document{}).Add(Text{S: "before"}, c.b))
		if !errors.Is(err, c.want) || string(got) != "kept" {
			t.Errorf("%#v: %v, %q", c.b, err, got)
		}
	}
	if _, err := NewEncoder(Profile{Paper: Paper{1, 1}}); !errors.Is(err, ErrPaper) {
		t.Error(err)
	}
	if _, err := NewEncoder(Profile{Encoding: 99}); !errors.Is(err, ErrEncoding) {
		t.Error(err)
	}
	if _, err := ParseEncoding("latin"); !errors.Is(err, ErrEncoding) {
		t.Error(err)
	}
	for name, want := range map[string]Encoding{"GBK": GBK, "gb2312": GBK, "CP936": GBK, "shift_jis": ShiftJIS, "cp858": PC858, "windows-1252": WPC1252} {
		if got, err := ParseEncoding(name); err != nil || got != want || !strings.Contains(EncodingNames(), strings.ToLower(name)) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for i := range encodings {
		if got, err := ParseEncoding(i.String()); err != nil || got != i {
			t.Error(i, got, err)
		}
	}
}

// Bytes of other programs: Latin by code page, Chinese without a word of Kanji mode,
// and four-byte GB18030.
func TestDecodeOfOthers(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b@\x1bt\x10caf\xe9 \x80\n":           "café €\n",
		"\x1b@\x1bt\x13\xd5 1\n":                 "€ 1\n",
		"\x1b@\xd6\xd0\xce\xc4 12\n":             "中文 12\n",
		"\x1b@\x1c&\x1bt\x10\xd6\xd0\n":          "中\n",
		"\x1b@\x1c.\x1bt\x02\x82\n":              "é\n",
		"\x1cC\x01\x1c&\x93\xfa\x96\x7b\n":       "日本\n",
		"\x81\x30\x84\x36\n":                     "¥\n",
		"1\x81\x36\xa7\x315\n":                   "1\uFFFD5\n", // U+202E would turn what follows
		"a\tb\x1b$\xf0\x00c\n":                   "a       b           c\n",
		"\x1bE\x01big\x1bE\x00\x1d!\x11x\n\x1bi": "bigx\n" + strings.Repeat("- ", 12) + "✂" + strings.Repeat(" -", 12) + "\n",
	} {
		if got := Decode([]byte(in), DecodeOptions{}).Text(); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
}

func TestSpecimen(t *testing.T) {
	b := encode(t, Profile{}, SpecimenReceipt().Blocks...)
	text := Decode(b, DecodeOptions{}).Text()
	golden(t, "specimen.txt", text)
	if len(b) > 882 {
		t.Errorf("%d bytes; the best of the peers takes 882", len(b))
	}
	if n := bytes.Count(b, []byte{lf}); n != 20 {
		t.Errorf("%d lines", n)
	}
	buf := make([]byte, 0, 4096)
	e, doc := encoder(t, Profile{}), SpecimenReceipt()
	if n := testing.AllocsPerRun(100, func() { buf, _ = e.Append(buf[:0], doc) }); n != 0 {
		t.Errorf("%v allocations an encoding", n)
	}
}

func TestProcessID(t *testing.T) {
	if ProcessID(0) != [4]byte{0x20, 0x20, 0x20, 0x20} || ProcessID(ProcessIDs-1) != [4]byte{0x7E, 0x7E, 0x7E, 0x7E} {
		t.Error("the ends of the range")
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint32Range(0, ProcessIDs-1).Draw(t, "a"), rapid.Uint32Range(0, ProcessIDs-1).Draw(t, "b")
		for _, c := range ProcessID(a) {
			if c < 0x20 || c > 0x7E {
				t.Fatal("out of range")
			}
		}
		if (a == b) != (ProcessID(a) == ProcessID(b)) || ProcessID(a) != ProcessID(a%ProcessIDs) {
			t.Fatal("not one to one")
		}
	})
}

func TestDither(t *testing.T) {
	img := image.NewUniform(color.Gray{0x80})
	b := FromImage(&image.NRGBA{}, 10)
	if b.valid() {
		t.Error("an empty picture")
	}
	src := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range src.Pix {
		src.Pix[i] = img.C.(color.Gray).Y
	}
	b = FromImage(src, 32)
	black := 0
	for y := range b.Height {
		for x := range b.Width {
			black += bitInt(b.Dot(x, y))
		}
	}
	if b.Width != 32 || b.Height != 32 || black < 32*32*4/10 || black > 32*32*6/10 {
		t.Errorf("half grey became %d black of %d × %d", black, b.Width, b.Height)
	}
}

// A code page is shown under the number it is asked for, without leaving the document's
// own, and a picture sent in columns is the picture sent as raster.
func TestOtherPrinters(t *testing.T) {
	enc := func(p Profile) *Encoder {
		e, err := NewEncoder(p)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	b, err := enc(Profile{}).Append(nil, new(Document).Add(CodePage{PC866, 17}, Text{S: "合计"}))
	if err != nil {
		t.Fatal(err)
	}
	if text := Decode(b, DecodeOptions{}).Text(); !strings.Contains(text, "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\n") || !strings.Contains(text, "合计") {
		t.Error(text)
	}
	for _, bad := range []CodePage{{GBK, 0}, {Encoding(99), 0}} {
		if _, err := enc(Profile{}).Append(nil, new(Document).Add(bad)); !errors.Is(err, ErrEncoding) {
			t.Error(err)
		}
	}
	if _, err := enc(Profile{Paper: Paper{Dots: 200, Columns: 20}}).Append(nil, new(Document).Add(CodePage{PC866, 17})); !errors.Is(err, ErrCells) {
		t.Error(err)
	}
	g := NewBitmap(70, 50)
	for i := range 50 {
		g.Set(i, i)
		g.Set(69-i, i)
	}
	raster, err := enc(Profile{}).Append(nil, new(Document).Add(Image{Bitmap: g}))
	if err != nil {
		t.Fatal(err)
	}
	columns, err := enc(Profile{NoRaster: true, NoCutter: true}).Append(nil, new(Document).Add(Image{Bitmap: g}, Cut{}))
	if err != nil {
		t.Fatal(err)
	}
	one, two := Decode(raster, DecodeOptions{}).Picture(nil), Decode(columns, DecodeOptions{}).Picture(nil)
	for y := range 50 {
		for x := range 70 {
			if one.GrayAt(margin+x, margin+y) != two.GrayAt(margin+x, margin+y) {
				t.Fatalf("dot %d, %d differs", x, y)
			}
		}
	}
	if realTime(columns) >= 0 || bytes.Contains(columns, []byte("\x1dV")) {
		t.Errorf("% x", columns)
	}
	moved, err := enc(Profile{Encoding: PC866, Pages: map[Encoding]byte{PC866: 7}}).Append(nil, new(Document).Add(Text{S: "Чек"}))
	if err != nil || !bytes.HasPrefix(moved, []byte("\x1b@\x1c.\x1bt\x07")) {
		t.Errorf("%q, %v", moved, err)
	}
}

// Lacks says exactly what is a box or a question mark on paper: what the encoding has, and what the font draws, is none of it.
func TestLacksIsWhatPrintsAsABox(t *testing.T) {
	own := onlyGlyph('€')
	for _, c := range []struct {
		e            Encoding
		glyphs       GlyphSource
		text, lacked string
	}{
		{GBK, nil, "纯净水 550 ml ¥2.00 é à\n", ""}, {GBK, nil, "茶🧾🧾ḿ", "🧾ḿ"}, {GBK, own, "€ 茶", ""}, {PC437, nil, "茶 é Ł", "茶Ł"},
		{Big5, nil, "請收據", ""}, {Big5, nil, "请收据", "请"}, {WPC1252, own, "€ Łódź", "Łź"}, {GBK, own, "a\u202Eb\x07\uFFFD", "\u202E\x07\uFFFD"}, {GBK, nil, "", ""},
	} {
		if got := encoder(t, Profile{Encoding: c.e, Glyphs: c.glyphs}).Lacks(c.text); got != c.lacked {
			t.Errorf("%s lacks %q of %q, want %q", c.e, got, c.text, c.lacked)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.Rune().Draw(t, "r")
		e, err := NewEncoder(Profile{Encoding: Encoding(rapid.IntRange(0, int(encodings)-1).Draw(t, "encoding"))})
		if err != nil {
			t.Fatal(err)
		}
		b, err := e.Append(nil, (&Document{}).Add(Text{S: string(r)}))
		if err != nil {
			t.Fatal(err)
		}
		drawn := bytes.Contains(b, []byte("\x1b*\x21"))
		if lacks := e.Lacks(string(r)) != ""; !isControl(r) && lacks != drawn {
			t.Fatalf("%q in %s: drawn as a box %v, told %v", r, e.enc, drawn, lacks)
		}
	})
}

// onlyGlyph has one character and no other.
type onlyGlyph rune

func (o onlyGlyph) Glyph(r rune, height int) (Bitmap, bool) {
	return box(height / 2), r == rune(o)
}
