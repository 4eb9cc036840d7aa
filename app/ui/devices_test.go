package ui

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
)

func (c *counter) page() *devicesScreen {
	c.t.Helper()
	d, ok := c.till.top().(*devicesScreen)
	if !ok {
		c.t.Fatalf("%T and not the devices", c.till.top())
	}
	return d
}

// Ctrl+E, Down, F5 and a yes: another device is used. Nothing less exchanges one, and what can't be opened is not offered.
func TestADeviceIsTakenIntoUse(t *testing.T) {
	c := openDefault(t, plugged)
	c.chord(fyne.KeyE)
	c.wait("the list", func() bool { return c.page().loaded })
	c.press(fyne.KeyDown)
	c.press(fyne.KeyF5)
	if _, asks := c.till.top().(*askScreen); !asks || c.desk.Asked("use printer serial:///dev/ttyACM0?baud=9600") != 0 {
		t.Fatalf("%T, and it was exchanged: %v", c.till.top(), c.desk.Calls)
	}
	c.press(fyne.KeyReturn) // the answer that changes nothing
	c.press(fyne.KeyF5)
	c.keys("y")
	c.wait("the choice", func() bool {
		return c.desk.Asked("use printer serial:///dev/ttyACM0?baud=9600") == 1 && c.page().running == nil
	})
	if m := c.page().outcome; m.Tone != present.Good {
		t.Errorf("%+v", m)
	}
	c.wait("the list says so", func() bool { return c.page().device().InUse == present.Printer })
	c.press(fyne.KeyDown, fyne.KeyDown)
	if b := c.page().uses[0]; c.page().usable(0) || !b.disabled {
		t.Errorf("a reader that nobody may open is offered: %q", b.label)
	}
	c.press(fyne.KeyEscape)
	if !c.onSell() {
		t.Errorf("Esc leads to %T", c.till.top())
	}
}

// A device that is plugged in appears by itself, and what was marked stays marked.
func TestThePageFollowsTheBus(t *testing.T) {
	c := openDefault(t, plugged)
	c.devices()
	c.press(fyne.KeyDown)
	c.desk.Change(func(d *uitest.Desk) {
		d.Plugged = append([]present.Device{{Address: "usb:0416:5011", Name: "POS80", Uses: []present.Part{present.Printer}}}, d.Plugged...)
	})
	c.wait("the new one", func() bool { return len(c.page().list) == 5 })
	if got := c.page().device().Address; got != "serial:///dev/ttyACM0?baud=9600" {
		t.Errorf("marked is %s", got)
	}
}

// A try that waits for a card ends with Esc, and the page stays.
func TestATryOfACardCanBeStopped(t *testing.T) {
	c := openDefault(t, plugged)
	c.devices()
	c.press(fyne.KeyF8)
	c.wait("the reader", func() bool { return c.desk.Asked("try swipe") == 1 })
	c.press(fyne.KeyEscape)
	c.wait("the end", func() bool { return c.page().running == nil })
	if !c.page().outcome.Empty() {
		t.Errorf("%+v", c.page().outcome)
	}
}

// A try that waits for a card ends where its page is left: the next card is meant for a payment. While it waits,
// another test does not begin, nor is it said to.
func TestATryOfACardEndsWithItsPage(t *testing.T) {
	c := openDefault(t, plugged)
	for _, leave := range []func(){func() { c.press(fyne.KeyF2) }, func() { c.chord(fyne.KeyD) }, func() { c.till.openDevice(present.Printer); c.drain() }} {
		c.devices()
		page := c.page()
		c.press(fyne.KeyF8)
		c.wait("the reader", func() bool { return page.running != nil })
		said := page.outcome
		c.press(fyne.KeyF3)
		if page.outcome != said || c.desk.Asked("test page") != 0 {
			t.Errorf("%+v", page.outcome)
		}
		leave()
		c.wait("the end", func() bool { return page.running == nil })
		c.till.home()
	}
}

func TestTestPage(t *testing.T) {
	c := openDefault(t, plugged)
	c.devices()
	for _, fault := range []error{nil, errors.New("paper out")} {
		c.desk.Change(func(d *uitest.Desk) { d.PageErr = fault })
		c.press(fyne.KeyF3)
		c.wait("the page", func() bool { return c.page().running == nil })
		if m := c.page().outcome; (m.Tone == present.Good) != (fault == nil) {
			t.Errorf("%v: %+v", fault, m)
		}
	}
}

// What a card reader types lands nowhere: in no field, no amount and no search, with and without Enter.
func TestACardThatIsTypedLandsNowhere(t *testing.T) {
	const track = ";6217001234567894567=49121010000000000?"
	c := openDefault(t, nil)
	c.burst(track)
	c.press(fyne.KeyReturn)
	if !c.onSell() || c.till.sell.Note.Key != "" {
		t.Errorf("%T, %q", c.till.top(), c.till.sell.Note.Key)
	}
	c.burst(track)
	c.pass(usualPace * 2)
	c.press(fyne.KeyF2)
	c.burst(track)
	c.pass(usualPace * 2)
	if s := c.till.top().(*sellScreen); s.search.Text != "" || c.till.sell.Pad != "" || c.total() != 0 {
		t.Errorf("%q, %q, %d", s.search.Text, c.till.sell.Pad, c.total())
	}
	c.press(fyne.KeyEscape)
	c.scan(firstCode(t))
	c.press(fyne.KeyF9)
	c.keys("1")
	c.burst(track)
	c.press(fyne.KeyReturn)
	if got := c.till.top().(*payScreen).paying.Pad; got != "1" {
		t.Errorf("the amount is %q", got)
	}
	if c.desk.Asked("cash") != 0 {
		t.Error("the reader's Enter has paid")
	}
}

// On the page of the devices a code is shown and not sold; elsewhere a scanner that does not type sells.
func TestAScannerIsTried(t *testing.T) {
	c := openDefault(t, plugged)
	c.desk.Scan(firstCode(t))
	c.wait("the line", func() bool { return c.total() == 200 })
	c.devices()
	c.desk.Scan("6901234567892")
	c.drain()
	if m := c.page().outcome; m.Next != "6901234567892" || c.total() != 200 {
		t.Errorf("%+v, %d", m, c.total())
	}
}

// A person who types what a card begins with gets it, in its order, and a scan after it is a scan.
func TestAPersonsSemicolonIsNotLost(t *testing.T) {
	c := openDefault(t, nil)
	c.press(fyne.KeyF2)
	c.keys("a;5b")
	c.pass(time.Second)
	if s := c.till.top().(*sellScreen); s.search.Text != "a;5b" {
		t.Errorf("%q", s.search.Text)
	}
	c.press(fyne.KeyEscape)
	c.scan(firstCode(t))
	if c.total() != 200 {
		t.Errorf("%d", c.total())
	}
}

// A network printer, which no list finds, is taken by its address: F4, the address, Enter.
func TestANetworkPrinterIsTyped(t *testing.T) {
	c := openDefault(t, plugged)
	c.devices()
	c.press(fyne.KeyF4)
	c.keys("192.168.1.50")
	c.press(fyne.KeyReturn)
	c.keys("y")
	c.wait("the choice", func() bool { return c.desk.Asked("use printer tcp://192.168.1.50") == 1 && c.page().running == nil })
	c.press(fyne.KeyF3)
	c.wait("a test page, as the field has lost the keys", func() bool { return c.desk.Asked("test page") == 1 })
}

// A scanner whose pace nobody has learnt, and that types as slowly as a person, works nothing on the page where it is tried; what it types looks for devices.
func TestASlowScannerWorksNothingWhereItIsTried(t *testing.T) {
	c := openDefault(t, plugged)
	c.devices()
	c.pass(time.Second)
	calls := len(c.desk.Calls)
	c.paced("1234567", 200*time.Millisecond)
	if d := c.page(); len(c.desk.Calls) != calls || d.sieve.text != "1234567" || d.outcome.What != "" {
		t.Errorf("asked %v, looks for %q, and it says %q", c.desk.Calls[calls:], d.sieve.text, d.outcome.What)
	}
	c.press(fyne.KeyReturn)
	if d := c.page(); d.sieve.count() != len(d.list) {
		t.Errorf("%d of %d devices are shown", d.sieve.count(), len(d.list))
	}
	c.keys("mag-tek")
	if d := c.page(); d.sieve.count() != 1 || d.device().Name != "Mag-Tek USB Swipe Reader" {
		t.Errorf("looked for by name, %d are shown, and %q is chosen", d.sieve.count(), d.device().Name)
	}
	c.press(fyne.KeyEscape)
	if d := c.page(); d.sieve.count() != len(d.list) {
		t.Errorf("Esc: %d of %d devices are shown", d.sieve.count(), len(d.list))
	}
}

// A program's own text stands in no fact and in no sentence of a part's page: it is folded away.
func TestAProgramsTextIsNoFactOfAPart(t *testing.T) {
	const raw = "read tcp 10.0.0.1:5000: connection reset by peer"
	c := openDefault(t, func(d *uitest.Desk) { d.ChipsNow[2].LastError = raw })
	c.till.openDevice(present.Bank)
	c.drain()
	d := c.till.top().(*deviceScreen)
	for _, f := range d.list {
		if f.Value == raw {
			t.Errorf("%s: %q", f.Label, f.Value)
		}
	}
	if m := d.say.message; m.Detail != raw || m.Next == raw {
		t.Errorf("%+v", m)
	}
	d.runTest(c.till)
	c.wait("the test", func() bool { return !d.running })
	if m := d.outcome; m.Detail == "" || m.Next != "" {
		t.Errorf("%+v", m)
	}
}
