package cashier

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"veratill/txn"
)

// leadsCase is a manager who opens a case on the nth payment of the day, makes its pages, and ends it: case 2 won. A case never changes money.
func (w *world) leadsCase(s Step) {
	if !w.opensEntry(s.Number(1)) || w.lied() {
		w.leavesDay()
		return
	}
	w.answersBy(fyne.KeyF6)
	w.pass(time.Second)
	w.answersBy(fyne.KeyF4)
	w.pass(time.Second)
	if !w.caseInFront() {
		w.leavesDay()
		return // no payment that can be disputed
	}
	before := w.settledMoney()
	if w.shows("case.new") {
		w.typesPatiently("2")
		w.pass(500 * time.Millisecond)
		w.answersBy(fyne.KeyReturn)
		w.pass(time.Second)
		w.judgeCase(txn.CaseReceived)
	}
	if w.shows("case.pack") {
		w.answersBy(fyne.KeyReturn)
		w.pass(2 * time.Second)
		w.judgeCase(txn.CaseChosen)
	}
	for _, to := range caseEnds[s.Word(2)] {
		if p, found := w.eye.glass.named(w.words.texts["case.step."+string(to)]); found && !w.lied() {
			w.patient(finger)
			w.taps(p.middle(), 60*time.Millisecond)
			w.pass(time.Second)
			w.judgeCase(to)
		}
	}
	for id, state := range before {
		if now := w.settledMoney()[id]; now != state && now != "" && !w.lied() {
			w.bad("a case was led, and %s, which was %s, is %s", id, state, now)
		}
	}
	w.leavesDay()
}

// caseEnds are the ways of a case from the making of its pages on.
var caseEnds = map[string][]txn.CaseState{"won": {txn.CaseSent, txn.CaseWon}, "lost": {txn.CaseSent, txn.CaseLost}, "accepted": {txn.CaseAccepted}, "sent": {txn.CaseSent}}

// settledMoney is what has become of the payments that have ended.
func (w *world) settledMoney() map[txn.ID]txn.State {
	all := map[txn.ID]txn.State{}
	for _, a := range w.judge.attempts {
		if !a.Open() && a.State != txn.Unresolved && !a.AwaitsLine() {
			all[a.ID] = a.State
		}
	}
	return all
}

// caseInFront reports whether a case, or the form of one, is in front.
func (w *world) caseInFront() bool {
	return w.shows("case.new") || w.shows("case.pack") || w.shows("case.step.sent") || w.shows("case.step.won")
}

// judgeCase holds what the books say of the case of the payment that is in front, once the window led it to a state.
func (w *world) judgeCase(to txn.CaseState) {
	if w.shows("case.failed") { // it may be led on all the same
		w.cases = nil
	}
	if w.lied() || w.shows("case.failed") {
		return
	}
	cases, err := w.shop.Journal.Cases(context.Background())
	if err != nil {
		return // the disk has failed, and the window can't know it yet
	}
	for _, c := range slices.Backward(cases) {
		if c.Attempt.STAN() != w.judge.voiding.STAN() {
			continue
		}
		if c.State != to {
			w.bad("case %d was led to %q, the books have %q, and no word says that it failed: %s", c.Number, to, c.State, w.eye.glass.all())
		}
		if w.cases == nil {
			w.cases = map[int64]txn.CaseState{}
		}
		w.cases[c.Number] = to
		return
	}
	w.bad("a case of payment %d was led to %q, the books have none of it, and no word says that it failed: %+v: %s", w.judge.voiding, to, cases, w.eye.glass.all())
}

// judgeCasesKept holds, after a start, that a case is as far as the window said.
func (w *world) judgeCasesKept() {
	cases, err := w.shop.Journal.Cases(context.Background())
	if err != nil {
		return
	}
	for number, state := range w.cases {
		if !slices.ContainsFunc(cases, func(c txn.Case) bool { return c.Number == number && c.State == state }) {
			w.bad("the window said that case %d is %q, and after a start the books say otherwise: %+v", number, state, cases)
			return
		}
	}
}
