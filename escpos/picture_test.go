package escpos

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func glyphs(t testing.TB) GlyphSource {
	t.Helper()
	font, err := os.ReadFile("../assets/font/NotoSansSC-Regular.otf")
	if err != nil {
		t.Fatal(err)
	}
	g, err := NewFontGlyphs(font)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// zbarimg was written by nobody here: it must read the codes from the picture of the paper.
func TestZbarReadsThePaper(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("VERATILL_JUDGES") == "required" {
			t.Fatal("zbarimg is missing: apt-get install zbar-tools")
		}
		t.Skip("SKIPPED JUDGE: zbarimg is missing: apt-get install zbar-tools")
	}
	for _, p := range []Profile{{Paper: Paper80}, {Paper: Paper58}, {Paper: Paper58, DotQR: true}} {
		p.Glyphs = glyphs(t)
		b := encode(t, p, kitchen()...)
		img := Decode(b, DecodeOptions{Paper: p.Paper}).Picture(p.Glyphs)
		file := filepath.Join(t.TempDir(), "paper.png")
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, buf.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if keep := os.Getenv("VERATILL_KEEP_PICTURE"); keep != "" {
			_ = os.WriteFile(keep, buf.Bytes(), 0o600)
		}
		out, err := exec.Command(zbar, "-q", "--raw", file).Output()
		if err != nil {
			t.Fatalf("zbarimg: %v\n%s", err, out)
		}
		for _, want := range []string{"VERATILL STAN 000123 CNY 42.00", "VT-{0123}"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("zbarimg read %q, not %q", out, want)
			}
		}
	}
}

// A character that the encoding lacks is drawn from the font, not lost.
func TestDotsComeFromTheFont(t *testing.T) {
	with := encode(t, Profile{Encoding: PC858, Glyphs: glyphs(t)}, Text{S: "真"})
	without := encode(t, Profile{Encoding: PC858}, Text{S: "真"})
	if bytes.Equal(with, without) || len(with) != len(without) {
		t.Errorf("% x", with)
	}
	if _, err := NewFontGlyphs([]byte("no font")); err == nil {
		t.Error("a damaged font was taken")
	}
	if _, ok := glyphs(t).Glyph('真', 7); ok {
		t.Error("a cell too small to read")
	}
	if _, ok := glyphs(t).Glyph('\U0001F9FE', 24); ok {
		t.Error("a glyph that no font has")
	}
}
