package clearing

import (
	"cmp"
	"slices"
	"time"

	"veratill/txn"
)

// DayLine is one day of one provider: what the till has, what the file has, and how many differ. What no file has, cash above all, has a line by tender.
type DayLine struct {
	Day         string     `json:"day"`              // YYYY-MM-DD, by the shop's clock
	Format      Format     `json:"format,omitempty"` // empty where no file speaks of it
	Tender      txn.Tender `json:"tender,omitempty"` // empty where a file does
	Till        Sum        `json:"till"`             // payments less what went back
	Bank        Sum        `json:"bank"`             // the same, of the file
	FeeMinor    int64      `json:"feeMinor"`
	NetMinor    int64      `json:"netMinor"`          // what comes of payments: the file's, less its fees and coupons of the shop's own
	Arrives     string     `json:"arrives,omitempty"` // YYYY-MM-DD, the latest that the file says
	Differences int64      `json:"differences"`
}

// ByDay sums items up by day and provider, and by day and tender the attempts of the days from and to, YYYY-MM-DD, that no item speaks of.
func ByDay(items []Item, attempts []txn.Attempt, from, to string, where *time.Location) []DayLine {
	d := days{where: where, lines: map[dayKey]*DayLine{}, feesE3: map[dayKey]int64{}}
	told := map[txn.ID]bool{}
	for _, i := range items {
		told[i.Attempt] = true
		d.item(i)
	}
	for _, a := range attempts {
		//mutant:a-day-has-what-no-file-speaks-of
		if day := d.of(a.Opened()); !a.Demo && a.Tender != txn.Exchange && !told[a.ID] && stands(a.State) && !a.UndoneByLine() && day >= from && day <= to {
			d.line(dayKey{day: day, tender: a.Tender}).Till.add(signed(a.Amount.Minor, a.Kind.GivesBack()))
		}
	}
	lines := make([]DayLine, 0, len(d.lines))
	for k, line := range d.lines {
		if k.format != "" {
			line.FeeMinor = roundE3(d.feesE3[k])
			line.NetMinor += line.Bank.AmountMinor - line.FeeMinor
		}
		lines = append(lines, *line)
	}
	slices.SortFunc(lines, func(a, b DayLine) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Tender, b.Tender), cmp.Compare(a.Format, b.Format))
	})
	return lines
}

type dayKey struct {
	day    string
	format Format
	tender txn.Tender
}

type days struct {
	where  *time.Location
	lines  map[dayKey]*DayLine
	feesE3 map[dayKey]int64
}

func (d days) of(at time.Time) string { return at.In(d.where).Format(time.DateOnly) }

func (d days) line(k dayKey) *DayLine {
	if d.lines[k] == nil {
		d.lines[k] = &DayLine{Day: k.day, Format: k.format, Tender: k.tender}
	}
	return d.lines[k]
}

func (d days) item(i Item) {
	k := dayKey{day: d.of(i.At), format: i.Format}
	line := d.line(k)
	if i.Class.Differs() {
		line.Differences++
	}
	if i.Class == TwiceInFile {
		return
	}
	if stands(i.State) && !i.gone {
		line.Till.add(signed(i.TillMinor, i.Kind.GivesBack()))
	}
	for _, row := range i.Rows {
		if row.Failed {
			continue
		}
		line.Bank.add(signed(row.AmountMinor, row.Kind == refund))
		d.feesE3[k] += row.FeeE3
		line.NetMinor -= signed(row.OffMinor, row.Kind == refund)
		line.Arrives = max(line.Arrives, row.Arrives)
	}
}

func signed(minor int64, back bool) int64 {
	if back {
		return -minor
	}
	return minor
}

// stands reports whether the till counts an attempt's money as moved.
func stands(state txn.State) bool {
	return state == txn.Approved || state == txn.Claimed || state == txn.Voided
}
