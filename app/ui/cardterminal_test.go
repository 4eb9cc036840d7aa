package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// cardTerminal puts a card terminal on the till's cable, at which a customer stands.
func cardTerminal(d *uitest.Desk) {
	d.AboutNow.CardTerminal, d.Card, d.Displays, d.Gate = true, txn.Approved, []string{"Karte vorhalten", "einstecken/durchziehen"}, make(chan struct{})
}

// F2 sends the amount to the card terminal: no card is chosen here, what stands on its display stands on the screen, and Cancel has it stop.
func TestCardTerminalTakesTheCard(t *testing.T) {
	c := openDefault(t, cardTerminal)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.wait("the terminal", func() bool { return c.payScreen().paying.Progress.Step == present.Sending })
	p := c.payScreen()
	c.till.redraw()
	if p.choosing() || p.who.text != c.till.words.Text("step.terminal-shows", "text", "Karte vorhalten · einstecken/durchziehen") {
		t.Errorf("choosing %v, who acts: %q", p.choosing(), p.who.text)
	}
	if got := p.cancelButton.label; got != c.till.words.Text("pay.cancel-after-terminal") {
		t.Errorf("the button says %q", got)
	}
	c.press(fyne.KeyEscape)
	if c.till.top() != screen(p) {
		t.Fatalf("Esc left the payment: %T", c.till.top())
	}
	close(c.desk.Gate)
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.State != txn.Approved || r.Charged != txn.ChargedYes {
		t.Errorf("%+v", r)
	}
}

// What the terminal has not confirmed is told as not known, and what it undid as not charged: neither says paid, and neither has a receipt.
func TestCardTerminalIsToldTruly(t *testing.T) {
	for name, set := range map[string]func(d *uitest.Desk){"not known": func(d *uitest.Desk) { d.Awaits = true }, "not charged": func(d *uitest.Desk) { d.Card = txn.Voided }} {
		c := openDefault(t, func(d *uitest.Desk) { cardTerminal(d); d.Gate = nil; set(d) })
		c.tile(0)
		c.press(fyne.KeyF9, fyne.KeyF2)
		c.wait("a result", c.onResult)
		want := map[string]txn.Charged{"not known": txn.ChargedUnknown, "not charged": txn.ChargedNo}[name]
		if r := c.till.top().(*resultScreen).result; r.Charged != want {
			t.Errorf("%s: charged %s", name, r.Charged)
		}
	}
}

// Money goes back at the card terminal to the card that is presented there: the screen asks for it, and what stands on the terminal's display stands on the screen.
func TestCardTerminalGivesBackToTheCardThere(t *testing.T) {
	c := openDefault(t, nil)
	c.giving()
	cardTerminal(c.desk)
	c.keys("5")
	s := c.till.top().(*givingScreen)
	m := c.till.words.Back(s.what, s.choice(c.till))
	if want := c.till.words.Text("giving.next.card-at-terminal", "last4", "1234"); m.Next != want {
		t.Errorf("before it begins it says %q", m.Next)
	}
	c.press(fyne.KeyReturn, fyne.KeyReturn)
	c.wait("the terminal", func() bool {
		p, paying := c.till.top().(*payScreen)
		return paying && p.paying.Progress.Step == present.Sending
	})
	p := c.payScreen()
	c.till.redraw()
	if !p.paying.Progress.Terminal || p.who.text != c.till.words.Text("step.terminal-shows", "text", "Karte vorhalten · einstecken/durchziehen") {
		t.Errorf("at the terminal %v, who acts: %q", p.paying.Progress.Terminal, p.who.text)
	}
	close(c.desk.Gate)
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.Kind != txn.Refund || r.Attempt.State != txn.Approved {
		t.Errorf("%+v", r.Attempt)
	}
}
