package escpos_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"veratill/assets"
	"veratill/escpos"
)

// Paper in Big5 is drawn without boxes: each sign of the encoding that printers have is in one of the fonts, and so is all of GB2312.
func TestPaperFontsDrawWhatPrintersHave(t *testing.T) {
	glyphs, err := escpos.NewFontGlyphs(assets.PaperFonts()...)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, c := range []struct {
		set                   encoding.Encoding
		from, to, first, last int // leading and second bytes
	}{{traditionalchinese.Big5, 0xA4, 0xC5, 0x40, 0xFE}, {traditionalchinese.Big5, 0xC6, 0xC6, 0x40, 0x7E}, {traditionalchinese.Big5, 0xC9, 0xF9, 0x40, 0xFE}, {simplifiedchinese.GBK, 0xB0, 0xF7, 0xA1, 0xFE}} {
		for lead := c.from; lead <= c.to; lead++ {
			for trail := c.first; trail <= c.last; trail++ {
				text, err := c.set.NewDecoder().String(string([]byte{byte(lead), byte(trail)}))
				r, n := utf8.DecodeRuneInString(text)
				if err != nil || n != len(text) || !unicode.Is(unicode.Han, r) || lead == 0xF9 && trail > 0xD5 {
					continue
				}
				tried++
				if _, ok := glyphs.Glyph(r, 16); !ok {
					t.Errorf("%q is a box", r)
				}
			}
		}
	}
	if tried != 5401+7652+6763 { // GB/T 2312 has 6763, Big5 two levels of 5401 and 7652
		t.Errorf("%d signs were looked for", tried)
	}
	page := escpos.Decode([]byte("\xa6\xac\xbe\xda\n"), escpos.DecodeOptions{Encoding: escpos.Big5}) // 收據
	if page.Text() != "收據\n" {
		t.Errorf("Big5 reads %q", page.Text())
	}
	boxes, drawn := page.Picture(nil), page.Picture(glyphs)
	if string(boxes.Pix) == string(drawn.Pix) {
		t.Error("Big5 is drawn as boxes")
	}
}
