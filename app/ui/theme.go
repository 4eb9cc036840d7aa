// Package ui is the window. It is the only importer of Fyne: theme, keys,
// widgets, and one file a screen. What a screen says comes from app/present.
package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"

	"veratill/app/present"
	"veratill/assets"
)

// palette is the colours of screen.md. Each text colour has at least 4.5:1 on
// background, surface and marked; border has at least 3:1. A test computes them.
type palette struct {
	background, surface, marked, text, muted, border color.NRGBA
	onFill                                           color.NRGBA // text on a tone used as a ground
	tones                                            map[present.Tone]color.NRGBA
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

var light = &palette{
	background: rgb(0xFFFFFF), surface: rgb(0xF4F6F8), marked: rgb(0xE3EEFA),
	text: rgb(0x16191D), muted: rgb(0x56606B), border: rgb(0x737D88), onFill: rgb(0xFFFFFF),
	tones: map[present.Tone]color.NRGBA{
		present.Plain: rgb(0x16191D), present.Muted: rgb(0x56606B), present.Waiting: rgb(0x0B57A4),
		present.Good: rgb(0x17713A), present.Bad: rgb(0xB3261E), present.Unknown: rgb(0x6A3BA8),
		present.Warning: rgb(0x7A4A00), present.Training: rgb(0xB34700),
	},
}

var dark = &palette{
	background: rgb(0x14171A), surface: rgb(0x1E2226), marked: rgb(0x1B324A),
	text: rgb(0xF2F4F6), muted: rgb(0xA9B2BC), border: rgb(0x8A949E), onFill: rgb(0x14171A),
	tones: map[present.Tone]color.NRGBA{
		present.Plain: rgb(0xF2F4F6), present.Muted: rgb(0xA9B2BC), present.Waiting: rgb(0x7CB7FF),
		present.Good: rgb(0x6BD08F), present.Bad: rgb(0xFF9A92), present.Unknown: rgb(0xC9A6FF),
		present.Warning: rgb(0xFFC266), present.Training: rgb(0xFF9D57),
	},
}

// Sizes that screen.md fixes, in Fyne units at 100 % text.
const (
	baseText  float32 = 18
	smallText float32 = 15
	totalText float32 = 48
	target    float32 = 48 // smallest thing to press
	gap       float32 = 8
	ring      float32 = 3 // focus ring
)

// look is a theme: a palette and how large text is. Fyne asks it for its own widgets' needs.
type look struct {
	*palette
	dark    bool
	percent int
}

var (
	fontRegular = readable("NotoSansSC-Regular.otf", assets.FontRegular)
	fontBold    = readable("NotoSansSC-Bold.otf", assets.FontBold)
)

// readable is a font that can be drawn with; nil is none. Fyne panics at its first text in one that can't be read, and a till whose font
// is damaged has to open.
func readable(name string, font []byte) fyne.Resource {
	//mutant:a-broken-font-is-left-out
	if _, err := sfnt.Parse(font); err != nil {
		return nil
	}
	return fyne.NewStaticResource(name, font)
}

func newLook(name string, percent int) *look {
	l := &look{palette: light, percent: min(max(percent, 100), 150)}
	if name == "dark" {
		l.palette, l.dark = dark, true
	}
	return l
}

// name is what is kept as the preference "theme".
func (l *look) name() string {
	if l.dark {
		return "dark"
	}
	return "light"
}

// px is a size that grows with the text.
func (l *look) px(size float32) float32 { return size * float32(l.percent) / 100 }

func (l *look) tone(t present.Tone) color.NRGBA { return l.tones[t] }

// Font implements fyne.Theme. What Noto Sans SC lacks, Fyne takes from its own fonts.
func (l *look) Font(style fyne.TextStyle) fyne.Resource {
	own := fontRegular
	if style.Bold {
		own = fontBold
	}
	if style.Symbol || own == nil {
		return theme.DefaultTheme().Font(style)
	}
	return own
}

// Color implements fyne.Theme.
func (l *look) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	switch name {
	case theme.ColorNameBackground:
		return l.background
	case theme.ColorNameForeground:
		return l.text
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return l.muted
	case theme.ColorNameInputBackground, theme.ColorNameButton, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground, theme.ColorNameDisabledButton:
		return l.surface
	case theme.ColorNameInputBorder, theme.ColorNameScrollBar, theme.ColorNameSeparator:
		return l.border
	case theme.ColorNamePrimary, theme.ColorNameFocus, theme.ColorNameHyperlink:
		return l.tone(present.Waiting)
	case theme.ColorNameSelection, theme.ColorNameHover, theme.ColorNamePressed:
		return l.marked
	case theme.ColorNameError:
		return l.tone(present.Bad)
	case theme.ColorNameSuccess:
		return l.tone(present.Good)
	case theme.ColorNameWarning:
		return l.tone(present.Warning)
	}
	variant := theme.VariantLight
	if l.dark {
		variant = theme.VariantDark
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Icon implements fyne.Theme.
func (l *look) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size implements fyne.Theme.
func (l *look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return l.px(baseText)
	case theme.SizeNameInnerPadding:
		return 12
	case theme.SizeNameScrollBar:
		return 14
	case theme.SizeNameScrollBarSmall:
		return 8
	case theme.SizeNameInputBorder:
		return 2
	}
	return theme.DefaultTheme().Size(name)
}
