package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// padTap is a key of the number pad. It takes no focus: the keyboard has the
// same keys, and Tab is for what the keyboard has not.
type padTap struct{ face }

func (k *kit) padTap(s style, name string, press func()) *padTap {
	p := &padTap{}
	p.init(p, k, s, name, "", press)
	p.figure = name != padEnter && name != padErase
	p.ExtendBaseWidget(p)
	return p
}

// numberPad stands at the same place on every screen that has one: 7-8-9 on
// top, a tall Enter, and above them what was typed.
type numberPad struct {
	*fyne.Container
	echo *line
	keys map[string]*padTap
}

// What is pressed is handed on under the name on the key.
const (
	padErase = "←"
	padStar  = "×"
	padEnter = "⏎"
)

var padRows = [4][3]string{{"7", "8", "9"}, {"4", "5", "6"}, {"1", "2", "3"}, {"0", "00", "."}}

const (
	padKeyHeight float32 = 56
	padWidest    float32 = 312
)

// padWidth is how wide the pad is beside a right side of width w: the same on every screen.
func padWidth(w float32) float32 { return min(max(w*0.42, 264), padWidest) }

func padHeight(l *look, h float32) float32 {
	keys := padKeyHeight
	if h < 620 { // a small screen with large text
		keys = target
	}
	return keys*4 + gap*4 + l.px(44)
}

func (k *kit) numberPad(press func(key string)) *numberPad {
	p := &numberPad{keys: map[string]*padTap{}}
	frame := canvas.NewRectangle(k.surface)
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = k.border, 1, 6
	p.echo = newLine("", k.px(26), true, k.text, fyne.TextAlignTrailing)
	objects := []fyne.CanvasObject{frame, p.echo}
	add := func(s style, name string) {
		p.keys[name] = k.padTap(s, name, func() { press(name) })
		objects = append(objects, p.keys[name])
	}
	for _, row := range padRows {
		for _, name := range row {
			add(padKey, name)
		}
	}
	add(padKey, padErase)
	add(padKey, padStar)
	add(primary, padEnter)
	p.Container = box(func(a area) {
		top := a.top(k.px(44))
		place(frame, top)
		place(p.echo, area{top.x + 10, top.y, top.w - 20, top.h})
		p.layKeys(a)
	}, objects...)
	return p
}

// ends says whether Enter does something where the pad stands: where it does not, its key looks so.
func (p *numberPad) ends(does bool) { p.keys[padEnter].set(padEnter, "", does) }

func (p *numberPad) layKeys(a area) {
	h := (a.h - 3*gap) / 4
	var cells [4][]area
	for y := range cells {
		cells[y] = area{a.x, a.y + float32(y)*(h+gap), a.w, h}.columns(4)
		for x, name := range padRows[y] {
			place(p.keys[name], cells[y][x])
		}
	}
	place(p.keys[padErase], cells[0][3])
	place(p.keys[padStar], cells[1][3])
	tall := cells[2][3]
	tall.h = 2*h + gap
	place(p.keys[padEnter], tall)
}
