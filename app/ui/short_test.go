package ui

import (
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
