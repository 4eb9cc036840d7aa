package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// restoringScreen restores a backup: it lists what can be found, verifies the one that is chosen and says what it has and what follows, and after a question makes it the books of a new folder.
// The books that this till has open are not touched.
type restoringScreen struct {
	quiet
	backups []present.Backup
	loaded  bool
	marked  int
	path    string // as it is typed
	held    *present.HeldBackup
	looked  string // the path of held
	done    present.Note
	busy    bool

	say   *panel
	facts *rows
	shown []present.Fact
	rows  *rows
	field *field
}

func (t *till) openRestoring() {
	s := &restoringScreen{}
	t.open(s)
	t.call(func(ctx context.Context) func() {
		backups := t.desk.Backups(ctx)
		return func() {
			s.backups, s.loaded = backups, true
			t.redraw()
		}
	})
}

func (s *restoringScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.1)
	s.facts = k.rows(func(i int) row { return row{title: s.shown[i].Label, right: s.shown[i].Value} }, nil)
	s.facts.height = k.px(40)
	s.rows = k.rows(func(i int) row { return s.row(i) }, func(i int) { s.choose(t, i) }).by(func(i int) any { return s.backups[i].Path })
	s.field = newField(t.router, t.words.Text("restore.path"), func(text string) { s.typedPath(t, text) }, func(name fyne.KeyName) bool { return s.fieldKey(t, name) }, func() {})
	s.field.Text = s.path
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.6)))
		place(s.facts, a)
	}, s.say, s.facts)
	return left, box(func(a area) {
		place(s.field, a.top(max(k.px(48), target)))
		place(s.rows, a)
	}, s.field, s.rows)
}

func (s *restoringScreen) row(i int) row {
	b := s.backups[i]
	return row{title: b.At.Local().Format("2006-01-02 15:04"), note: b.Folder, marked: i == s.marked}
}

func (s *restoringScreen) typedPath(t *till, text string) {
	if text != s.path {
		s.path = text
		s.forget()
		t.redraw()
	}
}

// forget takes back what was said of another backup.
func (s *restoringScreen) forget() { s.held, s.done = nil, present.Note{} }

func (s *restoringScreen) fieldKey(t *till, name fyne.KeyName) bool {
	return t.pathKey(name, s.key)
}

// choose marks a backup of the list and looks at it.
func (s *restoringScreen) choose(t *till, i int) {
	if i < len(s.backups) && !s.busy {
		s.marked, s.path, s.field.Text = i, "", ""
		s.field.Refresh()
		s.look(t, s.backups[i].Path)
	}
}

// chosen is the backup that is typed, or else marked.
func (s *restoringScreen) chosen() string {
	switch {
	case s.path != "":
		return s.path
	case s.marked < len(s.backups):
		return s.backups[s.marked].Path
	}
	return ""
}

func (s *restoringScreen) look(t *till, path string) {
	if s.busy || path == "" {
		return
	}
	s.forget()
	s.busy = true
	t.redraw()
	t.call(func(ctx context.Context) func() {
		held, err := t.desk.LookAtBackup(ctx, path)
		return func() {
			s.busy = false
			if err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "restore.unusable", Detail: err.Error()}
			} else {
				s.held, s.looked = &held, path
			}
			t.redraw()
		}
	})
}

// ask asks before anything is written; the question names the new folder.
func (s *restoringScreen) ask(t *till) {
	dir, path := t.desk.RestoreTo(t.opts.Now()), s.looked
	t.open(&askScreen{message: t.message(present.Warning, "restore.ask", "dir", dir), yes: text("restore.yes"), no: text("result.back"), press: func() { s.restore(t, path, dir) }})
}

func (s *restoringScreen) restore(t *till, path, dir string) {
	s.busy = true
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		restored, err := t.desk.RestoreBackup(ctx, by, path, dir)
		return func() {
			s.busy, s.held = false, nil
			if s.done = present.RestoredNote(restored); err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "restore.failed", Detail: err.Error()}
			}
			t.redraw()
		}
	})
}

func (s *restoringScreen) refresh(t *till) {
	note := present.Note{Tone: present.Plain, Key: "restore.choose"}
	switch {
	case s.busy:
		note = present.Note{Tone: present.Waiting, Key: "restore.looking"}
	case s.done.Key != "":
		note = s.done
	case s.loaded && len(s.backups) == 0:
		note = present.Note{Tone: present.Warning, Key: "restore.none"}
	}
	m := t.words.Tell(note, t.about.Currency)
	s.shown = nil
	if s.held != nil {
		m, s.shown = t.words.BackupHead(*s.held), t.words.BackupFacts(*s.held)
	}
	s.say.show(m)
	s.facts.show(len(s.shown), -1)
	s.rows.show(len(s.backups), s.marked)
}

// restores reports whether the primary button restores what was looked at.
func (s *restoringScreen) restores() bool { return s.held != nil && s.chosen() == s.looked }

func (s *restoringScreen) means() string {
	if s.restores() {
		return "restore"
	}
	return "look"
}

func (s *restoringScreen) primary(t *till) primaryAction {
	if s.restores() {
		return primaryAction{label: t.words.Text("restore.restore"), hint: "Enter", enabled: !s.busy, press: func() { s.ask(t) }, means: s.means()}
	}
	return primaryAction{label: t.words.Text("restore.look"), hint: "Enter", enabled: !s.busy && s.chosen() != "", press: func() { s.look(t, s.chosen()) }, means: s.means()}
}

func (s *restoringScreen) key(t *till, name fyne.KeyName) bool {
	marked, moved := markKey(name, s.marked, len(s.backups))
	if moved && !s.busy {
		s.marked = marked
		s.forget()
		t.redraw()
	}
	return moved
}

func (s *restoringScreen) typed(*till, rune) {}

func (s *restoringScreen) back(*till) bool { return s.busy }

func (s *restoringScreen) stands() standing {
	return standing{page: restoringPage, back: "result.back", means: s.means(), ready: s.loaded}
}
