package journal

import (
	"context"
	"fmt"

	"veratill/txn"
)

const (
	sqlCases      = `SELECT body FROM filed WHERE word = 'case' ORDER BY id`
	sqlSlipOf     = `SELECT body FROM slip WHERE print = ?`
	sqlSlipNewest = `SELECT body FROM slip WHERE print < ? ORDER BY print DESC LIMIT ?`
)

// Cases lists the disputes with banks, in the order of their numbers.
func (j *Journal) Cases(ctx context.Context) (cases []txn.Case, err error) {
	moves, err := list[txn.CaseMoved](ctx, j, sqlCases)
	if err != nil {
		return nil, err
	}
	for _, m := range moves {
		if cases, err = txn.TakeCase(cases, m); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return cases, nil
}

// Slip is the hash of the merchant's slips that went with a print. ErrNotFound where none did.
func (j *Journal) Slip(ctx context.Context, printID int64) (txn.SlipKept, error) {
	found, err := list[txn.SlipKept](ctx, j, sqlSlipOf, printID)
	if err != nil {
		return txn.SlipKept{}, err
	}
	if len(found) == 0 {
		return txn.SlipKept{}, ErrNotFound
	}
	return found[0], nil
}

// SlipsBefore lists at most so many slips whose print comes before one, the newest first.
func (j *Journal) SlipsBefore(ctx context.Context, printID int64, most int) ([]txn.SlipKept, error) {
	return list[txn.SlipKept](ctx, j, sqlSlipNewest, printID, most)
}
