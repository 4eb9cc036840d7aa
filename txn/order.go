package txn

import "log/slog"

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
}

// Zero overwrites all of it.
func (p Plastic) Zero() {
	p.PAN.Zero()
	p.Expiry.Zero()
	p.Track2.Zero()
}

// Order is what the bank is asked about: an attempt, its card, and what it undoes.
type Order struct {
	Attempt  Attempt
	Original *Attempt // of a void
	Card     Plastic  // after a restart only the PAN, and for a void nothing
}

// Verdict is what came of a request: exactly one of BankApproved, BankDeclined and GaveUp.
type Verdict struct {
	Kind   EventKind
	Answer Answer
	Reason Reason // of GaveUp
}
