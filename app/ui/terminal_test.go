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

func separate(d *uitest.Desk) { d.AboutNow.SeparateTerminal = true }

func (c *counter) asked() bool { _, ok := c.till.top().(*terminalScreen); return ok }

// atTerminal begins to pay what is in the cart at the separate terminal.
func (c *counter) atTerminal() {
	c.t.Helper()
	c.press(fyne.KeyF9, fyne.KeyF8)
	c.wait("the question about the terminal", c.asked)
}

// What a person says of the separate terminal ends the payment, once: a second press, a scan or a key in a hurry adds
// no other answer, and the goods of a claimed payment leave the till.
func TestOneAnswerEndsAPaymentAtTheSeparateTerminal(t *testing.T) {
	c := openDefault(t, separate)
	c.tile(0)
	c.atTerminal()
	c.press(fyne.KeyF9, fyne.KeyF2, fyne.KeyF12)
	c.scan(firstCode(t))
	if !c.asked() || c.total() != 200 {
		t.Fatalf("a key or a scan left the question: %T, total %d", c.till.top(), c.total())
	}
	c.keys("y")
	c.hurry(fyne.KeyReturn)
	c.paced("n", 0)
	c.hurry(fyne.KeyEnter) // whether these meet the question or the result, they change nothing
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	if r.result.Attempt.State != txn.Claimed || !r.paid() || c.desk.Asked("external") != 1 {
		t.Fatalf("%s, asked %d times", r.result.Attempt.State, c.desk.Asked("external"))
	}
	c.press(fyne.KeyReturn)
	if !c.onSell() || c.total() != 0 {
		t.Errorf("after a claimed payment: %T, total %d", c.till.top(), c.total())
	}
}

// Enter and Esc answer that nothing is known yet, and neither pays nor loses the goods: they come back when the
// terminal did not approve, and do not when it did.
func TestNothingYetIsAnsweredLater(t *testing.T) {
	for answer, want := range map[string]struct {
		state  txn.State
		parked int
	}{"y": {txn.Claimed, 0}, "n": {txn.Declined, 1}} {
		c := openDefault(t, separate)
		c.tile(0)
		c.atTerminal()
		c.press(fyne.KeyReturn)
		c.wait("a result", c.onResult)
		r := c.till.top().(*resultScreen)
		if r.result.Attempt.State != txn.Pending || !r.terminal.Visible() {
			t.Fatalf("%s, and a way to answer: %v", r.result.Attempt.State, r.terminal.Visible())
		}
		c.press(fyne.KeyReturn) // the next customer
		if !c.onSell() || c.total() != 0 || len(c.till.unknown()) != 1 {
			t.Fatalf("%T, total %d, not known yet: %d", c.till.top(), c.total(), len(c.till.unknown()))
		}
		c.tile(1)
		total := c.total()
		c.till.openUnknown()
		c.till.openEntry(present.Entry{Attempt: c.till.unknown()[0].Attempt, Bill: c.till.unknown()[0].Bill})
		c.drain()
		entry := c.till.top().(*entryScreen)
		if !entry.terminal.Visible() {
			t.Fatal("the page of the payment has no way to answer")
		}
		c.tap(entry.terminal)
		c.press(fyne.KeyEscape) // not now
		if c.till.top() != screen(entry) {
			t.Fatalf("Esc went from the question to %T", c.till.top())
		}
		c.tap(entry.terminal)
		c.keys(answer)
		c.wait("a result", c.onResult)
		if a := c.till.top().(*resultScreen).result.Attempt; a.State != want.state {
			t.Errorf("after %s the payment is %s", answer, a.State)
		}
		c.wait("the goods", func() bool {
			waiting, err := c.desk.Parked()
			return err == nil && len(waiting) == want.parked && c.desk.Asked("park") == 1
		})
		if c.total() != total {
			t.Errorf("the sale in the making is %d, was %d", c.total(), total)
		}
	}
}

// Said from the result itself, the goods leave with the payment: a scan begins the next sale and none is charged twice.
// No tap on the strip leaves a question that is open.
func TestSaidFromTheResultLeavesNoGoodsBehind(t *testing.T) {
	c := openDefault(t, separate)
	c.tile(0)
	c.atTerminal()
	q := c.till.top()
	c.till.openDay()
	c.till.openKeys()
	if c.till.top() != q {
		t.Fatalf("a tap left the question for %T", c.till.top())
	}
	c.press(fyne.KeyEscape)
	c.wait("a result", c.onResult)
	c.tap(c.till.top().(*resultScreen).terminal)
	c.keys("y")
	c.wait("the claimed result", func() bool { r, ok := c.till.top().(*resultScreen); return ok && r.paid() })
	c.scan(firstCode(t))
	if !c.onSell() || c.total() != 200 {
		t.Errorf("%T, total %d", c.till.top(), c.total())
	}
}

// A scan while the till asks what the terminal showed is refused in sight: the question says that it comes first, and says so only then.
func TestATerminalsQuestionRefusesAScanInSight(t *testing.T) {
	c := openDefault(t, separate)
	c.tile(0)
	c.atTerminal()
	q := c.till.top().(*terminalScreen)
	first := c.till.words.Text("goods.answer-first")
	if strings.Contains(q.say.message.Next, first) {
		t.Fatalf("before a scan the question says %q", q.say.message.Next)
	}
	c.scan(firstCode(t))
	if c.till.top() != screen(q) || !strings.Contains(q.say.message.Next, first) || c.total() != 200 {
		t.Errorf("a scan leaves %T, total %d, and the question says %q", c.till.top(), c.total(), q.say.message.Next)
	}
}

// Without a separate terminal the key for it pays nothing.
func TestNoSeparateTerminalNoKeyForIt(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF8)
	if p, ok := c.till.top().(*payScreen); !ok || p.hint.Key != "pay.hint" || p.terminal != nil || c.desk.Asked("external") != 0 {
		t.Errorf("%T, asked %d", c.till.top(), c.desk.Asked("external"))
	}
}

// Figures are those of an amount that belongs to the terminal, or of a scanner that types slowly: none says what the terminal showed.
func TestNoFigureSaysWhatATerminalShowed(t *testing.T) {
	c := openDefault(t, separate)
	c.tile(0)
	c.atTerminal()
	q := c.till.top().(*terminalScreen)
	c.keys("15.00")
	c.paced("6901234567892", 200*time.Millisecond)
	if c.till.top() != screen(q) || q.answered || !strings.Contains(q.say.message.Next, c.till.words.Text("external.letters")) {
		t.Errorf("an amount is typed: %T, answered %v, and it says %q", c.till.top(), q.answered, q.say.message.Next)
	}
	c.keys("l")
	c.wait("a result", c.onResult)
	if a := c.till.top().(*resultScreen).result.Attempt; a.State != txn.Pending {
		t.Errorf("later, and the payment is %s", a.State)
	}
}
