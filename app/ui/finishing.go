package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// finishingScreen is the first screen after a crash: each payment that the start
// found open, how it was found and what became of it, live. The chip at the top
// opens the same screen for what is not finished now.
type finishingScreen struct {
	quiet
	thisRun bool
	list    *rows
	shown   []present.FinishRow
	marked  txn.Matter // what the arrows have chosen; the zero Matter is nothing yet
	goesOn  bool       // the primary button goes on with a sale that is paid in part
	say     *panel
}

func (f *finishingScreen) found(t *till) []present.Recovered {
	if !f.thisRun {
		return t.finishing
	}
	var list []present.Recovered
	var listed []txn.Matter
	add := func(r present.Recovered) {
		if r.OfSale || !holds(listed, r.Matter) {
			list, listed = append(list, r), append(listed, r.Matter)
		}
	}
	for _, m := range t.unpaid() {
		list = append(list, present.Recovered{Matter: m, OfSale: true})
	}
	for _, m := range t.owed {
		if a := m.Attempt; a.Reason != "" || a.Open() {
			add(present.Recovered{Before: "pending", Matter: m, Done: !a.Open()})
		}
	}
	for _, m := range t.unknown() { // that the start found: the others are among what is owed
		add(present.Recovered{Before: "pending", Matter: m})
	}
	for _, m := range slices.Concat(t.forManager(), t.refundsNotKnown()) {
		add(present.Recovered{Matter: m})
	}
	return list
}

func (f *finishingScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	f.say = k.panel(1.2)
	f.list = k.rows(func(i int) row {
		r := f.shown[i]
		return row{icon: r.Tone, title: r.Title, note: r.Now, more: r.Next, right: r.Before, tone: r.Tone, wide: true, marked: i == f.at(f.found(t))}
	}, func(i int) {
		if found := f.found(t); i < len(found) {
			f.open(t, found[i])
		}
	})
	f.list.height = 2*height(k.px(baseText)) + height(k.px(smallText)) + 8
	left = box(func(a area) { place(f.say, area{a.x, a.y, a.w, f.say.high(a.w, a.h)}) }, f.say)
	return left, box(func(a area) { place(f.list, a) }, f.list)
}

func (f *finishingScreen) refresh(t *till) {
	found := f.found(t)
	_, f.goesOn = f.next(t)
	f.shown = t.words.Finishing(found)
	head := t.words.FinishingHead(found)
	if !f.thisRun {
		head.Small = t.words.Text("finishing.why")
	}
	f.say.show(head)
	f.list.show(len(f.shown), f.at(found))
}

// at is where the chosen payment stands; −1 where none is chosen.
func (f *finishingScreen) at(found []present.Recovered) int {
	return slices.IndexFunc(found, func(r present.Recovered) bool {
		return f.marked.Bill.SaleID != 0 && same(r.Matter, f.marked)
	})
}

// open shows a payment, with what was sold; a sale that is paid in part is gone on with.
func (f *finishingScreen) open(t *till, r present.Recovered) {
	if r.OfSale && r.Matter.Bill.State == txn.BillPartPaid && !r.Matter.Bill.Waits() {
		t.resumeUnread(r.Matter)
		return
	}
	t.call(func(context.Context) func() {
		s, _ := t.desk.SaleOf(r.Matter.Bill.SaleID) // the payment is told without its goods too
		return func() {
			if t.inSight(f) {
				t.openEntry(present.Entry{Attempt: r.Matter.Attempt, Bill: r.Matter.Bill, Sale: s})
			}
		}
	})
}

// next is the first sale that is paid in part and can be gone on with now: it comes first.
func (f *finishingScreen) next(t *till) (txn.Matter, bool) {
	for _, r := range f.found(t) {
		if r.OfSale && r.Matter.Bill.State == txn.BillPartPaid && !r.Matter.Bill.Waits() {
			return r.Matter, true
		}
	}
	return txn.Matter{}, false
}

// leaving is the words' key of leaving the list.
func (f *finishingScreen) leaving() string {
	if f.thisRun {
		return "result.back"
	}
	return "finishing.start"
}

func (f *finishingScreen) primary(t *till) primaryAction {
	if found := f.found(t); f.at(found) >= 0 {
		return primaryAction{label: t.words.Text("find.open"), hint: "Enter", enabled: true, press: func() { f.open(t, found[f.at(found)]) }, means: "open"}
	}
	if m, ok := f.next(t); ok {
		return primaryAction{label: t.words.Text("sale.go-on-rest", "amount", t.money(m.Bill.Rest().Minor)), hint: "Enter", enabled: true, takes: true,
			press: func() { t.resumeUnread(m) }, means: "go on"}
	}
	return primaryAction{label: t.words.Text(f.leaving()), hint: "Enter", enabled: true, press: t.back, means: "leave"}
}

func (f *finishingScreen) key(t *till, name fyne.KeyName) bool {
	found := f.found(t)
	if marked, moved := markKey(name, f.at(found), len(found)); moved && len(found) > 0 {
		f.marked = found[max(marked, 0)].Matter
		t.redraw()
		return true
	}
	return f.list.turnKey(name)
}

func (f *finishingScreen) typed(*till, rune) {}

func (f *finishingScreen) back(*till) bool { return false }

// openUnknown lists what is not finished: payments that are not known yet, and what waits for the manager.
func (t *till) openUnknown() {
	if t.paying() {
		return
	}
	if t.top().stands().page == unknownPage {
		return
	}
	t.leaveResult()
	t.open(&finishingScreen{thisRun: true})
}

// leaveResult leaves a result before another screen opens, so that its goods are
// cleared or parked and never shown as unpaid again.
func (t *till) leaveResult() {
	if t.top().stands().page == resultPage {
		t.top().leave(t)
	}
}

func (f *finishingScreen) stands() standing {
	s := standing{page: foundPage}
	if f.thisRun {
		s.page = unknownPage
	}
	if f.goesOn || f.marked.Bill.SaleID != 0 {
		s.back = f.leaving()
	}
	return s
}
