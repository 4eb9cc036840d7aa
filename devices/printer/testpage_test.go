package printer

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/assets"
	"veratill/escpos"
)

var pictures = flag.String("pictures", "", "folder to draw the test pages into, to be looked at")

// The test page fits every model, says what was found, and shows its samples to the last column.
func TestTestPage(t *testing.T) {
	glyphs, err := escpos.NewFontGlyphs(assets.FontRegular)
	if err != nil {
		t.Fatal(err)
	}
	models := carried(t)
	found := Findings{Maker: "EPSON", Model: "TM-T88V", Firmware: "1.00 ESC/POS", SerialNumber: "J5UG012345", Font: "CHINA GB18030",
		RealTime: Finding{Yes, 3 * time.Millisecond}, Automatic: Finding{Yes, 4 * time.Millisecond}, Queued: Finding{Yes, 5 * time.Millisecond},
		ProcessID: Finding{Yes, 41 * time.Millisecond}, Clear: Finding{No, 400 * time.Millisecond}}
	for _, m := range models.All() {
		for e := escpos.GBK; e <= escpos.WPC1252; e++ {
			profile, err := m.Profile(e, glyphs)
			if err != nil {
				continue
			}
			enc, err := escpos.NewEncoder(profile)
			if err != nil {
				t.Fatal(m.Name, err)
			}
			b, err := enc.Append(nil, TestPage(m, e, found))
			if err != nil {
				t.Fatal(m.Name, e, err)
			}
			if e != escpos.GBK || m.Paper.Dots < fontDots*m.Paper.Columns { // the picture knows one size of letters
				continue
			}
			text := escpos.Decode(b, escpos.DecodeOptions{Paper: m.Paper}).Text()
			for _, want := range []string{"J5UG012345", "41 ms", "[QR VERATILL TEST PAGE]", strings.Repeat("1234567890", 9)[:m.Paper.Columns]} {
				if !strings.Contains(text, want) && (m.QR || !strings.HasPrefix(want, "[QR")) {
					t.Errorf("%s: no %q in\n%s", m.Name, want, text)
				}
			}
		}
	}
	if *pictures == "" {
		return
	}
	m := models.Default()
	for name, paper := range map[string]escpos.Paper{"80": escpos.Paper80, "58": escpos.Paper58} {
		for _, e := range []escpos.Encoding{escpos.GBK, escpos.PC858} {
			m.Paper = paper
			profile, err := m.Profile(e, glyphs)
			if err != nil {
				t.Fatal(err)
			}
			enc, err := escpos.NewEncoder(profile)
			if err != nil {
				t.Fatal(err)
			}
			b, err := enc.Append(nil, TestPage(m, e, found))
			if err != nil {
				t.Fatal(err)
			}
			f, err := os.Create(filepath.Join(*pictures, name+"-"+e.String()+".png"))
			if err != nil {
				t.Fatal(err)
			}
			if err := png.Encode(f, escpos.Decode(b, escpos.DecodeOptions{Paper: paper, Encoding: e}).Picture(glyphs)); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func carried(t testing.TB) *Models {
	t.Helper()
	m, err := ReadModels(assets.Printers, assets.PrinterCorrections)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
