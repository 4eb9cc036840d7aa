package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// exportScreen gives what stands on a page away as a file: of which kind, and where to. What it has is made when it is written.
type exportScreen struct {
	quiet
	of     func(ctx context.Context) (present.Export, error)
	places []present.Place
	ending string
	marked int
	busy   bool
	done   present.Note

	say     *panel
	endings []*button
	list    *rows
}

// openExport asks of which kind and where to. of is called away from the window's goroutine.
func (t *till) openExport(of func(ctx context.Context) (present.Export, error)) {
	s := &exportScreen{of: of, ending: present.Endings[0]}
	t.open(s)
	t.call(func(context.Context) func() {
		places := t.desk.Places()
		return func() {
			s.places = places
			t.redraw()
		}
	})
}

func (s *exportScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.endings = k.panel(1.1), nil
	var objects []fyne.CanvasObject
	for i, ending := range present.Endings {
		b := k.button(normal, t.words.Text("export.kind."+ending[1:]), strconv.Itoa(i+1), func() { s.choose(t, ending) })
		if ending == s.ending {
			b.style = chosen
		}
		s.endings, objects = append(s.endings, b), append(objects, b)
	}
	s.list = k.rows(func(i int) row { return row{title: s.places[i].Dir, marked: i == s.marked} }, func(i int) { s.mark(t, i) })
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	return left, box(func(a area) {
		for i, cell := range a.top(max(k.px(64), target)).columns(len(s.endings)) {
			place(s.endings[i], cell)
		}
		place(s.list, a)
	}, append(objects, s.list)...)
}

func (s *exportScreen) choose(t *till, ending string) {
	s.ending, s.done = ending, present.Note{}
	t.show()
}

func (s *exportScreen) mark(t *till, i int) {
	s.marked, s.done = i, present.Note{}
	t.redraw()
}

// write writes the file, and says where it went.
func (s *exportScreen) write(t *till) {
	if s.busy || s.marked >= len(s.places) {
		return
	}
	s.busy = true
	by, ending, place := t.cashier(), s.ending, s.places[s.marked]
	t.redraw()
	t.call(func(ctx context.Context) func() {
		export, err := s.of(ctx)
		path := ""
		if err == nil {
			path, err = t.desk.Export(ctx, by, export, ending, place.Dir)
		}
		return func() {
			s.busy = false
			if s.done = present.ExportedNote(path, place.Stick); err != nil {
				s.done = present.Note{Tone: present.Bad, Key: "export.failed", Detail: err.Error()}
			}
			t.redraw()
		}
	})
}

func (s *exportScreen) refresh(t *till) {
	note := present.Note{Tone: present.Plain, Key: "export.title"}
	switch {
	case s.busy:
		note = present.Note{Tone: present.Waiting, Key: "export.writing"}
	case s.done.Key != "":
		note = s.done
	}
	s.say.show(t.words.Tell(note, t.about.Currency))
	s.list.show(len(s.places), s.marked)
}

func (s *exportScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("export.write"), hint: "Enter", enabled: !s.busy && s.marked < len(s.places), press: func() { s.write(t) }}
}

func (s *exportScreen) key(t *till, name fyne.KeyName) bool {
	marked, moved := markKey(name, s.marked, len(s.places))
	if moved {
		s.mark(t, marked)
	}
	return moved
}

func (s *exportScreen) typed(t *till, x rune) {
	if i := int(x - '1'); i >= 0 && i < len(present.Endings) {
		s.choose(t, present.Endings[i])
	}
}

func (s *exportScreen) back(*till) bool { return s.busy }

func (s *exportScreen) stands() standing {
	return standing{page: exportPage, back: "result.back", ready: len(s.places) > 0}
}
