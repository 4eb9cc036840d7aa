package counter

import (
	"context"
	"fmt"

	"veratill/app/doctor"
	"veratill/app/present"
)

// Checks looks at what this counter stands on, for `doctor`.
func (c *Counter) Checks(ctx context.Context) []doctor.Check {
	var all []doctor.Check
	for _, chip := range c.Chips() {
		level := doctor.Good
		switch chip.Health {
		case present.Attention, present.Busy:
			level = doctor.Warning
		case present.Offline:
			level = doctor.Bad
		}
		all = append(all, doctor.Check{Name: string(chip.Part), Level: level, Detail: orElse(chip.Code, chip.Address)})
	}
	return append(all, c.owedCheck(ctx))
}

// JournalChecks are the checks of a journal that no till has open: what it holds and what it owes.
func (c *Counter) JournalChecks(ctx context.Context) []doctor.Check {
	day := c.Journal.OpenDay()
	check := doctor.Check{Name: "journal", Level: doctor.Good, Detail: fmt.Sprintf("batch %06d is open", day.Batch)}
	return []doctor.Check{check, c.owedCheck(ctx)}
}

func (c *Counter) owedCheck(ctx context.Context) doctor.Check {
	open, err := c.Till.Owed(ctx)
	switch {
	case err != nil:
		return doctor.Check{Name: "payments not known yet", Level: doctor.Bad, Detail: err.Error()}
	case open > 0:
		return doctor.Check{Name: "payments not known yet", Level: doctor.Warning, Detail: fmt.Sprintf("%d: run veratill recover", open)}
	}
	return doctor.Check{Name: "payments not known yet", Level: doctor.Good, Detail: "none"}
}
