package cashier

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"veratill/txn"
)

// What a shop does not do every day: vouchers, exchanges, and evidence of what a bank did.

// paysVoucher takes a paper voucher of so many fen, and what is left in cash: voucher 500.
func (w *world) paysVoucher(worth int) {
	before := w.newestID()
	if !w.plan.Vouchers || !w.opensPay(300*time.Millisecond) {
		return
	}
	due := minor(w.eye.says.gaps[0])
	w.answersBy(fyne.KeyF6)
	w.pass(300 * time.Millisecond)
	if w.eye.face != "pay.type-voucher" {
		return // something came by itself
	}
	w.typesPatiently(figure(worth))
	w.answersBy(fyne.KeyReturn)
	w.pass(time.Second)
	if w.lied() || w.broken() {
		return
	}
	for _, a := range w.judge.attempts {
		if a.ID <= before || a.Tender != txn.Voucher {
			continue
		}
		if want := min(int64(worth), due); a.Amount.Minor != want || a.ReceivedMinor != int64(worth) {
			w.bad("a voucher of %d was taken for %d, and %s has %d of %d", worth, due, a.ID, a.Amount.Minor, a.ReceivedMinor)
		}
		return
	}
}

// exchanges takes the first goods of the nth payment of the day's list back for an article, and settles the difference: exchange 0 4.
func (w *world) exchanges(s Step) {
	if !w.opensEntry(s.Number(1)) || w.lied() {
		w.leavesDay()
		return
	}
	p, may := w.eye.glass.named(w.words.texts["giving.open"])
	if !may {
		w.leavesDay()
		return
	}
	w.taps(p.middle(), 60*time.Millisecond)
	w.pass(time.Second)
	w.typesPatiently("+")
	w.answersBy(fyne.KeyF6)
	w.pass(time.Second)
	if !w.eye.selling() { // it can't be exchanged, or goods of another sale were in the making
		w.leavesDay()
		return
	}
	w.judge.intent.edits = true
	w.scans(articles()[s.Number(2)%len(articles())].Code, 0)
	w.pass(time.Second)
	w.answersBy(fyne.KeyF9)
	w.pass(time.Second)
	switch {
	case w.shows("exchange.even"), w.shows("exchange.over"):
		w.typesPatiently("y")
	case w.eye.takesCash():
		w.answersBy(fyne.KeyReturn)
	}
	w.pass(2 * time.Second)
	if w.eye.face == "pay.present" { // the card that paid is read again
		w.answersBy(fyne.KeyReturn)
		w.pass(2 * time.Second)
	}
}

// judgeExchange: goods come back for others where somebody said so, and never more than once.
func (w *world) judgeExchange(a txn.Attempt) {
	if !w.judge.exchanged {
		w.bad("%s pays with goods that come back, and nobody pressed what says so", a.ID)
	}
	if a.Kind == txn.Refund {
		w.judgeBack(a)
	}
}

// bringsEvidence ends the nth payment of the day's list by what the bank says in writing, where it says no more of it: evidence 0 kept.
func (w *world) bringsEvidence(s Step) {
	defer w.leavesDay()
	if !w.opensEntry(s.Number(1)) || w.lied() {
		return
	}
	p, may := w.eye.glass.named(w.words.texts["evidence.bring"])
	if !may {
		return
	}
	w.taps(p.middle(), 60*time.Millisecond)
	w.pass(time.Second)
	letter := filepath.Join(w.dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("what the bank says"), 0o600); err != nil {
		w.bad("the proof can't write a letter: %v", err)
	}
	if p, found := w.eye.glass.named(w.words.texts["finding."+s.Word(2)]); found {
		w.patient(finger)
		w.taps(p.middle(), 60*time.Millisecond)
		w.pass(time.Second)
	}
	written := []string{"manager", letter}
	for _, p := range w.eye.glass.parts {
		if field, is := p.object.(interface{ SetText(string) }); is && len(written) > 0 { // put in from the clipboard
			text := written[0]
			written = written[1:]
			w.event(machine, func() { field.SetText(text) })
		}
	}
	before := w.unresolved(w.judge.voiding)
	w.pass(time.Second)
	w.patient(finger)
	w.taps(w.eye.large, 60*time.Millisecond)
	w.pass(2 * time.Second)
	if before && w.unresolved(w.judge.voiding) && !w.shows("evidence.failed") && !w.lied() && !w.broken() {
		w.bad("evidence was brought of payment %d, it is not known still, and no word says so: %s", w.judge.voiding, w.eye.glass.all())
	}
}

// unresolved reports whether the bank says no more of a payment.
func (w *world) unresolved(id txn.ID) bool {
	return slices.ContainsFunc(w.judge.attempts, func(a txn.Attempt) bool { return a.ID.STAN() == id.STAN() && a.State == txn.Unresolved })
}
