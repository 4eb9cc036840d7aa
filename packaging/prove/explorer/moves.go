package explorer

import "veratill/txn"

// moves lists everything that can happen next, always in the same order.
func (x *explorer) moves(w *world, to []action) []action {
	to = x.tillMoves(w, to[:0])
	to = x.cashierMoves(w, to)
	to = x.paperMoves(w, to)
	to = x.lineMoves(w, to)
	to = x.cableMoves(w, to)
	if x.limits[days] > 0 {
		to = x.settlingMoves(w, to)
	}
	return x.crashMoves(w, to)
}

// left reports whether the budget has one more.
func (x *explorer) left(w *world, dimension int) bool {
	return x.limits[dimension] == Unlimited || w.used[dimension] < x.limits[dimension]
}

// use takes one of the budget.
func (x *explorer) use(w *world, dimension int) {
	if x.limits[dimension] != Unlimited {
		w.used[dimension]++
	}
}

// roomy reports whether an attempt and its sale can have one more print, and the world one more sheet.
// Where there is no room, what would begin one is not looked at, and that is counted.
func (x *explorer) roomy(w *world, slot int) bool {
	if w.sheetN == sheets || x.m.facts[w.now[slot]].prints == printsKept || x.m.bills[w.bill(slot)].prints == printsKept ||
		x.nextPrint(w) == numbersKept {
		x.crowded++
		return false
	}
	return true
}

// withKill is an action that commits, and the same with a kill in the middle of it or a disk
// that fails. Only synced commits matter: of a lazy one, what a kill leaves is what a kill
// after it leaves.
func (x *explorer) withKill(w *world, to []action, a action) []action {
	to = append(to, a)
	if w.phase == stopped {
		return to
	}
	with := func(flags uint8) {
		cut := a
		cut.arg |= flags
		to = append(to, cut)
	}
	if x.left(w, kills) {
		with(midWrite)
	}
	if x.left(w, diskFaults) {
		with(diskFails)
		with(diskFails | midWrite)
	}
	return to
}

func (x *explorer) tillMoves(w *world, to []action) []action {
	switch {
	case w.phase == down:
		if w.old != [rows]ref{} && w.sheetN == 0 { // it takes longer than a printer: its numbers of prints come again
			to = append(to, action{kind: bootUp, arg: copied})
		}
		return append(to, action{kind: bootUp})
	case w.phase == starting:
		return append(to, w.takesUp())
	case w.talk == begun:
		to = append(to, action{kind: sendOut, at: w.with})
		if x.left(w, unpackables) {
			to = append(to, action{kind: notPacked, at: w.with})
		}
	case w.talk == asking, w.talk == undoing:
		to = append(to, action{kind: giveUp, at: w.with})
	default:
		for slot, r := range w.now[:slots] {
			if r > noAttempt && x.mayAskBack(w, slot) {
				to = append(to, action{kind: askBack, at: uint8(slot)})
			}
			if r > noAttempt && x.mayUndo(w, slot) {
				to = append(to, action{kind: sendUndo, at: uint8(slot)})
				if x.left(w, unpackables) && w.due&(1<<slot) != 0 {
					to = append(to, action{kind: notPacked, at: uint8(slot)})
				}
			}
		}
	}
	for slot := range slots {
		if w.waiting&(1<<slot) != 0 && x.roomy(w, slot) {
			to = x.withKill(w, to, action{kind: printLate, at: uint8(slot)})
		}
	}
	return to
}

// takesUp is the next step of a start.
func (w *world) takesUp() action {
	return action{kind: takeOver, at: w.next % slots, arg: w.next / slots}
}

func (x *explorer) cashierMoves(w *world, to []action) []action {
	if w.phase != running {
		return to
	}
	if x.left(w, sales) && x.free(w) {
		for _, kind := range x.saleKinds() {
			to = x.withKill(w, to, action{kind: kind})
		}
	}
	if x.left(w, codes) && w.talk == silent && x.nextSlot(w) < slots { // nothing that is owed stops it
		to = x.withKill(w, to, action{kind: beginSale, arg: asCode})
	}
	if x.left(w, cables) && x.free(w) {
		to = x.withKill(w, to, action{kind: beginSale, arg: asCable})
	}
	if x.left(w, terminals) && x.nextSlot(w) < slots {
		to = x.withKill(w, to, action{kind: beginOwn})
	}
	for slot, r := range w.now[:slots] {
		if r <= noAttempt {
			continue
		}
		at := uint8(slot)
		if x.m.facts[r].asks {
			to = x.personMoves(w, to, at)
		}
		if w.settled(slot, x.m.facts[r].state) {
			to = x.withKill(w, to, action{kind: resolve, at: at})
		}
		if int(w.of[slot]) == slot && x.left(w, parts) {
			to = x.partMoves(w, to, at)
		}
		if x.left(w, voids) && x.m.facts[r].voidable {
			to = x.voidMoves(w, to, at)
		}
		if x.left(w, refunds) && x.mayGiveBack(w, slot) && x.m.ask(x.beginning(w, refundBegun, slot, false)).allowed {
			to = x.withKill(w, to, action{kind: beginVoid, at: at, arg: asRefund})
		}
		to = x.askMoves(w, to, at)
	}
	return to
}

// mayGiveBack reports whether the bank, or the provider of a code, may be asked for a refund of a slot, as far as the line decides. Nothing
// that is owed stops one by code.
func (x *explorer) mayGiveBack(w *world, slot int) bool {
	if w.what[slot] == contentCode {
		return w.talk == silent && x.nextSlot(w) < slots
	}
	return w.what[slot] == contentSale && x.free(w)
}

// settled reports whether a manager may bring what the bank wrote of a slot: it is unresolved, and nothing of it is on its way to the bank.
func (w *world) settled(slot int, s txn.State) bool {
	on := w.line[slot]
	for void, what := range w.what {
		if what == contentVoid+uint8(slot) { // also one of books that are lost
			on |= w.line[void]
		}
	}
	return s == txn.Unresolved && on&(request|reversal) == 0
}

// saleKinds are the sales that a budget has: one of parts sells in parts, and a script as it likes.
func (x *explorer) saleKinds() []actionKind {
	switch x.limits[parts] {
	case 0:
		return []actionKind{beginSale}
	case Unlimited:
		return []actionKind{beginSale, beginSplit}
	}
	return []actionKind{beginSplit}
}

// partMoves are one more payment of a sale: at the bank for one part or as much as two, or all that is left in cash.
func (x *explorer) partMoves(w *world, to []action, at uint8) []action {
	for worth := range uint8(2) {
		if x.free(w) && x.m.ask(x.beginning(w, partBegun+event(worth), int(at), false)).allowed {
			to = x.withKill(w, to, action{kind: beginPart, at: at, arg: worth})
		}
	}
	return x.atOnce(w, to, action{kind: beginCash, at: at}, cashBegun)
}

// voidMoves are the void of a payment. One of cash waits for the line all the same.
func (x *explorer) voidMoves(w *world, to []action, at uint8) []action {
	switch {
	case w.what[at] == contentCash && w.talk == silent:
		return x.atOnce(w, to, action{kind: beginVoid, at: at}, voidBegun)
	case w.what[at] == contentCode && (w.talk != silent || x.nextSlot(w) == slots):
	case w.what[at] != contentCash && (w.what[at] == contentCode || x.free(w)) && x.m.ask(x.beginning(w, voidBegun, int(at), false)).allowed:
		return x.withKill(w, to, action{kind: beginVoid, at: at})
	}
	return to
}

// atOnce is what is begun and concluded in one commit, with its paper where the printer is ready.
func (x *explorer) atOnce(w *world, to []action, a action, e event) []action {
	if x.nextSlot(w) == slots || !x.m.ask(x.beginning(w, e, int(a.at), false)).allowed {
		return to
	}
	if x.roomy(w, int(a.at)) {
		to = x.withKill(w, to, a)
	}
	if x.left(w, printerFaults) {
		a.arg |= notReady
		to = x.withKill(w, to, a)
	}
	return to
}

// askMoves are the papers that a cashier may ask for. That of a sale is asked for at its first payment.
func (x *explorer) askMoves(w *world, to []action, at uint8) []action {
	slot := int(at)
	f := &x.m.facts[w.now[slot]]
	own := f.void || int(w.of[slot]) == slot || !x.m.bills[w.bill(slot)].paid
	if own && x.left(w, reprints) && x.roomy(w, slot) && x.plan(w, slot, paperAsked, false).allowed {
		to = x.withKill(w, to, action{kind: askPaper, at: at})
	}
	if x.left(w, notes) && x.roomy(w, slot) && x.plan(w, slot, noteAsked, false).allowed {
		to = x.withKill(w, to, action{kind: askNote, at: at})
	}
	if x.left(w, notes) && x.roomy(w, slot) && x.plan(w, slot, slipAsked, false).allowed {
		to = x.withKill(w, to, action{kind: askSlip, at: at})
	}
	return to
}

// personMoves are what a person may say of a separate terminal.
func (x *explorer) personMoves(w *world, to []action, at uint8) []action {
	for said := range shown {
		a := action{kind: personSays, at: at, arg: uint8(said)}
		if said == 0 && x.roomy(w, int(at)) {
			to = x.withKill(w, to, a)
		} else if said != 0 {
			to = append(to, a)
		}
		if said == 0 && x.left(w, printerFaults) {
			a.arg |= notReady
			to = x.withKill(w, to, a)
		}
	}
	return to
}

func (x *explorer) paperMoves(w *world, to []action) []action {
	busy, faults := w.awaited(), x.left(w, printerFaults)
	for i, s := range w.sheets[:w.sheetN] {
		if i > 0 && s == w.sheets[i-1] {
			continue
		}
		at := uint8(i)
		add := func(kind actionKind, can bool) {
			if can {
				to = append(to, action{kind: kind, at: at})
			}
		}
		add(giveSheet, s.at == sheetQueued && !busy)
		add(refuseSheet, s.at == sheetQueued && !busy && faults)
		add(paperOut, s.at == sheetThere || s.at == sheetAlone)
		add(paperLost, (s.at == sheetThere || s.at == sheetAlone) && faults)
		add(sheetProved, s.at == sheetOut)
		add(sheetDoubted, s.at == sheetGone || (s.at == sheetThere || s.at == sheetOut) && faults)
	}
	return to
}

func (x *explorer) lineMoves(w *world, to []action) []action {
	twice, loses := x.left(w, duplicates), x.left(w, losses)
	for slot, line := range w.line {
		if line == 0 {
			continue
		}
		at := uint8(slot)
		add := func(a action) {
			to = append(to, a)
			if twice {
				a.arg |= stays
				to = append(to, a)
			}
		}
		if line&request != 0 {
			add(action{kind: bankAsked, at: at})
			if w.bank[slot] == bankNone {
				add(action{kind: bankAsked, at: at, arg: unwilling})
			}
		}
		if line&reversal != 0 {
			add(action{kind: bankUndo, at: at})
			if w.givesBackByCode(slot) && w.bank[slot] == bankNone || !w.givesBackByCode(slot) && x.left(w, refusals) {
				add(action{kind: bankUndo, at: at, arg: unwilling})
			}
		}
		to = x.answerMoves(w, to, slot, twice)
		for bit := range messages {
			if loses && line&(1<<bit) != 0 {
				to = append(to, action{kind: lineLoses, at: at, arg: uint8(bit)})
			}
		}
	}
	return to
}

// answerMoves are the answers that the till listens to. A second answer to one 0200 is
// counted as a duplicate and changes nothing, so that it needs no step.
func (x *explorer) answerMoves(w *world, to []action, slot int, twice bool) []action {
	at := uint8(slot)
	for code := range answers {
		if w.line[slot]&(answer<<code) == 0 || w.listening&(1<<slot) == 0 {
			continue
		}
		a := action{kind: tillHears, at: at, arg: uint8(code)}
		if answers[code] != approving || w.talk != asking || int(w.with) != slot {
			to = append(to, a)
			continue
		}
		if x.roomy(w, slot) {
			to = x.withKill(w, to, a)
		}
		if x.left(w, printerFaults) {
			a.arg |= notReady
			to = x.withKill(w, to, a)
		}
	}
	for code := range undone {
		if w.talk == undoing && int(w.with) == slot && w.line[slot]&(answered<<code) != 0 {
			a := action{kind: tillHearsUndone, at: at, arg: uint8(code)}
			if code == undone00 && w.givesBackByCode(slot) {
				to = x.gaveBackMoves(w, to, a)
				continue
			}
			to = append(to, a)
			if twice {
				a.arg |= stays
				to = append(to, a)
			}
		}
	}
	return to
}

// gaveBackMoves are a provider's word that it gave back what it was asked about: its slip is begun in the same commit.
func (x *explorer) gaveBackMoves(w *world, to []action, a action) []action {
	if x.roomy(w, int(a.at)) {
		to = x.withKill(w, to, a)
	}
	if x.left(w, printerFaults) {
		a.arg |= notReady
		to = x.withKill(w, to, a)
	}
	return to
}

func (x *explorer) crashMoves(w *world, to []action) []action {
	if w.phase == stopped || x.left(w, kills) && w.phase != down {
		to = append(to, action{kind: killed})
	}
	if x.left(w, putBacks) && w.phase == running && w.old == [rows]ref{} && w.now != w.old {
		to = append(to, action{kind: killed, arg: copied})
	}
	if commits := w.commits(); x.left(w, powerCuts) && (w.phase != down || commits > 0) {
		for keep := range commits + 1 {
			to = append(to, action{kind: powerCut, arg: uint8(keep)})
		}
	}
	if x.left(w, bankCrashes) {
		to = append(to, action{kind: bankFell})
	}
	return to
}
