package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// A manager ends by evidence what the bank says no more of, from the day's page: half of it ends nothing, and what the till can't
// read is said. The page of the payment then says what was made of it.
func TestEvidenceEndsAPayment(t *testing.T) {
	c := openDefault(t, unresolved)
	refused := c.desk.Day1.Unresolved[0]
	c.day()
	c.till.openEntry(refused)
	c.drain()
	s := c.till.top().(*entryScreen)
	if !s.evidence.Visible() || s.void.Visible() {
		t.Fatal("the page of a payment that the bank refuses to undo offers no evidence, or a void")
	}
	s.evidence.press()
	e := c.till.top().(*evidenceScreen)
	if e.primary(c.till).enabled {
		t.Error("evidence without a finding and a document can be brought")
	}
	e.finding[1].press()
	e = c.till.top().(*evidenceScreen)
	e.fields[0].OnChanged("Li Na")
	e.fields[1].OnChanged("missing.pdf")
	e.end(c.till)
	c.wait("it is said", func() bool { return e.done.Key == "evidence.failed" })
	e.fields[1].OnChanged("letter.pdf")
	e.end(c.till)
	c.wait("the page of the payment", func() bool { return c.till.top().stands().page == entryPage })
	after := c.till.top().(*entryScreen)
	if after.entry.Attempt.State != txn.Kept || after.evidence.Visible() || !strings.Contains(after.say.message.Charged, "owes it back") {
		t.Errorf("%s, %+v", after.entry.Attempt.State, after.say.message)
	}
}

// Where the numbers are in doubt the first screen says why, and cards are taken only once somebody says that they have read it.
func TestNumbersInDoubtAreRead(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.InDoubt = txn.Numbers{Last: 1042, Why: txn.OtherBooks} })
	q, ok := c.till.top().(*askScreen)
	if !ok || q.say.message.Tone != present.Warning || !strings.Contains(q.say.message.Charged, "other books") {
		t.Fatalf("%T", c.till.top())
	}
	c.press(fyne.KeyReturn) // in a hurry
	if !c.onSell() || c.desk.Asked("numbers seen") != 0 {
		t.Fatal("a hurried Enter says that it was read")
	}
	c.till.askNumbers()
	c.till.top().(*askScreen).answer(c.till)
	c.wait("it is kept", func() bool { return c.desk.Asked("numbers seen") == 1 })
	c.till.askNumbers()
	if !c.onSell() {
		t.Error("it is asked again")
	}
}

// What became so between the first frame and the watch is on the screen too: nobody tells it again.
func TestWhatChangedBeforeTheWatchIsSeen(t *testing.T) {
	app := test.NewTempApp(t)
	c := &counter{t: t, clock: morning}
	c.desk = uitest.New("en", "light", c.now)
	c.desk.ChipsNow[2] = present.Chip{Part: present.Bank, Health: present.Busy, Code: "connecting"}
	till, err := newTill(app, c.desk.Screens(), Options{Size: fyne.NewSize(1366, 768), TextPercent: 100, Now: c.now, Do: c.do, After: c.after})
	if err != nil {
		t.Fatal(err)
	}
	c.till = till
	c.desk.Change(func(d *uitest.Desk) { d.ChipsNow[2] = present.Chip{Part: present.Bank, Health: present.Ready} })
	till.appear()
	c.wait("the bank is ready", func() bool { return till.chips[2].Health == present.Ready })
}
