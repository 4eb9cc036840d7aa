package shop

import (
	"context"

	"veratill/app/desk"
	"veratill/txn"
)

// noLine is the bank of a shop that takes no cards: it is never ready, so that nothing is begun on it, and what
// is owed to an earlier bank stays owed to that one.
type noLine struct{}

// Name implements till.Line.
func (noLine) Name() string { return "none" }

// Acknowledge implements till.Line.
func (noLine) Acknowledge(context.Context, txn.Order) {}

// Ready implements till.Line.
func (noLine) Ready(context.Context) error { return desk.ErrCashOnly }

// Request implements till.Line. Nothing left, and nobody is charged.
func (noLine) Request(context.Context, txn.Order) txn.Verdict {
	return txn.Verdict{Kind: txn.NotSent, Reason: txn.LinkLost, Detail: desk.ErrCashOnly.Error()}
}

// Reverse implements till.Line. Nothing left, so that it stays owed.
func (noLine) Reverse(context.Context, txn.Order, int) txn.Verdict {
	return txn.Verdict{Kind: txn.ReversalNotSent, Detail: desk.ErrCashOnly.Error()}
}
