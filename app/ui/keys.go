package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/sound"
	"veratill/txn/sale"
)

// binding is one row of the key card: what is pressed, its word, and what it does.
// The card is the same table that the keys run on, so it can't be wrong. One without a word is told where it can be used.
type binding struct {
	key   fyne.KeyName
	ctrl  bool
	shown string
	word  string
	run   func(t *till)
	free  bool // also while a payment is under way
	paid  bool // also while the rest of a sale is to be paid
}

// bindings are the keys that mean the same on every screen.
var bindings = []binding{
	{key: fyne.KeyF1, shown: "F1", word: "keys.f1", run: (*till).openKeys, paid: true},
	{key: fyne.KeyF2, shown: "F2", word: "keys.f2", run: (*till).openSearch},
	{key: fyne.KeyF4, shown: "F4", word: "keys.f4", run: (*till).parkSale},
	{key: fyne.KeyF4, ctrl: true, shown: "Ctrl+F4", word: "keys.ctrl-f4", run: (*till).openRecall},
	{key: fyne.KeyDelete, ctrl: true, run: (*till).dropSale},
	{key: fyne.KeyZ, ctrl: true, run: (*till).bringDroppedBack},
	{key: fyne.KeyF5, shown: "F5", word: "keys.f5", run: func(t *till) { t.onSell(t.sell.SetQuantity) }},
	{key: fyne.KeyF7, shown: "F7", word: "keys.f7", run: (*till).reprintLast, free: true},
	{key: fyne.KeyF7, ctrl: true, run: (*till).openReceipts},
	{key: fyne.KeyF8, shown: "F8", word: "keys.f8", run: (*till).openPay},
	{key: fyne.KeyF9, shown: "F9", word: "keys.f9", run: (*till).openPay},
	{key: fyne.KeyF10, shown: "F10", word: "keys.f10", run: (*till).openDrawer, paid: true},
	{key: fyne.KeyF11, shown: "F11", word: "keys.f11", run: (*till).toggleFullScreen, free: true},
	{key: fyne.KeyF12, shown: "F12", word: "keys.f12", run: (*till).exactCash, paid: true},
	{key: fyne.KeyL, ctrl: true, shown: "Ctrl+L", word: "keys.ctrl-l", run: (*till).lock, free: true},
	{key: fyne.KeyD, ctrl: true, shown: "Ctrl+D", word: "keys.ctrl-d", run: (*till).openDay},
	{key: fyne.KeyF, ctrl: true, shown: "Ctrl+F", word: "keys.ctrl-f", run: (*till).openFind},
	{key: fyne.KeyB, ctrl: true, shown: "Ctrl+B", word: "keys.ctrl-b", run: (*till).showReconciling},
	{key: fyne.KeyA, ctrl: true, shown: "Ctrl+A", word: "keys.ctrl-a", run: (*till).openArticles},
	{key: fyne.KeyM, ctrl: true, shown: "Ctrl+M", word: "menu.title", run: (*till).openMenu},
	{key: fyne.KeyI, ctrl: true, run: (*till).unfoldDetails, free: true},
	{key: fyne.KeyE, ctrl: true, shown: "Ctrl+E", word: "keys.ctrl-e", run: (*till).openDevices},
}

// others are on the card too; each screen has its own meaning for them.
var others = []binding{
	{shown: "*", word: "keys.star"},
	{shown: "+ / −", word: "keys.plus"},
	{shown: "Del", word: "keys.minus"},
	{shown: "Y, N, L", word: "keys.answers"},
	{shown: "Enter, Esc", word: "keys.enter-esc"},
}

// onKey is where every key of the window arrives.
func (t *till) onKey(name fyne.KeyName) bool {
	if t.locked {
		t.unlock()
		return true
	}
	if t.top().key(t, name) { // its own meaning of a key comes first
		return true
	}
	for _, b := range bindings {
		if b.key == name && !b.ctrl && len(name) > 1 {
			if b.free || !t.paying() || b.paid && t.resting() {
				b.run(t)
			}
			return true
		}
	}
	switch {
	case isEnter(name):
		t.runPrimary()
	case name == fyne.KeyEscape:
		t.onEscape()
	default:
		return false
	}
	return true
}

// onEscape goes back one level; a screen may have something of its own to take back first.
func (t *till) onEscape() {
	if !t.top().back(t) && len(t.stack) > 1 {
		t.back()
	}
}

func (t *till) onChord(name fyne.KeyName, modifier fyne.KeyModifier) bool {
	for _, b := range bindings {
		if b.key == name && b.ctrl && modifier == fyne.KeyModifierControl {
			if t.locked {
				t.unlock()
			} else if b.free || !t.paying() {
				b.run(t)
			}
			return true
		}
	}
	return false
}

// keepFigures notes what figures change on the screen in front.
func (t *till) keepFigures() (undo func()) {
	if keep := t.top().stands().keep; keep != nil && !t.locked {
		return keep(t)
	}
	return nil
}

func (t *till) onRune(x rune) {
	if !t.locked {
		t.top().typed(t, present.Sign(x))
	}
}

// onPad takes a press on the number pad, which means what the same key means.
func (t *till) onPad(key string) {
	switch key {
	case padEnter:
		t.onKey(fyne.KeyReturn)
	case padErase:
		t.onKey(fyne.KeyBackspace)
	default:
		for _, x := range key {
			t.onRune(x)
		}
	}
}

// onScan takes a code from a scanner, whatever has the focus.
func (t *till) onScan(code string) { t.router.guard.scan(func() { t.takeScan(code) }) }

func (t *till) takeScan(code string) {
	if t.locked {
		t.unlock()
	}
	code = t.mend(code)
	if t.receiptScanned(code) {
		return
	}
	// What is being paid deals with it also from below. A result leaves, and takes what lies below it along.
	for _, s := range slices.Backward(slices.Clone(t.stack)) {
		if slices.Contains(t.stack, s) && (s == t.top() || s.stands().busy) && s.scanned(t, code) {
			if !t.top().stands().tells {
				t.sound(sound.Refused)
			}
			return
		}
	}
	if len(t.stack) > 1 {
		t.home()
	}
	t.sellScanned(code)
	t.redraw()
}

// sellScanned puts a code on the sale in the making, or says why not, until somebody has seen that.
func (t *till) sellScanned(code string) {
	t.sell.Scan(code, t.catalog)
	if t.about.Codes && t.sell.Note.Key == "sell.payment-code" {
		t.sell.Note.Key = "sell.payment-code-later"
	}
	if note := t.sell.Note; note.Tone == present.Bad || note.Tone == present.Warning {
		//mutant:a-torn-half-hides-no-refusal
		t.tornOver = t.refusal
		t.refusal = note
		t.torn, t.tornAt = sale.CleanScan(code), t.opts.Now()
		t.sound(sound.Refused)
	} else {
		t.sound(sound.Taken)
	}
}

// seenRefusal takes the words about a refused scan, and the notice, away: a person has pressed something since.
func (t *till) seenRefusal() {
	if t.refusal.Key == "" && t.notice.Key == "" {
		return
	}
	t.refusal, t.tornOver, t.notice = present.Note{}, present.Note{}, present.Note{}
	t.redraw()
}

// telling is a note of the screen, or the refused scan that nobody has seen yet: the next scan does not hide it.
func (t *till) telling(note present.Note) present.Note {
	//mutant:a-refused-scan-stays
	if t.refusal.Key != "" {
		return t.refusal
	}
	return note
}

// paying reports whether money may be moving, or may not move now, whatever lies on the screen that tells it: then no key leaves that.
func (t *till) paying() bool {
	return slices.ContainsFunc(t.stack, func(s screen) bool { return s.stands().busy })
}

// resting reports whether a sale is paid in part, and nothing is under way.
func (t *till) resting() bool {
	return !slices.ContainsFunc(t.stack, func(s screen) bool { return s.stands().busy && !s.stands().held })
}

func (t *till) openSearch() {
	if len(t.stack) > 1 {
		t.leaveToSell()
	}
	if t.selling() {
		t.front.focus(t)
	}
}

// leaveToSell goes home; a result is left the way its own button leaves it.
func (t *till) leaveToSell() {
	if page := t.top().stands().page; page == resultPage || page == voidedPage {
		t.top().leave(t)
		return
	}
	t.home()
}

// toggleFullScreen covers the screen, or no longer; the next start does the same.
func (t *till) toggleFullScreen() {
	now := !t.window.FullScreen()
	t.window.SetFullScreen(now)
	t.keep("fullscreen", strconv.FormatBool(now))
}

// lock covers the screen and keeps everything behind it.
func (t *till) lock() {
	t.locked = true
	t.show()
}

func (t *till) unlock() {
	t.locked = false
	t.show()
}
