package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// strip is the status strip: till, cashier and day on the left, what a sale
// stands on in the middle, the window's own buttons on the right.
type strip struct {
	*fyne.Container
	kit           *kit
	first, second *line
	chips         []*button
	unknown       *button // payments that are not known yet; hidden while there is none
	tools         []*button
}

func (t *till) newStrip() *strip {
	k := t.kit
	s := &strip{kit: k}
	s.first = newLine("", k.px(16), true, k.text, fyne.TextAlignLeading)
	s.second = newLine("", k.px(smallText), false, k.muted, fyne.TextAlignLeading)
	objects := []fyne.CanvasObject{s.first, s.second}
	for _, part := range present.Parts {
		b := k.button(chip, t.words.Text("part."+string(part)), "", func() { t.openDevice(part) })
		s.chips = append(s.chips, b)
		objects = append(objects, b)
	}
	s.unknown = k.button(chip, "", "", func() { t.openUnknown() })
	s.unknown.icon = present.Unknown
	s.unknown.Hide()
	objects = append(objects, s.unknown)
	other := "theme.other." + k.name()
	for _, tool := range []struct {
		label, hint string
		press       func()
	}{
		{t.words.Text("strip.manager"), "Ctrl+D", t.openDay},
		{t.words.Text("language.other"), "", t.switchLanguage},
		{t.words.Text(other), "", t.switchTheme},
		{t.words.Text("strip.help"), "F1", t.openKeys},
	} {
		b := k.button(normal, tool.label, tool.hint, tool.press)
		s.tools = append(s.tools, b)
		objects = append(objects, b)
	}
	s.Container = box(s.lay, objects...)
	return s
}

// widths are the natural widths of the chips and of the tools, and their sums.
func (s *strip) widths() (chips, tools []float32, sum float32) {
	for _, b := range s.seen() {
		w := b.kit.px(smallText)*5 + b.kit.px(22) + 28 // room for the longest usual word, so that a change of state moves nothing
		w = max(w, b.natural())
		chips, sum = append(chips, w), sum+w+gap
	}
	for _, b := range s.tools {
		w := min(b.natural(), b.kit.px(96))
		tools, sum = append(tools, w), sum+w+gap
	}
	return chips, tools, sum
}

// seen are the chips that are on the screen, in their order.
func (s *strip) seen() (seen []*button) {
	for _, b := range append(s.chips[:len(s.chips):len(s.chips)], s.unknown) {
		if b.Visible() {
			seen = append(seen, b)
		}
	}
	return seen
}

const stripInfo float32 = 230 // what the text on the left needs at least, at 100 %

func (s *strip) twoRows(w float32) bool {
	_, _, sum := s.widths()
	return sum+s.kit.px(stripInfo) > w
}

func (s *strip) rowHeight() float32 { return max(target, 2*height(s.kit.px(smallText))+6) }

func (s *strip) needs(w float32) float32 {
	if s.twoRows(w) {
		return 2*s.rowHeight() + gap
	}
	return s.rowHeight()
}

func (s *strip) lay(a area) {
	chips, tools, _ := s.widths()
	seen := s.seen()
	upper := a
	if s.twoRows(a.w) {
		lower := upper.bottom(s.rowHeight())
		for i, cell := range lower.columns(len(seen)) {
			place(seen[i], cell)
		}
	}
	for i := len(tools) - 1; i >= 0; i-- {
		place(s.tools[i], upper.right(tools[i]))
	}
	if !s.twoRows(a.w) {
		for i := len(chips) - 1; i >= 0; i-- {
			place(seen[i], upper.right(chips[i]))
		}
	}
	half := upper.h / 2
	place(s.first, area{upper.x + 4, upper.y, upper.w - 4, half + 2})
	place(s.second, area{upper.x + 4, upper.y + half, upper.w - 4, half})
}

func (s *strip) refresh(t *till) {
	first, second := t.words.Strip(t.about, t.now)
	if t.parked > 0 {
		first = t.words.Counted("strip.parked", t.parked) + " · " + first
	}
	s.first.set(first)
	s.second.set(second)
	for i, part := range present.Parts {
		at := slices.IndexFunc(t.chips, func(c present.Chip) bool { return c.Part == part })
		b := s.chips[i]
		if (at >= 0) != b.Visible() {
			show(b, at >= 0)
			s.Container.Refresh()
		}
		if at < 0 {
			continue
		}
		now := t.chips[at]
		word := t.words.ChipWord(now)
		if icon := present.ToneOfHealth(now.Health); b.icon != icon || b.hint != word {
			b.icon, b.hint = icon, word
			b.Refresh()
		}
	}
	n, word := len(t.unknown()), "strip.unknown"
	if n == 0 {
		n, word = len(t.unpaid()), "strip.unpaid"
	}
	s.unknown.hint = ""
	label := t.words.Counted(word, n)
	if (n > 0) != s.unknown.Visible() || s.unknown.label != label {
		s.unknown.label = label
		if n > 0 {
			s.unknown.Show()
		} else {
			s.unknown.Hide()
		}
		s.Container.Refresh()
		s.unknown.Refresh()
	}
}
