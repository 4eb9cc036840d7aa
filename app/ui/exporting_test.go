package ui

import (
	"errors"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
)

// exporting opens the page of a file that is given away, by F4.
func (c *counter) exporting() *exportScreen {
	c.t.Helper()
	c.press(fyne.KeyF4)
	c.wait("the places", func() bool { s, ok := c.till.top().(*exportScreen); return ok && len(s.places) > 0 && c.rests() })
	return c.till.top().(*exportScreen)
}

// Each page that has tables gives them away by F4: of the kind and in the place that are chosen, and it says where the file went.
func TestTablesAreSavedAsFiles(t *testing.T) {
	for name, of := range map[string]struct {
		open func(c *counter)
		want string
	}{
		"figures": {func(c *counter) { c.insight() }, "figures-"},
		"audit":   {func(c *counter) { c.reads("3") }, "audit-2026-11-22"},
		"log":     {func(c *counter) { c.reads("4") }, "log-2026-11-22"},
		"checks":  {func(c *counter) { c.reads("2") }, "check-2026-11-22"},
		"X":       {func(c *counter) { c.day() }, "x-2026-11-22"},
	} {
		c := openDefault(t, read)
		of.open(c)
		s := c.exporting()
		c.keys("3")
		c.press(fyne.KeyDown)
		s.write(c.till)
		c.wait(name, func() bool { return s.done.Key != "" && c.rests() })
		if s.done.Key != "export.done-stick" || asked(c, "export /media/STICK/"+of.want) != 1 || s.done.Pairs[1][len(s.done.Pairs[1])-4:] != ".pdf" {
			t.Errorf("%s: %+v, %v", name, s.done, c.desk.Calls)
		}
		if e := c.desk.Exported; e.Totals == nil && (len(e.Grids) == 0 || len(e.Grids[0].Rows) < 2) {
			t.Errorf("%s: the file has %+v", name, e)
		}
	}
}

// A file that can't be written is told, and nothing is said to be saved.
func TestAFileThatIsNotSavedIsTold(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { read(d); d.ExportErr = errors.New("no space left on device") })
	c.reads("3")
	s := c.exporting()
	s.write(c.till)
	c.wait("that it failed", func() bool { return s.done.Key == "export.failed" && c.rests() })
}

// A figure stands out of its ground with 4.5:1, 7:1 at the least in the theme for high contrast, whatever its shade is; and the shades differ by their lightness, each from the next.
func TestFiguresStandOutOfTheirGrounds(t *testing.T) {
	for _, name := range themes {
		k := &kit{look: newLook(name, 100)}
		least := map[string]float64{"light": 4.5, "dark": 4.5, "contrast": 7}[name]
		before := -1.0
		for part := 0.0; part <= 1; part += 0.05 {
			ground := k.shade(part)
			ratio := contrast(k.inkOn(ground), ground)
			if ratio < least {
				t.Errorf("%s, %.2f: %.1f:1", name, part, ratio)
			}
			if away := contrast(ground, k.background); away <= before {
				t.Errorf("%s, %.2f: the ground is no further from the window's than the shade before", name, part)
			} else {
				before = away
			}
		}
	}
	if contrast(color.NRGBA{A: 0xFF}, color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}) < 20 {
		t.Error("black on white has no contrast")
	}
}

// The week by hour has its figures and a ground for each, in the window as in the file.
func TestTheWeekHasAGroundForEachFigure(t *testing.T) {
	c := openDefault(t, nil)
	c.insight()
	c.keys("2")
	s := c.till.top().(*insightScreen)
	g, _ := s.grid()
	if g.Name != "week" || !s.heat.Visible() || s.list.Visible() || len(g.Shades) != len(g.Rows)-1 {
		t.Fatalf("%s, %d shades of %d rows", g.Name, len(g.Shades), len(g.Rows))
	}
	largest := 0.0
	for _, row := range g.Shades {
		if len(row) != 7 {
			t.Fatalf("a row has %d shades", len(row))
		}
		for _, shade := range row {
			largest = max(largest, shade)
		}
	}
	if largest != 1 {
		t.Errorf("the largest shade is %v", largest)
	}
	var _ present.Grid = g
}
