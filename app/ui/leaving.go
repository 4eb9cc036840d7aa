package ui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// leavingScreen asks who answers for it that the bank settles a batch by itself: the till asks no more then, and the books keep the name.
type leavingScreen struct {
	quiet
	list *closingScreen
	of   txn.SettlementKey
	who  string

	say   *panel
	field *field
}

// askLeave asks about the marked settlement.
func (s *closingScreen) askLeave(t *till) {
	if key, ok := s.unfinished(); ok {
		t.open(&leavingScreen{list: s, of: key})
	}
}

func (s *leavingScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.2)
	s.field = newField(t.router, t.words.Text("evidence.who"), func(text string) { s.who = text; t.redraw() }, func(name fyne.KeyName) bool {
		if !isEnter(name) {
			return false
		}
		t.runPrimary()
		return true
	}, func() {})
	s.field.Text = s.who
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	return left, box(func(a area) { place(s.field, a.top(max(k.px(48), target))) }, s.field)
}

func (s *leavingScreen) refresh(t *till) {
	s.say.show(t.words.Tell(present.Note{Tone: present.Warning, Key: "settlement.leave-ask", Pairs: []string{"batch", strconv.FormatInt(s.of.Batch, 10)}}, t.about.Currency))
}

// primary leaves it, once there is a name: nobody leaves a bank's money unnamed.
func (s *leavingScreen) primary(t *till) primaryAction {
	who := strings.TrimSpace(s.who)
	return primaryAction{label: t.words.Text("settlement.leave"), hint: "Enter", enabled: who != "", press: func() {
		by := t.cashier()
		t.back()
		s.list.ask(t, "settlement.not-left", func(ctx context.Context) error { return t.desk.LeaveSettlement(ctx, by, s.of, who) })
	}}
}

func (s *leavingScreen) key(*till, fyne.KeyName) bool { return false }

func (s *leavingScreen) typed(_ *till, x rune) { s.field.SetText(s.who + string(x)) }

func (s *leavingScreen) back(*till) bool { return false }

func (s *leavingScreen) stands() standing { return standing{page: leavingPage, back: "result.back"} }
