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
	anothersUndone
	refundUndone
	moreBack
	gaveTwice
	refundsAtOnce
	paperTwice
	proofAgain
	paperForgotten
	paperLies
	returnLies
	approvedWithout
	voidedWithout
	deniedWith
	slipLies
	aboveTotal
	twoAtOnce
	paidWithout
	stateWrong
	receiptUnpaid
	billAside
	partUntold
	printedWithout
	notPrintedWith
	chargedUnknown
	undoneUnknown
	notNamed
	sumsWrong
	settledUnsaved
	settledWithout
	settledAside
	begunInSettled
	undoneInSettled
	balancedWithout
	neverSettled
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
	anothersUndone:  "a 0400 leaves under a number that may be another's payment",
	refundUndone:    "a 0400 leaves for a refund (rule 13)",
	moreBack:        "more is given back of a payment, or may be, than was paid",
	gaveTwice:       "more was given back of a payment than was paid",
	refundsAtOnce:   "a refund begins while another one of its payment is not known (rule 15)",
	paperTwice:      "two unmarked receipts of one sale, or slips of one void (rule 3)",
	proofAgain:      "a print has the number of an earlier one, whose echo would prove it",
	paperForgotten:  "money is taken, and its receipt neither comes nor waits for the printer",
	paperLies:       "paper says paid, and the bank has not approved all of the sale",
	returnLies:      "paper says that the money went back, and the bank still has it",
	approvedWithout: "the journal says approved, and the bank has no approval that stands",
	voidedWithout:   "the journal says voided, and the bank has not undone it",
	deniedWith:      "the journal says that nothing is taken, and the bank has the money",
	slipLies:        "a slip says that a part was taken, and the bank has no approval of it that stands",
	aboveTotal:      "more is paid of a sale than it costs",
	twoAtOnce:       "a part of a sale is begun while another one is not known",
	paidWithout:     "a sale is called paid, and its parts are not all of its sum",
	stateWrong:      "a sale is called other than its parts make it",
	receiptUnpaid:   "a receipt is begun of a sale that is not paid",
	billAside:       "a bill says other than its attempts how much is taken, or whether one is not known",
	partUntold:      "all is at rest, a sale is paid in part, and nobody was told",
	printedWithout:  "the journal says printed, and no receipt came out",
	notPrintedWith:  "the journal says not printed, and a receipt came out or still may",
	chargedUnknown:  "all is at rest, the bank has the money, and the till does not know it",
	undoneUnknown:   "all is at rest, the bank has no approval, and the till counts the money as taken",
	notNamed:        "a batch is settled, and what is not known of it is not named",
	sumsWrong:       "a batch is settled by other sums than those of its payments",
	settledUnsaved:  "sums leave for the bank, and that they do is not durable",
	settledWithout:  "a settled batch sums what the till does not hold that the bank keeps",
	settledAside:    "the till holds a payment, and neither the sums of its batch nor what is not known of it have it",
	begunInSettled:  "something is begun in a batch that is being settled",
	undoneInSettled: "a 0400 leaves for a payment of a batch that is being settled",
	balancedWithout: "a batch is called balanced, and the bank's sums are others, or were not said to be the same",
	neverSettled:    "all is at rest, a day is closed, and its batch is not settled",
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
	if f := x.inspectSettlement(w); f != sound {
		return f
	}
	for slot, r := range w.now[:slots] {
		if w.what[slot] == 0 {
			continue
		}
		if w.isSale(slot) && w.gaveBackAt(slot) > bankWhole && !w.gaveBackInLostBooks(slot) {
			return gaveTwice
		}
		if f := x.inspectPaper(w, slot); f != sound {
			return f
		}
		if r > noAttempt {
			if f := x.inspectJournal(w, slot, &x.m.facts[r]); f != sound {
				return f
			}
		}
		if b := w.now[slots+slot]; b != 0 {
			if f := x.inspectSale(w, slot, &x.m.bills[b]); f != sound {
				return f
			}
		}
	}
	return sound
}

func (x *explorer) inspectPaper(w *world, slot int) fault {
	seen, bank := w.seen[slot], w.bank[slot]
	switch {
	case seen&papers > 1:
		return paperTwice
	case seen&saidPaid != 0 && !x.allApproved(w, slot):
		return paperLies
	case seen&saidTaken != 0 && bank != bankHas && bank != bankVoided && w.what[slot] != contentCash:
		return slipLies
	case seen&saidReturned == 0:
		return sound
	case w.isVoid(slot) && (bank != bankHas || w.bank[w.what[slot]-contentVoid] != bankVoided):
		return returnLies
	case w.isRefund(slot) && bank != bankHas:
		return returnLies
	case w.isSale(slot) && w.anyKept(slot):
		return returnLies
	}
	return sound
}

// allApproved reports whether the bank has approved payments of a sale that make up its sum, cash among them.
func (x *explorer) allApproved(w *world, first int) bool {
	sum := int64(0)
	for slot, r := range w.now[:slots] {
		has := w.bank[slot] == bankHas || w.bank[slot] == bankVoided || w.what[slot] == contentCash && x.has(r, hasMoney)
		if int(w.of[slot]) == first && has && !x.m.facts[r].void {
			sum += x.m.facts[r].attempt.Amount.Minor
		}
	}
	return sum >= x.m.bills[w.now[slots+first]].bill.Total.Minor
}

// anyKept reports whether the bank still has money of a sale.
func (w *world) anyKept(first int) bool {
	for slot, s := range w.bank {
		if int(w.of[slot]) == first && s == bankHas && w.isSale(slot) && w.refundedAt(slot) < bankWhole {
			return true
		}
	}
	return false
}

// inspectJournal compares what the till believes with what is so.
func (x *explorer) inspectJournal(w *world, slot int, f *facts) fault {
	bank := w.bank[slot]
	has := bank == bankHas || bank == bankVoided || f.cash
	switch {
	case f.awaits: // nobody says that it is paid
	case f.state == txn.Approved && !has:
		return approvedWithout
	case f.state == txn.Voided && f.cable && bank == bankReversed: // by its line
	case f.state == txn.Voided && bank != bankVoided && !f.cash:
		return voidedWithout
	case (f.state == txn.Declined || f.state == txn.Reversed) && has && !x.inLostBooks(w, slot):
		return deniedWith
	case !f.void:
		return sound
	}
	return w.inspectOutcome(slot, f.paper)
}

// inspectSale compares a bill with its parts, and with its paper.
func (x *explorer) inspectSale(w *world, first int, b *billFacts) fault {
	taken, waits := int64(0), false
	for slot, r := range w.now[:slots] {
		if w.of[slot] != uint8(first) {
			continue
		}
		f := &x.m.facts[r]
		if f.stands {
			taken += f.attempt.Amount.Minor
		}
		waits = waits || f.open && !f.refund
	}
	switch {
	case b.broken != sound:
		return b.broken
	case b.taken != taken || b.waits != waits:
		return billAside
	}
	return w.inspectOutcome(first, b.paper)
}

// inspectOutcome compares what the till believes of the one unmarked paper with what came out.
func (w *world) inspectOutcome(slot int, paper txn.Paper) fault {
	switch {
	case w.differs != 0: // a start is about to say so
		return sound
	case paper == txn.Printed && w.seen[slot]&papers == 0:
		return printedWithout
	case paper == txn.NotPrinted && (w.seen[slot]&papers != 0 || w.unmarkedMayCome(slot)):
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
	if f := x.inspectSettled(w); f != sound {
		return f
	}
	for slot, r := range w.now[:slots] {
		f := &x.m.facts[r]
		counted := (f.state == txn.Approved || f.state == txn.Voided && !f.cable) && !f.cash
		switch {
		case r > noAttempt && f.owes:
			return notEnded
		case r == noAttempt, x.inLostBooks(w, slot): // nobody here can know of it
		case w.bank[slot] == bankHas && f.state != txn.Approved && f.state != txn.Kept && !(f.void && f.state == txn.Claimed), w.bank[slot] == bankVoided && f.state != txn.Voided:
			return chargedUnknown
		case counted && w.bank[slot] != bankHas && w.bank[slot] != bankVoided:
			return undoneUnknown
		}
		if f := x.inspectEnd(w, slot, w.now[slots+slot]); f != sound {
			return f
		}
	}
	return sound
}

// inLostBooks reports whether a payment was voided in books that are lost: these can't know it.
func (x *explorer) inLostBooks(w *world, slot int) bool {
	for void, what := range w.what {
		if what == contentVoid+uint8(slot) && w.now[void] == noAttempt && w.bank[slot] == bankVoided {
			return true
		}
	}
	return false
}

// gaveBackInLostBooks reports whether something of a payment went back in books that are lost: what these give back beside it only the bank, or the
// provider, can refuse.
func (w *world) gaveBackInLostBooks(slot int) bool {
	for back, what := range w.what {
		if (what == contentVoid+uint8(slot) || what == contentRefund+uint8(slot)) && w.now[back] == noAttempt {
			return true
		}
	}
	return false
}

// inspectEnd is inspectRest for a sale: it is paid, dropped or returned with its paper seen to its end, or somebody
// knows that it is paid in part.
func (x *explorer) inspectEnd(w *world, first int, r ref) fault {
	b := &x.m.bills[r]
	switch {
	case r == 0:
		return sound
	case b.state == txn.BillPartPaid && w.told&(1<<first) == 0:
		return partUntold
	case b.state == txn.BillOpen, b.owes && b.state != txn.BillPartPaid:
		return notEnded
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
