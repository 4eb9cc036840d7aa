package ui

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// What a stranger at the window found.

// strange are the scenes of it.
var strange = []scene{
	{"receipts-slips", nil, func(c *counter) { c.slips() }},
}

func init() { scenes = append(scenes, strange...) }

// slips pays by card, voids that, gives some of another back, and lists the last receipts.
func (c *counter) slips() {
	c.t.Helper()
	c.fill()
	c.card()
	c.press(fyne.KeyReturn)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	entries, _ := c.desk.Entries(context.Background(), 0, 10)
	c.desk.Void(context.Background(), c.till.cashier(), entries[0].Attempt.ID, func(present.Progress) {})
	c.chord(fyne.KeyF7)
	c.wait("the list", func() bool { r, ok := c.till.top().(*receiptsScreen); return ok && len(r.entries) == 3 })
}

// The slip of a void stands in the list as what it is, with what went back.
func TestReceiptsListNamesSlipsAsWhatTheyAre(t *testing.T) {
	c := openDefault(t, nil)
	c.slips()
	r := c.till.top().(*receiptsScreen)
	if row := r.row(c.till, 0); !strings.HasPrefix(row.title, c.till.words.Text("title.cash-void")) || !strings.HasPrefix(row.right, "−") {
		t.Errorf("the void stands as %q, %q", row.title, row.right)
	}
	if row := r.row(c.till, 1); strings.Contains(row.title, c.till.words.Text("title.cash-void")) || strings.HasPrefix(row.right, "−") {
		t.Errorf("the sale stands as %q, %q", row.title, row.right)
	}
	c.press(fyne.KeyReturn)
	c.wait("the copy", func() bool { return c.desk.Asked("reprint") == 1 })
}
