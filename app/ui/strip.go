package ui

import (
	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// strip is the status strip: shop, cashier and time on the left; on the right how the counter is, what is not known yet, what is
// parked, and the menu. Each has its place, whether there is anything to tell or not, so that nothing moves under a finger.
type strip struct {
	*fyne.Container
	kit           *kit
	first, second *line
	health        *button // the worst part alone; it opens all
	unknown       *button // payments that are not known yet; hidden while there is none
	parked        *button
	menu          *button
}

func (t *till) newStrip() *strip {
	k := t.kit
	s := &strip{kit: k}
	s.first = newLine("", k.px(16), true, k.text, fyne.TextAlignLeading)
	s.second = newLine("", k.px(smallText), false, k.muted, fyne.TextAlignLeading)
	s.health = k.button(chip, "", "", t.openDevices)
	s.unknown = k.button(chip, "", "", func() { t.openUnknown() })
	s.unknown.icon = present.Unknown
	s.unknown.Hide()
	s.parked = k.button(normal, t.words.Text("sell.park"), "Ctrl+F4", t.openRecall)
	s.menu = k.button(normal, "≡ "+t.words.Text("menu.title"), "Ctrl+M", t.openMenu)
	s.Container = box(s.lay, s.first, s.second, s.health, s.unknown, s.parked, s.menu)
	return s
}

// slots are the widths of what stands on the right, from the left on.
func (s *strip) slots(w float32) [4]float32 {
	k := s.kit
	wide := [4]float32{k.px(168), k.px(190), k.px(104), k.px(104)}
	if most, all := w*0.72-3*gap, sum(wide[:]); all > most { // a small screen with large text
		for i := range wide {
			wide[i] *= most / all
		}
	}
	return wide
}

func (s *strip) needs() float32 { return max(target, 2*height(s.kit.px(smallText))+4) }

func (s *strip) lay(a area) {
	wide := s.slots(a.w)
	for i, b := range [4]*button{s.unknown, s.health, s.parked, s.menu} {
		place(b, area{a.x + a.w - sum(wide[i:]) - gap*float32(3-i), a.y, wide[i], a.h})
	}
	a.w -= sum(wide[:]) + 4*gap
	half := a.h / 2
	place(s.first, area{a.x + 4, a.y, a.w - 4, half + 2})
	place(s.second, area{a.x + 4, a.y + half, a.w - 4, half})
}

func sum(list []float32) (all float32) {
	for _, each := range list {
		all += each
	}
	return all
}

func (s *strip) refresh(t *till) {
	first, second := t.words.Strip(t.about, t.now)
	s.first.set(first)
	s.second.set(second)
	worst := t.words.Worst(t.chips)
	s.health.tell(worst.Tone, worst.What, worst.Next)
	label := t.words.Text("strip.recall")
	if t.parked > 0 {
		label = t.words.Counted("strip.parked", t.parked)
	}
	s.parked.set(label, "Ctrl+F4", true)
	n, word := t.unfinishedWord()
	show(s.unknown, n > 0)
	if n > 0 {
		s.unknown.tell(present.Unknown, t.words.Counted(word, n), "")
	}
}

// unfinishedWord is what of all that is not finished is told at the top, and how much of it there is; 0 is nothing.
func (t *till) unfinishedWord() (n int, word string) {
	for _, one := range []struct {
		word string
		list []txn.Matter
	}{{"strip.unknown", t.unknown()}, {"strip.manager-waits", t.forManager()}, {"strip.unpaid", t.unpaid()}, {"strip.refund-unknown", t.refundsNotKnown()}} {
		if len(one.list) > 0 {
			return len(one.list), one.word
		}
	}
	return 0, ""
}

// tell changes what a chip says.
func (b *face) tell(tone present.Tone, label, hint string) {
	if b.icon != tone || b.label != label || b.hint != hint {
		b.icon, b.label, b.hint = tone, label, hint
		b.Refresh()
	}
}
