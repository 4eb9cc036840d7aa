package cashier

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// What hands do, event by event, as the driver of a real window tells of it. After each the window comes to rest, and is looked at.

// event is one event of a hand.
func (w *world) event(h hand, do func()) {
	if w.lied() {
		return
	}
	w.actions++
	if h != machine {
		w.judge.refused = false
	}
	do()
	w.settle()
	w.looks(h)
}

// down is a key that goes down.
func (w *world) down(name fyne.KeyName) {
	h := hand(name)
	w.intends(h, name)
	w.event(h, func() {
		w.window.KeyDown(name)
		w.window.KeyAgain(name)
	})
}

// again is what a key sends while it is held.
func (w *world) again(name fyne.KeyName) {
	w.event(hand(name), func() { w.window.KeyAgain(name) })
}

// up is its release.
func (w *world) up(name fyne.KeyName) {
	w.event(hand(name), func() { w.window.KeyUp(name) })
	w.eye.ups[hand(name)] = time.Now()
}

// press is a whole press, as short as a person's.
func (w *world) press(name fyne.KeyName) {
	w.down(name)
	w.pass(40 * time.Millisecond)
	w.up(name)
}

// chord is a press while Ctrl is held.
func (w *world) chord(name fyne.KeyName) {
	h := hand(name)
	w.intends(h, "Ctrl+"+name)
	w.event(h, func() {
		w.window.KeyDown(name)
		w.window.Chord(name)
	})
	w.pass(40 * time.Millisecond)
	w.up(name)
}

// types are the presses of keys that have a sign, each held for a while and followed by a pause.
func (w *world) types(text string, pause time.Duration) {
	for _, x := range text {
		name := fyne.KeyName(strings.ToUpper(string(x)))
		h := hand(name)
		w.intends(h, name)
		w.event(h, func() {
			w.window.KeyDown(name)
			w.window.KeyAgain(name)
			w.window.Sign(x)
		})
		w.up(name)
		w.pass(pause)
	}
}

// holds keeps a key down, which repeats after half a second.
func (w *world) holds(name fyne.KeyName, during time.Duration) {
	w.down(name)
	until := time.Now().Add(during)
	w.pass(min(during, 500*time.Millisecond))
	for time.Now().Before(until) && !w.lied() {
		w.again(name)
		w.pass(33 * time.Millisecond)
	}
	w.up(name)
}

// taps is a finger on a part: what lies under it when it comes down has to be there when it is lifted.
func (w *world) taps(at fyne.Position, during time.Duration) {
	w.tapsWhile(at, func() { w.pass(during) })
}

// tapsWhile is a tap during which something else is done.
func (w *world) tapsWhile(at fyne.Position, meanwhile func()) {
	p, found := w.eye.glass.under(at)
	if !found {
		return
	}
	w.intendsTap(p)
	w.event(finger, func() {
		if m, can := p.object.(desktop.Mouseable); can {
			m.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		}
	})
	meanwhile()
	w.event(finger, func() {
		if m, can := p.object.(desktop.Mouseable); can {
			m.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		}
		now, there := w.eye.glass.under(at)
		if tapped, can := p.object.(fyne.Tappable); can && there && now.object == p.object {
			tapped.Tapped(&fyne.PointEvent{Position: at.Subtract(p.at), AbsolutePosition: at})
		}
	})
	w.eye.ups[finger] = time.Now()
}
