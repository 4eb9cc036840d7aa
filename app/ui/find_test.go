package ui

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

func (c *counter) finding() *findScreen {
	c.t.Helper()
	s, ok := c.till.top().(*findScreen)
	if !ok {
		c.t.Fatalf("%q is in front", c.till.top().stands().page)
	}
	return s
}

// Any payment is three actions away: the key, what is known of it, Enter. Esc comes back to the list, and then to the sale.
func TestAPaymentIsThreeActionsAway(t *testing.T) {
	c := openDefault(t, remembered)
	c.find("espresso")
	if n := len(c.finding().found.Entries); n != 1 {
		t.Fatalf("%d payments", n)
	}
	c.press(fyne.KeyReturn)
	e, ok := c.till.top().(*entryScreen)
	if !ok || e.entry.Attempt.Amount.Minor != 128_450 || e.entry.Sale.Lines[0].Name["en"] != "Espresso machine" {
		t.Fatalf("in front is %+v", c.till.top().stands())
	}
	c.press(fyne.KeyEscape)
	if s := c.finding(); s.text != "espresso" || s.field.Text != "espresso" {
		t.Errorf("the box has %q", s.field.Text)
	}
	c.press(fyne.KeyEscape)
	if !c.till.selling() {
		t.Errorf("%q is in front", c.till.top().stands().page)
	}
}

// By finger: the menu, its entry, then the payment, as it stands in the list; the pad types into the box, and a filter is a tap.
func TestAPaymentIsFoundByFinger(t *testing.T) {
	c := openDefault(t, remembered)
	c.pass(time.Second)
	c.tap(c.till.strip.menu)
	c.pass(time.Second)
	c.tap(c.till.top().(*menuScreen).entries[1])
	c.wait("payments", func() bool { return c.finding().loaded && c.rests() })
	for _, key := range []string{"5", ".", "5"} {
		c.pass(time.Second)
		c.till.onPad(key)
	}
	c.pass(time.Second)
	c.wait("the answer", c.rests)
	if s := c.finding(); s.text != "5.5" || len(s.found.Entries) != 1 || s.field.Text != "5.5" {
		t.Errorf("%q finds %d", s.text, len(s.found.Entries))
	}
	c.till.onPad(padErase)
	c.pass(time.Second)
	if s := c.finding(); s.text != "5." {
		t.Errorf("the box has %q", s.text)
	}
	c.finding().toggle(c.till, present.FindFilters[2])
	c.wait("the answer", c.rests)
	if s := c.finding(); len(s.on) != 1 || len(s.found.Entries) == 0 {
		t.Errorf("%+v finds %d", s.on, len(s.found.Entries))
	}
	c.pass(time.Second)
	c.finding().toggle(c.till, present.FindFilters[3]) // of the same group: it takes the place of the other
	if s := c.finding(); len(s.on) != 1 || s.on[0].Key != "card" {
		t.Errorf("%+v", s.on)
	}
}

// The arrows mark a payment and Enter opens that; what was typed first is no older answer's.
func TestArrowsMarkAFoundPayment(t *testing.T) {
	c := openDefault(t, remembered)
	c.find("cola")
	c.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	if e, ok := c.till.top().(*entryScreen); !ok || e.entry.Attempt.Amount.Minor != 550 {
		t.Errorf("%+v", c.till.top().stands())
	}
}

// A scan is looked for among what was sold, and goes into no sale.
func TestAScanIsLookedForAmongWhatWasSold(t *testing.T) {
	c := openDefault(t, remembered)
	c.find("")
	item := demoItems(t)[0]
	c.scan(item.Code)
	c.pass(time.Second)
	if s := c.finding(); s.text != item.Code || c.till.sell.Cart.Len() != 0 {
		t.Errorf("the box has %q, the sale %d lines", s.text, c.till.sell.Cart.Len())
	}
	c.scan("4111111111111111") // a card's number is in no box
	if c.till.onPage(findPage) && c.finding().text != item.Code {
		t.Errorf("the box has %q", c.finding().text)
	}
}

// No key and no button leads away from money that may be moving.
func TestNothingIsLookedForWhileMoneyMoves(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { remembered(d); d.Gate = make(chan struct{}) })
	c.fill()
	c.sending()
	c.chord(fyne.KeyF)
	if c.till.onPage(findPage) {
		t.Error("the payment is covered")
	}
	c.till.openFind()
	if c.till.onPage(findPage) {
		t.Error("the payment is covered by a tap")
	}
}

// What is wrong is said above what was found, and the list stands.
func TestWhatAnAnswerLacksIsSaid(t *testing.T) {
	for want, set := range map[string]func(d *uitest.Desk){
		"The index of payments has a fault":               func(d *uitest.Desk) { d.FoundNow.Trouble = "the disk is full" },
		"7 entries of the books are still being taken up": func(d *uitest.Desk) { d.FoundNow.Behind = 7 },
		"The journal can't be read":                       func(d *uitest.Desk) { d.FindErr = errors.New("it is gone") },
	} {
		c := openDefault(t, func(d *uitest.Desk) { remembered(d); set(d) })
		c.find("")
		if s := c.finding(); !s.said.Visible() || s.said.message.What != want {
			t.Errorf("%q is said, want %q", s.said.message.What, want)
		}
	}
}

// On a list of payments what is typed is looked for, from the first character on, and the way back leads to the list.
func TestWhatIsTypedOnAListIsLookedFor(t *testing.T) {
	for name, list := range map[string]func(c *counter){"the day": (*counter).day, "the receipts": func(c *counter) { c.chord(fyne.KeyF7) }} {
		c := openDefault(t, remembered)
		list(c)
		page := c.till.top().stands().page
		c.keys("gre")
		c.pass(time.Second)
		c.wait("the answer", c.rests)
		if s := c.finding(); s.text != "gre" || s.field.Text != "gre" || len(s.found.Entries) != 1 {
			t.Errorf("%s: %q in the box, %d found", name, s.field.Text, len(s.found.Entries))
		}
		c.press(fyne.KeyEscape)
		if !c.till.onPage(page) {
			t.Errorf("%s: the way back leads to %q", name, c.till.top().stands().page)
		}
	}
}

// What is selected in a list stays selected where the list is read anew with a new row on top: Enter opens what the person has chosen.
func TestWhatIsSelectedStaysSelected(t *testing.T) {
	c := openDefault(t, nil)
	for _, minor := range []int64{200, 300} {
		c.desk.PayCash(t.Context(), txn.Actor{}, demoSale(t, minor), minor)
	}
	c.chord(fyne.KeyF)
	c.wait("payments", func() bool { return c.finding().loaded && len(c.finding().found.Entries) == 2 && c.rests() })
	c.press(fyne.KeyDown)
	chosen := c.finding().found.Entries[c.finding().marked].Attempt.ID
	c.desk.PayCash(t.Context(), txn.Actor{}, demoSale(t, 400), 400)
	c.desk.Change(func(*uitest.Desk) {})
	c.wait("the new payment", func() bool { return len(c.finding().found.Entries) == 3 && c.rests() })
	c.press(fyne.KeyReturn)
	if e, ok := c.till.top().(*entryScreen); !ok || e.entry.Attempt.ID != chosen {
		t.Fatalf("in front is %+v, and %s was chosen", c.till.top().stands().matter.Attempt.ID, chosen)
	}
	c.press(fyne.KeyEscape)
	c.finding().field.SetText("4.00")
	c.pass(time.Second)
	c.wait("the answer", func() bool { return len(c.finding().found.Entries) == 1 && c.rests() })
	if c.finding().marked != 0 {
		t.Errorf("of another question row %d is selected", c.finding().marked)
	}
}

// demoSale is a sale of one item.
func demoSale(t *testing.T, minor int64) sale.Sale {
	t.Helper()
	cart := sale.NewCart(money.CNY)
	if _, err := cart.Add(sale.Item{Code: "7", Name: sale.Name{ZH: "茶", EN: "Tea"}, UnitPriceMinor: minor, Unit: sale.Piece}, sale.OneE5); err != nil {
		t.Fatal(err)
	}
	s, err := cart.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The day's lists are gone through and opened by keys.
func TestTheDaysListsAreOpenedByKeys(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.ClosedDays = []present.Day{{Batch: 2, Z: 2}, {Batch: 1, Z: 1}} })
	c.desk.PayCash(t.Context(), txn.Actor{}, demoSale(t, 200), 200)
	c.chord(fyne.KeyD)
	c.wait("the day", func() bool { d, ok := c.till.top().(*dayScreen); return ok && d.loaded && c.rests() })
	c.press(fyne.KeyRight, fyne.KeyRight, fyne.KeyDown, fyne.KeyReturn)
	c.wait("an earlier day", func() bool { d, ok := c.till.top().(*dayScreen); return ok && d.batch == 1 && d.loaded && c.rests() })
	c.press(fyne.KeyEscape, fyne.KeyLeft, fyne.KeyReturn)
	if _, ok := c.till.top().(*entryScreen); !ok {
		t.Errorf("in front is %q", c.till.top().stands().page)
	}
}

// The list of what is not known is gone through by keys, to the question what a terminal showed.
func TestWhatIsNotKnownIsReachedByKeys(t *testing.T) {
	c := terminalNotSaid(t)
	c.till.openUnknown()
	c.press(fyne.KeyDown, fyne.KeyReturn)
	c.wait("the payment", func() bool { _, ok := c.till.top().(*entryScreen); return ok })
	c.press(fyne.KeyF5)
	if !c.asked() {
		t.Errorf("in front is %q", c.till.top().stands().page)
	}
}
