package clearing

import (
	"cmp"
	"slices"
	"time"

	"veratill/txn"
)

// DayLine is one day of one provider: what the till has, what the file has, and how many differ.
type DayLine struct {
	Day         string `json:"day"` // YYYY-MM-DD, by the shop's clock
	Format      Format `json:"format"`
	Till        Sum    `json:"till"` // payments less what went back
	Bank        Sum    `json:"bank"` // the same, of the file
	FeeMinor    int64  `json:"feeMinor"`
	NetMinor    int64  `json:"netMinor"`          // what comes: the file's, less its fees
	Arrives     string `json:"arrives,omitempty"` // YYYY-MM-DD, the latest that the file says
	Differences int64  `json:"differences"`
}

// ByDay sums items up by day and provider.
func ByDay(items []Item, where *time.Location) []DayLine {
	type key struct {
		day    string
		format Format
	}
	all, fees := map[key]*DayLine{}, map[key]int64{}
	for _, i := range items {
		k := key{i.At.In(where).Format(time.DateOnly), i.Format}
		line := all[k]
		if line == nil {
			line = &DayLine{Day: k.day, Format: k.format}
			all[k] = line
		}
		if i.Class.Differs() {
			line.Differences++
		}
		if i.Class == TwiceInFile {
			continue
		}
		if i.stands() {
			line.Till.add(signed(i.TillMinor, i.Kind.GivesBack()))
		}
		for _, row := range i.Rows {
			if row.Failed {
				continue
			}
			line.Bank.add(signed(row.AmountMinor, row.Kind == refund))
			fees[k] += row.FeeE3
			line.Arrives = max(line.Arrives, row.Arrives)
		}
	}
	lines := make([]DayLine, 0, len(all))
	for k, line := range all {
		line.FeeMinor = roundE3(fees[k])
		line.NetMinor = line.Bank.AmountMinor - line.FeeMinor
		lines = append(lines, *line)
	}
	slices.SortFunc(lines, func(a, b DayLine) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Format, b.Format)) })
	return lines
}

func signed(minor int64, back bool) int64 {
	if back {
		return -minor
	}
	return minor
}

// stands reports whether the till counts the item's money as moved.
func (i Item) stands() bool {
	return i.State == txn.Approved || i.State == txn.Claimed || i.State == txn.Voided
}
