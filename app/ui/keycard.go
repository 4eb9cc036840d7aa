package ui

import (
	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// keysScreen is the F1 card. It shows the table that the keys run on, and each
// row does what its key does.
type keysScreen struct {
	quiet
	say  *panel
	keys []*button
}

func (t *till) openKeys() {
	if t.paying() {
		return
	}
	if t.top().stands().page == keysPage {
		t.back()
		return
	}
	t.leaveResult()
	t.open(&keysScreen{})
}

func (s *keysScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.2)
	left = box(func(a area) { place(s.say, area{a.x, a.y, a.w, s.say.high(a.w, a.h)}) }, s.say)
	s.keys = nil
	var objects []fyne.CanvasObject
	for _, b := range append(append([]binding(nil), bindings...), others...) {
		key := k.button(normal, t.words.Text(b.word), b.shown, nil)
		if b.run != nil {
			key.press = func() { t.back(); b.run(t) }
		} else {
			key.disabled = true
		}
		s.keys = append(s.keys, key)
		objects = append(objects, key)
	}
	return left, box(func(a area) {
		lines := (len(s.keys) + 1) / 2
		high := (a.h - gap*float32(lines-1)) / float32(lines)
		for i, column := range a.columns(2) {
			for j := range lines {
				if n := i*lines + j; n < len(s.keys) {
					place(s.keys[n], area{column.x, column.y + float32(j)*(high+gap), column.w, high})
				}
			}
		}
	}, objects...)
}

func (s *keysScreen) refresh(t *till) {
	s.say.show(present.Message{Tone: present.Plain, What: t.words.Text("keys.title"), Next: t.words.Text("keys.hint"),
		Small: "Veratill " + t.about.Version})
}

func (s *keysScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *keysScreen) key(*till, fyne.KeyName) bool { return false }

func (s *keysScreen) typed(*till, rune) {}

func (s *keysScreen) back(*till) bool { return false }

func (s *keysScreen) stands() standing { return standing{page: keysPage} }
