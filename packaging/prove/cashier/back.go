package cashier

import (
	"time"

	"fyne.io/fyne/v2"
)

// refunds gives some of the last sale back: what is typed says goods ("+") or an amount, and the card is read again where that is needed.
func (w *world) refunds(what string) {
	w.patient(hand(fyne.KeyF7))
	w.chord(fyne.KeyF7)
	w.pass(time.Second)
	w.patient(hand(fyne.KeyF3))
	w.press(fyne.KeyF3)
	w.pass(time.Second)
	if w.eye.face != "giving.yes" { // nothing is left of it, or it is not known
		w.leaves(hand(fyne.KeyEscape))
		return
	}
	w.typesPatiently(what)
	w.confirmsBack()
	w.leaves(hand(fyne.KeyEscape))
}

// confirmsBack gives back what was named, and has the card read again where that is asked for.
func (w *world) confirmsBack() {
	w.pass(time.Second)
	w.answersBy(fyne.KeyReturn)
	w.pass(time.Second)
	if w.eye.face == "pay.present" {
		w.answersBy(fyne.KeyReturn)
	}
	w.pass(2 * time.Second)
}
