package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// startCard begins to wait for a card. With a virtual reader the chooser stands
// below the steps, its first card marked: Enter swipes it.
func (p *payScreen) startCard(t *till) {
	if p.paying.Busy() {
		return
	}
	if t.about.CashOnly {
		p.hint = present.Note{Tone: present.Warning, Key: p.choices(t)}
		t.redraw()
		return
	}
	part, ok := p.typedPart(t)
	if !ok {
		return
	}
	ctx, stop := context.WithCancel(t.ctx)
	p.stop, p.cards, p.swiped = stop, t.desk.TestCards(), false
	p.paying.Begin(present.TakingCard, part)
	p.paying.Pad, p.paying.Progress = "", present.Progress{}
	if t.about.CardTerminal { // which reads the card
		p.cards, p.swiped, p.paying.Progress = nil, true, present.Progress{Step: present.Saving, Terminal: true}
	}
	p.paying.Began, p.hint = t.opts.Now(), present.Note{}
	s, by := p.paying.Sale, t.cashier()
	tell := func(now present.Progress) {
		t.opts.Do(func() { p.progress(t, now) })
	}
	go func() {
		r := t.desk.PayCard(ctx, by, s, part, tell)
		t.opts.Do(func() {
			stop()
			p.ended(t, r)
		})
	}()
	t.show()
}

// startVoid runs the undoing of a payment on the same screen. why is the cashier's reason.
func (t *till) startVoid(e present.Entry, why string) {
	if e.Attempt.Tender == txn.External {
		t.voidAtTerminal(e, why)
		return
	}
	ctx, stop := context.WithCancel(t.ctx)
	p := &payScreen{paying: present.NewPay(e.Sale), void: &e, stop: stop, swiped: true}
	p.paying.Sale.TotalMinor = e.Attempt.Amount.Minor
	p.paying.Mode, p.paying.Began = present.TakingCard, t.opts.Now()
	p.paying.Progress.Step, p.paying.Progress.Code = present.Saving, e.Attempt.Tender == txn.Code
	p.paying.Progress.Terminal = e.Attempt.Tender == txn.Card && t.about.CardTerminal
	by := t.cashier()
	by.Why = why
	//mutant:over-the-counter-no-bank-is-asked
	if e.Attempt.Tender.AtOnce() { // over the counter: there are no steps
		p.paying.Mode = present.Settling
	}
	go func() {
		r := t.desk.Void(ctx, by, e.Attempt.ID, func(now present.Progress) { t.opts.Do(func() { p.progress(t, now) }) })
		t.opts.Do(func() {
			stop()
			p.finish(t, p.paying.Sale, r, p.paying.Undoing)
		})
	}()
	t.open(p)
}

func (p *payScreen) progress(t *till, now present.Progress) {
	another := now.STAN != 0 && p.paying.Progress.STAN != 0 && now.STAN != p.paying.Progress.STAN // the next part is being undone
	if now.Step >= p.paying.Progress.Step || another {                                            // steps only go on, in whatever order goroutines tell them
		now.Code = now.Code || p.paying.Progress.Code // a void is told of like a card's
		now.Terminal = now.Terminal || p.paying.Progress.Terminal
		p.paying.Progress = now
	}
	t.redraw()
}

// ended takes the result. A card payment that ended before an attempt existed
// goes back to the choice of tenders when the cashier cancelled it.
func (p *payScreen) ended(t *till, r present.Result) {
	if r.Attempt.ID == 0 && r.Code == "cancelled" && t.top() == screen(p) {
		p.paying.Mode, p.hint = present.Choosing, present.Note{Tone: present.Plain, Key: "code.cancelled"}
		p.paying.Undoing, p.paying.Split, p.paying.Code, p.paying.NoTender = false, false, false, true
		t.show()
		return
	}
	p.finish(t, p.paying.Sale, r, p.paying.Undoing)
}

// cancelCard cancels before the send, and asks the bank to undo after it.
func (p *payScreen) cancelCard(t *till) {
	//mutant:a-refund-that-was-sent-is-not-cancelled
	if p.stop == nil || p.paying.Undoing || p.giving && p.paying.Sent() {
		return
	}
	p.paying.Undoing = true
	p.hint = present.Note{}
	p.stop()
	t.redraw()
}

func (p *payScreen) buildCard(t *till) fyne.CanvasObject {
	k := t.kit
	p.steps = k.rows(func(i int) row {
		step := p.stepRows[i]
		return row{icon: step.Tone, title: step.Text, right: step.Time, marked: step.Tone == present.Waiting}
	}, nil)
	p.who = newLine("", k.px(22), true, k.text, fyne.TextAlignLeading)
	p.note = k.panel(1)
	p.cancelButton = k.button(normal, "", "Esc", func() { p.cancelCard(t) })
	head := newLine(t.words.Text("pay.choose-card"), k.px(baseText), true, k.text, fyne.TextAlignLeading)
	p.chooser = k.rows(func(i int) row {
		c := p.cards[i]
		return row{title: t.words.Name(c.Name), note: t.words.Scheme(c.Scheme) + " " + c.Masked, marked: i == p.paying.Card}
	}, func(i int) {
		p.paying.Card = i
		p.swipe(t)
	})
	p.chooserHead = head
	return box(func(a area) {
		place(p.cancelButton, a.bottom(max(k.px(56), target)))
		p.steps.height = max(min(k.px(60), a.h*0.11), target)
		place(p.steps, a.top(p.steps.height*4))
		place(p.who, a.top(k.px(36)))
		if p.hint.Key != "" {
			place(p.note, a.top(p.note.high(a.w, a.h)))
		}
		place(p.chooserHead, a.top(k.px(32)))
		place(p.chooser, a)
	}, p.steps, p.who, p.note, head, p.chooser, p.cancelButton)
}

func (p *payScreen) refreshCard(t *till) {
	p.stepRows = t.words.Steps(p.paying.Progress, p.sinceBegan(t), t.opts.Now())
	p.steps.show(len(p.stepRows), -1)
	p.who.set(t.words.WhoActs(p.paying.Progress, p.paying.Undoing && p.paying.Sent()))
	choosing := p.choosing()
	for _, object := range []fyne.CanvasObject{p.chooserHead, p.chooser} {
		if choosing {
			object.Show()
		} else {
			object.Hide()
		}
	}
	p.chooser.show(len(p.cards), p.paying.Card)
	if p.hint.Key == "" {
		p.note.Hide()
	} else {
		p.note.Show()
		p.note.show(t.words.Tell(p.hint, t.about.Currency))
	}
	label := t.words.Text("pay.cancel-before")
	if p.paying.Held() { // of what was taken before it says nothing
		label = t.words.Text("pay.cancel-part")
	}
	hint := "Esc"
	if p.giving {
		label = t.words.Text("giving.cancel")
	}
	if p.paying.Sent() {
		label, hint = t.words.Text(p.ofTender("pay.cancel-after")), ""
	}
	if p.paying.Undoing && p.paying.Sent() {
		label = t.words.Text(p.ofTender("pay.undoing"))
	}
	can := !p.paying.Undoing && p.paying.Progress.Step < present.Papering
	if p.giving && p.paying.Sent() { // it can't be taken back: only its answer says what became of it
		label, can = t.words.Text(map[bool]string{false: "giving.sent", true: "giving.sent-code"}[p.paying.Progress.Code]), false
	}
	p.cancelButton.set(label, hint, can)
}

func (p *payScreen) choosing() bool {
	return len(p.cards) > 0 && !p.swiped && p.paying.Progress.Step == present.Presenting && !p.paying.Undoing
}

func (p *payScreen) cardPrimary(t *till) primaryAction {
	amount := t.money(p.paying.MovingMinor())
	if p.choosing() {
		return primaryAction{label: t.words.Text("pay.present", "card", t.words.Name(p.cards[p.paying.Card].Name)),
			hint: "Enter · " + amount, enabled: true, press: func() { p.swipe(t) }}
	}
	key := p.ofTender("pay.card-running") // nothing is pressed while it runs
	switch {
	case p.giving:
		key = "giving.yes"
	case p.void != nil:
		key = "day.void-yes"
	case p.undo:
		key, amount = "sale.undo-yes", t.money(p.paying.Bill.TakenMinor())
	}
	return primaryAction{label: t.words.Text(key, "amount", amount)}
}

// swipe presents the marked test card, once.
func (p *payScreen) swipe(t *till) {
	if !p.choosing() {
		return
	}
	p.swiped = true
	id := p.cards[p.paying.Card].ID
	t.redraw()
	t.call(func(context.Context) func() {
		if err := t.desk.PresentCard(id); err != nil {
			return func() {
				p.swiped = false
				p.hint = present.Note{Tone: present.Warning, Key: "code.card-unreadable", Detail: err.Error()}
				t.redraw()
			}
		}
		return nil
	})
}

func (p *payScreen) cardKey(t *till, name fyne.KeyName) bool {
	if !p.choosing() {
		return false
	}
	switch name {
	case fyne.KeyDown:
		p.paying.Card = min(p.paying.Card+1, len(p.cards)-1)
	case fyne.KeyUp:
		p.paying.Card = max(p.paying.Card-1, 0)
	default:
		return false
	}
	t.redraw()
	return true
}
