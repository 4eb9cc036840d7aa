package ui

import (
	"unicode"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/sale"
)

// askScreen asks before something that can't be taken back: what it does stands
// above its yes. The button in the usual place is the answer that changes nothing,
// so that a second Enter in a hurry does no harm.
type askScreen struct {
	quiet
	message func(w *present.Words) present.Message
	yes, no func(w *present.Words) string
	press   func()
	modal   bool       // a scan does not leave it
	held    bool       // parts of a sale are taken: no key but the answers leaves it
	sale    *sale.Sale // what is asked about, which stays in sight; nil where that is no sale
	// later is a third answer, which changes nothing and leaves what was asked about; nil where there is none.
	later     func(w *present.Words) string
	pressThen func()
	// scans is what a scan answers; nil where it answers nothing.
	scans func(code string)
	// refuses: something was scanned that can be on no sale before the answer.
	refuses bool

	say       *panel
	yesButton *button
	thenOne   *button
}

func (q *askScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	q.say = k.panel(1.3)
	q.yesButton = k.button(normal, q.yes(t.words), "Y", func() { q.answer(t) })
	if !q.modal && q.sale == nil { // about the window itself the sale stays in sight
		left = box(func(area) {})
	}
	objects := []fyne.CanvasObject{q.say, q.yesButton}
	if q.later != nil {
		q.thenOne = k.button(normal, q.later(t.words), "L", func() { q.close(t, q.pressThen) })
		objects = append(objects, q.thenOne)
	}
	right = box(func(a area) {
		tall, answers := max(k.px(64), target), float32(len(objects)-1)
		place(q.say, a.top(q.say.high(a.w, a.h-answers*(tall+k.px(16)))))
		for _, b := range []*button{q.yesButton, q.thenOne} {
			if b != nil {
				one := a.top(tall)
				one.w = min(one.w, max(one.w/2, 300))
				place(b, one)
			}
		}
	}, objects...)
	return left, right
}

func (q *askScreen) answer(t *till) { q.close(t, q.press) }

func (q *askScreen) close(t *till, then func()) {
	t.stack = t.stack[:len(t.stack)-1]
	t.show()
	then()
}

func (q *askScreen) refresh(t *till) {
	m := q.message(t.words)
	if q.refuses {
		m.Next = t.words.Sentences(m.Next, t.words.Text("goods.answer-first"))
	}
	q.say.show(m)
}

func (q *askScreen) primary(t *till) primaryAction {
	return primaryAction{label: q.no(t.words), hint: "N · Esc", enabled: true, press: t.back}
}

func (q *askScreen) key(*till, fyne.KeyName) bool { return false }

// typed: letters answer, since figures may be those of an amount.
func (q *askScreen) typed(t *till, x rune) {
	switch unicode.ToUpper(x) {
	case 'Y':
		q.answer(t)
	case 'N':
		t.back()
	case 'L':
		if q.later != nil {
			q.close(t, q.pressThen)
		}
	}
}

func (q *askScreen) back(*till) bool { return false }

func text(key string, pairs ...string) func(*present.Words) string {
	return func(w *present.Words) string { return w.Text(key, pairs...) }
}

func (t *till) message(tone present.Tone, key string, pairs ...string) func(*present.Words) present.Message {
	return func(w *present.Words) present.Message {
		return w.Tell(present.Note{Tone: tone, Key: key, Pairs: pairs}, t.about.Currency)
	}
}

func (q *askScreen) stands() standing {
	if q.modal {
		return standing{page: closePage}
	}
	return standing{page: askPage, busy: q.held, held: q.held, sale: q.sale}
}

// scanned: a scan answers no question on whether to close, or what becomes of a sale that is paid in part.
func (q *askScreen) scanned(t *till, code string) bool {
	goods := isGoods(code)
	if q.scans != nil && goods {
		q.scans(code)
		return true
	}
	stays := q.modal || q.held || q.scans != nil
	//mutant:a-question-refuses-a-scan-in-sight
	q.refuses = stays
	t.redraw()
	return stays
}

// isGoods reports whether a scan may be of goods: a card that was swiped, or a code that pays, answers no question about them.
func isGoods(code string) bool {
	//mutant:a-card-is-no-goods
	return code != sale.Withheld && sale.PaymentCodeOf(sale.CleanScan(code)) == sale.NoWallet
}
