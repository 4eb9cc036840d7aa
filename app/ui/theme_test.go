package ui

import (
	"image/color"
	"math"
	"testing"

	"veratill/app/present"
	"veratill/assets"
)

// luminance and contrast are those of WCAG 2.2.
func luminance(c color.NRGBA) float64 {
	channel := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text has 4.5:1 on everything that it stands on; frames and rings have 3:1.
func TestContrast(t *testing.T) {
	least := map[string]float64{"light": 4.5, "dark": 4.5, "contrast": 7}
	for name, p := range palettes {
		grounds := map[string]color.NRGBA{"background": p.background, "surface": p.surface, "raised": p.raised, "hovered": p.hovered, "marked": p.marked}
		texts := map[string]color.NRGBA{"text": p.text, "muted": p.muted}
		for tone, c := range p.tones {
			texts[string(tone)] = c
			if tone == present.Good || tone == present.Waiting || tone == present.Training {
				if got := contrast(p.onFill, c); got < least[name] {
					t.Errorf("%s: text on %s has %.2f", name, tone, got)
				}
			}
		}
		for on, ground := range grounds {
			for what, c := range texts {
				if got := contrast(c, ground); got < least[name] {
					t.Errorf("%s: %s on %s has %.2f", name, what, on, got)
				}
			}
			for what, c := range map[string]color.NRGBA{"border": p.border, "focus": p.tones[present.Waiting]} {
				if got := contrast(c, ground); got < 3 {
					t.Errorf("%s: %s on %s has %.2f", name, what, on, got)
				}
			}
		}
		for _, filled := range []present.Tone{present.Good, present.Waiting} {
			if got := contrast(p.text, p.tones[filled]); name == "light" && got < 1.5 {
				t.Errorf("%s: the ring on %s has %.2f", name, filled, got)
			}
		}
	}
}

// No meaning hangs on colour alone: every tone has an icon of its own outline, but
// for training, which is a warning with a band.
func TestEveryToneHasAnIcon(t *testing.T) {
	seen := map[string]present.Tone{}
	for tone := range light.tones {
		glyph, ok := glyphs[tone]
		if !ok {
			t.Errorf("%s has no icon", tone)
		}
		if other, twice := seen[glyph]; twice && tone != present.Training && other != present.Training {
			t.Errorf("%s and %s look alike", tone, other)
		}
		seen[glyph] = tone
	}
}

// A font that can't be read is left out: Fyne would panic at the first text.
func TestABrokenFontIsLeftOut(t *testing.T) {
	if readable("x", []byte("no font")) != nil || readable("x", nil) != nil || readable("x", assets.FontBold) == nil {
		t.Error("what can't be read is drawn with, or what can be is not")
	}
}

// The plot shows the hours in which the shop sold, and its largest bar fills most of it.
func TestThePlotShowsTheOpeningHours(t *testing.T) {
	sold := func(hours ...int) (list []present.Hour) {
		for _, h := range hours {
			list = append(list, present.Hour{Hour: h, Sales: present.Tally{Count: 1, AmountMinor: 100}})
		}
		return list
	}
	for _, c := range []struct {
		hours    []present.Hour
		from, to int
	}{{nil, 8, 20}, {sold(8, 21), 8, 23}, {sold(9), 9, 19}, {sold(23), 14, 24}, {sold(0), 0, 10}, {sold(0, 23), 0, 24}} {
		if from, to := opening(c.hours); from != c.from || to != c.to {
			t.Errorf("%v: %d to %d, want %d to %d", c.hours, from, to, c.from, c.to)
		}
	}
	for largest := int64(1); largest < 1_000_000_000; largest = largest*3/2 + 1 {
		if top := scaleTop(largest); top < largest || largest > 100 && top > 2*largest {
			t.Errorf("a bar of %d under %d", largest, top)
		}
	}
}
