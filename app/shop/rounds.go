package shop

import (
	"context"
	"sync"

	"veratill/app/lines"
	"veratill/txn/till"
)

// rounds are what writes to the journal by itself while nobody sells: the bank's line, and the
// till that repeats what is owed. They implement desk.Rounds.
type rounds struct {
	till *till.Till
	bank lines.Kept
	line bool // there is a line to keep up
	ctx  context.Context

	mu   sync.Mutex
	end  context.CancelFunc // nil while they rest
	wait sync.WaitGroup
}

// Resume begins the rounds.
func (r *rounds) Resume() {
	ctx, end := context.WithCancel(r.ctx)
	r.mu.Lock()
	r.end = end
	r.mu.Unlock()
	if r.line {
		r.wait.Go(func() { r.bank.Keep(ctx) })
	}
	r.wait.Go(func() { r.till.Run(ctx) })
}

// Rest ends the rounds, and the bank's line with them, and reports whether they ran.
func (r *rounds) Rest() bool {
	r.mu.Lock()
	end := r.end
	r.end = nil
	r.mu.Unlock()
	if end == nil {
		return false
	}
	end()
	r.bank.Close()
	r.wait.Wait()
	return true
}
