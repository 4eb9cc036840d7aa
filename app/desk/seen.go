package desk

import (
	"encoding/json"
	"maps"
	"slices"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/report"
)

// What can be told of books that a newer program has written (journal.Look).

// ListSeen is every attempt that was read, in order.
func ListSeen(seen journal.Seen) ([]Listed, error) {
	all := make([]txn.Attempt, 0, len(seen.Books.Attempts))
	for _, id := range slices.Sorted(maps.Keys(seen.Books.Attempts)) {
		all = append(all, seen.Books.Attempts[id])
	}
	return listAll(all, slices.Collect(maps.Values(seen.Books.Bills))), nil
}

// TotalsSeen sums the newest day that was read.
func TotalsSeen(seen journal.Seen) (report.Totals, error) {
	batches := slices.Sorted(maps.Keys(seen.Books.Days))
	if len(batches) == 0 {
		return report.Totals{}, journal.ErrNotFound
	}
	day := seen.Books.Days[batches[len(batches)-1]]
	var previous report.Totals
	if n := len(batches); n > 1 && len(seen.Books.Days[batches[n-2]].Totals) > 0 {
		if err := json.Unmarshal(seen.Books.Days[batches[n-2]].Totals, &previous); err != nil {
			return report.Totals{}, err
		}
	}
	var attempts []txn.Attempt
	for _, id := range slices.Sorted(maps.Keys(seen.Books.Attempts)) {
		if a := seen.Books.Attempts[id]; a.Batch == day.Batch {
			attempts = append(attempts, a)
		}
	}
	var bills []txn.Bill
	for _, b := range seen.Books.Bills {
		if b.Batch == day.Batch {
			bills = append(bills, b)
		}
	}
	return sumOf(day, previous, attempts, bills, seen.Entries, seen.Head)
}
