package present

import (
	"fmt"
	"slices"
	"strings"

	"veratill/txn"
)

// Says is what a customer at the counter says of a payment.
type Says string

// The three disputes of a shop counter.
const (
	saysNotDebited Says = "slip"    // there is a slip, and no money left the account
	saysDebited    Says = "failed"  // it was said to have failed, and the money is gone
	saysNoSlip     Says = "nothing" // the money is gone, and there is no slip
)

// AllSays are the three, in their order.
var AllSays = []Says{saysNotDebited, saysDebited, saysNoSlip}

// verdictOf is where the money of a payment is, as far as a dispute about it goes: one of a closed set of words.
func verdictOf(m txn.Matter) string {
	a := m.Attempt
	back := m.Bill.BackOf(a.ID)
	switch charged := m.Charged(); {
	case a.Tender == txn.Cash:
		return "cash"
	case a.Tender.ByWord() && a.Cleared != "":
		return "cleared"
	case a.Tender.ByWord():
		return "elsewhere"
	case a.State == txn.Kept:
		return "kept"
	case charged == txn.ChargedUnknown && a.State == txn.Unresolved:
		return "unresolved"
	//mutant:a-verdict-is-the-journals
	case charged == txn.ChargedUnknown:
		return "unknown"
	case a.State == txn.Voided, charged == txn.ChargedYes && back.UnknownMinor == 0 && back.LeftMinor == 0:
		return "back"
	case charged == txn.ChargedYes && back.RefundedMinor+back.UnknownMinor > 0:
		return "back-part"
	case charged == txn.ChargedYes:
		return "paid"
	case a.State == txn.Declined:
		return "refused"
	}
	return "undone"
}

// MayDispute reports whether a customer can say something of a payment that the books can answer.
func MayDispute(m txn.Matter) bool { return m.Attempt.ID != 0 && m.Attempt.Kind == txn.Sale }

// Verdict answers what a customer says of a payment, by the books: what is so, what to read to the customer (Charged), and what to do today (Next).
func (w *Words) Verdict(says Says, m txn.Matter) Message {
	a := m.Attempt
	verdict := verdictOf(m)
	bank := a.Answer.Shown()
	back := m.Bill.BackOf(a.ID)
	pairs := []string{"amount", Money(a.Amount.Minor, a.Amount.Currency), "at", w.moment(a.OpenedMs), "ended", w.moment(a.EndedMs), "rrn", dash(bank.RRN), "approval", dash(bank.ApprovalCode),
		"code", dash(bank.ResponseCode), "back", Money(back.VoidedMinor+back.RefundedMinor, a.Amount.Currency), "cash", Money(cashBackMinor(m), a.Amount.Currency)}
	way := wayBack(m)
	text := func(part string) string {
		if key := "verdict." + verdict + way + part; way != "" && w.Has(key) {
			return w.Text(key, pairs...)
		}
		if key := "verdict." + verdict + "." + string(says) + part; w.Has(key) {
			return w.Text(key, pairs...)
		}
		return w.Text("verdict."+verdict+part, pairs...)
	}
	return Message{Tone: toneOfVerdict(verdict), What: w.Text("verdict."+verdict, pairs...), Charged: text(".aloud"), Next: text(".next")}
}

// cashBackMinor is what was given back in cash of a payment that was none.
func cashBackMinor(m txn.Matter) (minor int64) {
	for _, p := range m.Bill.Parts {
		if p.Original == m.Attempt.ID && p.Kind == txn.Refund && (p.State == txn.Approved || p.State == txn.Claimed) && p.Tender == txn.Cash && m.Attempt.Tender != txn.Cash {
			minor += p.AmountMinor
		}
	}
	return minor
}

// wayBack is how money of a payment went back: "" to where it came from, or all or some of it in cash.
func wayBack(m txn.Matter) string {
	back := m.Bill.BackOf(m.Attempt.ID)
	//mutant:cash-back-is-told
	switch cash := cashBackMinor(m); {
	case cash == 0:
		return ""
	case cash == back.VoidedMinor+back.RefundedMinor:
		return ".cash"
	}
	return ".mixed"
}

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func toneOfVerdict(verdict string) Tone {
	switch verdict {
	case "paid", "cash", "cleared":
		return Good
	case "unknown", "unresolved", "elsewhere":
		return Unknown
	case "kept":
		return Bad
	}
	return Warning
}

// Dispute is an answer to what a customer says, as the command line gives it.
type Dispute struct {
	Attempt int64       `json:"attempt"`
	Says    Says        `json:"says"`
	Verdict string      `json:"verdict"` // one of a closed set of words: paid, undone, refused, unknown, …
	Charged txn.Charged `json:"charged"`
	What    string      `json:"what"`
	Aloud   string      `json:"aloud"` // to read to the customer
	Next    string      `json:"next"`  // what to do today
	Life    []Moment    `json:"life"`
}

// Moment is a line of a payment's life.
type Moment struct {
	At   string `json:"at,omitempty"`
	What string `json:"what"`
}

// Dispute answers what a customer says of a payment. The error says why it can't be answered.
func (w *Words) Dispute(says Says, m txn.Matter) (d Dispute, err error) {
	if !slices.Contains(AllSays, says) {
		return d, fmt.Errorf("-says is slip (a slip, and no debit), failed (a failure, and a debit) or nothing (a debit, and no slip), and not %q", says)
	}
	if !MayDispute(m) {
		return d, fmt.Errorf("attempt %s is no payment: a void or a refund is answered with its payment", m.Attempt.ID)
	}
	v := w.Verdict(says, m)
	d = Dispute{Attempt: int64(m.Attempt.ID), Says: says, Verdict: verdictOf(m), Charged: m.Charged(), What: v.What, Aloud: v.Charged, Next: v.Next, Life: []Moment{}}
	for _, f := range w.Life(m) {
		d.Life = append(d.Life, Moment{f.Label, f.Value})
	}
	return d, nil
}

// Life is what happened to a payment, in its order: when it was begun and how it ended, what was printed of it and of its sale, and whether that is known to have come out, and
// what came later.
func (w *Words) Life(m txn.Matter) (life []Fact) {
	a := m.Attempt
	add := func(atMs int64, what string) {
		if what != "" {
			life = append(life, Fact{Label: w.moment(atMs), Value: what})
		}
	}
	add(a.OpenedMs, w.Text("life.begun", "amount", Money(a.Amount.Minor, a.Amount.Currency)))
	if a.Tries > 0 {
		add(0, w.Counted("life.tries", a.Tries))
	}
	if a.EndedMs != 0 {
		bank := a.Answer.Shown()
		add(a.EndedMs, joined(w.Text("state."+string(a.State)), strings.TrimSpace(bank.ResponseCode+" "+bank.ApprovalCode)))
	}
	for _, p := range m.Prints() {
		add(p.AtMs, joined(w.Text("life.print."+string(p.Kind)), w.Text("paper."+slug(string(p.Outcome)))))
	}
	for _, p := range m.Bill.Parts {
		if p.Kind.GivesBack() && p.Original == a.ID {
			add(0, joined(w.Text("title."+string(p.Tender)+"-"+string(p.Kind)), joined(Money(p.AmountMinor, a.Amount.Currency), w.Text("state."+string(p.State)))))
		}
	}
	if a.Late != (txn.Answer{}) {
		add(0, joined(w.Text("fact.late"), a.Late.Shown().ResponseCode))
	}
	if e := a.Evidence; e.As != "" {
		add(0, joined(w.Text("fact.evidence"), joined(w.Text("finding."+string(e.As)), e.Document)))
	}
	if a.Cleared != "" {
		add(0, w.Text("life.cleared"))
	}
	return life
}
