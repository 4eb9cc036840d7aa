package ui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"veratill/app/present"
	"veratill/txn/sale"
)

// Goods are never lost: a sale that leaves the screen unpaid is parked, and one that can't be parked stays in memory until it can.

// parkSale keeps the sale in the making for later.
func (t *till) parkSale() {
	if t.selling() && !t.sell.Weighed() {
		t.redraw()
		return
	}
	if !t.unpaidInFront() {
		return
	}
	t.parkMaking(present.Note{Tone: present.Good, Key: "sell.parked"})
}

// unpaidInFront leaves the result of a sale that was not paid, and reports whether goods are on the sale in the making.
func (t *till) unpaidInFront() bool {
	if !t.top().stands().paid {
		t.leaveResult()
	}
	return t.selling() && t.sell.Cart.Len() > 0
}

// making is the sale in the making, as it is parked or dropped.
func (t *till) making() present.Parked {
	return present.Parked{Lines: t.sell.Cart.Lines(), SaleID: t.sell.Cart.SaleID(), Before: t.sell.Cart.Before(), Exchange: t.sell.Cart.Exchange()}
}

// parkMaking parks what is on the sale in the making, and empties it.
func (t *till) parkMaking(done present.Note) {
	p := t.making()
	parked := t.desk.Park(p)
	//mutant:what-is-parked-leaves-the-sale
	t.sell.Next()
	t.redraw()
	t.parking(p, parked, done)
}

// parking waits until lines are parked; where that fails they are put back, or kept until they can be.
func (t *till) parking(p present.Parked, parked <-chan error, done present.Note) {
	t.call(func(context.Context) func() {
		err := <-parked
		return func() {
			if err == nil {
				t.countParked()
				if done.Tone == present.Warning { // nobody asked for it: it is told whatever is in front
					t.tell(done.Tone, done.Key, done.Detail, done.Pairs...)
					return
				}
				t.sell.Note = done
				t.redraw()
				return
			}
			//mutant:goods-of-a-payment-not-known-come-back-to-no-cart
			if p.SaleID != 0 || !t.selling() || t.sell.Cart.Len() > 0 || t.putBack(p) != nil {
				t.unparked = append(t.unparked, p)
			}
			t.tell(present.Bad, "sell.park-failed", err.Error())
		}
	})
}

// putBack makes a sale the one in the making.
func (t *till) putBack(p present.Parked) error {
	if err := t.sell.Recall(p.Lines); err != nil {
		return err
	}
	t.sell.Cart.TakeBack(p.Exchange)
	t.sell.Cart.Continue(p.SaleID)
	t.sell.Cart.Began(cmp.Or(p.SaleID, p.Before))
	return nil
}

// countParked looks how many sales wait.
func (t *till) countParked() {
	t.call(func(context.Context) func() {
		parked, err := t.desk.Parked()
		return func() {
			if err == nil && t.parked != len(parked)+len(t.unparked) {
				t.parked = len(parked) + len(t.unparked)
				t.redraw()
			}
		}
	})
}

// titleOf names the articles of a sale.
func (t *till) titleOf(lines []sale.Line) string {
	var names []string
	for _, line := range lines {
		names = append(names, t.words.Name(line.ShownName()))
	}
	return t.words.Counted("recall.row", len(names), "names", strings.Join(names, " · "))
}

// dropFor is how long a sale that was dropped can be brought back.
const dropFor = 10 * time.Second

// dropSale takes every line off the sale in the making. For dropFor one key brings them back.
func (t *till) dropSale() {
	if !t.unpaidInFront() {
		return
	}
	p := t.making()
	t.sell.Next()
	t.droppedNow(p)
}

// droppedNow offers what was dropped for a while.
func (t *till) droppedNow(p present.Parked) {
	t.dropped = &p
	//mutant:a-sale-that-is-dropped-is-told
	t.tellDropped(p, false)
	t.opts.After(dropFor, func() {
		if t.dropped == &p {
			t.dropped = nil
			for _, note := range []*present.Note{&t.sell.Note, &t.notice} {
				//mutant:what-is-gone-is-not-offered
				if note.Key == "goods.dropped" { // it does not come back any more, and no word says that it does
					note.Key = "goods.gone"
				}
			}
			t.redraw()
		}
	})
	t.tell(present.Warning, "goods.dropped", "", "amount", t.money(p.TotalMinor()))
}

// tellDropped tells the books that a sale was dropped, or with back that it came back. Nothing waits for that; where the books can't take
// it, the screen says so.
func (t *till) tellDropped(p present.Parked, back bool) {
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		err := t.desk.Dropped(ctx, by, p, back)
		return func() {
			if err != nil {
				t.tell(present.Bad, "goods.drop-not-kept", err.Error())
			}
		}
	})
}

// bringDroppedBack undoes the drop; beside another sale what was dropped is parked.
func (t *till) bringDroppedBack() {
	if t.paying() {
		return
	}
	if t.dropped == nil {
		if t.selling() {
			t.tell(present.Plain, "goods.none-dropped", "")
		}
		return
	}
	p := *t.dropped
	t.dropped = nil
	t.tellDropped(p, true)
	//mutant:a-dropped-sale-comes-back
	if t.selling() && t.sell.Cart.Len() == 0 && t.putBack(p) == nil {
		t.tell(present.Good, "goods.undropped", "")
		return
	}
	t.parking(p, t.desk.Park(p), present.Note{Tone: present.Good, Key: "sell.parked"})
}

// sameCustomer asks whose goods a scan begins while a sale that was not paid is in front. A second scan is an answer: it is the next
// customer's.
func (t *till) sameCustomer(code string) {
	forNext := func(codes ...string) {
		t.leaveToSell()
		t.parkMaking(present.Note{Tone: present.Warning, Key: "goods.parked-for-next"})
		//mutant:what-is-refused-behind-a-question-is-told
		for _, c := range codes {
			t.sellScanned(c)
		}
		t.redraw()
	}
	q := &askScreen{message: t.message(present.Warning, "goods.whose", "code", code), yes: text("goods.same"), no: text("result.back"),
		later: text("goods.next"), pressThen: func() { forNext(code) },
		press: func() {
			t.leaveToSell()
			t.sellScanned(code)
			t.redraw()
		}}
	asked := t.opts.Now()
	q.scans = func(second string) {
		t.drop(q)
		//mutant:a-torn-scan-is-one-question
		if _, listed := t.catalog.Find(code); !listed { // its first half was asked about, perhaps
			t.torn, t.tornAt = sale.CleanScan(code), asked
			if whole := t.mend(second); whole != second {
				t.sameCustomer(whole)
				return
			}
		}
		forNext(code, second)
	}
	t.open(q)
}
