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

// SettleAgain implements present.Reporting. What the bank refused is owed again first; then each that is owed is gone on with.
func (d *Desk) SettleAgain(ctx context.Context, by txn.Actor, key txn.SettlementKey) error {
	all, err := d.journal.SettlementsOwed(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Key() != key || s.State != txn.SettlementRefused {
			continue
		}
		if _, err := d.till.SettlementAgain(ctx, by, key); err != nil {
			return err
		}
	}
	return d.till.SettleOwed(ctx)
}

// LeaveSettlement implements present.Reporting.
func (d *Desk) LeaveSettlement(ctx context.Context, by txn.Actor, key txn.SettlementKey, who string) error {
	_, err := d.till.LeaveSettlement(ctx, by, key, who)
	return err
}

// Settlements are those of the open day, and those of earlier ones that are carried over or have ended since.
func (d *Desk) Settlements(ctx context.Context) ([]report.Settlement, error) {
	t, err := d.sum(ctx)
	return t.Settlements, err
}
