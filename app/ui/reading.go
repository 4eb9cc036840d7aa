package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// readingScreen is a list that is read and searched, and changes nothing: what people did, the program's log, what the till found of itself. A row's own text is in the fold of the panel.
type readingScreen struct {
	quiet
	of     reading
	text   string // what is looked for
	list   readList
	loaded bool
	failed error
	marked int
	asked  int // how often it was read: what an older look brings is not shown

	field *field
	say   *panel
	rows  *rows
	again *button
	give  *button
}

// reading is what such a list reads.
type reading struct {
	page     page
	name     string // the words' key before its menu entry
	searched bool
	read     func(ctx context.Context, desk *present.Desk, words *present.Words, text string) (readList, error)
}

// readList is what was read.
type readList struct {
	head    present.Note
	rows    []row
	own     []string // of each row, its own text as a program wrote it
	entries []present.EntryRow
}

// add adds a row with its own text.
func (l *readList) add(e present.EntryRow, own string) {
	l.rows, l.entries, l.own = append(l.rows, rowOf(e)), append(l.entries, e), append(l.own, own)
}

// key tells rows apart: an entry and a line of a log say when they are of.
func (l *readList) key(i int) [2]any { return [2]any{l.rows[i], l.own[i]} }

func (l *readList) keys() (all [][2]any) {
	for i := range l.rows {
		all = append(all, l.key(i))
	}
	return all
}

func (t *till) openReading(of reading) {
	s := &readingScreen{of: of}
	t.open(s)
	s.load(t)
}

func (s *readingScreen) load(t *till) {
	s.asked++
	asked, text, words := s.asked, strings.TrimSpace(s.text), t.words
	t.call(func(ctx context.Context) func() {
		list, err := s.of.read(ctx, &t.desk, words, text)
		return func() {
			if asked != s.asked {
				return
			}
			s.marked = keptMark(s.marked, s.list.keys(), list.keys(), func(key [2]any) [2]any { return key })
			s.list, s.failed, s.loaded = list, err, true
			t.redraw()
		}
	})
}

func (s *readingScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.1)
	s.rows = k.rows(func(i int) row { r := s.list.rows[i]; r.marked = i == s.marked && !r.head; return r }, func(i int) { s.mark(t, i) }).
		by(func(i int) any { return s.list.key(i) })
	s.again = k.button(normal, t.words.Text("reading.again"), "F5", func() { s.load(t) })
	s.give = k.button(normal, t.words.Text("export.open"), "F4", func() { s.exports(t) })
	s.field = newField(t.router, t.words.Text("reading.search"), func(text string) { s.typedText(t, text) }, func(name fyne.KeyName) bool { return s.fieldKey(t, name) }, func() {})
	s.field.Text = s.text
	show(s.field, s.of.searched)
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	return left, box(func(a area) {
		if s.of.searched {
			place(s.field, a.top(max(k.px(48), target)))
		}
		inRow(a.bottom(max(k.px(56), target)), []*button{s.again, s.give})
		place(s.rows, a)
	}, s.field, s.rows, s.again, s.give)
}

// typedText takes what stands in the box. It is looked for once a person pauses.
func (s *readingScreen) typedText(t *till, text string) {
	if text == s.text {
		return
	}
	s.text, s.marked = text, 0
	t.whenPaused(&s.asked, func() { s.load(t) })
}

func (s *readingScreen) fieldKey(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyEscape {
		t.onEscape()
		return true
	}
	return s.key(t, name)
}

func (s *readingScreen) mark(t *till, i int) {
	s.marked = i
	t.redraw()
}

func (s *readingScreen) refresh(t *till) {
	note := present.Note{Tone: present.Waiting, Key: "day.loading"}
	switch {
	case s.failed != nil:
		note = present.Note{Tone: present.Bad, Key: "day.failed", Detail: s.failed.Error()}
	case s.loaded:
		note = s.list.head
		if s.marked < len(s.list.own) {
			note.Detail = s.list.own[s.marked]
		}
	}
	s.say.show(t.words.Tell(note, t.about.Currency))
	s.rows.show(len(s.list.rows), s.marked)
}

// exports gives what is shown away as a file.
func (s *readingScreen) exports(t *till) {
	if !s.loaded || s.failed != nil {
		return
	}
	list, words, now := s.list, t.words, t.opts.Now()
	t.openExport(func(context.Context) (present.Export, error) {
		return words.ListExport(s.of.name, list.entries, list.own, now), nil
	})
}

func (s *readingScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *readingScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyF4:
		s.exports(t)
	case fyne.KeyF5:
		s.load(t)
	case fyne.KeyPageDown:
		s.mark(t, min(s.marked+s.rows.visible(), max(len(s.list.rows)-1, 0)))
	case fyne.KeyPageUp:
		s.mark(t, max(s.marked-s.rows.visible(), 0))
	default:
		marked, moved := markKey(name, s.marked, len(s.list.rows))
		if moved {
			s.mark(t, marked)
		}
		return moved
	}
	return true
}

func (s *readingScreen) typed(t *till, x rune) {
	if s.of.searched {
		s.field.SetText(s.text + string(x))
		t.redraw()
	}
}

func (s *readingScreen) back(*till) bool { return false }

func (s *readingScreen) stands() standing { return standing{page: s.of.page, ready: s.loaded} }

// rowOf is an entry as a row.
func rowOf(e present.EntryRow) row {
	return row{icon: e.Tone, title: strings.TrimSpace(e.Time + "  " + e.Title), note: e.Small, right: e.Amount, end: e.State, tone: e.Tone}
}

// mostAudit is how many entries are shown; a person who looks for more types what.
const mostAudit = 500

func (t *till) openAudit() {
	t.openReading(reading{page: auditPage, name: "audit", searched: true, read: func(ctx context.Context, desk *present.Desk, words *present.Words, text string) (l readList, err error) {
		p, err := desk.Audit(ctx, words.AuditHas(text), mostAudit)
		l.head = present.AuditNote(p)
		for _, e := range p.Entries {
			l.add(words.AuditRow(e), "")
		}
		return l, err
	}})
}

func (t *till) openLog() {
	t.openReading(reading{page: logPage, name: "log", searched: true, read: func(ctx context.Context, desk *present.Desk, words *present.Words, text string) (l readList, err error) {
		all, err := desk.Log(ctx)
		found := present.LogWith(all, text)
		l.head = present.LogNote(len(found), len(all))
		for _, line := range found {
			l.add(words.LogRow(line), line.Whole)
		}
		return l, err
	}})
}

func (t *till) openChecks() {
	t.openReading(reading{page: checksPage, name: "check", read: func(ctx context.Context, desk *present.Desk, words *present.Words, _ string) (l readList, err error) {
		all := desk.Examine(ctx)
		l.head = present.ChecksNote(all)
		for _, role := range words.CheckRoles(all) {
			l.add(present.EntryRow{Title: role.Heading}, "")
			l.rows[len(l.rows)-1].head = true
			for _, c := range role.Checks {
				l.add(words.CheckRow(c), c.Detail)
			}
		}
		return l, nil
	}})
}
