package ui

import (
	"maps"
	"time"

	"fyne.io/fyne/v2"
)

// hand is what presses: a key, by its name, or the pointer, which a mouse or a finger moves.
type hand string

const pointer hand = "the pointer"

// scanning is what a scanner does where a sale is made: the cashier's own act, and no key's.
const scanning hand = "a scan"

const (
	restFor   = 400 * time.Millisecond // how long a hand that brought a screen rests before it acts on it
	calmFor   = 700 * time.Millisecond // how long a screen that came by itself takes nothing
	lostAfter = 2 * time.Second        // a release that nobody saw counts as one then
)

// guard keeps a hand from acting on what it did not mean. A press is meant for what stood there when it
// began. The hand that brought a screen, or changed what a button means, acts on that only once it was released and
// has rested; what came by itself (an answer, a timer, a device) takes nothing from any hand for a moment. Another hand acts at once.
//
// The router asks it about every press, and the till tells it what the window shows. It is for the goroutine of the window.
type guard struct {
	now   func() time.Time
	grips map[hand]*grip

	acting hand // whose press is being carried out; none while something comes by itself
	began  time.Time

	screen  veil // over all that is shown
	primary veil // over the primary button alone
}

// grip is how a hand holds its key, or its button of the mouse.
type grip struct {
	held, fresh     bool // fresh: the press has done nothing yet
	device          bool // a scanner or a card reader sent the press, and no hand rests behind it
	began, lastSign time.Time
	up, upBefore    time.Time // when it was released last, and last before the press under way
}

// veil lies over something whose meaning has changed.
type veil struct {
	face  any // what it is, and what it means; nil is nothing that could be pressed
	came  time.Time
	calm  time.Time // until then it takes nothing
	taker map[hand]time.Time
}

func newGuard(now func() time.Time) *guard { return &guard{now: now, grips: map[hand]*grip{}} }

func (g *guard) grip(h hand) *grip {
	if g.grips[h] == nil {
		g.grips[h] = &grip{}
	}
	return g.grips[h]
}

// down is a key, or the button of a mouse, that goes down, or a finger.
func (g *guard) down(h hand) {
	p := g.grip(h)
	p.held, p.fresh, p.device, p.began, p.upBefore = true, true, false, g.now(), p.up
	p.lastSign = p.began
}

// release is the end of a press.
func (g *guard) release(h hand) {
	p := g.grip(h)
	//mutant:a-device-s-enter-is-no-hand
	if p.device {
		p.held, p.device = false, false
		return
	}
	p.held, p.up = false, g.now()
}

// ofDevice says that the press under way is a device's.
func (g *guard) ofDevice(h hand) { g.grip(h).device = true }

// repeats takes a sign of a key and reports whether the press has been heard before: then the key is held and repeats.
func (g *guard) repeats(h hand) bool {
	p := g.grip(h)
	if !p.held || g.now().Sub(p.lastSign) >= lostAfter { // the driver tells of each key that goes down, but what tells a widget may not
		g.down(h)
	}
	repeat := !p.fresh
	p.fresh, p.lastSign = false, g.now()
	return repeat
}

// tapped is when the tap began that has just ended.
func (g *guard) tapped() time.Time {
	p := g.grip(pointer)
	if !p.fresh {
		g.down(pointer)
		g.release(pointer)
	}
	p.fresh = false
	return p.began
}

// look takes what stands there now. Where that is something else than before, whoever brought it has to rest.
func (g *guard) look(v *veil, face any) {
	if v.face == face {
		return
	}
	first := v.face == nil
	v.face, v.came = face, g.now()
	//mutant:who-brought-an-earlier-screen-acts
	maps.DeleteFunc(v.taker, func(_ hand, brought time.Time) bool { return v.came.Sub(brought) >= restFor })
	switch {
	case v.taker == nil:
		v.taker = map[hand]time.Time{}
	case face == nil:
	case g.acting == "":
		//mutant:what-comes-by-itself-is-calm
		v.calm = v.came.Add(calmFor)
	default:
		//mutant:a-hand-goes-on-from-what-came-by-itself
		v.calm = time.Time{}
		if !first { // a button that could not be pressed before had no other meaning
			//mutant:who-brings-a-screen-rests
			v.taker[g.acting] = v.came
		}
	}
}

// takes reports whether a press of a hand that began at a time is meant for what stands there.
func (g *guard) takes(v *veil, h hand, began time.Time) bool {
	//mutant:a-press-is-for-what-it-saw
	if began.Before(v.came) || began.Before(v.calm) {
		return false
	}
	since, brought := v.taker[h]
	if !brought {
		return true
	}
	if up := g.grip(h).upBefore; up.After(since) {
		since = up
	}
	if began.Sub(since) < restFor {
		return false
	}
	delete(v.taker, h)
	return true
}

// act carries out a press, and reports whether it was meant for what the window shows. After a figure that was not, nothing
// is taken for a while: an amount whose first figure is missing is another amount.
func (g *guard) act(h hand, began time.Time, figure bool, press func()) bool {
	if !g.takes(&g.screen, h, began) {
		//mutant:an-amount-is-taken-whole
		if figure {
			g.screen.calm = g.now().Add(calmFor)
		}
		return false
	}
	hadHand, hadBegan := g.acting, g.began
	g.acting, g.began = h, began
	defer func() { g.acting, g.began = hadHand, hadBegan }()
	press()
	return true
}

// scan carries out a scan, which is the act of whoever holds the scanner.
func (g *guard) scan(take func()) {
	had := g.acting
	g.acting = scanning
	defer func() { g.acting = had }()
	take()
}

// meant reports whether the press that is carried out is meant for what stands there now. What no hand presses is.
func (g *guard) meant(v *veil) bool {
	return g.acting == "" || g.acting == scanning || g.takes(v, g.acting, g.began)
}

// steps are the keys that do the same again while they are held; all others do nothing then.
var steps = map[fyne.KeyName]bool{fyne.KeyUp: true, fyne.KeyDown: true, fyne.KeyLeft: true, fyne.KeyRight: true,
	fyne.KeyPageUp: true, fyne.KeyPageDown: true, fyne.KeyBackspace: true}
