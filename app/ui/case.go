package ui

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// caseScreen is a dispute with the bank about a payment: one that is to be opened, or how far it has come.
type caseScreen struct {
	quiet
	entry present.Entry
	of    known
	c     txn.Case // number 0 is one that is to be opened
	done  present.Note
	path  string // of the pages that were made just now

	say, said *panel
	list      *rows
	shown     []present.Fact
	claims    []*button
	fields    []*field
	steps     []*button
}

// openCase shows the open case of a payment, or else a new one.
func (t *till) openCase(e present.Entry) {
	s := &caseScreen{entry: e}
	t.open(s)
	s.of.read(t, e)
	t.call(func(ctx context.Context) func() {
		all, err := t.desk.Cases(ctx)
		return func() {
			if err != nil {
				s.failed(t, err)
				return
			}
			for _, c := range all {
				if c.Attempt == e.Attempt.ID && c.Open() {
					s.c = c
				}
			}
			t.show()
		}
	})
}

func (s *caseScreen) failed(t *till, err error) {
	s.done = present.Note{Tone: present.Bad, Key: "case.failed", Detail: err.Error()}
	t.redraw()
}

func (s *caseScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.said = k.panel(1.15), k.panel(1)
	s.list = k.rows(func(i int) row { return row{title: s.shown[i].Label, right: s.shown[i].Value} }, nil)
	s.list.height = k.px(36)
	s.claims, s.fields, s.steps = nil, nil, nil
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.6)))
		place(s.said, a.top(s.said.high(a.w, a.h)))
	}, s.say, s.said)
	if s.c.Number == 0 {
		return left, s.form(t)
	}
	return left, s.standing(t)
}

// form asks what the bank's letter says.
func (s *caseScreen) form(t *till) fyne.CanvasObject {
	k := t.kit
	var objects []fyne.CanvasObject
	for i, claim := range txn.Claims {
		b := k.button(normal, t.words.Claim(claim), strconv.Itoa(i+1), func() { s.choose(t, claim) })
		s.claims, objects = append(s.claims, b), append(objects, b)
	}
	for _, f := range []struct {
		key  string
		into *string
	}{{"case.code", &s.c.Code}, {"case.due", &s.c.Due}, {"case.reference", &s.c.Reference}} {
		one := newField(t.router, t.words.Text(f.key), func(text string) { *f.into = text; s.byCode(t) }, func(fyne.KeyName) bool { return false }, func() {})
		one.Text = *f.into
		s.fields, objects = append(s.fields, one), append(objects, one)
	}
	return box(func(a area) {
		const abreast = 2 // nine below each other do not fit a small screen at 150 %
		for i := 0; i < len(s.claims); i += abreast {
			cells := a.top(max(k.px(52), target)).columns(abreast)
			for n, b := range s.claims[i:min(i+abreast, len(s.claims))] {
				place(b, cells[n])
			}
		}
		for i, cell := range a.top(max(k.px(44), target)).columns(len(s.fields)) {
			place(s.fields[i], cell)
		}
	}, objects...)
}

// byCode chooses what the customer says by a code that is known, where nobody has chosen yet.
func (s *caseScreen) byCode(t *till) {
	if r, known := txn.ReasonCodeOf(txn.UnionPay, s.c.Code); known && s.c.Claim == "" {
		s.c.Claim = r.Claim
	}
	t.redraw()
}

// standing shows how far a case has come, and the keys of what may follow.
func (s *caseScreen) standing(t *till) fyne.CanvasObject {
	k := t.kit
	objects := []fyne.CanvasObject{s.list}
	for i, step := range present.CaseSteps(s.c) {
		b := k.button(normal, t.words.Text("case.step."+string(step)), "F"+strconv.Itoa(5+i), func() { s.step(t, step) })
		s.steps, objects = append(s.steps, b), append(objects, b)
	}
	return box(func(a area) {
		if len(s.steps) > 0 {
			for i, cell := range a.bottom(max(k.px(56), target)).columns(len(s.steps)) {
				place(s.steps[i], cell)
			}
		}
		place(s.list, a)
	}, objects...)
}

func (s *caseScreen) choose(t *till, claim txn.Claim) {
	s.c.Claim = claim
	t.redraw()
}

func (s *caseScreen) opened() txn.CaseMoved {
	m := txn.CaseMoved{To: txn.CaseReceived, Attempt: s.entry.Attempt.ID, Claim: s.c.Claim, Code: s.c.Code, Due: s.c.Due, Reference: s.c.Reference}
	if m.Code != "" {
		m.Scheme = txn.UnionPay
	}
	return m
}

// step goes on to a state. Evidence is chosen by making its pages.
func (s *caseScreen) step(t *till, to txn.CaseState) {
	if to == txn.CaseChosen {
		s.pack(t)
		return
	}
	s.move(t, txn.CaseMoved{Case: s.c.Number, To: to})
}

func (s *caseScreen) move(t *till, m txn.CaseMoved) {
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		after, err := t.desk.MoveCase(ctx, by, m)
		return func() {
			if err != nil {
				s.failed(t, err)
				return
			}
			s.c, s.done = after, present.Note{}
			t.show()
		}
	})
}

func (s *caseScreen) pack(t *till) {
	s.done = present.Note{Tone: present.Waiting, Key: "case.packing"}
	t.redraw()
	number, by, words := s.c.Number, t.cashier(), t.words
	t.call(func(ctx context.Context) func() {
		path, err := t.desk.PackCase(ctx, by, number, words)
		var all []txn.Case
		if err == nil {
			all, err = t.desk.Cases(ctx)
		}
		return func() {
			i := slices.IndexFunc(all, func(c txn.Case) bool { return c.Number == number })
			if err != nil || i < 0 {
				s.failed(t, err)
				return
			}
			s.c, s.done, s.path = all[i], present.Note{Tone: present.Good, Key: "case.packed"}, path
			t.show()
		}
	})
}

func (s *caseScreen) refresh(t *till) {
	of := s.of.with(t, s.entry)
	head := t.words.CaseHead(s.c, of)
	if !s.of.ready && s.c.Claim != "" {
		head = present.Message{Tone: present.Waiting, What: head.What, Next: t.words.Text("life.reading")}
	}
	s.say.show(head)
	for i, b := range s.claims { // the fields stay as they are, with the cursor in them
		b.restyle(styleOf(txn.Claims[i] == s.c.Claim))
	}
	said := t.words.Tell(s.done, t.about.Currency)
	s.said.show(said)
	show(s.said, !said.Empty())
	facts := append([]present.Fact{{Label: t.words.Text("case.path"), Value: s.path}}, t.words.CaseFacts(s.c)...)
	s.shown = slices.DeleteFunc(append(facts, t.words.CaseLife(s.c)...), func(f present.Fact) bool { return f.Value == "" })
	s.list.show(len(s.shown), -1)
}

// take follows the payment: the bank may answer meanwhile.
func (s *caseScreen) take(_ *till, seen seen) {
	for _, now := range seen.owed {
		if same(now, s.entry.Matter()) {
			s.entry.Attempt, s.entry.Bill = now.Attempt, now.Bill
		}
	}
}

func (s *caseScreen) primary(t *till) primaryAction {
	switch {
	case s.c.Number == 0:
		return primaryAction{label: t.words.Text("case.open"), hint: "Enter", enabled: s.c.Claim != "", press: func() { s.move(t, s.opened()) }, means: "open"}
	case s.c.State == txn.CaseReceived:
		return primaryAction{label: t.words.Text("case.pack"), hint: "Enter", enabled: true, press: func() { s.pack(t) }, means: "pack"}
	}
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *caseScreen) key(t *till, name fyne.KeyName) bool {
	keys := []fyne.KeyName{fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8}
	steps := present.CaseSteps(s.c)
	i := slices.Index(keys, name)
	if s.c.Number == 0 || i < 0 || i >= len(steps) {
		return false
	}
	s.step(t, steps[i])
	return true
}

func (s *caseScreen) typed(t *till, x rune) {
	if i := int(x - '1'); s.c.Number == 0 && i >= 0 && i < len(txn.Claims) {
		s.choose(t, txn.Claims[i])
	}
}

func (s *caseScreen) back(*till) bool { return false }

func (s *caseScreen) stands() standing {
	return standing{page: casePage, back: "result.back", matter: s.entry.Matter(), means: strconv.FormatInt(s.c.Number, 10) + string(s.c.State)}
}

// casesScreen lists the disputes with banks, those that wait for the shop first.
type casesScreen struct {
	quiet
	all    []txn.Case
	loaded bool
	done   present.Note
	sieve  sieve
	marked int // among those that are shown

	say  *panel
	list *rows
}

func (t *till) openCases() {
	t.open(&casesScreen{})
}

// read reads the list, also where one of them was looked at, which may stand elsewhere by now.
func (s *casesScreen) read(t *till) {
	t.call(func(ctx context.Context) func() {
		all, err := t.desk.Cases(ctx)
		return func() {
			if s.loaded = true; err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "case.failed", Detail: err.Error()}
			}
			was := s.sieve.at(s.marked)
			selected := int64(0)
			if was >= 0 && was < len(s.all) {
				selected = s.all[was].Number
			}
			s.all = present.CasesInOrder(all)
			s.sift(t)
			for place := range s.sieve.count() {
				if s.all[s.sieve.at(place)].Number == selected {
					s.marked = place
				}
			}
			t.redraw()
		}
	})
}

func (s *casesScreen) build(t *till) (left, right fyne.CanvasObject) {
	s.read(t)
	k := t.kit
	s.say = k.panel(1.1)
	s.list = k.rows(func(i int) row {
		r := s.of(t, s.sieve.at(i))
		r.marked = i == s.marked
		return r
	}, func(i int) { s.openAt(t, i) }).by(func(i int) any { return s.all[s.sieve.at(i)].Number })
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	return left, box(func(a area) { place(s.list, a) }, s.list)
}

// of is the row of a case.
func (s *casesScreen) of(t *till, i int) row {
	e := t.words.CaseRow(s.all[i])
	return row{icon: e.Tone, title: e.Time + "  " + e.Title, note: e.Small, right: e.Amount, end: e.State, tone: e.Tone}
}

func (s *casesScreen) sift(t *till) {
	s.sieve.sift(len(s.all), func(i int) row { return s.of(t, i) })
	s.marked = max(min(s.marked, s.sieve.count()-1), 0)
}

func (s *casesScreen) openAt(t *till, i int) {
	at := s.sieve.at(i)
	if at < 0 || at >= len(s.all) {
		return
	}
	s.marked = i
	c := s.all[at]
	t.call(func(ctx context.Context) func() {
		e, err := t.desk.CaseEntry(ctx, c.Attempt)
		return func() {
			if err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "case.failed", Detail: err.Error()}
				t.redraw()
				return
			}
			if t.inSight(s) {
				one := &caseScreen{entry: e, c: c}
				t.open(one)
				one.of.read(t, e)
			}
		}
	})
}

func (s *casesScreen) refresh(t *till) {
	m := t.words.Tell(s.done, t.about.Currency)
	if m.Empty() && s.loaded {
		m = t.words.CasesHead(s.all)
	}
	s.sift(t)
	s.say.show(s.sieve.told(t.words, m))
	s.list.show(s.sieve.count(), s.marked)
}

func (s *casesScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("find.open"), hint: "Enter", enabled: s.sieve.count() > 0, press: func() { s.openAt(t, s.marked) }}
}

func (s *casesScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyBackspace {
		return s.sieve.erase(t)
	}
	marked, moved := markKey(name, s.marked, s.sieve.count())
	if !moved {
		return false
	}
	s.marked = marked
	t.redraw()
	return true
}

// typed looks for cases by what their rows show.
func (s *casesScreen) typed(t *till, x rune) { s.sieve.typed(t, x) }

func (s *casesScreen) back(t *till) bool { return s.sieve.back(t) }

func (s *casesScreen) stands() standing {
	return standing{page: casesPage, back: "day.back", ready: s.loaded, keep: s.sieve.keep}
}
