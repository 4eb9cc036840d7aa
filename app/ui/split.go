package ui

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// A sale that is paid in parts: each card or terminal payment takes one, cash takes the rest. Once a part is taken the
// sale is finished or undone, here or later from the list of what is unfinished.

func styleOf(on bool) style {
	if on {
		return chosen
	}
	return normal
}

func (p *payScreen) toggleSplit(t *till) {
	if p.split == nil || p.paying.Busy() {
		return
	}
	p.hint = present.Note{}
	p.paying.ToggleSplit()
	t.redraw()
}

// typedPart is what the next card or terminal payment takes. Where the pad says no part that can be, it says so, and nothing begins.
func (p *payScreen) typedPart(t *till) (minor int64, ok bool) {
	if minor, ok = p.paying.PartMinor(); !ok {
		p.hint = present.Note{Tone: present.Warning, Key: "pay.no-part", Pairs: []string{"amount", t.money(p.paying.DueMinor())}}
		t.redraw()
	}
	return minor, ok
}

// partTaken goes on with the rest of the sale.
func (p *payScreen) partTaken(t *till, r present.Result) {
	p.paying.Taken(r.Bill)
	p.hint = present.Note{}
	if !p.aside {
		t.sell.Cart.Continue(r.Bill.SaleID)
	}
	t.owe(r.Matter())
	if t.top() != screen(p) { // the question about a separate terminal lies on it
		t.back()
		return
	}
	t.show()
}

// resume goes on with a sale of before that is paid in part.
func (t *till) resume(b txn.Bill, s sale.Sale) {
	if t.paying() || b.State != txn.BillPartPaid || b.Waits() {
		return
	}
	t.open(&payScreen{paying: present.ContinuePay(s, b), aside: true})
}

// resumeUnread is resume where what was sold has to be read first.
func (t *till) resumeUnread(m txn.Matter) {
	from := t.top()
	t.call(func(context.Context) func() {
		s, err := t.desk.SaleOf(m.Bill.SaleID)
		return func() {
			if err != nil {
				t.tell(present.Bad, "sale.unreadable", err.Error())
				return
			}
			if t.inSight(from) {
				t.resume(m.Bill, s)
			}
		}
	})
}

// askUndo asks before the parts are undone. The answer that changes nothing goes back to paying.
func (p *payScreen) askUndo(t *till) {
	if p.paying.Busy() || !p.paying.Held() {
		return
	}
	b := p.paying.Bill
	amount := t.money(b.TakenMinor())
	t.open(&askScreen{held: true, sale: &p.paying.Sale, yes: text("sale.undo-yes", "amount", amount), no: text("sale.undo-no"), later: text("sale.later"),
		message:   t.message(present.Warning, "sale.undo-ask", "amount", amount),
		press:     func() { p.undoParts(t) },
		pressThen: func() { p.later(t) }})
}

// printSlip prints the slip of the last part, for a customer who asks for it before the sale is paid.
func (p *payScreen) printSlip(t *till) {
	standing := p.paying.Bill.Standing()
	if p.paying.Busy() || len(standing) == 0 {
		return
	}
	m, by := txn.Matter{Attempt: txn.Attempt{ID: standing[len(standing)-1].ID}, Bill: p.paying.Bill}, t.cashier()
	t.call(func(ctx context.Context) func() {
		r := t.desk.Reprint(ctx, by, m)
		return func() {
			p.hint = present.Note{Tone: present.Good, Key: "sale.slip"}
			if r.Code != "" {
				p.hint = present.Note{Tone: present.Warning, Key: "sale.slip-failed", Detail: r.Code}
			}
			t.redraw()
		}
	})
}

// later leaves the sale as it is: it stands in the list of what is unfinished, and its goods are in the books.
func (p *payScreen) later(t *till) {
	if !p.aside {
		t.sell.Next()
	}
	t.drop(p)
	t.show()
}

// undoParts voids the parts of the sale, the last one first.
func (p *payScreen) undoParts(t *till) {
	ctx, stop := context.WithCancel(t.ctx)
	p.undo, p.stop, p.swiped = true, stop, true
	p.paying.Mode, p.paying.Began, p.paying.Undoing = present.TakingCard, t.opts.Now(), false
	p.paying.Progress = present.Progress{Step: present.Saving}
	id, by := p.paying.Bill.SaleID, t.cashier()
	go func() {
		r := t.desk.UndoSale(ctx, by, id, func(now present.Progress) { t.opts.Do(func() { p.progress(t, now) }) })
		t.opts.Do(func() {
			stop()
			p.finish(t, p.paying.Sale, r, p.paying.Undoing)
		})
	}()
	t.show()
}
