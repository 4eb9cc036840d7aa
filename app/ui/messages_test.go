package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/ui/uitest"
	"veratill/txn/messages"
)

// exchanged has the messages of a payment that was not answered, was undone, and was approved late.
func exchanged(d *uitest.Desk) {
	at := time.Date(2026, 11, 29, 14, 5, 3, 0, time.Local).UnixMilli()
	request := []messages.Field{{Name: "DE2 PAN", Value: "622202******1234"}, {Name: "DE3 processing code", Value: "000000"}, {Name: "DE4 amount", Value: "000000000850"}, {Name: "DE11 STAN", Value: "000057"},
		{Name: "DE22 entry mode", Value: "022"}, {Name: "DE35 track 2", Length: 37}, {Name: "DE41 terminal", Value: "T0000001"}, {Name: "DE42 merchant", Value: "898110012340001"}, {Name: "DE60 private", Value: "22000001000"},
		{Name: "DE64 MAC", Length: 8}}
	answer := []messages.Field{{Name: "DE4 amount", Value: "000000000850"}, {Name: "DE37 RRN", Value: "000000000057"}, {Name: "DE38 approval code", Value: "722432"}, {Name: "DE39 response code", Value: "00"}, {Name: "DE64 MAC", Length: 8}}
	line := "iso8583 unionpay 10.0.0.5:5000 T0000001 898110012340001"
	d.MessagesNow = messages.Kept{Messages: []messages.Message{
		{Attempt: 57, AtMs: at, Line: line, Way: messages.Sent, Kind: "0200", Fields: request},
		{Attempt: 57, AtMs: at + 60_000, Line: line, Way: messages.Nothing, Verdict: "no answer"},
		{Attempt: 57, AtMs: at + 60_020, Line: line, Way: messages.Sent, Kind: "0400", Fields: request[1:]},
		{Attempt: 57, AtMs: at + 61_300, Line: line, Way: messages.Late, Kind: "0210", Verdict: "bank approved", Fields: answer},
		{Attempt: 57, AtMs: at + 61_350, Line: line, Way: messages.Received, Kind: "0410", Verdict: "reversal answered", Fields: answer[:4]},
	}}
}

// exchange opens what was said about the newest card payment, by F8 on its page.
func (c *counter) exchange() *messagesScreen {
	c.t.Helper()
	c.letter()
	c.press(fyne.KeyEscape, fyne.KeyEscape, fyne.KeyF8)
	c.wait("its messages", func() bool { s, ok := c.till.top().(*messagesScreen); return ok && s.loaded && c.rests() })
	return c.till.top().(*messagesScreen)
}

// F8 on a payment shows what was sent and received, one message's fields beside the list, and Esc goes back to the payment.
func TestAPaymentShowsItsMessages(t *testing.T) {
	c := openDefault(t, exchanged)
	s := c.exchange()
	if len(s.kept.Messages) != 5 || len(s.shown) != 10 || s.shown[5].Value == "" {
		t.Fatalf("%d messages, and of the first one %+v", len(s.kept.Messages), s.shown)
	}
	c.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	if s.marked != 3 || len(s.shown) != 5 {
		t.Errorf("message %d is marked, with %+v", s.marked, s.shown)
	}
	c.press(fyne.KeyEscape)
	if _, back := c.till.top().(*entryScreen); !back {
		t.Errorf("Esc leads to %T", c.till.top())
	}
}
