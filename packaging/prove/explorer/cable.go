package explorer

// A card terminal on a cable has a payment authorised, and keeps it once it has heard that the till has it durable; one that never hears it undoes the payment
// by itself, or keeps it, at any moment (ZVT, PA00P015 2.2.8 and 4.2). Until the till has heard which, its approval awaits the line: no paper is begun, no card is taken.

// isCable reports whether a slot is a payment at a card terminal on a cable.
func (w *world) isCable(slot int) bool { return w.what[slot] == contentCable }

// terminalGets is a card terminal that is asked for a payment.
func (w *world) terminalGets(slot int, willing bool) (code int) {
	if w.bank[slot] == bankNone {
		if willing {
			w.book(slot, bankAwaits)
		} else {
			w.book(slot, bankDeclines)
		}
	}
	if w.bank[slot] == bankDeclines || w.bank[slot] == bankReversed {
		return code51
	}
	return code00
}

// terminalUndoes is a card terminal that is looked at about a payment that was given up: what it had authorised is undone. The connection on which it was asked for is
// gone then.
func (w *world) terminalUndoes(slot int) {
	w.line[slot] &^= request | confirm
	if w.bank[slot] == bankAwaits || w.bank[slot] == bankHas {
		w.book(slot, bankReversed)
	}
}

// mayAskKept reports whether the till may ask the line of an approval whether it is kept. A terminal that undoes a payment, or has not given it up, is busy.
func (x *explorer) mayAskKept(w *world, slot int) bool {
	return w.phase == running && w.talk == silent && x.m.facts[w.now[slot]].awaits && w.bank[slot] != bankAwaits
}

// askKept asks it: what became of it decides.
func (x *explorer) askKept(w *world, slot int, ready bool, cut uint8) {
	e := lineUndid
	if w.bank[slot] == bankHas {
		e = lineKept
	}
	x.carryOut(w, slot, x.plan(w, slot, e, ready), cut)
}

// cableMoves are what a card terminal may do, and what the till asks of it.
func (x *explorer) cableMoves(w *world, to []action) []action {
	for slot := range slots {
		if !w.isCable(slot) {
			continue
		}
		at := uint8(slot)
		if w.line[slot]&confirm != 0 {
			to = append(to, action{kind: terminalHears, at: at})
		}
		if w.bank[slot] == bankAwaits {
			to = append(to, action{kind: terminalKeeps, at: at}, action{kind: terminalGivesUp, at: at})
		}
		if !x.mayAskKept(w, slot) {
			continue
		}
		if x.roomy(w, slot) {
			to = x.withKill(w, to, action{kind: askKept, at: at})
		}
		if x.left(w, printerFaults) {
			to = x.withKill(w, to, action{kind: askKept, at: at, arg: notReady})
		}
	}
	return to
}

// applyCable lets a card terminal do something.
func (w *world) applyCable(a action) {
	slot := int(a.at)
	switch a.kind {
	case terminalHears:
		w.line[slot] &^= confirm
		if w.bank[slot] == bankAwaits {
			w.book(slot, bankHas)
		}
	case terminalKeeps:
		w.book(slot, bankHas)
	case terminalGivesUp:
		w.book(slot, bankReversed)
	}
}

// calmCable is what happens next at a card terminal when nothing disturbs.
func (x *explorer) calmCable(w *world, slot int) (action, bool) {
	at := uint8(slot)
	switch {
	case !w.isCable(slot):
	case w.line[slot]&confirm != 0:
		return action{kind: terminalHears, at: at}, true
	case w.bank[slot] == bankAwaits && w.talk == silent && w.line[slot]&reversal == 0:
		return action{kind: terminalGivesUp, at: at}, true
	case x.mayAskKept(w, slot):
		return action{kind: askKept, at: at}, true
	}
	return action{}, false
}
