package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// askClose is what the window's cross does. With nothing open it closes; a sale
// that has lines is parked first; a payment under way is told about.
func (t *till) askClose() {
	t.locked = false
	if t.updating() { // it ends by itself, and closes the window
		return
	}
	if t.top().stands().page == closePage {
		return
	}
	switch {
	case t.paying():
		t.open(&askScreen{modal: true, message: t.message(present.Unknown, t.closingWhat()), yes: text("close.yes"),
			no: text("close.no"), press: t.close})
	case t.unpaidLines():
		t.open(&askScreen{modal: true, message: t.message(present.Warning, "close.cart"), yes: text("close.yes"),
			no: text("close.stay"), press: t.parkAndClose})
	case t.parked > 0 || len(t.unknown()) > 0 || len(t.unpaid()) > 0:
		t.open(&askScreen{modal: true, message: t.leftOpen(), yes: text("close.yes"), no: text("close.stay"), press: t.close})
	default:
		t.close()
	}
}

// leftOpen says what waits while the till is closed.
func (t *till) leftOpen() func(*present.Words) present.Message {
	parked, unknown, unpaid := t.parked, len(t.unknown()), len(t.unpaid())
	return func(w *present.Words) present.Message {
		m := w.Tell(present.Note{Tone: present.Warning, Key: "close.left"}, t.about.Currency)
		m.Next = ""
		if unknown > 0 {
			m.Next = w.Counted("close.left-unknown", unknown)
		}
		if unpaid > 0 {
			m.Next = w.Sentences(w.Counted("close.left-unpaid", unpaid), m.Next)
		}
		if parked > 0 {
			m.Next = w.Sentences(w.Counted("close.left-parked", parked), m.Next)
		}
		return m
	}
}

// unpaidLines reports whether goods would be forgotten: those of an approved sale are not among them.
func (t *till) unpaidLines() bool {
	for _, s := range t.stack {
		if s.stands().paid {
			return len(t.unparked) > 0
		}
	}
	return t.sell.Cart.Len() > 0 || len(t.unparked) > 0
}

func (t *till) parkAndClose() {
	parking := t.unparked
	if t.sell.Cart.Len() > 0 {
		parking = append(parking[:len(parking):len(parking)], t.making())
	}
	var waits []<-chan error
	for _, p := range parking {
		waits = append(waits, t.desk.Park(p))
	}
	t.call(func(context.Context) func() {
		for _, parked := range waits {
			if err := <-parked; err != nil {
				return func() { t.tell(present.Bad, "sell.park-failed", err.Error()) }
			}
		}
		return func() {
			t.sell.Next()
			t.desk.Shown()
			t.close()
		}
	})
}

// close ends the window and what it began. A payment under way stays in the
// journal as it is: the next start reverses it and says so first.
func (t *till) close() {
	t.closed = true
	t.window.SetCloseIntercept(nil)
	t.window.Close()
}

// buildLock covers everything until a key.
func (t *till) buildLock() fyne.CanvasObject {
	k := t.kit
	title := newLine(t.words.Text("lock.title"), k.px(totalText), true, k.text, fyne.TextAlignCenter)
	next := newLine(t.words.Text("lock.next"), k.px(22), false, k.muted, fyne.TextAlignCenter)
	open := k.button(normal, t.words.Text("result.back"), "", t.unlock)
	return box(func(a area) {
		a.top(a.h / 3)
		place(title, a.top(k.px(80)))
		place(next, a.top(k.px(48)))
		place(open, area{a.x + a.w/2 - k.px(100), a.y, k.px(200), max(k.px(56), target)})
	}, title, next, open)
}

// closingWhat is the words' key of what is under way.
func (t *till) closingWhat() string {
	switch top := t.top().stands(); {
	case top.page == terminalPage:
		return "close.terminal"
	case top.held:
		return "close.part"
	}
	return "close.busy"
}
