package journal

import (
	"context"
	"errors"

	"veratill/txn/fold"
)

// Seen is what Look read.
type Seen struct {
	Verified
	Books *fold.Books
	Newer *fold.NewerError // where it had to stop, nil where all was read
}

// Look reads the books of a folder without opening them: nothing of them is changed, nothing is
// sent, and no start is written. It is how a program reads books that a newer one has written, up to
// the first entry that it does not understand. Of the options it takes Disk and Versions. Errors:
// ErrInUse, ErrNotFound without a journal, ErrDamaged, those of the disk.
func Look(ctx context.Context, dir string, o Options) (Seen, error) {
	var seen Seen
	_, err := alone(dir, o, func(j *Journal, _ int) error {
		return j.look(ctx, func(f file) error {
			run, books, err := f.fold(ctx, j.versions)
			seen = Seen{Verified: verifiedOf(run, books), Books: books}
			if errors.As(err, &seen.Newer) {
				return nil
			}
			return err
		})
	})
	return seen, err
}
