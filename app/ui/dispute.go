package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// disputeScreen answers a customer who says that a payment is not as it should be: by what they say, and by the books.
type disputeScreen struct {
	quiet
	entry present.Entry
	of    known
	says  present.Says

	say     *panel
	life    *rows
	list    []present.Fact
	choices []*button
	letter  *button
}

func (t *till) openDispute(e present.Entry) {
	s := &disputeScreen{entry: e, says: present.AllSays[0]}
	t.open(s)
	s.of.read(t, e)
}

// known is what is known of a payment beside its sale's bill. Until it is read nothing is told: the files may say something else than the bill.
type known struct {
	affair present.Affair
	state  txn.State // of the payment when it was read last
	ready  bool
}

// read reads it, and shows the screen again. Where that fails the screen says so among what happened.
func (k *known) read(t *till, e present.Entry) {
	k.state = e.Attempt.State
	t.call(func(ctx context.Context) func() {
		of, err := t.desk.Affair(ctx, e.Attempt.ID)
		if err != nil {
			of.Filed.Trouble = err.Error()
		}
		return func() {
			k.affair, k.ready = of, true
			t.redraw()
		}
	})
}

// with is the payment as it stands now, with what is known of it.
func (k *known) with(t *till, e present.Entry) present.Affair {
	if k.state != "" && k.state != e.Attempt.State { // its bank has answered since: the files may agree now
		k.read(t, e)
	}
	of := k.affair
	of.Matter = e.Matter()
	return of
}

func (s *disputeScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.choices = k.panel(1.2), nil
	s.life = k.rows(func(i int) row { return row{title: s.list[i].Value, end: s.list[i].Label} }, nil)
	var objects []fyne.CanvasObject
	for i, says := range present.AllSays {
		b := k.button(normal, t.words.Text("dispute."+string(says)), string(rune('1'+i)), func() { s.choose(t, says) })
		if says == s.says {
			b.style = chosen
		}
		s.choices, objects = append(s.choices, b), append(objects, b)
	}
	s.letter = k.button(normal, t.words.Text("case.letter"), "F4", func() { t.openCase(s.entry) })
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	return left, box(func(a area) {
		place(s.letter, a.bottom(max(k.px(56), target)))
		for _, b := range s.choices {
			place(b, a.top(max(k.px(60), target)))
		}
		place(s.life, a)
	}, append(objects, s.life, s.letter)...)
}

func (s *disputeScreen) choose(t *till, says present.Says) {
	s.says = says
	t.show()
}

func (s *disputeScreen) refresh(t *till) {
	of := s.of.with(t, s.entry)
	said := present.Message{Tone: present.Waiting, What: t.words.Text("life.reading")}
	if s.of.ready {
		said = t.words.Verdict(s.says, of)
	}
	s.say.show(said)
	s.list = t.words.Life(of)
	s.life.show(len(s.list), -1)
}

// take follows the payment: the bank may answer while the customer waits.
func (s *disputeScreen) take(_ *till, seen seen) {
	for _, now := range seen.owed {
		if same(now, s.entry.Matter()) {
			s.entry.Attempt, s.entry.Bill = now.Attempt, now.Bill
		}
	}
}

func (s *disputeScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *disputeScreen) key(t *till, name fyne.KeyName) bool {
	if name != fyne.KeyF4 {
		return false
	}
	t.openCase(s.entry)
	return true
}

func (s *disputeScreen) typed(t *till, x rune) {
	if i := int(x - '1'); i >= 0 && i < len(present.AllSays) {
		s.choose(t, present.AllSays[i])
	}
}

func (s *disputeScreen) back(*till) bool { return false }

func (s *disputeScreen) stands() standing {
	return standing{page: disputePage, matter: s.entry.Matter()}
}
