package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// recallScreen lists the parked sales. One is taken back only into an empty sale.
type recallScreen struct {
	quiet
	parked []present.Parked
	failed error // the parked sales could not be read
	marked int
	busy   bool
	list   *rows
	say    *panel
}

func (t *till) openRecall() {
	if t.top().stands().page == recallPage {
		return
	}
	t.leaveResult()
	if !t.selling() {
		t.home()
	}
	r := &recallScreen{}
	t.open(r)
	t.call(func(context.Context) func() {
		parked, err := t.desk.Parked()
		return func() {
			r.failed = err
			r.parked = append(append([]present.Parked(nil), t.unparked...), parked...)
			t.redraw()
		}
	})
}

func (r *recallScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	r.say = k.panel(1.1)
	r.list = k.rows(func(i int) row { return r.row(t, i) }, func(i int) { r.bring(t, i) })
	return nil, box(func(a area) {
		place(r.say, a.top(k.px(110)))
		place(r.list, a)
	}, r.say, r.list)
}

func (r *recallScreen) row(t *till, i int) row {
	p := r.parked[i]
	return row{title: t.words.Counted("recall.row", len(p.Lines), "names", strings.Join(t.namesOf(p.Lines), " · ")),
		note: t.words.ParkedBy(p, t.now), right: t.money(p.TotalMinor()), marked: i == r.marked}
}

func (r *recallScreen) refresh(t *till) {
	note := present.Note{Tone: present.Plain, Key: "recall.title"}
	switch {
	case r.failed != nil:
		note = present.Note{Tone: present.Bad, Key: "recall.unreadable", Small: r.failed.Error()}
	case len(r.parked) == 0:
		note.Key = "recall.none"
	case t.sell.Cart.Len() > 0:
		note.Key = "recall.occupied"
	}
	r.say.show(t.words.Tell(note, t.about.Currency))
	r.list.show(len(r.parked), r.marked)
}

func (r *recallScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("recall.bring"), hint: "Enter", press: func() { r.bring(t, r.marked) },
		enabled: !r.busy && len(r.parked) > 0 && t.sell.Cart.Len() == 0}
}

// bring puts a parked sale back into the cart. Those that could not be parked come first in the list.
func (r *recallScreen) bring(t *till, index int) {
	if r.busy || index >= len(r.parked) || t.sell.Cart.Len() > 0 {
		return
	}
	if index < len(t.unparked) {
		p := t.unparked[index]
		t.unparked = append(t.unparked[:index:index], t.unparked[index+1:]...)
		r.taken(t, p, nil)
		return
	}
	r.busy = true
	id := r.parked[index].ID
	t.call(func(context.Context) func() {
		p, err := t.desk.Recall(id)
		return func() { r.taken(t, p, err) }
	})
}

func (r *recallScreen) taken(t *till, p present.Parked, err error) {
	r.busy = false
	if err == nil {
		err = t.putBack(p)
	}
	t.countParked()
	t.home()
	if err != nil {
		t.tell(present.Bad, "sell.recall-failed", err.Error())
		return
	}
	for _, m := range t.unknown() {
		a := m.Attempt
		if m.Bill.Total.Minor == t.sell.Cart.TotalMinor() {
			t.tell(present.Unknown, "sell.recalled-unknown", a.Trace(), "amount", t.money(m.Bill.Total.Minor))
			return
		}
	}
	t.tell(present.Good, "sell.recalled", "")
}

func (r *recallScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyDown:
		r.marked = min(r.marked+1, max(len(r.parked)-1, 0))
	case fyne.KeyUp:
		r.marked = max(r.marked-1, 0)
	default:
		return false
	}
	t.redraw()
	return true
}

func (r *recallScreen) typed(*till, rune) {}

func (r *recallScreen) back(*till) bool { return false }

func (r *recallScreen) stands() standing { return standing{page: recallPage, back: "pay.back"} }
