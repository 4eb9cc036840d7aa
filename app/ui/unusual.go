package ui

import (
	"context"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/sale"
)

// Money that goes back in cash where it was not paid in cash, and goods that are taken back without a receipt: each where the settings allow it, and with a
// reason, which stands in the books.

// reasonScreen asks why, of a void too. The button in the usual place changes nothing.
type reasonScreen struct {
	quiet
	sale    *sale.Sale
	keys    []string // of the reasons; nil is present.Reasons
	message func(w *present.Words) present.Message
	press   func(t *till, why string)
	wrong   bool // what was typed is no answer
	say     *panel
	reasons []*button
}

// reasonLetters choose the reasons. Figures would be those of an amount, or of a scan.
const reasonLetters = "ABCDEFGH"

func (q *reasonScreen) stands() standing {
	return standing{page: reasonPage, tells: true, sale: q.sale}
}

func (q *reasonScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	q.say, q.reasons = k.panel(1.3), nil
	for i, key := range q.choices() {
		q.reasons = append(q.reasons, k.button(normal, t.words.Text(key), reasonLetters[i:i+1], func() { q.answer(t, i) }))
	}
	return nil, box(func(a area) {
		tall := max(k.px(60), target)
		lines := float32((len(q.reasons) + 1) / 2)
		place(q.say, a.top(q.say.high(a.w, a.h-lines*(tall+gap))))
		inGrid(a, 2, tall, q.reasons)
	}, append([]fyne.CanvasObject{q.say}, objectsOf(q.reasons)...)...)
}

func (q *reasonScreen) answer(t *till, i int) {
	t.back()
	q.press(t, t.words.Text(q.choices()[i]))
}

func (q *reasonScreen) choices() []string {
	if q.keys == nil {
		return present.Reasons
	}
	return q.keys
}

func (q *reasonScreen) refresh(t *till) {
	m := q.message(t.words)
	if q.wrong {
		m.Next = t.words.Sentences(m.Next, t.words.Text("unusual.letters"))
	}
	q.say.show(m)
}

func (q *reasonScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (q *reasonScreen) key(*till, fyne.KeyName) bool { return false }

func (q *reasonScreen) typed(t *till, x rune) {
	//mutant:a-figure-is-no-reason
	if i := strings.IndexRune(reasonLetters[:len(q.reasons)], unicode.ToUpper(x)); i >= 0 {
		q.answer(t, i)
		return
	}
	q.wrong = true
	t.redraw()
}

func (q *reasonScreen) back(*till) bool { return false }

// cash asks why what was not paid in cash is to go back in cash.
func (s *givingScreen) cash(t *till) {
	if minor := s.what.AmountMinor(); t.paying() || minor <= 0 || minor > s.choice(t).InCashMinor {
		return
	}
	amount := t.money(s.what.AmountMinor())
	t.open(&reasonScreen{sale: &s.what.Entry.Sale, message: t.message(present.Warning, "unusual.in-cash", "amount", amount), press: func(t *till, why string) {
		by, g := t.cashier(), s.what.Giving()
		by.Why, g.InCash = why, true
		t.giveUnusual(s.what.Entry.Sale, func(ctx context.Context) present.Result {
			return t.desk.GiveBack(ctx, by, g, func(present.Progress) {})
		}, func() { t.drop(s) })
	}})
}

// takeBack asks why the goods of the sale in the making are taken back, whose receipt nobody has.
func (t *till) takeBack() {
	if !t.selling() || t.paying() {
		return
	}
	s, err := t.sell.Cart.Freeze()
	switch {
	case err != nil || s.TotalMinor == 0:
		t.tell(present.Warning, "unusual.no-goods", "")
		return
	case s.TotalMinor > t.about.NoReceiptMinor:
		t.tell(present.Warning, "code.not-by-settings", "")
		return
	}
	t.open(&reasonScreen{sale: &s, message: t.message(present.Warning, "unusual.no-receipt", "amount", t.money(s.TotalMinor)), press: func(t *till, why string) {
		by := t.cashier()
		by.Why = why
		t.giveUnusual(s, func(ctx context.Context) present.Result {
			return t.desk.TakeBack(ctx, by, s)
		}, func() {
			t.sell.Next()
			t.desk.Shown()
		})
	}})
}

// giveUnusual gives money back, and shows what came of it. done is done once something is in the books.
func (t *till) giveUnusual(s sale.Sale, give func(ctx context.Context) present.Result, done func()) {
	p := &payScreen{paying: present.NewPay(s), giving: true, void: &present.Entry{Sale: s}}
	p.paying.Mode = present.Settling
	t.open(p)
	t.call(func(ctx context.Context) func() {
		r := give(ctx)
		return func() {
			if r.Begun() {
				done()
			}
			t.conclude(p, newResult(t, s, r, false, true))
		}
	})
}
