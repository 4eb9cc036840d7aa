package explorer

import (
	"slices"

	"veratill/txn"
)

// What a sheet says. An unmarked one is the receipt of a sale, or the slip of a void; all others are marked.
const (
	unmarked  uint8 = 1 << 0
	paid      uint8 = 1 << 1 // the bank has the money: of all of the sale, or of the one part
	givenBack uint8 = 1 << 2 // the money went back
	ownPaper  uint8 = 1 << 3 // it is the paper of the attempt in the slot, and not of its sale
	partSlip  uint8 = 1 << 4 // the slip of one part
)

// How far a sheet is. The till waits for the end of one sheet at a time.
const (
	sheetQueued uint8 = iota + 1 // the intent is journaled, no byte has left
	sheetThere                   // the bytes are in the printer and the till waits
	sheetOut                     // paper, and the printer's proof on its way to the till that waits
	sheetGone                    // the printer swallowed it; the till waits in vain
	sheetAlone                   // in the printer, and nobody waits
)

// sheetOf is the newest print of an attempt.
func (x *explorer) sheetOf(slot int, r ref) sheet {
	f := &x.m.facts[r]
	print := f.attempt.Prints[f.prints-1]
	s := sheet{slot: uint8(slot), number: uint8(print.ID), says: ownPaper}
	switch {
	case print.Kind == txn.PrintPart:
		s.says |= partSlip
		if f.attempt.Tender != txn.External { // which says whose slip counts, and no more
			s.says |= paid
		}
	case print.Kind == txn.PrintOriginal:
		s.says |= unmarked | givenBack
	case print.Kind == txn.PrintRepeat:
		s.says |= givenBack
	}
	return s
}

// sheetOfSale is the newest print of a sale.
func (x *explorer) sheetOfSale(first int, r ref) sheet {
	b := &x.m.bills[r]
	print := b.bill.Prints[b.prints-1]
	s := sheet{slot: uint8(first), number: uint8(print.ID)}
	if print.Kind == txn.PrintOriginal {
		s.says = unmarked
	}
	switch {
	case !b.proved: // it says whose slip counts, and no more
	case b.state == txn.BillReturned:
		s.says |= givenBack
	default:
		s.says |= paid
	}
	return s
}

// enqueue puts a sheet before the printer.
func (x *explorer) enqueue(w *world, s sheet) {
	if w.sheetN == sheets {
		panic("a print was begun where there is no room for it")
	}
	s.at = sheetQueued
	w.sheets[w.sheetN] = s
	w.sheetN++
	w.sortSheets()
}

// sortSheets keeps equal worlds equal: the order in the queue is nobody's.
func (w *world) sortSheets() {
	for i := 1; i < int(w.sheetN); i++ {
		for k := i; k > 0 && w.sheets[k].less(w.sheets[k-1]); k-- {
			w.sheets[k], w.sheets[k-1] = w.sheets[k-1], w.sheets[k]
		}
	}
}

func (s sheet) less(t sheet) bool {
	a := uint32(s.slot)<<24 | uint32(s.number)<<16 | uint32(s.at)<<8 | uint32(s.says)
	b := uint32(t.slot)<<24 | uint32(t.number)<<16 | uint32(t.at)<<8 | uint32(t.says)
	return a < b
}

// awaited reports whether the printer is busy with a sheet of this run.
func (w *world) awaited() bool {
	for _, s := range w.sheets[:w.sheetN] {
		if s.at == sheetThere || s.at == sheetOut || s.at == sheetGone {
			return true
		}
	}
	return false
}

func (w *world) drop(i int) {
	copy(w.sheets[i:], w.sheets[i+1:w.sheetN])
	w.sheetN--
	w.sheets[w.sheetN] = sheet{}
}

// leaves gives the bytes of a sheet to the printer, which will echo its number.
func (w *world) leaves(i int) {
	s := &w.sheets[i]
	if w.numbers&(1<<(s.number-1)) != 0 {
		w.broken = proofAgain
	}
	w.numbers |= 1 << (s.number - 1)
	s.at = sheetThere
	w.sortSheets()
}

// comesOut is paper. From here on it says what it says.
func (w *world) comesOut(i int) {
	s := &w.sheets[i]
	seen := &w.seen[s.slot]
	if s.says&unmarked != 0 && *seen&papers < 2 {
		*seen++
	}
	switch {
	case s.says&paid == 0:
	case s.says&partSlip != 0:
		*seen |= saidTaken
	default:
		*seen |= saidPaid
	}
	if s.says&givenBack != 0 {
		*seen |= saidReturned
	}
	if s.at == sheetAlone {
		w.drop(i)
		return
	}
	s.at = sheetOut
	w.sortSheets()
}

// ended journals the outcome of a sheet. It never changes where the money is (rule 4).
func (x *explorer) ended(w *world, i int, outcome int) {
	s := w.sheets[i]
	if s.at == sheetThere { // it may come out yet
		w.sheets[i].at = sheetAlone
		w.sortSheets()
	} else {
		w.drop(i)
	}
	slot := int(s.slot)
	if s.says&ownPaper != 0 {
		if i := place(x.m.facts[w.now[slot]].attempt.Prints, s.number); i >= 0 {
			x.carryOut(w, slot, x.plan(w, slot, printEnded+event(3*i+outcome), false), 0)
		}
		return
	}
	if i := place(x.m.bills[w.bill(slot)].bill.Prints, s.number); i >= 0 {
		x.carryOut(w, slot, x.planSale(w, slot, printEnded+event(3*i+outcome)), 0)
	}
}

// place is where a print is among others, -1 where it is not.
func place(prints []txn.Print, number uint8) int {
	return slices.IndexFunc(prints, func(p txn.Print) bool { return p.ID == int64(number) })
}

// printWaiting prints a receipt of this run by itself, once the printer is ready.
func (x *explorer) printWaiting(w *world, slot int, cut uint8) {
	w.waiting &^= 1 << slot
	x.carryOut(w, slot, x.plan(w, slot, receiptWaited, false), cut)
}
