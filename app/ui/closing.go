package ui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// closingScreen is the list with which a day is closed: what is done, what stays over, and what keeps it open, each with the reason and what to do. The bank's batch is settled here; what the
// bank does not answer stays owed, so that it keeps no day open.
type closingScreen struct {
	quiet
	day     *dayScreen // which is told of the Z
	closing present.Closing
	loaded  bool
	loading bool
	again   bool // something has changed since that began
	asking  bool // the bank is asked
	tried   bool // it was, or can't be: the day may be closed with what is open
	note    present.Note
	marked  int

	say          *panel
	list         *rows
	facts        *rows
	shown        []present.Fact
	retry, letGo *button // of a settlement that is not finished
}

func (t *till) openClosing(d *dayScreen) {
	s := &closingScreen{day: d}
	t.open(s)
	s.load(t)
}

func (s *closingScreen) stands() standing {
	return standing{page: closingPage, back: "result.back", ready: s.loaded, busy: s.asking, means: s.means()}
}

// means tells the two acts of the primary button apart.
func (s *closingScreen) means() string {
	if s.settles() {
		return "settle"
	}
	return "close"
}

// settles reports whether the bank is asked before the day is closed.
func (s *closingScreen) settles() bool { return s.closing.Settles() && !s.tried }

func (s *closingScreen) take(t *till, _ seen) { s.load(t) }

// load reads the list, away from the window's goroutine; once more where something changed meanwhile.
func (s *closingScreen) load(t *till) {
	if s.loading {
		s.again = true
		return
	}
	s.loading, s.again = true, false
	t.call(func(ctx context.Context) func() {
		closing, err := t.desk.Closing(ctx)
		return func() {
			s.loading = false
			if err != nil {
				s.note = present.Note{Tone: present.Bad, Key: failedKey(err, "day.failed"), Detail: err.Error()}
			} else {
				if !s.loaded {
					s.marked = closing.First()
				}
				s.marked = keptMark(s.marked, s.closing.Steps, closing.Steps, stepKey)
				s.closing, s.loaded = closing, true
			}
			t.redraw()
			if s.again {
				s.load(t)
			}
		}
	})
}

// failedKey is the words' key of an error: books that do not hold say so, whatever was asked of them.
func failedKey(err error, key string) string {
	if txn.FaultOf(err).Code == "books differ" {
		return "day.differs"
	}
	return key
}

func (s *closingScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.15)
	s.facts = k.rows(func(i int) row { return row{title: s.shown[i].Label, right: s.shown[i].Value} }, nil)
	s.facts.height = k.px(40)
	s.list = k.rows(func(i int) row { return s.row(t, i) }, func(i int) { s.mark(t, i) }).by(func(i int) any { return stepKey(s.closing.Steps[i]) })
	s.list.height = max(height(k.px(baseText))+2*height(k.px(smallText))+6, target+4)
	s.retry = k.button(normal, t.words.Text("settlement.again"), "F5", func() { s.settleAgain(t) })
	s.letGo = k.button(normal, t.words.Text("settlement.leave"), "F6", func() { s.askLeave(t) })
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.55)))
		place(s.facts, a)
	}, s.say, s.facts)
	return left, box(func(a area) {
		if s.retry.Visible() {
			inRow(a.bottom(max(k.px(56), target)), []*button{s.retry, s.letGo})
		}
		place(s.list, a)
	}, s.list, s.retry, s.letGo)
}

// unfinished is the marked settlement, where a person may have it asked again or leave it.
func (s *closingScreen) unfinished() (key txn.SettlementKey, ok bool) {
	if s.asking || s.marked >= len(s.closing.Steps) || !s.closing.Steps[s.marked].MaySettleAgain() {
		return key, false
	}
	of := s.closing.Steps[s.marked].Settlement
	return txn.SettlementKey{Batch: of.Batch, Line: of.Line}, true
}

// settleAgain has the bank asked once more.
func (s *closingScreen) settleAgain(t *till) {
	key, ok := s.unfinished()
	if !ok {
		return
	}
	by := t.cashier()
	s.ask(t, "settlement.not-again", func(ctx context.Context) error { return t.desk.SettleAgain(ctx, by, key) })
}

// ask does something about settlements, while the list stays; failed is the words' key where it can't be done.
func (s *closingScreen) ask(t *till, failed string, do func(context.Context) error) {
	s.asking, s.note = true, present.Note{}
	t.redraw()
	t.call(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			s.asking = false
			if err != nil {
				s.note = present.Note{Tone: present.Warning, Key: failedKey(err, failed), Detail: err.Error()}
			}
			s.load(t)
			t.changed()
		}
	})
}

func (s *closingScreen) row(t *till, i int) row {
	e := t.words.ClosingRow(s.closing.Steps[i], t.about.Currency)
	return row{icon: e.Tone, title: e.Title, more: e.Small, right: e.Amount, end: e.State, tone: e.Tone, marked: i == s.marked}
}

func (s *closingScreen) mark(t *till, i int) {
	s.marked = i
	t.redraw()
}

func (s *closingScreen) refresh(t *till) {
	m := t.words.Tell(present.Note{Tone: present.Waiting, Key: "closing.looking"}, t.about.Currency)
	switch {
	case s.asking:
		m = t.words.Tell(present.Note{Tone: present.Waiting, Key: "closing.asking"}, t.about.Currency)
	case s.note.Key != "":
		m = t.words.Tell(s.note, t.about.Currency)
	case s.loaded:
		m = t.words.ClosingHead(s.closing, t.about.Currency)
	}
	s.say.show(m)
	s.list.show(len(s.closing.Steps), s.marked)
	s.shown = nil
	if s.marked < len(s.closing.Steps) {
		if of := s.closing.Steps[s.marked].Settlement; of != nil {
			s.shown = t.words.SettlementFacts(*of, t.about.Currency)
		}
	}
	s.facts.show(len(s.shown), -1)
	_, may := s.unfinished()
	show(s.retry, may)
	show(s.letGo, may)
}

// settle asks the bank. Whatever comes of it, the day can be closed afterwards.
func (s *closingScreen) settle(t *till) {
	s.asking, s.note = true, present.Note{}
	t.redraw()
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		_, err := t.desk.SettleDay(ctx, by)
		return func() {
			s.asking, s.tried = false, true
			if err != nil {
				s.note = present.Note{Tone: present.Warning, Key: failedKey(err, "closing.not-settled"), Detail: err.Error()}
			}
			s.load(t)
			t.changed()
		}
	})
}

func (s *closingScreen) askZ(t *till) {
	//mutant:a-stopped-day-is-not-asked-about
	if !s.loaded || s.asking || s.closing.Stopped() {
		return
	}
	s.day.askZ(t, func() { s.leaveFor(t) })
}

// leaveFor goes back to the day, where the Z is told about.
func (s *closingScreen) leaveFor(t *till) {
	if t.inSight(s) {
		t.back()
	}
}

func (s *closingScreen) primary(t *till) primaryAction {
	a := primaryAction{label: t.words.Text("closing.close"), hint: "Enter", enabled: s.loaded && !s.asking && !s.closing.Stopped(), press: func() { s.askZ(t) }, means: s.means()}
	if s.settles() {
		a.label, a.press = t.words.Text("closing.settle"), func() { s.settle(t) }
	}
	return a
}

func (s *closingScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyF5:
		s.settleAgain(t)
		return true
	case fyne.KeyF6:
		s.askLeave(t)
		return true
	}
	marked, moved := markKey(name, s.marked, len(s.closing.Steps))
	if moved {
		s.mark(t, marked)
	}
	return moved
}

func (s *closingScreen) typed(*till, rune) {}

func (s *closingScreen) back(*till) bool { return s.asking }

// stepKey tells the steps before a Z apart.
func stepKey(s present.ClosingStep) [3]string {
	of := ""
	if s.Settlement != nil {
		of = fmt.Sprint(s.Settlement.Batch, " ", s.Settlement.Line, " ", s.Settlement.Terminal)
	}
	return [3]string{s.Kind, s.Format, of}
}
