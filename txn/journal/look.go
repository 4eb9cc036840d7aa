package journal

import (
	"context"
	"errors"
	"fmt"

	"veratill/txn/fold"
)

// Seen is what Look read.
type Seen struct {
	Verified
	Books *fold.Books
	Newer *fold.NewerError // where it had to stop, nil where all was read
}

// Look reads the books of a folder without opening them, and verifies them as Verify does: nothing of them is changed, nothing is
// sent, and no start is written. It is how a person looks at books that no till has open, and how a program reads books that a newer one
// has written, up to the first entry that it does not understand. Where an older program wrote last, the tables are its, and the entries
// alone are verified. Of the options it takes Disk, Versions, Migrations and Progress. Errors: ErrInUse, ErrNotFound without a journal, ErrDamaged,
// those of the disk.
func Look(ctx context.Context, dir string, o Options) (Seen, error) {
	var seen Seen
	_, err := alone(dir, o, func(j *Journal, known int) error {
		return j.look(ctx, func(f file) error {
			run, books, err := f.foldTelling(ctx, j.versions, o.Progress)
			seen = Seen{Verified: verifiedOf(run, books), Books: books}
			if errors.As(err, &seen.Newer) {
				return nil
			}
			if err != nil {
				return err
			}
			format, err := first[int64](f.conn.query(ctx, "PRAGMA user_version"))
			if err != nil || int(format) != known || run.At.Version != j.versions.Newest() {
				return err
			}
			//mutant:look-compares-tables
			return f.holds(ctx, run, books)
		})
	})
	return seen, err
}

// Peek lets do read the books of a folder as they lie, without opening them: nothing of them is changed, nothing is sent, and no start is
// written. Only their newest entries are checked; Look verifies all. do may read and nothing else, and what it is given is gone when it returns. Of the
// options it takes Disk, Versions and Migrations. Errors: ErrInUse, ErrNotFound without a journal, ErrNewer where another program wrote last and its tables
// are not this one's, ErrDamaged, those of the disk.
func Peek(ctx context.Context, dir string, o Options, do func(*Journal)) error {
	_, err := alone(dir, o, func(j *Journal, known int) error {
		return j.look(ctx, func(f file) error {
			format, err := first[int64](f.conn.query(ctx, "PRAGMA user_version"))
			if err != nil {
				return err
			}
			if int(format) != known {
				return fmt.Errorf("%w: format %d, this program knows %d", ErrNewer, format, known)
			}
			j.file = f
			if err := j.load(ctx); err != nil {
				return err
			}
			j.durable = j.at // it was read from the disk, and nobody writes
			do(j)
			return nil
		})
	})
	return err
}
