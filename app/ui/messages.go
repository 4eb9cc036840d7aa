package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/messages"
)

// messagesScreen shows what was sent and received about a payment, as it is kept: the messages on one side, and the fields of the marked one beside them.
type messagesScreen struct {
	quiet
	entry  present.Entry
	kept   messages.Kept
	loaded bool
	failed error
	marked int

	say    *panel
	list   *rows
	fields *rows
	shown  []present.Fact
}

func (t *till) openMessages(e present.Entry) {
	s := &messagesScreen{entry: e}
	t.open(s)
	t.call(func(ctx context.Context) func() {
		kept, err := t.desk.Messages(ctx, e.Attempt.ID)
		return func() {
			s.kept, s.failed, s.loaded = kept, err, true
			t.redraw()
		}
	})
}

func (s *messagesScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.1)
	s.list = k.rows(func(i int) row {
		r := t.words.MessageRow(s.kept.Messages[i])
		return row{icon: r.Tone, title: r.Time + "  " + r.Title, note: r.Small, end: r.State, tone: r.Tone, marked: i == s.marked}
	}, func(i int) { s.mark(t, i) })
	s.fields = k.rows(func(i int) row { return row{title: s.shown[i].Label, right: s.shown[i].Value} }, nil)
	s.fields.height = k.px(40)
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.5)))
		place(s.list, a)
	}, s.say, s.list)
	return left, box(func(a area) { place(s.fields, a) }, s.fields)
}

func (s *messagesScreen) mark(t *till, i int) {
	s.marked = i
	s.fields.first = 0
	t.redraw()
}

func (s *messagesScreen) refresh(t *till) {
	note := present.Note{Tone: present.Waiting, Key: "day.loading"}
	switch {
	case s.failed != nil:
		note = present.Note{Tone: present.Bad, Key: "day.failed", Detail: s.failed.Error()}
	case s.loaded:
		note = present.MessagesNote(s.kept)
	}
	s.say.show(t.words.Tell(note, t.about.Currency))
	s.list.show(len(s.kept.Messages), s.marked)
	s.shown = nil
	if s.marked < len(s.kept.Messages) {
		s.shown = t.words.MessageFields(s.kept.Messages[s.marked])
	}
	s.fields.show(len(s.shown), -1)
}

func (s *messagesScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *messagesScreen) key(t *till, name fyne.KeyName) bool {
	if marked, moved := markKey(name, s.marked, len(s.kept.Messages)); moved {
		s.mark(t, marked)
		return true
	}
	return s.fields.turnKey(name)
}

func (s *messagesScreen) typed(*till, rune) {}

func (s *messagesScreen) back(*till) bool { return false }

func (s *messagesScreen) stands() standing {
	return standing{page: messagesPage, matter: s.entry.Matter(), ready: s.loaded}
}
