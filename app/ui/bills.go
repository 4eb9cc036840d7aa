package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// billsScreen takes a file in: it lists what downloads and sticks have, reads the one that is chosen, says what it has, and keeps it only then.
type billsScreen struct {
	quiet
	list   *reconcilingScreen
	bills  []present.Bill
	loaded bool
	marked int
	path   string // as it is typed
	tried  *present.TriedFile
	trying string // the path of tried
	done   present.Note
	busy   bool
	sure   bool // once more, and the file that was taken in counts nowhere

	say   *panel
	rows  *rows
	field *field
	out   *button // nil where no file was read that was taken in before
}

func (t *till) openBills(list *reconcilingScreen) *billsScreen {
	s := &billsScreen{list: list}
	t.open(s)
	t.call(func(ctx context.Context) func() {
		bills := t.desk.Bills(ctx)
		return func() {
			s.bills, s.loaded = bills, true
			t.redraw()
		}
	})
	return s
}

// openDropped reads a file that somebody lets fall onto the window; it is kept as every other one, by a key of its own. While money may be moving nothing falls.
func (t *till) openDropped(files []fyne.URI) {
	if len(files) == 0 || t.paying() || files[0].Scheme() != "file" {
		return
	}
	t.leaveResult()
	t.home()
	s := t.openBills(t.openReconciling())
	s.path = files[0].Path()
	s.field.SetText(s.path)
	s.read(t, s.path)
}

func (s *billsScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.1)
	s.rows = k.rows(func(i int) row { return s.row(i) }, func(i int) { s.choose(t, i) }).by(func(i int) any { return s.bills[i].Path })
	s.field = newField(t.router, t.words.Text("billfile.path"), func(text string) { s.typedPath(t, text) }, func(name fyne.KeyName) bool { return s.fieldKey(t, name) }, func() {})
	s.field.Text = s.path
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	objects := []fyne.CanvasObject{s.field, s.rows}
	s.out = nil
	if s.tried != nil && s.tried.Known {
		s.out = k.button(normal, t.words.Text("billfile.out"), "F8", func() { s.takeOut(t) })
		if s.sure {
			s.out.style = chosen
		}
		objects = append(objects, s.out)
	}
	return left, box(func(a area) {
		if s.out != nil {
			place(s.out, a.bottom(max(k.px(56), target)))
		}
		place(s.field, a.top(max(k.px(48), target)))
		place(s.rows, a)
	}, objects...)
}

// takeOut has the file that was read, and was taken in before, count nowhere, once it was asked for twice.
func (s *billsScreen) takeOut(t *till) {
	if s.busy || s.tried == nil || !s.tried.Known {
		return
	}
	//mutant:a-file-is-taken-out-when-asked-twice
	if !s.sure {
		s.sure = true
		t.show()
		return
	}
	s.busy, s.sure = true, false
	sha, by := s.tried.SHA256, t.cashier()
	t.call(func(ctx context.Context) func() {
		_, err := t.desk.TakeFileOut(ctx, by, sha, by.By)
		return func() {
			s.busy = false
			if err != nil {
				s.tried, s.done = nil, present.Note{Tone: present.Bad, Key: "difference.failed", Detail: err.Error()}
				t.show()
				return
			}
			if t.top() == screen(s) {
				t.back()
			}
			s.list.look(t)
		}
	})
}

func (s *billsScreen) row(i int) row {
	b := s.bills[i]
	return row{title: b.Name, note: b.Folder, end: b.At.Format("2006-01-02 15:04"), marked: i == s.marked}
}

func (s *billsScreen) typedPath(t *till, text string) {
	if text != s.path {
		s.path, s.tried, s.done = text, nil, present.Note{}
		t.redraw()
	}
}

func (s *billsScreen) fieldKey(t *till, name fyne.KeyName) bool {
	return t.pathKey(name, s.key)
}

// pathKey is a key in a box for a path above a list: Enter takes what is there, Esc goes back, and the arrows are the list's.
func (t *till) pathKey(name fyne.KeyName, list func(*till, fyne.KeyName) bool) bool {
	switch {
	case isEnter(name):
		t.runPrimary()
	case name == fyne.KeyEscape:
		t.onEscape()
	case name == fyne.KeyUp, name == fyne.KeyDown:
		return list(t, name)
	default:
		return false
	}
	return true
}

// choose marks a file of the list and reads it.
func (s *billsScreen) choose(t *till, i int) {
	if i < len(s.bills) {
		s.marked, s.path, s.field.Text = i, "", ""
		s.field.Refresh()
		s.read(t, s.bills[i].Path)
	}
}

// chosen is the file that is typed, or else marked.
func (s *billsScreen) chosen() string {
	if s.path != "" {
		return s.path
	}
	if s.marked < len(s.bills) {
		return s.bills[s.marked].Path
	}
	return ""
}

func (s *billsScreen) read(t *till, path string) {
	if s.busy || path == "" {
		return
	}
	s.busy, s.tried, s.sure, s.done = true, nil, false, present.Note{Tone: present.Waiting, Key: "billfile.reading"}
	t.redraw()
	t.call(func(ctx context.Context) func() {
		tried, err := t.desk.TryFile(ctx, path)
		return func() {
			s.busy, s.done = false, present.Note{}
			if err != nil {
				s.done = present.FileRefused(err)
			} else {
				s.tried, s.trying = &tried, path
			}
			t.renewed(s) // one that was taken in before may be taken out
		}
	})
}

// keep takes in the file that was read.
func (s *billsScreen) keep(t *till) {
	if s.busy || s.tried == nil {
		return
	}
	s.busy = true
	path, by := s.trying, t.cashier()
	t.call(func(ctx context.Context) func() {
		err := t.desk.TakeFile(ctx, by, path)
		return func() {
			s.busy = false
			if err != nil {
				s.tried, s.done = nil, present.FileRefused(err)
				t.redraw()
				s.list.look(t) // it may have been taken all the same
				return
			}
			if t.inSight(s) {
				t.back()
			}
			s.list.look(t)
		}
	})
}

func (s *billsScreen) refresh(t *till) {
	note := present.Note{Tone: present.Plain, Key: "billfile.choose"}
	if s.done.Key != "" {
		note = s.done
	}
	m := t.words.Tell(note, t.about.Currency)
	if s.tried != nil {
		m = t.words.TriedHead(*s.tried)
	}
	if s.tried != nil && s.sure {
		m = t.words.Tell(present.Note{Tone: present.Warning, Key: "billfile.out.sure"}, t.about.Currency)
	}
	s.say.show(m)
	s.rows.show(len(s.bills), s.marked)
}

func (s *billsScreen) primary(t *till) primaryAction {
	if s.tried != nil && s.chosen() == s.trying {
		return primaryAction{label: t.words.Text("billfile.take"), hint: "Enter", enabled: !s.busy && s.tried.MayTake(), press: func() { s.keep(t) }, means: "take"}
	}
	return primaryAction{label: t.words.Text("billfile.read"), hint: "Enter", enabled: !s.busy && s.chosen() != "", press: func() { s.read(t, s.chosen()) }, means: "read"}
}

func (s *billsScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyF8 && s.out != nil {
		s.takeOut(t)
		return true
	}
	marked, moved := markKey(name, s.marked, len(s.bills))
	if !moved {
		return false
	}
	s.marked = marked
	s.tried, s.done = nil, present.Note{}
	t.redraw()
	return true
}

func (s *billsScreen) typed(*till, rune) {}

func (s *billsScreen) back(*till) bool { return false }

func (s *billsScreen) stands() standing {
	meaning := "read"
	if s.tried != nil {
		meaning = "take"
	}
	return standing{page: billsPage, back: "result.back", means: meaning, ready: s.loaded}
}
