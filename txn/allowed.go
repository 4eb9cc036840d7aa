package txn

import (
	"slices"
	"strings"
)

// Allowed reports whether the machine takes an event of this kind on an attempt as it is. It is how
// screens and commands know what they may offer: nobody else decides that.
func Allowed(a Attempt, kind EventKind) bool {
	_, err := Step(a, Event{Kind: kind, Line: a.Line + ".", By: a.ID + 1, PrintID: lastPrint(a.Prints), Outcome: Printed,
		Evidence: Evidence{As: NeverOurs, Document: "-", SHA256: strings.Repeat("0", 64), Who: "-"}})
	return err == nil
}

// Matter is an attempt together with the sale that it belongs to: what plans are made about, and screens tell of.
// A sale of 0.00 has no attempt; then Attempt.ID is 0.
type Matter struct {
	Attempt  Attempt
	Bill     Bill
	Original *Attempt // of a void or a refund: the payment
}

// Demo reports whether no money moved: the attempt, or the sale, was a demonstration's when it began.
func (m Matter) Demo() bool { return m.Attempt.Demo || m.Bill.Demo }

// Paper is the paper that a person asks for who asks for that of the attempt: the sale's receipt where it tells of the attempt, or the slip of a void or a refund.
func (m Matter) Paper() Paper {
	if m.Attempt.Kind.GivesBack() {
		return m.Attempt.Paper
	}
	if m.Bill.Paper == "" || !m.onReceipt() {
		return NoPaper
	}
	return m.Bill.Paper
}

// onReceipt reports whether the sale's receipt tells of the attempt: a payment that was declined or undone has none, whatever paid for the sale in the end.
func (m Matter) onReceipt() bool {
	//mutant:a-receipt-is-of-what-was-paid
	return m.Attempt.ID == 0 || slices.ContainsFunc(m.Bill.Parts, func(p Part) bool { return p.ID == m.Attempt.ID && p.Paid })
}

// Prints are all papers that were begun for the attempt and, of a payment that is on its receipt, for its sale, in order.
func (m Matter) Prints() []Print {
	if m.Attempt.Kind.GivesBack() || len(m.Bill.Prints) == 0 || !m.onReceipt() {
		return m.Attempt.Prints
	}
	if len(m.Attempt.Prints) == 0 {
		return m.Bill.Prints
	}
	all := append(append([]Print(nil), m.Attempt.Prints...), m.Bill.Prints...)
	sortPrints(all)
	return all
}

// Unpapered reports whether money moved as it was to, and no paper of it came out for certain.
func (m Matter) Unpapered() bool {
	if m.Attempt.Kind.GivesBack() {
		return m.Attempt.Unpapered()
	}
	return m.Bill.Unpapered()
}

// NextPaper is what a person gets who asks for the paper of an attempt: PrintBegun, the one unmarked
// receipt, where none has come out; else CopyBegun; of a part whose sale is not paid yet SlipBegun. ok is false where there is none.
func NextPaper(m Matter) (kind EventKind, ok bool) {
	//mutant:one-unmarked-receipt/asked
	for _, kind := range []EventKind{PrintBegun, CopyBegun} {
		if m.allowed(kind) {
			return kind, true
		}
	}
	//mutant:slip-before-paid
	if !m.Bill.WasPaid() && Allowed(m.Attempt, SlipBegun) {
		return SlipBegun, true
	}
	return "", false
}

func (m Matter) allowed(kind EventKind) bool {
	if m.Attempt.Kind.GivesBack() {
		return Allowed(m.Attempt, kind)
	}
	return m.onReceipt() && BillAllowed(m.Bill, kind)
}

// Charged says whether the customer is charged for what the matter is about: an attempt, of a void or a refund the payment that it
// gives back. A sale of 0.00 charges nobody.
func (m Matter) Charged() Charged {
	switch {
	case m.Attempt.ID == 0 && m.Bill.WasPaid() && m.Bill.Total.Minor == 0:
		return ChargedNo
	case m.Original != nil:
		return ChargedAfter(*m.Original, m.Attempt)
	//mutant:payment-with-a-doubtful-void
	case m.Bill.Doubts(m.Attempt.ID) && m.Attempt.Charged() == ChargedYes: // a void may have given it back
		return ChargedUnknown
	//mutant:payment-with-a-void-under-way
	case m.Bill.undoing(m.Attempt.ID) && m.Attempt.Charged() == ChargedYes:
		return ChargedUnknown
	}
	return m.Attempt.Charged()
}
