package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// receiptsScreen lists the newest receipts. Each can be printed again, as a marked copy.
type receiptsScreen struct {
	quiet
	entries []present.Entry
	failed  error
	marked  int
	busy    bool
	done    present.Note
	list    *rows
	say     *panel
	giving  *button // some of the marked one back
}

// receiptsListed is how many receipts can be printed again without looking for them.
const receiptsListed = 10

func (t *till) openReceipts() {
	if t.paying() || t.top().stands().page == receiptsPage {
		return
	}
	t.leaveResult()
	t.open(&receiptsScreen{})
}

// read lists them as they are now, also where something of one went back meanwhile.
func (r *receiptsScreen) read(t *till) {
	t.call(func(ctx context.Context) func() {
		entries, err := t.desk.Receipts(ctx, receiptsListed)
		return func() {
			r.show(entries, err)
			t.redraw()
		}
	})
}

func (r *receiptsScreen) show(entries []present.Entry, err error) {
	r.failed, r.marked = err, keptMark(r.marked, r.entries, entries, entryKey)
	r.entries = entries
}

// take reads them anew: what went back of one is not offered again.
func (r *receiptsScreen) take(t *till, _ seen) {
	//mutant:the-last-receipts-are-read-anew
	if t.top() == screen(r) && !r.busy {
		r.read(t)
	}
}

func (r *receiptsScreen) build(t *till) (left, right fyne.CanvasObject) {
	r.read(t)
	k := t.kit
	r.say = k.panel(1.1)
	r.list = k.rows(func(i int) row { return r.row(t, i) }, func(i int) { r.marked = i; t.redraw() }).
		by(func(i int) any { return entryKey(r.entries[i]) })
	r.giving = k.button(normal, t.words.Text("giving.open"), "F3", func() { r.giveBack(t) })
	return nil, box(func(a area) {
		place(r.say, a.top(k.px(110)))
		place(r.giving, a.bottom(max(k.px(56), target)))
		place(r.list, a)
	}, r.say, r.list, r.giving)
}

func (r *receiptsScreen) row(t *till, i int) row {
	e := r.entries[i]
	return row{title: t.words.ReceiptTitle(e, t.titleOf(e.Sale.Lines)), note: t.words.ReceiptRow(e), right: present.ReceiptAmount(e), marked: i == r.marked}
}

func (r *receiptsScreen) refresh(t *till) {
	note := present.Note{Tone: present.Plain, Key: "receipts.title"}
	switch {
	case r.failed != nil:
		note = present.Note{Tone: present.Bad, Key: "receipts.unreadable", Detail: r.failed.Error()}
	case r.done.Key != "":
		note = r.done
	case len(r.entries) == 0:
		note.Key = "receipts.none"
	}
	r.say.show(t.words.Tell(note, t.about.Currency))
	r.list.show(len(r.entries), r.marked)
	show(r.giving, r.mayGiveBack())
}

func (r *receiptsScreen) mayGiveBack() bool {
	return r.marked < len(r.entries) && present.MayGiveBack(r.entries[r.marked].Matter())
}

// giveBack asks what goes back of the last payment of the marked sale.
func (r *receiptsScreen) giveBack(t *till) {
	if r.mayGiveBack() {
		t.openGiving(r.entries[r.marked])
	}
}

func (r *receiptsScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("receipts.print"), hint: "Enter", enabled: !r.busy && len(r.entries) > 0, press: func() { r.print(t) }}
}

func (r *receiptsScreen) print(t *till) {
	if r.busy || r.marked >= len(r.entries) {
		return
	}
	r.busy = true
	m, by := r.entries[r.marked].Matter(), t.cashier()
	t.call(func(ctx context.Context) func() {
		printed := t.desk.Reprint(ctx, by, m)
		entries, err := t.desk.Receipts(ctx, receiptsListed) // as they are now
		return func() {
			r.busy = false
			r.show(entries, err)
			r.done = present.Note{Tone: present.Good, Key: "sell.reprinted"}
			if printed.Code != "" {
				r.done = present.Note{Tone: present.Warning, Key: "sell.reprint-failed", Detail: printed.Code}
			}
			t.redraw()
		}
	})
}

func (r *receiptsScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyF3 && r.mayGiveBack() {
		r.giveBack(t)
		return true
	}
	marked, moved := markKey(name, r.marked, len(r.entries))
	if moved {
		r.marked = marked
		t.redraw()
	}
	return moved
}

func (r *receiptsScreen) typed(t *till, x rune) { t.findTyped(x) }

func (r *receiptsScreen) back(*till) bool { return false }

func (r *receiptsScreen) stands() standing { return standing{page: receiptsPage, back: "pay.back"} }

// reprintLast prints the last receipt again, as a marked copy, also one of before this start. While a sale is paid the screen says what it
// prints, if anything.
func (t *till) reprintLast() {
	if t.paying() {
		t.top().key(t, fyne.KeyF7)
		return
	}
	m, by := t.lastPaid, t.cashier()
	t.call(func(ctx context.Context) func() {
		if m.Bill.SaleID == 0 {
			newest, err := t.desk.Receipts(ctx, receiptsListed)
			of := slices.IndexFunc(newest, func(e present.Entry) bool { return !e.Attempt.Kind.GivesBack() }) // the last receipt, not a slip
			if err != nil || of < 0 {
				return func() { t.tell(present.Warning, "sell.no-reprint", small(err)) }
			}
			m = newest[of].Matter()
		}
		return t.reprinted(t.desk.Reprint(ctx, by, m), m)
	})
}

func (t *till) reprinted(r present.Result, m txn.Matter) func() {
	return func() {
		if r.Code != "" {
			t.tell(present.Warning, "sell.reprint-failed", r.Code)
			return
		}
		t.tell(present.Good, "sell.reprinted", "")
	}
}

func small(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
