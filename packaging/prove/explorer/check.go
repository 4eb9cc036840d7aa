package explorer

import (
	"fmt"

	"veratill/txn"
)

// fault is a broken promise.
type fault uint8

// The closed set of faults.
const (
	sound fault = iota
	numberAgain
	requestAgain
	owedLater
	neverAsked
	approvedUndone
	paperTwice
	proofAgain
	paperForgotten
	paperLies
	returnLies
	approvedWithout
	voidedWithout
	deniedWith
	printedWithout
	notPrintedWith
	chargedUnknown
	undoneUnknown
	neverEnds
	notEnded
	impure
)

var faultWords = [...]string{
	sound:           "every promise is kept",
	numberAgain:     "a STAN that was on the line is used for another attempt (rule 9)",
	requestAgain:    "a 0200 is sent twice (rule 8)",
	owedLater:       "a request leaves while an earlier payment is not known",
	neverAsked:      "an attempt is begun, and its request is not on its way",
	approvedUndone:  "a 0400 leaves for an attempt that the journal had durably approved (rule 2)",
	paperTwice:      "two unmarked papers of one attempt (rule 3)",
	proofAgain:      "a print has the number of an earlier one, whose echo would prove it",
	paperForgotten:  "money is taken, and its receipt neither comes nor waits for the printer",
	paperLies:       "paper says paid, and the bank has no approval that stands",
	returnLies:      "paper says that the money went back, and the bank still has it",
	approvedWithout: "the journal says approved, and the bank has no approval that stands",
	voidedWithout:   "the journal says voided, and the bank has not undone it",
	deniedWith:      "the journal says that nothing is taken, and the bank has the money",
	printedWithout:  "the journal says printed, and no receipt came out",
	notPrintedWith:  "the journal says not printed, and a receipt came out or still may",
	chargedUnknown:  "all is at rest, the bank has the money, and the till does not know it",
	undoneUnknown:   "all is at rest, the bank has no approval, and the till counts the money as taken",
	neverEnds:       "nothing disturbs any more, and yet it never comes to rest",
	notEnded:        "all is at rest, and an attempt or its paper has no end",
	impure:          "a step of the machine changed the attempt that it was given",
}

// inspect holds a world against the promises.
func (x *explorer) inspect(w *world) fault {
	switch {
	case w.broken != sound:
		return w.broken
	case x.m.impure:
		return impure
	}
	for slot, r := range w.now {
		if w.what[slot] == 0 {
			continue
		}
		if f := w.inspectPaper(slot); f != sound {
			return f
		}
		if r > signIn {
			if f := x.inspectJournal(w, slot, &x.m.facts[r]); f != sound {
				return f
			}
		}
	}
	return sound
}

func (w *world) inspectPaper(slot int) fault {
	seen, bank := w.seen[slot], w.bank[slot]
	switch {
	case seen&papers > 1:
		return paperTwice
	case seen&saidPaid != 0 && bank != bankHas && bank != bankVoided:
		return paperLies
	case seen&saidReturned == 0:
		return sound
	case w.isVoid(slot) && (bank != bankHas || w.bank[w.what[slot]-contentVoid] != bankVoided):
		return returnLies
	case w.what[slot] == contentSale && bank != bankVoided:
		return returnLies
	}
	return sound
}

// inspectJournal compares what the till believes with what is so.
func (x *explorer) inspectJournal(w *world, slot int, f *facts) fault {
	bank := w.bank[slot]
	has := bank == bankHas || bank == bankVoided
	switch {
	case f.state == txn.Approved && !has:
		return approvedWithout
	case f.state == txn.Voided && bank != bankVoided:
		return voidedWithout
	case (f.state == txn.Declined || f.state == txn.Reversed) && has:
		return deniedWith
	case f.paper == txn.Printed && w.seen[slot]&papers == 0:
		return printedWithout
	case f.paper == txn.NotPrinted && (w.seen[slot]&papers != 0 || w.unmarkedMayCome(slot)):
		return notPrintedWith
	}
	return sound
}

// unmarkedMayCome reports whether bytes of an unmarked receipt are in the printer.
func (w *world) unmarkedMayCome(slot int) bool {
	for _, s := range w.sheets[:w.sheetN] {
		if int(s.slot) == slot && s.says&unmarked != 0 && (s.at == sheetThere || s.at == sheetAlone) {
			return true
		}
	}
	return false
}

// inspectRest holds a world in which nothing is under way any more against what has to have come of it.
func (x *explorer) inspectRest(w *world) fault {
	for slot, r := range w.now {
		f := &x.m.facts[r]
		counted := f.state == txn.Approved || f.state == txn.Voided
		switch {
		case r > signIn && f.owes:
			return notEnded
		case w.bank[slot] == bankHas && f.state != txn.Approved, w.bank[slot] == bankVoided && f.state != txn.Voided:
			return chargedUnknown
		case counted && w.bank[slot] != bankHas && w.bank[slot] != bankVoided:
			return undoneUnknown
		}
	}
	return sound
}

// String says what was broken.
func (f fault) String() string {
	if int(f) < len(faultWords) {
		return faultWords[f]
	}
	return fmt.Sprintf("fault %d", f)
}
