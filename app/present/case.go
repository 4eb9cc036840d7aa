package present

import (
	"slices"

	"veratill/txn"
)

// Stance is what a shop does about a case, by its books.
type Stance string

// The closed set of stances.
const (
	StanceRight     Stance = "right"     // the customer is right: ask for a credit adjustment
	StanceEvidence  Stance = "evidence"  // the books hold the payment: send the pages
	StanceAsk       Stance = "ask"       // nobody knows yet: ask the bank
	StanceWeak      Stance = "weak"      // the books hold it, and a stripe without a PIN proves nobody
	StanceElsewhere Stance = "elsewhere" // a separate terminal's slip is the evidence
)

// stripeAlone reports whether a card was read from its stripe and no PIN was entered, by DE22 (n3): 02 is a stripe, 90 one that is read whole, 80 one in the place of a chip;
// 1 at the end is a PIN.
func stripeAlone(entryMode string) bool {
	return len(entryMode) == 3 && slices.Contains([]string{"02", "90", "80"}, entryMode[:2]) && entryMode[2] != '1'
}

// StanceOf is what the books say of a claim about a payment. What is not known is never fought.
func StanceOf(claim txn.Claim, m txn.Matter) Stance {
	a, answer := m.Attempt, StanceEvidence
	back := m.Bill.BackOf(a.ID)
	switch verdict := verdictOf(m); {
	case verdict == "unknown", verdict == "unresolved":
		answer = StanceAsk
	case verdict == "elsewhere":
		answer = StanceElsewhere
	case verdict == "undone", verdict == "refused", verdict == "kept":
		answer = StanceRight
	case claim == txn.ClaimNoRefund && back.UnknownMinor > 0:
		answer = StanceAsk
	case claim == txn.ClaimNotAllowed && a.Tender == txn.Card && a.Answer.ApprovalCode == "":
		answer = StanceRight
	case claim == txn.ClaimNotMe && stripeAlone(a.Card.EntryMode):
		answer = StanceWeak
	}
	//mutant:a-stance-is-the-journals
	return answer
}

// Claim is what a customer says to their bank.
func (w *Words) Claim(c txn.Claim) string { return w.Closed("claim.", string(c)) }

// CaseState is how far a case has come.
func (w *Words) CaseState(s txn.CaseState) string { return w.Closed("case.state.", string(s)) }

// Stance is what the shop does about a case, in words.
func (w *Words) Stance(c txn.Case, m txn.Matter) string {
	due := c.Due
	if due == "" {
		due = w.Text("case.due-none")
	}
	return w.Text("case.stance."+string(StanceOf(c.Claim, m)), "due", due)
}

// CaseFacts are what names a case at the bank.
func (w *Words) CaseFacts(c txn.Case) []Fact {
	code := ""
	if c.Code != "" {
		code = w.Text("case.code.unknown", "scheme", c.Scheme, "code", c.Code)
		if r, known := txn.ReasonCodeOf(c.Scheme, c.Code); known {
			code = joined(w.Text("case.code.unchecked", "scheme", c.Scheme, "code", c.Code), r.Name)
		}
	}
	return []Fact{{w.Text("case.code"), code}, {w.Text("case.reference"), c.Reference}, {w.Text("case.due"), c.Due}}
}
