package explorer

import "veratill/txn/hostsim/bank"

// What is in a slot, as the wire says it.
const (
	contentSale  uint8 = 1
	contentCode  uint8 = 2                   // a sale by code: its provider has it in its book as the bank has a sale
	contentCable uint8 = 3                   // a sale at a card terminal on a cable: its book is the bank's here
	contentVoid  uint8 = 4                   // + slot of what it undoes
	contentOwn   uint8 = contentVoid + slots // a sale at a terminal that stands alone: the bank never hears of it
	contentCash  uint8 = contentOwn + 1      // nor of cash
	contentGiven uint8 = contentCash + 1     // + slot of the cash that is given back

	contentRefund uint8 = contentGiven + slots // + slot of what a refund gives back of
)

// What the bank counts in: a payment is 2, and a refund gives back half of it.
const (
	bankWhole = 2
	bankHalf  = 1
)

// isSale reports whether a slot is a payment that the bank, or a wallet's provider, hears of.
func (w *world) isSale(slot int) bool {
	return w.what[slot] == contentSale || w.what[slot] == contentCode || w.what[slot] == contentCable
}

// isVoid reports whether a slot is a void that the bank hears of.
func (w *world) isVoid(slot int) bool {
	return w.what[slot] >= contentVoid && w.what[slot] < contentOwn
}

// isRefund reports whether a slip is a refund that the bank hears of.
func (w *world) isRefund(slot int) bool { return w.what[slot] >= contentRefund }

// givesBackByCode reports whether a slot is a void or a refund of what was paid by code: a provider hears of it.
func (w *world) givesBackByCode(slot int) bool {
	switch {
	case w.isVoid(slot):
		return w.what[w.what[slot]-contentVoid] == contentCode
	case w.isRefund(slot):
		return w.what[w.what[slot]-contentRefund] == contentCode
	}
	return false
}

// gaveBackAt is all that was given back of a payment, by refunds and by voids, in what the bank counts in.
func (w *world) gaveBackAt(slot int) int64 {
	given := w.refundedAt(slot)
	for void, what := range w.what {
		if what == contentVoid+uint8(slot) && w.bank[void] == bankHas {
			given += bankWhole
		}
	}
	return given
}

// refundedAt is what the bank gave back of a payment by refunds, in what it counts in.
func (w *world) refundedAt(slot int) (given int64) {
	for refund, what := range w.what {
		if what == contentRefund+uint8(slot) && w.bank[refund] == bankHas {
			given += bankHalf
		}
	}
	return given
}

// book writes a line of the bank's book, durable before anybody hears of it (rule 11).
func (w *world) book(slot int, s bankState) {
	w.bank[slot] = s
	//mutant:bank-writes-first/model
	w.bankDisk[slot] = s
}

// What a world holds of a row is its state alone: the number is the place, and all amounts are the same.
var rowStates = [...]bank.State{bankHas: bank.Approved, bankDeclines: bank.Declined, bankReversed: bank.Reversed, bankVoided: bank.Voided}

// row is what the bank's book holds of a slot.
func (w *world) row(slot int) bank.Row {
	if w.bank[slot] == bankNone {
		return bank.Row{}
	}
	r := w.asked(slot).Row
	if r.Kind == bank.Sale {
		r.RefundedMinor = w.refundedAt(slot)
	}
	r.State = rowStates[w.bank[slot]]
	return r
}

// asked is the request of a slot as the bank reads it. Its STAN begins at 1: no row has 0.
func (w *world) asked(slot int) bank.Request {
	r := bank.Request{Row: bank.Row{Key: bank.Key{STAN: int64(slot) + 1}, Kind: bank.Sale, AmountMinor: bankWhole}}
	switch {
	case w.isVoid(slot):
		r.Kind, r.Original = bank.Void, int64(w.what[slot]-contentVoid)+1
	case w.isRefund(slot):
		r.Kind, r.Original, r.AmountMinor = bank.Refund, int64(w.what[slot]-contentRefund)+1, bankHalf
	}
	return r
}

// decide lets the bank decide, and writes its book.
func (w *world) decide(slot int, r bank.Request) string {
	var original bank.Row
	if r.Kind != bank.Sale {
		original = w.row(int(r.Original) - 1)
	}
	d := bank.Decide(r, w.row(slot), original)
	for i := len(d.Rows) - 1; i >= 0; i-- {
		for s, state := range rowStates {
			if state == d.Rows[i].State && bankState(s) != bankNone {
				w.book(int(d.Rows[i].STAN)-1, bankState(s))
			}
		}
	}
	return d.Code
}

// providerGets is a wallet's provider that is asked to give back, or what became of that: under one number it gives back once, and says the same each
// time. It holds nothing against what went back before: that is the till's to know.
func (w *world) providerGets(slot int, willing bool) (code int) {
	original := w.asked(slot).Original - 1
	if w.bank[slot] == bankNone {
		if s := w.bank[original]; !willing || s != bankHas && s != bankVoided {
			w.book(slot, bankDeclines)
		} else {
			w.book(slot, bankHas)
			if w.isVoid(slot) {
				w.book(int(original), bankVoided)
			}
		}
	}
	if w.bank[slot] == bankHas {
		return code00
	}
	return code51
}

// undoneBy is the place in undone of what a provider says when it is asked what became of giving back.
func undoneBy(code int) int {
	if code == code00 {
		return undone00
	}
	return undone25
}

// bankGets is a 0200 at the bank: it approves if it may and wants to.
func (w *world) bankGets(slot int, willing bool) (code int) {
	if w.givesBackByCode(slot) {
		return w.providerGets(slot, willing)
	}
	if w.isCable(slot) {
		return w.terminalGets(slot, willing)
	}
	r := w.asked(slot)
	if !willing {
		r.RefuseWith = "51"
	}
	switch w.decide(slot, r) {
	case "00":
		return code00
	case "51":
		return code51
	case "94":
		return code94
	}
	return code12 // and 25: a void whose original the bank has not, or never had
}

// The places of answers, and of undone.
const (
	code00 = iota
	code51
	code94
	code12
	undone00 = 0
	undone25 = 1
	undone12 = 2
	refused  = 3
)

// bankUndoes is a 0400 at the bank. One that comes before its original is remembered (rule 12).
func (w *world) bankUndoes(slot int) (code int) {
	r := w.asked(slot)
	r.Reversal = true
	switch w.decide(slot, r) {
	case "00":
		return undone00
	case "12":
		return undone12
	}
	return undone25
}

// found is what a bank writes of a slot, truly: it has the money, has given it back by a void or a refund, or never had it.
func (w *world) found(slot int) event {
	switch {
	case w.bank[slot] == bankVoided: // by a void of books that are lost
		return resolvedBack
	case w.bank[slot] != bankHas:
		return resolvedNever
	case w.isVoid(slot), w.isRefund(slot):
		return resolvedBack
	}
	return resolvedKept
}

// bankFalls is a crash of the bank: it comes back with its book, and the answers on the line are gone.
func (w *world) bankFalls() {
	w.bank = w.bankDisk
	for slot := range w.line {
		w.line[slot] &= request | reversal
	}
	w.settles = 0 // the till waits in vain
}
