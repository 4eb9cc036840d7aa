package ui

import (
	"context"
	"unicode"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/sale"
)

// terminalScreen asks what a card terminal without a cable has shown. Enter and Esc are the answer that changes
// nothing: nobody is charged, and no goods are given away, by a press in a hurry.
type terminalScreen struct {
	quiet
	sale        sale.Sale
	amountMinor int64
	void        bool // it is about undoing a payment
	refund      bool // or about giving some of it back
	aside       bool // the sale in the making is not touched
	answered    bool
	hint        string                // the words' key of why what came is no answer; empty is none
	answer      func(external.Answer) // once

	say                 *panel
	approved, notShown  *button
	title, amountOfSale *line
}

// askPerson puts the till's question on the screen, in front of what is there, and waits for whoever answers it. The desk calls it
// from any goroutine, once what is asked about is in the books.
func (t *till) askPerson(ctx context.Context, o txn.Order) external.Answer {
	answered := make(chan external.Answer, 1)
	q := &terminalScreen{amountMinor: o.Attempt.Amount.Minor, void: o.Attempt.Kind == txn.Void, refund: o.Attempt.Kind == txn.Refund, answer: func(a external.Answer) { answered <- a }}
	t.opts.Do(func() {
		if shown := t.top().stands().sale; shown != nil {
			q.sale = *shown
		}
		t.open(q)
	})
	said := external.Answer{Shown: external.Nothing}
	select {
	case said = <-answered:
	case <-ctx.Done():
	}
	t.opts.Do(func() { // what waited for the answer is in front again, and shows what came of it
		t.drop(q)
		t.show()
	})
	return said
}

// startTerminal pays at the separate terminal: once the attempt is in the books, what is to be typed there stands on the
// screen until somebody says what it showed.
func (p *payScreen) startTerminal(t *till) {
	if p.paying.Busy() || !t.about.SeparateTerminal {
		return
	}
	part, ok := p.typedPart(t)
	if !ok {
		return
	}
	p.paying.Begin(present.Settling, part)
	p.hint = present.Note{}
	s, by := p.paying.Sale, t.cashier()
	t.redraw()
	t.call(func(ctx context.Context) func() {
		r := t.desk.PayExternal(ctx, by, s, part)
		return func() { p.finish(t, s, r, false) }
	})
}

// voidAtTerminal undoes a payment where it was made. why is the cashier's reason.
func (t *till) voidAtTerminal(e present.Entry, why string) {
	p := &payScreen{paying: present.NewPay(e.Sale), void: &e}
	p.paying.Mode = present.Settling
	by := t.cashier()
	by.Why = why
	t.open(p)
	t.call(func(ctx context.Context) func() {
		r := t.desk.Void(ctx, by, e.Attempt.ID, func(present.Progress) {})
		return func() { p.finish(t, e.Sale, r, false) }
	})
}

// sayLater asks about a payment or a void of before, of which nobody has said yet what the terminal showed. The result
// that it is asked from, if any, gives its place to what becomes of it: its goods are still in the cart.
func (t *till) sayLater(e present.Entry, from *resultScreen) {
	a, by := e.Attempt, t.cashier()
	q := &terminalScreen{sale: e.Sale, amountMinor: a.Amount.Minor, void: a.Kind == txn.Void, refund: a.Kind == txn.Refund, aside: from == nil || from.void}
	q.answer = func(said external.Answer) {
		if said.Shown == external.Nothing {
			t.back()
			return
		}
		t.call(func(ctx context.Context) func() {
			r := t.desk.Said(ctx, by, a.ID, said)
			return func() {
				if from != nil {
					t.drop(from)
				}
				t.conclude(q, newResult(t, q.sale, r, false, q.aside))
				t.countParked()
			}
		})
	}
	t.open(q)
}

func (q *terminalScreen) stands() standing {
	s := standing{page: terminalPage, busy: true, sale: &q.sale, ready: true}
	switch {
	case q.void || q.refund:
		s.moves = moving{word: "pay.goes-back", minor: q.amountMinor}
	case q.amountMinor != q.sale.TotalMinor:
		s.moves = moving{word: "pay.part", minor: q.amountMinor}
	}
	return s
}

// scanned: a scan is not an answer, and sells nothing meanwhile.
func (q *terminalScreen) scanned(t *till, _ string) bool {
	//mutant:a-terminal-s-question-refuses-a-scan-in-sight
	q.hint = "goods.answer-first"
	t.redraw()
	return true
}

func (q *terminalScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	q.title = newLine(t.words.Text("external.title"), k.px(22), false, k.muted, fyne.TextAlignLeading)
	q.amountOfSale = newLine(t.money(q.amountMinor), k.px(56), true, k.text, fyne.TextAlignCenter)
	q.say = k.panel(1.3)
	q.approved = k.button(normal, t.words.Text("external.approved"), "Y", func() { q.said(t, external.Approved) })
	q.notShown = k.button(normal, t.words.Text("external.not-approved"), "N", func() { q.said(t, external.Declined) })
	return nil, box(func(a area) {
		place(q.title, a.top(k.px(36)))
		place(q.amountOfSale, a.top(k.px(76)))
		high := max(k.px(64), target)
		place(q.say, a.top(q.say.high(a.w, a.h-high-gap)))
		for i, cell := range a.top(high).columns(2) {
			place([]*button{q.approved, q.notShown}[i], cell)
		}
	}, q.title, q.amountOfSale, q.say, q.approved, q.notShown)
}

func (q *terminalScreen) refresh(t *till) {
	key := "external.ask"
	if q.void {
		key = "external.ask-void"
	}
	if q.refund {
		key = "external.ask-refund"
	}
	m := t.words.Tell(present.Note{Tone: present.Unknown, Key: key, Pairs: []string{"amount", t.money(q.amountMinor)}}, t.about.Currency)
	if q.hint != "" {
		m.Next = t.words.Sentences(m.Next, t.words.Text(q.hint))
	}
	q.say.show(m)
	q.approved.set(q.approved.label, q.approved.hint, !q.answered)
	q.notShown.set(q.notShown.label, q.notShown.hint, !q.answered)
}

func (q *terminalScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("external.nothing"), hint: "L · Esc", enabled: !q.answered, press: func() { q.said(t, external.Nothing) }}
}

// said takes one answer; a second press changes nothing.
func (q *terminalScreen) said(t *till, shown external.Shown) {
	if q.answered {
		return
	}
	q.answered = true
	t.redraw()
	q.answer(external.Answer{Shown: shown})
}

func (q *terminalScreen) key(*till, fyne.KeyName) bool { return false }

// typed: letters answer. Figures are those of an amount, which belongs to the terminal, or of a scan.
func (q *terminalScreen) typed(t *till, x rune) {
	//mutant:a-figure-says-nothing-of-a-terminal
	switch unicode.ToUpper(x) {
	case 'Y':
		q.said(t, external.Approved)
	case 'N':
		q.said(t, external.Declined)
	case 'L':
		q.said(t, external.Nothing)
	default:
		q.hint = "external.letters"
		t.redraw()
	}
}

func (q *terminalScreen) back(t *till) bool {
	//mutant:esc-says-nothing-of-a-terminal
	q.said(t, external.Nothing)
	return true
}
