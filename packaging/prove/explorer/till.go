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
	for slot := range slots {
		number = max(number, x.m.facts[w.now[slot]].number, x.m.bills[w.now[slots+slot]].number)
	}
	return number
}

// owing reports whether money at the bank is not known yet; then no new attempt is begun there.
func (x *explorer) owing(w *world) bool {
	for _, r := range w.now[:slots] {
		if f := &x.m.facts[r]; f.open && !f.asks && !f.code || f.awaits {
			return true
		}
	}
	return false
}

// free reports whether a new attempt may be begun at the bank.
func (x *explorer) free(w *world) bool {
	//mutant:a-settled-batch-takes-no-payment/model
	if w.now[closing] != 0 && w.now[zed] == 0 { // the bank has its sums
		return false
	}
	//mutant:owed-first/model
	return w.phase == running && w.talk == silent && !x.owing(w) && x.nextSlot(w) < slots
}

// open begins an attempt, and journals it before anything leaves (rule 1): of the sale whose first payment is in a
// slot, or the void of a slot.
func (x *explorer) open(w *world, e event, at int, ready bool, cut uint8) {
	slot := x.nextSlot(w)
	if w.seen[slot] != 0 {
		w.broken = numberAgain
	}
	p := x.m.ask(x.beginning(w, e, at, ready))
	switch {
	case e == wholeBegun, e == splitBegun, e == ownBegun, e == codeBegun, e == cableBegun:
		w.of[slot] = uint8(slot)
	default:
		w.of[slot] = w.of[at]
	}
	w.what[slot] = w.content(e, at)
	if w.now[zed] != 0 {
		w.later |= 1 << slot
	}
	if w.now[closing] != 0 && w.inBatch(slot) {
		w.broken = begunInSettled
	}
	x.carryOut(w, slot, p, cut)
}

// content is what an attempt that begins puts into its slot.
func (w *world) content(e event, at int) uint8 {
	switch {
	case e == codeBegun:
		return contentCode
	case e == cableBegun:
		return contentCable
	case e == ownBegun:
		return contentOwn
	case e == cashBegun:
		return contentCash
	case e == voidBegun && w.what[at] == contentCash:
		return contentGiven + uint8(at)
	case e == voidBegun:
		return contentVoid + uint8(at)
	case e == refundBegun:
		return contentRefund + uint8(at)
	}
	return contentSale
}

// beginning asks for an attempt in the next slot.
func (x *explorer) beginning(w *world, e event, at int, ready bool) question {
	q := question{event: e, slot: uint8(x.nextSlot(w)), ready: ready, closed: w.now[zed] != 0}
	switch {
	case e == voidBegun, e == refundBegun:
		q.original, q.bill = w.now[at], w.bill(at)
	case e >= partBegun:
		q.bill = w.bill(at)
	}
	if ready {
		q.nextPrint = x.nextPrint(w)
	}
	return q
}

// bill is the bill of the sale of what is in a slot.
func (w *world) bill(slot int) ref { return w.now[slots+int(w.of[slot])] }

// plan asks the planner about a slot as it is now.
func (x *explorer) plan(w *world, slot int, e event, ready bool) planned {
	q := question{about: w.now[slot], bill: w.bill(slot), event: e, ready: ready, closed: w.now[zed] != 0}
	switch e {
	case bankApproved, lineKept, resolvedBack, personClaimed, paperAsked, receiptWaited, noteAsked, slipAsked:
		q.nextPrint = x.nextPrint(w)
		if original := x.m.facts[q.about].original; original >= 0 {
			q.original = w.now[original]
		}
	}
	return x.m.ask(q)
}

// planSale asks the planner about a sale, by its first payment.
func (x *explorer) planSale(w *world, first int, e event) planned {
	return x.m.ask(question{bill: w.now[slots+first], event: e, closed: w.now[zed] != 0})
}

// carryOut journals a plan, and then does what it asks for. slot is what it is about, or the first payment of the sale.
func (x *explorer) carryOut(w *world, slot int, p planned, cut uint8) {
	if !p.allowed {
		return // the machine refuses: nothing changes and nothing is done
	}
	s := save{synced: p.synced, cut: cut}
	if p.after != 0 {
		s.add(slot, p.after)
	}
	if p.voided != 0 {
		s.add(int(x.m.facts[p.after].original), p.voided)
	}
	before, bill := w.now[slot], w.bill(slot)
	if p.bill != bill {
		s.add(slots+int(w.of[slot]), p.bill)
	}
	if x.commit(w, &s) {
		x.act(w, slot, p)
		x.judgeActs(w, slot, before)
		x.judgeReceipt(w, slot, bill)
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
	case is.void && is.attempt.Concluded() && is.attempt.Evidence.As == "" && paperless && w.waiting&(1<<slot) == 0:
		w.broken = paperForgotten
	}
}

// judgeReceipt is judgeActs for the sale of a slot.
func (x *explorer) judgeReceipt(w *world, slot int, before ref) {
	was, is := &x.m.bills[before], &x.m.bills[w.bill(slot)]
	paperless := is.paper == txn.NoPaper && (!was.paid || was.unsure) || is.paper == txn.NotPrinted && was.paper == txn.Printing
	if is.state == txn.BillPaid && !is.unsure && paperless && w.waiting&(1<<w.of[slot]) == 0 {
		w.broken = paperForgotten
	}
}

// act does what a journaled plan asks for.
func (x *explorer) act(w *world, slot int, p planned) {
	first := int(w.of[slot])
	if p.acts&beginsPrint != 0 {
		x.enqueue(w, x.sheetOf(slot, p.after))
	}
	if p.acts&beginsReceipt != 0 {
		s := x.sheetOfSale(first, p.bill)
		if s.says&unmarked != 0 && x.m.bills[p.bill].state != txn.BillPaid {
			w.broken = receiptUnpaid
		}
		x.enqueue(w, s)
	}
	if p.acts&awaits != 0 {
		w.waiting |= 1 << slot
	}
	if p.acts&awaitsReceipt != 0 {
		w.waiting |= 1 << first
	}
	if p.acts&sendsRequest != 0 && !x.m.facts[p.after].asks { // a person is asked beside whatever else goes on
		w.talk, w.with = begun, uint8(slot)
	}
	if p.acts&sendsReversal != 0 {
		w.due |= 1 << slot
	}
	if p.acts&acknowledges != 0 && x.m.facts[p.after].awaits {
		w.line[slot] |= confirm
	}
	x.tell(w, first, p)
}

// tell notes who knows of a sale that is paid in part: the cashier who takes a part, and whom a start tells.
func (x *explorer) tell(w *world, first int, p planned) {
	switch {
	case x.m.bills[p.bill].state != txn.BillPartPaid:
		w.told &^= 1 << first
	case w.phase == running, p.acts&tellsOfSale != 0:
		w.told |= 1 << first
	}
}

// send lets the 0200 out.
func (x *explorer) send(w *world, slot int) {
	if w.seen[slot]&sentRequest != 0 && !x.m.facts[w.now[slot]].again {
		w.broken = requestAgain
	}
	for other, r := range w.now[:slots] {
		f := &x.m.facts[r]
		// An approval after no may open a reversal at any moment, also between an attempt's beginning and its request.
		if other != slot && (f.open && !f.asks && !f.code && f.attempt.Reason != txn.ApprovedLate || f.awaits) && !x.m.facts[w.now[slot]].code {
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
	return (f.open || f.refused && w.phase != stopped) && !f.asks && (w.due&(1<<slot) != 0 || f.state == txn.Pending)
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

// mayAskBack reports whether a refund is asked for once more, under its own number (rule 14).
func (x *explorer) mayAskBack(w *world, slot int) bool {
	//mutant:nothing-is-asked-again-that-evidence-may-have-ended/model
	if w.phase == stopped { // evidence that could not be saved may be on the disk
		return false
	}
	return x.plan(w, slot, repeatDue, false).allowed
}

// askAgain sends a refund that is not known once more. One that no plan of this run asked for is journaled before.
func (x *explorer) askAgain(w *world, slot int) {
	if w.due&(1<<slot) == 0 {
		x.carryOut(w, slot, x.plan(w, slot, repeatDue, false), 0)
	}
	if w.due&(1<<slot) != 0 {
		w.due &^= 1 << slot
		x.send(w, slot)
	}
}

func (x *explorer) sendReversal(w *world, slot int) {
	if w.seen[slot]&keptApproval != 0 {
		w.broken = approvedUndone
	}
	if reason := x.m.facts[w.now[slot]].attempt.Reason; reason == txn.NumberTaken || reason == txn.NotOurs {
		w.broken = anothersUndone
	}
	if w.isRefund(slot) {
		w.broken = refundUndone
	}
	if f := &x.m.facts[w.now[slot]]; w.now[closing] != 0 && w.inBatch(slot) && !f.refused && f.attempt.Reason != txn.ApprovedLate {
		w.broken = undoneInSettled
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
	if !waited && w.isCable(slot) { // its connection is gone
		return
	}
	//mutant:only-pending-ends/model
	if !waited {
		e := answeredLate + event(code)
		switch answers[code] {
		case approving:
			e = approvedLate
		case "94":
			e = takenLate
		case "51", "12":
			if w.isRefund(slot) {
				e = refusedLate
			}
		}
		x.carryOut(w, slot, x.plan(w, slot, e, false), cut)
		return
	}
	w.hush()
	switch {
	//mutant:seen-before-is-no-refusal/model
	case answers[code] == "94": // seen before: it may have been approved, so it is no refusal
		x.carryOut(w, slot, x.plan(w, slot, numberTaken, false), cut)
	//mutant:only-00-approves/model
	case answers[code] != approving:
		x.carryOut(w, slot, x.plan(w, slot, bankDeclined+event(code), false), cut)
	case w.isCable(slot):
		x.carryOut(w, slot, x.plan(w, slot, approvedAwaits, ready), cut)
	default:
		x.carryOut(w, slot, x.plan(w, slot, bankApproved, ready), cut)
	}
}

// hearReversal takes an answer to the 0400. Each of those in undone ends it, but the one that refuses. A provider that was asked what became of
// giving back may say that it did.
func (x *explorer) hearReversal(w *world, code int, ready bool, cut uint8) {
	slot, e := int(w.with), reversalAnswered
	w.hush()
	//mutant:given-back-late-is-given-back/model
	if w.givesBackByCode(slot) && code == undone00 {
		x.carryOut(w, slot, x.plan(w, slot, bankApproved, ready), cut)
		return
	}
	//mutant:refused-reversal-is-known/model
	if code == refused {
		e = reversalRefused
	}
	x.carryOut(w, slot, x.plan(w, slot, e, false), 0)
}
