package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// exchanging names goods of a payment that are worth 5.00, and takes them along to the sale in the making.
func (c *counter) exchanging() {
	c.giving()
	c.keys("+")
	c.press(fyne.KeyDown)
	c.keys("+")
	c.press(fyne.KeyF6)
	c.drain()
}

func (c *counter) billOf(saleID int64) txn.Bill {
	m, err := c.desk.Current(txn.Matter{Bill: txn.Bill{SaleID: saleID}})
	if err != nil {
		c.t.Fatal(err)
	}
	return m.Bill
}

// Goods that come back are taken along to the sale in the making, whose total is the difference; what is paid is that, once, and then the goods are back.
func TestTheDifferenceOfAnExchangeIsWhatIsPaid(t *testing.T) {
	c := openDefault(t, nil)
	c.exchanging()
	e := c.till.sell.Cart.Exchange()
	if !c.onSell() || e == nil || e.AmountMinor != 500 {
		t.Fatalf("%T, what comes back: %+v", c.till.top(), e)
	}
	before := c.billOf(e.SaleID)
	c.tile(3)
	c.tile(3)
	c.press(fyne.KeyF9)
	total := c.total()
	p, paying := c.till.top().(*payScreen)
	if !paying || total <= 500 || p.paying.DueMinor() != total-500 {
		t.Fatalf("%T, the goods come to %d", c.till.top(), total)
	}
	if left := before.Back().LeftMinor; c.billOf(e.SaleID).Back().LeftMinor != left {
		t.Error("goods are back before the difference is paid")
	}
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen).result
	if r.Bill.State != txn.BillPaid || r.Attempt.Amount.Minor != total-500 || c.billOf(e.SaleID).Back().LeftMinor != before.Back().LeftMinor-500 {
		t.Errorf("%d paid of a sale that is %s", r.Attempt.Amount.Minor, r.Bill.State)
	}
	c.press(fyne.KeyReturn)
	if c.till.sell.Cart.Exchange() != nil {
		t.Error("the next customer's goods are exchanged as well")
	}
}

// Where what comes back is worth more the till asks first, and says how the difference goes back; no answer exchanges nothing.
func TestADifferenceThatGoesBackIsAskedAbout(t *testing.T) {
	c := openDefault(t, nil)
	c.exchanging()
	e := *c.till.sell.Cart.Exchange()
	c.tile(0)
	c.press(fyne.KeyF9)
	if _, asks := c.till.top().(*askScreen); !asks {
		t.Fatalf("%T", c.till.top())
	}
	c.press(fyne.KeyEscape)
	if !c.onSell() || c.desk.Asked("exchange") != 0 || c.till.sell.Cart.Exchange() == nil {
		t.Fatalf("%T, exchanged %d times", c.till.top(), c.desk.Asked("exchange"))
	}
	c.press(fyne.KeyF9)
	c.keys("y")
	c.wait("what came of it", func() bool { _, ok := c.till.top().(*resultScreen); return ok })
	r := c.till.top().(*resultScreen).result
	if r.Attempt.Kind != txn.Refund || r.Attempt.Amount.Minor != 300 || c.billOf(e.SaleID).Back().RefundedMinor != 500 || c.till.sell.Cart.Len() != 0 {
		t.Errorf("%+v, given back %+v", r.Attempt, c.billOf(e.SaleID).Back())
	}
}

// A sale that goods come back for is parked and recalled with them.
func TestAnExchangeIsParkedWithItsGoods(t *testing.T) {
	c := openDefault(t, nil)
	c.exchanging()
	c.tile(3)
	p := c.till.making()
	if p.Exchange == nil {
		t.Fatal("what is parked has lost what comes back")
	}
	c.till.sell.Next()
	if err := c.till.putBack(p); err != nil || c.till.sell.Cart.Exchange() != p.Exchange {
		t.Errorf("what is recalled has lost what comes back: %v", err)
	}
}

// Paying again in an exchange asks for the difference alone; where goods pay all of it, it asks again what goes back.
func TestPayingAgainInAnExchangeIsTheDifference(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Card = txn.Approved })
	c.exchanging()
	c.tile(3)
	c.tile(3)
	c.desk.Change(func(d *uitest.Desk) { d.Card, d.Code = "", "bank offline" })
	c.card()
	r := c.till.top().(*resultScreen)
	due := c.till.money(c.total() - 500)
	if label := r.primary(c.till).label; label != c.till.words.Text("result.pay-again", "amount", due) {
		t.Errorf("the button says %q, and %s is due", label, due)
	}
	c.press(fyne.KeyReturn)
	if p := c.paying().paying; p.DueMinor() != c.total()-500 {
		t.Errorf("%d is asked for", p.DueMinor())
	}
	c = openDefault(t, nil)
	c.exchanging()
	c.tile(0)
	s, err := c.till.sell.Cart.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	r = newResult(c.till, s, present.Result{Code: "cancelled", Charged: txn.ChargedNo}, false, false)
	c.till.open(r)
	if label := r.primary(c.till).label; label != c.till.words.Text("exchange.pay", "amount", c.till.money(s.OverMinor())) {
		t.Errorf("where %d goes back the button says %q", s.OverMinor(), label)
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	if _, asks := c.till.top().(*askScreen); !asks {
		t.Errorf("nothing is due, and what comes is %T", c.till.top())
	}
}
