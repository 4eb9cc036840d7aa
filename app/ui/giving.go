package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/sound"
	"veratill/txn"
	"veratill/txn/sale"
)

// givingScreen gives money of a payment back: goods that came back, each tapped once a piece, or an amount that is typed. What goes back stands there
// large, with how the till does it and why; the button that does it says how much.
type givingScreen struct {
	quiet
	what *present.Back
	hint present.Note // why what was scanned or typed is not taken

	amount    *line
	amountOf  *line
	say       *panel
	goods     *rows
	all, less *button
	swap      *button
	inCash    *button // of what was not paid in cash, where the settings allow it
	pad       *numberPad
}

func (t *till) openGiving(e present.Entry) {
	if t.paying() {
		return
	}
	t.open(&givingScreen{what: present.NewBack(e)})
}

func (s *givingScreen) stands() standing {
	return standing{page: givingPage, tells: true, sale: &s.what.Entry.Sale, matter: s.what.Entry.Matter(), back: "result.back"}
}

// take follows the payment: something else may have gone back of it meanwhile.
func (s *givingScreen) take(_ *till, seen seen) {
	for _, now := range seen.owed {
		if same(now, s.what.Entry.Matter()) {
			s.what.Entry.Attempt, s.what.Entry.Bill = now.Attempt, now.Bill
		}
	}
}

func (s *givingScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.amountOf = newLine(t.words.Text("giving.amount"), k.px(22), false, k.muted, fyne.TextAlignLeading)
	s.amount = newLine("", k.px(totalText), true, k.text, fyne.TextAlignTrailing)
	s.say, s.pad = k.panel(1.1), k.numberPad(t.onPad)
	s.goods = k.rows(func(i int) row { return s.row(t, i) }, func(i int) { s.add(t, i, 1) })
	s.all = k.button(normal, t.words.Text("giving.all"), "F12", func() { s.everything(t) })
	s.less = k.button(normal, t.words.Text("giving.less"), "−", func() { s.add(t, s.what.Marked, -1) })
	s.swap = k.button(normal, t.words.Text("exchange.begin"), "F6", func() { s.exchange(t) })
	s.inCash = k.button(normal, t.words.Text("unusual.cash"), "F8", func() { s.cash(t) })
	show(s.inCash, s.choice(t).InCashMinor > 0)
	left = box(func(a area) {
		inRow(a.bottom(max(k.px(56), target)), []*button{s.less, s.all, s.swap})
		if s.inCash.Visible() {
			place(s.inCash, a.bottom(target))
		}
		place(s.goods, a)
	}, s.goods, s.less, s.all, s.swap, s.inCash)
	right = box(func(a area) {
		head := a.top(height(k.px(totalText)))
		place(s.amountOf, area{head.x + 4, head.y, head.w * 0.3, head.h})
		place(s.amount, area{head.x + head.w*0.3, head.y, head.w*0.7 - 6, head.h})
		side := a.right(padWidth(a.w))
		place(s.pad.Container, side.bottom(padHeight(k.look, a.h)))
		place(s.say, a)
	}, s.amountOf, s.amount, s.say, s.pad.Container)
	return left, right
}

// row is a line of the sale, with how much of it is to come back.
func (s *givingScreen) row(t *till, i int) row {
	line := s.what.Entry.Sale.Lines[i]
	r := t.soldRow(line, s.what.Entry.Sale.Currency)
	r.note = t.words.Text("giving.left", "n", t.words.Quantity(s.what.LeftOf(i), line.Unit))
	r.marked = i == s.what.Marked
	if of := s.what.Of(i); of > 0 {
		r.icon, r.tone, r.end = present.Waiting, present.Waiting, t.words.Text("giving.back", "n", t.words.Quantity(of, line.Unit))
	}
	return r
}

func (s *givingScreen) choice(t *till) present.Choice {
	return t.desk.Chooses(s.what.Entry.Matter(), s.what.AmountMinor())
}

func (s *givingScreen) refresh(t *till) {
	s.amount.set(t.money(s.what.AmountMinor()))
	m := t.words.Back(s.what, s.choice(t))
	if told := t.words.Tell(s.hint, t.about.Currency); !told.Empty() {
		m.Tone, m.What, m.Charged = told.Tone, told.What, told.Charged
		if told.Next != "" {
			m.Next = told.Next
		}
	}
	s.say.show(m)
	s.pad.echo.set(s.what.Pad)
	s.pad.ends(s.what.Ready())
	s.goods.show(len(s.what.Entry.Sale.Lines), s.what.Marked)
	s.less.set(s.less.label, "−", len(s.what.Goods()) > 0)
	s.all.set(s.all.label, "F12", s.what.LeftMinor() > 0)
	s.inCash.set(s.inCash.label, "F8", s.what.AmountMinor() > 0 && s.what.AmountMinor() <= s.choice(t).InCashMinor)
	s.swap.set(s.swap.label, "F6", s.what.MayExchange())
}

func (s *givingScreen) add(t *till, line int, by int64) {
	s.what.Add(line, by)
	t.redraw()
}

func (s *givingScreen) everything(t *till) {
	s.what.All()
	t.redraw()
}

func (s *givingScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("giving.yes", "amount", t.money(s.what.AmountMinor())), hint: "Enter", enabled: s.what.Ready(),
		press: func() { s.give(t) }}
}

func (s *givingScreen) key(t *till, name fyne.KeyName) bool {
	s.hint = present.Note{}
	switch name {
	case fyne.KeyBackspace:
		s.what.Erase()
	case fyne.KeyF12:
		s.what.All()
	case fyne.KeyF8:
		s.cash(t)
		return true
	case fyne.KeyF6:
		s.exchange(t)
		return true
	default:
		marked, moved := markKey(name, s.what.Marked, len(s.what.Entry.Sale.Lines))
		if !moved {
			return false
		}
		s.what.Marked = marked
	}
	t.redraw()
	return true
}

// typed: + and - change the marked line, figures say an amount.
func (s *givingScreen) typed(t *till, x rune) {
	s.hint = present.Note{}
	switch x {
	case '+':
		s.what.Add(s.what.Marked, 1)
	case '-':
		s.what.Add(s.what.Marked, -1)
	default:
		//mutant:what-is-no-amount-is-refused-in-sight
		if !s.what.Type(x) {
			s.hint = present.NotUnderstood(x)
		}
	}
	t.redraw()
}

// refused says why what was typed is not on the pad.
func (s *givingScreen) refused(t *till, why present.Note) {
	s.hint = why
	t.redraw()
}

// scanned: goods that are scanned come back, one piece each; nothing is sold meanwhile.
func (s *givingScreen) scanned(t *till, code string) bool {
	//mutant:giving-refuses-a-scan-in-sight
	s.hint = present.Note{Tone: present.Warning, Key: "giving.not-of-it"}
	for i, line := range s.what.Entry.Sale.Lines {
		if line.Code == sale.CleanScan(code) && s.what.Of(i) < s.what.LeftOf(i) {
			s.hint = present.Note{}
			s.add(t, i, 1)
			t.sound(sound.Taken)
			return true
		}
	}
	t.sound(sound.Refused)
	t.redraw()
	return true
}

func (s *givingScreen) back(*till) bool { return false }

// give begins. The steps of a card stand where those of a payment stand.
func (s *givingScreen) give(t *till) {
	if !s.what.Ready() || t.paying() {
		return
	}
	e, g, choice := s.what.Entry, s.what.Giving(), s.choice(t)
	ctx, stop := context.WithCancel(t.ctx)
	p := &payScreen{paying: present.NewPay(e.Sale), void: &e, giving: true, stop: stop, swiped: !choice.ReadsCard}
	p.paying.Sale.TotalMinor = g.AmountMinor
	p.paying.Mode, p.paying.Began = present.TakingCard, t.opts.Now()
	p.paying.Progress.Step, p.paying.Progress.Code, p.paying.Progress.Terminal = present.Saving, e.Attempt.Tender == txn.Code, choice.AtTerminal
	switch {
	case e.Attempt.Tender == txn.External, e.Attempt.Tender.AtOnce():
		p.paying.Mode = present.Settling
	case choice.ReadsCard:
		p.paying.Progress.Step, p.cards = present.Presenting, t.desk.TestCards()
	}
	by := t.cashier()
	t.back()
	t.open(p)
	go func() {
		r := t.desk.GiveBack(ctx, by, g, func(now present.Progress) { t.opts.Do(func() { p.progress(t, now) }) })
		t.opts.Do(func() {
			stop()
			p.finish(t, e.Sale, r, p.paying.Undoing)
		})
	}()
}

// receiptScanned opens what a paper of ours is about, where the code is one: it is never taken for an article, and while money moves it does nothing.
func (t *till) receiptScanned(code string) bool {
	r, ok := present.ReceiptOf(code)
	if !ok {
		return false
	}
	//mutant:a-receipt-that-opens-nothing-is-told
	if t.paying() {
		t.sound(sound.Refused)
		t.tell(present.Warning, "giving.receipt-later", "")
		return true
	}
	t.leaveResult()
	from := t.top()
	t.call(func(ctx context.Context) func() {
		e, err := t.receiptEntry(ctx, r)
		return func() {
			if err != nil || e.Bill.SaleID == 0 {
				t.sound(sound.Refused)
				t.tell(present.Warning, "giving.no-receipt", small(err))
				return
			}
			if t.inSight(from) {
				t.openEntry(e)
			}
		}
	})
	return true
}

// receiptEntry finds the payment that a receipt names, or the last one that stands of the sale that it names.
func (t *till) receiptEntry(ctx context.Context, r present.Receipt) (e present.Entry, err error) {
	if r.SaleID == 0 {
		found, err := t.desk.Find(ctx, r.Asked)
		if at := slices.IndexFunc(found.Entries, func(e present.Entry) bool { return r.Names(e.Matter()) }); at >= 0 {
			return found.Entries[at], err
		}
		return e, err
	}
	m, err := t.desk.Current(txn.Matter{Bill: txn.Bill{SaleID: r.SaleID}})
	if err != nil || !r.Names(m) {
		return e, err
	}
	if standing := m.Bill.Standing(); len(standing) > 0 {
		m.Attempt.ID = standing[len(standing)-1].ID
		if m, err = t.desk.Current(m); err != nil {
			return e, err
		}
	}
	e.Attempt, e.Bill = m.Attempt, m.Bill
	e.Sale, err = t.desk.SaleOf(r.SaleID)
	return e, err
}
