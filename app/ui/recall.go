package ui

import (
	"cmp"
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// recallScreen lists the parked sales. Beside a sale that has lines one is swapped for it.
type recallScreen struct {
	quiet
	parked []present.Parked
	failed error // the parked sales could not be read
	sieve  sieve
	marked int // among those that are shown
	busy   bool
	stays  string // the sum of a sale that was to be brought or dropped, and stays where it is; empty is none
	list   *rows
	say    *panel
	drop   *button
}

func (t *till) openRecall() {
	//mutant:nothing-at-the-top-leaves-a-payment
	if t.paying() || t.top().stands().page == recallPage {
		return
	}
	t.leaveResult()
	if !t.selling() {
		t.home()
	}
	if !t.sell.Weighed() { // beside another sale this one is parked, with all that was chosen
		t.redraw()
		return
	}
	t.open(&recallScreen{})
}

// read lists what waits now. The selected sale stays selected, wherever it stands by now.
func (r *recallScreen) read(t *till) {
	t.call(func(context.Context) func() {
		parked, err := t.desk.Parked()
		return func() {
			selected, was := "", r.sieve.at(r.marked)
			if was >= 0 && was < len(r.parked) {
				selected = r.parked[was].ID
			}
			r.failed = err
			r.parked = append(append([]present.Parked(nil), t.unparked...), parked...)
			r.sieve.sift(len(r.parked), func(i int) row { return r.of(t, i) })
			for place := range r.sieve.count() {
				if id := r.parked[r.sieve.at(place)].ID; id != "" && id == selected {
					r.marked = place
				}
			}
			t.redraw()
		}
	})
}

func (r *recallScreen) build(t *till) (left, right fyne.CanvasObject) {
	r.read(t) // also where a payment of one was looked at, which may be known by now
	k := t.kit
	r.say = k.panel(1.1)
	r.list = k.rows(func(i int) row { return r.row(t, i) }, func(i int) { r.bring(t, i) }).by(r.keyAt)
	r.drop = k.button(destroys, t.words.Text("goods.drop"), "Del", func() { r.dropMarked(t) })
	return nil, box(func(a area) {
		place(r.say, a.top(k.px(110)))
		below := a.bottom(max(k.px(52), target))
		place(r.drop, below.left(max(k.px(240), target)))
		place(r.list, a)
	}, r.say, r.list, r.drop)
}

// keyAt tells what waits apart, by its place: one that never was in the making has no name of its own.
func (r *recallScreen) keyAt(place int) any {
	if i := r.sieve.at(place); i >= 0 && i < len(r.parked) {
		p := r.parked[i]
		return [3]any{p.ID, p.At.UnixNano(), p.TotalMinor()}
	}
	return place
}

// row is the row in a place.
func (r *recallScreen) row(t *till, i int) row {
	shown := r.of(t, r.sieve.at(i))
	shown.marked = i == r.marked
	return shown
}

// of is the row of a parked sale.
func (r *recallScreen) of(t *till, i int) row {
	p := r.parked[i]
	return row{title: t.titleOf(p.Sold()), note: t.words.ParkedBy(p, t.now), right: t.money(p.TotalMinor())}
}

func (r *recallScreen) refresh(t *till) {
	note := present.Note{Tone: present.Plain, Key: "recall.title"}
	switch {
	case r.failed != nil:
		note = present.Note{Tone: present.Bad, Key: "recall.unreadable", Detail: r.failed.Error()}
	case r.stays != "":
		note = present.Note{Tone: present.Unknown, Key: "recall.stays", Pairs: []string{"amount", r.stays}}
	case len(r.parked) == 0:
		note.Key = "recall.none"
	case t.sell.Cart.Len() > 0:
		note.Key = "recall.occupied"
	}
	r.sieve.sift(len(r.parked), func(i int) row { return r.of(t, i) })
	r.marked = max(min(r.marked, r.sieve.count()-1), 0)
	r.say.show(r.sieve.told(t.words, t.words.Tell(note, t.about.Currency)))
	r.list.show(r.sieve.count(), r.marked)
	at := r.sieve.at(r.marked)
	r.drop.set(r.drop.label, r.drop.hint, !r.busy && at >= 0 && !r.parked[at].Unknown)
}

func (r *recallScreen) primary(t *till) primaryAction {
	act := primaryAction{label: t.words.Text("recall.bring"), hint: "Enter", press: func() { r.bring(t, r.marked) },
		enabled: !r.busy && r.sieve.count() > 0, means: "bring"}
	switch at := r.sieve.at(r.marked); {
	case at >= 0 && r.parked[at].Unknown:
		act.label, act.means = t.words.Text("recall.see"), "see"
	case t.sell.Cart.Len() > 0:
		act.label, act.means = t.words.Text("recall.swap"), "swap"
	}
	return act
}

// see opens the payment of a parked sale that is not known: its goods stay where they are, so that nobody changes them or pays for them again.
func (r *recallScreen) see(t *till, p present.Parked) {
	r.busy, r.stays = false, t.money(p.TotalMinor())
	id := cmp.Or(p.SaleID, p.Before)
	if id == 0 { // this computer could not save it: the next start says what became of it
		t.redraw()
		return
	}
	t.call(func(context.Context) func() {
		m, err := t.desk.Current(txn.Matter{Bill: txn.Bill{SaleID: id}})
		if err == nil {
			m.Attempt.ID = present.InQuestion(m.Bill)
			m, err = t.desk.Current(m)
		}
		s, _ := t.desk.SaleOf(id) // the payment is told without its goods too
		return func() {
			if err != nil || !t.inSight(r) {
				t.redraw()
				return
			}
			t.owe(m)
			t.openEntry(present.Entry{Attempt: m.Attempt, Bill: m.Bill, Sale: s})
		}
	})
}

// notKnown reports whether a sale that is in memory alone has a payment that is not known, by the books. Of the others Recall says it.
func (t *till) notKnown(p present.Parked) bool {
	id := cmp.Or(p.SaleID, p.Before)
	if id == 0 {
		return false
	}
	m, err := t.desk.Current(txn.Matter{Bill: txn.Bill{SaleID: id}})
	return err != nil || m.Bill.NotKnown()
}

// bring puts a parked sale into the cart; what is in it is parked first. Those that could not be parked come first in the list. One of which a payment
// is not known stays, and the payment is shown.
func (r *recallScreen) bring(t *till, place int) {
	index := r.sieve.at(place)
	if r.busy || index < 0 {
		return
	}
	if r.parked[index].Unknown {
		r.see(t, r.parked[index])
		return
	}
	r.busy, r.stays = true, ""
	p, before := r.parked[index], t.making()
	var parking <-chan error
	if len(before.Lines) > 0 {
		parking = t.desk.Park(before)
		t.sell.Next()
	}
	inMemory := index < len(t.unparked)
	if inMemory {
		t.unparked = append(t.unparked[:index:index], t.unparked[index+1:]...)
	}
	t.call(func(context.Context) func() {
		if parking != nil {
			if err := <-parking; err != nil {
				return func() { r.notSwapped(t, before, p, inMemory, err) }
			}
		}
		var err error
		switch {
		case !inMemory:
			p, err = t.desk.Recall(p.ID)
		//mutant:what-is-not-known-stays-parked/memory
		case t.notKnown(p):
			err = present.ErrNotKnown
		}
		return func() {
			if errors.Is(err, present.ErrNotKnown) {
				if inMemory {
					t.unparked = append(t.unparked, p)
				}
				t.countParked()
				r.see(t, p)
				return
			}
			r.taken(t, p, err)
		}
	})
}

// mayPutBack reports whether a sale can become the one in the making: the way is to this screen or to selling, and nothing else was scanned meanwhile.
func (r *recallScreen) mayPutBack(t *till) bool {
	//mutant:what-was-scanned-meanwhile-is-not-written-over
	return (t.selling() || t.inSight(r)) && t.sell.Cart.Len() == 0
}

// sells goes from this screen to selling, where it is still in front.
func (r *recallScreen) sells(t *till) {
	if t.inSight(r) {
		t.home()
	}
}

// notSwapped puts back what could not be parked: nothing was brought.
func (r *recallScreen) notSwapped(t *till, before, wanted present.Parked, inMemory bool, err error) {
	r.busy = false
	if inMemory {
		t.unparked = append(t.unparked, wanted)
	}
	if !r.mayPutBack(t) || t.putBack(before) != nil {
		t.unparked = append(t.unparked, before)
	}
	t.countParked()
	r.sells(t)
	t.tell(present.Bad, "sell.park-failed", err.Error())
}

// dropMarked forgets the marked sale; it can be brought back for a while.
func (r *recallScreen) dropMarked(t *till) {
	index := r.sieve.at(r.marked)
	if r.busy || index < 0 {
		return
	}
	p, inMemory := r.parked[index], index < len(t.unparked)
	r.busy, r.stays = true, ""
	t.call(func(context.Context) func() {
		gone, err := p, error(nil)
		switch {
		case !inMemory:
			gone, err = t.desk.DropParked(p.ID)
		case t.notKnown(p):
			err = present.ErrNotKnown
		}
		return func() {
			if errors.Is(err, present.ErrNotKnown) {
				r.busy, r.stays = false, t.money(p.TotalMinor())
				t.redraw()
				return
			}
			if inMemory {
				t.unparked = append(t.unparked[:index:index], t.unparked[index+1:]...)
			}
			r.dropped(t, gone, err)
		}
	})
}

func (r *recallScreen) dropped(t *till, p present.Parked, err error) {
	r.busy = false
	r.sells(t)
	t.countParked()
	if err != nil {
		t.tell(present.Bad, "sell.drop-failed", err.Error())
		return
	}
	t.droppedNow(p)
}

func (r *recallScreen) taken(t *till, p present.Parked, err error) {
	r.busy = false
	if err == nil && !r.mayPutBack(t) { // it waits again
		r.sells(t)
		t.parking(p, t.desk.Park(p), present.Note{Tone: present.Warning, Key: "recall.parked-again"})
		return
	}
	if err == nil {
		err = t.putBack(p)
	}
	t.countParked()
	r.sells(t)
	if err != nil {
		t.tell(present.Bad, "sell.recall-failed", err.Error())
		return
	}
	t.tell(present.Good, "sell.recalled", "")
}

// scanned: while a sale is on its way back nothing is sold, so that nobody's goods get mixed up; the scan is refused in sight.
func (r *recallScreen) scanned(t *till, _ string) bool {
	//mutant:a-scan-waits-for-the-sale-that-comes-back
	if r.busy {
		t.tell(present.Warning, "recall.scan-again", "")
	}
	return r.busy
}

func (r *recallScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyDelete {
		r.dropMarked(t)
		return true
	}
	if name == fyne.KeyBackspace && r.sieve.erase(t) {
		return true
	}
	marked, moved := markKey(name, r.marked, r.sieve.count())
	if moved {
		r.marked, r.stays = marked, ""
		t.redraw()
	}
	return moved
}

// typed looks for parked sales: by an item, an amount, a cashier or a time, as their rows show them.
func (r *recallScreen) typed(t *till, x rune) {
	r.sieve.typed(t, x)
}

// back shows all of them again.
func (r *recallScreen) back(t *till) bool { return r.sieve.back(t) }

func (r *recallScreen) stands() standing {
	return standing{page: recallPage, back: "pay.back", keep: r.sieve.keep}
}
