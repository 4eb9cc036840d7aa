package cashier

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"veratill/txn"
)

// What people mean to do as a whole, and what has to come of it.

// opensPay goes from the sale to the choice of tenders, and reports whether it is there.
func (w *world) opensPay(after time.Duration) bool {
	if w.eye.face != "sell.pay" {
		return false
	}
	w.patient(hand(fyne.KeyF9))
	if w.eye.face != "sell.pay" {
		return false
	}
	w.press(fyne.KeyF9)
	w.pass(after)
	if w.eye.face != "pay.take-cash" && w.eye.brought == hand(fyne.KeyF9) {
		w.bad("F9 on a sale does not lead to where it is paid, but to %q", w.eye.face)
	}
	return w.eye.face == "pay.take-cash" && w.eye.brought == hand(fyne.KeyF9)
}

// newestID is the newest attempt that the journal knows.
func (w *world) newestID() txn.ID { return w.judge.newest }

// expects holds that a cash payment has come about as it was meant.
func (w *world) expects(before txn.ID, what string, received int64) {
	w.pass(500 * time.Millisecond)
	if w.lied() {
		return
	}
	for _, a := range w.judge.attempts {
		if a.ID > before && a.Kind == txn.Sale && a.Tender == txn.Cash {
			if a.ReceivedMinor != received {
				w.bad("%s meant %d received, and %s has %d", what, received, a.ID, a.ReceivedMinor)
			}
			return
		}
	}
	w.bad("%s has taken nothing", what)
}

// paysExact is F9 and Enter, one after the other.
func (w *world) paysExact() {
	before := w.newestID()
	rest := restFor - time.Since(w.eye.ups[hand(fyne.KeyReturn)]) // of a hand that was in a hurry just now
	if !w.opensPay(max(60*time.Millisecond, rest)) {
		return
	}
	due := minor(w.eye.says.gaps[0])
	w.press(fyne.KeyReturn)
	w.expects(before, "F9, Enter", due)
}

// paysCash types what the customer gave.
func (w *world) paysCash(received int) {
	before := w.newestID()
	if !w.opensPay(300 * time.Millisecond) {
		return
	}
	due := minor(w.eye.says.gaps[0])
	text := strings.TrimSuffix(fmt.Sprintf("%d.%02d", received/100, received%100), ".00")
	for _, x := range text {
		w.types(string(x), 155*time.Millisecond)
	}
	w.pass(300 * time.Millisecond)
	if !w.eye.paying() {
		return // something came by itself
	}
	w.press(fyne.KeyReturn)
	w.pass(500 * time.Millisecond)
	switch {
	case w.lied():
	case int64(received) < due:
		if w.newestID() != before {
			w.bad("%d was taken for %d", received, due)
		} else if !w.shows("pay.too-little") {
			w.bad("%d of %d is refused without a word", received, due)
		}
		w.press(fyne.KeyEscape)
	case w.shows("pay.implausible-yes"):
		w.patient("Y")
		w.press("Y")
		w.pass(500 * time.Millisecond)
		w.signs('y')
		w.expects(before, "a yes to the question", int64(received))
	default:
		w.expects(before, "what was typed", int64(received))
	}
}

// signs is the character of a key that was pressed.
func (w *world) signs(x rune) {
	if w.shows("pay.implausible-yes") {
		w.types(string(x), 155*time.Millisecond)
	}
}

// paysNotes taps the notes that the customer gave.
func (w *world) paysNotes(s Step) {
	before := w.newestID()
	if !w.opensPay(500 * time.Millisecond) {
		return
	}
	due, sum := minor(w.eye.says.gaps[0]), int64(0)
	for n := range len(s.Words) - 1 {
		note := s.number(n + 1)
		p, found := w.eye.glass.named(fmt.Sprintf("¥ %d", note/100))
		if !found {
			continue
		}
		w.patient(finger)
		w.taps(p.middle(), 60*time.Millisecond)
		w.pass(200 * time.Millisecond)
		sum += int64(note)
	}
	if sum == 0 {
		sum = due
	}
	if w.lied() || !w.eye.paying() || sum < due {
		return
	}
	w.patient(finger)
	w.taps(w.eye.large, 60*time.Millisecond)
	w.pass(500 * time.Millisecond)
	if !w.lied() && !w.shows("pay.implausible-yes") {
		w.expects(before, "the notes that were tapped", sum)
	}
}

// paysCard swipes a test card; the bank decides.
func (w *world) paysCard(n int) {
	if !w.opensPay(300 * time.Millisecond) {
		return
	}
	w.press(fyne.KeyF2)
	w.pass(300 * time.Millisecond)
	for range n {
		w.press(fyne.KeyDown)
	}
	w.patient(hand(fyne.KeyReturn))
	w.press(fyne.KeyReturn)
}

// dayTables: what a page says of the day is what the journal says.
func (w *world) printsX() {
	w.patient(hand(fyne.KeyD))
	w.chord(fyne.KeyD)
	w.pass(time.Second)
	p, found := w.eye.glass.named(w.words.texts["day.x"])
	if !found {
		return // money may be moving, and the page does not open then
	}
	w.judgeDay()
	w.patient(finger)
	w.taps(p.middle(), 60*time.Millisecond)
	w.pass(3 * time.Second)
	w.judgeDay()
	w.press(fyne.KeyEscape)
	w.pass(500 * time.Millisecond)
}

// voids gives the nth payment of the day's list back.
func (w *world) voids(n int) {
	w.patient(hand(fyne.KeyD))
	w.chord(fyne.KeyD)
	w.pass(time.Second)
	tab, found := w.eye.glass.named(w.words.texts["day.payments"])
	if !found {
		return
	}
	w.patient(finger)
	w.taps(tab.middle(), 60*time.Millisecond)
	w.pass(time.Second)
	var rows []part
	for _, p := range w.eye.glass.pressable() {
		if traced(p.text()) != 0 {
			rows = append(rows, p)
		}
	}
	if len(rows) > 0 {
		w.taps(rows[n%len(rows)].middle(), 60*time.Millisecond)
		w.pass(time.Second)
		if p, may := w.eye.glass.named(w.words.texts["day.void"]); may {
			w.taps(p.middle(), 60*time.Millisecond)
			w.pass(time.Second)
			w.typesPatiently("y")
			w.pass(2 * time.Second)
		}
	}
	for range mostBack {
		if w.eye.face == "day.back" || w.eye.selling() || w.lied() {
			break
		}
		w.press(fyne.KeyEscape)
		w.pass(time.Second)
	}
	if w.eye.face == "day.back" && !w.shows("day.loading") {
		w.judgeDay()
	}
	w.leaves()
}

// leaves is a person who wants to sell again: each screen has a way back, and what is under way comes to its end.
func (w *world) leaves() {
	for range mostBack {
		if w.eye.selling() || w.lied() {
			return
		}
		if w.shows("sale.later") { // parts are taken: nobody just leaves that
			w.typesPatiently("l")
		} else {
			w.patient(hand(fyne.KeyEscape))
			w.press(fyne.KeyEscape)
		}
		w.pass(2 * time.Second)
	}
	w.bad("there is no way back to the sale: the large button says %q, and the window %q", w.eye.face, w.eye.glass.all())
}

// mostBack is how often somebody presses Esc: no screen lies so deep, and no bank is waited for so long.
const mostBack = 30
