package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// menuScreen is everything that is not selling, by finger: each entry has the key that does the same.
type menuScreen struct {
	quiet
	about   *panel
	entries []*button
}

func (t *till) openMenu() {
	if t.top().stands().page == menuPage {
		t.back()
		return
	}
	if t.paying() {
		return
	}
	t.leaveResult()
	t.open(&menuScreen{})
}

// menuEntry is one entry of the menu. One that changes the window stays on the page; another leaves it first.
type menuEntry struct {
	word, shown string
	run         func(t *till)
	stays       bool
}

func (t *till) menuEntries() []menuEntry {
	all := []menuEntry{
		{word: "strip.manager", shown: "Ctrl+D", run: (*till).openDay},
		{word: "find.title", shown: "Ctrl+F", run: (*till).openFind},
		{word: "reconciling.title", shown: "Ctrl+B", run: (*till).showReconciling},
		{word: "insight.menu", run: (*till).openInsight},
		{word: "office.title", run: (*till).openOffice},
		{word: "recall.title", shown: "Ctrl+F4", run: (*till).openRecall},
		{word: "receipts.title", shown: "Ctrl+F7", run: (*till).openReceipts},
		{word: "keys.f10", shown: "F10", run: (*till).openDrawer},
		{word: "devices.title", shown: "Ctrl+E", run: (*till).openDevices},
		{word: "keys.ctrl-a", shown: "Ctrl+A", run: (*till).openArticles},
		{word: "keys.title", shown: "F1", run: (*till).openKeys},
		{word: "keys.ctrl-l", shown: "Ctrl+L", run: (*till).lock},
		{word: "keys.f11", shown: "F11", run: (*till).toggleFullScreen, stays: true},
		{word: map[bool]string{false: "sound.off", true: "sound.on"}[t.silent], run: (*till).switchSound, stays: true},
		{word: "language.other", run: (*till).switchLanguage, stays: true},
		{word: "theme.other." + t.kit.name(), run: (*till).switchTheme, stays: true},
	}
	if t.about.Signed {
		all = append(all, menuEntry{word: "receipts.page", run: (*till).makeReceiptPage})
	}
	if t.about.NoReceiptMinor > 0 {
		all = append(all, menuEntry{word: "unusual.menu", run: (*till).takeBack})
	}
	return all
}

func (s *menuScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.about, s.entries = k.panel(1.1), nil
	for _, entry := range t.menuEntries() {
		s.entries = append(s.entries, k.button(normal, t.words.Text(entry.word), entry.shown, func() {
			if !entry.stays {
				t.back()
			}
			entry.run(t)
		}))
	}
	left = box(func(a area) { place(s.about, a.top(s.about.high(a.w, a.h))) }, s.about)
	return left, box(func(a area) {
		columns := max(min(int(a.w/k.px(250)), 3), 2)
		lines := (len(s.entries) + columns - 1) / columns
		high := min((a.h+gap)/float32(lines)-gap, k.px(96))
		inGrid(a, columns, high, s.entries)
	}, objectsOf(s.entries)...)
}

func (s *menuScreen) refresh(t *till) {
	s.about.show(present.Message{Tone: present.Plain, What: t.words.Shop(t.about),
		Next:  t.words.Text("menu.till", "terminal", t.about.Terminal, "merchant", t.about.Number),
		Small: "Veratill " + t.about.Version})
}

func (s *menuScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("day.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *menuScreen) key(*till, fyne.KeyName) bool { return false }

func (s *menuScreen) typed(*till, rune) {}

func (s *menuScreen) back(*till) bool { return false }

func (s *menuScreen) stands() standing { return standing{page: menuPage} }

// makeReceiptPage makes the page by which customers check receipts, and says where it is.
func (t *till) makeReceiptPage() {
	t.call(func(ctx context.Context) func() {
		path, key, err := t.desk.ReceiptPage(ctx)
		return func() {
			if err != nil {
				t.tell(present.Warning, "receipts.page-failed", small(err))
				return
			}
			t.tell(present.Good, "receipts.page-made", path, "key", key)
		}
	})
}
