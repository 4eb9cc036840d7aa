package cashier

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// intent is what presses have chosen by now, as whoever pressed saw it: a payment needs one.
type intent struct {
	cash     bool // the large button said that cash is taken, and it was pressed
	received int64
	cashAt   time.Time
	card     bool // the tender card was chosen
	code     bool // what may be a payment code was scanned where a sale is paid
	terminal bool // the separate terminal was chosen
	voucher  bool // the large button said that a voucher is taken, and it was pressed
	worth    int64
	showed   bool // somebody said that the terminal showed an approval
	back     bool // the large button said how much goes back, and it was pressed
	backed   int64
	day      bool // the question whether to close the day was answered with yes
	void     bool // the question whether to give money back was answered with yes, or the button that says how much was pressed
	edits    bool // something was pressed that changes a sale
}

// intends takes the press of a key that begins now.
func (w *world) intends(h hand, name fyne.KeyName) {
	e, i := &w.eye, &w.judge.intent
	switch name {
	case fyne.KeyDelete, fyne.KeyF5, "+", "-", "*", "Y", "L", "Ctrl+" + fyne.KeyDelete, "Ctrl+" + fyne.KeyZ:
		i.edits = true
	}
	if !e.meant(h) {
		return
	}
	e.rested = h
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter:
		i.edits = i.edits || e.selling() && w.judge.typed
		if p, found := w.focused(); found {
			w.chooses(p)
			return
		}
		w.takes()
	case fyne.KeySpace:
		if p, found := w.focused(); found {
			w.chooses(p)
		}
	case fyne.KeyF12:
		if w.shows("pay.hint-exact") {
			w.takes()
		}
	case fyne.KeyF2:
		i.card = i.card || e.paying()
	case fyne.KeyF8:
		i.terminal = i.terminal || e.paying()
	case "Y":
		w.answers()
	case "A", "B", "C", "D":
		w.reasons()
	case fyne.KeyF6:
		w.judge.exchanged = w.judge.exchanged || e.face == "giving.yes"
		i.edits = i.edits || e.face == "giving.yes"
	}
}

// reasons is a reason that was given for a void: it is the yes to it.
func (w *world) reasons() {
	w.judge.intent.void = w.judge.intent.void || w.shows("day.void-ask")
}

// focused is the part that has the focus.
func (w *world) focused() (p part, found bool) {
	f := w.window.Canvas().Focused()
	for _, p := range w.eye.glass.parts {
		if f != nil && any(p.object) == any(f) && p.tappable {
			return p, true
		}
	}
	return p, false
}

// shows reports whether a sentence stands somewhere on the glass.
func (w *world) shows(key string) bool {
	_, found := w.read(key)
	return found
}

// read finds a sentence on the glass.
func (w *world) read(key string) (gaps []string, found bool) {
	for _, p := range w.eye.glass.parts {
		if gaps, found := w.words.reads(key, p.text()); found {
			return gaps, true
		}
	}
	return nil, false
}

// intendsTap takes a finger that comes down on a part.
func (w *world) intendsTap(p part) {
	w.judge.intent.edits = w.judge.intent.edits || w.mayEdit(p)
	if w.eye.meant(finger) {
		w.eye.rested = finger
		w.chooses(p)
	}
}

// chooses is a press on a part.
func (w *world) chooses(p part) {
	i := &w.judge.intent
	at := w.eye.large.Subtract(p.at)
	switch {
	case at.X > 0 && at.Y > 0 && at.X < p.size.Width && at.Y < p.size.Height, p.says("⏎"):
		w.takes()
	case w.eye.paying() && strings.Contains(p.text(), "F2"):
		i.card = true
	case w.eye.paying() && w.plan.Terminal && strings.Contains(p.text(), "F8"):
		i.terminal = true
	case p.says("F6") && w.eye.face == "giving.yes":
		w.judge.exchanged, i.edits = true, true
	case p.says("Y"):
		w.answers()
	case p.says("A"), p.says("B"), p.says("C"), p.says("D"):
		w.reasons()
	}
}

// takes is a press of the large button, or of a key that means the same: it takes cash where it says so.
func (w *world) takes() {
	i, says := &w.judge.intent, w.eye.says
	if says.key == "giving.yes" && len(says.gaps) > 0 { // which payment it is about stands nowhere
		i.back, i.backed, w.judge.voiding = true, minor(says.gaps[0]), 0
	}
	if says.key == "pay.take-voucher" {
		i.voucher, i.worth = true, minor(says.gaps[0])
	}
	if !w.eye.takesCash() {
		return
	}
	i.cash, i.received, i.cashAt = true, minor(says.gaps[0]), time.Now()
}

// answers is a yes to a question.
func (w *world) answers() {
	i := &w.judge.intent
	if gaps, asked := w.read("pay.implausible-yes"); asked {
		i.cash, i.received, i.cashAt = true, minor(gaps[0]), time.Now()
	}
	i.showed = i.showed || w.shows("external.title")
	if gaps, asked := w.read("giving.yes"); asked && w.shows("exchange.over") {
		i.back, i.backed, w.judge.voiding = true, minor(gaps[0]), 0
	}
	i.day = i.day || w.shows("day.z-yes")
	w.doubted = w.doubted && !w.shows("numbers.seen")
	if w.shows("day.void-yes") || w.shows("sale.undo-yes") {
		i.void = true
	}
}

// mayEdit reports whether a press on a part may change a sale: articles, the pad, and what is done with lines and sales.
func (w *world) mayEdit(p part) bool {
	e := &w.eye
	if e.selling() {
		at := e.large.Subtract(p.at)
		return at.X < 0 || at.Y < 0 || at.X >= p.size.Width || at.Y >= p.size.Height
	}
	for _, key := range []string{"goods.drop", "goods.undrop", "goods.same", "goods.next", "sell.remove"} {
		if strings.HasPrefix(p.text(), squeezed(w.words.texts[key])) {
			return true
		}
	}
	return p.says("⏎") || w.shows("recall.bring") || w.shows("recall.swap")
}
