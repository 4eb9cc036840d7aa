package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

func (c *counter) paying() *payScreen {
	c.t.Helper()
	p, ok := c.till.top().(*payScreen)
	if !ok {
		c.t.Fatalf("not paying, but on %T", c.till.top())
	}
	return p
}

// padded types a figure on the number pad with the mouse.
func (c *counter) padded(figure string) {
	for _, x := range figure {
		c.tap(c.paying().pad.keys[string(x)])
	}
}

// A sale is paid with three tenders by the mouse alone: a part by card, a part at the separate terminal, the rest in cash. It
// has one sale, whose three parts come to its total, and the goods leave the till with the last one.
func TestThreeTendersByMouseAlone(t *testing.T) {
	c := openDefault(t, separate)
	for range 4 {
		c.tile(0)
	}
	c.tap(c.till.action) // pay 8.00
	c.tap(c.paying().split)
	c.padded("3")
	c.tap(c.paying().card) // card 3.00
	c.wait("the reader", func() bool { return c.paying().choosing() })
	c.tap(c.till.action)
	c.wait("the rest", func() bool {
		p, ok := c.till.top().(*payScreen)
		return ok && p.paying.DueMinor() == 500 && !p.paying.Busy()
	})
	c.tap(c.paying().split)
	c.padded("2")
	c.tap(c.paying().terminal)
	c.wait("the question about the terminal", c.asked)
	c.tap(c.till.top().(*terminalScreen).approved)
	c.wait("the rest", func() bool {
		p, ok := c.till.top().(*payScreen)
		return ok && p.paying.DueMinor() == 300 && !p.paying.Busy()
	})
	test.Tap(c.till.action) // in a hurry: the screen has just changed by itself
	c.pass(time.Second)
	if !c.onPay() || c.paying().paying.DueMinor() != 300 {
		t.Fatal("a tap in a hurry took the cash")
	}
	c.tap(c.till.action) // cash 3.00
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	if b := r.result.Bill; b.State != txn.BillPaid || len(b.Standing()) != 3 || b.TakenMinor() != 800 || !r.paid() {
		t.Fatalf("%+v", b)
	}
	c.tap(c.till.action)
	if !c.onSell() || c.total() != 0 {
		t.Errorf("%T, total %d", c.till.top(), c.total())
	}
}

// Goods that are scanned while the till asks what becomes of a sale in parts are on no sale, and the question says so.
func TestAQuestionRefusesAScanInSight(t *testing.T) {
	c := partPaid(t)
	c.press(fyne.KeyEscape)
	q := c.till.top().(*askScreen)
	before := q.say.message.Next
	c.scan(firstCode(t))
	if c.till.top() != screen(q) || q.say.message.Next != c.till.words.Sentences(before, c.till.words.Text("goods.answer-first")) {
		t.Fatalf("%T says %q", c.till.top(), q.say.message.Next)
	}
}

// A part that is declined does not bring the goods of the sale back: a part is taken of them, and what is scanned next is another sale.
func TestGoodsOfAPartPaidSaleStayInTheBooks(t *testing.T) {
	for name, leave := range map[string]func(c *counter){
		"Esc":  func(c *counter) { c.press(fyne.KeyEscape) },
		"scan": func(c *counter) { c.scan(firstCode(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			c := partPaid(t)
			c.desk.Change(func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
			c.press(fyne.KeyF2)
			c.wait("the reader", func() bool { return c.paying().choosing() })
			c.press(fyne.KeyReturn)
			c.wait("the decline", c.onResult)
			leave(c)
			want := map[string]int64{"scan": 200}[name]
			if !c.onSell() || c.total() != want || c.till.sell.Cart.SaleID() != 0 || len(c.till.unpaid()) != 1 {
				t.Errorf("%T, total %d, sale %d, %d sales unfinished", c.till.top(), c.total(), c.till.sell.Cart.SaleID(), len(c.till.unpaid()))
			}
		})
	}
}

// While a part is paid its own sum stands on the button and large beside it, never the sale's; what goes back of a sale stands there too.
func TestWhatMovesStandsLarge(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = make(chan struct{}) })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF4)
	c.keys("1.5")
	c.press(fyne.KeyF2)
	c.wait("the reader", func() bool { return c.paying().choosing() })
	if !strings.Contains(c.till.action.hint, "1.50") || !strings.Contains(c.till.cart.total.text, "1.50") {
		t.Errorf("before the card the button says %q, the total %q", c.till.action.hint, c.till.cart.total.text)
	}
	c.press(fyne.KeyReturn)
	c.wait("the bank", func() bool { return c.paying().paying.Progress.Step == present.Sending })
	if !strings.Contains(c.till.action.label, "1.50") || !strings.Contains(c.till.cart.total.text, "1.50") || strings.Contains(c.till.cart.lines.text, c.till.words.Text("sell.total")) {
		t.Errorf("while the bank decides the button says %q, the total %q %q", c.till.action.label, c.till.cart.lines.text, c.till.cart.total.text)
	}
	close(c.desk.Gate)
	c.wait("the rest", func() bool { return c.paying().paying.Held() })
	if !strings.Contains(c.till.cart.total.text, "2.00") {
		t.Errorf("after it the total is %q", c.till.cart.total.text)
	}
}

// partPaid is a till that took 1.00 of a sale of 2.00 by card.
func partPaid(t *testing.T) *counter {
	t.Helper()
	c := openDefault(t, separate)
	c.tile(0)
	c.press(fyne.KeyF9)
	c.cardPart("1")
	return c
}

// A sale that is paid in part is finished or undone: no key, tap or scan leaves it unanswered, and its goods are paid once.
func TestPartPaidSaleIsNotLeft(t *testing.T) {
	c := partPaid(t)
	p := c.till.top()
	c.press(fyne.KeyF1, fyne.KeyF2, fyne.KeyF12, fyne.KeyF9)
	c.chord(fyne.KeyD)
	c.scan(firstCode(t))
	c.press(fyne.KeyF1, fyne.KeyF2)
	c.press(fyne.KeyEscape) // the card that F2 asked for
	c.wait("nothing is under way", func() bool { return !c.paying().paying.Busy() })
	c.press(fyne.KeyF12)
	c.chord(fyne.KeyD)
	c.chord(fyne.KeyE)
	c.till.openDay()
	c.till.openDevice(present.Bank)
	c.scan(firstCode(t))
	if c.till.top() != p || c.total() != 200 {
		t.Fatalf("it was left for %T, total %d", c.till.top(), c.total())
	}
	c.press(fyne.KeyEscape)
	q, asks := c.till.top().(*askScreen)
	if !asks {
		t.Fatalf("Esc went to %T", c.till.top())
	}
	c.press(fyne.KeyF2, fyne.KeyF9, fyne.KeyF4)
	c.scan(firstCode(t))
	if c.till.top() != screen(q) {
		t.Fatalf("the question was left for %T", c.till.top())
	}
	c.press(fyne.KeyReturn) // the answer that changes nothing
	if c.till.top() != p {
		t.Fatalf("Enter went to %T", c.till.top())
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if b := c.till.top().(*resultScreen).result.Bill; b.State != txn.BillPaid || b.TakenMinor() != 200 {
		t.Errorf("%+v", b)
	}
}

// Before the sale is paid a customer can have the slip of the last part, by its key and by its button.
func TestSlipOfAPartOnDemand(t *testing.T) {
	c := openDefault(t, separate)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF7)
	if c.desk.Asked("reprint") != 0 {
		t.Fatal("a slip of nothing")
	}
	c.cardPart("1")
	c.press(fyne.KeyF7)
	c.wait("the slip", func() bool { return c.desk.Asked("reprint") == 1 && c.paying().hint.Key == "sale.slip" })
	if !c.paying().paying.Held() {
		t.Error("it left the sale")
	}
}

// What is undone goes back part by part, the last one first, and the goods are still there to be paid another way.
func TestPartsAreUndone(t *testing.T) {
	c := partPaid(t)
	c.cardPart("0.50")
	c.press(fyne.KeyEscape)
	c.till.top().(*askScreen).answer(c.till)
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	if b := r.result.Bill; b.State != txn.BillDropped || b.Parts[2].Original != b.Parts[1].ID || b.Parts[3].Original != b.Parts[0].ID {
		t.Fatalf("%+v", b)
	}
	if m := r.say.message; m.What != c.till.words.Text("sale.undone") || m.Charged != c.till.words.Text("charged.no") {
		t.Errorf("it says %+v", m)
	}
	c.press(fyne.KeyReturn)
	if !c.onSell() || c.total() != 200 {
		t.Errorf("%T, total %d", c.till.top(), c.total())
	}
}

// What could not be undone is said with its amount, and stays in the list of unfinished sales, from where its rest is taken. The sale that
// is made meanwhile is not touched.
func TestWhatCannotBeUndoneIsSaidWithItsAmount(t *testing.T) {
	c := partPaid(t)
	c.desk.Change(func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "05" })
	c.press(fyne.KeyEscape)
	c.till.top().(*askScreen).answer(c.till)
	c.wait("a result", c.onResult)
	if m := c.message(); m.Charged != c.till.words.Text("charged.still", "amount", c.till.money(100)) || m.Tone != present.Bad {
		t.Errorf("it says %+v", m)
	}
	c.press(fyne.KeyReturn)
	if !c.onSell() || c.total() != 0 {
		t.Fatalf("%T, total %d: its goods are in the books", c.till.top(), c.total())
	}
	c.tile(1)
	total := c.total()
	c.till.redraw()
	if !c.till.strip.unknown.Visible() {
		t.Fatal("nothing on the screen tells of the unfinished sale")
	}
	c.tap(c.till.strip.unknown)
	c.press(fyne.KeyReturn)
	c.wait("the sale", c.onPay)
	if due := c.paying().paying.DueMinor(); due != 100 {
		t.Fatalf("due %d", due)
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if b := c.till.top().(*resultScreen).result.Bill; b.State != txn.BillPaid {
		t.Errorf("%+v", b)
	}
	c.press(fyne.KeyReturn)
	if c.total() != total {
		t.Errorf("the sale in the making is %d, was %d", c.total(), total)
	}
}

// A part that the bank declines says what is taken of the sale all the same, never "not charged" of the customer, and the rest is
// paid another way.
func TestDeclinedPartSaysWhatIsTaken(t *testing.T) {
	c := partPaid(t)
	c.desk.Change(func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
	c.press(fyne.KeyF2)
	c.wait("the reader", func() bool { return c.paying().choosing() })
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if m := c.message(); m.Charged != c.till.words.Text("sale.part-not-charged", "taken", c.till.money(100)) {
		t.Errorf("it says %+v", m)
	}
	c.press(fyne.KeyReturn) // pay again
	if due := c.paying().paying.DueMinor(); due != 100 {
		t.Fatalf("due %d", due)
	}
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if b := c.till.top().(*resultScreen).result.Bill; b.State != txn.BillPaid || b.TakenMinor() != 200 {
		t.Errorf("%+v", b)
	}
}

// A part that can't be one begins nothing: none typed, none at all, more than is due.
func TestWhatIsNoPartBeginsNothing(t *testing.T) {
	for _, typed := range []string{"", "0", "2.01", "999999"} {
		c := openDefault(t, separate)
		c.tile(0)
		c.press(fyne.KeyF9, fyne.KeyF4)
		c.keys(typed)
		c.press(fyne.KeyReturn)
		c.tap(c.paying().card)
		c.tap(c.paying().terminal)
		if c.desk.Asked("card")+c.desk.Asked("external") != 0 || c.paying().paying.Busy() {
			t.Errorf("%q began a payment", typed)
		}
	}
}

// A start that finds a sale paid in part goes on with it first.
func TestStartGoesOnWithThePartPaidSaleFirst(t *testing.T) {
	c := openDefault(t, foundPart)
	f := c.till.top().(*finishingScreen)
	if m := f.say.message; m.What != c.till.words.Counted("finishing.unpaid", 1)+" · "+c.till.words.Counted("finishing.open", 1) || f.shown[0].Now != c.till.words.Text("sale.taken", "taken", c.till.money(3000), "amount", c.till.money(5000)) {
		t.Errorf("it says %+v, first %+v", m, f.shown[0])
	}
	c.press(fyne.KeyReturn)
	c.wait("the sale", c.onPay)
	if due := c.paying().paying.DueMinor(); due != 2000 {
		t.Errorf("due %d", due)
	}
}

// A sale of 0.00 is concluded without a tender, and the goods leave the till.
func TestSaleOfNothingIsConcluded(t *testing.T) {
	c := openDefault(t, nil)
	c.give()
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	if r.result.Bill.State != txn.BillPaid || c.desk.Asked("give") != 1 || r.say.message.Charged != c.till.words.Text("charged.no") {
		t.Errorf("%+v, says %+v", r.result.Bill, r.say.message)
	}
	c.press(fyne.KeyReturn)
	if !c.onSell() || c.till.sell.Cart.Len() != 0 {
		t.Errorf("%T with %d lines", c.till.top(), c.till.sell.Cart.Len())
	}
}

// A second Enter in a hurry takes no cash: neither after the question on whether to undo, nor after a part that was declined. A moment
// later it does, and on goods that were just sold it does at once.
func TestSecondEnterInAHurryTakesNoCash(t *testing.T) {
	untaken := func(c *counter, where string) {
		t.Helper()
		c.hurry(fyne.KeyReturn)
		if !c.onPay() || c.paying().paying.Busy() {
			t.Fatalf("%s: cash was taken, and %T stands", where, c.till.top())
		}
	}
	c := partPaid(t)
	c.press(fyne.KeyEscape, fyne.KeyReturn) // the answer that changes nothing
	untaken(c, "the question")
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)

	c = partPaid(t)
	c.desk.Change(func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
	c.press(fyne.KeyF4)
	c.keys("0.5")
	c.press(fyne.KeyF2)
	c.wait("the reader", func() bool { return c.paying().choosing() })
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn) // pay again
	untaken(c, "a part that was declined")
	c.press(fyne.KeyReturn) // no tender is chosen
	untaken(c, "a part that was declined, a moment later")

	c = openDefault(t, separate)
	c.tile(0)
	c.hurry(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
}
