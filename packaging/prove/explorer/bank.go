package explorer

// What is in a slot, as the wire says it.
const (
	contentSignIn uint8 = 1
	contentSale   uint8 = 2
	contentVoid   uint8 = 3 // + slot of what it undoes
)

// book writes a line of the bank's book, durable before anybody hears of it (rule 11).
func (w *world) book(slot int, s bankState) {
	w.bank[slot] = s
	//mutant:bank-writes-first/model
	w.bankDisk[slot] = s
}

// bankGets is a 0200 at the bank: it approves if it may and wants to. A number that it
// knows is never booked again.
func (w *world) bankGets(slot int, willing bool) (code int) {
	switch w.bank[slot] {
	case bankNone:
	case bankReversed, bankVoided:
		return code12 // its reversal came first, and is remembered (rule 12)
	default:
		//mutant:bank-books-once
		return code94
	}
	if !willing {
		w.book(slot, bankDeclines)
		return code51
	}
	if w.what[slot] >= contentVoid {
		original := int(w.what[slot] - contentVoid)
		if w.bank[original] != bankHas {
			w.book(slot, bankDeclines)
			return code12
		}
		w.book(original, bankVoided)
	}
	w.book(slot, bankHas)
	return code00
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
)

// bankUndoes is a 0400 at the bank. One that comes before its original is remembered (rule 12).
func (w *world) bankUndoes(slot int) (code int) {
	switch w.bank[slot] {
	case bankNone:
		//mutant:early-reversal-is-remembered/model
		w.book(slot, bankReversed)
		return undone25
	case bankDeclines:
		return undone12
	case bankReversed, bankVoided:
		return undone00 // a repeat gets the same answer
	}
	if w.what[slot] >= contentVoid { // the sale that it had undone stands again
		//mutant:bank-gives-a-sale-back
		w.book(int(w.what[slot]-contentVoid), bankHas)
	}
	w.book(slot, bankReversed)
	return undone00
}

// bankFalls is a crash of the bank: it comes back with its book, and the answers on the line are gone.
func (w *world) bankFalls() {
	w.bank = w.bankDisk
	for slot := range w.line {
		w.line[slot] &= request | reversal
	}
}
