package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"veratill/app/ui/uitest"
	"veratill/txn"
)

// withSale is a till with one article of 2.00 on the sale.
func withSale(t *testing.T, set func(d *uitest.Desk)) *counter {
	t.Helper()
	c := openDefault(t, set)
	c.tile(0)
	c.pass(time.Second)
	return c
}

// taken reports whether the sale in front is being paid, or is paid.
func (c *counter) taken() bool {
	p, pays := c.till.top().(*payScreen)
	return !pays || p.paying.Busy()
}

// An exact cash sale is F9 and Enter, however fast they follow each other: another key than the one that brought the screen acts at once.
func TestExactSaleInATenthOfASecond(t *testing.T) {
	for _, gap := range []time.Duration{0, 20 * time.Millisecond, 60 * time.Millisecond, 120 * time.Millisecond} {
		c := withSale(t, nil)
		c.down(fyne.KeyF9)
		c.pass(gap / 2)
		c.up(fyne.KeyF9)
		c.pass(gap - gap/2)
		c.hurry(fyne.KeyReturn)
		c.wait("a result", c.onResult)
		if c.desk.Asked("cash") != 1 || c.desk.CashPaid[0] != 200 {
			t.Errorf("after %v: %v", gap, c.desk.CashPaid)
		}
	}
}

// The key that brought the pay screen takes no cash on it until it was released and has rested for 400 ms.
func TestTheKeyThatBroughtAScreenRests(t *testing.T) {
	for _, k := range []struct {
		name       string
		held, rest time.Duration
		takes      bool
	}{
		{"pressed twice", 0, 0, false}, {"pressed twice slowly", 80 * time.Millisecond, 310 * time.Millisecond, false},
		{"just before", 0, restFor - time.Millisecond, false}, {"rested", 0, restFor, true},
		{"held and let go just now", time.Second, restFor - time.Millisecond, false}, {"held, let go and rested", time.Second, restFor, true},
	} {
		c := withSale(t, nil)
		c.down(fyne.KeyF12)
		for left := k.held; left > 0; left -= 40 * time.Millisecond {
			c.pass(40 * time.Millisecond)
			c.again(fyne.KeyF12) // as a key does that is held
		}
		c.up(fyne.KeyF12)
		c.pass(k.rest)
		c.hurry(fyne.KeyF12)
		if taken := c.taken(); taken != k.takes {
			t.Errorf("%s: cash is taken: %t", k.name, taken)
		}
	}
}

// A release that nobody saw counts as one after two seconds.
func TestAReleaseThatIsNotSeen(t *testing.T) {
	c := withSale(t, nil)
	c.down(fyne.KeyF12)
	c.pass(lostAfter - time.Millisecond)
	c.again(fyne.KeyF12)
	if c.taken() {
		t.Fatal("a key that is held has taken cash")
	}
	c.pass(lostAfter)
	c.again(fyne.KeyF12)
	if !c.taken() {
		t.Error("the key is dead since its release was lost")
	}
}

// A finger or a mouse rests as a key does. What it tapped lies where the next thing to tap comes.
func TestAFingerThatBroughtAScreenRests(t *testing.T) {
	for rest, takes := range map[time.Duration]bool{0: false, restFor - time.Millisecond: false, restFor: true} {
		c := withSale(t, nil)
		test.Tap(c.till.action)
		c.pass(rest)
		test.Tap(c.till.action)
		if taken := c.taken(); taken != takes {
			t.Errorf("a second tap after %v took cash: %t", rest, taken)
		}
	}
}

// What comes by itself takes nothing for 700 ms, from no hand: the result of a payment is not closed by a key that was meant for the
// screen before it, and a finger that was put down there presses nothing here, however late it is lifted.
func TestWhatComesByItselfIsCalm(t *testing.T) {
	result := func() *counter {
		c := openDefault(t, func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
		c.tile(0)
		c.card()
		return c
	}
	for at, takes := range map[time.Duration]bool{0: false, calmFor - time.Millisecond: false, calmFor: true} {
		for name, press := range map[string]func(c *counter){"Enter": func(c *counter) { c.hurry(fyne.KeyReturn) },
			"F12": func(c *counter) { c.hurry(fyne.KeyF12) }, "a tap": func(c *counter) { test.Tap(c.till.action) }} {
			c := result()
			c.pass(at)
			press(c)
			if took := !c.onResult(); took != takes {
				t.Errorf("%s after %v was taken: %t", name, at, took)
			}
		}
	}
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = make(chan struct{}) })
	c.tile(0)
	c.sending()
	c.till.action.MouseDown(&desktop.MouseEvent{})
	close(c.desk.Gate)
	c.wait("a result", c.onResult)
	c.pass(2 * calmFor)
	c.till.action.MouseUp(&desktop.MouseEvent{})
	c.till.action.Tapped(&fyne.PointEvent{})
	if !c.onResult() {
		t.Error("a finger that was put down before the answer came has closed the result")
	}
}

// A key that is held acts once: it takes no money, adds no goods and types one figure. Keys that step go on.
func TestAHeldKeyActsOnce(t *testing.T) {
	hold := func(c *counter, x rune) {
		c.character(x)
		for range 40 {
			c.pass(33 * time.Millisecond)
			c.again(fyne.KeyName(handOf(x)))
			c.sign(x)
		}
		c.up(fyne.KeyName(handOf(x)))
		c.pass(time.Second)
	}
	c := withSale(t, nil)
	hold(c, '+')
	if c.total() != 400 {
		t.Errorf("+ that was held made %d of 200", c.total())
	}
	hold(c, '7')
	if c.till.sell.Pad != "7" {
		t.Errorf("7 that was held typed %q", c.till.sell.Pad)
	}
	c.press(fyne.KeyEscape, fyne.KeyF9)
	hold(c, '9')
	if pad := c.paying().paying.Pad; pad != "9" {
		t.Errorf("9 that was held is %q received", pad)
	}
	c.down(fyne.KeyReturn)
	c.again(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	for range 100 {
		c.pass(33 * time.Millisecond)
		c.again(fyne.KeyReturn)
	}
	if c.desk.Asked("cash") != 1 || !c.onResult() {
		t.Errorf("Enter that was held: cash %d times, and %T stands", c.desk.Asked("cash"), c.till.top())
	}
	c.up(fyne.KeyReturn)
	c.press(fyne.KeyReturn)
	for range 3 {
		c.tile(1)
		c.tile(2)
	}
	c.down(fyne.KeyDelete)
	c.again(fyne.KeyDelete)
	c.up(fyne.KeyDelete)
	if n := c.till.sell.Cart.Len(); n != 1 {
		t.Errorf("Del that was held left %d lines of 2", n)
	}
	c.tile(3)
	c.down(fyne.KeyUp)
	c.again(fyne.KeyUp)
	if c.till.sell.Selected != 0 {
		t.Errorf("Up that is held stands at line %d", c.till.sell.Selected)
	}
}

// An amount is taken whole or not at all: where its first figure came too soon, neither the rest of it nor the Enter behind it counts, and
// the cashier is told.
func TestAnAmountIsTakenWhole(t *testing.T) {
	c := openDefault(t, separate)
	for range 50 {
		c.tile(0)
	}
	c.press(fyne.KeyF9, fyne.KeyF4)
	c.keys("30")
	c.press(fyne.KeyF2)
	c.wait("the reader", func() bool { return c.paying().choosing() })
	c.press(fyne.KeyReturn)
	c.wait("the rest", func() bool { p, ok := c.till.top().(*payScreen); return ok && p.paying.Held() && !p.paying.Busy() })
	c.pass(calmFor - 10*time.Millisecond)
	c.paced("150", 200*time.Millisecond)
	c.hurry(fyne.KeyReturn)
	if p := c.paying(); p.paying.Pad != "" || p.paying.Busy() || p.hint.Key != "pad.too-soon" {
		t.Fatalf("received %q, taking it: %t, told %q", p.paying.Pad, p.paying.Busy(), p.hint.Key)
	}
	c.pass(calmFor)
	c.paced("150", 200*time.Millisecond)
	c.hurry(fyne.KeyReturn)
	c.wait("the cash", c.onResult)
	if got := c.desk.CashPaid[0]; got != 15000 {
		t.Errorf("received %d", got)
	}
}

// A button keeps its meaning while it stands: what became possible later has a button of its own, and the screen's own still does
// what it said, here with the goods in safe keeping.
func TestAButtonKeepsItsMeaning(t *testing.T) {
	c := openDefault(t, unknownCard)
	c.tile(0)
	c.card()
	c.desk.Settle(c.till.top().(*resultScreen).result.Attempt.ID, txn.Reversed)
	c.wait("not charged", func() bool { return c.message().Charged == "Not charged." })
	again := c.till.top().(*resultScreen).again
	test.Tap(again)
	if !c.onResult() {
		t.Fatal("a button that has just come takes a tap")
	}
	c.press(fyne.KeyReturn)
	c.wait("the goods are parked", func() bool { return c.onSell() && c.total() == 0 && c.desk.Asked("park") == 1 })
}

// A test of the table: each key of the pay screen does what the card says, or the card does not show it.
func TestTheKeyCardShowsBothColumns(t *testing.T) {
	for name, set := range map[string]func(d *uitest.Desk){"cards": nil, "cash only": func(d *uitest.Desk) { d.AboutNow.CashOnly = true }, "a terminal": separate} {
		for _, k := range payKeys {
			c := withSale(t, set)
			c.press(fyne.KeyF9)
			c.paying().paying.NoTender = true
			before := fmt.Sprintf("%+v", *c.paying().paying)
			c.press(k.key)
			c.wait("whatever it does", func() bool { return c.till.top() != nil })
			p, stays := c.till.top().(*payScreen)
			did := !stays || fmt.Sprintf("%+v", *p.paying) != before
			if there := k.isThere(c.till.about); did != there {
				t.Errorf("%s: %s does something: %t, and is there: %t", name, k.shown, did, there)
			}
			c = withSale(t, set)
			c.press(fyne.KeyF1)
			shown := strings.Join(texts(c.till.Window().Canvas().Content()), "\n")
			if strings.Contains(shown, c.till.words.Text(k.word)) != k.isThere(c.till.about) {
				t.Errorf("%s: the card shows %s: %t", name, k.shown, !k.isThere(c.till.about))
			}
		}
	}
}

// The first Tab stop is the screen's main control; from every screen one Esc leads back, and so does a finger; every question is answered
// by keys.
func TestEveryScreenHasAWayBack(t *testing.T) {
	for _, s := range auditedScenes {
		t.Run(s.name, func(t *testing.T) {
			make := func() *counter {
				c := open(t, "en", "light", fyne.NewSize(1024, 768), 100, s.set)
				s.walk(c)
				c.pass(time.Second)
				return c
			}
			c := make()
			stands := c.till.top().stands()
			if c.till.locked {
				return
			}
			if q, asks := c.till.top().(*askScreen); asks && (q.yesButton.hint == "" || q.later != nil && q.thenOne.hint == "") {
				t.Error("a question has an answer without a key")
			}
			if !c.till.action.disabled && c.till.Window().Canvas().Focused() == nil {
				c.press(fyne.KeyTab)
				if focused := c.till.Window().Canvas().Focused(); focused != fyne.Focusable(c.till.action) {
					t.Errorf("the first Tab stop is %T", focused)
				}
			}
			if stands.page == sellPage || stands.busy && !stands.held || stands.page == updatePage {
				return
			}
			top := c.till.top()
			c.press(fyne.KeyEscape)
			if c.till.top() == top {
				t.Errorf("Esc stays on %T", top)
			}
			c = make()
			top = c.till.top()
			_, asks := top.(*payScreen) // one that is paid in part has a button that asks
			switch {
			case c.till.leave.Visible():
				c.tap(c.till.leave)
			case asks:
				c.tap(c.paying().held[1])
			default:
				c.tap(c.till.action)
			}
			c.wait("the way back", func() bool { return true })
			if c.till.top() == top {
				t.Errorf("no button leads back from %T", top)
			}
		})
	}
}

// What a press changed in place, it does not press at once: here the guard alone, hand by hand.
func TestGuardOfAButton(t *testing.T) {
	clock := morning
	g := newGuard(func() time.Time { return clock })
	var v veil
	press := func(h hand) bool {
		g.down(h)
		defer g.release(h)
		return g.takes(&v, h, g.grip(h).began)
	}
	g.look(&v, "one")
	if !press("F9") || !press(pointer) {
		t.Error("what stood there from the start takes nothing")
	}
	g.act("F9", clock, false, func() { g.look(&v, "two") })
	if press("F9") || !press(pointer) || !press("Return") {
		t.Error("F9 acts on what it brought, or another hand does not")
	}
	clock = clock.Add(restFor)
	if !press("F9") {
		t.Error("F9 has rested and is not taken")
	}
	g.look(&v, "three")
	clock = clock.Add(calmFor - 1)
	if press("F9") || press(pointer) {
		t.Error("what came by itself takes something")
	}
	clock = clock.Add(1)
	if !press("F9") || !press(pointer) {
		t.Error("what came by itself takes nothing for longer than it has to")
	}
	if early := clock.Add(-calmFor - 1); g.takes(&v, "F2", early) {
		t.Error("a press that began before counts")
	}
}

// The Enter behind a scan is the scanner's: the hand that was in a hurry before it has rested since its own release.
func TestAScannersEnterIsNoHand(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("the result", c.onResult)
	c.pass(time.Second)
	c.hurry(fyne.KeyReturn) // the next sale
	c.pass(180 * time.Millisecond)
	c.scan(firstCode(t))
	c.pass(62 * time.Millisecond)
	c.hurry(fyne.KeyF9)
	if !c.onPay() {
		t.Fatal("F9 does not lead to where the sale is paid")
	}
	c.pass(100 * time.Millisecond)
	c.hurry(fyne.KeyReturn) // 407 ms after its release
	c.wait("the exact cash", func() bool { return c.desk.Asked("cash") == 2 || c.onResult() })
}
