package pdf

import "veratill/escpos"

// paperMm is how wide receipt paper is drawn on a page.
const paperMm = 100.0

// Paper sets what goes on a receipt printer on the page, as text: the same lines with the same words. Cuts, the drawer and what has no text are left out.
func (d *Document) Paper(doc *escpos.Document) {
	for _, block := range doc.Blocks {
		switch b := block.(type) {
		case escpos.Text:
			d.paperText(b)
		case escpos.Row:
			d.paperRow(b)
		case escpos.Rule:
			d.gap(1.5)
			d.rule(paperMm, 0.2)
			d.gap(1.5)
		}
	}
}

func (d *Document) paperText(t escpos.Text) {
	if t.Style.Invert { // a mark: a frame is as plain on paper that is copied
		d.framed(paperMm, alignOf(t.Style.Align), t.S, points(t.Style))
		return
	}
	d.row([]float64{paperMm}, []string{alignOf(t.Style.Align)}, []string{t.S}, points(t.Style))
}

func points(s escpos.Style) float64 {
	if max(s.Height, s.Width) > 1 {
		return headingPt
	}
	return textPt
}

// paperRow sets cells beside each other. A column has the width that it has on paper of 48 columns.
func (d *Document) paperRow(r escpos.Row) {
	d.size(points(r.Style))
	widths, left, open := make([]float64, len(r.Cells)), paperMm, 0
	for i, c := range r.Cells {
		switch {
		case c.Fit:
			widths[i] = d.out.GetStringWidth(c.S) + 3
		case c.Columns > 0:
			widths[i] = max(float64(c.Columns)*paperMm/48, d.out.GetStringWidth(c.S)+3)
		default:
			open++
		}
		left -= widths[i]
	}
	const narrowest = 20.0
	for i := range widths {
		if widths[i] == 0 {
			widths[i] = max(left/float64(open), narrowest)
		}
		widths[i] = min(widths[i], paperMm)
	}
	aligns, texts := make([]string, len(r.Cells)), make([]string, len(r.Cells))
	for i, c := range r.Cells {
		aligns[i], texts[i] = alignOf(c.Align), c.S
	}
	d.row(widths, aligns, texts, points(r.Style))
}

func alignOf(a escpos.Align) string { return []string{"L", "C", "R"}[min(a, escpos.Right)] }
