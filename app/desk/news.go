package desk

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"veratill/txn"
	"veratill/txn/journal"
)

// News is what a till tells while it works: that something has changed, and that a person is needed.
// It is there before the till, which is made of it. Its methods are safe for use by several goroutines.
type News struct {
	journal *journal.Journal
	log     *slog.Logger

	mu       sync.Mutex
	watchers []func()
	callsFor []txn.ID             // payments that the till called a person to
	asking   func(typing bool)    // told what a payment by code waits for; nil where nobody follows one
	shown    func(lines []string) // told what stands on the card terminal's display; nil where nobody follows it
}

// NewNews makes the news of a till on a journal.
func NewNews(j *journal.Journal, log *slog.Logger) *News { return &News{journal: j, log: log} }

func (n *News) watch(changed func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.watchers = append(n.watchers, changed)
}

// Changed tells whoever watches.
func (n *News) Changed() {
	n.mu.Lock()
	watchers := n.watchers
	n.mu.Unlock()
	for _, w := range watchers {
		w()
	}
}

// follow tells what the payment by code that is under way waits for, until stop. There is one at a time.
func (n *News) follow(told func(typing bool)) (stop func()) {
	n.mu.Lock()
	n.asking = told
	n.mu.Unlock()
	return func() {
		n.mu.Lock()
		n.asking = nil
		n.mu.Unlock()
	}
}

// followShown tells what stands on the card terminal's display, until stop. There is one payment at a time.
func (n *News) followShown(told func(lines []string)) (stop func()) {
	n.mu.Lock()
	n.shown = told
	n.mu.Unlock()
	return func() {
		n.mu.Lock()
		n.shown = nil
		n.mu.Unlock()
	}
}

// Shown is told by a card terminal's line what stands on its display.
func (n *News) Shown(lines []string) {
	n.mu.Lock()
	told := n.shown
	n.mu.Unlock()
	if told != nil {
		told(lines)
	}
}

// Asking is told by a wallet's line what its payment waits for: the customer, who types the password, or the provider.
func (n *News) Asking(_ txn.ID, typing bool) {
	n.mu.Lock()
	told := n.asking
	n.mu.Unlock()
	if told != nil {
		told(typing)
	}
}

// CallPerson notes a payment, or a sale, that the till cannot bring to its end by itself, and says so in the log.
func (n *News) CallPerson(m txn.Matter) {
	n.log.Warn("a person is needed", "attempt", m.Attempt.ID.String(), "state", string(m.Attempt.State), "sale", m.Bill.SaleID,
		"sale state", string(m.Bill.State), "paper", string(m.Paper()), "reversals", m.Attempt.Tries, "unsent", m.Attempt.Unsent)
	if m.Attempt.ID != 0 {
		n.mu.Lock()
		n.callsFor = append(n.callsFor, m.Attempt.ID)
		n.mu.Unlock()
	}
	n.Changed()
}

// called lists the payments that still wait for the person whom the till called: the bank still says nothing of one, or it is over, and not as anybody
// expects. What a separate terminal showed is no matter of the bank; what was paid and has no paper, and what is paid in part, is told at the
// start and in the list of what is unfinished; what the bank says no more of stands in the books (till.Unresolved).
func (n *News) called(ctx context.Context) (waiting []txn.Attempt) {
	n.mu.Lock()
	defer n.mu.Unlock()
	kept := n.callsFor[:0]
	for _, id := range n.callsFor {
		a, err := n.journal.Attempt(ctx, id)
		if err != nil || slices.Contains(kept, id) {
			continue
		}
		if a.Open() && !a.AsksAPerson() || oddlyOver(a) {
			kept, waiting = append(kept, id), append(waiting, a)
		}
	}
	n.callsFor = kept
	return waiting
}

// oddlyOver reports whether a payment is over, and a person has to look at it all the same: its line undid it by itself, or what the bank undid, or
// has, may be another's.
func oddlyOver(a txn.Attempt) bool {
	//mutant:what-is-oddly-over-waits-for-a-look
	return a.UndoneByLine() || (a.State == txn.Reversed || a.State == txn.Declined) && a.Evidence.As == "" && a.Reason.MaybeAnothers()
}

// looked takes a payment that is over off those a person was called to: somebody has opened its page.
func (n *News) looked(ctx context.Context, id txn.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if a, err := n.journal.Attempt(ctx, id); err == nil && oddlyOver(a) {
		n.callsFor = slices.DeleteFunc(n.callsFor, func(called txn.ID) bool { return called == id })
	}
}
