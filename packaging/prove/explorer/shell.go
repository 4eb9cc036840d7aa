package explorer

import "veratill/txn"

// The shell does what txn/till does: one conversation with the bank at a time; an
// attempt's decision is committed with its durability, and only then acted on.

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
func (x *explorer) nextPrint(w *world) event {
	number := uint8(0)
	for _, r := range w.now {
		number = max(number, x.m.facts[r].number)
	}
	return event(number)
}

// owing reports whether a reversal is owed: it goes before a new attempt.
func (x *explorer) owing(w *world) bool {
	for _, r := range w.now {
		if x.m.facts[r].open {
			return true
		}
	}
	return false
}

// free reports whether the till may begin something with the bank.
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
	if original >= 0 {
		w.what[slot] = contentVoid + uint8(original)
	}
	//mutant:attempt-before-request/model
	d := x.m.begin(slot, original)
	//mutant:void-waits-for-the-bank
	x.carryOut(w, slot, d, save{}, cut)
}

// carryOut journals a decision together with what else belongs to its commit, and then
// does what it asks for.
func (x *explorer) carryOut(w *world, slot int, d decision, also save, cut uint8) {
	if !d.allowed {
		return // the machine refuses: nothing changes and nothing is done
	}
	s := save{synced: d.synced || also.synced, cut: cut}
	s.add(slot, d.after)
	for i := range also.n {
		s.add(int(also.changes[i].slot), also.changes[i].after)
	}
	if !x.commit(w, &s) {
		return
	}
	x.act(w, slot, d)
}

// act carries out the effects of a decision that is journaled.
func (x *explorer) act(w *world, slot int, d decision) {
	if d.printed {
		x.enqueue(w, slot, d.after)
	}
	if d.sendRequest {
		w.talk, w.with = begun, uint8(slot)
	}
}

// send lets the 0200 out.
func (x *explorer) send(w *world, slot int) {
	if w.seen[slot]&sentRequest != 0 {
		w.broken = requestAgain
	}
	for other, r := range w.now {
		if other != slot && x.m.facts[r].open {
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
	x.carryOut(w, slot, x.m.step(w.now[slot], e), save{}, 0)
}

// undo sends a reversal of what is journaled as reversing (rule 6). What is still pending,
// because its verdict could not be journaled, is given up first.
func (x *explorer) undo(w *world, slot int) {
	if x.m.facts[w.now[slot]].state == txn.Pending {
		x.carryOut(w, slot, x.m.step(w.now[slot], gaveUp+2), save{}, 0)
		return
	}
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

// hear takes an answer to the 0200. While it is waited for it is a verdict; later it is evidence.
func (x *explorer) hear(w *world, slot, code int, ready bool, cut uint8) {
	waited := w.talk == asking && int(w.with) == slot
	w.listening &^= 1 << slot
	//mutant:only-pending-ends/model
	if !waited {
		x.carryOut(w, slot, x.m.step(w.now[slot], answeredLate+event(code)), save{}, cut)
		return
	}
	w.hush()
	switch {
	//mutant:seen-before-is-no-refusal/model
	case answers[code] == "94": // seen before: it may have been approved, so it is no refusal
		x.carryOut(w, slot, x.m.step(w.now[slot], gaveUp+1), save{}, cut)
	case !txn.Approves(answers[code]):
		x.carryOut(w, slot, x.m.step(w.now[slot], bankDeclined+event(code)), save{}, cut)
	default:
		x.approve(w, slot, ready, cut)
	}
}

// approve journals an approval, the intent to print where the printer is ready, and what
// a void undoes, in one commit.
func (x *explorer) approve(w *world, slot int, ready bool, cut uint8) {
	d := x.m.step(w.now[slot], bankApproved)
	if d.allowed && ready {
		synced := d.synced
		d = x.m.step(d.after, printBegun+x.nextPrint(w))
		d.synced = d.synced || synced
	}
	var also save
	if original := x.m.facts[w.now[slot]].original; original >= 0 {
		voided := x.m.step(w.now[original], voidApproved+event(slot))
		if !voided.allowed {
			return // nothing is journaled: the void stays open, and is reversed
		}
		//mutant:void-marks-its-sale/model
		also.add(int(original), voided.after)
		also.synced = voided.synced
	}
	if !ready && cut&midWrite == 0 {
		w.waiting |= 1 << slot
	}
	//mutant:approval-is-one-commit
	x.carryOut(w, slot, d, also, cut)
}

// hearReversal takes an answer to the 0400.
func (x *explorer) hearReversal(w *world, code int) {
	slot, e := int(w.with), reversalRepeated
	if txn.ReversalEnds(undone[code]) {
		e = reversalAnswered
	}
	w.hush()
	x.carryOut(w, slot, x.m.step(w.now[slot], e), save{}, 0)
}

// voidable are the conditions on which the till begins a void.
func (x *explorer) voidable(w *world, slot int) bool {
	f := &x.m.facts[w.now[slot]]
	return w.now[slot] > signIn && !f.void && f.state == txn.Approved && f.paper != txn.Printing
}

// again is what a cashier gets who asks for paper: the receipt where none came out, else a marked copy.
func (x *explorer) again(w *world, slot int) decision {
	f := &x.m.facts[w.now[slot]]
	//mutant:one-unmarked-receipt/model
	if f.state == txn.Approved && (f.paper == txn.NoPaper || f.paper == txn.NotPrinted) {
		return x.m.step(w.now[slot], printBegun+x.nextPrint(w))
	}
	return x.m.step(w.now[slot], copyBegun+x.nextPrint(w))
}
