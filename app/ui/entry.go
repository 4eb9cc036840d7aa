package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// entryScreen is the page of one payment: what is known of it, its goods, and
// what may be done with it: void, print again (marked), a note.
type entryScreen struct {
	quiet
	entry present.Entry
	done  present.Note

	say         *panel
	said        *panel
	facts       *rows
	list        []present.Fact
	goods       *rows
	void, print *button
	giving      *button // some of it back, or all
	rest        *button // of a sale that is paid in part: it is finished or undone
	terminal    *button // what a separate terminal showed, where nobody has said it yet
	note, copy  *button
	evidence    *button // of what the bank says no more
	dispute     *button // what a customer says of it
	messages    *button // what was exchanged with the bank about it
}

func (t *till) openEntry(e present.Entry) {
	//mutant:what-was-reversed-is-listed-until-it-was-seen
	if e.Attempt.State == txn.Reversed {
		t.seenEnded[e.Attempt.ID] = e.Attempt.Late // what its line says later is not seen yet
	}
	if id := e.Attempt.ID; slices.ContainsFunc(t.forPerson, func(m txn.Matter) bool { return m.Attempt.ID == id }) {
		t.call(func(context.Context) func() { t.desk.Looked(id); return nil })
	}
	t.open(&entryScreen{entry: e})
}

func (s *entryScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.said = k.panel(1.15), k.panel(1)
	s.facts = k.rows(func(i int) row { return row{title: s.list[i].Label, right: s.list[i].Value} }, nil)
	s.facts.height = k.px(40)
	s.goods = k.rows(func(i int) row { return t.soldRow(s.entry.Sale.Lines[i], s.entry.Sale.Currency) }, nil)
	s.void = k.button(normal, t.words.Text("day.void"), "", func() { s.askVoid(t) })
	s.giving = k.button(normal, t.words.Text("giving.open"), "F3", func() { t.openGiving(s.entry) })
	s.print = k.button(normal, "", "", func() { s.reprint(t) })
	s.rest = k.button(normal, t.words.Text("sale.go-on"), "", func() { t.resume(s.entry.Bill, s.entry.Sale) })
	s.terminal = k.button(normal, t.words.Text("external.say"), "F5", func() { t.sayLater(s.entry, nil) })
	s.evidence = k.button(normal, t.words.Text("evidence.bring"), "", func() { t.openEvidence(s.entry) })
	s.dispute = k.button(normal, t.words.Text("dispute.open"), "F6", func() { t.openDispute(s.entry) })
	s.messages = k.button(normal, t.words.Text("messages.open"), "F8", func() { t.openMessages(s.entry) })
	s.note = k.button(normal, t.words.Text("result.note"), "", func() { s.printNote(t) })
	s.copy = k.button(normal, t.words.Text("result.copy-facts"), "", func() {
		t.app.Clipboard().SetContent(present.CopyText(t.words.Facts(s.entry.Matter())))
		s.done = present.Note{Tone: present.Plain, Key: "result.copied"}
		t.redraw()
	})
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.65)))
		place(s.said, a.top(s.said.high(a.w, a.h)))
	}, s.say, s.said)
	buttons := []*button{s.rest, s.terminal, s.evidence, s.dispute, s.giving, s.void, s.print, s.note, s.messages, s.copy}
	return left, box(func(a area) {
		for _, row := range inRows(visible(buttons), a.w) {
			inRow(a.bottom(max(k.px(56), target)), row)
		}
		halves := a.columns(2)
		place(s.facts, halves[0])
		place(s.goods, halves[1])
	}, s.facts, s.goods, s.rest, s.terminal, s.evidence, s.dispute, s.giving, s.void, s.print, s.note, s.messages, s.copy)
}

func (s *entryScreen) refresh(t *till) {
	a, of := s.entry.Attempt, s.entry.Matter()
	m := t.words.Matter(of)
	if a.ID != 0 {
		m.What = t.words.Title(of) + " " + t.money(a.Amount.Minor) + " · " + m.What
	}
	s.say.show(m)
	done := t.words.Tell(s.done, t.about.Currency)
	s.said.show(done)
	show(s.said, !done.Empty())
	s.list = t.words.Facts(of)
	s.facts.show(len(s.list), -1)
	s.goods.show(len(s.entry.Sale.Lines), -1)
	show(s.terminal, a.AsksAPerson())
	show(s.evidence, present.MayResolve(a))
	show(s.void, present.MayVoid(of, t.about.Batch) && of.Bill.State != txn.BillPartPaid)
	show(s.giving, present.MayGiveBack(of))
	show(s.dispute, present.MayDispute(of))
	show(s.messages, present.HasMessages(of))
	show(s.rest, of.Bill.State == txn.BillPartPaid && !of.Bill.Waits())
	show(s.print, present.MayReprint(of))
	show(s.note, present.MayNote(a))
	s.print.set(t.words.Text(present.PaperWord(of)), "", true)
}

// take follows the payment: a void of it, say, has given its money back.
func (s *entryScreen) take(_ *till, seen seen) {
	for _, now := range seen.owed {
		if same(now, s.entry.Matter()) {
			s.entry.Attempt, s.entry.Bill = now.Attempt, now.Bill
		}
	}
}

// askVoid asks why the payment is voided; the answer voids it, and stands in the books.
func (s *entryScreen) askVoid(t *till) {
	a := s.entry.Attempt
	amount := t.money(a.Amount.Minor)
	//mutant:a-void-is-asked-for-its-reason
	t.open(&reasonScreen{sale: &s.entry.Sale, keys: present.VoidReasons,
		message: func(w *present.Words) present.Message {
			return present.Message{Tone: present.Warning, What: w.Text("day.void-ask", "amount", amount),
				Next: w.Text("day.void-ask."+string(a.Tender), "amount", amount, "last4", a.Card.LastFour())}
		},
		press: func(t *till, why string) { t.startVoid(s.entry, why) }})
}

func (s *entryScreen) reprint(t *till) {
	m, by := s.entry.Matter(), t.cashier()
	s.act(t, "sell.reprinted", "sell.reprint-failed", func(ctx context.Context) present.Result { return t.desk.Reprint(ctx, by, m) })
}

func (s *entryScreen) printNote(t *till) {
	id, by := s.entry.Attempt.ID, t.cashier()
	s.act(t, "result.note-done", "result.note-failed", func(ctx context.Context) present.Result { return t.desk.PrintNote(ctx, by, id) })
}

func (s *entryScreen) act(t *till, good, bad string, work func(context.Context) present.Result) {
	t.call(func(ctx context.Context) func() {
		r := work(ctx)
		return func() {
			s.done = present.Note{Tone: present.Good, Key: good}
			if r.Code != "" {
				s.done = present.Note{Tone: present.Warning, Key: bad, Detail: r.Code + " " + r.Detail}
			}
			if r.Attempt.ID == s.entry.Attempt.ID && r.Bill.SaleID == s.entry.Bill.SaleID {
				s.entry.Attempt, s.entry.Bill = r.Attempt, r.Bill
			}
			t.redraw()
			t.changed()
		}
	})
}

func (s *entryScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *entryScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyF3 && present.MayGiveBack(s.entry.Matter()) {
		t.openGiving(s.entry)
		return true
	}
	if name == fyne.KeyF5 && s.entry.Attempt.AsksAPerson() {
		t.sayLater(s.entry, nil)
		return true
	}
	if name == fyne.KeyF6 && present.MayDispute(s.entry.Matter()) {
		t.openDispute(s.entry)
		return true
	}
	if name == fyne.KeyF8 && present.HasMessages(s.entry.Matter()) {
		t.openMessages(s.entry)
		return true
	}
	return s.facts.turnKey(name)
}

func (s *entryScreen) typed(*till, rune) {}

func (s *entryScreen) back(*till) bool { return false }

func (s *entryScreen) stands() standing { return standing{page: entryPage, matter: s.entry.Matter()} }
