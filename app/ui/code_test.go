package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/sale"
)

const shownCode = "134567890123451234" // WeChat Pay's

func codes(d *uitest.Desk) { d.AboutNow.Codes = true }

func testCodes(d *uitest.Desk) { d.AboutNow.Codes, d.AboutNow.TestCodes = true, true }

func (c *counter) payScreen() *payScreen {
	c.t.Helper()
	p, ok := c.till.top().(*payScreen)
	if !ok {
		c.t.Fatalf("the screen is %T", c.till.top())
	}
	return p
}

// One scan on the pay screen pays, and so does one after F3; nothing of the code stays.
func TestScannedCodePays(t *testing.T) {
	for name, keys := range map[string][]fyne.KeyName{"at once": {fyne.KeyF9}, "after it was chosen": {fyne.KeyF9, fyne.KeyF3}} {
		c := openDefault(t, codes)
		c.desk.Card = txn.Approved
		c.tile(0)
		c.press(keys...)
		c.scan(shownCode)
		c.wait("a result", c.onResult)
		r := c.till.top().(*resultScreen).result
		if r.Attempt.State != txn.Approved || r.Attempt.Tender != txn.Code || r.Attempt.Card.LastFour() != "1234" || c.desk.Asked("code") != 1 {
			t.Errorf("%s: %+v, asked %d times", name, r.Attempt, c.desk.Asked("code"))
		}
		c.press(fyne.KeyReturn)
		if !c.onSell() || c.total() != 0 {
			t.Errorf("%s: afterwards %T, total %d", name, c.till.top(), c.total())
		}
	}
}

// Where no payment codes are taken, F3 means nothing, there is no button for it, and a scanned code pays nothing.
func TestWithoutAWalletNoCodePays(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF3)
	if p := c.payScreen(); p.code != nil || p.paying.Code {
		t.Error("a payment code can be chosen")
	}
	for _, k := range payKeys {
		if k.shown == "F3" && k.isThere(c.till.about) {
			t.Error("the key card has F3")
		}
	}
	c.scan(shownCode)
	if !c.onSell() || c.desk.Asked("code") != 0 || c.till.sell.Note.Key != "sell.payment-code" {
		t.Errorf("%T, asked %d times, %q", c.till.top(), c.desk.Asked("code"), c.till.sell.Note.Key)
	}
}

// While a code is waited for, Enter takes nothing, another scan pays nothing, and figures go back to cash.
func TestWaitingForACodeTakesNothing(t *testing.T) {
	c := openDefault(t, codes)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF3, fyne.KeyReturn)
	p := c.payScreen()
	if !p.paying.Code || len(c.desk.CashPaid) != 0 {
		t.Fatalf("waiting %v, cash %v", p.paying.Code, c.desk.CashPaid)
	}
	c.scan(firstCode(t))
	if p.hint.Key != "code.no-payment-code" || c.desk.Asked("code") != 0 || c.total() != 200 {
		t.Errorf("an item's code: %q, asked %d times, total %d", p.hint.Key, c.desk.Asked("code"), c.total())
	}
	c.keys("5")
	if p.paying.Code || p.paying.Received() != 500 {
		t.Errorf("figures: waiting %v, received %d", p.paying.Code, p.paying.Received())
	}
}

// A code that is an item's too is asked about, and the answer that moves nothing is the usual one; after F3 it pays.
func TestCodeOfAnItemIsAskedAbout(t *testing.T) {
	c := openDefault(t, codes)
	c.desk.Card = txn.Approved
	c.till.catalog = alsoSells{c.till.catalog, demoItems(t)[1]}
	c.tile(0)
	c.press(fyne.KeyF9)
	c.scan(shownCode)
	if _, asks := c.till.top().(*askScreen); !asks || c.desk.Asked("code") != 0 {
		t.Fatalf("the screen is %T, asked %d times", c.till.top(), c.desk.Asked("code"))
	}
	c.press(fyne.KeyReturn)
	if c.desk.Asked("code") != 0 {
		t.Error("Enter paid")
	}
	c.press(fyne.KeyF3)
	c.scan(shownCode)
	c.wait("a result", c.onResult)
	if c.desk.Asked("code") != 1 {
		t.Errorf("asked %d times", c.desk.Asked("code"))
	}
}

// While the customer types the password the screen says so, with seconds; Cancel has the provider undo it.
func TestTypingIsShownAndCanBeUndone(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { codes(d); d.Typing, d.Gate = true, make(chan struct{}) })
	c.tile(0)
	c.press(fyne.KeyF9)
	c.scan(shownCode)
	c.wait("the provider", func() bool { return c.payScreen().paying.Progress.Step == present.Sending })
	p := c.payScreen()
	c.till.redraw()
	if !p.paying.Progress.Typing || p.who.text != c.till.words.Text("step.customer-types") {
		t.Errorf("who acts: %q", p.who.text)
	}
	if got := p.cancelButton.label; got != c.till.words.Text("pay.cancel-after-code") {
		t.Errorf("the button says %q", got)
	}
	c.press(fyne.KeyEscape)
	if c.till.top() != screen(p) {
		t.Fatalf("Esc left the payment: %T", c.till.top())
	}
	p.cancelCard(c.till)
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.State != txn.Reversing || r.Attempt.Reason != txn.Cancelled {
		t.Errorf("%+v", r.Attempt)
	}
}

// A part of a sale is paid by code, and the rest in cash.
func TestPartByCode(t *testing.T) {
	c := openDefault(t, codes)
	c.desk.Card = txn.Approved
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF4)
	c.scan(shownCode) // no part is typed yet
	if c.desk.Asked("code") != 0 {
		t.Fatal("it paid without a part")
	}
	c.keys("1")
	c.press(fyne.KeyF3)
	c.scan(shownCode)
	c.wait("the rest", func() bool { p, ok := c.till.top().(*payScreen); return ok && p.paying.Held() })
	if p := c.payScreen(); p.paying.Bill.TakenMinor() != 100 || p.paying.DueMinor() != 100 {
		t.Errorf("%+v", p.paying.Bill)
	}
}

// A payment code that is scanned while goods are sold says how to pay with it.
func TestCodeWhileSellingSaysHowToPay(t *testing.T) {
	c := openDefault(t, codes)
	c.tile(0)
	c.scan(shownCode)
	if c.till.sell.Note.Key != "sell.payment-code-later" || c.desk.Asked("code") != 0 || c.total() != 200 {
		t.Errorf("%q, asked %d times, total %d", c.till.sell.Note.Key, c.desk.Asked("code"), c.total())
	}
}

// alsoSells is a catalogue with an item whose code is a payment code too.
type alsoSells struct {
	present.Catalogue
	item sale.Item
}

func (a alsoSells) Find(code string) (sale.Item, bool) {
	if code == shownCode {
		return a.item, true
	}
	return a.Catalogue.Find(code)
}

// A demonstration has codes to tap where no scanner is; a till of a shop has none.
func TestDemonstrationShowsCodes(t *testing.T) {
	c := openDefault(t, testCodes)
	c.desk.Card = txn.Approved
	c.tile(0)
	c.press(fyne.KeyF9)
	p := c.payScreen()
	if len(p.tests) != len(present.TestCodes) || p.tests[0].Visible() || !p.notes[0].Visible() {
		t.Fatalf("%d codes, seen before one is waited for: %t", len(p.tests), p.tests[0].Visible())
	}
	c.press(fyne.KeyF3)
	if !p.tests[0].Visible() || p.notes[0].Visible() {
		t.Fatal("no code can be tapped")
	}
	c.press(fyne.KeyF3)
	if p.tests[0].Visible() || !p.notes[0].Visible() {
		t.Fatal("the notes did not come back")
	}
	c.press(fyne.KeyF3)
	c.tap(p.tests[1])
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.Tender != txn.Code || c.desk.Asked("code") != 1 {
		t.Errorf("%+v", r.Attempt)
	}
	if c := openDefault(t, codes); c != nil {
		c.tile(0)
		c.press(fyne.KeyF9, fyne.KeyF3)
		if p := c.payScreen(); len(p.tests) > 0 {
			t.Error("a shop's till has codes to tap")
		}
	}
}
