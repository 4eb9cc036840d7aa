package ui

import (
	"image/color"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
	"veratill/txn"
)

// watch folds any number of changes into one look at the desk.
type watch struct {
	pending atomic.Bool
	again   atomic.Bool
}

// seen is what one look at the desk brought.
type seen struct {
	want      wanted
	about     present.About
	chips     []present.Chip
	finishing []present.Recovered
	sheets    []present.Sheet
	devices   []present.Device
	owed      []txn.Attempt
	update    present.Update
}

// wanted is what is looked at only while a screen shows it: only then is paper worth drawing, and the bus
// worth a look.
type wanted struct{ paper, devices, update bool }

// changed is called by the desk, from any goroutine. The look is taken on a
// goroutine of its own, because the desk may block.
func (t *till) changed() {
	t.watching.again.Store(true)
	if !t.watching.pending.CompareAndSwap(false, true) {
		return
	}
	t.opts.Do(func() {
		// Before the list is copied: an attempt that is owed from now on asks for another look.
		t.watching.again.Store(false)
		owed := append([]txn.Attempt(nil), t.owed...)
		go t.look(owed, t.top().stands().wants)
	})
}

func (t *till) look(owed []txn.Attempt, want wanted) {
	s := seen{want: want, about: t.desk.About(), chips: t.desk.Chips(), finishing: t.desk.Finishing()}
	if want.paper {
		s.sheets = t.desk.Sheets()
	}
	if want.devices {
		s.devices = t.desk.Devices(t.ctx)
	}
	if want.update {
		s.update = t.desk.Update()
	}
	for _, a := range owed {
		if now, err := t.desk.Attempt(a.ID); err == nil {
			a = now
		}
		s.owed = append(s.owed, a)
	}
	t.opts.Do(func() {
		t.apply(s)
		t.watching.pending.Store(false)
		if t.watching.again.Load() {
			t.changed()
		}
	})
}

func (t *till) apply(s seen) {
	language, theme := t.about.Language, t.about.Theme
	t.about = s.about
	t.about.Language, t.about.Theme = language, theme
	t.finishing = s.finishing
	if s.sheets != nil {
		t.sheets = s.sheets
	}
	t.raw = s.chips
	t.chips = t.settler.Settle(t.raw, t.opts.Now())
	for _, now := range s.owed {
		t.follow(now)
	}
	for _, open := range t.stack {
		open.take(t, s)
	}
	t.redraw()
}

// follow takes what an attempt is now; one that is known and papered needs no more looks.
func (t *till) follow(now txn.Attempt) {
	for i := range t.owed {
		if t.owed[i].ID == now.ID {
			t.owed[i] = now
		}
	}
}

// owe keeps looking at an attempt until it has ended and its paper too.
func (t *till) owe(a txn.Attempt) {
	if a.ID == 0 || (!a.Open() && a.Paper != txn.NoPaper && a.Paper != txn.Printing) {
		return
	}
	kept := t.owed[:0]
	for _, old := range t.owed {
		if old.ID != a.ID && (old.Open() || old.Paper == txn.Printing) {
			kept = append(kept, old)
		}
	}
	t.owed = append(kept, a)
	t.changed()
}

// unknown lists the payments of this run that are not known yet.
func (t *till) unknown() []txn.Attempt {
	var open []txn.Attempt
	for _, a := range t.owed {
		if a.Open() {
			open = append(open, a)
		}
	}
	return open
}

// tick runs once a second: the clock, the seconds of a payment, chips that settle.
func (t *till) tick() {
	before := t.now
	t.now = t.opts.Now()
	switch {
	case t.paying(), t.settler.Unsettled(t.raw):
		t.chips = t.settler.Settle(t.raw, t.now)
		t.redraw()
	case before.Minute() != t.now.Minute():
		t.redraw()
	}
	if len(t.unknown()) > 0 && t.now.Unix()%3 == 0 { // what matters most does not hang on one event
		t.changed()
	}
	t.opts.After(time.Second, t.tick)
}

// firstFrame is a dot that tells when the painter has come to it: then the
// first frame with content is being drawn.
func (t *till) firstFrame() fyne.CanvasObject {
	told := false
	dot := canvas.NewRasterWithPixels(func(_, _, _, _ int) color.Color {
		if !told && t.opts.OnReady != nil {
			told = true
			ready := t.opts.OnReady
			t.opts.OnReady = nil
			go t.opts.Do(ready)
		}
		return color.Transparent
	})
	return dot
}

func dashed(code string) string { return strings.ReplaceAll(strings.ToLower(code), " ", "-") }
