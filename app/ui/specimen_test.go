package ui

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
)

// specimen is a page that shows every part of which screens are made, in every state, for looking at them side by side: the scene "parts".
type specimen struct {
	quiet
	buttons []*button
	panels  []*panel
	list    *rows
	plot    *plot
	large   *line
}

// styleNames are all styles of a button.
var styleNames = map[style]string{normal: "normal", primary: "primary", takes: "takes", leaves: "leaves", destroys: "destroys", onMarked: "onMarked", chosen: "chosen",
	tile: "tile", family: "family", chip: "chip", padKey: "7", entry: "entry", keyCap: "keyCap"}

// tones are all tones, in the order of the page.
var allTones = []present.Tone{present.Plain, present.Muted, present.Waiting, present.Good, present.Bad, present.Unknown, present.Warning, present.Training}

func (s *specimen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.buttons, s.panels = nil, nil
	add := func(of style, change func(b *button)) {
		b := k.button(of, styleNames[of], "F9", func() {})
		b.icon = present.Good
		change(b)
		s.buttons = append(s.buttons, b)
	}
	for of := style(0); styleNames[of] != ""; of++ {
		add(of, func(*button) {})
		add(of, func(b *button) { b.focused = true })
		add(of, func(b *button) { b.hovered, b.marked, b.badge = true, true, "2" })
		add(of, func(b *button) { b.disabled, b.hue = true, &groupHues[int(of)%len(groupHues)] })
	}
	for _, tone := range allTones {
		p := k.panel(1)
		p.show(present.Message{Tone: tone, What: string(tone), Charged: "¥12.00", Next: "…", Detail: "EIO"})
		loud := k.loudPanel(1)
		loud.show(present.Message{Tone: tone, What: string(tone), Charged: "¥12.00"})
		s.panels = append(s.panels, p, loud)
	}
	s.list = k.rows(func(i int) row {
		return []row{
			{title: "head", head: true}, {icon: present.Good, title: "title", note: "note", right: "¥4.00", end: "end"},
			{icon: present.Bad, title: "marked", note: "note", right: "¥4.00", end: "end", marked: true, tone: present.Bad},
			{title: "count", count: "12", right: "¥4.00"}, {title: "beside", beside: "× 2", right: "¥4.00"}, {title: "wide", note: "a sentence", right: "¥4.00", wide: true},
		}[i]
	}, func(int) {})
	s.plot = k.plot()
	s.large = newLine("¥1,234.56", k.px(80), true, k.tone(present.Good), fyne.TextAlignTrailing)
	left = box(func(a area) {
		place(s.large, a.bottom(height(k.px(80))))
		place(s.plot, a.bottom(a.h*0.4))
		s.list.show(6, -1)
		place(s.list, a)
	}, s.list, s.plot, s.large)
	var objects []fyne.CanvasObject
	for _, b := range s.buttons {
		objects = append(objects, b)
	}
	for _, p := range s.panels {
		objects = append(objects, p)
	}
	return left, box(func(a area) {
		upper := a.top(a.h * 0.62)
		inGrid(upper, 8, (upper.h-6*gap)/7, s.buttons)
		for i, cell := range a.columns(len(allTones)) {
			place(s.panels[2*i], cell.top(cell.h/2))
			place(s.panels[2*i+1], cell)
		}
	}, objects...)
}

func (s *specimen) refresh(t *till) {
	s.plot.show([]present.Hour{{Hour: 9, Sales: present.Tally{AmountMinor: 12_000}}, {Hour: 12, Sales: present.Tally{AmountMinor: 40_000}}}, t.about.Currency)
}
func (s *specimen) primary(t *till) primaryAction {
	return primaryAction{label: "Esc", hint: "Esc", enabled: true, press: t.back}
}
func (*specimen) key(*till, fyne.KeyName) bool { return false }
func (*specimen) typed(*till, rune)            {}
func (*specimen) back(*till) bool              { return false }
func (*specimen) stands() standing             { return standing{page: "specimen"} }

// The page of all parts shows every style of button and every tone, and each in its theme's own colours.
func TestTheSpecimenShowsEveryPart(t *testing.T) {
	grounds := map[color.Color]bool{}
	for _, theme := range themes {
		c := open(t, "en", theme, fyne.NewSize(1920, 1080), 100, func(*uitest.Desk) {})
		page := &specimen{}
		c.till.open(page)
		c.drain()
		seen := map[style]bool{}
		for _, b := range page.buttons {
			seen[b.style] = true
			if got := contrast(b.first.Color.(color.NRGBA), b.ground.FillColor.(color.NRGBA)); b.hue == nil && got < 4.5 {
				t.Errorf("%s: the text of %s (marked %t) has %.2f on its ground", theme, b.label, b.marked, got)
			}
			if s := b.Size(); s.Width < 40 || s.Height < 30 {
				t.Errorf("%s: %s is %v large", theme, b.label, s)
			}
		}
		if len(seen) != len(styleNames) || !seen[keyCap] {
			t.Errorf("%s: %d styles of %d are shown", theme, len(seen), len(styleNames))
		}
		told := map[present.Tone]bool{}
		for _, p := range page.panels {
			told[p.message.Tone] = true
		}
		if len(told) != len(palettes[theme].tones) {
			t.Errorf("%s: %d tones of %d are shown", theme, len(told), len(palettes[theme].tones))
		}
		grounds[page.panels[0].ground.FillColor] = true
	}
	if len(grounds) != len(themes) {
		t.Errorf("%d themes have %d grounds", len(themes), len(grounds))
	}
}
