package explorer

import "time"

// Grown is one search of a growing proof.
type Grown struct {
	Budget Budget
	Result
}

// growStates bounds one search of a growing proof, so that it fits into 4 GB of memory.
const growStates = 60_000_000

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
			if r.Violation != nil || !time.Now().Before(until) {
				return nil
			}
		}
	}
	return nil
}

// budgetsOf are the budgets of a round. Each family grows in its own direction, so that
// none has to wait for the largest of another: crashes, the line, paper, notes, voids.
func budgetsOf(round int) []Budget {
	n := uint8(round)
	more, most := min(1+n/2, 5), min(n, 200)
	all := []Budget{
		{Name: "crashes", Sales: more, Kills: most, PowerCuts: most, Duplicates: 1},
		{Name: "line", Sales: more, Kills: 1, PowerCuts: 1, Losses: most, Duplicates: most, BankCrashes: most, SignIns: n / 3 & 1},
		{Name: "paper", Sales: more, Kills: most, PowerCuts: 1, PrinterFaults: most, Reprints: most},
		{Name: "notes", Sales: 1, Voids: n / 3, Kills: most, PowerCuts: 1, PrinterFaults: 1, Notes: most},
		{Name: "voids", Sales: min(1+n/3, 3), Voids: min(1+n/3, 2), Kills: most, PowerCuts: n / 2, PrinterFaults: n / 2, Reprints: n / 2},
		{Name: "everything", Sales: min(1+n/3, 3), Voids: min(n/2, 2), Kills: (n + 1) / 2, PowerCuts: (n + 1) / 2, Losses: n / 2, Duplicates: (n + 1) / 2,
			BankCrashes: n / 2, PrinterFaults: (n + 1) / 2, Reprints: (n + 1) / 2, Notes: n / 3, SignIns: n / 3 & 1},
	}
	return all
}
