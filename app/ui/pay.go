package ui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// payScreen is where a frozen sale is paid: cash on the pad, or the four steps
// of a card. Its model says what is allowed; Enter is always the primary button.
type payScreen struct {
	giving bool // void is what money is given back of
	quiet
	paying *present.Pay
	void   *present.Entry // what is being undone instead; the sale is its own
	undo   bool           // all parts of the sale are being undone
	aside  bool           // the sale is one of before: the sale in the making is not touched
	asked  int64          // received so much more than is due that it was asked about, once
	hint   present.Note
	stop   context.CancelFunc
	cards  []present.TestCard
	swiped bool

	cash, card      *button
	code            *button // nil where no payment codes are taken
	voucher         *button // nil where no vouchers are taken
	terminal        *button // nil where no separate terminal stands beside the till
	split           *button // a part of the sale; nil where cash is the only tender
	labels, figures [3]*line
	exact           *button
	sums            []*button // exact and sums: a tap sets
	notes           []*button // the currency's notes: a tap adds
	tests           []*button // of a demonstration: payment codes, in their place
	held            []*button // what else can be done once a part is taken
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

// exactCash is F12: the pay screen with exact cash. Pressed again it takes it.
func (t *till) exactCash() { t.top().pay(t, true) }

// pay freezes the sale and opens the screen: cash, exact, is chosen.
func (*sellScreen) pay(t *till, exact bool) {
	if !t.sell.Weighed() {
		t.redraw()
		return
	}
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
	if s.PaidByGoods() {
		t.askExchange(s)
		return
	}
	paying := present.NewPay(s)
	if exact {
		paying.AskExact()
	}
	t.open(&payScreen{paying: paying})
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

// pay on this screen is the key for exact cash, or the one for cash.
func (p *payScreen) pay(t *till, exact bool) {
	switch {
	case p.paying.Busy():
		return
	case !exact:
		p.chooseCash(t)
		return
	case p.paying.AskExact():
		p.takeCash(t)
		return
	}
	p.hint = present.Note{}
	t.redraw()
}

func (p *payScreen) stands() standing {
	s := standing{page: payPage, busy: p.paying.Busy() || p.paying.Held(), held: p.paying.Held() && !p.paying.Busy(), sale: &p.paying.Sale,
		ready: p.choosing() || p.paying.Progress.Step >= present.Sending,
		means: fmt.Sprint(p.paying.Mode, p.paying.Split, p.paying.Code, p.paying.Voucher, p.paying.Exact, p.paying.DueMinor(), p.paying.Held(), p.paying.Sent(), p.paying.Undoing, p.choosing())}
	if p.giving { // what was sold stays in sight as it was; what goes back of it stands on the button
		s.sale = &p.void.Sale
	}
	s.moves = p.moves()
	if !s.busy {
		s.back = "pay.back"
	}
	if p.paying.Mode == present.Choosing {
		s.keep = p.keep
	}
	return s
}

// moves is the sum that is under way, where it is not the sale's total.
func (p *payScreen) moves() moving {
	switch minor := p.paying.MovingMinor(); {
	case p.giving, p.void != nil:
		return moving{word: "pay.goes-back", minor: minor}
	case p.undo:
		return moving{word: "pay.goes-back", minor: p.paying.Bill.TakenMinor()}
	case p.paying.Busy() && minor != p.paying.Sale.TotalMinor:
		return moving{word: "pay.part", minor: minor}
	}
	return moving{}
}

// keep notes the pad and what goes with it: figures do nothing else while it is chosen how to pay.
func (p *payScreen) keep(t *till) (undo func()) {
	before, hint := *p.paying, p.hint
	return func() {
		now := p.paying
		now.Pad, now.Tapped, now.Exact, now.NoTender, now.Code, now.Voucher, now.Number, p.hint = before.Pad, before.Tapped, before.Exact, before.NoTender, before.Code, before.Voucher, before.Number, hint
		t.redraw()
	}
}

// scanned: while money may be moving a scan is told so, and sells nothing.
func (p *payScreen) scanned(t *till, code string) bool {
	if p.voucherScanned(t, code) || p.payCode(t, code) || p.scanOrMoney(t, code) {
		return true
	}
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
	return nil, p.buildCash(t)
}

func (p *payScreen) refresh(t *till) {
	if p.paying.Mode == present.TakingCard {
		p.refreshCard(t)
		return
	}
	p.refreshFigures(t)
	p.pad.echo.set(p.paying.Pad)
	p.pad.ends(p.primary(t).enabled)
	p.note.show(p.said(t))
	p.cash.restyle(styleOf(!p.paying.Split && !p.paying.NoTender && !p.paying.Code && !p.paying.Voucher))
	idle := p.paying.Mode != present.Settling
	part := ""
	if minor, ok := p.paying.PartMinor(); ok && minor != 0 {
		part = " · " + t.money(minor)
	}
	p.cash.set(p.cash.label, p.cash.hint, idle)
	p.card.set(p.card.label, "F2"+part, idle)
	if p.code != nil {
		p.code.restyle(styleOf(p.paying.Code))
		p.code.set(p.code.label, "F3"+part, idle)
	}
	if p.voucher != nil {
		p.voucher.restyle(styleOf(p.paying.Voucher))
		p.voucher.set(p.voucher.label, "F6", idle)
	}
	if p.terminal != nil {
		p.terminal.set(p.terminal.label, "F8"+part, idle)
	}
	if p.split != nil {
		p.split.restyle(styleOf(p.paying.Split))
		p.split.set(p.split.label, p.split.hint, idle)
	}
	for _, row := range [][]*button{p.sums, p.notes, p.tests, p.held} {
		for _, b := range row {
			b.set(b.label, b.hint, idle)
		}
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
	case p.paying.Voucher:
		worth, _ := p.paying.Worth()
		figures[1], figures[2] = figure{"pay.worth", worth}, figure{"pay.left", max(p.paying.DueMinor()-worth, 0)}
		tone = present.Plain
	case p.paying.Code: // nothing is received by hand
		figures[1], figures[2] = figure{"pay.by-code", p.paying.DueMinor()}, figure{} // nothing is left
		tone = present.Plain
	case p.paying.Split:
		figures[1], figures[2] = figure{"pay.part", part}, figure{"pay.over", part - p.paying.DueMinor()}
		tone = present.Bad
	case !enough:
		figures[2], tone = figure{"pay.short", -change}, present.Bad
	}
	for i, f := range figures {
		if f.word == "" {
			p.labels[i].set("")
			p.figures[i].set("")
			continue
		}
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
	case p.paying.Code:
		note = present.Note{Tone: present.Plain, Key: "pay.hint-code"}
		if len(p.tests) > 0 {
			note.Key = "pay.hint-test-code"
		}
	case p.paying.Voucher:
		note = p.sayVoucher(t)
	case p.paying.Split:
		note = present.Note{Tone: present.Plain, Key: "pay.hint-split"}
	case p.paying.Held():
		return t.words.Parts(p.paying.Bill)
	case p.paying.NoTender:
		note = present.Note{Tone: present.Plain, Key: "pay.hint-none"}
	case p.paying.Exact:
		note = present.Note{Tone: present.Plain, Key: "pay.hint-exact"}
	default:
		note = present.Note{Tone: present.Plain, Key: p.choices(t)}
	}
	m := t.words.Tell(note, t.about.Currency)
	//mutant:a-scan-that-numbers-a-voucher-is-told
	if number := p.paying.Number; number != "" && note.Key != "pay.voucher-numbered" { // whatever else is said of the voucher
		m.Small = t.words.Text("pay.voucher-numbered", "number", number)
	}
	return m
}

func (p *payScreen) primary(t *till) primaryAction {
	amount := t.money(p.paying.DueMinor())
	switch p.paying.Mode {
	case present.TakingCard:
		return p.cardPrimary(t)
	case present.Settling:
		return primaryAction{label: t.words.Text("pay.settling")}
	}
	switch { // the button takes cash or nothing: what else can be done has a button of its own
	case p.paying.Code:
		return primaryAction{label: t.words.Text("pay.scan-code")}
	case p.paying.Voucher:
		return p.voucherPrimary(t)
	case p.paying.Split:
		return primaryAction{label: t.words.Text("pay.type-part")}
	case p.paying.NoTender:
		return primaryAction{label: t.words.Text("pay.choose")}
	}
	label := t.words.Text("pay.take-cash", "amount", amount)
	change, enough := p.paying.Change()
	//mutant:too-little-cash-is-not-offered
	if !enough {
		return primaryAction{label: t.words.Text("pay.short-by", "amount", t.money(-change)), hint: "Enter", means: "short"}
	}
	if change > 0 {
		label = t.words.Text("pay.take-change", "amount", t.money(p.paying.Received()), "change", t.money(change))
	}
	return primaryAction{label: label, hint: "Enter", enabled: true, press: func() { p.takeCash(t) }, means: "take cash", takes: true}
}

// choices is the words' key of how the sale can be paid.
func (p *payScreen) choices(t *till) string {
	key := "pay.hint"
	switch {
	case t.about.CashOnly && t.about.SeparateTerminal:
		key = "pay.hint-cash-terminal"
	case t.about.SeparateTerminal:
		key = "pay.hint-terminal"
	case t.about.CashOnly:
		key = "pay.hint-cash-only"
	}
	if t.about.Codes {
		key += "-codes"
	}
	return key
}

func (p *payScreen) chooseCash(t *till) {
	if p.paying.Busy() {
		return
	}
	p.paying.ChooseCash()
	p.hint = present.Note{}
	t.redraw()
}

// change alters what was received by a tap.
func (p *payScreen) change(t *till, what func()) {
	if p.paying.Busy() {
		return
	}
	p.hint = present.Note{}
	what()
	t.redraw()
}

// typed: figures are what was received, from the first one on. While a part is chosen they are the part.
func (p *payScreen) typed(t *till, x rune) {
	if p.paying.Busy() {
		return
	}
	p.hint = present.Note{}
	if !p.paying.Type(string(x)) {
		p.hint = present.NotUnderstood(x)
	}
	t.redraw()
}

// refused says why what was typed is not on the pad. It stands where exact cash was asked about: that is no longer asked.
func (p *payScreen) refused(t *till, why present.Note) {
	//mutant:exact-cash-is-taken-where-it-is-asked-about
	p.paying.Exact = false
	p.hint = why
	t.redraw()
}

// payKey is a key that means something else while a sale is paid. The key card shows the table that the keys run on.
type payKey struct {
	key         fyne.KeyName
	shown, word string
	run         func(p *payScreen, t *till)
	there       func(a present.About) bool // nil: always
}

var payKeys = []payKey{
	{fyne.KeyF2, "F2", "keys.pay-card", (*payScreen).startCard, func(a present.About) bool { return !a.CashOnly }},
	{fyne.KeyF3, "F3", "keys.pay-code", (*payScreen).chooseCode, func(a present.About) bool { return a.Codes }},
	{fyne.KeyF4, "F4", "keys.pay-part", (*payScreen).toggleSplit, func(a present.About) bool { return !a.CashOnly || a.SeparateTerminal || a.Codes }},
	{fyne.KeyF6, "F6", "keys.pay-voucher", (*payScreen).chooseVoucher, func(a present.About) bool { return a.Vouchers }},
	{fyne.KeyF8, "F8", "keys.pay-terminal", (*payScreen).startTerminal, func(a present.About) bool { return a.SeparateTerminal }},
	{fyne.KeyF9, "F9", "keys.pay-cash", (*payScreen).chooseCash, nil},
}

// there reports whether the till has what the key is for.
func (k payKey) isThere(a present.About) bool { return k.there == nil || k.there(a) }

func (p *payScreen) key(t *till, name fyne.KeyName) bool {
	if p.paying.Mode == present.TakingCard && p.cardKey(t, name) {
		return true
	}
	for _, k := range payKeys {
		if k.key == name && k.isThere(t.about) {
			k.run(p, t)
			return true
		}
	}
	switch {
	case name == fyne.KeyF2 || name == fyne.KeyF4 || name == fyne.KeyF6 || name == fyne.KeyF8: // they mean something where a sale is made, and nothing here
		p.refused(t, present.Note{Tone: present.Warning, Key: p.choices(t)})
	case isEnter(name) && p.primary(t).means == "short": // it takes nothing, and says why
		p.takeCash(t)
	case name == fyne.KeyF7 && p.paying.Held():
		p.printSlip(t)
	case (name == fyne.KeyBackspace || name == fyne.KeyDelete) && !p.paying.Busy():
		p.paying.Erase()
		t.redraw()
	default:
		return false
	}
	return true
}

// takeCash records the cash. Only one call is ever under way: Settling has no way to begin another.
func (p *payScreen) takeCash(t *till) {
	if p.paying.Busy() {
		return
	}
	if !p.paying.Legal() {
		p.hint = present.Note{Tone: present.Bad, Key: "pay.too-little", Pairs: []string{"amount", t.money(p.paying.DueMinor())}}
		t.redraw()
		return
	}
	received := p.paying.Received()
	//mutant:implausible-cash-is-asked-about
	if p.paying.Implausible() && p.asked != received {
		p.askImplausible(t, received)
		return
	}
	p.paying.Mode, p.hint = present.Settling, present.Note{}
	s, by := p.paying.Sale, t.cashier()
	t.redraw()
	t.call(func(ctx context.Context) func() {
		r := t.desk.PayCash(ctx, by, s, received)
		return func() { p.finish(t, s, r, false) }
	})
}

// askImplausible asks once whether a customer handed over so much.
func (p *payScreen) askImplausible(t *till, received int64) {
	change, _ := p.paying.Change()
	t.open(&askScreen{held: p.paying.Held(), sale: &p.paying.Sale, yes: text("pay.implausible-yes", "amount", t.money(received)), no: text("pay.implausible-no"),
		message: t.message(present.Warning, "pay.implausible", "amount", t.money(received), "change", t.money(change)),
		press: func() {
			p.asked = received
			p.takeCash(t)
		}})
}

// back: nothing is lost before the send; after it only Cancel or the bank end the screen.
func (p *payScreen) back(t *till) bool {
	switch {
	case p.paying.Mode == present.Settling:
		return true
	case p.paying.Sent():
		p.hint = present.Note{Tone: present.Warning, Key: p.ofTender("pay.esc-sent")}
		t.redraw()
		return true
	case p.paying.Mode == present.TakingCard:
		p.cancelCard(t)
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
	if p.giving && r.Attempt.ID == 0 && r.Code == "cancelled" { // nothing was begun: what was to go back is asked anew
		t.drop(p)
		t.openGiving(*p.void)
		return
	}
	result := newResult(t, s, r, undoing, p.void != nil || p.undo || p.aside)
	result.undone, result.goods = p.undo, !p.aside
	t.conclude(p, result)
}

// sinceBegan is what the steps count from until the desk tells of progress.
func (p *payScreen) sinceBegan(t *till) time.Time {
	if p.paying.Began.IsZero() {
		p.paying.Began = t.opts.Now()
	}
	return p.paying.Began
}
