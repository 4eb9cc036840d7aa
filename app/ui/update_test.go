package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
)

// The manager is asked before an update is installed, Enter is the answer that changes nothing, and while
// the books are backed up no key, click, scan or cross leaves the screen.
func TestUpdateIsAskedForAndNothingIsSoldMeanwhile(t *testing.T) {
	gate := make(chan struct{})
	c := openDefault(t, func(d *uitest.Desk) { offered(d); d.Gate = gate })
	c.day()
	d := c.till.top().(*dayScreen)
	d.pressUpdate(c.till)
	c.press(fyne.KeyReturn)
	if c.desk.Asked("update") != 0 || c.till.top() != screen(d) {
		t.Fatal("Enter installed")
	}
	d.pressUpdate(c.till)
	if m := c.till.top().(*askScreen).message(c.till.words); !strings.Contains(m.Charged, "No money moves") || !strings.Contains(m.Next, "clearer") {
		t.Fatalf("%+v", m)
	}
	c.till.top().(*askScreen).answer(c.till)
	c.wait("the backup", func() bool { return c.desk.Asked("update") == 1 })
	c.press(fyne.KeyEscape, fyne.KeyReturn, fyne.KeyF2, fyne.KeyF9, fyne.KeyF8)
	c.chord(fyne.KeyD)
	c.chord(fyne.KeyE)
	c.till.openDay()
	c.till.openKeys()
	c.scan(demoItems(t)[0].Code)
	c.till.askClose()
	if !c.till.updating() || c.till.closed || c.total() != 0 {
		t.Fatalf("%T is in front, closed %v, total %d", c.till.top(), c.till.closed, c.total())
	}
	close(gate)
	c.wait("the window is closed", func() bool { return c.till.closed })
}

// What keeps an update from being installed is said, and the till goes on.
func TestUpdateThatCanNotBe(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { offered(d); d.UpdateCode = "day open" })
	c.day()
	d := c.till.top().(*dayScreen)
	d.installUpdate(c.till)
	c.wait("the fault", func() bool { return d.note.Key == "update.fault.day-open" })
	if m := c.till.words.Tell(d.note, "CNY"); m.Charged != "No money moved." || m.Next == "" {
		t.Errorf("%+v", m)
	}
	if c.till.closed || c.till.updating() {
		t.Error("the till does not go on")
	}
	c.desk.Change(func(d *uitest.Desk) { d.UpdateNow.Hindrance = "day open" }) // while the page is open
	c.wait("no button", func() bool { return !d.newer.Visible() })
}

// A version that went back is said first thing, once, and can be tried again.
func TestUpdateThatWentBack(t *testing.T) {
	c := openDefault(t, wentBack)
	if m := c.till.words.Tell(c.till.sell.Note, "CNY"); !strings.Contains(m.What, "0.2.0 did not come up; 0.1.0 is back") {
		t.Errorf("%+v", m)
	}
	c.wait("it is kept", func() bool { return c.desk.Asked("update told") == 1 })
	c.day()
	d := c.till.top().(*dayScreen)
	if d.note.Key != "update.fault.crashed" || d.update.Ready() {
		t.Errorf("%+v", d.note)
	}
	d.pressUpdate(c.till)
	c.wait("on offer", func() bool { return d.update.Ready() && c.desk.Asked("retry update") == 1 })
	failed := openDefault(t, func(d *uitest.Desk) { offered(d); d.UpdateNow.Fault, d.UpdateNow.News = "needs administrator", true })
	if m := failed.till.words.Tell(failed.till.sell.Note, "CNY"); !strings.Contains(m.What, "administrator") || m.Charged == "" {
		t.Errorf("%+v", m)
	}
	if (present.Update{}).Ready() || (present.Update{}).Retriable() {
		t.Error("nothing can be installed")
	}
}
