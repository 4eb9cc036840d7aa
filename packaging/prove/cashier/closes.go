package cashier

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
)

// paysAtTerminal takes a card at the terminal beside the till, and says what it showed.
func (w *world) paysAtTerminal(showed string) {
	before := w.newestID()
	if !w.plan.Terminal || !w.opensPay(300*time.Millisecond) {
		return
	}
	w.patient(hand(fyne.KeyF8))
	w.press(fyne.KeyF8)
	w.pass(time.Second)
	if w.lied() || !w.shows("external.title") {
		return // something came by itself
	}
	w.answersBy(map[string]fyne.KeyName{"approved": "Y", "declined": "N", "nothing": fyne.KeyEscape}[showed])
	w.pass(time.Second)
	want := map[string]txn.State{"approved": txn.Claimed, "declined": txn.Declined, "nothing": txn.Pending}[showed]
	for _, a := range w.judge.attempts {
		if a.ID > before && a.Tender == txn.External && a.Kind == txn.Sale && a.State != want && !w.lied() {
			w.bad("the terminal showed %q, as somebody said, and %s is %s", showed, a.ID, a.State)
		}
	}
}

// closesDay asks for the Z, and answers the question. What the page says of it is what the journal says.
func (w *world) closesDay(yes bool) {
	w.patient(hand(fyne.KeyD))
	w.chord(fyne.KeyD)
	w.pass(time.Second)
	p, found := w.eye.glass.named(w.words.texts["day.z"])
	if !found || w.lied() {
		return // money may be moving, and the page does not open then
	}
	before := w.shop.Journal.OpenDay().Batch
	w.patient(finger)
	w.taps(p.middle(), 60*time.Millisecond)
	w.pass(time.Second)
	w.goesThrough(yes)
	if w.shows("day.z-yes") {
		answer := "n"
		if yes {
			answer = "y"
		}
		w.typesPatiently(answer)
		w.pass(5 * time.Second)
		now := w.shop.Journal.OpenDay().Batch
		switch closed := now != before; {
		case w.lied():
		case closed && now != before+1:
			w.bad("a day was closed, and %d follows %d", now, before)
		case closed && !yes:
			w.bad("a no closes day %d", before)
		case !closed && yes && w.eye.face == "day.back" && !w.shows("day.z-failed") && !w.shows("day.z-closing"):
			w.bad("a yes does not close day %d, and no word says so: %s", before, w.eye.glass.all())
		case closed && w.shows("day.z-failed"):
			w.bad("day %d is closed, and the page says that it is not", before)
		}
		if w.eye.face == "day.back" && !w.shows("day.loading") {
			w.judgeDay()
		}
	}
	w.leaves(hand(fyne.KeyEscape))
}

// goesThrough goes through the list that comes before the Z: the bank settles first, where its batch is open, and whoever means to close the day goes on.
func (w *world) goesThrough(yes bool) {
	if w.shows("closing.settle") && yes && !w.lied() {
		w.patient(hand(fyne.KeyReturn))
		w.press(fyne.KeyReturn)
		w.pass(time.Minute)
	}
	if w.shows("closing.close") && !w.lied() {
		w.patient(hand(fyne.KeyReturn))
		w.press(fyne.KeyReturn)
		w.pass(time.Second)
	}
}

// answersBy presses a key as a person does who looks; one that has a sign types it.
func (w *world) answersBy(key fyne.KeyName) {
	if len(key) == 1 {
		w.typesPatiently(strings.ToLower(string(key)))
		return
	}
	w.patient(hand(key))
	w.press(key)
}

// crosses presses the window's cross, and answers what it asks. A window that was closed is opened again: the till goes on as after
// any end of a program.
func (w *world) crosses(answer fyne.KeyName) {
	w.event(machine, w.window.Cross)
	w.pass(time.Second)
	if !w.window.Closed() && !w.lied() {
		w.answersBy(answer)
		w.pass(2 * time.Second)
	}
	if w.window.Closed() && !w.lied() {
		w.reopens(context.Background())
	}
}

// reopens is the end of a program whose window was closed, and its next start.
func (w *world) reopens(ctx context.Context) {
	cut := w.underWay()
	w.bury()
	w.disk.Stop(simdisk.Killed)
	w.starts(ctx, simdisk.KeepAll, cut)
}
