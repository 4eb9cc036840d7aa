package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// Figures are money from the first one on, on the keyboard and on the pad: "1 5 0" is 150 received, and chooses no tender.
func TestFiguresAreMoneyFromTheFirstOne(t *testing.T) {
	for name, figures := range map[string]func(c *counter){
		"keyboard": func(c *counter) { c.keys("150") },
		"hurried":  func(c *counter) { c.paced("150", 70*time.Millisecond) },
		"pad":      func(c *counter) { c.pass(time.Second); c.padded("150") },
	} {
		for _, set := range []func(d *uitest.Desk){nil, separate} {
			c := openDefault(t, set)
			for range 25 {
				c.tile(0)
			}
			c.press(fyne.KeyF9)
			figures(c)
			c.press(fyne.KeyReturn)
			c.wait("the cash", c.onResult)
			if c.desk.Asked("card")+c.desk.Asked("external") != 0 || c.desk.CashPaid[0] != 15000 {
				t.Errorf("%s: received %v, and %v was asked for", name, c.desk.CashPaid, c.desk.Calls)
			}
		}
	}
}

// F12 opens the pay screen with exact cash and takes it when pressed again; whatever is typed or tapped between takes that back.
func TestF12IsExactCash(t *testing.T) {
	c := withSale(t, nil)
	c.press(fyne.KeyF12)
	if p := c.paying().paying; !p.Exact || p.Busy() {
		t.Fatalf("%+v", p)
	}
	c.keys("5")
	c.press(fyne.KeyF12)
	if p := c.paying().paying; p.Pad != "" || p.Busy() || c.desk.Asked("cash") != 0 {
		t.Fatalf("the first press after 5 took cash, or left 5: %+v", p)
	}
	c.press(fyne.KeyF12)
	c.wait("the cash", c.onResult)
	if c.desk.CashPaid[0] != 200 {
		t.Error(c.desk.CashPaid)
	}
}

// A sum that is tapped is what was received, a note that is tapped is put to it, and figures begin anew.
func TestASumSetsAndANoteAdds(t *testing.T) {
	c := withSale(t, nil)
	c.press(fyne.KeyF9)
	p := c.paying()
	pad := func(want string) {
		t.Helper()
		if p.paying.Pad != want {
			t.Fatalf("received %q, want %q", p.paying.Pad, want)
		}
	}
	if len(p.sums) > 1+mostSums || p.sums[0] != p.exact || len(p.notes) != len(present.Banknotes("CNY")) {
		t.Fatalf("%d sums, %d notes", len(p.sums), len(p.notes))
	}
	c.keys("7")
	c.tap(p.sums[1])
	pad("5.00")
	c.tap(p.sums[2])
	pad("10.00")
	c.tap(p.notes[4])
	pad("60.00")
	c.tap(p.notes[4])
	pad("110.00")
	c.keys("3")
	pad("3")
	c.tap(p.notes[0])
	pad("4.00")
	c.tap(p.exact)
	pad("")
	c.tap(p.notes[2])
	pad("10.00")
}

// An amount on the pad makes no part of a card payment: the card takes what is left. A part is chosen under F4.
func TestAnAmountOnThePadIsNoPart(t *testing.T) {
	c := withSale(t, separate)
	c.press(fyne.KeyF9)
	c.keys("1")
	c.press(fyne.KeyF2, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if a := c.till.top().(*resultScreen).result.Attempt; a.Amount.Minor != 200 {
		t.Errorf("the card paid %d of 200", a.Amount.Minor)
	}
	c = withSale(t, separate)
	c.press(fyne.KeyF9)
	c.keys("1")
	c.press(fyne.KeyF8)
	c.wait("the terminal", c.asked)
	if q := c.till.top().(*terminalScreen); q.amountMinor != 200 {
		t.Errorf("the terminal is to take %d of 200", q.amountMinor)
	}
	c = withSale(t, nil)
	c.press(fyne.KeyF9)
	c.cardPart("1")
	if due := c.paying().paying.DueMinor(); due != 100 {
		t.Errorf("after a part of 1.00 there is %d due", due)
	}
}

// Comma, the Chinese full stop and the pad's separator are the decimal mark; what is not understood is refused in sight and changes nothing.
func TestDecimalMarksAndWhatIsNone(t *testing.T) {
	for _, typed := range []string{"5.5", "5,5", "5。5", "5，5", "５．５"} {
		c := withSale(t, nil)
		c.press(fyne.KeyF9)
		c.keys(typed)
		if got := c.paying().paying.Received(); got != 550 {
			t.Errorf("%q is %d", typed, got)
		}
	}
	for _, sign := range []string{"x", "%", "-", "五", "5.5.", "5.555"} {
		c := withSale(t, nil)
		c.press(fyne.KeyF9)
		c.keys(sign)
		if key := c.paying().hint.Key; key != "pad.not-understood" {
			t.Errorf("%q is passed over: %q", sign, key)
		}
		c = withSale(t, nil)
		c.keys("%")
		if key := c.till.sell.Note.Key; key != "pad.not-understood" {
			t.Errorf("where a sale is made %% is passed over: %q", key)
		}
	}
}

// More than is due and the largest banknote with it is asked about before it is taken, once.
func TestImplausibleCashIsAskedAboutOnce(t *testing.T) {
	c := withSale(t, nil)
	c.press(fyne.KeyF9)
	c.keys("102")
	c.press(fyne.KeyReturn)
	c.wait("the cash", c.onResult) // 2.00 and a note of 100

	c = withSale(t, nil)
	c.press(fyne.KeyF9)
	c.keys("9001")
	c.press(fyne.KeyReturn)
	if _, asks := c.till.top().(*askScreen); !asks || c.desk.Asked("cash") != 0 {
		t.Fatalf("9001.00 for 2.00: %T, cash %d times", c.till.top(), c.desk.Asked("cash"))
	}
	c.press(fyne.KeyReturn) // the answer that changes nothing
	if p := c.paying().paying; p.Pad != "9001" || p.Busy() {
		t.Fatalf("%+v", p)
	}
	c.press(fyne.KeyReturn)
	c.keys("y")
	c.wait("the cash", c.onResult)
	if !slices.Equal(c.desk.CashPaid, []int64{900100}) {
		t.Error(c.desk.CashPaid)
	}
}

// After a payment that did not come about no tender is chosen: Enter and a tap on the large button take nothing until one is.
func TestPayAgainChoosesNoTender(t *testing.T) {
	c := withSale(t, func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
	c.card()
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyReturn)
	c.tap(c.till.action)
	c.tap(c.paying().pad.keys[padEnter])
	if !c.paying().paying.NoTender || c.desk.Asked("cash") != 0 {
		t.Fatalf("%+v", c.paying().paying)
	}
	for name, choose := range map[string]func(){"cash": func() { c.press(fyne.KeyF9) }, "figures": func() { c.keys("2") }, "a note": func() { c.tap(c.paying().notes[1]) }} {
		c.paying().paying.NoTender = true
		if choose(); c.paying().paying.NoTender {
			t.Errorf("%s chooses nothing", name)
		}
	}
	c.press(fyne.KeyReturn)
	c.wait("the cash", c.onResult)
}
