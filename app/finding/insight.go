package finding

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"veratill/txn"
	"veratill/txn/insight"
	"veratill/txn/journal"
)

// mostDays bounds a span: a year and what a comparison with the one before needs.
const mostDays = 400

var errSpan = errors.New("the days can't be looked at")

// Insight says of the days from one date to another, YYYY-MM-DD, what a manager asks. An empty last day is today, and an empty first one 27 days before the last. The error says what is
// wrong with the dates, or is the journal's.
func Insight(ctx context.Context, books *journal.Journal, from, to string, now time.Time) (r insight.Report, err error) {
	span, err := spanOf(from, to, now)
	if err != nil {
		return r, err
	}
	since, until := span.Earliest().AddDate(0, 0, -1).UnixMilli(), span.To.AddDate(0, 0, 2).UnixMilli()
	attempts, err := books.Between(ctx, since, until)
	if err != nil {
		return r, err
	}
	days, err := books.Days(ctx)
	if err != nil {
		return r, err
	}
	sales, err := soldBy(ctx, books, attempts)
	if err != nil {
		return r, err
	}
	given, err := givenIn(ctx, books, daysIn(days, since, until))
	if err != nil {
		return r, err
	}
	sales, first := append(sales, given...), books.OpenDay().OpenedMs
	for _, d := range days {
		first = min(first, d.OpenedMs)
	}
	return insight.Of(span, sales, attempts, books.OpenDay().Currency, first)
}

func spanOf(from, to string, now time.Time) (s insight.Span, err error) {
	s = insight.Span{Now: now, Where: now.Location()}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if s.To = today; to != "" {
		if s.To, err = time.ParseInLocation(time.DateOnly, to, now.Location()); err != nil {
			return s, fmt.Errorf("%w: %q is no date: write 2026-12-31", errSpan, to)
		}
	}
	if s.From = s.To.AddDate(0, 0, -27); from != "" {
		if s.From, err = time.ParseInLocation(time.DateOnly, from, now.Location()); err != nil {
			return s, fmt.Errorf("%w: %q is no date: write 2026-12-01", errSpan, from)
		}
	}
	switch {
	case s.From.After(s.To):
		return s, fmt.Errorf("%w: %s comes after %s", errSpan, s.From.Format(time.DateOnly), s.To.Format(time.DateOnly))
	case s.From.AddDate(0, 0, mostDays).Before(s.To):
		return s, fmt.Errorf("%w: they are more than %d", errSpan, mostDays)
	}
	return s, nil
}

// daysIn are the batches of the days that may have been open between two moments. days are in the order of the newest first.
func daysIn(days []journal.Day, fromMs, untilMs int64) (batches []int64) {
	closedMs := int64(math.MaxInt64)
	for _, d := range days {
		if d.OpenedMs <= untilMs && closedMs >= fromMs {
			batches = append(batches, d.Batch)
		}
		closedMs = d.OpenedMs
	}
	return batches
}

// givenIn reads the sales of 0.00 of days: nobody paid them, so that they have no attempt.
func givenIn(ctx context.Context, books *journal.Journal, batches []int64) (sales []insight.Sold, err error) {
	for _, batch := range batches {
		bills, err := books.Bills(ctx, batch)
		if err != nil {
			return nil, err
		}
		for _, b := range bills {
			//mutant:sales-of-nothing-are-counted
			if b.Total.Minor != 0 || !b.WasPaid() || b.NoReceipt {
				continue
			}
			sold, err := books.Sale(ctx, b.SaleID)
			if err != nil {
				return nil, err
			}
			sales = append(sales, insight.Sold{Bill: b, Lines: sold.Lines})
		}
	}
	return sales, nil
}

// soldBy reads the sales that attempts paid, each once.
func soldBy(ctx context.Context, books *journal.Journal, attempts []txn.Attempt) (sales []insight.Sold, err error) {
	seen := map[int64]bool{}
	for _, a := range attempts {
		if a.Kind != txn.Sale || seen[a.SaleID] {
			continue
		}
		seen[a.SaleID] = true
		bill, err := books.Bill(ctx, a.SaleID)
		if err != nil {
			return nil, err
		}
		if !bill.WasPaid() {
			continue
		}
		sold, err := books.Sale(ctx, a.SaleID)
		if err != nil {
			return nil, err
		}
		sales = append(sales, insight.Sold{Bill: bill, Lines: sold.Lines})
	}
	return sales, nil
}
