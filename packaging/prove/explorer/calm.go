package explorer

import "veratill/txn"

// Liveness: from every world, if nothing disturbs any more, everything comes to its end.
// Then one thing happens after the other in a fixed order, so that each world has one
// successor; whoever ends well is remembered, and the next one that gets there is done.

// calmLimit is more steps than any calm history has; who needs more goes in circles.
const calmLimit = 400

// quieten forgets what matters only if something disturbs again.
func (w *world) quieten() {
	if w.phase != stopped { // a commit that failed is found by the start
		w.disk = w.now
		clear(w.lazy[:])
		w.lazyN = 0
	}
	w.bankDisk = w.bank
	w.used = spent{}
}

// calm follows a world to its rest. It returns the first broken promise, and where the
// steps to it are wanted, it tells each.
func (x *explorer) calm(w *world, tell func(w *world, a action)) fault {
	now := *w
	now.quieten()
	x.path = x.path[:0]
	for range calmLimit {
		print := now.fingerprint()
		if tell == nil && x.ends.holds(print) {
			return x.endWell()
		}
		x.path = append(x.path, print)
		a, more := x.calmMove(&now)
		if !more {
			if f := x.inspectRest(&now); f != sound {
				return f
			}
			return x.endWell()
		}
		if tell != nil {
			tell(&now, a)
		}
		x.apply(&now, a)
		if f := x.inspect(&now); f != sound {
			return f
		}
		now.quieten()
	}
	return neverEnds
}

func (x *explorer) endWell() fault {
	for _, print := range x.path {
		x.ends.add(print)
	}
	return sound
}

// calmMove is what happens next when nothing disturbs.
func (x *explorer) calmMove(w *world) (action, bool) {
	switch {
	case w.phase == stopped: // a person sees it, and starts the till again
		return action{kind: killed}, true
	case w.phase == down:
		return action{kind: bootUp}, true
	case w.phase == starting:
		return w.takesUp(), true
	case w.talk == begun:
		return action{kind: sendOut, at: w.with}, true
	}
	if a, ok := w.calmLine(); ok {
		return a, true
	}
	if a, ok := x.calmSettling(w); ok {
		return a, true
	}
	if w.talk != silent {
		return action{kind: giveUp, at: w.with}, true
	}
	if a, ok := w.calmPaper(); ok {
		return a, true
	}
	for slot, r := range w.now[:slots] {
		f, at := &x.m.facts[r], uint8(slot)
		if a, ok := x.calmCable(w, slot); ok {
			return a, true
		}
		switch {
		case r > noAttempt && w.talk == silent && x.mayAskBack(w, slot):
			return action{kind: askBack, at: at}, true
		case w.settled(slot, f.state) && w.talk == silent: // a manager was told, and asks the bank
			return action{kind: resolve, at: at}, true
		case f.asks: // a person was told, and says it
			return action{kind: personSays, at: at}, true
		case x.mayUndo(w, slot):
			return action{kind: sendUndo, at: at}, true
		case w.waiting&(1<<slot) != 0:
			return action{kind: printLate, at: at}, true
		case f.void && f.attempt.Concluded() && f.attempt.Evidence.As == "" && (f.paper == txn.NoPaper || f.paper == txn.NotPrinted),
			int(w.of[slot]) == slot && x.m.bills[w.now[slots+slot]].wants:
			return action{kind: askPaper, at: at}, true // a person was told, and asks
		}
	}
	return action{}, false
}

func (w *world) calmLine() (action, bool) {
	for slot, line := range w.line {
		at := uint8(slot)
		switch {
		case line&request != 0:
			return action{kind: bankAsked, at: at}, true
		case line&reversal != 0:
			return action{kind: bankUndo, at: at}, true
		}
		for code := range answers {
			if line&(answer<<code) != 0 && w.listening&(1<<slot) != 0 {
				return action{kind: tillHears, at: at, arg: uint8(code)}, true
			}
		}
		for code := range undone {
			if line&(answered<<code) != 0 && w.talk == undoing && w.with == at {
				return action{kind: tillHearsUndone, at: at, arg: uint8(code)}, true
			}
		}
	}
	return action{}, false
}

func (w *world) calmPaper() (action, bool) {
	busy := w.awaited()
	for i, s := range w.sheets[:w.sheetN] {
		switch {
		case s.at == sheetQueued && !busy:
			return action{kind: giveSheet, at: uint8(i)}, true
		case s.at == sheetThere, s.at == sheetAlone:
			return action{kind: paperOut, at: uint8(i)}, true
		case s.at == sheetOut:
			return action{kind: sheetProved, at: uint8(i)}, true
		case s.at == sheetGone:
			return action{kind: sheetDoubted, at: uint8(i)}, true
		}
	}
	return action{}, false
}
