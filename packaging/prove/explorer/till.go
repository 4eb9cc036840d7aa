package explorer

import "veratill/txn"

// The till of a world: the shipped planner decides (machine.go), its commit comes first, and
// only then its acts are done. What is modelled here is the rest of txn/till: one conversation with the
// bank at a time, and what a program holds in memory.

// hasMoney are the states in which an approval was journaled.
var hasMoney = []txn.State{txn.Approved, txn.Voided}

// has reports whether an attempt is in one of some states.
func (x *explorer) has(r ref, states []txn.State) bool {
	for _, s := range states {
		if x.m.facts[r].state == s {
			return true
		}
	}
	return false
}

// nextSlot is the next STAN, from what the journal holds (rule 9). It is slots when there is no room.
func (x *explorer) nextSlot(w *world) int {
	for slot := slots; slot > 0; slot-- {
		//mutant:stan-once/model
		if w.now[slot-1] != 0 {
			return slot
		}
	}
	return 0
}

// nextPrint is the next print's number less one, from what the journal holds. Its echo is what proves a print.
func (x *explorer) nextPrint(w *world) uint8 {
	number := uint8(0)
	for _, r := range w.now {
		number = max(number, x.m.facts[r].number)
	}
	return number
}

// owing reports whether money at the bank is not known yet; then no new attempt is begun there.
func (x *explorer) owing(w *world) bool {
	for _, r := range w.now {
		if x.m.facts[r].open && !x.m.facts[r].asks {
			return true
		}
	}
	return false
}

// free reports whether a new attempt may be begun.
func (x *explorer) free(w *world) bool {
	//mutant:owed-first/model
	return w.phase == running && w.talk == silent && !x.owing(w) && x.nextSlot(w) < slots
}

// open begins a sale, or the void of another slot, and journals it before anything leaves (rule 1).
func (x *explorer) open(w *world, original int, cut uint8) {
	slot := x.nextSlot(w)
	if w.seen[slot] != 0 {
		w.broken = numberAgain
	}
	w.what[slot] = contentSale
	undoes := ref(0)
	if original >= 0 {
		w.what[slot] = contentVoid + uint8(original)
		undoes = w.now[original]
	}
	x.carryOut(w, slot, x.m.begin(slot, original, undoes), cut)
}

// openOwn begins a sale at a terminal that stands alone. Nobody waits for it, and it waits for nobody.
func (x *explorer) openOwn(w *world, cut uint8) {
	slot := x.nextSlot(w)
	if w.seen[slot] != 0 {
		w.broken = numberAgain
	}
	w.what[slot] = contentOwn
	x.carryOut(w, slot, x.m.beginOwn(slot), cut)
}

// plan asks the planner about a slot as it is now.
func (x *explorer) plan(w *world, slot int, e event, ready bool) planned {
	q := question{about: w.now[slot], event: e, ready: ready}
	switch e {
	case bankApproved, personClaimed, paperAsked, receiptWaited, noteAsked:
		q.nextPrint = x.nextPrint(w)
		if original := x.m.facts[q.about].original; original >= 0 {
			q.original = w.now[original]
		}
	}
	return x.m.ask(q)
}

// carryOut journals a plan, and then does what it asks for.
func (x *explorer) carryOut(w *world, slot int, p planned, cut uint8) {
	if !p.allowed {
		return // the machine refuses: nothing changes and nothing is done
	}
	s := save{synced: p.synced, cut: cut}
	s.add(slot, p.after)
	if p.voided != 0 {
		s.add(int(x.m.facts[p.after].original), p.voided)
	}
	before := w.now[slot]
	if x.commit(w, &s) {
		x.act(w, slot, p)
		x.judgeActs(w, slot, before)
	}
}

// judgeActs looks for what nobody would see to until the next start: a person is told of it only there, and only an
// attempt that failed in the middle is given up without having been asked for.
func (x *explorer) judgeActs(w *world, slot int, before ref) {
	was, is := &x.m.facts[before], &x.m.facts[w.now[slot]]
	paperless := is.paper == txn.NoPaper && !was.attempt.Concluded() || is.paper == txn.NotPrinted && was.paper == txn.Printing
	switch {
	case before == 0 && is.open && !is.asks && (w.talk != begun || int(w.with) != slot):
		w.broken = neverAsked
	case is.attempt.Concluded() && paperless && w.waiting&(1<<slot) == 0:
		w.broken = paperForgotten
	}
}

// act does what a journaled plan asks for.
func (x *explorer) act(w *world, slot int, p planned) {
	if p.acts&beginsPrint != 0 {
		x.enqueue(w, slot, p.after)
	}
	if p.acts&awaits != 0 {
		w.waiting |= 1 << slot
	}
	if p.acts&sendsRequest != 0 && !x.m.facts[p.after].asks { // a person is asked beside whatever else goes on
		w.talk, w.with = begun, uint8(slot)
	}
	if p.acts&sendsReversal != 0 {
		w.due |= 1 << slot
	}
}

// send lets the 0200 out.
func (x *explorer) send(w *world, slot int) {
	if w.seen[slot]&sentRequest != 0 {
		w.broken = requestAgain
	}
	for other, r := range w.now {
		if other != slot && x.m.facts[r].open && !x.m.facts[r].asks {
			w.broken = owedLater
		}
	}
	w.seen[slot] |= sentRequest
	w.line[slot] |= request
	w.listening |= 1 << slot
	w.talk, w.with = asking, uint8(slot)
}

// hush ends a conversation.
func (w *world) hush() { w.talk, w.with = silent, 0 }

// timeOut is the end of waiting: a request is given up, a reversal will be repeated.
func (x *explorer) timeOut(w *world) {
	//mutant:time-out-sends-nothing
	slot, e := int(w.with), reversalRepeated
	if w.talk == asking {
		e = gaveUp
	}
	w.hush()
	x.carryOut(w, slot, x.plan(w, slot, e, false), 0)
}

// mayUndo reports whether the till has something to do about an attempt that is open: a
// reversal that is due, or one whose verdict could not be journaled.
func (x *explorer) mayUndo(w *world, slot int) bool {
	f := &x.m.facts[w.now[slot]]
	return f.open && !f.asks && (w.due&(1<<slot) != 0 || f.state == txn.Pending)
}

// undo sends a reversal that is due (rule 6). What is still pending is given up first.
func (x *explorer) undo(w *world, slot int) {
	if x.m.facts[w.now[slot]].state == txn.Pending {
		x.carryOut(w, slot, x.plan(w, slot, leftPending, false), 0)
		return
	}
	w.due &^= 1 << slot
	//mutant:reversal-is-repeated
	x.sendReversal(w, slot)
	w.talk, w.with = undoing, uint8(slot)
}

func (x *explorer) sendReversal(w *world, slot int) {
	if w.seen[slot]&keptApproval != 0 {
		w.broken = approvedUndone
	}
	w.seen[slot] |= sentReversal
	//mutant:reversal-has-its-stan
	w.line[slot] |= reversal
}

// cannotPack is a message that does not fit the bank's format: the request that was about to leave, or a
// reversal that is due. No byte of it leaves.
func (x *explorer) cannotPack(w *world, slot int) {
	e := reversalNotSent
	if w.talk == begun {
		e = notSent
		w.hush()
	}
	w.due &^= 1 << slot
	x.carryOut(w, slot, x.plan(w, slot, e, false), 0)
}

// hear takes an answer to the 0200. While it is waited for it is a verdict; later it is evidence.
func (x *explorer) hear(w *world, slot, code int, ready bool, cut uint8) {
	waited := w.talk == asking && int(w.with) == slot
	w.listening &^= 1 << slot
	//mutant:only-pending-ends/model
	if !waited {
		x.carryOut(w, slot, x.plan(w, slot, answeredLate+event(code), false), cut)
		return
	}
	w.hush()
	switch {
	//mutant:seen-before-is-no-refusal/model
	case answers[code] == "94": // seen before: it may have been approved, so it is no refusal
		x.carryOut(w, slot, x.plan(w, slot, gaveUp+1, false), cut)
	//mutant:only-00-approves/model
	case answers[code] != approving:
		x.carryOut(w, slot, x.plan(w, slot, bankDeclined+event(code), false), cut)
	default:
		x.carryOut(w, slot, x.plan(w, slot, bankApproved, ready), cut)
	}
}

// hearReversal takes an answer to the 0400. Each of those in undone ends it.
func (x *explorer) hearReversal(w *world) {
	slot := int(w.with)
	w.hush()
	x.carryOut(w, slot, x.plan(w, slot, reversalAnswered, false), 0)
}
