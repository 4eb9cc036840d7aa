// Package pdf makes pages to send to a bank or to keep: black on white, A4, and the same bytes for the same content, so that their hash says what was sent.
package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"veratill/assets"
)

// Sizes of a page, in millimetres and points. Nothing is smaller than 10 pt: a bank reads a fax of it.
const (
	marginMm   = 18.0
	widthMm    = 210 - 2*marginMm
	textPt     = 10.5
	headingPt  = 13.0
	titlePt    = 17.0
	lineFactor = 1.45 // of a text's height, from line to line
	footMm     = 14.0
	labelMm    = 58.0 // of a field
)

const family = "paper"

// Document is a PDF in the making, from top to bottom. Its methods fail together: Bytes says the first fault.
type Document struct {
	out      *fpdf.Fpdf
	pictures int
}

// New begins a document. footer stands at the foot of each page before the page's number; at is the moment that the file says it was made.
func New(title, footer string, at time.Time) *Document {
	out := fpdf.New("P", "mm", "A4", "")
	out.AddUTF8FontFromBytes(family, "", assets.FontPDF)
	out.SetCatalogSort(true)
	out.SetCreationDate(at.UTC())
	out.SetModificationDate(at.UTC())
	out.SetTitle(title, true)
	out.SetCreator("Veratill", true)
	out.SetProducer("Veratill", true)
	out.SetMargins(marginMm, marginMm, marginMm)
	out.SetAutoPageBreak(true, marginMm+footMm)
	out.AliasNbPages("{of}")
	out.SetFooterFunc(func() {
		out.SetY(-marginMm - footMm/2)
		out.SetFont(family, "", 10)
		out.CellFormat(widthMm-25, 5, footer, "T", 0, "L", false, 0, "")
		out.CellFormat(25, 5, fmt.Sprintf("%d / {of}", out.PageNo()), "T", 0, "R", false, 0, "")
	})
	d := &Document{out: out}
	d.Page()
	d.write(title, titlePt, "L")
	d.gap(2)
	return d
}

// Page begins a new page.
func (d *Document) Page() { d.out.AddPage() }

func (d *Document) size(pt float64) (lineMm float64) {
	d.out.SetFont(family, "", pt)
	return pt * 25.4 / 72 * lineFactor
}

func (d *Document) write(text string, pt float64, align string) {
	d.row([]float64{widthMm}, []string{align}, []string{text}, pt)
}

func (d *Document) gap(mm float64) { d.out.Ln(mm) }

// Heading begins a part of the document. It stays with the first lines of what follows.
func (d *Document) Heading(text string) {
	d.room(30)
	d.gap(3)
	d.write(text, headingPt, "L")
	d.gap(1)
}

// Text is a paragraph.
func (d *Document) Text(text string) {
	d.write(text, textPt, "L")
	d.gap(1.5)
}

// Boxed is a paragraph in a frame: what has to be seen first.
func (d *Document) Boxed(text string) {
	d.framed(widthMm, "L", text, headingPt)
	d.gap(2)
}

// Field is a label and its value. One without a value is left out.
type Field struct{ Label, Value string }

// Fields are labels with their values, one a line; a long value goes on below itself.
func (d *Document) Fields(fields []Field) {
	rows := make([][]string, 0, len(fields))
	for _, f := range fields {
		if f.Value != "" {
			rows = append(rows, []string{f.Label, f.Value})
		}
	}
	d.Table([]Column{{Mm: labelMm}, {}}, rows)
}

// Column is one of a table. Mm is its width; 0 shares what is left over.
type Column struct {
	Mm    float64
	Right bool // figures stand at the right
}

// Table is rows of cells, with a thin line below each. A cell that is too long goes on below itself, and a row is never torn by a page's end.
func (d *Document) Table(columns []Column, rows [][]string) {
	widths, aligns := shared(columns), make([]string, len(columns))
	for i, c := range columns {
		aligns[i] = "L"
		if c.Right {
			aligns[i] = "R"
		}
	}
	for _, row := range rows {
		d.gap(0.6)
		d.row(widths, aligns, row, textPt)
		d.rule(widthMm, 0.1)
	}
	d.gap(2)
}

// Shaded is a table whose cells have a ground, the darker the larger their shade from 0 to 1; shades are of the rows behind the first, from the last columns on. On the darkest ground black text
// still has 7:1.
func (d *Document) Shaded(columns []Column, rows [][]string, shades [][]float64) {
	if shades == nil {
		d.Table(columns, rows)
		return
	}
	d.Table(columns, rows[:1])
	widths := shared(columns)
	for i, row := range rows[1:] {
		line := d.size(textPt)
		d.room(line + 1)
		y, x := d.out.GetY(), marginMm
		for n, w := range widths {
			if at := n - (len(widths) - len(shades[i])); at >= 0 && shades[i][at] > 0 {
				red, green, blue := shadeOf(shades[i][at])
				d.out.SetFillColor(red, green, blue)
				d.out.Rect(x, y, w, line+0.6, "F")
			}
			x += w
		}
		d.Table(columns, [][]string{row})
		d.out.SetXY(marginMm, d.out.GetY()-2) // a table ends with a gap
	}
	d.gap(2)
}

// shadeOf is a ground of one hue, from white to a blue on which black stands with 7:1: it differs by its lightness, so that it is told apart in grey and by every eye.
func shadeOf(part float64) (red, green, blue int) {
	part = min(max(part, 0), 1)
	of := func(dark float64) int { return int(255 - (255-dark)*part + 0.5) }
	return of(100), of(168), of(224)
}

// row sets cells beside each other, each broken into lines as wide as its column.
func (d *Document) row(widths []float64, aligns, texts []string, pt float64) {
	line := d.size(pt)
	cells, most := make([][]string, len(widths)), 1
	for i := range min(len(texts), len(widths)) {
		cells[i] = d.lines(texts[i], widths[i])
		most = max(most, len(cells[i]))
	}
	d.room(line * float64(most))
	d.size(pt)
	x, y := marginMm, d.out.GetY()
	for i, cell := range cells {
		for n, text := range cell {
			d.out.SetXY(x, y+line*float64(n))
			d.out.CellFormat(widths[i], line, text, "", 0, aligns[i], false, 0, "")
		}
		x += widths[i]
	}
	d.out.SetXY(marginMm, y+line*float64(most))
}

// framed sets a text in a frame.
func (d *Document) framed(mm float64, align, text string, pt float64) {
	high := d.size(pt) * float64(len(d.lines(text, mm)))
	d.room(high)
	x, y := marginMm, d.out.GetY()
	d.row([]float64{mm}, []string{align}, []string{text}, pt)
	d.out.SetLineWidth(0.3)
	d.out.Rect(x, y, mm, high, "D")
}

// lines breaks a text into lines of the font that is set: at spaces, between Chinese characters, and inside a word that is longer than a line. fpdf's own way loses the character
// behind a break without a space.
func (d *Document) lines(text string, mm float64) (all []string) {
	most := mm - 2*d.out.GetCellMargin()
	for _, paragraph := range strings.Split(text, "\n") {
		rest := []rune(paragraph)
		for len(rest) > 0 {
			fits, broken := 1, 0
			for fits < len(rest) && d.out.GetStringWidth(string(rest[:fits+1])) <= most {
				if fits++; rest[fits-1] == ' ' || rest[fits-1] >= firstWide {
					broken = fits
				}
			}
			if broken == 0 || fits == len(rest) || rest[fits] == ' ' {
				broken = fits
			}
			all = append(all, strings.TrimRight(string(rest[:broken]), " "))
			rest = []rune(strings.TrimLeft(string(rest[broken:]), " "))
		}
		if paragraph == "" {
			all = append(all, "")
		}
	}
	return all
}

// firstWide is where the characters begin behind which a line may end.
const firstWide = '\u2e80'

// room begins a new page where so much does not fit on this one.
func (d *Document) room(mm float64) {
	_, high := d.out.GetPageSize()
	if d.out.GetY()+mm > high-marginMm-footMm {
		d.Page()
	}
}

func (d *Document) rule(mm, thickMm float64) {
	y := d.out.GetY()
	d.out.SetLineWidth(thickMm)
	d.out.Line(marginMm, y, marginMm+mm, y)
}

func shared(columns []Column) []float64 {
	widths, left, open := make([]float64, len(columns)), widthMm, 0.0
	for _, c := range columns {
		left -= c.Mm
		if c.Mm == 0 {
			open++
		}
	}
	for i, c := range columns {
		widths[i] = c.Mm
		if c.Mm == 0 {
			widths[i] = left / open
		}
	}
	return widths
}

// Picture is a picture so many millimetres wide, smaller where it would not fit a page, with words below it.
func (d *Document) Picture(picture image.Image, mm float64, words string) {
	var packed bytes.Buffer
	if err := png.Encode(&packed, picture); err != nil {
		d.out.SetError(err)
		return
	}
	d.pictures++
	name := fmt.Sprintf("picture %d", d.pictures)
	d.out.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, &packed)
	_, high := d.out.GetPageSize()
	size := picture.Bounds().Size()
	free := high - 2*marginMm - footMm - 16
	tall := mm * float64(size.Y) / float64(max(size.X, 1))
	if tall > free {
		mm, tall = mm*free/tall, free
	}
	d.room(tall + 8)
	x, y := marginMm, d.out.GetY()
	d.out.ImageOptions(name, x, y, mm, tall, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	d.out.SetLineWidth(0.1)
	d.out.Rect(x, y, mm, tall, "D")
	d.out.SetXY(marginMm, y+tall+1)
	if words != "" {
		d.Text(words)
	}
}

// Pages is how many pages there are by now.
func (d *Document) Pages() int { return d.out.PageCount() }

// Bytes ends the document.
func (d *Document) Bytes() ([]byte, error) {
	var b bytes.Buffer
	if err := d.out.Output(&b); err != nil {
		return nil, fmt.Errorf("the document can't be made: %w", err)
	}
	return b.Bytes(), nil
}
