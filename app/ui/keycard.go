package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// keysScreen is the F1 card: what the keys mean everywhere, and what they mean while a sale is paid. It shows the tables that the keys
// run on, and each row does what its key does.
type keysScreen struct {
	quiet
	say          *panel
	keys, paying []*button
}

func (t *till) openKeys() {
	if t.top().stands().page == keysPage {
		t.back()
		return
	}
	if t.paying() && !t.resting() {
		return
	}
	t.leaveResult()
	t.open(&keysScreen{})
}

// inPayment reports whether the card lies on the screen for paying.
func (t *till) inPayment() bool {
	return len(t.stack) > 1 && t.stack[len(t.stack)-2].stands().page == payPage
}

func (s *keysScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.keys, s.paying = k.panel(1.2), nil, nil
	overlaid := map[fyne.KeyName]bool{}
	for _, one := range payKeys {
		if one.isThere(t.about) {
			overlaid[one.key] = t.inPayment()
			s.paying = append(s.paying, t.keyButton(t.words.Text(one.word), one.shown, t.inPayment(), func() { t.onKey(one.key) }))
		}
	}
	for _, b := range slices.Concat(bindings, others) {
		if b.word == "" {
			continue
		}
		s.keys = append(s.keys, t.keyButton(t.words.Text(b.word), b.shown, b.run != nil && (b.ctrl || !overlaid[b.key]), func() {
			if b.ctrl {
				t.onChord(b.key, fyne.KeyModifierControl)
			} else {
				t.onKey(b.key)
			}
		}))
	}
	head := newLine(t.words.Text("keys.pay"), k.px(baseText), true, k.text, fyne.TextAlignLeading)
	left = box(func(a area) {
		high := k.px(26)
		rows := a.bottom(float32(len(s.paying))*(target+gap) - gap)
		inColumn(rows, s.paying)
		place(head, a.bottom(high))
		show(s.say, a.h >= noteHeight(k.look))
		place(s.say, a.top(s.say.high(a.w, a.h)))
	}, append(objectsOf(s.paying), s.say, head)...)
	return left, box(func(a area) {
		lines := (len(s.keys) + 1) / 2
		cells := a.columns(2)
		inColumn(cells[0], s.keys[:lines])
		if missing := float32(2*lines - len(s.keys)); missing > 0 { // the rows of both columns stand side by side
			high := s.keys[1].Position().Y - s.keys[0].Position().Y
			cells[1].h -= missing * high
		}
		inColumn(cells[1], s.keys[lines:])
	}, objectsOf(s.keys)...)
}

// keyButton is a row of the card. It goes back to what the card lies on before it does what its key does.
func (t *till) keyButton(word, shown string, enabled bool, run func()) *button {
	b := t.kit.button(keyCap, word, shown, func() { t.back(); run() })
	b.disabled = !enabled
	return b
}

func objectsOf(buttons []*button) (objects []fyne.CanvasObject) {
	for _, b := range buttons {
		objects = append(objects, b)
	}
	return objects
}

// inColumn places buttons one below the other, closer together where they would be too small for a finger.
func inColumn(a area, column []*button) {
	n, between := float32(len(column)), float32(gap)
	if n > 1 {
		between = max(min(between, (a.h-n*target)/(n-1)), 1)
	}
	high := (a.h+between)/n - between
	for i, b := range column {
		place(b, area{a.x, a.y + float32(i)*(high+between), a.w, high})
	}
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
