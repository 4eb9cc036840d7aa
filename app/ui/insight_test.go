package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func (c *counter) insight() {
	c.t.Helper()
	c.till.openInsight()
	c.wait("the figures", func() bool { s, ok := c.till.top().(*insightScreen); return ok && s.loaded && c.rests() })
}

// A manager turns through the tables and the spans by keys; what is shown is of the span that was chosen last.
func TestFiguresAreTurnedByKeys(t *testing.T) {
	c := openDefault(t, nil)
	c.insight()
	s := c.till.top().(*insightScreen)
	if len(s.grids) != 7 {
		t.Fatalf("%d tables", len(s.grids))
	}
	for i, g := range s.grids {
		c.keys(string(rune('1' + i)))
		if got, _ := s.grid(); got.Name != g.Name || s.say.message.What != g.Heading {
			t.Errorf("key %d shows %q under %q", i+1, got.Name, s.say.message.What)
		}
	}
	c.press(fyne.KeyF5)
	c.wait("one day", func() bool { return s.loaded && s.report.From == s.report.To && c.rests() })
	if !strings.Contains(s.say.message.Next, s.report.To) {
		t.Errorf("today is not over, and the page says %q", s.say.message.Next)
	}
}
