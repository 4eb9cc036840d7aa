package journal_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
)

// threeDays is a journal whose third day is open: it has a sale of its own, a late answer of the first day's, and a sale of the second
// day's that is paid now.
func threeDays(t *testing.T, dir string) *journal.Journal {
	t.Helper()
	j := open(t, dir)
	old := move(t, j, begin(t, j), txn.Event{Kind: txn.GaveUp, Reason: txn.NoAnswer}, txn.Event{Kind: txn.ReversalAnswered})
	nextDay(t, j)
	papered(t, j, sell(t, j).Bill, txn.Printed)
	refused := move(t, j, begin(t, j), txn.Event{Kind: txn.BankDeclined})
	nextDay(t, j)
	move(t, j, old, txn.Event{Kind: txn.AnsweredLate, Answer: txn.Answer{RRN: "9"}})
	partOf(t, j, billOf(t, j, refused.SaleID), txn.Cash, 1250)
	sell(t, j)
	return j
}

func nextDay(t *testing.T, j *journal.Journal) {
	t.Helper()
	batch := j.OpenDay().Batch
	commit(t, j, txn.Synced, txn.DayClosed{Batch: batch, Z: batch, Totals: []byte(`{}`), AtMs: 5}, txn.DayOpened{Batch: batch + 1, Currency: "CNY", AtMs: 5})
}

// The open day is proved from its own entries, and what they change of earlier days from that sale's. A second proof takes what is new,
// and a day that was begun since.
func TestOpenDayIsProvedFromItsEntries(t *testing.T) {
	dir := t.TempDir()
	j := threeDays(t, dir)
	defer func() { close(t, j) }()
	proved := func(want [3]int) {
		t.Helper()
		p, err := j.Proven(ctx)
		if got := [3]int{len(p.Attempts), len(p.Bills), len(p.Touched)}; err != nil || got != want || p.Day.Batch != j.OpenDay().Batch || p.Before.Z != p.Day.Batch-1 {
			t.Errorf("%v attempts, sales and touched ones of day %d, after Z %d: %v, want %v", got, p.Day.Batch, p.Before.Z, err, want)
		}
	}
	proved([3]int{2, 2, 2})
	sell(t, j)
	proved([3]int{3, 3, 2})
	nextDay(t, j)
	proved([3]int{0, 0, 0})
	close(t, j)
	j = open(t, dir)
	sell(t, j)
	proved([3]int{1, 1, 0})
}

// Whatever somebody changes of the open day's rows, of those that it has to do with, of the last Z, or of the entries, is found.
func TestWhatWasChangedIsNotProved(t *testing.T) {
	for query, want := range map[string]error{
		"UPDATE attempt SET amount_minor = 1 WHERE id = (SELECT MAX(id) FROM attempt)":                                                     journal.ErrDiffers,
		"UPDATE attempt SET body = replace(body, 'approved', 'declined') WHERE id = (SELECT MAX(id) FROM attempt)":                         journal.ErrDiffers,
		"UPDATE attempt SET body = replace(body, '1250', '1251') WHERE id = 1":                                                             journal.ErrDiffers,
		"INSERT INTO attempt SELECT id + 7, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body, sealed FROM attempt": journal.ErrDiffers,
		"DELETE FROM attempt WHERE id = (SELECT MAX(id) FROM attempt)":                                                                     journal.ErrDiffers,
		"UPDATE bill SET body = replace(body, '1250', '1251') WHERE batch = 3":                                                             journal.ErrDiffers,
		"UPDATE bill SET batch = 2":                                                         journal.ErrDiffers,
		"UPDATE day SET opened_ms = 1 WHERE batch = 3":                                      journal.ErrDiffers,
		"UPDATE day SET totals = CAST('{\"grand\":{\"count\":1}}' AS BLOB) WHERE batch = 2": journal.ErrDiffers,
		"UPDATE entry SET body = replace(body, '1250', '0125') WHERE seq = (SELECT MAX(seq) FROM entry WHERE body LIKE '%1250%')": journal.ErrDamaged,
	} {
		dir := t.TempDir()
		j := threeDays(t, dir)
		closeLongAfter(t, j)
		tamper(t, dir, query)
		j = open(t, dir)
		if _, err := j.Proven(ctx); !errors.Is(err, want) {
			t.Errorf("%s: %v", query, err)
		}
		close(t, j)
	}
}

// The entry that opens the day is itself proved by the one before it, also where nothing of the day leads back.
func TestTheEntryThatOpensTheDayIsProved(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	sell(t, j)
	nextDay(t, j)
	sell(t, j)
	closeLongAfter(t, j)
	tamper(t, dir, `UPDATE entry SET body = replace(body, '"atMs":5', '"atMs":6') WHERE seq = (SELECT MAX(seq) FROM entry WHERE body LIKE '%day opened%');
		UPDATE day SET opened_ms = 6 WHERE batch = 2; UPDATE day SET closed_ms = 6 WHERE batch = 1`)
	j = open(t, dir)
	defer close(t, j)
	if _, err := j.Proven(ctx); !errors.Is(err, journal.ErrDamaged) {
		t.Error(err)
	}
}

// Whoever looks at long books is told how far that has come, entry by entry.
func TestALookTellsHowFarItHasCome(t *testing.T) {
	dir := t.TempDir()
	j := threeDays(t, dir)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	told, last := int64(0), int64(0)
	seen, err := journal.Look(t.Context(), dir, journal.Options{Progress: func(entry, all int64) { told++; last = all }})
	if err != nil || told != seen.Entries || last != seen.Entries {
		t.Errorf("%d of %d entries are told of %d, %v", told, last, seen.Entries, err)
	}
}
