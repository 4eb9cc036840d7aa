package ui

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// glyphs are the icons of the tones: the ground is {0}, what stands on it {1}.
// A tone has its own outline too, so that it is known without its colour.
var glyphs = map[present.Tone]string{
	present.Good: `<circle cx="12" cy="12" r="11" fill="%[1]s"/>` +
		`<path d="M6.5 12.5 L10.5 16.5 L17.5 8" stroke="%[2]s" stroke-width="2.6" fill="none" stroke-linecap="round" stroke-linejoin="round"/>`,
	present.Bad: `<rect x="1" y="1" width="22" height="22" rx="4" fill="%[1]s"/>` +
		`<path d="M7 7 L17 17" stroke="%[2]s" stroke-width="2.8" stroke-linecap="round"/><path d="M17 7 L7 17" stroke="%[2]s" stroke-width="2.8" stroke-linecap="round"/>`,
	present.Unknown: `<path d="M12 0.5 L23.5 12 L12 23.5 L0.5 12 Z" fill="%[1]s"/>` +
		`<path d="M8.8 9.6 C8.8 5.6 15.2 5.6 15.2 9.6 C15.2 12 12 11.8 12 14.4" stroke="%[2]s" stroke-width="2.2" fill="none" stroke-linecap="round"/><circle cx="12" cy="18" r="1.5" fill="%[2]s"/>`,
	present.Warning: `<path d="M12 1 L23.5 22.5 L0.5 22.5 Z" fill="%[1]s"/>` +
		`<path d="M12 9 L12 15.5" stroke="%[2]s" stroke-width="2.6" stroke-linecap="round"/><circle cx="12" cy="19" r="1.5" fill="%[2]s"/>`,
	present.Training: `<path d="M12 1 L23.5 22.5 L0.5 22.5 Z" fill="%[1]s"/>` +
		`<path d="M12 9 L12 15.5" stroke="%[2]s" stroke-width="2.6" stroke-linecap="round"/><circle cx="12" cy="19" r="1.5" fill="%[2]s"/>`,
	present.Waiting: `<circle cx="12" cy="12" r="9.5" fill="none" stroke="%[1]s" stroke-width="3" stroke-dasharray="45 15"/>`,
	present.Muted:   `<circle cx="12" cy="12" r="9.5" fill="none" stroke="%[1]s" stroke-width="2"/>`,
	present.Plain:   `<circle cx="12" cy="12" r="5" fill="%[1]s"/>`,
}

func hexOf(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// toneResource draws a tone's icon in the present palette. Fyne caches pictures
// by the resource's name, so the name says everything that the picture depends on.
func (l *look) toneResource(t present.Tone) fyne.Resource {
	return l.glyph(t, "tone", l.tone(t), l.background)
}

// onToneResource is the same on a ground of that tone.
func (l *look) onToneResource(t present.Tone) fyne.Resource {
	return l.glyph(t, "on-tone", l.onFill, l.tone(t))
}

func (l *look) glyph(t present.Tone, name string, ground, mark color.NRGBA) fyne.Resource {
	glyph, known := glyphs[t]
	if !known {
		glyph = glyphs[present.Plain]
	}
	body := fmt.Sprintf(glyph+"<!--%[1]s%[2]s-->", hexOf(ground), hexOf(mark))
	return fyne.NewStaticResource(name+"-"+string(t)+"-"+l.name()+".svg",
		[]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">`+body+`</svg>`))
}
