// Package finding looks things up in a folder's books for people: payments, by the index beside the books, and what differs from the files in which banks, acquirers and
// wallets settle.
package finding

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/insight"
	"veratill/txn/journal"
	"veratill/txn/money"
)

// Finder looks into one folder's books. It implements present.Finding, and its methods are safe for use by several goroutines.
type Finder struct {
	*find.Index
	books  *journal.Journal
	begins time.Duration
	now    func() time.Time
}

// New makes a finder for the books of a data folder, and looks at nothing yet. The shop's day begins so long after midnight; now nil is the clock.
func New(dir string, books *journal.Journal, begins time.Duration, now func() time.Time) *Finder {
	if now == nil {
		now = time.Now
	}
	return &Finder{Index: find.New(nil, dir, books, now), books: books, begins: begins, now: now}
}

// Insight implements present.Insights.
func (f *Finder) Insight(ctx context.Context, days int) (insight.Report, error) {
	now := f.now()
	return Insight(ctx, f.books, now.AddDate(0, 0, 1-days).Format(time.DateOnly), "", now)
}

// catchUp is how long an answer waits for the index to take up what is new.
const catchUp = 250 * time.Millisecond

// Find implements present.Finding.
func (f *Finder) Find(ctx context.Context, asked find.Asked) (found present.FoundPayments, err error) {
	ground := find.Ground{Now: f.now(), Begins: f.begins, Digits: money.Currency(f.books.OpenDay().Currency).Digits(), Last: f.books.Numbers().Last}
	q, err := asked.Query(ground)
	if err != nil {
		return found, err
	}
	soon, cancel := context.WithTimeout(ctx, catchUp)
	defer cancel()
	_ = f.TakeAll(soon, nil) // the answer says how far it is behind, and why
	answer, err := f.Index.Find(ctx, q)
	if err != nil {
		return found, err
	}
	found.More, found.Behind = answer.More, answer.Behind
	if answer.Trouble != nil {
		found.Trouble = answer.Trouble.Error()
	}
	for _, hit := range answer.Hits {
		e, err := f.entry(ctx, hit.ID)
		if err != nil {
			return found, fmt.Errorf("attempt %s: %w", hit.ID, err)
		}
		found.Entries = append(found.Entries, e)
	}
	return found, nil
}

// FindSaid is Find for a question in JSON.
func (f *Finder) FindSaid(ctx context.Context, question string) (present.FoundPayments, error) {
	var asked find.Asked
	if err := json.Unmarshal([]byte(question), &asked); err != nil {
		return present.FoundPayments{}, err
	}
	return f.Find(ctx, asked)
}

// entry is a payment as the books have it now.
func (f *Finder) entry(ctx context.Context, id txn.ID) (e present.Entry, err error) {
	if e.Attempt, err = f.books.Attempt(ctx, id); err != nil {
		return e, err
	}
	if e.Bill, err = f.books.Bill(ctx, e.Attempt.SaleID); err != nil {
		return e, err
	}
	e.Sale, err = f.books.Sale(ctx, e.Attempt.SaleID)
	return e, err
}
