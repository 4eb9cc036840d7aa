package cashier

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// hand is what presses: a key by its name, or the finger. None is what happens by itself.
type hand string

const (
	itself hand = ""
	finger hand = "the finger"
)

// The time that a person has to see what stands there before a press of theirs can be meant for it. They are those of the
// issue, stated anew: a hand that brought a face rests; a face that came by itself is looked at first.
const (
	restFor = 400 * time.Millisecond
	calmFor = 700 * time.Millisecond
)

// eye is what a person has seen: what the window shows, since when, and which hand brought it.
type eye struct {
	glass   *glass
	large   fyne.Position // of the large button, which stands at the same place on every screen
	says    sentence      // what the large button says
	face    string        // what it means: the sentence's key, where amounts change nothing
	came    time.Time     // when this face came
	brought hand
	rested  hand  // the hand that brought it, once a press of it was meant: it goes on then
	before  brief // the face before
	ups     map[hand]time.Time
	pressed map[hand]bool
}

// brief is a face that is gone.
type brief struct {
	face    string
	came    time.Time
	brought hand
}

// flicker is how long figures of a scan may stand on the glass before they are taken back.
const flicker = 200 * time.Millisecond

// facesOf are the sentences that the large button may say.
var facesOf = []string{"sell.pay", "sell.give", "pay.take", "pay.short-by", "pay.choose", "pay.type-part", "pay.type-voucher", "exchange.pay", "pay.scan-code", "pay.settling", "pay.card-running", "pay.present", "pay.implausible-no",
	"giving.yes", "result.back", "result.next", "result.pay-again", "result.serve-next", "day.back", "day.void-yes", "recall.bring", "recall.swap", "recall.see", "receipts.print", "sale.go-on-rest",
	"sale.undo", "close.", "finishing.", "keys."}

// begins is the first look at a window that has just opened.
func (e *eye) begins(w *world) {
	e.ups, e.pressed, e.face = map[hand]time.Time{}, map[hand]bool{}, ""
	e.glass = look(w.window.Canvas())
	if e.large == (fyne.Position{}) {
		for _, p := range e.glass.parts {
			if p.tappable && p.says("F9") {
				e.large = p.middle()
			}
		}
	}
	w.looks(itself)
}

// looks looks at the window after something happened, by a hand or by itself, and holds what it shows against the journal.
func (w *world) looks(by hand) {
	e := &w.eye
	now := look(w.window.Canvas())
	seq, _ := w.shop.Journal.Head()
	if now.whole == e.glass.whole && seq == w.judge.seq && len(e.glass.parts) == len(now.parts) && e.face != "" {
		for i := range now.parts {
			now.parts[i].squeezed = e.glass.parts[i].squeezed
		}
		e.glass = now
		return
	}
	now.reads()
	e.glass, e.says = now, sentence{}
	if p, found := e.glass.under(e.large); found {
		e.says = w.hears(p.text())
	}
	face := e.says.key
	if face == "pay.take-change" || face == "pay.short-by" { // figures alone: a button that takes nothing yet had no other meaning
		face = "pay.take-cash"
	}
	if face != e.face {
		w.judgeFace(by, e.face, face)
		w.say("  now %q %v", face, e.says.gaps)
		if by == machine && !e.selling() { // a screen that a device brought came by itself
			by = itself
		}
		e.rested = itself
		was := brief{e.face, e.came, e.brought}
		if now := time.Now(); by == itself && e.before.face == face && now.Sub(e.came) < flicker { // a device's figures came and went
			e.face, e.came, e.brought = face, e.before.came, e.before.brought
		} else {
			e.face, e.came, e.brought = face, now, by
		}
		e.before = was
	}
	w.hold(by)
}

// judgeFace holds what may become of the large button in place.
func (w *world) judgeFace(by hand, before, now string) {
	switch {
	case by == itself && before != "result.back" && !w.shows("goods.whose") && strings.HasPrefix(before, "result.") && strings.HasPrefix(now, "result."): // a letter answers a question late
		w.bad("the large button of a result said %q, and says %q by itself", before, now)
	case before == "result.pay-again" && now == "pay.take-cash":
		w.bad("after a payment that did not come about cash is chosen, and nobody chose it")
	}
}

// hears finds what the large button says. Somebody may have switched to the other language.
func (w *world) hears(text string) sentence {
	said := w.words.longest(text, facesOf...)
	if said.key == "" && text != "" {
		if said = w.other.longest(text, facesOf...); said.key != "" {
			w.words, w.other = w.other, w.words
		}
	}
	return said
}

// meant reports whether a press of a hand that begins now is meant for what stands there.
func (e *eye) meant(h hand) bool {
	now := time.Now()
	switch {
	case e.brought == itself:
		return now.Sub(e.came) >= calmFor
	case e.brought != h, e.rested == h:
		return true
	}
	since := e.came
	if up := e.ups[h]; up.After(since) {
		since = up
	}
	return now.Sub(since) >= restFor
}

// paying reports whether the choice of tenders is in front.
func (e *eye) paying() bool {
	switch e.face {
	case "pay.take-cash", "pay.short-by", "pay.choose", "pay.type-part", "pay.scan-code", "pay.type-voucher", "pay.take-voucher":
		return true
	}
	return false
}

// takesCash reports whether the large button takes cash, and is not short of it.
func (e *eye) takesCash() bool {
	return strings.HasPrefix(e.says.key, "pay.take-") && e.says.key != "pay.take-voucher"
}

// selling reports whether the sale in the making is in front.
func (e *eye) selling() bool {
	switch e.face {
	case "sell.pay", "sell.pay-empty", "sell.give", "exchange.pay":
		return true
	}
	return false
}
