package ui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/sale"
)

// findScreen finds payments of this day and all earlier ones: one box that takes whatever a person knows of it, and filters for a finger. The newest stand
// there before anything is typed. A payment is opened as the books have it.
type findScreen struct {
	quiet
	text   string
	on     []present.FindFilter
	found  present.FoundPayments
	failed error
	loaded bool
	marked int
	about  string // what the payments that are shown were looked for by
	asked  int    // how often it was looked: what an older look brings is not shown
	fresh  bool   // it was built and not shown yet

	field   *field
	filters []*button
	head    *line
	hint    *panel
	said    *panel
	list    *rows
	pad     *numberPad
}

const (
	findLimit = 100
	// findPause is how long a person may think between two characters before it is looked for what stands there.
	findPause = 120 * time.Millisecond
)

func (t *till) openFind() {
	again := t.top().stands().page == findPage
	//mutant:nothing-is-looked-for-while-money-moves
	if t.paying() || again {
		if again { // it begins anew: what was looked for is gone
			t.stack[len(t.stack)-1] = &findScreen{}
			t.show()
		}
		return
	}
	t.leaveResult()
	t.open(&findScreen{})
}

// findTyped begins to look for what is typed on a list of payments.
func (t *till) findTyped(x rune) {
	if !t.paying() {
		t.open(&findScreen{text: string(x)})
	}
}

func (s *findScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.hint, s.said = k.panel(1), k.panel(1)
	s.head = newLine("", k.px(baseText), true, k.text, fyne.TextAlignLeading)
	s.pad = k.numberPad(t.onPad)
	s.list = k.rows(func(i int) row { return s.row(t, i) }, func(i int) { s.openAt(t, i) }).by(func(i int) any { return entryKey(s.found.Entries[i]) })
	s.field = newField(t.router, t.words.Text("find.box"), func(text string) { s.typedText(t, text) },
		func(name fyne.KeyName) bool { return s.fieldKey(t, name) }, func() {})
	s.field.Text, s.field.CursorColumn = s.text, len([]rune(s.text))
	s.filters = s.filters[:0]
	objects := []fyne.CanvasObject{s.field}
	for _, f := range s.offered(t) {
		b := k.button(normal, t.words.Text("find.filter."+f.Key), "", func() { s.toggle(t, f) })
		if s.isOn(f) {
			b.style = chosen
		}
		s.filters, objects = append(s.filters, b), append(objects, b)
	}
	keys := s.padKeys()
	left = box(func(a area) {
		place(keys, a.bottom(min(4*padKeyHeight+3*gap, a.h)))
		show(s.hint, a.h >= k.px(120))
		place(s.hint, a)
	}, s.hint, keys)
	right = box(func(a area) { s.lay(k, a) }, append(objects, s.head, s.said, s.list)...)
	s.fresh = true
	s.look(t)
	return left, right
}

func (s *findScreen) lay(k *kit, a area) {
	place(s.field, a.top(max(target, k.px(baseText)*1.4+24)))
	widths := make([]float32, len(s.filters))
	for i, b := range s.filters {
		widths[i] = max(b.natural(), target)
	}
	used := flow(a, target, widths, func(i int, cell area) { place(s.filters[i], cell) })
	a.y, a.h = a.y+used+gap, a.h-used-gap
	if s.said.Visible() {
		place(s.said, a.top(min(s.said.high(a.w, a.h), a.h*0.45)))
	}
	place(s.head, a.top(k.px(26)))
	place(s.list, a)
}

// padKeys are the pad without its echo: the box shows what is typed.
func (s *findScreen) padKeys() *fyne.Container {
	objects := make([]fyne.CanvasObject, 0, len(s.pad.keys))
	for _, name := range slices.Sorted(maps.Keys(s.pad.keys)) {
		objects = append(objects, s.pad.keys[name])
	}
	return box(s.pad.layKeys, objects...)
}

// offered are the filters of what this shop takes.
func (s *findScreen) offered(t *till) []present.FindFilter {
	return slices.DeleteFunc(slices.Clone(present.FindFilters), func(f present.FindFilter) bool {
		return f.Key == "terminal" && !t.about.SeparateTerminal || f.Key == "voucher" && !t.about.Vouchers || f.Key == "card" && t.about.CashOnly
	})
}

func (s *findScreen) isOn(f present.FindFilter) bool {
	return slices.ContainsFunc(s.on, func(on present.FindFilter) bool { return on.Key == f.Key })
}

// toggle turns a filter on or off; another one of its group goes off with it.
func (s *findScreen) toggle(t *till, f present.FindFilter) {
	was := s.isOn(f)
	s.on = slices.DeleteFunc(s.on, func(on present.FindFilter) bool { return on.Group == f.Group })
	if !was {
		s.on = append(s.on, f)
	}
	s.marked = 0
	t.show()
}

// typedText takes what stands in the box. It is looked for once a person pauses.
func (s *findScreen) typedText(t *till, text string) {
	if text == s.text {
		return
	}
	s.text, s.marked = text, 0
	t.whenPaused(&s.asked, func() { s.look(t) })
}

// whenPaused does something once a person has typed nothing more for a while. asked counts what was typed.
func (t *till) whenPaused(asked *int, do func()) {
	*asked++
	mine := *asked
	t.opts.After(findPause, func() {
		if mine == *asked {
			do()
		}
	})
}

// look asks the desk. What is on the screen stays until the answer is there.
func (s *findScreen) look(t *till) {
	s.asked++
	asked, question := s.asked, present.FindQuestion(s.text, s.on, findLimit)
	about := fmt.Sprint(s.text, s.on)
	t.call(func(ctx context.Context) func() {
		found, err := t.desk.Find(ctx, question)
		return func() {
			if asked != s.asked {
				return
			}
			if about != s.about { // another question: its best answer is selected
				s.found.Entries = nil
			}
			s.marked = keptMark(s.marked, s.found.Entries, found.Entries, entryKey)
			s.found, s.failed, s.loaded, s.about = found, err, true, about
			if t.top() == screen(s) {
				t.redraw()
			}
		}
	})
}

func (s *findScreen) row(t *till, i int) row {
	e := t.words.FoundRow(s.found.Entries[i], t.now)
	return row{icon: e.Tone, title: e.Time + "  " + e.Title, note: e.Small, right: e.Amount, end: e.State, tone: e.Tone, marked: i == s.marked}
}

func (s *findScreen) isAsked() bool { return s.text != "" || len(s.on) > 0 }

func (s *findScreen) refresh(t *till) {
	s.hint.show(t.words.Tell(present.Note{Tone: present.Plain, Key: "find.title"}, t.about.Currency))
	note := present.Note{Tone: present.Waiting, Key: "find.looking"}
	switch {
	case s.failed != nil:
		note = present.Note{Tone: present.Bad, Key: "day.failed", Detail: s.failed.Error()}
	case s.loaded:
		note = present.FoundNote(s.found, s.isAsked())
	}
	said := t.words.Tell(note, t.about.Currency)
	s.said.show(said)
	show(s.said, !said.Empty())
	s.head.set(t.words.FoundHead(s.found, s.isAsked()))
	s.list.show(len(s.found.Entries), s.marked)
	if s.fresh { // only now the box is in the window; with the focus it also takes what a Chinese keyboard composes
		s.fresh = false
		t.window.Canvas().Focus(s.field)
	}
}

func (s *findScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("find.open"), hint: "Enter", enabled: len(s.found.Entries) > 0, press: func() { s.openAt(t, s.marked) }}
}

func (s *findScreen) openAt(t *till, i int) {
	if i < len(s.found.Entries) {
		s.marked = i
		t.openEntry(s.found.Entries[i])
	}
}

// fieldKey is what a key means while the box has the focus.
func (s *findScreen) fieldKey(t *till, name fyne.KeyName) bool {
	switch {
	case isEnter(name):
		t.runPrimary()
	case name == fyne.KeyEscape:
		t.onEscape()
	case name == fyne.KeyBackspace:
		return false // the box knows where its cursor is
	default:
		return s.key(t, name)
	}
	return true
}

func (s *findScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyPageDown:
		s.mark(t, s.marked+s.list.visible())
	case fyne.KeyPageUp:
		s.mark(t, s.marked-s.list.visible())
	case fyne.KeyDown:
		s.mark(t, s.marked+1)
	case fyne.KeyUp:
		s.mark(t, s.marked-1)
	case fyne.KeyF3: // what goes back of the marked payment
		if s.marked < len(s.found.Entries) && present.MayGiveBack(s.found.Entries[s.marked].Matter()) {
			t.openGiving(s.found.Entries[s.marked])
		}
	case fyne.KeyBackspace:
		if runes := []rune(s.text); len(runes) > 0 { // the pad's, or the key while the box has no focus
			s.field.SetText(string(runes[:len(runes)-1]))
			t.redraw()
		}
	default:
		return false
	}
	return true
}

func (s *findScreen) mark(t *till, i int) {
	s.marked = min(max(i, 0), max(len(s.found.Entries)-1, 0))
	t.redraw()
}

// typed takes what is typed while the box has no focus, and what the pad types: it belongs into the box.
func (s *findScreen) typed(t *till, x rune) {
	if x == '×' { // the pad's star
		x = '*'
	}
	s.field.SetText(s.text + string(x))
	s.field.CursorColumn = len([]rune(s.text))
	t.redraw()
}

// scanned looks for payments of which the code was sold.
func (s *findScreen) scanned(t *till, code string) bool {
	if code == sale.Withheld { // it is refused where goods are sold
		return false
	}
	s.field.SetText(code)
	t.redraw()
	return true
}

func (s *findScreen) back(*till) bool { return false }

// take looks again where something changed at the till.
func (s *findScreen) take(t *till, _ seen) {
	if t.top() == screen(s) && s.loaded {
		s.look(t)
	}
}

func (s *findScreen) stands() standing {
	return standing{page: findPage, tells: true, back: "result.back", ready: s.loaded}
}
