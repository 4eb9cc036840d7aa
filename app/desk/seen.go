package desk

import (
	"maps"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/report"
)

// What can be told of books that are looked at, and not opened (journal.Look).

// ListSeen is every attempt that was read, in order.
func ListSeen(seen journal.Seen) ([]Listed, error) {
	all := make([]txn.Attempt, 0, len(seen.Books.Attempts))
	for _, id := range slices.Sorted(maps.Keys(seen.Books.Attempts)) {
		all = append(all, seen.Books.Attempts[id])
	}
	return listAll(all, slices.Collect(maps.Values(seen.Books.Bills))), nil
}

// TotalsSeen sums the newest day that was read, for a shop whose day begins so long after midnight.
func TotalsSeen(seen journal.Seen, begins time.Duration, now time.Time) (report.Totals, error) {
	if len(seen.Books.Days) == 0 {
		return report.Totals{}, journal.ErrNotFound
	}
	newest := slices.Max(slices.Collect(maps.Keys(seen.Books.Days)))
	return totalsOf(journal.ProvenOf(seen.Books, seen.Books.Days[newest]), seen.Entries, seen.Head, begins, now)
}
