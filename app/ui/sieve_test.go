package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// Among several parked sales the one with the item that is typed is brought, and Esc shows all again.
func TestAParkedSaleIsLookedFor(t *testing.T) {
	c := openDefault(t, nil)
	for _, n := range []int{0, 3, 5} {
		c.tile(n)
		c.press(fyne.KeyF4)
		c.wait("parked", func() bool { return c.total() == 0 })
	}
	c.chord(fyne.KeyF4)
	list := func() *recallScreen { r, _ := c.till.top().(*recallScreen); return r }
	c.wait("the list", func() bool { return list() != nil && list().sieve.count() == 3 })
	wanted := list().of(c.till, 1)
	c.keys(wanted.title)
	if s := &list().sieve; s.count() != 1 || s.at(0) != 1 {
		t.Fatalf("looking for %q leaves the rows %v", wanted.title, s.kept)
	}
	c.press(fyne.KeyEscape)
	if list() == nil || list().sieve.count() != 3 {
		t.Fatal("Esc does not show all parked sales again")
	}
	c.keys(wanted.title)
	sum := list().parked[1].TotalMinor()
	c.press(fyne.KeyReturn)
	c.wait("the goods", c.onSell)
	if c.total() != sum || sum == 0 {
		t.Errorf("a sale of %d is brought, and one of %d was looked for", c.total(), sum)
	}
}

// What is typed on the list of items that are not sold leaves the rows that show it; what no row shows leaves none, and Backspace goes back.
func TestRemarksAreLookedFor(t *testing.T) {
	c := openDefault(t, wrongList)
	c.articles()
	s := c.till.top().(*articlesScreen)
	all := s.sieve.count()
	c.keys("qq")
	if got := s.sieve.count(); got != 0 || all < 2 {
		t.Fatalf("%d rows of %d show what none has", got, all)
	}
	c.press(fyne.KeyBackspace, fyne.KeyBackspace)
	if got := s.sieve.count(); got != all {
		t.Errorf("%d rows of %d are back", got, all)
	}
}
