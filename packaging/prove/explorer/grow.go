package explorer

import (
	"runtime"
	"time"
)

// Grown is one search of a growing proof.
type Grown struct {
	Budget Budget
	Result
}

// growStates bounds one search of a growing proof, so that it fits into 5 GB of memory.
const growStates = 30_000_000

// Grow searches larger and larger budgets until the time is over or a promise is broken,
// and tells of each. The worlds of one search are distinct; those of two may be the same.
func Grow(until time.Time, tell func(Grown)) error {
	for round := 1; time.Now().Before(until); round++ {
		for _, b := range budgetsOf(round) {
			r, err := Explore(b, Limits{States: growStates, Until: until})
			if err != nil {
				return err
			}
			tell(Grown{b, r})
			runtime.GC() // the next one needs as much again
			if r.Violation != nil || !time.Now().Before(until) {
				return nil
			}
		}
	}
	return nil
}

// budgetsOf are the budgets of a round. Each family grows in its own direction, so that
// none has to wait for the largest of another: crashes, the end of the day, refunds, codes, a card terminal's cable, the line, the disk, paper, notes, voids, refusals, lost books, parts.
func budgetsOf(round int) []Budget {
	n := uint8(min(round, 200))
	slow, few := 1+(n-1)/3, min(1+n/3, 4)
	return []Budget{
		{Name: "crashes", Sales: min(1+n/2, slots), Kills: slow, PowerCuts: slow, Duplicates: n / 3},
		{Name: "settlement", Sales: 1, Refunds: 1, Days: 1, Kills: n / 2, PowerCuts: 1, DiskFaults: n / 3, Losses: n / 3},
		{Name: "settled", Sales: 1 + n/4, Voids: 1, Days: 1, Refusals: n / 2, PowerCuts: n / 2, Duplicates: n / 4},
		{Name: "refunds", Sales: 1, Refunds: min(1+n/2, 2), Kills: slow, PowerCuts: n / 2, Losses: n / 3, Duplicates: n / 3, Unpackables: n / 4,
			PrinterFaults: n / 3, DiskFaults: n / 4},
		{Name: "codes void", Codes: 1, Voids: 1, Refunds: n / 3 & 1, Kills: slow, PowerCuts: n / 2, Losses: n / 2, PrinterFaults: n / 4, DiskFaults: n / 4},
		{Name: "codes back", Codes: 1, Refunds: min(1+n/2, 2), Kills: n / 2, PowerCuts: n / 2, Losses: 1 + n/3, DiskFaults: 1, PrinterFaults: n / 4, PutBacks: n / 5},
		{Name: "cables", Cables: min(1+n/4, 2), Sales: n / 3 & 1, Kills: slow, PowerCuts: slow, Losses: n / 2, PrinterFaults: n / 3, DiskFaults: n / 4, Reprints: n & 1},
		{Name: "line", Sales: few, Kills: 1, PowerCuts: 1, Losses: n, Duplicates: n, BankCrashes: n, Refusals: n / 2, Unpackables: n / 2},
		{Name: "disk", Sales: few, Kills: 1, PowerCuts: 1, DiskFaults: n, PrinterFaults: 1, Reprints: 1},
		{Name: "paper", Sales: few, Kills: n, PowerCuts: 1, PrinterFaults: n, Reprints: n},
		{Name: "notes", Sales: 1, Voids: n / 3 & 1, Kills: slow, PowerCuts: 1, PrinterFaults: 1, Notes: n + 1},
		{Name: "voids", Sales: few, Voids: min(1+n/4, 2), Kills: n / 2, PowerCuts: slow, PrinterFaults: slow, Reprints: (n + 1) / 2},
		{Name: "terminals", Sales: 1, Terminals: min(1+n/3, 3), Kills: slow, PowerCuts: slow, PrinterFaults: n / 2, DiskFaults: n / 3, Reprints: n / 3},
		{Name: "codes", Codes: min(1+n/6, 2), Kills: slow, PowerCuts: slow, Losses: n / 2, BankCrashes: n / 3, PrinterFaults: n / 4, DiskFaults: n / 4},
		{Name: "refused", Sales: few, Voids: n / 2 & 1, Refusals: n, Kills: slow, PowerCuts: slow, Duplicates: n / 2, Losses: n / 3, DiskFaults: n & 1},
		{Name: "void put back", Sales: 1, Voids: 1, PutBacks: 1, PowerCuts: 1, PrinterFaults: n / 2, Kills: n / 3},
		{Name: "put back", Sales: few, Voids: n / 2 & 1, PutBacks: slow, Refusals: n & 1, Kills: 1, PowerCuts: 1, PrinterFaults: 1 + n/4, Reprints: 1, Losses: n / 3},
		{Name: "everything", Sales: few, Voids: min(n/2, 2), Kills: slow, PowerCuts: slow, Losses: n / 3, Duplicates: slow,
			BankCrashes: n / 3, PrinterFaults: slow, Reprints: slow, Notes: n / 4, Refusals: n / 3},
		{Name: "split", Sales: 1, Parts: min(1+n/4, 3), Voids: min(n/3, 2), Kills: slow, PowerCuts: n / 2, Reprints: n & 1,
			PrinterFaults: n / 4, DiskFaults: n / 5, Losses: n / 5},
	}
}
