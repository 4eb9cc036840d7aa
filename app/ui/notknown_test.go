package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// terminalNotSaid is a counter at which nobody has said yet what the separate terminal showed of a sale: it is parked.
func terminalNotSaid(t *testing.T) *counter {
	t.Helper()
	c := openDefault(t, separate)
	c.tile(0)
	c.atTerminal()
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	c.wait("it is parked", func() bool { return c.till.parked == 1 })
	return c
}

// parkedNotKnown leaves a sale parked of which nobody has said what the separate terminal showed.
func parkedNotKnown(t *testing.T) *counter {
	t.Helper()
	c := terminalNotSaid(t)
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool {
		r, ok := c.till.top().(*recallScreen)
		return ok && len(r.parked) == 1 && r.parked[0].Unknown
	})
	return c
}

// The goods of a payment that is not known come back to no cart, where they could be changed or paid for again: Enter shows the payment, with the
// way to say what the terminal showed, and a scan there begins the next sale.
func TestGoodsOfAPaymentThatIsNotKnownStayParked(t *testing.T) {
	c := parkedNotKnown(t)
	c.press(fyne.KeyReturn)
	c.wait("the payment", func() bool { _, ok := c.till.top().(*entryScreen); return ok })
	s := c.till.top().(*entryScreen)
	if c.total() != 0 || !s.terminal.Visible() || !strings.Contains(s.say.message.Charged, "Do not charge again") || !strings.Contains(s.say.message.Charged, "2.00") {
		t.Fatalf("total %d, a way to answer %v, %+v", c.total(), s.terminal.Visible(), s.say.message)
	}
	c.press(fyne.KeyF9)
	if c.onPay() {
		t.Fatal("it can be paid again")
	}
	c.scan(demoItems(t)[1].Code)
	if !c.onSell() || c.till.sell.Cart.Len() != 1 || c.till.sell.Cart.Lines()[0].Item.Code != demoItems(t)[1].Code || len(c.desk.Waiting()) != 1 {
		t.Fatalf("after a scan: %T, %+v, %d parked", c.till.top(), c.till.sell.Cart.Lines(), len(c.desk.Waiting()))
	}
}

// Once the terminal's answer is said, the list that is gone back to shows it.
func TestTheListOfParkedSalesIsReadAnew(t *testing.T) {
	c := parkedNotKnown(t)
	c.press(fyne.KeyReturn)
	c.wait("the payment", func() bool { _, ok := c.till.top().(*entryScreen); return ok })
	c.desk.Settle(c.till.top().(*entryScreen).entry.Attempt.ID, txn.Declined)
	c.press(fyne.KeyEscape)
	c.wait("the list", func() bool {
		r, ok := c.till.top().(*recallScreen)
		return ok && len(r.parked) == 1 && !r.parked[0].Unknown
	})
	c.press(fyne.KeyReturn)
	c.wait("the goods", func() bool { return c.onSell() && c.total() == 200 })
}

// Del drops no sale of which a payment is not known, and says why.
func TestASaleThatIsNotKnownIsNotDropped(t *testing.T) {
	c := parkedNotKnown(t)
	c.press(fyne.KeyDelete)
	r := c.till.top().(*recallScreen)
	c.wait("it says why", func() bool { return r.say.message.What == c.till.words.Text("recall.stays", "amount", "¥2.00") })
	if len(c.desk.Waiting()) != 1 {
		t.Errorf("%d parked", len(c.desk.Waiting()))
	}
}

// Goods that could not be parked stay in memory, and come back to no cart either while their payment is not known.
func TestGoodsThatCannotBeParkedAreNotPaidAgain(t *testing.T) {
	c := openDefault(t, separate)
	c.tile(0)
	c.atTerminal()
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.desk.Change(func(d *uitest.Desk) { d.ParkFails = true })
	c.press(fyne.KeyReturn)
	c.wait("it says so", func() bool { return c.till.sell.Note.Key == "sell.park-failed" })
	if c.total() != 0 || len(c.till.unparked) != 1 {
		t.Fatalf("total %d, %d in memory", c.total(), len(c.till.unparked))
	}
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
	c.press(fyne.KeyReturn)
	c.wait("its payment", func() bool { _, ok := c.till.top().(*entryScreen); return ok })
	if c.total() != 0 || len(c.till.unparked) != 1 {
		t.Errorf("total %d, %d in memory", c.total(), len(c.till.unparked))
	}
}

// While paper is out the result says so, and that the payment is complete; the printer's page has it as its latest problem.
func TestAResultSaysForWhatItsPaperWaits(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Paper = txn.Printing })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	says := func(key string) func() bool {
		return func() bool { return strings.Contains(c.message().Next, c.till.words.Text(key)) }
	}
	c.wait("it prints", says("paper.printing.next"))
	fault := func(code string) func(d *uitest.Desk) {
		return func(d *uitest.Desk) { d.ChipsNow[1].Health, d.ChipsNow[1].Code = present.Attention, code }
	}
	c.desk.Change(fault("paper out"))
	c.wait("it says that paper is out", says("paper.waits.paper-out"))
	c.desk.Change(fault("near end"))
	c.wait("it prints", says("paper.printing.next"))
	c.desk.Change(fault("paper out"))
	c.wait("it says so again", says("paper.waits.paper-out"))
	c.press(fyne.KeyReturn)
	c.till.openDevice(present.Printer)
	c.drain()
	if d := c.till.top().(*deviceScreen); d.list[1].Value != c.till.words.Closed("chip.", "paper out") {
		t.Errorf("the latest problem is %q", d.list[1].Value)
	}
}

// A scan that leaves the result is the cashier's own act: F9 right behind it begins to pay. A question that it brings takes nothing for a moment.
func TestAKeyActsRightBehindAScan(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.pass(calmFor)
	c.scan(firstCode(t))
	c.pass(50 * time.Millisecond)
	c.hurry(fyne.KeyF9)
	if !c.onPay() {
		t.Fatalf("after a scan F9 did nothing: %T", c.till.top())
	}
	declined := openDefault(t, func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
	declined.tile(0)
	declined.press(fyne.KeyF9, fyne.KeyF2, fyne.KeyReturn)
	declined.wait("a result", declined.onResult)
	declined.pass(calmFor)
	declined.scan(firstCode(t))
	q := declined.till.top()
	declined.hurry(fyne.KeyEscape)
	if _, asks := q.(*askScreen); !asks || declined.till.top() != q {
		t.Errorf("a question of a scan was answered at once: %T, %T", q, declined.till.top())
	}
}

// What does nothing looks so: the pad's Enter where no tender is chosen, and the large button where too little was handed over, which says how much is short.
func TestWhatDoesNothingLooksSo(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9)
	live := func() bool { return !c.paying().pad.keys[padEnter].disabled }
	if !live() {
		t.Error("the pad's Enter takes the exact cash, and looks as if it did nothing")
	}
	c.keys("1")
	if act := c.paying().primary(c.till); act.enabled || live() || act.label != c.till.words.Text("pay.short-by", "amount", "¥1.00") {
		t.Errorf("of too little cash the button says %q, enabled %v", act.label, act.enabled)
	}
	c.press(fyne.KeyBackspace, fyne.KeyF4)
	if live() {
		t.Error("while a part is typed the pad's Enter looks live")
	}
}

// After a paid sale the question on closing shows what was sold, and nothing that looks as if it could be changed.
func TestAQuestionShowsNoDeadButtons(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF4)
	c.wait("it is parked", func() bool { return c.till.parked == 1 })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.till.askClose()
	if _, asks := c.till.top().(*askScreen); !asks || c.till.cart.now.Visible() {
		t.Errorf("%T, and the line's buttons are there: %v", c.till.top(), c.till.cart.now.Visible())
	}
}

// The key for looking up payments, pressed where they are looked up, begins anew.
func TestLookingUpBeginsAnew(t *testing.T) {
	c := openDefault(t, nil)
	c.chord(fyne.KeyF)
	c.wait("the page", func() bool { return c.finding().loaded })
	c.finding().field.SetText("12")
	c.chord(fyne.KeyF)
	if text := c.finding().text; text != "" {
		t.Errorf("the box still has %q", text)
	}
}

// forManager is a till at which two payments of before wait for the manager: the bank refuses to undo one, and another's number may be another's.
func forManager(d *uitest.Desk) {
	unresolved(d)
	for _, e := range d.Day1.Unresolved {
		d.ForManager = append(d.ForManager, e.Matter())
	}
}

// A payment that the bank says no more of stays in sight: the strip sends for the manager, its chip opens the list, which is not told as finished, and who opens
// the payment has looked at it.
func TestWhatTheBankSaysNoMoreOfStaysInSight(t *testing.T) {
	c := openDefault(t, forManager)
	c.wait("the chip", func() bool { return c.till.strip.unknown.Visible() })
	if label := c.till.strip.unknown.label; label != "2 for the manager" {
		t.Fatalf("the strip says %q", label)
	}
	c.tap(c.till.strip.unknown)
	f, ok := c.till.top().(*finishingScreen)
	if !ok || len(f.shown) != 2 || f.say.message.Tone != present.Unknown || f.say.message.What != "2 payments need the manager" {
		t.Fatalf("%T", c.till.top())
	}
	c.press(fyne.KeyDown, fyne.KeyReturn)
	c.wait("the payment", func() bool { _, ok := c.till.top().(*entryScreen); return ok })
	id := c.till.top().(*entryScreen).entry.Attempt.ID
	c.wait("somebody looked", func() bool { return c.desk.Asked("looked "+id.String()) == 1 })
}

// What the start found has its chip behind the first screen, and closing names it, a sale that is paid in part too.
func TestWhatTheStartFoundHasAChip(t *testing.T) {
	c := openDefault(t, foundPart)
	c.press(fyne.KeyEscape)
	if chip := c.till.strip.unknown; !c.onSell() || !chip.Visible() || chip.label != "1 not known yet" {
		t.Errorf("%T, the chip says %q", c.till.top(), chip.label)
	}
	c.till.askClose()
	c.drain()
	q, asks := c.till.top().(*askScreen)
	if !asks {
		t.Fatalf("%T", c.till.top())
	}
	for _, want := range []string{"1 payment is not known yet", "1 sale is paid in part"} {
		if next := q.say.message.Next; !strings.Contains(next, want) {
			t.Errorf("closing says %q, and not that %s", next, want)
		}
	}
	c.press(fyne.KeyEscape)
	c.till.openUnknown()
	if f := c.till.top().(*finishingScreen); len(f.shown) != 2 || f.say.message.Charged == "" {
		t.Errorf("%d rows, and the head says %+v", len(f.shown), f.say.message)
	}
}

// F7 on a result prints its own paper, and never another customer's.
func TestF7OnAResultPrintsItsOwnPaper(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	c.entry()
	e := c.till.top().(*entryScreen).entry
	c.till.lastPaid = txn.Matter{Attempt: txn.Attempt{ID: 1}, Bill: txn.Bill{SaleID: 1}} // another customer's
	c.till.startVoid(e, "wrong item")
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	c.press(fyne.KeyF7)
	c.wait("a copy", func() bool { return c.desk.Asked("reprint") == 1 && r.done == "sell.reprinted" })
	if r.result.Attempt.Kind != txn.Void {
		t.Errorf("a copy of a %s", r.result.Attempt.Kind)
	}
	c = declined(t)
	c.press(fyne.KeyF7)
	if r := c.till.top().(*resultScreen); c.desk.Asked("reprint") != 0 || r.done != "result.no-reprint" {
		t.Errorf("nothing was paid, and F7 prints: %v, %q", c.desk.Calls, r.done)
	}
}

// What a key does on another screen than the sale's is told there, until somebody presses something.
func TestWhatIsToldStandsInFront(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF10)
	c.wait("it is told", func() bool { return c.till.noted.Visible() })
	if said := c.till.noted.message.What; !c.onPay() || said != c.till.words.Text("sell.drawer") {
		t.Errorf("%T says %q", c.till.top(), said)
	}
	c.keys("5")
	if c.till.noted.Visible() || c.paying().paying.Pad != "5" {
		t.Error("a figure is typed, and the words still stand there")
	}
}

// What needs attention is opened by keys: the arrows choose, Enter opens; until then the large button goes back to selling.
func TestWhatNeedsAttentionIsOpenedByKeys(t *testing.T) {
	c := openDefault(t, unresolved)
	c.day()
	d := c.till.top().(*dayScreen)
	c.wait("what needs attention", func() bool { return len(d.looks) >= 2 })
	if label := d.primary(c.till).label; label != c.till.words.Text("day.back") {
		t.Errorf("the button says %q", label)
	}
	want := d.looks[1].Attempt.ID
	c.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if e, ok := c.till.top().(*entryScreen); !ok || e.entry.Attempt.ID != want {
		t.Errorf("%T", c.till.top())
	}
}

// waitingScenes are those of what waits for the manager, and of what is told in front of a payment.
var waitingScenes = []scene{
	{"manager-waits", forManager, func(*counter) {}},
	{"manager-list", forManager, func(c *counter) { c.till.openUnknown() }},
	{"notice-pay", nil, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9, fyne.KeyF10)
		c.wait("it is told", func() bool { return c.till.noted.Visible() })
	}},
	{"void-why-figures", nil, func(c *counter) { c.entry(); c.tap(c.till.top().(*entryScreen).void); c.keys("1") }},
	{"devices-looked-for", plugged, func(c *counter) { c.devices(); c.keys("usb") }},
	{"giving-letter", nil, func(c *counter) { c.giving(); c.keys("q") }},
	{"recall-scan", nil, func(c *counter) {
		c.desk.StallDisk = make(chan struct{})
		c.tile(0)
		c.press(fyne.KeyF4)
		c.wait("the strip counts", func() bool { return c.till.parked == 1 })
		c.chord(fyne.KeyF4)
		c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
		c.press(fyne.KeyReturn)
		c.scan(firstCode(c.t))
	}},
}

func init() { scenes = append(scenes, waitingScenes...) }
