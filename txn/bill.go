package txn

import (
	"fmt"
	"slices"

	"veratill/txn/money"
)

// BillState is how far a sale is paid.
type BillState string

// The closed set of states of a sale. They are derived from its parts (see derive), never set.
const (
	BillOpen           BillState = "open"             // nothing is taken yet, and a part is under way
	BillPartPaid       BillState = "part paid"        // some of it is taken: it is finished, or undone
	BillPaid           BillState = "paid"             // all of it is taken: its receipt may be printed
	BillDropped        BillState = "dropped"          // nothing is taken and nothing is under way; another part opens it again
	BillReturnedInPart BillState = "returned in part" // was paid; some of it went back
	BillReturned       BillState = "returned"         // was paid; all of it went back
	BillTakenBack      BillState = "taken back"       // is no sale: goods were taken back without a receipt
)

// BillStates lists the closed set in the order in which a document shows it.
var BillStates = []BillState{BillOpen, BillPartPaid, BillPaid, BillDropped, BillReturnedInPart, BillReturned, BillTakenBack}

// Bill is a sale as the money sees it: what is owed, the attempts that pay it, and its paper. The
// sale is what is paid and gets a receipt; an attempt is one try to move money for it.
//
// Whoever takes parts into a bill has to do so one at a time, with what is durable: two at once would
// each find the same rest, and both pay it (till.Books).
type Bill struct {
	SaleID    int64        `json:"saleId"`
	Total     money.Amount `json:"total"`
	State     BillState    `json:"state"`
	Paper     Paper        `json:"paper"` // what became of its one unmarked receipt
	Parts     []Part       `json:"parts,omitempty"`
	Prints    []Print      `json:"prints,omitempty"`    // receipts and copies that were begun, in order
	NoReceipt bool         `json:"noReceipt,omitempty"` // nothing was sold: goods are taken back without a receipt, and its only part gives money back for them
	// ExchangeMinor is what goods of another sale are to pay of it, as its last part.
	ExchangeMinor int64 `json:"exchangeMinor,omitempty"`
	// Returns are the goods that came back, in the order in which they were taken back, also where no money went back for them (see Returned).
	Returns []Return `json:"returns,omitempty"`

	Batch    int64  `json:"batch"` // of the day in which it was paid; until then of the day in which it was opened
	Demo     bool   `json:"demo,omitempty"`
	Terminal string `json:"terminal,omitempty"`
	Merchant string `json:"merchant,omitempty"`
	Cashier  string `json:"cashier,omitempty"`
	OpenedMs int64  `json:"openedMs"`
	PaidMs   int64  `json:"paidMs,omitempty"` // when its sum was complete; 0 until then, and it never goes back to 0
}

// Part is what a bill keeps of an attempt.
type Part struct {
	ID          ID     `json:"id"`
	Kind        Kind   `json:"kind"`
	Tender      Tender `json:"tender"`
	State       State  `json:"state"`
	AmountMinor int64  `json:"amountMinor"`
	Original    ID     `json:"original,omitzero"` // what a void undoes, or a refund gives back of
	Return      int    `json:"return,omitempty"`  // of a void or a refund: the return that it pays for
	Awaits      bool   `json:"awaits,omitempty"`  // its line has not confirmed yet that it keeps it: no paper meanwhile
	// NotMade of a void: its line can't make it, so that nothing left the till, and nothing would at the next try.
	NotMade bool `json:"notMade,omitempty"`
	Paid    bool `json:"paid,omitempty"` // it is among those that made up the sum when the sale was paid
}

func partOf(a Attempt) Part {
	return Part{ID: a.ID, Kind: a.Kind, Tender: a.Tender, State: a.State, AmountMinor: a.Amount.Minor, Original: a.Original, Return: a.Return, Awaits: a.AwaitsLine(),
		NotMade: a.Kind == Void && a.State == Reversed && a.Reason == CannotPack}
}

// Open reports whether the part is not known yet.
func (p Part) Open() bool { return p.State == Pending || p.State == Reversing }

// Stands reports whether the part is a payment whose money is there.
func (p Part) Stands() bool { return p.Kind == Sale && (p.State == Approved || p.State == Claimed) }

// TakenMinor is the sum of the parts that stand.
func (b Bill) TakenMinor() int64 {
	taken := int64(0)
	for _, p := range b.Parts {
		if p.Stands() {
			taken += p.AmountMinor
		}
	}
	return taken
}

// Rest is what is still to be paid, beside what goods of another sale pay; it is zero once the bill was paid.
func (b Bill) Rest() money.Amount {
	if b.WasPaid() || b.NoReceipt {
		return money.Amount{Currency: b.Total.Currency}
	}
	return money.Amount{Minor: b.Total.Minor - b.ExchangeMinor - b.TakenMinor(), Currency: b.Total.Currency}
}

// WasPaid reports whether the sum was complete once. What went back since does not make it unpaid.
func (b Bill) WasPaid() bool { return b.PaidMs != 0 }

// Waits reports whether a part of it is not known yet: no other part begins meanwhile. A refund stops nothing but another one of its
// payment (rule 15), and is not counted.
func (b Bill) Waits() bool {
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Kind != Refund && p.Open() })
}

// NotKnown reports whether nobody knows of a payment, or of a void of one, whether it took or gave back money: it waits, or its bank says no more of it.
func (b Bill) NotKnown() bool {
	return b.Waits() || slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Kind != Refund && p.State == Unresolved })
}

// Unconfirmed reports whether the line of a part of it has not confirmed yet that it keeps the money.
func (b Bill) Unconfirmed() bool {
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Awaits })
}

// In lists the parts that are in a state, in the order in which they were begun.
func (b Bill) In(state State) []Part {
	return slices.DeleteFunc(slices.Clone(b.Parts), func(p Part) bool { return p.State != state })
}

// Standing lists the payments of the bill that stand, in the order in which they were begun.
func (b Bill) Standing() []Part {
	return slices.DeleteFunc(slices.Clone(b.Parts), func(p Part) bool { return !p.Stands() })
}

// Unpapered reports whether the bill is paid and no receipt of it came out for certain.
func (b Bill) Unpapered() bool {
	return b.State == BillPaid && (b.Paper == NoPaper || b.Paper == Printing || b.Paper == NotPrinted)
}

// Owes reports whether a start has to look at the bill: it is neither finished nor dropped, or its paper was not
// seen to its end.
func (b Bill) Owes() bool {
	//mutant:part-paid-is-owed
	return b.Waits() || b.State == BillPartPaid || b.Unpapered() || printing(b.Prints)
}

// BillDecision is what became of a bill.
type BillDecision struct {
	After      Bill
	Durability Durability
	Effects    []Effect
}

// OpenBill begins the bill of a sale. One of 0.00 is paid at once, without a part: it needs a line, so that a
// slip of the finger is no sale.
func OpenBill(o SaleOpened) (BillDecision, error) {
	sum := int64(0)
	for _, l := range o.Sale.Lines {
		sum += l.AmountMinor
	}
	total := o.Sale.Total()
	if total.Minor < 0 || o.Sale.ID < 1 || len(o.Sale.Lines) > 0 && sum != total.Minor {
		return BillDecision{}, fmt.Errorf("%w: sale %d has a total of %d and lines of %d", ErrImpossible, o.Sale.ID, total.Minor, sum)
	}
	b := Bill{SaleID: o.Sale.ID, Total: total, State: BillOpen, Paper: NoPaper, Batch: o.Batch, Demo: o.Demo, Terminal: o.Terminal,
		Merchant: o.Merchant, Cashier: o.Cashier, OpenedMs: o.AtMs, ExchangeMinor: o.Sale.CreditMinor()}
	if o.Sale.NoReceipt {
		b.NoReceipt, b.State = true, BillTakenBack
		if o.Sale.Exchange != nil || total.Minor == 0 {
			return BillDecision{}, fmt.Errorf("%w: for goods of sale %d nothing is given back", ErrImpossible, o.Sale.ID)
		}
	}
	if b.ExchangeMinor < 0 || o.Sale.Exchange != nil && b.ExchangeMinor == 0 {
		return BillDecision{}, fmt.Errorf("%w: for sale %d goods of no worth come back", ErrImpossible, o.Sale.ID)
	}
	if total.Minor > 0 {
		return BillDecision{After: b, Durability: Synced}, nil
	}
	if len(o.Sale.Lines) == 0 {
		return BillDecision{}, fmt.Errorf("%w: sale %d has neither a total nor a line", ErrImpossible, o.Sale.ID)
	}
	b.PaidMs = max(o.AtMs, 1)
	b.State = b.derive()
	//mutant:acts-of-given
	return BillDecision{b, Synced, []Effect{PrintReceipt}}, nil
}

// TakePart takes an attempt of the sale into its bill, as the attempt is now: a new part, or what became of one.
// The attempt that completes the sum makes the bill paid. ErrNotAllowed means that this part may not begin.
func TakePart(b Bill, a Attempt) (BillDecision, error) {
	part := partOf(a)
	i := slices.IndexFunc(b.Parts, func(p Part) bool { return p.ID == a.ID })
	switch {
	case i < 0:
		if err := b.mayBegin(a); err != nil {
			return BillDecision{}, err
		}
		b.Parts = append(b.Parts[:len(b.Parts):len(b.Parts)], part)
	default:
		part.Paid = b.Parts[i].Paid
		if b.Parts[i] == part {
			return BillDecision{After: b}, nil
		}
		//mutant:what-its-line-undid-made-no-sale-paid
		undid := b.Parts[i].Awaits && !part.Stands()
		b.Parts = slices.Clone(b.Parts)
		b.Parts[i] = part
		if undid {
			b = b.unpaid()
		}
	}
	if !b.WasPaid() && b.TakenMinor() == b.Total.Minor {
		return b.pay(a), nil
	}
	b.State = b.derive()
	return BillDecision{After: b}, nil
}

// pay makes the bill paid by the attempt that completes its sum.
func (b Bill) pay(last Attempt) BillDecision {
	b.PaidMs, b.Batch = max(last.EndedMs, 1), last.Batch
	b.Parts = slices.Clone(b.Parts)
	for i := range b.Parts {
		b.Parts[i].Paid = b.Parts[i].Stands()
	}
	b.State = b.derive()
	//mutant:acts-of-paid
	return BillDecision{b, Synced, []Effect{PrintReceipt}}
}

// unpaid is the bill once the line of a part that made up its sum says that it undid it by itself, or can't say whether it keeps it, or evidence has ended the part: the sum was never complete, no paper says so, and the
// rest is still to be paid. What went back of other parts meanwhile leaves it as it is.
func (b Bill) unpaid() Bill {
	if len(b.Returns) > 0 || slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Kind != Sale }) {
		return b
	}
	b.PaidMs = 0
	for i := range b.Parts { // they are a clone
		b.Parts[i].Paid = false
	}
	return b
}

// mayBegin says why an attempt may not become a part of the bill.
func (b Bill) mayBegin(a Attempt) error {
	no := func(why string) error {
		return fmt.Errorf("%w: sale %d is %s: %s", ErrNotAllowed, b.SaleID, b.State, why)
	}
	switch {
	case a.SaleID != b.SaleID || a.Amount.Currency != b.Total.Currency:
		return no("the part is of another sale or currency")
	//mutant:goods-without-a-receipt-are-no-sale
	case b.NoReceipt != a.NoReceipt || a.NoReceipt && (len(b.Parts) > 0 || a.Amount != b.Total):
		return no("goods that are taken back without a receipt are no sale, and their money goes back once")
	//mutant:a-demonstration-pays-no-sale
	case a.Demo && !b.Demo: // the other way round the receipt says that it is one
		return no("the part would be a demonstration, in which no money moves, and the sale is none")
	//mutant:one-part-at-a-time
	case b.Waits():
		return no("a part of it is not known yet, and goes first")
	case a.Return < 0 || a.Return > len(b.Returns):
		return no("there is no such return of goods")
	case a.Kind == Void:
		return b.mayUndo(a)
	case a.NoReceipt:
		return nil
	case a.Kind == Refund:
		return b.mayRefund(a)
	//mutant:paid-takes-no-part
	case b.WasPaid():
		return no("nothing more is to be paid")
	//mutant:an-unresolved-part-goes-first
	case b.NotKnown():
		return no("whether a part of it was taken is not known, and its bank says no more: a manager says first what became of it")
	//mutant:goods-pay-last
	case a.Tender == Exchange:
		if b.ExchangeMinor == 0 || a.Amount.Minor != b.ExchangeMinor || b.Rest().Minor != 0 {
			return no("goods that come back pay as the last part, and what was said at the beginning")
		}
	//mutant:no-part-above-the-rest
	case a.Amount.Minor > b.Rest().Minor:
		return no("the part is more than the rest")
	case a.Tender == Cash && a.Amount.Minor != b.Rest().Minor:
		return no("cash is the last part, because only cash can be handed back at once")
	}
	return nil
}

// mayUndo says why a void may not be begun.
func (b Bill) mayUndo(void Attempt) error {
	//mutant:one-void-at-a-time
	if b.Doubts(void.Original) {
		return fmt.Errorf("%w: whether payment %s of sale %d was voided is not known", ErrNotAllowed, void.Original, b.SaleID)
	}
	//mutant:no-void-after-a-refund
	if back := b.BackOf(void.Original); back.RefundedMinor+back.UnknownMinor > 0 {
		return fmt.Errorf("%w: some of payment %s of sale %d was given back, or may have been", ErrNotAllowed, void.Original, b.SaleID)
	}
	for _, p := range b.Parts {
		//mutant:an-exchange-is-not-voided
		if p.ID == void.Original && p.Stands() && p.Tender != Exchange && p.AmountMinor == void.Amount.Minor {
			return nil
		}
	}
	return fmt.Errorf("%w: sale %d has no payment %s of this amount that stands", ErrNotAllowed, b.SaleID, void.Original)
}

// Doubts reports whether a void of a payment was tried of which the bank says no more, so that nobody knows whether the money went back.
func (b Bill) Doubts(payment ID) bool {
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Kind == Void && p.Original == payment && p.State == Unresolved })
}

// undoing reports whether a void of a payment is under way, so that nobody knows yet whether the money goes back.
func (b Bill) undoing(payment ID) bool {
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Kind == Void && p.Original == payment && p.Open() })
}

// mayBeVoided reports whether a void of a part is under way, or is not known. A refund that is not known stops no copy, which says so: the sale was paid
// all the same.
func (b Bill) mayBeVoided() bool {
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Kind == Void && (p.Open() || p.State == Unresolved) })
}

// derive is the one place that decides how far a sale is paid, from its parts and from whether it was paid before. What its customer got
// back is Back's to say.
func (b Bill) derive() BillState {
	taken := b.TakenMinor()
	if b.WasPaid() {
		taken = max(taken-b.Back().RefundedMinor, 0)
	}
	switch {
	case b.NoReceipt:
		return BillTakenBack
	//mutant:paid-stays-paid
	case b.WasPaid() && taken == b.Total.Minor:
		return BillPaid
	case b.WasPaid() && taken > 0:
		return BillReturnedInPart
	case b.WasPaid():
		return BillReturned
	case taken > 0:
		return BillPartPaid
	case b.Waits():
		return BillOpen
	case len(b.Parts) > 0:
		return BillDropped
	}
	return BillOpen
}

// StepBill decides about a bill's paper, and what a start makes of it. It is pure, and refuses by default:
// ErrNotAllowed means that nothing changes, and that nothing may be done.
func StepBill(b Bill, e Event) (BillDecision, error) {
	switch {
	//mutant:no-paper-before-the-line-confirms
	case b.Unconfirmed() && (e.Kind == PrintBegun || e.Kind == CopyBegun):
	//mutant:paper-for-money
	//mutant:one-unmarked-receipt
	case e.Kind == PrintBegun && b.State == BillPaid && (b.Paper == NoPaper || b.Paper == NotPrinted):
		b.Paper, b.Prints = Printing, addPrint(b.Prints, PrintOriginal, e)
		//mutant:intent-before-print
		//mutant:acts-of-receipt
		return BillDecision{b, Synced, []Effect{PrintReceipt}}, nil
	//mutant:no-copy-while-a-void-is-not-known
	case e.Kind == CopyBegun && b.mayBeVoided():
		return BillDecision{}, fmt.Errorf("%w: whether a payment of sale %d was given back is not known, and a copy would say that it is paid", ErrNotAllowed, b.SaleID)
	case e.Kind == CopyBegun && b.WasPaid() && b.Paper != Printing:
		//mutant:copy-is-marked
		b.Prints = addPrint(b.Prints, PrintRepeat, e)
		//mutant:acts-of-copy
		return BillDecision{b, Synced, []Effect{PrintCopy}}, nil
	case e.Kind == PrintEnded:
		prints, p, ok := endPrint(b.Prints, e)
		if !ok {
			break
		}
		b.Prints = prints
		if p.Kind == PrintOriginal {
			b.Paper = e.Outcome
		}
		return BillDecision{After: b}, nil
	//mutant:a-dropped-sale-of-other-books-has-no-unmarked-receipt
	case e.Kind == BooksDiffer && b.State == BillDropped && b.Paper == NoPaper:
		b.Paper = PaperUnknown // newer books may have had it paid and printed: should it be paid here too, its paper is a marked copy
		return BillDecision{After: b, Durability: Synced}, nil
	case (e.Kind == Restarted || e.Kind == BooksDiffer) && (b.State == BillPartPaid || b.Unpapered() || printing(b.Prints)):
		return restartBill(b, e.Kind), nil
	}
	return BillDecision{}, fmt.Errorf("%w: %s while sale %d is %s, paper %s", ErrNotAllowed, e.Kind, b.SaleID, b.State, b.Paper)
}

// restartBill is what the start of a till makes of a bill that it finds unfinished: a print that was begun has an
// unknown end, and a person hears of a sale that is paid in part or has no receipt. Where newer books may have printed it, what has
// none gets a marked copy alone.
func restartBill(b Bill, kind EventKind) BillDecision {
	b.Prints = forgotten(b.Prints)
	if kind == BooksDiffer {
		if b.State == BillPartPaid || b.Unpapered() || b.Paper == Printing { // newer books may have finished it
			//mutant:receipt-of-other-books-is-unknown
			b.Paper = PaperUnknown
		}
		//mutant:acts-of-books-differ-bill
		return BillDecision{b, Synced, []Effect{TellPerson}}
	}
	if b.Paper == Printing {
		//mutant:begun-print-is-unknown
		b.Paper = PaperUnknown
	}
	if b.State == BillPartPaid || b.Unpapered() {
		//mutant:acts-of-restarted-bill
		return BillDecision{b, Lazy, []Effect{TellPerson}}
	}
	return BillDecision{After: b}
}

// BillAllowed reports whether the machine takes an event of this kind on a bill as it is.
func BillAllowed(b Bill, kind EventKind) bool {
	_, err := StepBill(b, Event{Kind: kind, PrintID: lastPrint(b.Prints), Outcome: Printed})
	return err == nil
}

// FirstMs is when a day's first payment was begun, or its first sale of 0.00 given; 0 without one. first is its first attempt and lowest
// its sale of the lowest number, each zero where it has none. A sale may be opened on one day and paid on the next: what a day
// begins with is a payment of its own.
func FirstMs(first Attempt, lowest Bill) int64 {
	given := lowest.SaleID != 0 && len(lowest.Parts) == 0
	//mutant:a-day-begins-with-its-own-payment
	if given && (first.ID == 0 || lowest.SaleID < first.SaleID) {
		return lowest.OpenedMs
	}
	return first.OpenedMs
}
