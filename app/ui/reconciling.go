package ui

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/clearing"
)

// reconcilingScreen lists what differs between the books and the files in which banks and wallets settle.
type reconcilingScreen struct {
	quiet
	standing clearing.Standing
	all      bool // what matches, too
	byDay    bool // sums of each day beside each other, in place of single payments
	failed   error
	loaded   bool
	marked   int
	sure     bool         // once more, and rows that stand alone are given to their payments
	done     present.Note // of that

	say   *panel
	list  *rows
	whole *button
	file  *button
	days  *button
	cases *button
	link  *button // nil where no row stands alone
}

func (t *till) showReconciling() {
	if !t.paying() && t.top().stands().page != reconcilingPage {
		t.leaveResult()
		t.openReconciling()
	}
}

func (t *till) openReconciling() *reconcilingScreen {
	s := &reconcilingScreen{}
	t.open(s)
	s.look(t)
	return s
}

func (s *reconcilingScreen) look(t *till) {
	t.call(func(ctx context.Context) func() {
		standing, err := t.desk.Standing(ctx)
		return func() {
			before := slices.Clone(s.shown())
			s.standing, s.failed, s.loaded = standing, err, true
			if s.marked = min(s.marked, max(s.length()-1, 0)); !s.byDay {
				s.marked = keptMark(s.marked, before, s.shown(), func(d clearing.Difference) string { return d.Key })
			}
			t.renewed(s) // there may be rows that stand alone now, or none any more
		}
	})
}

// renewed builds a screen anew that has other buttons now, where it is the one that is seen.
func (t *till) renewed(s screen) {
	if t.top() == s {
		t.show()
		return
	}
	t.redraw()
}

func (s *reconcilingScreen) shown() []clearing.Difference {
	if s.all {
		return s.standing.Items
	}
	return s.standing.Asks().Items
}

func (s *reconcilingScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.1)
	s.list = k.rows(func(i int) row { return s.row(t, i) }, func(i int) { s.openAt(t, i) }).by(s.rowKey)
	s.file = k.button(normal, t.words.Text("billfile.open"), "F4", func() { t.openBills(s) })
	s.days = k.button(normal, t.words.Text("reconciling.days"), "F6", func() { s.turn(t) })
	s.cases = k.button(normal, t.words.Text("cases.title"), "F7", t.openCases)
	if s.byDay {
		s.days.style = chosen
	}
	s.whole = k.button(normal, t.words.Text(map[bool]string{false: "reconciling.all", true: "reconciling.asks"}[s.all]), "F5", func() { s.toggle(t) })
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	objects := []fyne.CanvasObject{s.file, s.whole, s.days, s.cases}
	s.link = nil
	if n := len(s.standing.StandsAlone()); n > 0 {
		s.link = k.button(normal, t.words.Counted("reconciling.link", n), "F8", func() { s.linkAlone(t) })
		if s.sure {
			s.link.style = chosen
		}
		objects = append(objects, s.link)
	}
	return left, box(func(a area) {
		for i, cell := range a.bottom(max(k.px(56), target)).columns(len(objects)) {
			place(objects[i], cell)
		}
		place(s.list, a)
	}, append(objects, s.list)...)
}

// linkAlone gives the rows that stand alone to their payments, once it was asked for twice.
func (s *reconcilingScreen) linkAlone(t *till) {
	n := len(s.standing.StandsAlone())
	if n == 0 {
		return
	}
	//mutant:rows-are-linked-when-asked-twice
	if !s.sure {
		s.sure, s.done = true, present.Note{Tone: present.Warning, Key: "reconciling.link.sure"}
		t.show()
		return
	}
	s.sure, s.done = false, present.Note{}
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		_, err := t.desk.LinkAlone(ctx, by, by.By)
		return func() {
			if err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "difference.failed", Detail: err.Error()}
			}
			s.look(t)
		}
	})
}

// turn shows days in place of payments, or the other way round.
func (s *reconcilingScreen) turn(t *till) {
	s.byDay, s.marked = !s.byDay, 0
	t.show()
}

// length is how many rows there are.
func (s *reconcilingScreen) length() int {
	if s.byDay {
		return len(s.standing.Days)
	}
	return len(s.shown())
}

func (s *reconcilingScreen) toggle(t *till) {
	s.all, s.byDay, s.marked = !s.all, false, 0
	t.show()
}

func (s *reconcilingScreen) row(t *till, i int) row {
	e := present.EntryRow{}
	if s.byDay {
		e = t.words.DayLineRow(s.standing.Days[len(s.standing.Days)-1-i], t.about.Currency) // the newest first
	} else {
		e = t.words.DifferenceRow(s.shown()[i], t.about.Currency)
	}
	return row{icon: e.Tone, title: e.Time + "  " + e.Title, note: e.Small, right: e.Amount, end: e.State, tone: e.Tone, marked: i == s.marked}
}

func (s *reconcilingScreen) refresh(t *till) {
	m := t.words.Tell(present.Note{Tone: present.Waiting, Key: "reconciling.looking"}, t.about.Currency)
	switch {
	case s.failed != nil:
		m = t.words.Tell(present.Note{Tone: present.Bad, Key: "reconciling.failed", Detail: s.failed.Error()}, t.about.Currency)
	case s.done.Key != "":
		m = t.words.Tell(s.done, t.about.Currency)
	case s.loaded:
		m = t.words.ReconcilingHead(s.standing, t.about.Currency)
	}
	s.say.show(m)
	s.list.show(s.length(), s.marked)
}

// rowKey tells differences apart; days keep their places, and are opened by nobody.
func (s *reconcilingScreen) rowKey(i int) any {
	if all := s.shown(); !s.byDay && i < len(all) {
		return all[i].Key
	}
	return i
}

func (s *reconcilingScreen) openAt(t *till, i int) {
	if all := s.shown(); !s.byDay && i < len(all) {
		s.marked = i
		t.openDifference(all[i], s)
	}
}

func (s *reconcilingScreen) primary(t *till) primaryAction {
	if s.loaded && s.failed == nil && len(s.shown()) == 0 { // nothing to look at: the next thing is a file
		return primaryAction{label: t.words.Text("billfile.open"), hint: "Enter", enabled: true, press: func() { t.openBills(s) }, means: "file"}
	}
	return primaryAction{label: t.words.Text("find.open"), hint: "Enter", enabled: !s.byDay && len(s.shown()) > 0, press: func() { s.openAt(t, s.marked) }}
}

func (s *reconcilingScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyF4:
		t.openBills(s)
	case fyne.KeyF5:
		s.toggle(t)
	case fyne.KeyF6:
		s.turn(t)
	case fyne.KeyF7:
		t.openCases()
	case fyne.KeyF8:
		s.linkAlone(t)
	default:
		marked, moved := markKey(name, s.marked, s.length())
		if !moved {
			return false
		}
		s.marked = marked
		t.redraw()
	}
	return true
}

func (s *reconcilingScreen) typed(*till, rune) {}

func (s *reconcilingScreen) back(*till) bool { return false }

func (s *reconcilingScreen) stands() standing {
	return standing{page: reconcilingPage, back: "day.back", ready: s.loaded}
}

// differenceScreen is one difference: what both sides have, what to do, and who does it.
type differenceScreen struct {
	quiet
	d      clearing.Difference
	answer txn.Answered
	list   *reconcilingScreen // is looked at anew once something was done
	done   present.Note
	sure   txn.ID // once more, and the row is that payment's, or no more this one's

	say, said *panel
	facts     *rows
	shown     []present.Fact
	fields    []*field
	replies   []*button
	mine      []*button
	apart     *button // nil where nobody gave it a row
	close     *button
}

func (t *till) openDifference(d clearing.Difference, list *reconcilingScreen) {
	t.open(&differenceScreen{d: d, list: list, answer: present.AnswerOf(d, t.about.Cashier)})
}

func (s *differenceScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.said = k.panel(1.15), k.panel(1)
	s.facts = k.rows(func(i int) row { return row{title: s.shown[i].Label, right: s.shown[i].Value} }, nil)
	s.facts.height = k.px(36)
	s.fields, s.replies, s.mine, s.close = nil, nil, nil, nil
	var objects []fyne.CanvasObject
	for _, f := range []struct {
		key  string
		into *string
	}{{"difference.owner", &s.answer.Owner}, {"difference.due", &s.answer.Due}, {"difference.note", &s.answer.Note}} {
		one := newField(t.router, t.words.Text(f.key), func(text string) { *f.into = text; t.redraw() }, func(fyne.KeyName) bool { return false }, func() {})
		one.Text = *f.into
		s.fields, objects = append(s.fields, one), append(objects, one)
	}
	for _, reply := range present.Replies {
		b := k.button(normal, t.words.Text("reply."+reply.Key), "", func() { s.reply(t, reply.Said) })
		if s.answer.Said == reply.Said {
			b.style = chosen
		}
		s.replies, objects = append(s.replies, b), append(objects, b)
	}
	for _, id := range s.d.Proposed[:min(len(s.d.Proposed), 3)] {
		b := k.button(normal, t.words.Text("difference.mine", "stan", strconv.FormatInt(id.STAN(), 10)), "", func() { s.twice(t, id, "difference.mine.sure", func(a *txn.Answered) { a.Attempt = id }) })
		if s.sure == id {
			b.style = chosen
		}
		s.mine, objects = append(s.mine, b), append(objects, b)
	}
	s.apart = nil
	if s.d.Linked != "" {
		s.apart = k.button(normal, t.words.Text("difference.apart"), "F9", func() { s.takeApart(t) })
		if s.sure == s.d.Attempt {
			s.apart.style = chosen
		}
		objects = append(objects, s.apart)
	}
	if s.d.Class.Differs() {
		s.close = k.button(normal, t.words.Text("difference.close"), "F8", func() { s.save(t, func(a *txn.Answered) { a.Closed = true }) })
		objects = append(objects, s.close)
	}
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.6)))
		place(s.said, a.top(s.said.high(a.w, a.h)))
	}, s.say, s.said)
	return left, box(func(a area) { s.lay(k, a) }, append(objects, s.facts)...)
}

func (s *differenceScreen) lay(k *kit, a area) {
	row := func(of int, at func(i int) fyne.CanvasObject, high float32) {
		if of == 0 {
			return
		}
		for i, cell := range a.bottom(high).columns(of) {
			place(at(i), cell)
		}
	}
	high := max(k.px(52), target)
	if s.close != nil {
		row(1, func(int) fyne.CanvasObject { return s.close }, high)
	}
	if s.apart != nil {
		row(1, func(int) fyne.CanvasObject { return s.apart }, high)
	}
	row(len(s.mine), func(i int) fyne.CanvasObject { return s.mine[i] }, high)
	row(len(s.replies), func(i int) fyne.CanvasObject { return s.replies[i] }, high)
	row(1, func(int) fyne.CanvasObject { return s.fields[2] }, max(k.px(44), target))
	row(2, func(i int) fyne.CanvasObject { return s.fields[i] }, max(k.px(44), target))
	place(s.facts, a)
}

// reply chooses what the bank answered; the same one again chooses none.
func (s *differenceScreen) reply(t *till, said string) {
	if s.answer.Said == said {
		said = ""
	}
	s.answer.Said = said
	t.show()
}

// twice asks once before it keeps which payment's a row is: the row is out of the list then.
func (s *differenceScreen) twice(t *till, id txn.ID, ask string, change func(*txn.Answered)) {
	//mutant:a-row-is-given-when-asked-twice
	if s.sure != id {
		s.sure, s.done = id, present.Note{Tone: present.Warning, Key: ask}
		t.show()
		return
	}
	s.save(t, change)
}

// takeApart takes the row that a person gave it away again.
func (s *differenceScreen) takeApart(t *till) {
	s.twice(t, s.d.Attempt, "difference.apart.sure", func(a *txn.Answered) { a.Apart = true })
}

// save keeps what stands here.
func (s *differenceScreen) save(t *till, change func(*txn.Answered)) {
	a := s.answer
	a.Key, a.Attempt, a.Apart, a.Closed = s.d.Key, 0, false, false
	change(&a)
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		err := t.desk.AnswerDifference(ctx, by, a)
		return func() {
			if err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "difference.failed", Detail: err.Error()}
				t.redraw()
				return
			}
			if t.inSight(s) {
				t.back()
			}
			s.list.look(t)
		}
	})
}

func (s *differenceScreen) refresh(t *till) {
	s.say.show(t.words.Difference(s.d, t.about.Currency))
	said := t.words.Tell(s.done, t.about.Currency)
	s.said.show(said)
	show(s.said, !said.Empty())
	s.shown = t.words.DifferenceFacts(s.d, t.about.Currency)
	s.facts.show(len(s.shown), -1)
}

func (s *differenceScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("difference.keep"), hint: "Enter", enabled: s.d.Class.Differs() && s.answer.Owner != "", press: func() { s.save(t, func(*txn.Answered) {}) }}
}

func (s *differenceScreen) key(t *till, name fyne.KeyName) bool {
	switch {
	case name == fyne.KeyF8 && s.close != nil:
		s.save(t, func(a *txn.Answered) { a.Closed = true })
	case name == fyne.KeyF9 && s.apart != nil:
		s.takeApart(t)
	default:
		return false
	}
	return true
}

func (s *differenceScreen) typed(*till, rune) {}

func (s *differenceScreen) back(*till) bool { return false }

func (s *differenceScreen) stands() standing {
	return standing{page: differencePage, back: "result.back"}
}
