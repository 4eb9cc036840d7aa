package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/ui/uitest"
	"veratill/txn"
)

// Cash for what a card paid is offered where the settings allow it, and goes back once a reason was chosen; the usual button and Esc give nothing back.
func TestCashInsteadOfACardNeedsAReason(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	c.keys("5")
	if s := c.till.top().(*givingScreen); s.inCash.Visible() {
		t.Error("cash is offered where the settings allow none")
	}
	c = openDefault(t, func(d *uitest.Desk) { d.InCashMinor = 1000 })
	c.giving()
	c.keys("5")
	c.press(fyne.KeyF8)
	if _, asks := c.till.top().(*reasonScreen); !asks {
		t.Fatalf("%T", c.till.top())
	}
	c.press(fyne.KeyReturn)
	if _, left := c.till.top().(*givingScreen); !left {
		t.Fatalf("Enter: %T", c.till.top())
	}
	c.press(fyne.KeyF8)
	c.keys("b")
	c.wait("a result", func() bool { _, ok := c.till.top().(*resultScreen); return ok })
	r := c.till.top().(*resultScreen).result
	if r.Attempt.Tender != txn.Cash || !r.Attempt.OtherWay || r.Attempt.Amount.Minor != 500 || c.desk.Asked("in cash: Wrong item or price") != 1 {
		t.Errorf("%+v", r.Attempt)
	}
}

// Money that would go back from books in doubt is refused on the page, which says why at once, by whatever way it would go back.
func TestARefundFromBooksInDoubtSaysWhy(t *testing.T) {
	for name, key := range map[string]fyne.KeyName{"in cash": fyne.KeyF8, "to the card": fyne.KeyReturn} {
		c := openDefault(t, func(d *uitest.Desk) { d.InCashMinor = 1000 })
		c.giving()
		c.keys("5")
		c.desk.Change(func(d *uitest.Desk) { d.InDoubt = txn.Numbers{Last: 1042, Why: txn.OtherBooks} })
		c.press(key)
		if key == fyne.KeyF8 {
			c.keys("b")
		}
		c.wait("why, "+name, func() bool {
			q, asks := c.till.top().(*askScreen)
			return asks && strings.Contains(q.say.message.Charged, "other books")
		})
		c.press(fyne.KeyEscape)
		if r, left := c.till.top().(*resultScreen); !left || r.result.Begun() || c.desk.Asked("refund") != 0 {
			t.Errorf("%s: %T is left", name, c.till.top())
		}
	}
}

// Goods on the sale in the making are taken back from the menu where the settings allow it, up to what they say.
func TestGoodsAreTakenBackWithoutAReceipt(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.AboutNow.NoReceiptMinor = 300 })
	c.till.takeBack()
	if !c.onSell() || c.till.sell.Note.Key != "unusual.no-goods" {
		t.Fatalf("%T, told %q", c.till.top(), c.till.sell.Note.Key)
	}
	c.tile(0)
	c.tile(0)
	c.till.takeBack()
	if !c.onSell() || c.till.sell.Note.Key != "code.not-by-settings" {
		t.Fatalf("above the sum: %T, told %q", c.till.top(), c.till.sell.Note.Key)
	}
	c.keys("-")
	c.till.takeBack()
	c.drain()
	c.keys("a")
	c.wait("a result", func() bool { _, ok := c.till.top().(*resultScreen); return ok })
	r := c.till.top().(*resultScreen).result
	if !r.Attempt.NoReceipt || r.Attempt.Amount.Minor != 200 || r.Bill.State != txn.BillTakenBack || c.till.sell.Cart.Len() != 0 {
		t.Errorf("%+v of a sale that is %s", r.Attempt, r.Bill.State)
	}
}

// Figures, of an amount or of a scanner that types slowly, are no reason: nothing is voided by them.
func TestNoFigureIsAReason(t *testing.T) {
	c := openDefault(t, nil)
	c.entry()
	c.tap(c.till.top().(*entryScreen).void)
	q, asks := c.till.top().(*reasonScreen)
	if !asks {
		t.Fatalf("%T", c.till.top())
	}
	c.paced("1234", 200*time.Millisecond)
	if c.till.top() != screen(q) || !strings.Contains(q.say.message.Next, c.till.words.Text("unusual.letters")) {
		t.Errorf("figures: %T, and it says %q", c.till.top(), q.say.message.Next)
	}
	c.keys("d")
	c.wait("a result", c.onResult)
	if c.desk.Asked("void") != 1 {
		t.Error("a letter is a reason, and nothing is voided")
	}
}
