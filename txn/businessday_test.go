package txn_test

import (
	"testing"
	"time"

	"veratill/txn"
)

// A shop's day begins at an hour on the wall, also on the days on which clocks are changed.
func TestABusinessDayBeginsByTheClockOnTheWall(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("this machine has no zones: ", err)
	}
	for at, want := range map[string]string{
		"2027-03-28 04:59:59": "2027-03-27", "2027-03-28 05:00:00": "2027-03-28", "2027-03-28 05:10:00": "2027-03-28", "2027-03-28 01:00:00": "2027-03-27",
		"2027-10-31 04:30:00": "2027-10-30", "2027-10-31 05:00:00": "2027-10-31", "2027-11-01 04:59:59": "2027-10-31", "2027-01-01 00:10:00": "2026-12-31", "2027-06-15 12:00:00": "2027-06-15",
	} {
		moment, err := time.ParseInLocation(time.DateTime, at, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := txn.BusinessDay(moment, 5*time.Hour).Format(time.DateOnly); got != want {
			t.Errorf("%s is of %s, want %s", at, got, want)
		}
		if got := txn.BusinessDay(moment, 0).Format(time.DateOnly); got != at[:10] {
			t.Errorf("%s where the day begins at midnight is of %s", at, got)
		}
	}
}
