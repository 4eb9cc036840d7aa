package journal

import (
	"context"

	"veratill/txn"
)

const (
	sqlSlipOf     = `SELECT body FROM slip WHERE print = ?`
	sqlSlipNewest = `SELECT body FROM slip WHERE print < ? ORDER BY print DESC LIMIT ?`
)

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
