package ui

import (
	"image/color"
	"slices"
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
	forPerson []txn.Matter
	sheets    []present.Sheet
	devices   []present.Device
	owed      []txn.Matter // and those that screens are about
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
		matters := append([]txn.Matter(nil), t.owed...)
		for _, open := range t.stack {
			//mutant:a-page-shows-its-payment-anew
			matters = append(matters, open.stands().matter)
		}
		go t.look(matters, t.top().stands().wants)
	})
}

func (t *till) look(matters []txn.Matter, want wanted) {
	s := seen{want: want, about: t.desk.About(), chips: t.desk.Chips(), finishing: t.desk.Finishing(), forPerson: t.desk.ForPerson()}
	if want.paper {
		s.sheets = t.desk.Sheets()
	}
	if want.devices {
		s.devices = t.desk.Devices(t.ctx)
	}
	if want.update {
		s.update = t.desk.Update()
	}
	for _, m := range matters {
		if m.Attempt.ID == 0 && m.Bill.SaleID == 0 { // a screen about no payment
			continue
		}
		if now, err := t.desk.Current(m); err == nil {
			m = now
		}
		s.owed = append(s.owed, m)
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
	t.finishing, t.forPerson = s.finishing, s.forPerson
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
func (t *till) follow(now txn.Matter) {
	for i := range t.owed {
		if same(t.owed[i], now) {
			t.owed[i] = now
		}
	}
}

// same reports whether two matters are about the same payment, or the same sale of 0.00.
func same(a, b txn.Matter) bool {
	return a.Attempt.ID == b.Attempt.ID && a.Bill.SaleID == b.Bill.SaleID
}

// owe keeps looking at a payment until it has ended, its sale too, and their paper.
func (t *till) owe(m txn.Matter) {
	if m.Bill.SaleID == 0 || !unfinished(m) && m.Paper() != txn.NoPaper && m.Paper() != txn.Printing {
		return
	}
	kept := t.owed[:0]
	for _, old := range t.owed {
		if !same(old, m) && (unfinished(old) || old.Paper() == txn.Printing) {
			kept = append(kept, old)
		}
	}
	t.owed = append(kept, m)
	t.changed()
}

// unfinished reports whether a payment is not known yet, or its sale is paid in part.
func unfinished(m txn.Matter) bool {
	return m.Attempt.Open() || m.Bill.State == txn.BillPartPaid || refundNotKnown(m)
}

func refundNotKnown(m txn.Matter) bool {
	return m.Attempt.Kind == txn.Refund && (m.Attempt.Open() || m.Attempt.State == txn.Unresolved)
}

// refundsNotKnown lists the refunds that are not known, of this run and those that the start found, each once: they stop nothing, and are only ended by
// their answer or by evidence, so that nothing else would remind anybody of them.
func (t *till) refundsNotKnown() (all []txn.Matter) {
	for _, m := range t.followed() {
		//mutant:a-refund-that-is-not-known-has-a-chip
		if refundNotKnown(m) {
			all = append(all, m)
		}
	}
	return all
}

// followed are what this run follows, and what the start found, each once.
func (t *till) followed() []txn.Matter {
	all := slices.Clone(t.owed)
	//mutant:what-the-start-found-has-a-chip
	for _, r := range t.finishing {
		if !holds(all, r.Matter) {
			all = append(all, r.Matter)
		}
	}
	return all
}

func holds(all []txn.Matter, m txn.Matter) bool {
	return slices.ContainsFunc(all, func(o txn.Matter) bool { return same(o, m) })
}

// unknown lists the payments that are not known yet, those that the start found too.
func (t *till) unknown() []txn.Matter {
	return slices.DeleteFunc(t.followed(), func(m txn.Matter) bool { return !m.Attempt.Open() })
}

// forManager lists what only the manager can end, or has to look at. Refunds that are not known have a word of their own.
func (t *till) forManager() []txn.Matter {
	return slices.DeleteFunc(slices.Clone(t.forPerson), refundNotKnown)
}

// unpaid lists the sales that are paid in part and are not in front, each once.
func (t *till) unpaid() (sales []txn.Matter) {
	for _, m := range t.followed() {
		listed := slices.ContainsFunc(sales, func(s txn.Matter) bool { return s.Bill.SaleID == m.Bill.SaleID })
		if m.Bill.State == txn.BillPartPaid && !m.Attempt.Open() && !listed && !t.inFront(m.Bill.SaleID) {
			sales = append(sales, m)
		}
	}
	return sales
}

// inFront reports whether a sale is being paid on an open screen.
func (t *till) inFront(saleID int64) bool {
	return slices.ContainsFunc(t.stack, func(s screen) bool {
		stands := s.stands()
		return stands.page == payPage && stands.sale != nil && stands.sale.ID == saleID
	})
}

// tick runs once a second: the clock, the seconds of a payment, chips that settle.
func (t *till) tick() {
	before := t.now
	t.now = t.opts.Now()
	switch {
	case t.paying(), t.settler.Unsettled(t.raw), t.asksAgain() != "":
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
