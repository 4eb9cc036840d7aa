package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

func firstCode(t *testing.T) string { return demoItems(t)[0].Code }

// A first card sale: a click on a tile, F9, F2, Enter on the card that is marked. Four, at most five are allowed.
func TestACardSaleTakesFourKeys(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.wait("the desk waits for a card", func() bool { return c.desk.Asked("card") == 1 })
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	m := c.message()
	if m.Tone != present.Good || !strings.Contains(m.Charged, "¥2.00") {
		t.Fatalf("%+v", m)
	}
	if r := c.till.top().(*resultScreen); r.paper.shown == nil {
		c.wait("the paper", func() bool { return r.paper.shown != nil })
	}
	c.press(fyne.KeyReturn)
	if !c.onSell() || c.total() != 0 {
		t.Fatal("the next sale does not begin empty")
	}
}

// An exact cash sale is F9 and Enter; Enter again and again pays nothing more.
func TestExactCashIsTwoKeysAndEnterNeverPaysTwice(t *testing.T) {
	c := openDefault(t, nil)
	c.scan(firstCode(t))
	if c.total() != 200 {
		t.Fatalf("the scan gave %d", c.total())
	}
	c.hurry(fyne.KeyF9, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyReturn)
	c.wait("the cash", func() bool { return c.desk.Asked("cash") == 1 && !c.onPay() })
	c.press(fyne.KeyReturn, fyne.KeyEnter, fyne.KeyReturn, fyne.KeyF9, fyne.KeyReturn)
	c.pass(time.Second)
	c.drain()
	if n := c.desk.Asked("cash"); n != 1 {
		t.Fatalf("paid %d times", n)
	}
	if !c.onSell() || c.till.sell.Note.Key != "sell.change" {
		t.Fatalf("%T %q: the change does not stay until the next scan", c.till.top(), c.till.sell.Note.Key)
	}
}

// A scan changes what the large button means by itself, and F9 goes on from there at once: each sale is two keys, also right behind its last scan.
func TestEachSaleIsTwoKeysRightBehindItsLastScan(t *testing.T) {
	c := openDefault(t, nil)
	for sales := 1; sales <= 3; sales++ {
		c.scan(firstCode(t))
		c.hurry(fyne.KeyF9)
		c.pass(100 * time.Millisecond)
		c.hurry(fyne.KeyReturn)
		c.wait("the cash", func() bool { return c.desk.Asked("cash") == sales && c.onResult() })
		c.press(fyne.KeyReturn)
		c.pass(time.Second)
	}
}

func TestCashWithChange(t *testing.T) {
	c := openDefault(t, nil)
	c.scan(firstCode(t))
	c.press(fyne.KeyF9)
	c.keys("1")
	c.press(fyne.KeyReturn)
	if c.desk.Asked("cash") != 0 || c.till.top().(*payScreen).hint.Key != "pay.too-little" {
		t.Fatal("1.00 was taken for 2.00")
	}
	c.press(fyne.KeyBackspace)
	c.keys("20")
	c.press(fyne.KeyEnter)
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	if got := r.change[2].text; got != "¥18.00" {
		t.Fatalf("change %s", got)
	}
	c.scan(firstCode(t)) // the next scan begins the next sale
	if !c.onSell() || c.total() != 200 {
		t.Fatalf("%T %d", c.till.top(), c.total())
	}
}

// A scanner types like a keyboard; whatever has the focus, its code is a scan and lands nowhere else.
func TestAScanNeverLandsInAnAmountOrInTheSearch(t *testing.T) {
	c := openDefault(t, nil)
	code := firstCode(t)
	c.scan(code)
	c.press(fyne.KeyF9)
	c.keys("1")
	c.keys("5")
	c.scan(code)
	if !c.onSell() || c.total() != 400 || c.desk.Asked("cash") != 0 {
		t.Fatalf("%T, total %d, cash %d", c.till.top(), c.total(), c.desk.Asked("cash"))
	}
	c.press(fyne.KeyF2)
	c.keys("co")
	c.scan(code)
	if c.total() != 600 {
		t.Fatalf("total %d", c.total())
	}
	c.press(fyne.KeyEscape)
	c.keys("12")
	c.scan(code)
	if c.till.sell.Pad != "12" || c.total() != 800 {
		t.Fatalf("pad %q, total %d", c.till.sell.Pad, c.total())
	}
	c.press(fyne.KeyEscape, fyne.KeyTab, fyne.KeyTab, fyne.KeyTab)
	c.scan(code)
	if c.total() != 1000 {
		t.Fatalf("with a button focused: total %d", c.total())
	}
}

// While the amount is locked a scan is refused aloud and changes nothing.
func TestAScanWhileTheAmountIsLocked(t *testing.T) {
	gate := make(chan struct{})
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = gate })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("the bank is deciding", func() bool { return c.till.top().(*payScreen).paying.Progress.Step == present.Sending })
	c.scan(firstCode(t))
	p := c.till.top().(*payScreen)
	if p.hint.Key != "sell.locked" || c.total() != 200 {
		t.Fatalf("%q %d", p.hint.Key, c.total())
	}
	c.press(fyne.KeyEscape, fyne.KeyF9, fyne.KeyF4, fyne.KeyReturn, fyne.KeyF12)
	if c.till.top() != screen(p) || p.paying.Undoing {
		t.Fatal("a key left a payment that was sent")
	}
	close(gate)
	c.wait("a result", c.onResult)
	if c.desk.Asked("card") != 1 || c.desk.Asked("cash") != 0 || c.desk.Asked("park") != 0 {
		t.Fatal(c.desk.Calls)
	}
}

// Cancel before a card is swiped charges nothing and the sale is still there.
func TestEscBeforeTheSendLosesNothing(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyEscape)
	c.wait("the choice of tenders", func() bool {
		p, ok := c.till.top().(*payScreen)
		return ok && p.paying.Mode == present.Choosing
	})
	c.press(fyne.KeyEscape)
	if !c.onSell() || c.total() != 200 {
		t.Fatalf("%T %d", c.till.top(), c.total())
	}
}

// Cancel after the send asks the bank to undo: the result is not known, and says so.
func TestCancelAfterTheSend(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = make(chan struct{}) })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("the bank is deciding", func() bool { return c.till.top().(*payScreen).paying.Progress.Step == present.Sending })
	c.till.top().(*payScreen).cancelCard(c.till)
	c.wait("a result", c.onResult)
	if m := c.message(); m.Tone != present.Unknown || !strings.Contains(m.Charged, "Do not charge again") {
		t.Fatalf("%+v", m)
	}
}

// A payment that is not known: never shown as failed, no way to pay again, the
// goods are parked for the next customer, and the screen goes on by itself.
func TestAnUnknownResult(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Card, d.Reason = txn.Reversing, txn.NoAnswer })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	m := c.message()
	if m.Tone != present.Unknown || !strings.HasPrefix(m.Charged, "Not known yet") {
		t.Fatalf("%+v", m)
	}
	c.press(fyne.KeyF9, fyne.KeyF12)
	if !c.onResult() {
		t.Fatal("it can be paid again although it is not known")
	}
	c.press(fyne.KeyReturn)
	c.wait("the goods are parked", func() bool { return c.desk.Asked("park") == 1 && c.till.sell.Note.Key == "sell.parked" })
	if !c.onSell() || c.total() != 0 || !c.till.strip.unknown.Visible() {
		t.Fatal("the next customer can't be served, or the open payment is out of sight")
	}
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
	c.press(fyne.KeyReturn)
	c.wait("its payment", func() bool { _, ok := c.till.top().(*entryScreen); return ok })
	if c.total() != 0 {
		t.Fatal("its goods can be changed and paid for again")
	}
	c.desk.Settle(c.till.owed[0].Attempt.ID, txn.Reversed)
	c.wait("the answer", func() bool { return len(c.till.unknown()) == 0 && !c.till.strip.unknown.Visible() })
}

// The bank's answer to an unknown payment reaches the screen that shows it.
func TestAnUnknownResultBecomesKnown(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Card, d.Reason = txn.Reversing, txn.NoAnswer })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.desk.Settle(c.till.top().(*resultScreen).result.Attempt.ID, txn.Reversed)
	c.wait("not charged", func() bool { return c.message().Charged == "Not charged." })
	r := c.till.top().(*resultScreen)
	if c.till.action.label != c.till.words.Text("result.serve-next") || !r.again.Visible() {
		t.Fatalf("the primary button says %q, and a way to pay again is there: %t", c.till.action.label, r.again.Visible())
	}
	c.tap(r.again)
	if !c.onPay() {
		t.Fatal("now it may be paid again")
	}
}

func TestADeclinedCardIsPaidAgainAsTheSameSale(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "43" })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	m := c.message()
	if m.Tone != present.Bad || m.Charged != "Not charged." || strings.Contains(strings.ToLower(m.What+m.Next), "stolen") {
		t.Fatalf("%+v", m)
	}
	first := c.till.top().(*resultScreen).result.SaleID
	c.press(fyne.KeyReturn)
	c.press(fyne.KeyReturn)
	if p, ok := c.till.top().(*payScreen); !ok || p.paying.Busy() || c.desk.Asked("cash") != 0 {
		t.Fatal("Enter took cash, and no tender is chosen")
	}
	c.press(fyne.KeyF12, fyne.KeyF12)
	c.wait("the cash", func() bool { return c.desk.Asked("cash") == 1 && c.onResult() })
	if got := c.till.top().(*resultScreen).sale.ID; got != first {
		t.Fatalf("sale %d, first tried as %d", got, first)
	}
}

func TestARefusedCardBeginsNothing(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.Card, d.Code = "", "chip card swiped" })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if m := c.message(); m.Charged != "Not charged." || !strings.Contains(m.What, "chip") {
		t.Fatalf("%+v", m)
	}
}

// After a crash the first screen says what is being finished, live; then selling begins.
func TestFinishingIsTheFirstScreen(t *testing.T) {
	id := txn.ID(40)
	amount := money.Amount{Minor: 700, Currency: money.CNY}
	found := present.Recovered{Before: txn.Pending, Matter: txn.Matter{Attempt: txn.Attempt{ID: id, Kind: txn.Sale, Tender: txn.Card, Amount: amount,
		State: txn.Reversing, Reason: txn.CutByRestart}}}
	c := openDefault(t, func(d *uitest.Desk) { d.Found = []present.Recovered{found} })
	f, ok := c.till.top().(*finishingScreen)
	if !ok || f.say.message.Tone != present.Unknown || !strings.Contains(f.say.message.What, "1") {
		t.Fatalf("%T", c.till.top())
	}
	found.Matter.Attempt.State, found.Done = txn.Reversed, true
	c.desk.Change(func(d *uitest.Desk) { d.Found = []present.Recovered{found} })
	c.wait("it is done", func() bool { return f.say.message.Tone == present.Good })
	if f.shown[0].Now != "Not charged." {
		t.Fatalf("%+v", f.shown[0])
	}
	c.press(fyne.KeyReturn)
	if !c.onSell() {
		t.Fatal("selling does not begin")
	}
}

func TestQuantityThenScan(t *testing.T) {
	c := openDefault(t, nil)
	c.keys("5*")
	c.scan(firstCode(t))
	if c.total() != 1000 {
		t.Fatalf("5 × 2.00 = %d", c.total())
	}
	c.keys("+")
	c.keys("3")
	c.press(fyne.KeyF5)
	if c.total() != 600 {
		t.Fatalf("quantity 3: %d", c.total())
	}
	c.keys("-")
	if c.total() != 400 {
		t.Fatalf("one less: %d", c.total())
	}
	c.scan(demoItems(t)[1].Code)
	c.press(fyne.KeyUp) // the line before it is selected
	c.keys("+")
	c.press(fyne.KeyF5) // asks for the number
	if key := c.till.sell.Note.Key; key != "sell.quantity-how" {
		t.Fatalf("F5 asks for no number: %q", key)
	}
	c.keys("4")
	c.press(fyne.KeyReturn)
	if lines := c.till.sell.Cart.Lines(); lines[0].Sold.QuantityE5 != 4*sale.OneE5 || lines[1].Sold.QuantityE5 != sale.OneE5 {
		t.Fatalf("%+v", lines)
	}
	c.press(fyne.KeyDelete, fyne.KeyDelete)
	if c.total() != 0 {
		t.Fatalf("after removing: %d", c.total())
	}
	c.scan("6999999999994")
	if c.till.sell.Note.Key != "sell.code-unknown" && c.till.sell.Note.Key != "sell.code-misread" {
		t.Fatal(c.till.sell.Note.Key)
	}
	c.scan(firstCode(t)) // and the queue moves on
	if c.total() != 200 {
		t.Fatal(c.total())
	}
}

// A weight that was typed counts, whatever comes next; without one nothing else begins, and what was chosen is not left out without a word.
func TestAWeightIsNotLost(t *testing.T) {
	apples := func(t *testing.T, weight string) *counter {
		c := openDefault(t, nil)
		c.tile(0)
		c.keys("118")
		c.press(fyne.KeyEnter)
		c.keys(weight)
		return c
	}
	for name, act := range map[string]func(c *counter){
		"pay":    func(c *counter) { c.press(fyne.KeyF9) },
		"exact":  func(c *counter) { c.press(fyne.KeyF12) },
		"park":   func(c *counter) { c.press(fyne.KeyF4) },
		"recall": func(c *counter) { c.chord(fyne.KeyF4) },
		"scan":   func(c *counter) { c.scan(firstCode(t)) },
		"tile":   func(c *counter) { c.tile(0) },
	} {
		c := apples(t, "")
		act(c)
		if !c.onSell() || c.till.sell.Weigh == nil || c.total() != 200 || c.till.sell.Note.Key != "sell.weight-wait" {
			t.Errorf("%s without a weight: %T, total %d, %q", name, c.till.top(), c.total(), c.till.sell.Note.Key)
		}
		c = apples(t, "0.5")
		lines := 0
		switch act(c); name {
		case "park":
			c.wait("it is parked", func() bool { return len(c.desk.Waiting()) == 1 })
			lines = len(c.desk.Waiting()[0])
		default:
			lines = c.till.sell.Cart.Len()
		}
		if lines != 2 || c.till.sell.Weigh != nil {
			t.Errorf("%s after a weight: %d lines", name, lines)
		}
	}
}

func TestWeighedArticle(t *testing.T) {
	c := openDefault(t, nil)
	c.keys("101")
	c.press(fyne.KeyEnter)
	if c.till.sell.Weigh == nil {
		t.Fatal("no weight is asked for")
	}
	c.keys("1.25")
	c.press(fyne.KeyEnter)
	if c.total() != 1475 {
		t.Fatal(c.total())
	}
}

func TestSearchByInitials(t *testing.T) {
	c := openDefault(t, nil)
	c.keys("pg") // letters go to the search by themselves
	c.press(fyne.KeyReturn)
	if c.till.sell.Weigh == nil || c.till.sell.Weigh.Name.EN != "Apples" {
		t.Fatalf("%+v", c.till.sell.Weigh)
	}
}

func TestParkAndRecall(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF4)
	c.wait("parked", func() bool { return c.desk.Asked("park") == 1 && c.total() == 0 })
	c.chord(fyne.KeyF4)
	c.wait("the list", func() bool { r, ok := c.till.top().(*recallScreen); return ok && len(r.parked) == 1 })
	c.press(fyne.KeyReturn)
	c.wait("the goods", func() bool { return c.total() == 200 && c.onSell() })
}

// Parked sales that cannot be read are not the same as none: the cashier is told, with the reason.
func TestRecallSaysThatParkedSalesCannotBeRead(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.ParkedErr = errors.New("kept as parked-unreadable-1.json") })
	c.chord(fyne.KeyF4)
	c.wait("the reason", func() bool {
		r, ok := c.till.top().(*recallScreen)
		return ok && r.failed != nil && r.say.message.What == c.till.words.Text("recall.unreadable") && r.say.message.Detail == c.desk.ParkedErr.Error()
	})
}

// A sale that can't be parked comes back; nothing is dropped.
func TestParkingThatFails(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.ParkFails = true })
	c.tile(0)
	c.press(fyne.KeyF4)
	c.wait("the lines are back", func() bool { return c.total() == 200 && c.till.sell.Note.Key == "sell.park-failed" })
}

func TestLockKeepsTheCartAndAScanUnlocks(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.chord(fyne.KeyL)
	if !c.till.locked {
		t.Fatal("not locked")
	}
	c.press(fyne.KeyF9)
	if c.till.locked || !c.onSell() || c.total() != 200 {
		t.Fatal("the key that unlocks does nothing else")
	}
	c.chord(fyne.KeyL)
	c.scan(firstCode(t))
	if c.till.locked || c.total() != 400 {
		t.Fatal(c.total())
	}
}

// Language and theme change at once, in the middle of anything, and lose nothing.
func TestSwitchingLanguageAndTheme(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9)
	c.till.switchLanguage()
	c.till.switchTheme()
	c.drain()
	if !c.onPay() || c.till.words.Language() != "zh" || c.till.kit.theme != "dark" {
		t.Fatal("not switched")
	}
	c.wait("both are kept", func() bool { return c.desk.Asked("language=zh") == 1 && c.desk.Asked("theme=dark") == 1 })
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("the cash", func() bool { return c.desk.Asked("cash") == 1 })
}

func TestVoidAsksFirstAndEnterIsTheSafeAnswer(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	c.tile(1) // a sale in the making must survive a void
	c.till.openDay()
	c.wait("the day", func() bool { return c.till.top().(*dayScreen).loaded })
	entry := c.till.top().(*dayScreen).entries[0]
	c.till.openEntry(entry)
	s := c.till.top().(*entryScreen)
	s.askVoid(c.till)
	c.press(fyne.KeyReturn)
	if c.desk.Asked("void") != 0 {
		t.Fatal("Enter voided")
	}
	s.askVoid(c.till)
	c.till.top().(*reasonScreen).answer(c.till, 1)
	c.wait("the void", c.onResult)
	if by := c.desk.By(); by[len(by)-1].Why != c.till.words.Text("void.not-wanted") {
		t.Errorf("the void is by %+v", by[len(by)-1])
	}
	if m := c.message(); !strings.Contains(m.Charged, "in cash") {
		t.Fatalf("%+v", m)
	}
	c.press(fyne.KeyEscape)
	c.wait("the payment's page says that it went back", func() bool { return s.say.message.Charged == "¥2.00 went back; the customer paid nothing." })
	c.press(fyne.KeyEscape, fyne.KeyEscape)
	if !c.onSell() || c.total() == 0 {
		t.Fatalf("%T %d", c.till.top(), c.total())
	}
}

// What happens while the day's page is open, or below another one, is on it at once: it carries no copy.
func TestTheOpenDayIsReadAnewWithEachChange(t *testing.T) {
	c := openDefault(t, nil)
	c.till.openDay()
	d := c.till.top().(*dayScreen)
	c.wait("the day", func() bool { return d.loaded })
	for net := int64(100); net < 105; net++ {
		c.desk.Change(func(d *uitest.Desk) { d.Day1.NetMinor = net })
		c.wait("its sum", func() bool { return d.day.NetMinor == net })
	}
}

func TestCloseDayAsksFirst(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) { d.CloseErr = errors.New("1 payment is not known yet") })
	c.till.openDay()
	c.wait("the day", func() bool { return c.till.top().(*dayScreen).loaded })
	d := c.till.top().(*dayScreen)
	d.askZ(c.till, func() {})
	c.press(fyne.KeyEscape)
	d.askZ(c.till, func() {})
	c.till.top().(*askScreen).answer(c.till)
	c.wait("the refusal", func() bool { return d.note.Key == "day.z-failed" })
	c.desk.Change(func(d *uitest.Desk) { d.CloseErr = nil })
	d.closeDay(c.till)
	c.wait("the Z", func() bool { return d.note.Key == "day.z-done" })
	if c.desk.Asked("z") != 2 {
		t.Fatal(c.desk.Calls)
	}
}

// The cross of the window tells what will happen while money is moving, and parks goods otherwise.
func TestClosingTheWindow(t *testing.T) {
	gate := make(chan struct{})
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = gate })
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("the bank is deciding", func() bool { return c.till.top().(*payScreen).paying.Progress.Step == present.Sending })
	c.till.askClose()
	if _, asked := c.till.top().(*askScreen); !asked || c.till.closed {
		t.Fatal("it closed without a word")
	}
	close(gate) // the result must not be lost behind the question
	c.wait("the result is under the question", func() bool {
		for _, s := range c.till.stack {
			if _, ok := s.(*resultScreen); ok {
				return true
			}
		}
		return false
	})
	c.press(fyne.KeyEscape)
	if !c.onResult() {
		c.press(fyne.KeyEscape)
	}
	c.press(fyne.KeyReturn)
	c.tile(0)
	c.till.askClose()
	c.till.top().(*askScreen).answer(c.till)
	c.wait("parked and closed", func() bool { return c.till.closed && c.desk.Asked("park") == 1 })
}

// A fault that passes within 3 s is never shown.
func TestTransientFaultsStayOffTheScreen(t *testing.T) {
	c := openDefault(t, nil)
	chip := c.till.strip.health
	c.desk.Change(func(d *uitest.Desk) {
		d.ChipsNow[2] = present.Chip{Part: present.Bank, Health: present.Offline, Code: "no answer", Since: c.clock}
	})
	c.wait("the look", func() bool { return c.till.settler.Unsettled(c.till.desk.Chips()) })
	if chip.hint != "" || chip.label != "All ready" {
		t.Fatal(chip.label, chip.hint)
	}
	for range 5 {
		c.pass(time.Second)
	}
	c.wait("the fault", func() bool { c.till.changed(); return chip.hint == "no answer" })
}
