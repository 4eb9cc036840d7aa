package journal

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Of three years with a backup each evening, and two on some, 7 days, 4 weeks and 24 months are left, each the newest of its span.
func TestBackupsAreKeptByDayWeekAndMonth(t *testing.T) {
	var names []string
	for d := time.Date(2024, 1, 1, 20, 0, 0, 0, time.UTC); d.Year() < 2027; d = d.AddDate(0, 0, 1) {
		names = append(names, BackupName(d))
		if d.Day()%3 == 0 {
			names = append(names, BackupName(d.Add(time.Hour)))
		}
	}
	others := []string{BackupNameByHand(time.Date(2024, 1, 1, 20, 0, 0, 0, time.UTC)), "before-0.2.0.db", "books-20240101.db", "books-20240101T200000.000.db.new", "letter.pdf"}
	gone := Expired(append(slices.Clone(names), others...), time.UTC)
	left := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(gone, n) })
	// the last 7 days hold the newest of December and of two weeks
	if len(left) < 7+2+23 || len(left) > 7+4+24 {
		t.Errorf("%d are left: %v", len(left), left)
	}
	for _, other := range others {
		if slices.Contains(gone, other) {
			t.Errorf("%s is no backup, and would go", other)
		}
	}
	if !slices.Contains(left, BackupName(time.Date(2026, 12, 30, 21, 0, 0, 0, time.UTC))) || slices.Contains(left, BackupName(time.Date(2026, 12, 30, 20, 0, 0, 0, time.UTC))) {
		t.Errorf("of the 30th the later one stays: %v", left)
	}
	if !slices.Contains(left, BackupName(time.Date(2025, 1, 31, 20, 0, 0, 0, time.UTC))) || slices.Contains(left, BackupName(time.Date(2024, 12, 31, 20, 0, 0, 0, time.UTC))) {
		t.Errorf("24 months stay: %v", left)
	}
}

// Whatever lies there, the newest backup stays, and what was left once is left again.
func TestExpiredLeavesTheNewest(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var names []string
		for _, hours := range rapid.SliceOfN(rapid.IntRange(0, 40_000), 1, 80).Draw(r, "hours") {
			names = append(names, BackupName(time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours)*time.Hour)))
		}
		gone := Expired(names, time.UTC)
		if newest := slices.Max(names); slices.Contains(gone, newest) {
			r.Fatalf("the newest, %s, would go", newest)
		}
		left := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(gone, n) })
		if again := Expired(left, time.UTC); len(again) != 0 {
			r.Fatalf("of what was left %v would go", again)
		}
	})
}
