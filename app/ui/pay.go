package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// payScreen is where a frozen sale is paid: cash on the pad, or the four steps
// of a card. Its model says what is allowed; Enter is always the primary button.
type payScreen struct {
	quiet
	paying *present.Pay
	void   *present.Entry // what is being undone instead; the sale is its own
	undo   bool           // all parts of the sale are being undone
	aside  bool           // the sale is one of before: the sale in the making is not touched
	calm   time.Time      // until then it takes no cash
	hint   present.Note
	stop   context.CancelFunc
	cards  []present.TestCard
	swiped bool

	cash, card      *button
	terminal        *button // nil where no separate terminal stands beside the till
	labels, figures [3]*line
	quick           []*button
	split           *button // a part of the sale; nil where cash is the only tender
	pad             *numberPad
	note            *panel
	steps           *rows
	stepRows        []present.StepRow
	who             *line
	chooser         *rows
	chooserHead     fyne.CanvasObject
	cancelButton    *button
}

// openPay opens the screen for paying, from where there is something to pay.
func (t *till) openPay() { t.top().pay(t, false) }

// exactCash is F12: the pay screen with nothing on the pad, which is exact.
func (t *till) exactCash() { t.top().pay(t, true) }

// pay freezes the sale and opens the screen: cash, exact, is chosen.
func (*sellScreen) pay(t *till, _ bool) {
	s, err := t.sell.Cart.Freeze()
	if err != nil {
		if t.sell.Note.Key != "sell.change" { // the change stays until the next scan
			t.tell(present.Warning, "sell.nothing-to-pay", "")
		}
		return
	}
	t.sell.Drop()
	t.sell.Note = present.Note{}
	if s.TotalMinor == 0 {
		t.give(s)
		return
	}
	t.open(&payScreen{paying: present.NewPay(s)})
}

// give concludes a sale of 0.00: nobody pays, and it gets its receipt.
func (t *till) give(s sale.Sale) {
	p := &payScreen{paying: present.NewPay(s)}
	p.paying.Mode = present.Settling
	by := t.cashier()
	t.open(p)
	t.call(func(ctx context.Context) func() {
		r := t.desk.Give(ctx, by, s)
		return func() { p.finish(t, s, r, false) }
	})
}

func (p *payScreen) pay(t *till, exact bool) {
	if exact {
		p.paying.Pad = ""
		p.takeCash(t)
	}
}

func (p *payScreen) stands() standing {
	return standing{page: payPage, busy: p.paying.Busy() || p.paying.Held(), held: p.paying.Held() && !p.paying.Busy(), sale: &p.paying.Sale, ready: p.choosing() || p.paying.Progress.Step >= present.Sending}
}

// scanned: while money may be moving a scan is told so, and sells nothing.
func (p *payScreen) scanned(t *till, _ string) bool {
	if !p.paying.Busy() && !p.paying.Held() {
		return false
	}
	p.hint = present.Note{Tone: present.Warning, Key: "sell.locked"}
	t.redraw()
	return true
}

func (p *payScreen) build(t *till) (left, right fyne.CanvasObject) {
	if p.paying.Mode == present.TakingCard {
		return nil, p.buildCard(t)
	}
	//mutant:a-screen-that-comes-back-is-calm
	if t.cameBack {
		p.calmDown(t)
	}
	return nil, p.buildCash(t)
}

func (p *payScreen) buildCash(t *till) fyne.CanvasObject {
	k := t.kit
	p.cash = k.button(chosen, t.words.Text("pay.cash"), "1", func() { p.chooseCash(t) })
	p.card = k.button(normal, t.words.Text("pay.card"), "2", func() { p.startCard(t) })
	tendering := []fyne.CanvasObject{p.cash, p.card}
	if t.about.CashOnly {
		tendering = tendering[:1]
	}
	p.terminal = nil
	if t.about.SeparateTerminal {
		p.terminal = k.button(normal, t.words.Text("pay.terminal"), "3", func() { p.startTerminal(t) })
		tendering = append(tendering, p.terminal)
	}
	objects := append([]fyne.CanvasObject(nil), tendering...)
	for i := range p.labels {
		p.labels[i] = newLine("", k.px(22), false, k.muted, fyne.TextAlignLeading)
		p.figures[i] = newLine("", k.px(34), true, k.text, fyne.TextAlignTrailing)
		objects = append(objects, p.labels[i], p.figures[i])
	}
	p.quick = nil
	exact := k.button(normal, t.words.Text("pay.exact"), "F12", func() { p.chooseExact(t) })
	p.quick = append(p.quick, exact)
	extra := p.partButtons(t)
	for _, sum := range present.QuickCash(p.paying.DueMinor(), p.paying.Sale.Currency, 5-len(extra)) {
		p.quick = append(p.quick, k.button(normal, t.money(sum), "", func() {
			p.chooseCash(t)
			p.paying.SetReceived(sum)
			t.redraw()
		}))
	}
	p.quick = append(p.quick, extra...)
	for _, b := range p.quick {
		objects = append(objects, b)
	}
	p.pad, p.note = k.numberPad(t.onPad), k.panel(1)
	rule := canvas.NewRectangle(k.border)
	objects = append(objects, p.note, p.pad.Container, rule)
	return box(func(a area) { p.layCash(k, a, tendering, rule) }, objects...)
}

// layCash lays the screen out: the tenders in a row, then what is due, received and given back, then sums to tap; beside them the
// pad, and what was said above it.
func (p *payScreen) layCash(k *kit, a area, tendering []fyne.CanvasObject, rule fyne.CanvasObject) {
	high := a.h
	short := high < k.px(400) // a small screen with large text: everything keeps its place, and the note gives way
	row, figure := max(k.px(60), 64), k.px(52)
	if short {
		row, figure = 64, min(k.px(52), (high-64-3*(target+gap))/3-gap)
	}
	for i, cell := range a.top(row).columns(len(tendering)) {
		place(tendering[i], cell)
	}
	side := a.right(padWidth(a.w))
	place(p.pad.Container, side.bottom(padHeight(k.look, high)))
	show(p.note, side.h > k.px(36))
	place(p.note, side)
	for i := range p.labels {
		if i == 2 {
			place(rule, area{a.x, a.y - gap/2, a.w, 2})
		}
		cell := a.top(figure)
		place(p.labels[i], area{cell.x + 4, cell.y, cell.w*0.36 - gap, cell.h})
		place(p.figures[i], area{cell.x + cell.w*0.36, cell.y, cell.w*0.64 - 4, cell.h})
	}
	columns := 2
	if a.w > k.px(480) || short {
		columns = 3
	}
	lines := float32((len(p.quick) + columns - 1) / columns)
	each := max(min(k.px(60), (a.h+gap)/lines-gap), target)
	for i := 0; i < len(p.quick); i += columns {
		cells := a.top(each).columns(columns)
		for j := i; j < min(i+columns, len(p.quick)); j++ {
			place(p.quick[j], cells[j-i])
		}
	}
}

func (p *payScreen) refresh(t *till) {
	if p.paying.Mode == present.TakingCard {
		p.refreshCard(t)
		return
	}
	p.refreshFigures(t)
	p.pad.echo.set(p.paying.Pad)
	p.note.show(p.said(t))
	p.cash.restyle(styleOf(!p.paying.Split))
	if p.split != nil {
		p.split.restyle(styleOf(p.paying.Split))
	}
	idle := p.paying.Mode != present.Settling
	p.card.set(p.card.label, p.card.hint, idle)
	if p.terminal != nil {
		p.terminal.set(p.terminal.label, p.terminal.hint, idle)
	}
	for _, b := range p.quick {
		b.set(b.label, b.hint, idle)
	}
}

// refreshFigures shows what is due and received and goes back; while a part is typed, the part and what is left after it.
func (p *payScreen) refreshFigures(t *till) {
	type figure struct {
		word  string
		minor int64
	}
	change, enough := p.paying.Change()
	figures := [3]figure{{"pay.due", p.paying.DueMinor()}, {"pay.received", p.paying.Received()}, {"pay.change", change}}
	tone := present.Good
	switch part, ok := p.paying.PartMinor(); {
	case p.paying.Split && (ok || p.paying.Pad == ""):
		figures[1], figures[2] = figure{"pay.part", part}, figure{"pay.left", p.paying.DueMinor() - part}
		tone = present.Plain
	case p.paying.Split:
		figures[1], figures[2] = figure{"pay.part", part}, figure{"pay.over", part - p.paying.DueMinor()}
		tone = present.Bad
	case !enough:
		figures[2], tone = figure{"pay.short", -change}, present.Bad
	}
	for i, f := range figures {
		p.labels[i].set(t.words.Text(f.word))
		p.figures[i].set(t.money(f.minor))
	}
	p.figures[2].paint(t.kit.tone(tone))
}

// said is what stands above the pad: what went wrong last, what is taken of the sale, or what can be done.
func (p *payScreen) said(t *till) present.Message {
	note := p.hint
	switch {
	case note.Key != "":
	case p.paying.Split:
		note = present.Note{Tone: present.Plain, Key: "pay.hint-split"}
	case p.paying.Held():
		return t.words.Parts(p.paying.Bill)
	case p.paying.Mode != present.Choosing:
		note = present.Note{Tone: present.Plain, Key: "pay.hint-cash"}
	default:
		note = present.Note{Tone: present.Plain, Key: p.choices(t)}
	}
	return t.words.Tell(note, t.about.Currency)
}

func (p *payScreen) primary(t *till) primaryAction {
	amount := t.money(p.paying.DueMinor())
	if p.paying.Split && !p.paying.Busy() {
		return p.splitPrimary(t)
	}
	switch p.paying.Mode {
	case present.TakingCard:
		return p.cardPrimary(t, amount)
	case present.Settling:
		return primaryAction{label: t.words.Text("pay.settling")}
	}
	return primaryAction{label: t.words.Text("pay.take-cash", "amount", amount), hint: "Enter",
		enabled: !t.opts.Now().Before(p.calm), press: func() { p.takeCash(t) }}
}

// choices is the words' key of how the sale can be paid.
func (p *payScreen) choices(t *till) string {
	switch {
	case t.about.CashOnly && t.about.SeparateTerminal:
		return "pay.hint-cash-terminal"
	case t.about.SeparateTerminal:
		return "pay.hint-terminal"
	case t.about.CashOnly:
		return "pay.hint-cash-only"
	}
	return "pay.hint"
}

func (p *payScreen) chooseCash(t *till) {
	if p.paying.Busy() {
		return
	}
	p.paying.Mode, p.hint = present.TakingCash, present.Note{}
	if p.paying.Split {
		p.paying.Split, p.paying.Pad = false, ""
	}
	t.redraw()
}

func (p *payScreen) chooseExact(t *till) {
	if p.paying.Busy() {
		return
	}
	p.paying.Pad, p.paying.Split = "", false
	t.redraw()
}

// typed: while choosing, 1 and 2 choose; once cash is chosen, figures are what was received.
func (p *payScreen) typed(t *till, x rune) {
	switch {
	case p.paying.Busy():
	case p.paying.Split || p.paying.Mode == present.TakingCash:
		if x >= '0' && x <= '9' || x == '.' {
			p.paying.Type(string(x))
			p.hint = present.Note{}
		}
	default:
		switch {
		case x == '1':
			p.chooseCash(t)
		case x == '2':
			p.startCard(t)
		case x == '3' && t.about.SeparateTerminal:
			p.startTerminal(t)
			return
		default:
			p.hint = present.Note{Tone: present.Warning, Key: p.choices(t)}
		}
	}
	t.redraw()
}

func (p *payScreen) key(t *till, name fyne.KeyName) bool {
	switch {
	case p.paying.Mode == present.TakingCard:
		return p.cardKey(t, name)
	case name == fyne.KeyF7:
		p.printSlip(t)
	case name == fyne.KeyBackspace || name == fyne.KeyDelete:
		p.paying.Erase()
	default:
		return false
	}
	t.redraw()
	return true
}

// takeCash records the cash. Only one call is ever under way: Settling has no way to begin another.
func (p *payScreen) takeCash(t *till) {
	if p.paying.Busy() || t.opts.Now().Before(p.calm) {
		return
	}
	if !p.paying.Legal() {
		p.hint = present.Note{Tone: present.Bad, Key: "pay.too-little", Pairs: []string{"amount", t.money(p.paying.DueMinor())}}
		t.redraw()
		return
	}
	p.paying.Mode, p.hint = present.Settling, present.Note{}
	s, received, by := p.paying.Sale, p.paying.Received(), t.cashier()
	t.redraw()
	t.call(func(ctx context.Context) func() {
		r := t.desk.PayCash(ctx, by, s, received)
		return func() { p.finish(t, s, r, false) }
	})
}

// back: nothing is lost before the send; after it only Cancel or the bank end the screen.
func (p *payScreen) back(t *till) bool {
	switch {
	case p.paying.Mode == present.Settling:
		return true
	case p.paying.Sent():
		p.hint = present.Note{Tone: present.Warning, Key: "pay.esc-sent"}
		t.redraw()
		return true
	case p.paying.Mode == present.TakingCard:
		p.cancelCard(t)
		return true
	case p.paying.Pad != "":
		p.paying.Pad = ""
		t.redraw()
		return true
	case p.paying.Split:
		p.paying.ToggleSplit()
		t.redraw()
		return true
	case p.paying.Mode == present.TakingCash:
		p.paying.Mode = present.Choosing
		t.redraw()
		return true
	case p.paying.Held(): // it is finished or undone, and never just left
		p.askUndo(t)
		return true
	}
	return false
}

// finish opens the result in place of the pay screen. After a part that stands, the screen goes on with the rest.
func (p *payScreen) finish(t *till, s sale.Sale, r present.Result, undoing bool) {
	if r.Attempt.Concluded() && r.Attempt.Kind == txn.Sale && r.Bill.State == txn.BillPartPaid && !undoing {
		p.partTaken(t, r)
		return
	}
	result := newResult(t, s, r, undoing, p.void != nil || p.undo || p.aside)
	result.undone, result.goods = p.undo, !p.aside
	t.conclude(p, result)
	if r.Code == "numbers in doubt" {
		t.askNumbers()
	}
}

// sinceBegan is what the steps count from until the desk tells of progress.
func (p *payScreen) sinceBegan(t *till) time.Time {
	if p.paying.Began.IsZero() {
		p.paying.Began = t.opts.Now()
	}
	return p.paying.Began
}
