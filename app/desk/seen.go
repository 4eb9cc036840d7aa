package desk

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"veratill/app/doctor"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/report"
	"veratill/txn/till"
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

// ChecksSeen says of books that no till has open what they hold, all of which was verified, how far their numbers have come, and what they
// owe; lines are the names of the settings' lines. marks are the marks outside the books, in the folder stateDir; nil where none are kept.
func ChecksSeen(seen journal.Seen, lines []string, marks till.Marks, stateDir string) ([]doctor.Check, error) {
	check := doctor.Check{Name: "journal", Level: doctor.Good, Detail: fmt.Sprintf("all of it holds: %d entries, %d attempts", seen.Entries, seen.Attempts)}
	if len(seen.Books.Days) > 0 {
		check.Detail += fmt.Sprintf("; batch %06d is open", slices.Max(slices.Collect(maps.Keys(seen.Books.Days))))
	}
	here := func(a txn.Attempt) bool { return slices.Contains(lines, a.Line) }
	checks := []doctor.Check{check, numbersSeen(seen, marks, stateDir), owedCheck(till.OwingsOf(maps.Values(seen.Books.Attempts), maps.Values(seen.Books.Bills), here))}
	return append(checks, settlementsCheck(slices.Collect(maps.Values(seen.Books.Settlements)))...), nil
}

// numbersSeen says whether the numbers of payments are in doubt, and what the marks outside the books say of these. The next start does
// something about it, and a look does not.
func numbersSeen(seen journal.Seen, marks till.Marks, stateDir string) doctor.Check {
	n := seen.Books.Numbers
	check := doctor.Check{Name: "numbers", Level: doctor.Good, Detail: fmt.Sprintf("the last one is %s", n.Last)}
	if n.Why != "" {
		check.Level, check.Detail = doctor.Warning, movedDetail(n.Why, stateDir)
	}
	if marks == nil {
		return check
	}
	warn := func(text string) {
		check.Level = doctor.Warning
		check.Detail += "; " + text
	}
	all, unreadable, err := marks.Read()
	for _, file := range slices.Sorted(maps.Keys(unreadable)) {
		warn(fmt.Sprintf("the mark %s can't be read (%v): the next start moves the numbers ahead and takes no card until somebody has read why", file, unreadable[file]))
	}
	if err != nil {
		warn(fmt.Sprintf("the marks outside the books can't be read (%v): make the state folder readable and writable, or name another one in VERATILL_STATE", err))
	}
	known := false
	for _, m := range all {
		if m.Books != seen.Books.Identity.Books {
			continue
		}
		known = true
		if m.Entry > seen.Entries || m.Number > n.Last || m.Entry == seen.Entries && m.Head != seen.Head {
			warn("a mark outside the books says that these are not the newest: the next start undoes nothing that is open in them, and takes no card until somebody has read why")
		}
	}
	if !known && len(unreadable) == 0 && err == nil && n.Last > 0 {
		check.Detail += "; no mark of these books is kept outside them: nothing says whether they are the newest"
	}
	return check
}

// ClosedSeen are the totals of a day that is closed, as its Z kept them. The error is journal.ErrNotFound where there is none of that batch, or it is open.
func ClosedSeen(seen journal.Seen, batch int64) (report.Totals, error) {
	day, known := seen.Books.Days[batch]
	if !known || day.Z == 0 {
		return report.Totals{}, fmt.Errorf("%w: no closed day has batch %d", journal.ErrNotFound, batch)
	}
	return keptBy(journal.Day(day))
}

// TotalsSeen sums the newest day that was read, for a shop whose day begins so long after midnight.
func TotalsSeen(seen journal.Seen, begins time.Duration, now time.Time) (report.Totals, error) {
	if len(seen.Books.Days) == 0 {
		return report.Totals{}, journal.ErrNotFound
	}
	newest := slices.Max(slices.Collect(maps.Keys(seen.Books.Days)))
	return totalsOf(journal.ProvenOf(seen.Books, seen.Books.Days[newest]), seen.Entries, seen.Head, begins, now)
}
