package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/ui/uitest"
	"veratill/txn"
)

// Whatever the window has written to the books is by the cashier who is at the till then.
func TestEachCallIsByTheCashierOfNow(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	sold := c.till.top().(*resultScreen)
	c.desk.Change(func(d *uitest.Desk) { d.AboutNow.Cashier = "Li Wei" })
	c.wait("the other cashier", func() bool { return c.till.about.Cashier == "Li Wei" })
	want := []txn.Actor{{By: "张敏"}}
	for _, k := range []struct {
		call string
		do   func()
	}{
		{"reprint", func() { sold.reprint(c.till) }},
		{"note", func() { sold.printNote(c.till) }},
		{"x", func() { (&dayScreen{}).printX(c.till) }},
		{"z", func() { (&dayScreen{}).closeDay(c.till) }},
	} {
		k.do()
		c.wait(k.call, func() bool { return c.desk.Asked(k.call) == 1 })
		want = append(want, txn.Actor{By: "Li Wei"})
	}
	c.press(fyne.KeyReturn)
	c.till.openDay()
	c.wait("the day", func() bool { return c.till.top().(*dayScreen).loaded })
	c.till.startVoid(c.till.top().(*dayScreen).entries[0], "")
	c.wait("the void", func() bool { return c.desk.Asked("void") == 1 })
	c.wait("a result", c.onResult)
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.wait("the desk waits for a card", func() bool { return c.desk.Asked("card") == 1 })
	want = append(want, txn.Actor{By: "Li Wei"}, txn.Actor{By: "Li Wei"})
	got := c.desk.By()
	if len(got) != len(want) {
		t.Fatalf("%d calls wrote to the books, want %d: %v", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("call %d is by %v, want %v", i, got[i], want[i])
		}
	}
}

// The sale in the making is the desk's: a window that is made anew goes on with it.
func TestANewWindowGoesOnWithTheSaleOfTheDesk(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	again, err := newTill(c.till.app, c.desk.Screens(), Options{Now: c.now, Do: c.do, After: c.after})
	if err != nil {
		t.Fatal(err)
	}
	if s, locked := again.shownSale(); locked || s.TotalMinor != c.total() || s.TotalMinor == 0 {
		t.Errorf("the new window shows %d, and the old one %d", s.TotalMinor, c.total())
	}
}
