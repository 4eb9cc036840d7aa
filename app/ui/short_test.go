package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
)

// A short label that is scanned while a sale is paid is no money; the key for 00 or 000 is.
func TestAShortScanIsNoMoney(t *testing.T) {
	for _, code := range []string{"900", "100", "9001", "12345"} {
		c := openDefault(t, nil)
		c.tile(0)
		c.press(fyne.KeyF9)
		c.pass(calmFor)
		c.scan(code)
		if len(c.desk.CashPaid) != 0 || c.onResult() {
			t.Errorf("%s was received: %v", code, c.desk.CashPaid)
		}
		if _, asks := c.till.top().(*askScreen); asks {
			t.Errorf("%s is asked about as money", code)
		}
	}
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9)
	c.keys("1")
	c.burst("00")
	c.pass(calmFor)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if len(c.desk.CashPaid) != 1 || c.desk.CashPaid[0] != 10_000 {
		t.Errorf("1 and the key for 00 are %v", c.desk.CashPaid)
	}
}

// A scan that was refused stays in sight while others are sold, until a person presses something.
func TestARefusedScanStays(t *testing.T) {
	c := openDefault(t, nil)
	c.scan("6901234567892")
	c.scan(firstCode(t))
	c.scan(firstCode(t))
	says := func() string { return c.till.front.note.message.What }
	refused := c.till.words.Text("sell.code-unknown", "code", "6901234567892")
	if c.total() != 400 || says() != refused {
		t.Errorf("total %d, and the screen says %q", c.total(), says())
	}
	c.press(fyne.KeyUp)
	if says() == refused {
		t.Error("it stays after a key")
	}
}

// Each key with Ctrl is one that the window hears.
func TestChordsAreHeard(t *testing.T) {
	for _, b := range bindings {
		if _, other := named[b.key]; b.ctrl && !other && !slices.Contains(chords, b.key) {
			t.Errorf("Ctrl+%s is not bound", b.key)
		}
	}
}
