package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/insight"
)

// insightDays are the spans that are looked at, today the last day of each.
var insightDays = []int{1, 7, 28}

// insightScreen is what a manager asks of some days: a table for each question, one at a time.
type insightScreen struct {
	quiet
	days   int
	name   string // of the table in front
	report insight.Report
	grids  []present.Grid
	loaded bool
	failed error

	say    *panel
	list   *rows
	spans  []*button
	tables []*button
	export *button
	heat   *heat
}

func (t *till) openInsight() {
	s := &insightScreen{days: insightDays[1]}
	t.open(s)
	s.look(t)
}

func (s *insightScreen) look(t *till) {
	s.loaded = false
	days := s.days
	t.call(func(ctx context.Context) func() {
		r, err := t.desk.Insight(ctx, days)
		return func() {
			if days != s.days { // another span was chosen meanwhile
				return
			}
			s.report, s.failed, s.loaded = r, err, true
			t.show()
		}
	})
}

// grid is the table in front: the one that was chosen, or else the first.
func (s *insightScreen) grid() (g present.Grid, there bool) {
	for _, g := range s.grids {
		if g.Name == s.name {
			return g, true
		}
	}
	if len(s.grids) == 0 {
		return g, false
	}
	return s.grids[0], true
}

func (s *insightScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.spans, s.tables, s.grids = k.panel(1.1), nil, nil, nil
	if s.loaded && s.failed == nil {
		s.grids = t.words.Insight(s.report)
	}
	front, _ := s.grid()
	s.list = k.rows(func(i int) row {
		g, _ := s.grid()
		e := g.Line(i)
		return row{title: e.Title, note: e.Small, right: e.Amount}
	}, nil)
	var objects []fyne.CanvasObject
	for i, days := range insightDays {
		b := k.button(normal, t.words.Counted("insight.days", days), "F"+strconv.Itoa(5+i), func() { s.span(t, days) })
		if days == s.days {
			b.style = chosen
		}
		s.spans, objects = append(s.spans, b), append(objects, b)
	}
	for i, g := range s.grids {
		b := k.button(normal, t.words.Text("insight.short."+g.Name), strconv.Itoa(i+1), func() { s.choose(t, g.Name) })
		if g.Name == front.Name {
			b.style = chosen
		}
		s.tables, objects = append(s.tables, b), append(objects, b)
	}
	s.export = k.button(normal, t.words.Text("export.open"), "F4", func() { s.exports(t) })
	s.heat = k.heat()
	s.heat.show(front)
	left = box(func(a area) {
		place(s.export, a.bottom(max(k.px(56), target)))
		place(s.say, a.top(s.say.high(a.w, a.h)))
	}, s.say, s.export)
	return left, box(func(a area) { s.lay(k, a) }, append(objects, s.list, s.heat)...)
}

func (s *insightScreen) lay(k *kit, a area) {
	const abreast = 4
	high := max(k.px(52), target)
	for i, cell := range a.bottom(high).columns(len(s.spans)) {
		place(s.spans[i], cell)
	}
	for i := 0; i < len(s.tables); i += abreast {
		cells := a.top(high).columns(abreast)
		for n, b := range s.tables[i:min(i+abreast, len(s.tables))] {
			place(b, cells[n])
		}
	}
	place(s.list, a)
	place(s.heat, a)
}

// exports gives all tables of the days away as a file.
func (s *insightScreen) exports(t *till) {
	if !s.loaded || s.failed != nil {
		return
	}
	report, words := s.report, t.words
	t.openExport(func(context.Context) (present.Export, error) { return words.InsightExport(report), nil })
}

func (s *insightScreen) span(t *till, days int) {
	s.days = days
	t.show()
	s.look(t)
}

func (s *insightScreen) choose(t *till, name string) {
	s.name = name
	t.show()
}

func (s *insightScreen) refresh(t *till) {
	g, there := s.grid()
	m := t.words.Tell(present.Note{Tone: present.Waiting, Key: "insight.looking"}, t.about.Currency)
	switch {
	case s.failed != nil:
		m = t.words.Tell(present.Note{Tone: present.Bad, Key: "insight.failed", Detail: s.failed.Error()}, t.about.Currency)
	case s.loaded && there:
		m = t.words.InsightHead(s.report, g)
	case s.loaded:
		m = t.words.Tell(present.Note{Tone: present.Plain, Key: "insight.none"}, t.about.Currency)
	}
	s.say.show(m)
	s.list.show(max(len(g.Rows)-1, 0), -1)
	show(s.list, g.Shades == nil)
	show(s.heat, g.Shades != nil)
}

func (s *insightScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("day.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *insightScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyF4 {
		s.exports(t)
		return true
	}
	for i, key := range []fyne.KeyName{fyne.KeyF5, fyne.KeyF6, fyne.KeyF7} {
		if name == key {
			s.span(t, insightDays[i])
			return true
		}
	}
	return s.list.turnKey(name)
}

func (s *insightScreen) typed(t *till, x rune) {
	if i := int(x - '1'); i >= 0 && i < len(s.grids) {
		s.choose(t, s.grids[i].Name)
	}
}

func (s *insightScreen) back(*till) bool { return false }

func (s *insightScreen) stands() standing { return standing{page: insightPage, ready: s.loaded} }
