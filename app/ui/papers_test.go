package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// paperScenes are those of papers, voids and days that are closed.
var paperScenes = []scene{
	{"receipts-slips", nil, func(c *counter) { c.slips() }},
	{"day-x", func(d *uitest.Desk) { busyDay(d); d.Virtual = true }, func(c *counter) { c.xOnScreen() }},
	{"day-z-again", func(d *uitest.Desk) { busyDay(d); d.Virtual = true }, func(c *counter) { c.zAgain() }},
	{"insight-tenders", nil, func(c *counter) { c.insight(); c.keys("3") }},
	{"void-why", nil, func(c *counter) { c.entry(); c.till.top().(*entryScreen).askVoid(c.till) }},
	{"day-after-z", afterZ, func(c *counter) { c.day() }},
	{"day-after-z-payments", afterZ, func(c *counter) { c.day(); c.tap(c.till.top().(*dayScreen).tabs[payments]) }},
	{"day-past", busyDay, func(c *counter) { c.day(); c.pastDay() }},
}

// afterZ is a day without a sale, behind one that was closed an hour ago.
func afterZ(d *uitest.Desk) {
	d.Day1 = present.Day{Batch: 4, Date: morning}
	d.ClosedDays = []present.Day{{Batch: 3, Z: 18, Date: morning, Opened: morning, Closed: morning.Add(-time.Hour)}, {Batch: 2, Z: 17, Date: morning.AddDate(0, 0, -1)}}
}

func init() {
	scenes = append(scenes, paperScenes...)
	auditedScenes = append(auditedScenes[:len(auditedScenes):len(auditedScenes)], paperScenes...) // they were taken from the list before
}

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

// xOnScreen prints an X of the open day.
func (c *counter) xOnScreen() {
	c.t.Helper()
	c.day()
	d := c.till.top().(*dayScreen)
	c.tap(d.x)
	c.wait("the X", func() bool { return d.paper.object.Visible() })
}

// pastDay opens the newest day that is closed.
func (c *counter) pastDay() *dayScreen {
	c.t.Helper()
	c.till.top().(*dayScreen).openEarlier(c.till, present.Day{Batch: 2, Z: 2})
	d := c.till.top().(*dayScreen)
	c.wait("the earlier day", func() bool { return d.loaded })
	return d
}

// zAgain prints the Z of an earlier day once more.
func (c *counter) zAgain() {
	c.t.Helper()
	c.day()
	d := c.pastDay()
	c.tap(d.zAgain)
	c.wait("the Z", func() bool { return d.paper.object.Visible() })
}

// An X and a Z come out on the screen where the printer is one, each day's Z can be had again, and what is beside the paper comes back by its tab.
func TestReportsAreShownAndAZIsPrintedAgain(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { busyDay(d); d.Virtual = true })
	c.xOnScreen()
	d := c.till.top().(*dayScreen)
	c.tap(d.tabs[payments])
	if d.paper.object.Visible() || d.listed() == 0 && len(d.entries) > 0 {
		t.Error("the X stays in front of the payments")
	}
	c.press(fyne.KeyEscape)
	c.zAgain()
	if c.desk.Asked("z again") != 1 {
		t.Error("no Z was asked for")
	}
}

// With a printer of its own there is paper, and nothing stands in front of the day.
func TestReportsOfAPrinterCoverNothing(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { busyDay(d); d.Virtual = false })
	c.day()
	d := c.till.top().(*dayScreen)
	c.tap(d.x)
	c.wait("the X", func() bool { return d.note.Key == "day.x-done" })
	if d.paper.object.Visible() {
		t.Error("a paper is shown that nobody can know")
	}
}

// Behind a Z nobody reads that nothing was sold today: the page says what is true.
func TestAfterAZThePageSaysThatTheDayIsClosed(t *testing.T) {
	c := openDefault(t, afterZ)
	c.day()
	d := c.till.top().(*dayScreen)
	want := c.till.words.Text("day.after-z", "time", morning.Add(-time.Hour).Format("15:04"), "z", "18")
	if d.said.message.What != want || !d.said.Visible() {
		t.Errorf("the overview says %q", d.said.message.What)
	}
	c.tap(d.tabs[payments])
	if d.none.message.What != want || !d.none.Visible() {
		t.Errorf("the payments say %q", d.none.message.What)
	}
}

// What was reversed is on the list until its page was opened; what is not known stays.
func TestReversedPaymentsAreListedUntilTheyWereSeen(t *testing.T) {
	c := openDefault(t, busyDay)
	c.day()
	d := c.till.top().(*dayScreen)
	listed := func() (states []txn.State) {
		for _, e := range d.attention(c.till) {
			states = append(states, e.Attempt.State)
		}
		return states
	}
	if !slices.Contains(listed(), txn.Reversed) {
		t.Fatalf("listed are %v", listed())
	}
	for _, e := range d.attention(c.till) {
		c.till.openEntry(e)
		c.press(fyne.KeyEscape)
	}
	if now := listed(); slices.Contains(now, txn.Reversed) || !slices.Contains(now, txn.Reversing) {
		t.Errorf("once all were seen, listed are %v", now)
	}
}

// faceOf is the face of a row in a list.
func faceOf(r *rows, slot int) *rowFace { return r.pool[slot] }

// A payment that comes in between the press and the tap is not opened in place of the one under the finger.
func TestATapOpensTheRowThatWasPressed(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	c.day()
	d := c.till.top().(*dayScreen)
	c.tap(d.tabs[payments])
	want := d.entries[0].Attempt.ID
	face := faceOf(d.listing, 0)
	face.MouseDown(&desktop.MouseEvent{})
	s := d.entries[0].Sale
	s.ID = 0
	c.desk.PayCash(context.Background(), c.till.cashier(), s, s.TotalMinor)
	c.till.changed()
	c.wait("the new payment", func() bool { return len(d.entries) == 2 })
	face.MouseUp(&desktop.MouseEvent{})
	face.Tapped(&fyne.PointEvent{})
	c.drain()
	e, ok := c.till.top().(*entryScreen)
	if !ok || e.entry.Attempt.ID != want {
		t.Fatalf("in front is %+v, want payment %s", c.till.top().stands(), want)
	}
}

// What is gone by the time the finger leaves opens nothing.
func TestATapOnWhatIsGoneOpensNothing(t *testing.T) {
	c := openDefault(t, nil)
	c.till.openRestoring()
	s := c.till.top().(*restoringScreen)
	c.wait("the list", func() bool { return s.loaded })
	s.backups = []present.Backup{{Path: "a"}, {Path: "b"}}
	c.till.redraw()
	face := faceOf(s.rows, 0)
	face.MouseDown(&desktop.MouseEvent{})
	s.backups = s.backups[1:]
	c.till.redraw()
	face.MouseUp(&desktop.MouseEvent{})
	face.Tapped(&fyne.PointEvent{})
	c.drain()
	if s.busy || s.held != nil {
		t.Error("another backup was looked at")
	}
}

// A sale that is dropped, and one that comes back, is told to the books, with who it was; where they can't take that, the screen says so.
func TestDroppedSalesAreToldToTheBooks(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.chord(fyne.KeyDelete)
	c.wait("the drop is told", func() bool { return c.desk.Asked("dropped") == 1 })
	c.chord(fyne.KeyZ)
	c.wait("and that it came back", func() bool { return c.desk.Asked("brought back") == 1 })
	c.desk.Change(func(d *uitest.Desk) { d.DropErr = errors.New("disk is full") })
	c.chord(fyne.KeyDelete)
	c.wait("it is not kept", func() bool { return c.till.sell.Note.Key == "goods.drop-not-kept" })
	for _, by := range c.desk.By() {
		if by.By == "" {
			t.Errorf("nobody dropped it: %+v", c.desk.By())
		}
	}
}
