package ui

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// resultScreen says how a payment ended, whether the customer is charged, and
// what to do next. It stays true: while the payment or its paper is not known it
// follows the attempt.
type resultScreen struct {
	sale    sale.Sale
	result  present.Result
	undoing bool
	void    bool   // this is about undoing a payment, or about one of before: the sale in the making is not touched
	undone  bool   // a sale that was paid in part was to be undone
	goods   bool   // it is about the sale in the making, whose goods are on the left
	done    string // key of what a button on this screen did last
	first   meaning
	veil    veil // over the buttons below the message, which come and go

	say         *panel
	change      [3]*line
	changeWord  [3]*line
	extra       *panel
	print, note *button
	terminal    *button // what a separate terminal showed, where nobody has said it yet
	copyNumbers *button
	park, drop  *button // what else can become of goods that were not paid
	other       *button
	again       *button // where it can be paid again by now, and could not when the screen came
	paper       *paperView
}

// meaning is what the primary button of a result does. It is settled when the screen comes and stays: what became possible
// later has a button of its own.
type meaning string

const (
	goesBack   meaning = "back"
	paysAgain  meaning = "pay again"
	servesNext meaning = "serve the next customer"
	beginsNext meaning = "next sale"
)

func (r *resultScreen) meaning() meaning {
	switch {
	case r.void:
		return goesBack
	case r.payAgain():
		return paysAgain
	case r.result.Attempt.Open() || r.result.Charged == txn.ChargedUnknown && !r.paid():
		return servesNext
	}
	return beginsNext
}

func newResult(t *till, s sale.Sale, r present.Result, undoing, void bool) *resultScreen {
	screen := &resultScreen{sale: s, result: r, undoing: undoing, void: void}
	if screen.paid() && !r.Attempt.Kind.GivesBack() {
		t.lastPaid = r.Matter()
	}
	if r.SaleID != 0 && !void && present.PayAgain(r) {
		t.sell.Cart.Continue(r.SaleID)
	}
	t.sound(ofResult(r))
	return screen
}

func (r *resultScreen) cash() bool {
	a := r.result.Attempt
	return a.Tender == txn.Cash && a.Kind == txn.Sale && a.State == txn.Approved
}

// paid reports whether the sale on the left is settled, so that the next one may begin.
func (r *resultScreen) paid() bool {
	if r.result.Attempt.Kind.GivesBack() {
		return r.result.Attempt.Concluded()
	}
	return r.result.Bill.WasPaid()
}

func (r *resultScreen) stands() standing {
	s := standing{page: resultPage, sale: &r.sale, paid: r.paid() && !r.void, wants: wanted{paper: true}}
	if r.void {
		s.page = voidedPage
	}
	if a := r.result.Attempt; a.Kind.GivesBack() && !r.undone {
		s.moves = moving{word: "pay.goes-back", minor: a.Amount.Minor}
	}
	if r.first == paysAgain {
		s.back = "pay.back"
	}
	return s
}

// take follows the attempt, which may have ended or got its paper.
func (r *resultScreen) take(_ *till, s seen) {
	for _, now := range s.owed {
		if same(now, r.result.Matter()) {
			r.result.Attempt, r.result.Bill = now.Attempt, now.Bill
		}
	}
}

// scanned: the next sale begins. Goods that were not paid are still in front: whose the new ones are is asked.
func (r *resultScreen) scanned(t *till, code string) bool {
	//mutant:a-scan-joins-no-sale-unasked
	if r.unpaid() && t.sell.Cart.Len() > 0 {
		if !isGoods(code) {
			r.done = "result.no-goods"
			t.redraw()
			return true
		}
		t.sameCustomer(code)
		return true
	}
	r.leave(t)
	return false
}

// unpaid reports whether nothing of the sale in front is taken, nor may be: then it can be paid, parked or dropped.
func (r *resultScreen) unpaid() bool {
	return r.payAgain() && r.first == paysAgain && r.result.Bill.State != txn.BillPartPaid
}

func (r *resultScreen) pay(t *till, _ bool) {
	if r.payAgain() {
		r.payAgainNow(t)
	}
}

func (*resultScreen) refused(*till, present.Note) {}

func (r *resultScreen) payAgain() bool { return !r.void && present.PayAgain(r.result) }

func (r *resultScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	if r.first == "" {
		r.first = r.meaning()
	}
	r.say, r.extra = k.loudPanel(1.7), k.panel(1)
	button := func(word, hint string, press func()) *button {
		return k.button(normal, word, hint, func() {
			if t.router.guard.meant(&r.veil) {
				press()
			}
		})
	}
	r.print = button("", "", func() { r.reprint(t) })
	r.note = button(t.words.Text("result.note"), "", func() { r.printNote(t) })
	r.copyNumbers = button(t.words.Text("result.copy-facts"), "", func() { r.copyFacts(t) })
	r.again = button("", "F9", func() { r.payAgainNow(t) })
	r.other = button(t.words.Text("result.other-tender"), "F8", func() { r.payAgainNow(t) })
	r.park = button(t.words.Text("sell.park"), "F4", t.parkSale)
	r.drop = button(t.words.Text("goods.drop"), "Ctrl+Del", t.dropSale)
	r.terminal = button(t.words.Text("external.say"), "F5", func() { r.sayLater(t) })
	r.paper = t.newPaperView()
	objects := []fyne.CanvasObject{r.say, r.extra, r.print, r.note, r.copyNumbers, r.terminal, r.again, r.other, r.park, r.drop, r.paper.object}
	for i := range r.change {
		r.changeWord[i] = newLine("", k.px(22), false, k.muted, fyne.TextAlignLeading)
		r.change[i] = newLine("", k.px(34), true, k.text, fyne.TextAlignTrailing)
		objects = append(objects, r.changeWord[i], r.change[i])
	}
	r.change[2].size, r.change[2].least, r.change[2].color = k.px(changeText), 34, k.tone(present.Good)
	return nil, box(func(a area) { r.lay(k, a) }, objects...)
}

func (r *resultScreen) lay(k *kit, a area) {
	if r.paper.object.Visible() || r.paid() {
		place(r.paper.object, a.right(max(a.w*0.42, 300)))
	}
	r.layButtons(k, &a)
	if r.cash() {
		r.layChange(k, &a)
	}
	extra := float32(0)
	if r.extra.Visible() {
		extra = r.extra.high(a.w, a.h*0.4)
	}
	if r.extra.Visible() {
		place(r.extra, a.bottom(extra))
	}
	place(r.say, a)
}

// changeText is the size of the change: a cashier reads it with the drawer in hand.
const changeText = 80

// layChange puts what was due, received and is handed back below the result. The change is the largest figure.
func (r *resultScreen) layChange(k *kit, a *area) {
	r.change[2].size = k.px(changeText)
	if a.h < 5*height(r.change[2].size) {
		r.change[2].size = k.px(44)
	}
	for i := 2; i >= 0; i-- {
		cell := a.bottom(height(r.change[i].size))
		place(r.changeWord[i], area{cell.x + 4, cell.y, cell.w*0.3 - gap, cell.h})
		place(r.change[i], area{cell.x + cell.w*0.3, cell.y, cell.w*0.7 - 4, cell.h})
	}
}

// layButtons stacks what can be done, or puts it side by side where the words need the height.
func (r *resultScreen) layButtons(k *kit, a *area) {
	seen := visible([]*button{r.copyNumbers, r.note, r.print, r.terminal, r.again})
	high := max(k.px(52), target)
	if r.park.Visible() {
		inRow(a.bottom(high), r.ways())
	}
	if a.h < 7.5*k.px(80) && len(seen) > 0 {
		for i, cell := range a.bottom(high).columns(len(seen)) {
			place(seen[i], cell)
		}
		return
	}
	for _, b := range seen {
		place(b, a.bottom(high))
	}
}

func (r *resultScreen) refresh(t *till) {
	a, of := r.result.Attempt, r.result.Matter()
	m := t.words.Result(r.result, r.undoing)
	switch {
	case r.undone:
		m = t.words.Undone(r.result)
	case r.result.Bill.State == txn.BillPartPaid && r.result.Bill.Waits() && !r.void: // its goods are in the books, and come back with it
		m.Next = t.words.Sentences(m.Next, t.words.Text("sale.waits"))
	case a.State == txn.Reversing && !r.void:
		m.Next = t.words.Sentences(m.Next, t.words.Text("result.parks"))
	}
	if a.State == txn.Reversing && a.Unsent == "" {
		m.Next = t.words.Sentences(t.asksAgain(), m.Next)
	}
	//mutant:paper-that-waits-says-for-what
	if code := waitsFor(t.raw); code != "" && r.paid() && (of.Paper() == txn.NoPaper || of.Paper() == txn.Printing) {
		m.Next = t.words.PaperWaits(code)
	}
	troubled := r.paid() && (of.Paper() == txn.NotPrinted || of.Paper() == txn.PaperUnknown)
	switch {
	case troubled && !r.void: // the payment and its paper are two things, and only one of them is in trouble
		r.extra.show(present.Message{Tone: present.Warning, What: m.Next})
		m.Next = t.words.Text("result.next-scan")
	case r.paid() && !r.void:
		m.Next = t.words.Sentences(m.Next, t.words.Text("result.next-scan"))
	}
	r.say.show(m)
	show(r.print, present.MayReprint(of) && !r.undone)
	r.print.set(t.words.Text(present.PaperWord(of)), "F7", true)
	show(r.note, present.MayNote(a))
	show(r.terminal, a.AsksAPerson())
	show(r.copyNumbers, a.ID != 0)
	show(r.again, r.payAgain() && r.first != paysAgain)
	r.again.set(r.againLabel(t), "F9", true)
	for _, b := range r.ways() {
		show(b, r.unpaid())
	}
	t.router.guard.look(&r.veil, [5]bool{r.print.Visible(), r.note.Visible(), r.terminal.Visible(), r.copyNumbers.Visible(), r.again.Visible()})
	for i, word := range []string{"pay.due", "pay.received", "pay.change"} {
		show(r.change[i], r.cash())
		show(r.changeWord[i], r.cash())
		r.changeWord[i].set(t.words.Text(word))
		r.change[i].set(t.money([]int64{a.Amount.Minor, a.ReceivedMinor, a.ChangeMinor}[i]))
	}
	show(r.extra, r.done != "" || troubled && !r.void)
	if r.done != "" {
		m := present.Message{Tone: present.Plain, What: t.words.Text(r.done)}
		if next := r.done + ".next"; t.words.Has(next) {
			m.Next = t.words.Text(next)
		}
		r.extra.show(m)
	}
	r.paper.show(t, r.result)
}

// waitsFor is the printer's fault as it is now, for which paper waits; empty where it prints.
func waitsFor(chips []present.Chip) string {
	if code := rawCode(chips, present.Printer); code != "near end" {
		return code
	}
	return ""
}

// ways are what else can become of goods that were not paid, side by side.
func (r *resultScreen) ways() []*button { return []*button{r.other, r.park, r.drop} }

func show(object fyne.CanvasObject, visible bool) {
	if visible {
		object.Show()
	} else {
		object.Hide()
	}
}

// asksAgain says in how many seconds the bank is asked again for what is not known yet; empty where that is now, or not known.
func (t *till) asksAgain() string {
	for _, c := range t.raw {
		if c.Part == present.Bank && c.Asks.After(t.now) {
			return t.words.Text("result.asks-again", "n", strconv.Itoa(int(c.Asks.Sub(t.now)/time.Second)+1))
		}
	}
	return ""
}

func (r *resultScreen) primary(t *till) primaryAction {
	leave := func() { r.leave(t) }
	//mutant:a-primary-button-keeps-its-meaning
	switch r.first {
	case goesBack:
		return primaryAction{label: t.words.Text("result.back"), hint: "Enter", enabled: true, press: leave}
	case paysAgain:
		return primaryAction{label: r.againLabel(t), hint: "Enter",
			enabled: r.payAgain(), press: func() { r.payAgainNow(t) }}
	case servesNext:
		return primaryAction{label: t.words.Text("result.serve-next"), hint: "Enter", enabled: true, press: leave}
	}
	return primaryAction{label: t.words.Text("result.next"), hint: "Enter", enabled: true, press: leave}
}

// payAgainNow goes back to the choice of tenders with the same sale. None is chosen: what did not work is not tried again, and
// nothing else is taken, by a press in a hurry.
func (r *resultScreen) payAgainNow(t *till) {
	s, err := t.sell.Cart.Freeze()
	if err != nil {
		t.home()
		return
	}
	t.stack = t.stack[:len(t.stack)-1]
	paying := present.NewPay(s)
	if b := r.result.Bill; b.SaleID != 0 {
		paying = present.ContinuePay(s, b)
	}
	//mutant:goods-that-pay-all-ask-for-no-tender
	if s.PaidByGoods() && r.result.Bill.SaleID == 0 { // nothing is to be paid: what goes back is asked about anew
		t.show()
		t.askExchange(s)
		return
	}
	//mutant:pay-again-chooses-no-tender
	paying.NoTender = true
	t.open(&payScreen{paying: paying})
}

// dueMinor is what is left to pay of the sale.
func (r *resultScreen) dueMinor() int64 {
	if r.result.Bill.SaleID == 0 {
		//mutant:goods-that-come-back-are-not-due
		return r.sale.TotalMinor - r.sale.CreditMinor()
	}
	return r.result.Bill.Rest().Minor
}

// againLabel says what paying again asks for: what is left to pay, or what goes back where goods pay all of it.
func (r *resultScreen) againLabel(t *till) string {
	if r.sale.PaidByGoods() && r.result.Bill.SaleID == 0 {
		return t.words.Text("exchange.pay", "amount", t.money(r.sale.OverMinor()))
	}
	return t.words.Text("result.pay-again", "amount", t.money(r.dueMinor()))
}

// leave ends the screen. Paid goods leave the till; goods of a payment that is
// not known yet are parked; goods that were not paid stay on the sale.
func (r *resultScreen) leave(t *till) {
	a := r.result.Attempt
	switch {
	case r.undone && r.goods && r.result.Bill.State == txn.BillPartPaid: // its goods are in the books
		t.sell.Next()
	//mutant:goods-of-a-part-paid-sale-are-in-the-books
	case !r.void && r.result.Bill.State == txn.BillPartPaid: // it is finished or undone from the list
		t.sell.Next()
	case r.void || r.payAgain() && r.first != servesNext: // served next, it is parked, whatever is known by now
	case r.paid():
		t.sell.Next()
		t.sell.Note = present.Note{}
		if r.cash() {
			t.sell.Note = present.Note{Tone: present.Good, Key: "sell.change",
				Pairs: []string{"amount", t.money(a.ChangeMinor), "paid", t.money(a.ReceivedMinor)}}
		}
	case t.sell.Cart.Len() > 0:
		t.sell.Cart.Continue(r.result.SaleID)
		t.parkMaking(present.Note{Tone: present.Unknown, Key: "sell.parked"})
	}
	if r.void {
		t.back()
		return
	}
	t.home()
}

// sayLater asks what a separate terminal showed, where nobody has said it yet.
func (r *resultScreen) sayLater(t *till) {
	t.sayLater(present.Entry{Attempt: r.result.Attempt, Bill: r.result.Bill, Sale: r.sale}, r)
}

// key: a figure begins the next sale, as a scan does.
func (r *resultScreen) key(t *till, name fyne.KeyName) bool {
	switch {
	case name == fyne.KeyF5 && r.result.Attempt.AsksAPerson():
		r.sayLater(t)
	case name == fyne.KeyF7:
		r.printAgain(t)
	case name == fyne.KeyPageDown:
		r.paper.turn(1)
	case name == fyne.KeyPageUp:
		r.paper.turn(-1)
	default:
		return false
	}
	return true
}

func (r *resultScreen) typed(t *till, x rune) {
	if r.paid() && !r.void && x >= '0' && x <= '9' {
		r.leave(t)
		t.onRune(x)
	}
}

func (r *resultScreen) back(t *till) bool {
	r.leave(t)
	return true
}

func (r *resultScreen) reprint(t *till) {
	m, by := r.result.Matter(), t.cashier()
	r.act(t, func(ctx context.Context) (present.Result, string, string) {
		return t.desk.Reprint(ctx, by, m), "sell.reprinted", "sell.reprint-failed"
	})
}

// printAgain prints the paper of this result, and never another customer's.
func (r *resultScreen) printAgain(t *till) {
	//mutant:f7-prints-what-is-in-front
	if present.MayReprint(r.result.Matter()) && !r.undone {
		r.reprint(t)
		return
	}
	r.done = "result.no-reprint"
	t.redraw()
}

func (r *resultScreen) printNote(t *till) {
	id, by := r.result.Attempt.ID, t.cashier()
	r.act(t, func(ctx context.Context) (present.Result, string, string) {
		return t.desk.PrintNote(ctx, by, id), "result.note-done", "result.note-failed"
	})
}

// act prints something and says what became of it; the payment itself is not touched.
func (r *resultScreen) act(t *till, work func(context.Context) (present.Result, string, string)) {
	t.call(func(ctx context.Context) func() {
		printed, good, bad := work(ctx)
		return func() {
			r.done = good
			if printed.Code != "" {
				r.done = bad
			}
			if printed.PrintID != 0 {
				r.result.PrintID = printed.PrintID
			}
			if same(printed.Matter(), r.result.Matter()) {
				r.result.Attempt, r.result.Bill = printed.Attempt, printed.Bill
			}
			t.redraw()
			t.changed()
		}
	})
}

func (r *resultScreen) copyFacts(t *till) {
	t.app.Clipboard().SetContent(present.CopyText(t.words.Facts(r.result.Matter())))
	r.done = "result.copied"
	t.redraw()
}
