package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/fold"
)

// After a failed sync the system may have thrown away what it was to write and call it
// written: from then on the file reads as it should be and lies on the disk as it was.
// Neither going on in it nor opening it again finds out. So the journal is copied,
// checked whole, and carried on in a new file: a new generation. The old file stays as it is.

// Name is the file of a generation in the data folder; its WAL lies beside it.
func Name(generation int) string {
	if generation <= 1 {
		return "journal.db"
	}
	return fmt.Sprintf("journal-%04d.db", generation)
}

// Exists reports whether a data folder of this computer has a journal.
func Exists(dir string) bool { return Failures(dir) >= 0 }

// Failures is how many failures of the disk the journal of a data folder has survived, -1 where
// there is none. A generation that was restored is no failure.
func Failures(dir string) int {
	generation, err := newest(disk.System{}, dir)
	if err != nil {
		return -1
	}
	failures := generation - 1
	for n := 2; n <= generation; n++ {
		if _, err := os.Stat(filepath.Join(dir, restoredFile(n))); err == nil {
			failures--
		}
	}
	return failures
}

// newest is the generation that counts: the highest that has its name. 0 is none.
func newest(d disk.Disk, dir string) (int, error) {
	names, err := d.Names(dir)
	if err != nil {
		return 0, err
	}
	highest := 0
	for _, name := range names {
		highest = max(highest, generationOf(name))
	}
	return highest, nil
}

// generationOf is the generation that a file of the data folder is, 0 for any other file.
func generationOf(name string) int {
	if name == Name(1) {
		return 1
	}
	number := strings.TrimPrefix(strings.TrimSuffix(name, ".db"), "journal-")
	generation, err := strconv.Atoi(number)
	if err != nil || name != Name(generation) {
		return 0
	}
	return generation
}

func (j *Journal) path() string { return filepath.Join(j.dir, Name(j.generation)) }

// doubtFile says that a sync failed and no new generation was made. It need not be
// durable: a power cut that takes it takes the doubtful pages with it.
const doubtFile = "journal.doubt"

// diskFailed reports whether an error is the disk's, so that a new file may help.
func diskFailed(err error) bool {
	var synced syncError
	if errors.As(err, &synced) {
		return true
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xFF {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// survive carries the journal on after a commit, or a sync, that the disk refused, and keeps the
// commit's records in the new file. Nil means that everything so far is durable there.
func (j *Journal) survive(ctx context.Context, cause error, c commit) error {
	if !diskFailed(cause) {
		return cause
	}
	before := j.at
	if err := j.renew(ctx); err != nil {
		return fmt.Errorf("%w; a new file could not be made either: %w", cause, err)
	}
	by, records := txn.ByTill, []txn.Record{j.renewal()}
	switch {
	case c.Seq != 0 && j.at.Hash == c.Hash:
		// It was there, and only its sync was not, or the word of it.
	case j.at != before:
		return fmt.Errorf("%w: the copy ends with another entry", ErrDamaged)
	case c.Seq == before.Seq+1:
		// The failed commit is not in the copy, and so it never was. What asked for it is
		// still true: it is committed now, together with the word of what happened.
		by, records = c.by, append(c.records[:len(c.records):len(c.records)], records...)
	}
	return j.writeRenewed(ctx, by, records, c.lifted)
}

func (j *Journal) writeRenewed(ctx context.Context, by txn.Actor, records []txn.Record, lifted *fold.Books) error {
	next, err := j.next(by, records)
	if err != nil {
		return err
	}
	next.lifted = lifted
	if err := j.write(ctx, next); err != nil {
		return err
	}
	return j.sync()
}

func (j *Journal) renewal() txn.Record {
	return txn.Renewed{Generation: j.generation, AtMs: j.now().UnixMilli()}
}

// renewIfDoubtful makes a new generation where the last run had a sync fail and could not.
func (j *Journal) renewIfDoubtful(ctx context.Context) (bool, error) {
	doubtful, err := j.there(filepath.Join(j.dir, doubtFile))
	//mutant:doubtful-file-is-left
	if err != nil || !doubtful {
		return false, err
	}
	return true, j.renew(ctx)
}

// renew makes a new generation of what this connection reads, and goes on in it.
// The old connection is never closed: closing it would write to the old file.
func (j *Journal) renew(ctx context.Context) error {
	j.doubt()
	// The failed transaction may be open still; where it is not, this says so and that is all.
	if err := j.conn.run(ctx, "ROLLBACK"); err != nil && diskFailed(err) {
		return err
	}
	old, number := j.file, j.generation
	fresh := filepath.Join(j.dir, Name(number+1)+".new")
	if err := disk.RemoveAny(j.disk, fresh, fresh+"-journal", fresh+"-wal"); err != nil {
		return err
	}
	if err := j.copyTo(ctx, fresh); err != nil {
		return err
	}
	if err := j.check(ctx, fresh); err != nil {
		return err
	}
	j.generation++
	// The old WAL belongs to the old name, and no WAL may lie beside the new one. Nor was it restored:
	// a restoring that was cut short may have left word of that.
	err := disk.RemoveAny(j.disk, j.path()+"-wal", filepath.Join(j.dir, restoredFile(j.generation)))
	if err == nil {
		err = j.settle(fresh, j.path())
	}
	if err != nil {
		j.generation = number
		return err
	}
	if err := j.take(ctx); err != nil {
		// What reads the journal goes on reading the old file; the next start takes the new one.
		err = errors.Join(err, j.file.close())
		j.file, j.generation = old, number
		return err
	}
	j.left, j.doubtful, j.survived = append(j.left, old), false, true
	return disk.RemoveAny(j.disk, filepath.Join(j.dir, doubtFile))
}

// take goes on in the file of this generation.
func (j *Journal) take(ctx context.Context) error {
	j.file = file{}
	if err := j.connect(ctx); err != nil {
		return err
	}
	return j.load(ctx)
}

// doubt leaves word for the next start. A disk that can't take it takes nothing else either.
func (j *Journal) doubt() {
	j.doubtful = true
	f, err := j.disk.Open(filepath.Join(j.dir, doubtFile), os.O_WRONLY|os.O_CREATE)
	if err == nil {
		f.Close()
	}
}

// check verifies a copy as a whole, from its file: what the old connection read may
// have been lost under it.
func (j *Journal) check(ctx context.Context, path string) error {
	c, err := dial(ctx, j.dsn(path))
	if err != nil {
		return err
	}
	_, err = file{conn: c}.verify(ctx, j.versions)
	return errors.Join(err, c.close())
}
