package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/disk"
	"veratill/txn/fold"
)

// restoredFile lies beside a generation that is a backup which was put back.
func restoredFile(generation int) string { return Name(generation) + ".restored" }

// restored is what the marker of a restored generation says.
type restored struct {
	Backup  string `json:"backup"`  // its file
	Entries int64  `json:"entries"` // that it holds
	Head    string `json:"head"`    // hex of its newest entry's hash
	Left    int64  `json:"left"`    // entries of the generation before that were left behind: starts, and nothing else
	AtMs    int64  `json:"atMs"`
	Whole   bool   `json:"whole,omitempty"` // the books that it took the place of had nothing else behind it
}

// lookFile is a copy of the newest generation, to be read by a program that may not know its format.
const lookFile = "restore-look.db"

// CheckBackup verifies a backup as Verify does the journal, without changing it or making a file
// beside it. Of the options it takes Disk and Migrations. Errors: those of Open, and fs.ErrNotExist.
func CheckBackup(ctx context.Context, path string, o Options) (Verified, error) {
	j, known, err := unopened(filepath.Dir(path), o)
	if err != nil {
		return Verified{}, err
	}
	v, err := j.checkBackup(ctx, path, known)
	return v, named(path, err)
}

// LookAtBackup is CheckBackup that also says what the backup holds.
func LookAtBackup(ctx context.Context, path string, o Options) (Seen, error) {
	j, known, err := unopened(filepath.Dir(path), o)
	if err != nil {
		return Seen{}, err
	}
	s, err := j.lookAtBackup(ctx, path, known)
	return s, named(path, err)
}

// TooNew reports whether the journal of a folder has a format that this program does not know.
// It changes nothing of it. Errors: ErrInUse, ErrNotFound without a journal, those of the disk.
func TooNew(ctx context.Context, dir string, o Options) (bool, error) {
	version := int64(0)
	known, err := alone(dir, o, func(j *Journal, _ int) error {
		return j.look(ctx, func(f file) (err error) {
			version, err = first[int64](f.conn.query(ctx, "PRAGMA user_version"))
			return err
		})
	})
	return version > int64(known), err
}

// Restore makes a backup the journal of a folder again: its next generation, so that the file
// that is there stays as it is. It is verified before and after it was copied. Nothing is restored
// where the journal holds more than starts behind the backup's last entry: somebody may have paid.
// A power cut at any moment leaves the old journal or the restored one, and calling it again is
// right in both. Errors: ErrSold, ErrOtherBooks, ErrInUse, ErrNotFound without a journal, and
// those of CheckBackup.
func Restore(ctx context.Context, dir, backup string, o Options) error {
	ctx = context.WithoutCancel(ctx) // half a restoring is of no use to anybody
	_, err := alone(dir, o, func(j *Journal, known int) error {
		v, err := j.checkBackup(ctx, backup, known)
		if err != nil {
			return named(backup, err)
		}
		left, err := j.after(ctx, v)
		if err != nil {
			return err
		}
		done, err := j.there(filepath.Join(j.dir, restoredFile(j.generation)))
		if err != nil || done && left == 0 {
			return err
		}
		return j.putBack(ctx, restored{filepath.Base(backup), v.Entries, v.Head, left, j.now().UnixMilli(), true}, backup, known)
	})
	return err
}

// RestoreNew makes a backup the journal of a folder that has none, such as that of a new computer. It is verified before and after it was copied. The first start says
// that it was restored, and moves the numbers ahead (Restored): payments may have followed it. Errors: fs.ErrExist where the folder has a journal, and those of CheckBackup.
func RestoreNew(ctx context.Context, dir, backup string, o Options) (v Verified, err error) {
	ctx = context.WithoutCancel(ctx)
	j, known, err := unopened(dir, o)
	if err != nil {
		return v, err
	}
	if err := j.disk.MakeDir(dir); err != nil {
		return v, explain(dir, err)
	}
	if err := j.lock(); err != nil {
		return v, err
	}
	put := func() error {
		//mutant:a-restore-takes-no-books-place
		if n, err := newest(j.disk, dir); err != nil || n > 0 {
			return errors.Join(err, &fs.PathError{Op: "restore", Path: dir, Err: fs.ErrExist})
		}
		if v, err = j.checkBackup(ctx, backup, known); err != nil {
			return named(backup, err)
		}
		return j.putBack(ctx, restored{filepath.Base(backup), v.Entries, v.Head, 0, j.now().UnixMilli(), false}, backup, known)
	}
	return v, errors.Join(put(), j.unlock())
}

// OnlyStartsAfter reports that nothing but starts was written after an entry: a backup that ends with
// it can be put back. The error is ErrSold, or the disk's.
func (j *Journal) OnlyStartsAfter(ctx context.Context, seq int64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.entries(ctx, sqlEntriesAfter, []any{seq}, onlyStarts)
}

// unopened is a journal whose file is not open: what it knows of a folder and its files.
func unopened(dir string, o Options) (*Journal, int, error) {
	o = o.withDefaults()
	migrations, err := readMigrations(o.Migrations)
	return &Journal{disk: o.Disk, dir: dir, now: o.Now, versions: o.Versions}, len(migrations), err
}

// alone does something to a folder that nobody has open and that has a journal.
func alone(dir string, o Options, do func(j *Journal, known int) error) (known int, err error) {
	j, known, err := unopened(dir, o)
	if err != nil {
		return known, err
	}
	if j.generation, err = newest(j.disk, dir); errors.Is(err, fs.ErrNotExist) || err == nil && j.generation == 0 {
		return known, fmt.Errorf("%w: there is no journal in %s", ErrNotFound, dir)
	} else if err != nil {
		return known, explain(dir, err)
	}
	if err := j.lock(); err != nil {
		return known, err
	}
	return known, errors.Join(named(j.path(), do(j, known)), j.unlock())
}

// named explains an error once; that a file is not there, and this file's own words, need none.
func named(path string, err error) error {
	for _, plain := range []error{fs.ErrNotExist, ErrSold, ErrOtherBooks, ErrForeign, ErrNewer, ErrDamaged} {
		if errors.Is(err, plain) {
			return err
		}
	}
	if err == nil {
		return nil
	}
	return explain(path, err)
}

// frozen opens a file that nobody changes: without a lock, a WAL or anything else beside it.
func (j *Journal) frozen(path string) string {
	return j.url(path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
}

func (j *Journal) checkBackup(ctx context.Context, path string, known int) (Verified, error) {
	seen, err := j.lookAtBackup(ctx, path, known)
	return seen.Verified, err
}

func (j *Journal) lookAtBackup(ctx context.Context, path string, known int) (s Seen, err error) {
	if err := j.inspectBackup(path, known); err != nil {
		return s, err
	}
	c, err := dial(ctx, j.frozen(path))
	if err != nil {
		return s, err
	}
	f := file{conn: c}
	run, books, err := f.fold(ctx, j.versions)
	s = Seen{Verified: verifiedOf(run, books), Books: books}
	if err == nil {
		err = f.holds(ctx, run, books)
	}
	if err = errors.Join(err, c.close()); err == nil && s.Entries == 0 {
		err = fmt.Errorf("%w: it holds nothing", ErrDamaged)
	}
	if err != nil && !errors.Is(err, ErrNewer) {
		err = fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	return s, err
}

func (j *Journal) inspectBackup(path string, known int) error {
	info, err := j.disk.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is not a regular file", ErrForeign, path)
	}
	f, err := j.disk.Open(path, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	h, err := readHeader(f)
	if err != nil {
		return err
	}
	if err := inspectHeader(h, known); err != nil {
		return err
	}
	if isCut(h, info.Size()) {
		return fmt.Errorf("%w: %s is cut short", ErrDamaged, path)
	}
	return nil
}

// look reads the newest generation from a copy of it and its WAL: opening the file itself would
// write to it, and this program may not know its format. The copy lies in the folder, and where that takes none (a disk that is
// full, or an image that nobody may write to) among the system's temporary files.
func (j *Journal) look(ctx context.Context, read func(file) error) error {
	err := j.lookAtCopy(ctx, j.dir, read)
	system, is := j.disk.(interface{ MakeTempDir() (string, error) })
	//mutant:a-look-needs-no-room-in-the-folder
	if !is || !errors.Is(err, errNotCopied) {
		return err
	}
	dir, failed := system.MakeTempDir()
	if failed != nil {
		return err
	}
	return errors.Join(j.lookAtCopy(ctx, dir, read), os.RemoveAll(dir))
}

var errNotCopied = errors.New("the books can't be copied to be looked at")

func (j *Journal) lookAtCopy(ctx context.Context, dir string, read func(file) error) error {
	copied := filepath.Join(dir, lookFile)
	clear := func() error {
		return disk.RemoveAny(j.disk, copied, copied+"-wal", copied+"-journal", copied+"-shm")
	}
	err := clear()
	if err == nil {
		err = disk.Copy(j.disk, j.path(), copied)
	}
	if err == nil {
		if err = disk.Copy(j.disk, j.path()+"-wal", copied+"-wal"); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errNotCopied, errors.Join(err, clear()))
	}
	c, err := dial(ctx, j.dsn(copied))
	if err != nil {
		return errors.Join(err, clear())
	}
	return errors.Join(read(file{conn: c}), c.close(), clear())
}

// starts are the words of what a start writes by itself, and of what happens while nobody sells.
var starts = []string{txn.Booted{}.Word(), txn.Tidied{}.Word(), txn.Renewed{}.Word()}

// after counts the entries that follow a backup's last one. ErrSold where one of them is not a start's.
func (j *Journal) after(ctx context.Context, v Verified) (n int64, err error) {
	var at chain.Cursor
	err = j.look(ctx, func(f file) error {
		return f.entries(ctx, sqlEntriesAfter, []any{v.Entries - 1}, func(e chain.Entry) error {
			if at.Seq == 0 {
				if e.Seq != v.Entries || fmt.Sprintf("%x", e.Hash) != v.Head {
					return fmt.Errorf("%w: entry %d is another one", ErrOtherBooks, v.Entries)
				}
				at = chain.At(e)
				return nil
			}
			n++
			if err := at.Follow(e); err != nil {
				return judged(err)
			}
			return onlyStarts(e)
		})
	})
	if err == nil && at.Seq == 0 {
		err = fmt.Errorf("%w: entry %d is not in it", ErrOtherBooks, v.Entries)
	}
	return n, err
}

func onlyStarts(e chain.Entry) error {
	body, err := fold.Decode(e.Body)
	if err != nil {
		return fmt.Errorf("%w: entry %d: %w", ErrDamaged, e.Seq, err)
	}
	for _, one := range body.Records {
		for word := range one {
			if !slices.Contains(starts, word) {
				return fmt.Errorf("%w: entry %d is %q", ErrSold, e.Seq, word)
			}
		}
	}
	return nil
}

// putBack copies a backup beside its name, verifies the copy, and gives it the name of the next generation.
func (j *Journal) putBack(ctx context.Context, told restored, backup string, known int) error {
	j.generation++
	fresh := j.path() + ".new"
	if err := disk.RemoveAny(j.disk, fresh, fresh+"-journal", fresh+"-wal"); err != nil {
		return err
	}
	if err := disk.Copy(j.disk, backup, fresh); err != nil {
		return err
	}
	if v, err := j.checkBackup(ctx, fresh, known); err != nil {
		return err
	} else if v.Head != told.Head {
		return fmt.Errorf("%w: what was copied from %s is not what was verified", ErrDamaged, backup)
	}
	text, err := json.Marshal(told)
	if err != nil {
		return err
	}
	// First the word that it is restored: a generation without it counts as a failure of the disk.
	if err := disk.Replace(j.disk, filepath.Join(j.dir, restoredFile(j.generation)), text); err != nil {
		return err
	}
	if err := disk.RemoveAny(j.disk, j.path()+"-wal"); err != nil {
		return err
	}
	return j.settle(fresh, j.path())
}
