package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
	"veratill/txn/insight"
)

// A name has two lines on its tile, of which the badge takes from the first alone; with a picture, in both languages, nothing of the demonstration's names is cut.
func TestNamesOnTilesAreNotCutByTheirBadge(t *testing.T) {
	for _, language := range []string{"zh", "en"} {
		c := open(t, language, "light", fyne.NewSize(1024, 768), 100, nil)
		grid := c.till.top().(*sellScreen).grid
		for i := range min(8, len(grid.items)) {
			c.tile(i)
			c.tile(i)
		}
		c.drain()
		for _, b := range grid.pool {
			if !b.Visible() {
				continue
			}
			visit(b, fyne.Position{}, b, fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position, _ fyne.CanvasObject, _ fyne.Position) {
				if text, is := o.(*canvas.Text); is && strings.HasSuffix(text.Text, "…") {
					t.Errorf("%s: %q is cut as %q", language, b.label, text.Text)
				}
			})
		}
	}
}

// Only what may be pulled out is ejected.
func TestAFolderIsNotEjected(t *testing.T) {
	words := openDefault(t, nil).till.words
	for stick, ejected := range map[bool]bool{true: true, false: false} {
		if next := words.Tell(present.ExportedNote("/x", stick), "CNY").Next; strings.Contains(next, "eject") != ejected {
			t.Errorf("a stick %v: %q", stick, next)
		}
	}
}

// Where a code pays all of it nothing is left, and no row says 0.00.
func TestNothingLeftIsNoRow(t *testing.T) {
	c := openDefault(t, codes)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF3)
	if p := c.payScreen(); !p.paying.Code || p.figures[2].text != "" || p.labels[2].text != "" || p.figures[1].text == "" {
		t.Errorf("the rows say %q %q and %q %q", p.labels[1].text, p.figures[1].text, p.labels[2].text, p.figures[2].text)
	}
}

// A share is read as 34.0 %, and its heading has no unit before the figure.
func TestAShareHasItsUnitBehindIt(t *testing.T) {
	for _, language := range []string{"zh", "en"} {
		words, err := present.NewWords(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range words.Insight(insight.Report{Currency: "CNY", Tenders: []insight.Share{{Tender: "cash", PartPPM: 340_000}}}) {
			if g.Name == "tenders" && !strings.HasSuffix(g.Line(0).Small, " 34.0 %") {
				t.Errorf("%s: %q", language, g.Line(0).Small)
			}
		}
	}
}
