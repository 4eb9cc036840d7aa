package explorer

// apply lets an action happen. The world has to be one in which moves lists it.
func (x *explorer) apply(w *world, a action) {
	switch {
	case a.kind <= resolve:
		x.applyCashier(w, a)
	case a.kind <= printLate:
		x.applyTill(w, a)
	case a.kind <= paperLost:
		x.applyPaper(w, a)
	case a.kind <= lineLoses:
		x.applyLine(w, a)
	case a.kind <= takeOver:
		x.applyCrash(w, a)
	default:
		x.applySettling(w, a)
	}
	switch {
	case a.has(diskFails):
		x.use(w, diskFaults)
	case a.has(midWrite):
		x.use(w, kills)
	}
}

func (x *explorer) applyCashier(w *world, a action) {
	slot := int(a.at)
	switch a.kind {
	case beginSale, beginSplit, beginOwn, beginPart, beginCash, beginVoid:
		x.applyBegin(w, a)
	case askPaper:
		x.use(w, reprints)
		x.carryOut(w, slot, x.plan(w, slot, paperAsked, false), a.arg)
	case askNote:
		x.use(w, notes)
		x.carryOut(w, slot, x.plan(w, slot, noteAsked, false), a.arg)
	case askSlip:
		x.use(w, notes)
		x.carryOut(w, slot, x.plan(w, slot, slipAsked, false), a.arg)
	case resolve:
		x.carryOut(w, slot, x.plan(w, slot, w.found(slot), false), a.arg)
	}
}

func (x *explorer) applyBegin(w *world, a action) {
	slot, ready := int(a.at), !a.has(notReady)
	if !ready {
		x.use(w, printerFaults)
	}
	switch a.kind {
	case beginSale:
		if a.arg&low == asCode {
			x.use(w, codes)
			x.open(w, codeBegun, slot, false, a.arg)
			return
		}
		if a.arg&low == asCable {
			x.use(w, cables)
			x.open(w, cableBegun, slot, false, a.arg)
			return
		}
		x.use(w, sales)
		x.open(w, wholeBegun, slot, false, a.arg)
	case beginSplit:
		x.use(w, sales)
		x.open(w, splitBegun, slot, false, a.arg)
	case beginOwn:
		x.use(w, terminals)
		x.open(w, ownBegun, slot, false, a.arg)
	case beginPart:
		x.use(w, parts)
		x.open(w, partBegun+event(a.arg&low), slot, false, a.arg)
	case beginCash:
		x.use(w, parts)
		x.open(w, cashBegun, slot, ready, a.arg)
	case beginVoid:
		if a.arg&low == asRefund {
			x.use(w, refunds)
			x.open(w, refundBegun, slot, false, a.arg)
			return
		}
		x.use(w, voids)
		x.open(w, voidBegun, slot, ready && w.what[slot] == contentCash, a.arg)
	}
}

func (x *explorer) applyTill(w *world, a action) {
	slot := int(a.at)
	switch a.kind {
	case sendOut:
		x.send(w, slot)
	case giveUp:
		x.timeOut(w)
	case sendUndo:
		x.undo(w, slot)
	case personSays:
		if a.has(notReady) {
			x.use(w, printerFaults)
		}
		x.carryOut(w, slot, x.plan(w, slot, personClaimed+event(a.arg&low), !a.has(notReady)), a.arg)
	case askBack:
		x.askAgain(w, slot)
	case askKept:
		if a.has(notReady) {
			x.use(w, printerFaults)
		}
		x.askKept(w, slot, !a.has(notReady), a.arg)
	case notPacked:
		x.use(w, unpackables)
		x.cannotPack(w, slot)
	case printLate:
		x.printWaiting(w, slot, a.arg)
	}
}

func (x *explorer) applyPaper(w *world, a action) {
	i := int(a.at)
	switch a.kind {
	case giveSheet:
		w.leaves(i)
	case refuseSheet:
		x.use(w, printerFaults)
		x.ended(w, i, 1)
	case sheetProved:
		x.ended(w, i, 0)
	case sheetDoubted:
		if w.sheets[i].at != sheetGone {
			x.use(w, printerFaults)
		}
		//mutant:silent-printer-may-have-printed
		x.ended(w, i, 2)
	case paperOut:
		w.comesOut(i)
	case paperLost:
		x.use(w, printerFaults)
		if w.sheets[i].at == sheetAlone {
			w.drop(i)
			return
		}
		w.sheets[i].at = sheetGone
		w.sortSheets()
	}
}

// applyLine moves a message. One that stays is on the line as before.
func (x *explorer) applyLine(w *world, a action) {
	slot, code := int(a.at), int(a.arg&low)
	take := func(message uint16) {
		if a.has(stays) {
			x.use(w, duplicates)
		} else {
			w.line[slot] &^= message
		}
	}
	switch a.kind {
	case bankAsked:
		take(request)
		code = w.bankGets(slot, !a.has(unwilling))
		if w.listening&(1<<slot) != 0 {
			w.line[slot] |= answer << code
		}
	case bankUndo:
		take(reversal)
		if w.isCable(slot) {
			w.terminalUndoes(slot)
			w.line[slot] |= answered << undone00
			return
		}
		if w.givesBackByCode(slot) {
			w.line[slot] |= answered << undoneBy(w.providerGets(slot, !a.has(unwilling)))
			return
		}
		if a.has(unwilling) {
			x.use(w, refusals)
			w.line[slot] |= answered << refused
			return
		}
		w.line[slot] |= answered << w.bankUndoes(slot)
	case bankFell:
		x.use(w, bankCrashes)
		w.bankFalls()
	case tillHears:
		if a.has(notReady) {
			x.use(w, printerFaults)
		}
		w.line[slot] &^= allAnswer
		x.hear(w, slot, code, !a.has(notReady), a.arg)
	case tillHearsUndone:
		take(answered << code)
		if a.has(notReady) {
			x.use(w, printerFaults)
		}
		x.hearReversal(w, code, !a.has(notReady), a.arg)
	case terminalHears, terminalKeeps, terminalGivesUp:
		w.applyCable(a)
	case lineLoses:
		x.use(w, losses)
		w.line[slot] &^= 1 << code
	}
}

func (x *explorer) applyCrash(w *world, a action) {
	switch a.kind {
	case killed:
		if a.has(copied) {
			w.old = w.now // what the system has in its cache
			return
		}
		if w.phase != stopped { // that one a person ends
			x.use(w, kills)
		}
		x.die(w)
	case powerCut:
		x.use(w, powerCuts)
		x.cutPower(w, int(a.arg))
	case bootUp:
		if a.has(copied) {
			x.use(w, putBacks)
			x.putBack(w)
		}
		x.boot(w)
	case takeOver:
		x.takeUp(w)
	}
}
