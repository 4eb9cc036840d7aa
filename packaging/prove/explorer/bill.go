package explorer

import "veratill/txn"

// billFacts are what the world and the checks ask of a sale's bill.
type billFacts struct {
	bill     txn.Bill
	state    txn.BillState
	paper    txn.Paper
	prints   uint8
	number   uint8 // the highest of its prints
	taken    int64
	waits    bool
	several  bool // more than one payment was tried
	paid     bool // its sum was complete once
	owes     bool // a start reads it
	restarts bool // and has something to do about it
	wants    bool // it is paid, and a person has to ask for its receipt
	unsure   bool // a line has not confirmed a part of it
	proved   bool // each payment that completed the sum was made here, and none at a terminal that stands alone
	broken   fault
}

// billRef finds or makes the number of a bill.
func (m *machine) billRef(b txn.Bill) ref {
	key := text(b)
	if r, ok := m.byText[key]; ok {
		return r
	}
	r := numbered(len(m.bills), b.Prints)
	m.byText[key] = r
	m.bills = append(m.bills, billFacts{bill: b, state: b.State, paper: b.Paper, prints: uint8(len(b.Prints)), number: highest(b.Prints),
		taken: b.TakenMinor(), waits: b.Waits(), several: several(b), paid: b.WasPaid(), owes: b.Owes(), restarts: txn.BillAllowed(b, txn.Restarted),
		unsure: b.Unconfirmed(),
		wants:  b.State == txn.BillPaid && !b.Unconfirmed() && (b.Paper == txn.NoPaper || b.Paper == txn.NotPrinted), proved: proved(b), broken: judgeBill(b)})
	return r
}

func several(b txn.Bill) bool {
	n := 0
	for _, p := range b.Parts {
		if p.Kind == txn.Sale {
			n++
		}
	}
	return n > 1
}

func proved(b txn.Bill) bool {
	for _, p := range b.Parts {
		if p.Kind == txn.Sale && p.Tender == txn.External && (p.Stands() || p.State == txn.Voided) {
			return false
		}
	}
	return true
}

// judgeBill holds a bill by itself against what may ever be said of a sale. What it says is compared with its parts in
// every world, see inspectSales.
func judgeBill(b txn.Bill) fault {
	taken, waiting, asked := int64(0), 0, 0
	left, doubtful := map[txn.ID]int64{}, map[txn.ID]int{}
	for _, p := range b.Parts {
		if p.Kind == txn.Refund { // it is in no sum that is owed: what it gives back is held against its payment
			if p.State != txn.Declined {
				left[p.Original] -= p.AmountMinor
			}
			if p.Open() || p.State == txn.Unresolved {
				doubtful[p.Original]++
			}
			continue
		}
		if p.Kind == txn.Sale {
			left[p.ID] += p.AmountMinor
		}
		if p.Stands() {
			taken += p.AmountMinor
		}
		if p.Open() {
			waiting++
		}
		if p.State == txn.Pending { // a reversal may be opened again at any moment, by an approval after no
			asked++
		}
	}
	given := taken
	for id, minor := range left {
		switch {
		case minor < 0:
			return moreBack
		case doubtful[id] > 1:
			return refundsAtOnce
		}
	}
	if b.WasPaid() {
		given -= b.Back().RefundedMinor
	}
	switch {
	case taken > b.Total.Minor:
		return aboveTotal
	case asked > 1:
		return twoAtOnce
	case b.State == txn.BillPaid && given != b.Total.Minor:
		return paidWithout
	case len(b.Prints) > 0 && !b.WasPaid():
		return receiptUnpaid
	case b.State != stateOf(b, given, waiting):
		return stateWrong
	}
	return sound
}

// stateOf is how far a sale is paid, by what is taken of it.
func stateOf(b txn.Bill, taken int64, waiting int) txn.BillState {
	switch part := taken > 0 && taken < b.Total.Minor; {
	case taken == b.Total.Minor:
		return txn.BillPaid
	case b.WasPaid() && part:
		return txn.BillReturnedInPart
	case b.WasPaid():
		return txn.BillReturned
	case part:
		return txn.BillPartPaid
	case waiting > 0:
		return txn.BillOpen
	}
	return txn.BillDropped
}
