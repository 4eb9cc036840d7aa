package receipt

import (
	"encoding/hex"
	"slices"
	"strings"

	"veratill/txn"
)

// Of is the statement of what became of a payment, by the books alone: the same books say the same, whenever and however often they are asked.
// books is the number of the books, bill the payment's sale, and moved are attempts that gave money of it back: every refund that is through has
// to be among them. ok is false where the books can't say for certain what became of it, or where what they have is a person's word alone.
func Of(books string, payment txn.Attempt, bill txn.Bill, moved []txn.Attempt) (s Statement, ok bool) {
	number, err := hex.DecodeString(books)
	//mutant:only-what-is-proven-is-signed
	if err != nil || len(number) < len(s.Books) || payment.Kind != txn.Sale || tenderByte(payment.Tender) == 0 || payment.Awaits {
		return s, false
	}
	copy(s.Books[:], number)
	s.Payment, s.Sale, s.Tender, s.Amount, s.Demo = payment.ID, payment.SaleID, payment.Tender, payment.Amount, payment.Demo
	s.Order = payment.ID
	if s.RRN = payment.Answer.Shown().RRN; len(s.RRN) > mostRRN || strings.ContainsFunc(s.RRN, func(r rune) bool { return r <= ' ' || r > '~' }) {
		s.RRN = "" // it names the payment at the bank; the till's own number names it too
	}
	endedMs := payment.EndedMs
	switch {
	//mutant:a-void-is-signed-as-a-void
	case payment.State == txn.Reversed || payment.State == txn.Voided && payment.VoidedBy == 0:
		s.Outcome, s.ByWord = Reversed, payment.Evidence.As != ""
	case payment.State == txn.Voided:
		s.Outcome, s.Order, s.BackMinor = Voided, payment.VoidedBy, payment.Amount.Minor
		for _, p := range bill.Parts { // a refund may have got through before its bank said that an earlier void did, too
			//mutant:a-void-is-the-last-of-a-payment
			if refunds(p, payment.ID) {
				s.Order = max(s.Order, p.ID)
			}
		}
		s.ByWord = stateOf(bill, payment.VoidedBy) == txn.Claimed
	case payment.State == txn.Approved:
		if endedMs = s.back(payment, bill, moved); endedMs == 0 {
			return Statement{}, false
		}
	default:
		return Statement{}, false
	}
	s.AtSeconds = endedMs / 1000
	return s, s.valid()
}

// back says what went back of a payment that stands, and when; 0 where that is not known.
func (s *Statement) back(payment txn.Attempt, bill txn.Bill, moved []txn.Attempt) (endedMs int64) {
	back := bill.BackOf(payment.ID)
	//mutant:nothing-is-signed-of-what-is-not-known
	if back.UnknownMinor > 0 {
		return 0
	}
	s.Outcome, endedMs = Paid, payment.EndedMs
	for _, p := range bill.Parts {
		if !refunds(p, payment.ID) {
			continue
		}
		i := slices.IndexFunc(moved, func(a txn.Attempt) bool { return a.ID == p.ID })
		if i < 0 || moved[i].EndedMs == 0 {
			return 0
		}
		s.OtherWay = s.OtherWay || p.Tender != payment.Tender
		s.ByWord = s.ByWord || p.State == txn.Claimed
		//mutant:a-late-refund-is-in-its-statement
		s.Outcome, s.Order, s.Refunds, s.BackMinor = GivenBack, max(s.Order, p.ID), s.Refunds+1, back.RefundedMinor
		//mutant:a-statement-is-of-its-newest-refund
		endedMs = max(endedMs, moved[i].EndedMs)
	}
	return endedMs
}

// refunds reports whether a part is a refund of a payment that is through.
func refunds(p txn.Part, payment txn.ID) bool {
	return p.Original == payment && p.Kind == txn.Refund && (p.State == txn.Approved || p.State == txn.Claimed)
}

func stateOf(bill txn.Bill, id txn.ID) txn.State {
	for _, p := range bill.Parts {
		if p.ID == id {
			return p.State
		}
	}
	return ""
}
