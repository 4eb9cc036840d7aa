package txn

import (
	"log/slog"
	"strings"

	"veratill/txn/sale"
)

// Secret is card data. It prints as "[secret]" whatever the verb, and is zeroed once used.
type Secret []byte

// String keeps the value out of every log and error.
func (Secret) String() string { return "[secret]" }

// GoString keeps the value out of %#v.
func (Secret) GoString() string { return "[secret]" }

// LogValue keeps the value out of slog.
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalJSON keeps the value out of JSON.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"[secret]"`), nil }

// Zero overwrites the value.
func (s Secret) Zero() { clear(s) }

// Plastic is what a message to the bank needs of a card. Only PAN is ever kept,
// encrypted, and only while an attempt is open.
type Plastic struct {
	PAN    Secret
	Expiry Secret // YYMM
	Track2 Secret // without sentinels
	Code   Secret // a customer's payment code, in place of a card: it is in the request and never kept
}

// Zero overwrites all of it.
func (p Plastic) Zero() {
	p.PAN.Zero()
	p.Expiry.Zero()
	p.Track2.Zero()
	p.Code.Zero()
}

// RefundWay is how a line gives money back.
type RefundWay struct {
	Repeats   bool // its host knows a refund again that comes twice under one number (rule 14)
	ReadsCard bool // the card that was paid with is read again
	// VoidsAgain says that a void which is not known is asked for again until its host says what became of it, and is never undone.
	VoidsAgain bool
}

// FactsOfCode is what may be kept of a payment code: whose it is, and its last four digits. It is empty for what is none.
func FactsOfCode(code Secret) CardFacts {
	scheme := sale.PaymentCodeOf(code)
	if scheme == sale.NoWallet {
		return CardFacts{}
	}
	//mutant:code-is-masked
	masked := strings.Repeat("*", len(code)-4) + string(code[len(code)-4:])
	return CardFacts{Masked: masked, Scheme: string(scheme)}
}

// Order is what the bank is asked about: an attempt, its card, and what it undoes.
type Order struct {
	Attempt  Attempt
	Original *Attempt // of a void or a refund
	Card     Plastic  // after a restart only the PAN, and for a void nothing
	// Later is of a void on a line whose numbers begin anew by themselves: what the line was asked for after the original, of the days of both.
	Later []Attempt
}

// Verdict is what came of a message to the bank, as the event that Step takes. A request ends
// as exactly one of BankApproved, BankDeclined, GaveUp, NumberIsTaken and NotSent, at a terminal that stands alone as one of
// PersonClaimed, PersonDenied and NotSaid; a reversal as one of
// ReversalAnswered, ReversalRepeated, ReversalRefused and ReversalNotSent.
type Verdict struct {
	Kind   EventKind
	Answer Answer
	Reason Reason // of GaveUp and NotSent
	Detail string // of NotSent and ReversalNotSent: which field does not fit, never its value
	// Compares says that the bank finds what it is to undo by more than the number: what is given up there is undone, or nothing is.
	Compares bool
	// Awaits says of an approval that its line waits to hear that it is durable here, and may undo it until then: see Attempt.Awaits. What it
	// says after that is one of LineKept, LineUndid and LineUnsure, or no kind where it is not known yet.
	Awaits bool
	Slip   []string // what a terminal printed for the customer
	// MerchantSlip is what it printed for the merchant.
	MerchantSlip []string
	Card         CardFacts // that a terminal read; empty where the till read it
	// Stale says that the answer tells a moment of the bank's from before the request left: it is about an earlier payment.
	Stale bool
}

// Shares reports whether an answer that was said to a may say what was said of another attempt, o, and be a's all the same. So does an attempt's own; and a
// payment's and that of what gives it back, where the bank says the payment's RRN back by which the request named it (back): many do. Whose that is,
// approval code and bank time tell alone. An RRN that is not the payment's is of one attempt, also among the voids and refunds of one payment.
func (a Attempt) Shares(o Attempt, said Answer, back bool) bool {
	if o.ID == a.ID || o.Original == a.ID {
		return true
	}
	//mutant:a-refund-s-answer-is-its-own
	kin := back && (o.ID == a.Original || o.Original == a.Original)
	//mutant:said-back-is-told-by-code-and-time
	return kin && !o.Answer.sameMoment(said)
}

// sameMoment reports whether two answers say one approval code at one moment of the bank's. What says neither is another.
func (a Answer) sameMoment(b Answer) bool {
	return named(a.ApprovalCode) != "" && a.HostTime != "" && a.ApprovalCode == b.ApprovalCode && a.HostTime == b.HostTime
}

// Number settles whose the number is that a bank answered about: twin is another attempt of these books that has what the answer
// says, 0 for none. Only that proves that nobody was charged. An approval that says what was said of another, or a moment before it was asked for, is not ours. What is not known to be ours is not given up
// where a reversal would undo whatever payment has the number.
func (v Verdict) Number(twin ID) Verdict {
	others := twin != 0 || v.Stale
	known := v.Kind == NumberIsTaken && v.Reason == NoReason // by 94, and by nothing that contradicts itself
	switch {
	// A moment alone proves nobody uncharged: the bank may tell the time of another clock than the one that it was known by.
	//mutant:another-s-number-is-proved
	case known && twin != 0:
		return Verdict{Kind: NumberIsAnothers, Reason: NumberTaken, Answer: v.Answer}
	case known:
		v.Reason = NumberTaken
	//mutant:approval-of-another-is-not-ours
	case others && (v.Kind == BankApproved || v.Kind == GaveUp):
		v.Kind, v.Reason = NumberIsTaken, NotOurs
	case v.Kind != NumberIsTaken:
		return v
	}
	//mutant:taken-is-reversed-where-all-is-compared
	if v.Compares {
		v.Kind = GaveUp
	}
	return v
}

// EventOf is a verdict as an event of its attempt.
func EventOf(v Verdict) Event {
	return Event{Kind: v.Kind, Answer: v.Answer, Reason: v.Reason, Detail: v.Detail, Awaits: v.Awaits, Slip: v.Slip, MerchantSlip: v.MerchantSlip, Card: v.Card}
}

// LateEventOf is a verdict on an answer that nobody waited for any more, as an event of its attempt: only that the bank approved, or whose the
// number is, makes more of it than evidence; of a refund, that the bank refused it as well.
func LateEventOf(of Kind, v Verdict) Event {
	late := map[EventKind]EventKind{BankApproved: BankApprovedLate, NumberIsTaken: TakenLate, NumberIsAnothers: AnothersLate}
	if of == Refund {
		//mutant:refund-refused-late-ends-it
		late[BankDeclined] = RefusedLate
	}
	kind, more := late[v.Kind]
	if !more {
		kind = AnsweredLate
	}
	return Event{Kind: kind, Answer: v.Answer, Reason: v.Reason}
}
