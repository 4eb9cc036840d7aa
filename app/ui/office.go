package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// officeScreen is what a manager does with the books beside selling: each entry has the figure that does the same.
type officeScreen struct {
	quiet
	say     *panel
	entries []*button
}

func (t *till) openOffice() { t.open(&officeScreen{}) }

// officeEntries are its pages, in their order.
func officeEntries() []menuEntry {
	return []menuEntry{
		{word: "restore.menu", run: (*till).openRestoring},
		{word: "check.menu", run: (*till).openChecks},
		{word: "audit.menu", run: (*till).openAudit},
		{word: "log.menu", run: (*till).openLog},
	}
}

func (s *officeScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.entries = k.panel(1.1), nil
	for i, entry := range officeEntries() {
		s.entries = append(s.entries, k.button(normal, t.words.Text(entry.word), strconv.Itoa(i+1), func() { entry.run(t) }))
	}
	left = box(func(a area) { place(s.say, a.top(s.say.high(a.w, a.h))) }, s.say)
	return left, box(func(a area) { inGrid(a, 2, k.px(96), s.entries) }, objectsOf(s.entries)...)
}

func (s *officeScreen) refresh(t *till) {
	s.say.show(t.words.Tell(present.Note{Tone: present.Plain, Key: "office.title"}, t.about.Currency))
}

func (s *officeScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *officeScreen) key(*till, fyne.KeyName) bool { return false }

func (s *officeScreen) typed(t *till, x rune) {
	if i := int(x - '1'); i >= 0 && i < len(s.entries) {
		officeEntries()[i].run(t)
	}
}

func (s *officeScreen) back(*till) bool { return false }

func (s *officeScreen) stands() standing { return standing{page: officePage} }
