package terminal

import (
	"testing"

	"veratill/txn/zvt"
)

// What a terminal's day came to is what it says, in one place or in both alike.
func TestSumOfATerminalsDay(t *testing.T) {
	for name, c := range map[string]struct {
		status zvt.Status
		want   Day
	}{
		"both":        {zvt.Status{AmountMinor: 1950, HasTotals: true, Totals: zvt.Total{Count: 2, AmountMinor: 1950}}, Day{AmountMinor: 1950, Count: 2}},
		"totals":      {zvt.Status{AmountMinor: -1, HasTotals: true, Totals: zvt.Total{Count: 2, AmountMinor: 1950}}, Day{AmountMinor: 1950, Count: 2}},
		"amount":      {zvt.Status{AmountMinor: 1950}, Day{AmountMinor: 1950}},
		"contradicts": {zvt.Status{AmountMinor: 1950, HasTotals: true, Totals: zvt.Total{Count: 2, AmountMinor: 1951}}, Day{AmountMinor: -1, Count: 2}},
		"nothing":     {zvt.Status{AmountMinor: -1}, Day{AmountMinor: -1}},
	} {
		if got := sumOf(c.status); got.AmountMinor != c.want.AmountMinor || got.Count != c.want.Count {
			t.Errorf("%s: %+v, and not %+v", name, got, c.want)
		}
	}
}

// Bitmap 60 has a count and an amount for each kind of card; what is no such thing is an error, and no sum.
func TestTotalsOfATerminal(t *testing.T) {
	data := []byte{0x60, 0xF0, 0xF1, 0xF8, 0x00, 0x01, 0x00, 0x09, 2, 0, 0, 0, 0, 0x12, 0x50, 1, 0, 0, 0, 0, 0x07, 0x00}
	s, err := zvt.ReadStatus(data, zvt.CP437)
	if err != nil || !s.HasTotals || s.Totals != (zvt.Total{Count: 3, AmountMinor: 1950}) {
		t.Errorf("%+v, %v", s, err)
	}
	data[9] = 0xAA
	if s, err := zvt.ReadStatus(data, zvt.CP437); err == nil {
		t.Errorf("%+v", s)
	}
}
