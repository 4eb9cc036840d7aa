package desk

import (
	"context"

	"veratill/txn"
	"veratill/txn/report"
)

// SettleDay implements present.Reporting.
func (d *Desk) SettleDay(ctx context.Context, by txn.Actor) ([]report.Settlement, error) {
	settled, err := d.till.SettleDay(ctx, by)
	if err != nil {
		return nil, err
	}
	return report.SettlementsOf(settled)
}

// Settlements are those of the open day, and those of earlier ones that are carried over or have ended since.
func (d *Desk) Settlements(ctx context.Context) ([]report.Settlement, error) {
	t, err := d.sum(ctx)
	return t.Settlements, err
}
