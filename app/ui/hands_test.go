package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"pgregory.net/rapid"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/sale"
)

// This file lets hands do anything at the window. Nobody knows what they meant: what is held is what must be so whatever they do.

// hands are at a counter, and what they have put on a sale or taken off it by choice so far, in minor units.
type hands struct {
	*counter
	log []string
}

// goods are all that the counter has: on the sale, parked, dropped within the last seconds, in the books.
func (h *hands) goods() (sum int64) {
	t := h.till
	left := slices.ContainsFunc(t.stack, func(s screen) bool { return s.stands().paid }) // paid, and not off the screen yet
	if !left {
		sum += t.sell.Cart.TotalMinor()
	}
	parked, _ := h.desk.Parked()
	for _, p := range slices.Concat(parked, t.unparked) {
		sum += p.TotalMinor()
	}
	if t.dropped != nil {
		sum += t.dropped.TotalMinor()
	}
	return sum + h.desk.SoldMinor()
}

// act does something, and holds what must be so when the window has come to rest. edits is of what changes a sale: then the goods may be others.
func (h *hands) act(t *rapid.T, what string, edits bool, do func()) {
	h.log = append(h.log, what)
	edits = edits || h.till.sell.Weigh != nil && h.till.sell.Pad != "" // whatever comes next takes the weight that was typed
	before, cards := h.goods(), h.desk.CardsAsked()
	dropped := h.till.dropped
	chosen := h.takesCard()
	do()
	for tries := 0; !h.rests() && tries < 1000; tries++ {
		h.drain()
		if h.till.paying() && tries > 20 { // somebody is waited for
			break
		}
		time.Sleep(100 * time.Microsecond)
	}
	h.drain()
	after := h.goods()
	switch {
	case edits:
	case dropped != nil && h.till.dropped != dropped && after == before-dropped.TotalMinor(): // nobody brought it back, or another sale was dropped
	case after != before:
		t.Fatalf("goods of %d became %d: %v", before, after, h.log)
	}
	if n := h.desk.CardsAsked(); n != cards && !chosen {
		t.Fatalf("%s began a card payment: %v", what, h.log)
	}
	if cart := h.till.sell.Cart; !slices.EqualFunc(h.desk.Kept, cart.Lines(), sameLine) {
		t.Fatalf("the screen shows %d lines, and %d are kept: %v", cart.Len(), len(h.desk.Kept), h.log)
	}
}

// takesCard reports whether the tender card was chosen.
func (h *hands) takesCard() bool {
	return slices.ContainsFunc(h.till.stack, func(s screen) bool {
		p, pays := s.(*payScreen)
		return pays && p.paying.Mode == present.TakingCard
	})
}

func sameLine(a, b sale.CartLine) bool {
	return a.Item == b.Item && a.Sold.QuantityE5 == b.Sold.QuantityE5
}

// way is something that hands do.
type way struct {
	name  string
	edits bool
	do    func(h *hands)
}

func ways(code string) []way {
	key := func(name string, k fyne.KeyName, edits bool) way {
		return way{name, edits, func(h *hands) { h.press(k) }}
	}
	hurried := func(name string, k fyne.KeyName, edits bool) way {
		return way{name, edits, func(h *hands) { h.hurry(k) }}
	}
	chord := func(name string, k fyne.KeyName) way { return way{name, false, func(h *hands) { h.chord(k) }} }
	card := func(name string, s txn.State, code string) way {
		return way{name, false, func(h *hands) {
			h.desk.Change(func(d *uitest.Desk) { d.Card, d.Code, d.Reason = s, code, txn.NoAnswer })
			if h.takesCard() { // a reader that nobody waits for takes none
				h.desk.PresentCard("0")
				time.Sleep(time.Millisecond)
			}
		}}
	}
	all := []way{
		{"tile", true, func(h *hands) {
			if s, sells := h.till.top().(*sellScreen); sells && len(s.grid.items) > 1 {
				h.tile(1)
			}
		}},
		{"scan", true, func(h *hands) { h.scan(code) }},
		{"unknown code", false, func(h *hands) { h.scan("6901234567892") }},
		{"digits", false, func(h *hands) { h.keys("15") }},
		{"+", true, func(h *hands) { h.keys("+") }}, {"-", true, func(h *hands) { h.keys("-") }},
		{"yes", true, func(h *hands) { h.keys("y") }}, {"later", true, func(h *hands) { h.keys("l") }},
		key("F2", fyne.KeyF2, false), key("F4", fyne.KeyF4, false), key("F5", fyne.KeyF5, true), key("F7", fyne.KeyF7, false),
		key("F9", fyne.KeyF9, false), key("F12", fyne.KeyF12, false), key("Enter", fyne.KeyReturn, true), key("Esc", fyne.KeyEscape, false),
		key("Del", fyne.KeyDelete, true), key("Up", fyne.KeyUp, false), key("Backspace", fyne.KeyBackspace, false),
		hurried("hurried Enter", fyne.KeyReturn, true), hurried("hurried F9", fyne.KeyF9, false), hurried("hurried Esc", fyne.KeyEscape, false),
		chord("park list", fyne.KeyF4), chord("drop", fyne.KeyDelete), chord("bring back", fyne.KeyZ), chord("receipts", fyne.KeyF7),
		card("card approved", txn.Approved, ""), card("card declined", txn.Declined, "51"), card("no answer", txn.Reversing, ""),
		{"bank answers", false, func(h *hands) {
			for _, m := range h.till.unknown() {
				h.desk.Settle(m.Attempt.ID, txn.Reversed)
			}
		}},
		{"a moment", false, func(h *hands) { h.pass(time.Second) }}, {"a while", false, func(h *hands) { h.pass(15 * time.Second) }},
	}
	return all
}

// Whatever hands do, no goods are lost or doubled, no card is asked for that nobody chose, what is shown is kept, and every screen has a way
// back to the sale.
func TestWhateverHandsDo(t *testing.T) {
	all := ways(firstCode(t))
	names := make([]string, len(all))
	for i, w := range all {
		names[i] = w.name
	}
	rapid.Check(t, func(r *rapid.T) {
		h := &hands{counter: openDefault(t, nil)}
		defer h.till.cancel()
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, len(all)-1), 5, longestHand).Draw(r, fmt.Sprintf("ways of %v", names)) {
			h.act(r, all[n].name, all[n].edits, func() { all[n].do(h) })
		}
		h.wayBack(r)
	})
}

// wayBack fails unless Esc, and time, lead back to the sale; what waits for a card may be ended too.
func (h *hands) wayBack(t *rapid.T) {
	for range 12 {
		if h.onSell() {
			return
		}
		h.act(t, "Esc", false, func() { h.press(fyne.KeyEscape) })
		h.pass(2 * time.Second)
		time.Sleep(time.Millisecond)
		h.drain()
	}
	t.Fatalf("no way back from %T: %v", h.till.top(), h.log)
}
