package ui

import (
	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// askScreen asks before something that can't be taken back: what it does stands
// above its yes. The button in the usual place is the answer that changes nothing,
// so that a second Enter in a hurry does no harm.
type askScreen struct {
	quiet
	message func(w *present.Words) present.Message
	yes, no func(w *present.Words) string
	press   func()
	modal   bool // a scan does not leave it

	say       *panel
	yesButton *button
}

func (q *askScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	q.say = k.panel(1.3)
	q.yesButton = k.button(normal, q.yes(t.words), "", func() { q.answer(t) })
	if !q.modal { // about the window itself the sale stays in sight
		left = box(func(area) {})
	}
	right = box(func(a area) {
		place(q.say, a.top(q.say.high(a.w, a.h-k.px(90))))
		yes := a.top(max(k.px(64), target))
		yes.w = min(yes.w, max(yes.w/2, 300))
		place(q.yesButton, yes)
	}, q.say, q.yesButton)
	return left, right
}

func (q *askScreen) answer(t *till) {
	t.stack = t.stack[:len(t.stack)-1]
	t.show()
	q.press()
}

func (q *askScreen) refresh(t *till) { q.say.show(q.message(t.words)) }

func (q *askScreen) primary(t *till) primaryAction {
	return primaryAction{label: q.no(t.words), hint: "Esc", enabled: true, press: t.back}
}

func (q *askScreen) key(*till, fyne.KeyName) bool { return false }

func (q *askScreen) typed(*till, rune) {}

func (q *askScreen) back(*till) bool { return false }

func text(key string, pairs ...string) func(*present.Words) string {
	return func(w *present.Words) string { return w.Text(key, pairs...) }
}

func message(tone present.Tone, key string, pairs ...string) func(*present.Words) present.Message {
	return func(w *present.Words) present.Message {
		return w.Tell(present.Note{Tone: tone, Key: key, Pairs: pairs}, "CNY")
	}
}

func (q *askScreen) stands() standing {
	if q.modal {
		return standing{page: closePage}
	}
	return standing{page: askPage}
}

// scanned: a scan answers no question on whether to close.
func (q *askScreen) scanned(*till, string) bool { return q.modal }
