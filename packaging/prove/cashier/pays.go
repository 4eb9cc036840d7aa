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
	if w.broken() && w.saysCantSave() {
		return
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
	for _, x := range figure(received) {
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
		if int64(received) > due+largestNote {
			w.bad("%d was received for %d, and nobody was asked whether that is so", received, due)
		}
		w.expects(before, "what was typed", int64(received))
	}
}

// figure is a sum of so many fen as a person types it.
func figure(minor int) string {
	return strings.TrimSuffix(fmt.Sprintf("%d.%02d", minor/100, minor%100), ".00")
}

// largestNote is that of the demonstration's currency, in fen.
const largestNote = 100_00

// signs is the character of a key that was pressed.
func (w *world) signs(x rune) {
	if w.shows("pay.implausible-yes") {
		w.types(string(x), 155*time.Millisecond)
	}
}

// note is the button of a banknote, of so many fen.
func (w *world) note(minor int) (p part, found bool) {
	for _, p := range w.eye.glass.pressable() {
		if strings.TrimPrefix(p.text(), "+") == fmt.Sprintf("¥%d", minor/100) {
			return p, true
		}
	}
	return p, false
}

// paysNotes taps the notes that the customer gave.
func (w *world) paysNotes(s Step) {
	before := w.newestID()
	if !w.opensPay(500 * time.Millisecond) {
		return
	}
	due, sum := minor(w.eye.says.gaps[0]), int64(0)
	for n := range len(s.Words) - 1 {
		note := s.Number(n + 1)
		p, found := w.note(note)
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

// shown is what was received, as the large button says it; ok is false where it says nothing of cash.
func (w *world) shown() (received int64, ok bool) {
	if w.lied() || !w.eye.takesCash() || len(w.eye.says.gaps) == 0 {
		return 0, false
	}
	return minor(w.eye.says.gaps[0]), true
}

// due is what is to be paid, as it stands on the glass; -1 where it does not.
func (w *world) due() int64 {
	for i, p := range w.eye.glass.parts {
		if p.says(w.words.texts["pay.due"]) && i+1 < len(w.eye.glass.parts) {
			return minor(w.eye.glass.parts[i+1].text())
		}
	}
	return -1
}

// keepsDigit leans on a key of a figure: keep 5 2000. It is typed once.
func (w *world) keepsDigit(s Step) {
	digit, name := s.Word(1), fyne.KeyName(s.Word(1))
	if !w.opensPay(500 * time.Millisecond) {
		return
	}
	due := w.due()
	w.event(hand(name), func() { w.window.KeyDown(name) })
	for until := time.Now().Add(time.Duration(s.Number(2)) * time.Millisecond); time.Now().Before(until) && !w.lied(); {
		w.event(hand(name), func() {
			w.window.KeyAgain(name)
			w.window.Sign(rune(digit[0]))
		})
		w.pass(33 * time.Millisecond)
	}
	w.up(name)
	w.pass(300 * time.Millisecond)
	if received, ok := w.shown(); ok && received != due && received != 100*int64(s.Number(1)) {
		w.bad("somebody leant on %s, and the large button says %d", digit, received)
	}
}

// typesAtOnce types an amount whatever has just changed: it is on the pad whole, or not at all.
func (w *world) typesAtOnce(s Step) {
	if !w.eye.paying() {
		return
	}
	w.types(s.Word(1), 155*time.Millisecond)
	w.pass(time.Second)
	if received, ok := w.shown(); ok && received != w.due() && received != 100*int64(s.Number(1)) {
		w.bad("%s was typed as the screen changed, and the large button says %d", s.Word(1), received)
	}
}

// typesAfterATap taps a note and types an amount, which begins anew: again 5000 20.
func (w *world) typesAfterATap(s Step) {
	if !w.opensPay(500 * time.Millisecond) {
		return
	}
	note, found := w.note(s.Number(1))
	if !found {
		return
	}
	w.taps(note.middle(), 60*time.Millisecond)
	w.typesPatiently(s.Word(2))
	w.pass(300 * time.Millisecond)
	if received, ok := w.shown(); ok && received != 100*int64(s.Number(2)) && received != w.due() {
		w.bad("after a note was tapped %s was typed, and the large button says %d", s.Word(2), received)
	}
}

// dropsAndBringsBack drops the sale in the making and takes that back.
func (w *world) dropsAndBringsBack() {
	if w.eye.face != "sell.pay" {
		return
	}
	w.pass(calmFor) // what came by itself takes nothing yet
	if !w.eye.selling() {
		return // another page is in front, whose large button says nothing yet
	}
	total, before := w.eye.says.gaps[0], w.judge.goods
	w.patient(hand(fyne.KeyDelete))
	w.chord(fyne.KeyDelete)
	w.pass(2 * time.Second)
	if w.eye.face == "sell.pay" {
		w.bad("the sale was dropped, and the window goes on showing it")
	}
	w.patient(hand(fyne.KeyZ))
	w.chord(fyne.KeyZ)
	w.pass(time.Second)
	if !w.lied() && (w.eye.face != "sell.pay" || w.eye.says.gaps[0] != total) {
		w.bad("a sale of %s was dropped and brought back, and the window says %q %v", total, w.eye.face, w.eye.says.gaps)
	}
	if now, err := w.findGoods(); err != nil || before != nil && len(now.all.less(before.all)) > 0 {
		w.bad("a sale was dropped and brought back, and the goods are others: %v", err)
	}
}

// paysCard swipes a test card; the bank decides.
func (w *world) paysCard(n int) {
	if !w.opensPay(300 * time.Millisecond) {
		return
	}
	w.press(fyne.KeyF2)
	w.pass(300 * time.Millisecond)
	if w.plan.ZVT { // no card is chosen here: the customer stands at the terminal
		return
	}
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

// opensEntry opens the nth payment of the day's list, and reports whether it is there.
func (w *world) opensEntry(n int) bool {
	w.patient(hand(fyne.KeyD))
	w.chord(fyne.KeyD)
	w.pass(time.Second)
	tab, found := w.eye.glass.named(w.words.texts["day.payments"])
	if !found {
		return false
	}
	w.patient(finger)
	w.taps(tab.middle(), 60*time.Millisecond)
	w.pass(time.Second)
	var rows []part
	for _, p := range w.eye.glass.pressable() {
		if tracedRow(p) != 0 {
			rows = append(rows, p)
		}
	}
	if len(rows) == 0 {
		return false
	}
	row := rows[n%len(rows)]
	w.judge.voiding = txn.ID(tracedRow(row)) // no history is long enough for a number to come again
	w.taps(row.middle(), 60*time.Millisecond)
	w.pass(time.Second)
	return true
}

// voids gives the nth payment of the day's list back.
func (w *world) voids(n int) {
	if w.opensEntry(n) {
		if p, may := w.eye.glass.named(w.words.texts["day.void"]); may {
			w.taps(p.middle(), 60*time.Millisecond)
			w.pass(time.Second)
			w.typesPatiently("b") // the second reason
			w.pass(2 * time.Second)
		}
	}
	w.leavesDay()
}

// givesBack gives all of the nth payment of the day's list back, or an amount.
func (w *world) givesBack(n int, what string) {
	if w.opensEntry(n) {
		if p, may := w.eye.glass.named(w.words.texts["giving.open"]); may {
			w.taps(p.middle(), 60*time.Millisecond)
			w.pass(time.Second)
			if what == "all" {
				w.answersBy(fyne.KeyF12)
			} else {
				w.typesPatiently(what)
			}
			w.confirmsBack()
		}
	}
	w.leavesDay()
}

// leavesDay goes back to the day's page, holds that against the journal, and sells again.
func (w *world) leavesDay() {
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
	w.leaves(hand(fyne.KeyEscape))
}

// leaves is a person who wants to sell again, by keys or by finger alone: each screen has a way back, and what is under way comes to its end.
func (w *world) leaves(by hand) {
	for range mostBack {
		if w.eye.selling() || w.lied() {
			w.judge.voiding = 0
			return
		}
		switch {
		case by == finger:
			w.leavesByFinger()
		case w.shows("sale.later"): // parts are taken: nobody just leaves that
			w.typesPatiently("l")
		default:
			w.patient(hand(fyne.KeyEscape))
			w.press(fyne.KeyEscape)
		}
		w.pass(2 * time.Second)
	}
	w.bad("there is no way back to the sale by %q: the large button says %q, and the window %q", by, w.eye.face, w.eye.glass.all())
}

// leavesByFinger taps what leads back: an answer that leaves all as it is, the way back, and else the large button.
func (w *world) leavesByFinger() {
	w.patient(finger)
	for _, p := range w.eye.glass.pressable() {
		if strings.HasPrefix(p.text(), squeezed(w.words.texts["sale.later"])) {
			w.taps(p.middle(), 60*time.Millisecond)
			return
		}
	}
	for _, p := range w.eye.glass.pressable() {
		if strings.HasPrefix(p.text(), "←") && len(p.texts) > 1 || p.says("Esc") {
			w.taps(p.middle(), 60*time.Millisecond)
			return
		}
	}
	if !w.eye.takesCash() {
		w.taps(w.eye.large, 60*time.Millisecond)
	}
}

// mostBack is how often somebody presses Esc: no screen lies so deep, and no bank is waited for so long.
const mostBack = 45
