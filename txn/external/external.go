// Package external is the line to a card terminal that stands alone, without a cable to this till: what most small
// shops have. The cashier types the amount there, reads what it shows, and says it here. That is a person's word, and
// stays one: nothing is sent, nothing can be asked again or undone from here.
package external

import (
	"context"

	"veratill/txn"
)

// Name is the line's, kept with every attempt.
const Name = "external"

// Shown is what the terminal showed, by a person's word.
type Shown string

// The closed set of answers.
const (
	Approved Shown = "approved"
	Declined Shown = "declined"
	Nothing  Shown = "nothing yet"
)

// Answer is what a person says.
type Answer struct {
	Shown        Shown
	ApprovalCode string // of the terminal's slip; may be empty
}

// Verdict is the answer as an event of its attempt. What is on no list is not said yet.
func (a Answer) Verdict() txn.Verdict {
	switch a.Shown {
	case Approved:
		return txn.Verdict{Kind: txn.PersonClaimed, Answer: txn.Answer{ApprovalCode: a.ApprovalCode}}
	case Declined:
		return txn.Verdict{Kind: txn.PersonDenied}
	}
	return txn.Verdict{Kind: txn.NotSaid}
}

// Line asks a person. It is a till.Line.
type Line struct {
	// Ask shows the question and waits for the answer; when ctx ends it is Nothing.
	Ask func(ctx context.Context, o txn.Order) Answer
}

// Name implements till.Line.
func (*Line) Name() string { return Name }

// Reference implements till.Line: the terminal numbers its payments itself, and its slip says how.
func (*Line) Reference(txn.ID, int64) string { return "" }

// Numbering implements till.Line: a terminal numbers its payments itself.
func (*Line) Numbering(name string) string { return name }

// Succeeds implements till.Line: what a terminal did is undone there alone.
func (*Line) Succeeds(string) bool { return false }

// Ready implements till.Line: a person is always there to be asked.
func (*Line) Ready(context.Context) error { return nil }

// Request implements till.Line.
func (l *Line) Request(ctx context.Context, o txn.Order) txn.Verdict { return l.Ask(ctx, o).Verdict() }

// Refunds implements till.Line: a person reads the card at the terminal, and is asked again what it showed.
func (*Line) Refunds() txn.RefundWay { return txn.RefundWay{} }

// Acknowledge implements till.Line: nobody waits for it.
func (*Line) Acknowledge(context.Context, txn.Order, bool) (v txn.Verdict) { return v }

// Resolve implements till.Line. Nothing is ever owed here; should it be asked for, nothing leaves.
func (*Line) Resolve(context.Context, txn.Order, int) txn.Verdict {
	return txn.Verdict{Kind: txn.ReversalNotSent, Detail: "undo it at the terminal"}
}
