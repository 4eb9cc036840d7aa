package counter

import (
	"context"
	"sync"

	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/till"
)

// Beside is a card terminal without a cable, and the person who reads it.
type Beside struct {
	mu    sync.Mutex
	shown external.Shown
}

// Shows says what the terminal shows from now on: approved, declined, or anything else for nothing yet.
func (b *Beside) Shows(word string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown = external.Shown(word)
}

// Line is the till's.
func (b *Beside) Line() till.Line {
	return &external.Line{Ask: func(context.Context, txn.Order) external.Answer {
		b.mu.Lock()
		defer b.mu.Unlock()
		return external.Answer{Shown: b.shown}
	}}
}

// Declined is what a person says who saw that a payment was declined there.
func Declined() txn.Verdict { return external.Answer{Shown: external.Declined}.Verdict() }
