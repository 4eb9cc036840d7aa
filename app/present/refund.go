package present

import (
	"veratill/txn"
)

// refund tells of money of a payment that goes back by a movement of its own: what is asked of it is whether it went back, never whether
// anybody is charged.
func (w *Words) refund(of txn.Matter) Message {
	a := of.Attempt
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a)}
	switch a.State {
	case txn.Approved:
		m.What, m.Next = w.Text("refund.approved"), w.paper(of)
		m.Charged = w.Text("charged.back."+string(a.Tender), "amount", amount)
	case txn.Claimed:
		m.Tone, m.What, m.Next = Warning, w.Text("result.resolved", "who", a.Evidence.Who, "finding", w.Text("finding."+string(a.Evidence.As))), w.Text("result.nothing-to-do")
		m.Charged = w.Text("refund.back", "amount", amount)
	case txn.Declined:
		m.What, m.Charged, m.Next = w.Text("refund.declined"), w.Text("refund.not-back", "amount", amount), w.Text("refund.declined.next")
		if a.Reason == txn.CannotPack {
			m.What, m.Next = w.why(a), w.Text("refund.unsent.next")
		}
		if a.Evidence.As != "" {
			m.What = w.Text("result.resolved", "who", a.Evidence.Who, "finding", w.Text("finding."+string(a.Evidence.As)))
		}
	default:
		//mutant:a-refund-that-is-not-known-says-no-cash
		m.Tone, m.What, m.Charged, m.Next = Unknown, w.Text("refund.unknown", "amount", amount), w.Text("refund.no-cash"), w.Text("refund.unknown.next")
		if a.State == txn.Unresolved && a.Reason != txn.Cancelled { // which says of a payment that the bank is asked to undo it
			m.Small = joined(w.why(a), m.Small)
		}
		if a.Again {
			m.Next = w.Text("refund.repeated.next")
		}
	}
	return m
}

// refunded says of a payment what refunds gave back of it, and what they may have.
func (w *Words) refunded(b txn.Bill, payment txn.ID) string {
	back := b.BackOf(payment)
	if back.UnknownMinor > 0 {
		return w.Text("refund.some-unknown", "amount", Money(back.UnknownMinor, b.Total.Currency))
	}
	return w.Text("refund.some-back", "amount", Money(back.RefundedMinor, b.Total.Currency), "left", Money(back.LeftMinor, b.Total.Currency))
}
