package ui

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// smallestText is how far a line shrinks before it is cut with an ellipsis.
const smallestText float32 = 13

// fontOf names the face of a text. Every text names its own: for one that does
// not, Fyne reads its bundled fonts, the emoji and the system's fonts before the
// first frame, which takes longer than all the rest of the start.
func fontOf(bold bool) fyne.Resource {
	if bold {
		return fontBold
	}
	return fontRegular
}

func measure(text string, size float32, bold bool) fyne.Size {
	box, _ := fyne.CurrentApp().Driver().RenderedTextSize(text, size, fyne.TextStyle{Bold: bold}, fontOf(bold))
	return box
}

func width(text string, size float32, bold bool) float32 { return measure(text, size, bold).Width }

func height(size float32) float32 { return measure("国g", size, false).Height }

// newText is an empty text in the till's own font.
func newText(c color.Color) *canvas.Text {
	t := canvas.NewText("", c)
	t.FontSource = fontRegular
	return t
}

// fitted is the size at which text fits into w, at most size and at least least;
// a text that does not fit even so is cut.
func fitted(text string, size, least, w float32, bold bool) (string, float32) {
	need := width(text, size, bold)
	if need <= w || text == "" {
		return text, size
	}
	shrunk := max(size*w/need*0.99, least)
	for width(text, shrunk, bold) > w && shrunk > least { // glyph widths are rounded, so the rule of three is not enough
		shrunk = max(shrunk-0.5, least)
	}
	if width(text, shrunk, bold) <= w {
		return text, shrunk
	}
	runes := []rune(text)
	for len(runes) > 1 && width(string(runes)+"…", shrunk, bold) > w {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…", shrunk
}

// line is one line of text that fits its place: it shrinks, then is cut.
type line struct {
	widget.BaseWidget
	text  string
	size  float32
	least float32
	bold  bool
	color color.Color
	align fyne.TextAlign
	drawn *canvas.Text
}

func newLine(text string, size float32, bold bool, c color.Color, align fyne.TextAlign) *line {
	l := &line{text: text, size: size, least: min(size, smallestText), bold: bold, color: c, align: align}
	l.drawn = newText(c)
	l.ExtendBaseWidget(l)
	return l
}

// set changes the text, and redraws only if it is another one.
func (l *line) set(text string) {
	if l.text != text {
		l.text = text
		l.Refresh()
	}
}

func (l *line) paint(c color.Color) {
	if l.color != c {
		l.color = c
		l.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (l *line) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{objects: []fyne.CanvasObject{l.drawn}, lay: func(size fyne.Size) {
		text, points := fitted(l.text, l.size, l.least, size.Width, l.bold)
		l.drawn.Text, l.drawn.TextSize, l.drawn.Color, l.drawn.Alignment = text, points, l.color, l.align
		l.drawn.TextStyle, l.drawn.FontSource = fyne.TextStyle{Bold: l.bold}, fontOf(l.bold)
		h := height(points)
		place(l.drawn, area{0, (size.Height - h) / 2, size.Width, h})
		l.drawn.Refresh()
	}, widget: l}
}

// drawing is a renderer that lays everything out anew whenever something changes.
type drawing struct {
	objects []fyne.CanvasObject
	lay     func(size fyne.Size)
	least   fyne.Size
	widget  fyne.Widget
}

// Layout implements fyne.WidgetRenderer.
func (d *drawing) Layout(size fyne.Size) { d.lay(size) }

// MinSize implements fyne.WidgetRenderer.
func (d *drawing) MinSize() fyne.Size { return d.least }

// Refresh implements fyne.WidgetRenderer.
func (d *drawing) Refresh() {
	d.lay(d.widget.Size())
	canvas.Refresh(d.widget)
}

// Objects implements fyne.WidgetRenderer.
func (d *drawing) Objects() []fyne.CanvasObject { return d.objects }

// Destroy implements fyne.WidgetRenderer.
func (d *drawing) Destroy() {}

// wrap breaks text into lines of at most w. Latin words stay whole where they
// fit; Chinese may break anywhere except before closing punctuation.
func wrap(text string, size, w float32, bold bool) []string {
	var lines []string
	present := ""
	for _, piece := range pieces(text) {
		if width(strings.TrimRight(present+piece, " "), size, bold) <= w || present == "" {
			present += piece
			continue
		}
		lines = append(lines, strings.TrimRight(present, " "))
		present = strings.TrimLeft(piece, " ")
	}
	if present = strings.TrimRight(present, " "); present != "" || len(lines) == 0 {
		lines = append(lines, present)
	}
	return lines
}

// pieces are the parts of a text that are not broken: a word with the space
// after it, or one ideograph with the closing punctuation after it.
func pieces(text string) []string {
	var out []string
	current, wasSpace, wasWide, wasDigit := "", false, false, false
	for _, r := range text {
		wide := unicode.Is(unicode.Han, r)
		closing := strings.ContainsRune("，。：；？！）”、…》", r)
		unit := wasSpace && wasDigit && unicode.IsLetter(r) && !wide // "550 ml" stays together
		if current != "" && !closing && !unit && r != ' ' && (wasSpace || wide || wasWide) {
			out = append(out, current)
			current = ""
		}
		current += string(r)
		if r != ' ' {
			wasDigit = unicode.IsDigit(r)
		}
		wasSpace, wasWide = r == ' ', wide || closing
	}
	if current != "" {
		out = append(out, current)
	}
	return out
}
