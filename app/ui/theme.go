// Package ui is the window. It is the only importer of Fyne: theme, keys,
// widgets, and one file a screen. What a screen says comes from app/present.
package ui

import (
	"image/color"
	"slices"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"

	"veratill/app/present"
	"veratill/assets"
)

// palette is the tokens of colour. Each text colour has at least 4.5:1 on every ground (7:1 where contrast is high); border and the focus
// ring have at least 3:1. A test computes them. Grounds tell what is what: background is nothing, surface tells something, raised can be
// pressed. A frame stands only around what is typed into, and around what destroys.
type palette struct {
	background, surface, raised, hovered, marked color.NRGBA
	text, muted                                  color.NRGBA
	border                                       color.NRGBA // of a field, and of a bar that scrolls
	hair                                         color.NRGBA // divides what a ground does not
	onFill                                       color.NRGBA // text on a tone used as a ground
	tones                                        map[present.Tone]color.NRGBA
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

// The themes by the name that is kept as a preference, in the order in which they are switched.
var (
	themes   = []string{"light", "dark", "contrast"}
	palettes = map[string]*palette{"light": light, "dark": dark, "contrast": sharp}
)

var light = &palette{
	background: rgb(0xFFFFFF), surface: rgb(0xF4F6F8), raised: rgb(0xE9EDF1), hovered: rgb(0xDDE3E9), marked: rgb(0xDCEAFA),
	text: rgb(0x16191D), muted: rgb(0x4C555F), border: rgb(0x6B7580), hair: rgb(0xD9DFE5), onFill: rgb(0xFFFFFF),
	tones: map[present.Tone]color.NRGBA{
		present.Plain: rgb(0x16191D), present.Muted: rgb(0x4C555F), present.Waiting: rgb(0x0B57A4),
		present.Good: rgb(0x156337), present.Bad: rgb(0xA8221B), present.Unknown: rgb(0x6A3BA8),
		present.Warning: rgb(0x7A4A00), present.Training: rgb(0x9C3E00),
	},
}

var dark = &palette{
	background: rgb(0x14171A), surface: rgb(0x1D2125), raised: rgb(0x2A3037), hovered: rgb(0x363E46), marked: rgb(0x1B324A),
	text: rgb(0xF2F4F6), muted: rgb(0xB4BCC5), border: rgb(0x97A1AB), hair: rgb(0x343B43), onFill: rgb(0x14171A),
	tones: map[present.Tone]color.NRGBA{
		present.Plain: rgb(0xF2F4F6), present.Muted: rgb(0xB4BCC5), present.Waiting: rgb(0x7CB7FF),
		present.Good: rgb(0x6BD08F), present.Bad: rgb(0xFF9A92), present.Unknown: rgb(0xC9A6FF),
		present.Warning: rgb(0xFFC266), present.Training: rgb(0xFF9D57),
	},
}

// sharp is for eyes and lamps that tell little apart: black, white, and frames around everything.
var sharp = &palette{
	background: rgb(0x000000), surface: rgb(0x000000), raised: rgb(0x141414), hovered: rgb(0x333333), marked: rgb(0x00305E),
	text: rgb(0xFFFFFF), muted: rgb(0xE6E6E6), border: rgb(0xFFFFFF), hair: rgb(0xB8B8B8), onFill: rgb(0x000000),
	tones: map[present.Tone]color.NRGBA{
		present.Plain: rgb(0xFFFFFF), present.Muted: rgb(0xE6E6E6), present.Waiting: rgb(0x8CCBFF),
		present.Good: rgb(0x6CF0A0), present.Bad: rgb(0xFFB3AD), present.Unknown: rgb(0xDFC5FF),
		present.Warning: rgb(0xFFD980), present.Training: rgb(0xFFC08A),
	},
}

// groupHues are the colours of the groups of items, in their order; they mean nothing else. White stands on each with 3:1.
var groupHues = []color.NRGBA{rgb(0x2166AC), rgb(0x9A6700), rgb(0xB5482A), rgb(0x62731B), rgb(0x13727A), rgb(0x7A4BA0), rgb(0x2F7D32), rgb(0x8C2F5B)}

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
	theme   string
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

// newLook is the look of a theme and a size of text: the same one for the same two, so that a window which is built anew in it keeps its fonts.
func newLook(name string, percent int) *look {
	if palettes[name] == nil {
		name = themes[0]
	}
	wanted := look{palette: palettes[name], theme: name, percent: min(max(percent, 100), 150)}
	made, _ := dressed.LoadOrStore(wanted, &wanted)
	return made.(*look)
}

// dressed are the looks that were made.
var dressed sync.Map

// name is what is kept as the preference "theme".
func (l *look) name() string { return l.theme }

// next is the theme that a switch brings.
func (l *look) next() string { return themes[(slices.Index(themes, l.theme)+1)%len(themes)] }

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
	case theme.ColorNameSelection:
		return l.marked
	case theme.ColorNameHover, theme.ColorNamePressed:
		return l.hovered
	case theme.ColorNameError:
		return l.tone(present.Bad)
	case theme.ColorNameSuccess:
		return l.tone(present.Good)
	case theme.ColorNameWarning:
		return l.tone(present.Warning)
	}
	variant := theme.VariantLight
	if l.theme != "light" {
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
