package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"time"

	"veratill/app/doctor"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// BackedUp is a backup that was made and then verified from its own file.
type BackedUp struct {
	Path string `json:"path"`
	journal.Verified
}

// Backup makes a whole copy of the books in the folder backup of the data folder, because a person asked for it: the till lets it go by itself
// never. It verifies it, and takes along what goes with it. A sale that is committed meanwhile waits while it is written. Errors: those of the disk, fs.ErrExist
// where the same millisecond has one already, journal.ErrDamaged where the copy does not hold.
// The backup holds where its path is there, also beside an error: then what goes with it could not be taken along.
func (d *Desk) Backup(ctx context.Context) (BackedUp, error) {
	return d.backupAs(ctx, journal.BackupNameByHand(d.config.Now()))
}

func (d *Desk) backupAs(ctx context.Context, name string) (BackedUp, error) {
	made, err := d.backupTo(ctx, filepath.Join(d.backupDir(), name), func() {})
	if err != nil {
		return made, err
	}
	return made, d.takeAlong(d.backupDir())
}

// backupTo is told where to, and tells when the copy is written and only has to be verified.
func (d *Desk) backupTo(ctx context.Context, path string, written func()) (BackedUp, error) {
	if err := d.journal.Backup(ctx, path); err != nil {
		return BackedUp{}, fmt.Errorf("no backup was made, and the books are as they were: %w", err)
	}
	written()
	v, err := journal.CheckBackup(ctx, path, journal.Options{})
	if err != nil {
		return BackedUp{}, fmt.Errorf("the backup %s was made, but it does not hold; the books are as they were: %w", path, err)
	}
	return BackedUp{path, v}, nil
}

// BackupState is how the backups stand that the till makes by itself.
type BackupState struct {
	Last   time.Time // when the newest was made; zero without one
	Paid   bool      // the books have a payment that a backup would keep
	Second string    // the second place; empty where the settings name none
	Err    error     // why the last try failed, here or in the second place; nil where it did not
}

// Backups is how the backups stand. It looks into their folder.
func (d *Desk) Backups() BackupState {
	return BackupState{Last: d.newestBackup(), Paid: d.anyPayment(), Second: d.config.SecondBackup, Err: d.backupFailed()}
}

// backupFailed is why the last backup failed; nil where it did not.
func (d *Desk) backupFailed() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.backupErr
}

// check is what the doctor says of them.
func (b BackupState) check(now time.Time) doctor.Check {
	c := doctor.Check{Name: "backup", Level: doctor.Good, Detail: "no payment is in the books yet, so there is none to make: the till makes one at each Z, and each day"}
	if !b.Last.IsZero() {
		c.Detail = "the newest is of " + b.Last.Local().Format("2006-01-02 15:04")
	}
	switch {
	case b.Err != nil:
		c.Level, c.Detail = doctor.Warning, "the last one failed: "+b.Err.Error()
	//mutant:no-backup-is-no-good-backup
	case b.Last.IsZero() && b.Paid:
		c.Level, c.Detail = doctor.Warning, "there is none yet: the till makes one at each Z, and each day while nobody sells. veratill journal backup makes one now"
	case !b.Last.IsZero() && now.Sub(b.Last) > 3*backupEvery:
		c.Level, c.Detail = doctor.Warning, c.Detail+", which is days ago: leave the till running once, or call veratill journal backup"
	case b.Second == "":
		c.Detail += "; there is no second place: a disk that fails takes the books and their backups. Name one as second under [backup] in the settings"
	}
	return c
}

const (
	backupEvery = 24 * time.Hour
	// backupQuiet is for how long nobody has sold when a backup is made that no Z asked for: a sale would wait while it is written.
	backupQuiet = 5 * time.Minute
)

// KeepBackups makes a backup at each Z, and one a day while nobody sells, brings it to the second place, and lets old ones go, until ctx ends.
func (d *Desk) KeepBackups(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	seq, quiet := int64(-1), 0
	for {
		due := false
		select {
		case <-ctx.Done():
			return
		case <-d.dayEnded:
			due = true
		case <-tick.C:
			now, _ := d.journal.Head()
			if quiet++; now != seq {
				seq, quiet = now, 0
			}
			due = time.Duration(quiet)*time.Minute >= backupQuiet && d.backupDue()
		}
		if due {
			d.KeepBackup(ctx)
		}
	}
}

func (d *Desk) backupDir() string { return filepath.Join(d.config.Dir, "backup") }

// anyPayment reports whether the books have any payment.
func (d *Desk) anyPayment() bool { return d.journal.Next().Attempt > 1 }

// backupDue reports whether the newest backup is a day old, or there is none of books that have any payment.
func (d *Desk) backupDue() bool {
	return d.anyPayment() && d.config.Now().Sub(d.newestBackup()) >= backupEvery
}

// newestBackup is when the newest backup was made, by the names in the folder.
func (d *Desk) newestBackup() (newest time.Time) {
	files, _ := journal.BackupsIn(onDisk, d.backupDir()) // one that can't be looked into has none
	for _, f := range files {
		if f.At.After(newest) {
			newest = f.At
		}
	}
	return newest
}

// onDisk is where backups lie: those of a till that is simulated are made by nobody.
var onDisk disk.Disk = disk.System{}

// KeepBackup makes a backup now, brings it to the second place, verified there too, and lets old ones go. What failed is told until one does not.
func (d *Desk) KeepBackup(ctx context.Context) {
	made, err := d.backupAs(ctx, journal.BackupName(d.config.Now()))
	if ctx.Err() != nil {
		return
	}
	if made.Path != "" {
		err = errors.Join(err, d.backupBeside(ctx, made))
		d.prune(d.backupDir())
		d.expire("slips", d.config.Slips)
		d.expire("messages", d.config.Messages)
	}
	if err != nil {
		d.config.Log.Warn("backup", "error", err)
	}
	d.mu.Lock()
	d.backupErr = err
	d.mu.Unlock()
	d.news.Changed()
}

// secondDir is this till's folder in the second place, which other tills may use too. The second place itself is not made: a stick that is pulled
// out must not become a folder of this disk.
func (d *Desk) secondDir(made BackedUp) (string, error) {
	//mutant:a-second-place-is-there
	if info, err := onDisk.Stat(d.config.SecondBackup); err != nil || !info.IsDir() {
		return "", errors.Join(err, errNoFolder)
	}
	id := made.Identity
	//mutant:each-till-has-its-folder
	dir := filepath.Join(d.config.SecondBackup, fmt.Sprintf("till-%s-%.8s", notInAName.ReplaceAllString(id.Till, "-"), id.Books))
	return dir, onDisk.MakeDir(dir)
}

var (
	errNoFolder = errors.New("it is no folder: is the stick, or the server's disk, there?")
	notInAName  = regexp.MustCompile(`[^0-9A-Za-z]+`)
)

// backupBeside copies a backup to the second place.
func (d *Desk) backupBeside(ctx context.Context, made BackedUp) error {
	if d.config.SecondBackup == "" {
		return nil
	}
	failed := func(err error) error {
		return fmt.Errorf("the backup is in the data folder alone: the second place %s: %w", d.config.SecondBackup, err)
	}
	second, err := d.secondDir(made)
	if err != nil {
		return failed(err)
	}
	path := filepath.Join(second, filepath.Base(made.Path))
	if err := copyVerified(ctx, made, path); err != nil {
		return failed(err)
	}
	d.prune(second)
	for _, papers := range []Copied{d.config.Slips, d.config.Messages, d.config.Filed} {
		if err := papers.CopyTo(second); err != nil {
			return failed(err)
		}
	}
	if err := d.takeAlong(second); err != nil {
		return failed(err)
	}
	return nil
}

// takeAlong copies what goes along with a backup, such as the public keys by which old receipts are checked, as it is now.
func (d *Desk) takeAlong(dir string) error {
	for _, name := range d.config.Beside {
		text, err := disk.ReadFile(onDisk, filepath.Join(d.config.Dir, name))
		if err == nil {
			err = disk.Replace(onDisk, filepath.Join(dir, name), text)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the backup holds, and %s was not taken along with it: %w", name, err)
		}
	}
	return nil
}

// expire removes what is kept no longer of papers of one kind, and says so.
func (d *Desk) expire(name string, papers Messages) {
	gone, err := papers.Expire(d.config.Now())
	if err != nil {
		d.config.Log.Warn(name, "not removed", err)
	}
	if len(gone) > 0 {
		d.config.Log.Info(name, "removed, being old enough, those of", gone)
	}
}

// copyVerified copies a backup under a name that it gets only once the copy holds.
func copyVerified(ctx context.Context, made BackedUp, path string) error {
	fresh := path + ".new"
	err := disk.Copy(onDisk, made.Path, fresh)
	var v journal.Verified
	if err == nil {
		v, err = journal.CheckBackup(ctx, fresh, journal.Options{})
	}
	if err == nil && v.Head != made.Head {
		err = errOtherCopy
	}
	if err == nil {
		err = onDisk.Rename(fresh, path)
	}
	if err != nil {
		return errors.Join(err, disk.RemoveAny(onDisk, fresh))
	}
	return onDisk.SyncDir(filepath.Dir(path))
}

var errOtherCopy = errors.New("what was copied there is not what was written here")

// prune lets backups of a folder go that are kept no longer.
func (d *Desk) prune(dir string) {
	names, err := onDisk.Names(dir)
	if err != nil {
		return
	}
	for _, name := range journal.Expired(names, time.Local) {
		if err := disk.RemoveAny(onDisk, filepath.Join(dir, name)); err != nil {
			d.config.Log.Warn("backup", "not removed", name, "error", err)
		}
	}
}
