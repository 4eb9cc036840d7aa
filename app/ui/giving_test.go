package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/sound"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// Goods are named by keys, the button says how much, and the card is read again; what went back stands on the result and on the payment.
func TestGoodsAreGivenBackByKeys(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	s := c.till.top().(*givingScreen)
	c.keys("++-+")
	c.press(fyne.KeyDown)
	c.keys("+")
	amount := s.what.AmountMinor()
	if label := s.primary(c.till).label; !strings.Contains(label, c.till.money(amount)) || amount != 500 {
		t.Fatalf("the button says %q, and %d goes back", label, amount)
	}
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen).result
	if r.Attempt.Kind != txn.Refund || r.Attempt.State != txn.Approved || r.Attempt.Amount.Minor != 500 || r.Bill.Back().RefundedMinor != 500 || r.Attempt.Return != 1 {
		t.Errorf("%+v, given back %+v", r.Attempt, r.Bill.Back())
	}
}

// A refund that is not known says so, and to give no cash; no second one of its payment is offered.
func TestARefundThatIsNotKnownSaysToGiveNoCash(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	c.desk.Card, c.desk.Reason = txn.Unresolved, txn.NoAnswer
	c.keys("5")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	if m := c.till.words.Result(r.result, false); m.Tone != present.Unknown || m.Charged != c.till.words.Text("refund.no-cash") {
		t.Errorf("it says %+v", m)
	}
	c.press(fyne.KeyReturn)
	if chip := c.till.strip.unknown; !chip.Visible() || chip.label != "1 refund not known" {
		t.Errorf("the strip says %q, and it is seen: %v", chip.label, chip.Visible())
	}
	c.till.changed()
	c.wait("quiet", func() bool { return !c.till.watching.pending.Load() }) // a look that began before the refund tells of before it
	e, ok := c.till.top().(*entryScreen)
	if !ok || present.MayGiveBack(e.entry.Matter()) || e.giving.Visible() {
		t.Errorf("%T, and another refund is offered", c.till.top())
	}
	c.press(fyne.KeyF3)
	if _, opened := c.till.top().(*givingScreen); opened {
		t.Error("a key opens a second refund")
	}
}

// What was sent can't be cancelled: only its answer says what became of it. Before that nothing is given back.
func TestARefundThatWasSentIsNotCancelled(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	c.desk.Gate = make(chan struct{})
	c.keys("5")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wait("the bank", func() bool {
		p, ok := c.till.top().(*payScreen)
		return ok && p.paying.Progress.Step == present.Sending
	})
	c.press(fyne.KeyEscape)
	p := c.till.top().(*payScreen)
	p.cancelCard(c.till) // whatever else may press it
	if p.paying.Undoing {
		t.Error("a refund that was sent is being cancelled")
	}
	close(c.desk.Gate)
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.State != txn.Approved {
		t.Errorf("it is %s", r.Attempt.State)
	}
}

// Esc before the card was read goes back to what was to be given back: nothing was begun.
func TestARefundIsCancelledBeforeItsCard(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	c.keys("5")
	c.press(fyne.KeyReturn, fyne.KeyEscape)
	c.wait("the choice", func() bool { _, ok := c.till.top().(*givingScreen); return ok })
	if back := c.till.top().(*givingScreen).what.Entry.Bill.Back(); back != (txn.Back{LeftMinor: back.LeftMinor}) {
		t.Errorf("a refund was begun: %+v", back)
	}
}

// The code of a receipt opens its payment and sells nothing; one that is not in the books says so.
func TestTheCodeOfAReceiptOpensItsPayment(t *testing.T) {
	c := openDefault(t, remembered)
	id := c.desk.FoundNow.Entries[0].Attempt.ID
	c.scan("VERATILL sale STAN 004000 RRN 000000000001 CNY 80.50 2026-11-22 14:05:03")
	c.wait("the payment", func() bool { e, ok := c.till.top().(*entryScreen); return ok && e.entry.Attempt.ID == id })
	if c.till.sell.Cart.Len() != 0 {
		t.Error("the code of a receipt was sold")
	}
	c.press(fyne.KeyEscape)
	for name, code := range map[string]string{
		"another till":      "VERATILL sale T0000002 STAN 004000 CNY 80.50 2026-11-22 14:05:03",
		"another moment":    "VERATILL sale STAN 004000 CNY 80.50 2026-11-22 14:05:04",
		"another sum":       "VERATILL sale STAN 004000 CNY 80.51 2026-11-22 14:05:03",
		"a sale of another": "VERATILL sale T0000002 SALE 4000 CNY 80.50 2026-11-22 14:05:03",
	} {
		c.till.sell.Note = present.Note{}
		c.scan(code)
		c.wait("a word on it: "+name, func() bool { return c.till.sell.Note.Key == "giving.no-receipt" })
		if !c.onSell() {
			t.Fatalf("%s opens %T", name, c.till.top())
		}
		c.pass(time.Second)
	}
}

// A receipt that is scanned while money moves opens nothing, and says so, with a sound of a refusal, in front of the payment.
func TestAReceiptThatIsScannedWhileMoneyMovesIsRefusedInSight(t *testing.T) {
	gate := make(chan struct{})
	defer close(gate)
	c := openDefault(t, func(d *uitest.Desk) { d.Gate = gate })
	var heard []sound.Kind
	c.till.opts.Sound = func(k sound.Kind) { heard = append(heard, k) }
	c.tile(0)
	c.sending()
	c.scan("VERATILL sale T0000001 STAN 000042 CNY 80.50 2026-11-29 10:00:00")
	if said := c.till.noted.message.What; !c.onPay() || said != c.till.words.Text("giving.receipt-later") || !c.till.noted.Visible() || !slices.Contains(heard, sound.Refused) {
		t.Errorf("%T says %q, heard %v", c.till.top(), said, heard)
	}
	c.pass(time.Second)
	c.press(fyne.KeyDown)
	if c.till.noted.Visible() {
		t.Error("somebody has pressed a key, and the words still stand there")
	}
}

// A letter, and a figure that comes too early, are refused in sight where money is given back, and the next figure takes the words away.
func TestWhatIsNoAmountIsRefusedWhereMoneyGoesBack(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	s := c.till.top().(*givingScreen)
	c.keys("q")
	if want := c.till.words.Text("pad.not-understood", "sign", "q"); s.say.message.What != want {
		t.Errorf("q is typed, and the page says %q", s.say.message.What)
	}
	c.keys("5")
	if s.hint.Key != "" || s.what.AmountMinor() != 500 {
		t.Errorf("5 is typed, and the page says %q of %d", s.hint.Key, s.what.AmountMinor())
	}
	s.refused(c.till, present.Note{Tone: present.Warning, Key: "pad.too-soon"})
	if s.say.message.What != c.till.words.Text("pad.too-soon") {
		t.Errorf("a figure came too early, and the page says %q", s.say.message.What)
	}
}

// What went back of a receipt is not offered again: the list of the last ones is read anew.
func TestTheLastReceiptsAreReadAnew(t *testing.T) {
	c := openDefault(t, nil)
	c.fill()
	c.card()
	c.press(fyne.KeyReturn)
	c.till.openReceipts()
	list, _ := c.till.top().(*receiptsScreen)
	c.wait("receipts", func() bool { return len(list.entries) > 0 })
	before := list.entries[0].Bill.Back().LeftMinor
	c.press(fyne.KeyF3)
	c.keys("1")
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	c.wait("the list as it is now", func() bool {
		return c.till.top() == screen(list) && len(list.entries) == 2 && list.entries[1].Bill.Back().LeftMinor == before-100
	})
}

// Cash goes back over the counter: no step waits for a card or a bank, and nothing asks a bank to undo it.
func TestCashGoesBackWithoutTheStepsOfACard(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	c.day()
	c.wait("payments", func() bool { return len(c.till.top().(*dayScreen).entries) > 0 })
	e := c.till.top().(*dayScreen).entries[0]
	c.till.openEntry(e)
	c.till.startVoid(e, "wrong item")
	if p := c.payScreen(); p.paying.Mode != present.Settling || p.paying.Sent() {
		t.Errorf("a void of cash is at step %v", p.paying.Progress.Step)
	}
	c.wait("a result", c.onResult)
}

// The last sale is given back in four actions: its list, the key, everything, Enter.
func TestTheLastSaleIsGivenBackInFourActions(t *testing.T) {
	c := openDefault(t, nil)
	c.fill()
	c.card()
	c.press(fyne.KeyReturn)
	c.till.openReceipts()
	c.wait("receipts", func() bool { s, ok := c.till.top().(*receiptsScreen); return ok && len(s.entries) > 0 })
	c.press(fyne.KeyF3, fyne.KeyF12, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.Kind != txn.Void || r.Attempt.State != txn.Approved {
		t.Errorf("a %s that is %s", r.Attempt.Kind, r.Attempt.State)
	}
}

// A scan of what is not on the sale that goes back is refused in sight; one that is counts, and takes the word away.
func TestGivingBackRefusesAScanInSight(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	s := c.till.top().(*givingScreen)
	c.scan("6999999999991")
	if s.say.message.What != c.till.words.Text("giving.not-of-it") || s.what.AmountMinor() != 0 {
		t.Errorf("what is not of the sale is scanned, and the page says %q of %d", s.say.message.What, s.what.AmountMinor())
	}
	c.pass(time.Second)
	c.scan(s.what.Entry.Sale.Lines[0].Code)
	if s.say.message.What == c.till.words.Text("giving.not-of-it") || s.what.AmountMinor() == 0 {
		t.Errorf("goods of the sale are scanned, and the page says %q of %d", s.say.message.What, s.what.AmountMinor())
	}
}
