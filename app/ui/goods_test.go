package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/sale"
)

// declined is a counter on which a card was not approved, with a cola on the sale.
func declined(t *testing.T) *counter {
	t.Helper()
	c := openDefault(t, func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	return c
}

// What the screen shows of the sale in the making is kept each time.
func TestWhatIsShownIsKept(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.tile(1)
	if n := len(c.desk.Kept); n != 2 {
		t.Errorf("two lines are shown, and %d kept", n)
	}
	c.press(fyne.KeyDelete)
	if n := len(c.desk.Kept); n != 1 {
		t.Errorf("one line is shown, and %d kept", n)
	}
}

// The first screen says what the start found of a sale.
func TestTheFirstScreenSaysWhichGoodsAreBack(t *testing.T) {
	for want, found := range map[string]present.FoundGoods{"goods.back": {Lines: 2}, "goods.cut": {Parked: true}, "goods.unreadable": {Err: errors.New("kept")}} {
		c := openDefault(t, func(d *uitest.Desk) { d.Goods = found })
		if c.till.sell.Note.Key != want {
			t.Errorf("%+v is told as %q", found, c.till.sell.Note.Key)
		}
	}
}

// After a card that was not approved the goods can be paid otherwise, parked or dropped, side by side.
func TestAfterDeclinedTheGoodsCanBeParkedOrDropped(t *testing.T) {
	for name, press := range map[string]func(*counter, *resultScreen){
		"F4":   func(c *counter, _ *resultScreen) { c.press(fyne.KeyF4) },
		"park": func(c *counter, r *resultScreen) { c.tap(r.park) },
	} {
		c := declined(t)
		press(c, c.till.top().(*resultScreen))
		c.wait("it is parked", func() bool { return c.desk.Asked("park") == 1 && c.till.sell.Note.Key == "sell.parked" })
		if !c.onSell() || c.total() != 0 {
			t.Errorf("%s: %T, total %d", name, c.till.top(), c.total())
		}
	}
	c := declined(t)
	c.tap(c.till.top().(*resultScreen).drop)
	if !c.onSell() || c.total() != 0 || c.desk.Asked("park") != 0 || c.till.sell.Note.Key != "goods.dropped" {
		t.Errorf("dropped: %T, total %d, %q", c.till.top(), c.total(), c.till.sell.Note.Key)
	}
	c = declined(t)
	c.tap(c.till.top().(*resultScreen).other)
	if p, ok := c.till.top().(*payScreen); !ok || !p.paying.NoTender {
		t.Errorf("another tender: %T", c.till.top())
	}
}

// A scan after a card that was not approved asks whose goods they are, and joins no sale by itself.
func TestAScanAfterDeclinedAsksWhoseGoodsTheyAre(t *testing.T) {
	asked := func() *counter {
		c := declined(t)
		c.scan(firstCode(t))
		if _, ok := c.till.top().(*askScreen); !ok || c.total() != 200 {
			t.Fatalf("%T, total %d", c.till.top(), c.total())
		}
		return c
	}
	c := asked()
	c.keys("y")
	if !c.onSell() || c.total() != 400 || c.desk.Asked("park") != 0 {
		t.Errorf("the same customer: %T, total %d", c.till.top(), c.total())
	}
	c = asked()
	c.keys("l")
	c.wait("it is parked", func() bool { return c.till.sell.Note.Key == "goods.parked-for-next" })
	if !c.onSell() || c.total() != 200 || c.desk.Asked("park") != 1 {
		t.Errorf("the next customer: %T, total %d", c.till.top(), c.total())
	}
	c = asked()
	c.scan(firstCode(t)) // nobody answers
	c.wait("it is parked", func() bool { return c.till.sell.Note.Key == "goods.parked-for-next" })
	if !c.onSell() || c.total() != 400 || c.desk.Asked("park") != 1 {
		t.Errorf("a second scan: %T, total %d", c.till.top(), c.total())
	}
	c = asked()
	c.press(fyne.KeyEscape)
	if !c.onResult() || c.total() != 200 {
		t.Errorf("Esc: %T, total %d", c.till.top(), c.total())
	}
}

// One action drops a sale, and one brings it back within ten seconds; beside another sale it is parked.
func TestADroppedSaleComesBack(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.chord(fyne.KeyDelete)
	if c.total() != 0 || c.till.sell.Note.Key != "goods.dropped" {
		t.Fatalf("total %d, %q", c.total(), c.till.sell.Note.Key)
	}
	c.chord(fyne.KeyZ)
	if c.total() != 200 {
		t.Errorf("brought back: total %d", c.total())
	}
	c.tap(c.till.cart.clear)
	c.tile(1)
	total := c.total()
	c.chord(fyne.KeyZ)
	c.wait("it is parked", func() bool { return c.desk.Asked("park") == 1 })
	if c.total() != total || len(c.desk.Waiting()) != 1 {
		t.Errorf("beside another sale: total %d, %d parked", c.total(), len(c.desk.Waiting()))
	}
	c.tap(c.till.cart.clear)
	c.pass(11 * time.Second)
	c.chord(fyne.KeyZ)
	if c.total() != 0 {
		t.Errorf("after 11 s: total %d", c.total())
	}
}

// What was dropped for good is not offered any more, and Ctrl+Z says so.
func TestWhatIsGoneIsNotOffered(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.chord(fyne.KeyDelete)
	c.pass(11 * time.Second)
	if key := c.till.sell.Note.Key; key != "goods.gone" {
		t.Errorf("after 11 s it says %q", key)
	}
	c.chord(fyne.KeyZ)
	if key := c.till.sell.Note.Key; key != "goods.none-dropped" {
		t.Errorf("after 11 s Ctrl+Z says %q", key)
	}
}

// A parked sale that is brought back beside another one is swapped for it; the strip counts what waits.
func TestParkedSalesAreSwapped(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF4)
	c.wait("the strip counts", func() bool { return c.till.parked == 1 })
	c.tile(1)
	other := c.total()
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
	c.press(fyne.KeyReturn)
	c.wait("the goods", func() bool { return c.total() == 200 && c.onSell() })
	if w := c.desk.Waiting(); len(w) != 1 || w[0][0].Sold.AmountMinor != other {
		t.Errorf("parked are %+v", w)
	}
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
	c.press(fyne.KeyDelete)
	c.wait("it is dropped", func() bool { return c.till.sell.Note.Key == "goods.dropped" && c.till.parked == 0 })
	c.chord(fyne.KeyZ) // beside the sale in the making
	c.wait("it is parked again", func() bool { return len(c.desk.Waiting()) == 1 })
}

// Closing says what waits.
func TestClosingSaysWhatIsParked(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF4)
	c.wait("the strip counts", func() bool { return c.till.parked == 1 })
	c.till.askClose()
	q, ok := c.till.top().(*askScreen)
	if !ok || q.message(c.till.words).Next != c.till.words.Counted("close.left-parked", 1) {
		t.Errorf("%T", c.till.top())
	}
}

// F7 prints the last receipt again also after a restart, and Ctrl+F7 lists the last ten.
func TestReceiptsOfBeforeAreReprinted(t *testing.T) {
	c := openDefault(t, nil)
	c.press(fyne.KeyF7)
	c.wait("there is none", func() bool { return c.till.sell.Note.Key == "sell.no-reprint" })
	for range 3 {
		c.tile(0)
		c.press(fyne.KeyF9, fyne.KeyReturn)
		c.wait("a result", c.onResult)
		c.press(fyne.KeyReturn)
	}
	c.till.lastPaid = txn.Matter{} // as after a restart
	c.press(fyne.KeyF7)
	c.wait("the copy", func() bool { return c.desk.Asked("reprint") == 1 && c.till.sell.Note.Key == "sell.reprinted" })
	c.chord(fyne.KeyF7)
	c.wait("the list", func() bool { r, ok := c.till.top().(*receiptsScreen); return ok && len(r.entries) == 3 })
	c.press(fyne.KeyDown, fyne.KeyReturn)
	c.wait("another copy", func() bool {
		return c.desk.Asked("reprint") == 2 && c.till.top().(*receiptsScreen).done.Key == "sell.reprinted"
	})
	c.press(fyne.KeyEscape)
	if !c.onSell() {
		t.Errorf("Esc: %T", c.till.top())
	}
}

// A card that is swiped, or a code that pays, answers no question about goods: nothing is parked and nothing joins a sale.
func TestACardAnswersNoQuestionAboutGoods(t *testing.T) {
	for name, code := range map[string]string{"a card": sale.Withheld, "a wallet's code": "134567890123456789"} {
		c := declined(t)
		c.till.onScan(code)
		if !c.onResult() || c.till.sell.Cart.Len() != 1 {
			t.Errorf("%s on the result: %T, %d lines", name, c.till.top(), c.till.sell.Cart.Len())
		}
		c.till.onScan(demoItems(t)[1].Code)
		q, asks := c.till.top().(*askScreen)
		if !asks {
			t.Fatalf("%T", c.till.top())
		}
		c.till.onScan(code)
		if c.till.top() != screen(q) || !q.refuses || c.desk.Asked("park") != 0 {
			t.Errorf("%s on the question: %T, parked %d", name, c.till.top(), c.desk.Asked("park"))
		}
	}
}

// While a payment is under way, or a part of a sale is taken, nothing at the top leaves it.
func TestNothingAtTheTopLeavesAPayment(t *testing.T) {
	gate := make(chan struct{})
	defer close(gate)
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = gate })
	c.tile(0)
	c.sending()
	for _, b := range []*button{c.till.strip.health, c.till.strip.unknown, c.till.strip.parked, c.till.strip.menu} {
		c.pass(2 * time.Second)
		c.tap(b)
		if !c.onPay() || len(c.till.stack) != 2 {
			t.Fatalf("%q leaves the payment: %T", b.label, c.till.top())
		}
	}
	for _, open := range []func(){c.till.openRecall, c.till.openReceipts, c.till.openMenu, c.till.openFind, c.till.openDay, c.till.openDevices, c.till.openArticles} {
		if open(); !c.onPay() {
			t.Fatalf("%T", c.till.top())
		}
	}
}

// A lesson ends with its page: the next scan is sold.
func TestALessonEndsWithItsPage(t *testing.T) {
	c := openDefault(t, nil)
	c.devices()
	c.press(fyne.KeyF9)
	c.till.home()
	c.scan(firstCode(t))
	if c.till.sell.Cart.Len() != 1 {
		t.Errorf("%d lines: the scan was learnt from", c.till.sell.Cart.Len())
	}
}

// Exact cash is taken by the second F12 where the screen still asks about it: another word in its place ends the question.
func TestExactCashIsTakenWhereItIsAskedAbout(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF12)
	c.pass(time.Second)
	c.press(fyne.KeyF8) // this shop has no separate terminal: the screen says how one can pay
	c.pass(time.Second)
	c.press(fyne.KeyF12)
	if c.desk.Asked("cash") != 0 || !c.onPay() {
		t.Fatalf("taken: %v", c.desk.CashPaid)
	}
	c.pass(time.Second)
	c.press(fyne.KeyF12)
	c.wait("the cash", func() bool { return c.desk.Asked("cash") == 1 })
}

// Nine lines of a sale are seen on the smallest usual screen: eight in the list, and the last one large below them.
func TestNineLinesAreSeen(t *testing.T) {
	c := openDefault(t, nil)
	for i := range 14 {
		c.scan(demoItems(t)[i*3].Code)
	}
	if got := c.till.cart.list.visible(); got < 8 || !c.till.cart.now.Visible() {
		t.Errorf("%d lines beside the last one", got)
	}
}

// A sale that was gone on with from the list of what is unfinished ends above that list: the next scan leaves both, and is sold.
func TestAScanLeavesAResultAndWhatLiesBelowIt(t *testing.T) {
	c := openDefault(t, nil)
	c.scan(firstCode(t))
	c.press(fyne.KeyF9)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.till.stack = slices.Insert(c.till.stack, 1, screen(&finishingScreen{thisRun: true}))
	c.scan(firstCode(t))
	if !c.onSell() || c.total() != 200 {
		t.Errorf("%T, total %d", c.till.top(), c.total())
	}
}

// recalling is a counter with a sale of 2.00 that is on its way back from a disk that stalls.
func recalling(t *testing.T, by fyne.KeyName) (c *counter, stalled chan struct{}) {
	t.Helper()
	stalled = make(chan struct{})
	c = openDefault(t, func(d *uitest.Desk) { d.StallDisk = stalled })
	c.tile(0)
	c.press(fyne.KeyF4)
	c.wait("the strip counts", func() bool { return c.till.parked == 1 })
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
	c.press(by)
	return c, stalled
}

// While a parked sale is on its way back a scan is refused in sight, so that no goods are mixed up.
func TestAScanWaitsForTheSaleThatComesBack(t *testing.T) {
	c, stalled := recalling(t, fyne.KeyReturn)
	c.scan(firstCode(t))
	if r, ok := c.till.top().(*recallScreen); !ok || c.till.sell.Cart.Len() != 0 || c.till.noted.message.What != c.till.words.Text("recall.scan-again") || !r.busy {
		t.Errorf("%T, %d lines, and it says %q", c.till.top(), c.till.sell.Cart.Len(), c.till.noted.message.What)
	}
	close(stalled)
	c.wait("the goods", func() bool { return c.onSell() && c.total() == 200 })
}

// Goods that were scanned after somebody left the list of parked sales stay; the sale that comes back late waits again, and says so.
func TestASaleThatComesBackLateWritesNothingOver(t *testing.T) {
	c, stalled := recalling(t, fyne.KeyReturn)
	c.press(fyne.KeyEscape)
	c.tile(1)
	total := c.total()
	close(stalled)
	c.wait("it waits again", func() bool { return len(c.desk.Waiting()) == 1 && c.till.sell.Note.Key == "recall.parked-again" })
	if !c.onSell() || c.total() != total || c.desk.Waiting()[0][0].Sold.AmountMinor != 200 {
		t.Errorf("%T, total %d, parked %+v", c.till.top(), c.total(), c.desk.Waiting())
	}
}

// What comes late from a disk that stalls takes no payment off the screen.
func TestALateAnswerTakesNoPaymentOffTheScreen(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyDelete} {
		c, stalled := recalling(t, key)
		c.press(fyne.KeyEscape)
		c.tile(1)
		gate := make(chan struct{})
		c.desk.Change(func(d *uitest.Desk) { d.Gate = gate })
		c.sending()
		pays := c.till.top()
		close(stalled)
		c.wait("what was asked for", func() bool { return c.rests() && !c.till.watching.pending.Load() && c.till.notice.Key != "" })
		if c.till.top() != pays || c.total() == 200 {
			t.Errorf("%s: %T is in front, total %d", key, c.till.top(), c.total())
		}
		close(gate)
		c.wait("a result", c.onResult)
	}
}

// A parked sale that can't be dropped says that, and not that it can't be brought back.
func TestASaleThatCanTBeDroppedSaysSo(t *testing.T) {
	c, stalled := recalling(t, fyne.KeyDelete)
	c.desk.TakeParked()
	close(stalled)
	c.wait("a word", func() bool { return c.till.sell.Note.Key == "sell.drop-failed" })
}

// A scan that a radio has torn is one question about whose goods they are, and what is refused behind such a question stays in sight.
func TestATornScanIsOneQuestion(t *testing.T) {
	code := demoItems(t)[1].Code
	c := declined(t)
	c.burst(code[:10])
	c.pass(150 * time.Millisecond)
	c.burst(code[10:])
	c.hurry(fyne.KeyReturn)
	q, asks := c.till.top().(*askScreen)
	if !asks || !strings.Contains(q.message(c.till.words).What, code) || c.desk.Asked("park") != 0 {
		t.Fatalf("%T, parked %d", c.till.top(), c.desk.Asked("park"))
	}
	c.keys("y")
	if !c.onSell() || c.till.sell.Cart.Len() != 2 {
		t.Errorf("the same customer: %T, %d lines", c.till.top(), c.till.sell.Cart.Len())
	}
	c = declined(t)
	c.scan("4006381333931")
	c.scan(firstCode(t)) // nobody answers
	c.wait("it is parked", func() bool { return c.desk.Asked("park") == 1 && c.rests() })
	if c.till.refusal.Key != "sell.code-unknown" || c.total() != 200 {
		t.Errorf("what is not sold is told as %q, total %d", c.till.refusal.Key, c.total())
	}
}

// The second half of a torn scan takes only the words about the first half away: what was refused before is not seen yet.
func TestATornHalfHidesNoRefusal(t *testing.T) {
	c := openDefault(t, nil)
	c.scan("4006381333931")
	code := demoItems(t)[1].Code
	c.burst(code[:10])
	c.pass(150 * time.Millisecond)
	c.burst(code[10:])
	c.hurry(fyne.KeyReturn)
	if c.till.sell.Cart.Len() != 1 || c.till.refusal.Key != "sell.code-unknown" {
		t.Errorf("%d lines, and the refused scan is told as %q", c.till.sell.Cart.Len(), c.till.refusal.Key)
	}
}
