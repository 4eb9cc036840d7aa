package reader

import (
	"context"
	"sync"
)

// handoff is where a card passes from the reader to the Read that waits for it. What comes
// while nobody waits is zeroed: a card that is swiped at the wrong moment is not kept.
type handoff struct {
	turn chan struct{} // holds one token: whoever has it may wait
	wake chan struct{} // holds one token when a Read has begun
	done chan struct{}
	once sync.Once

	mu     sync.Mutex
	waiter chan result // nil while nobody waits
}

type result struct {
	card Card
	err  error
}

func newHandoff() *handoff {
	return &handoff{turn: make(chan struct{}, 1), wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// wait is Reader.Read. Several wait one after another.
func (h *handoff) wait(ctx context.Context) (Card, error) {
	if err := ctx.Err(); err != nil {
		return Card{}, err
	}
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return Card{}, ctx.Err()
	case <-h.done:
		return Card{}, ErrClosed
	}
	waiter := make(chan result, 1)
	h.set(waiter)
	select {
	case h.wake <- struct{}{}:
	default:
	}
	select {
	case r := <-waiter:
		return r.card, r.err
	case <-ctx.Done():
		h.leave(waiter)
		return Card{}, ctx.Err()
	case <-h.done:
		h.leave(waiter)
		return Card{}, ErrClosed
	}
}

func (h *handoff) set(waiter chan result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiter = waiter
}

// leave ends a wait; a card that has come in the same moment is zeroed.
func (h *handoff) leave(waiter chan result) {
	h.set(nil)
	select {
	case r := <-waiter:
		r.card.Zero()
	default:
	}
}

// wants reports whether somebody waits.
func (h *handoff) wants() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.waiter != nil
}

// give ends the Read that waits. It is false, and the card is zeroed, when nobody does.
func (h *handoff) give(c Card, err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiter == nil {
		c.Zero()
		return false
	}
	h.waiter <- result{c, err}
	h.waiter = nil
	return true
}

func (h *handoff) close() { h.once.Do(func() { close(h.done) }) }
