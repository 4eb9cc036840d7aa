package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
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

// Backup makes a whole copy of the books in the folder backup of the data folder, and verifies it. A
// sale that is committed meanwhile waits while it is written. Errors: those of the disk, fs.ErrExist
// where the same millisecond has one already, journal.ErrDamaged where the copy does not hold.
func (d *Desk) Backup(ctx context.Context) (BackedUp, error) {
	return d.backupTo(ctx, filepath.Join(d.backupDir(), journal.BackupName(d.config.Now())), func() {})
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

// backups is how the till's own backups stand.
type backups struct {
	last time.Time // when the newest was made; zero where there is none
	err  error     // why the last try failed, in the folder itself or in the second place
}

// BackupState is how the backups stand that the till makes by itself.
type BackupState struct {
	Last   time.Time // when the newest was made; zero without one
	Second string    // the second place; empty where the settings name none
	Err    error     // why the last try failed, here or in the second place; nil where it did not
}

// Backups is how the backups stand.
func (d *Desk) Backups() BackupState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return BackupState{Last: d.backups.last, Second: d.config.SecondBackup, Err: d.backups.err}
}

// check is what the doctor says of them.
func (b BackupState) check(now time.Time) doctor.Check {
	c := doctor.Check{Name: "backup", Level: doctor.Good, Detail: "the till makes one at each Z, and each day"}
	if !b.Last.IsZero() {
		c.Detail = "the newest is of " + b.Last.Local().Format("2006-01-02 15:04")
	}
	switch {
	case b.Err != nil:
		c.Level, c.Detail = doctor.Warning, "the last one failed: "+b.Err.Error()
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

// backupDue reports whether the newest backup is a day old, or there is none of books that have any payment.
func (d *Desk) backupDue() bool {
	if d.journal.Next().Attempt <= 1 {
		return false
	}
	newest := d.newestBackup()
	d.mu.Lock()
	d.backups.last = newest
	d.mu.Unlock()
	return d.config.Now().Sub(newest) >= backupEvery
}

// newestBackup is when the newest backup was made, by the names in the folder.
func (d *Desk) newestBackup() (newest time.Time) {
	names, err := d.disk().Names(d.backupDir())
	if err != nil {
		return newest
	}
	for _, name := range names {
		if at, ok := journal.BackupTime(name); ok && at.After(newest) {
			newest = at
		}
	}
	return newest
}

func (d *Desk) disk() disk.Disk { return disk.System{} }

// KeepBackup makes a backup now, brings it to the second place, verified there too, and lets old ones go. What failed is told until one does not.
func (d *Desk) KeepBackup(ctx context.Context) {
	made, err := d.Backup(ctx)
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		err = d.backupBeside(ctx, made)
		d.prune(d.backupDir())
	}
	if err != nil {
		d.config.Log.Warn("backup", "error", err)
	}
	d.mu.Lock()
	d.backups.err = err
	if made.Path != "" {
		d.backups.last = d.config.Now()
	}
	d.mu.Unlock()
	d.news.Changed()
}

// backupBeside copies a backup to the second place. The folder has to be there: a stick that is pulled out must not become a folder of this disk.
func (d *Desk) backupBeside(ctx context.Context, made BackedUp) error {
	second := d.config.SecondBackup
	if second == "" {
		return nil
	}
	failed := func(err error) error {
		return fmt.Errorf("the backup is in the data folder alone: the second place %s: %w", second, err)
	}
	on := d.disk()
	//mutant:a-second-place-is-there
	if _, err := on.Stat(second); err != nil {
		return failed(err)
	}
	path := filepath.Join(second, filepath.Base(made.Path))
	fresh := path + ".new"
	err := disk.Copy(on, made.Path, fresh)
	if err == nil {
		err = on.Rename(fresh, path)
	}
	if err == nil {
		err = on.SyncDir(second)
	}
	if err != nil {
		return failed(errors.Join(err, disk.RemoveAny(on, fresh)))
	}
	if v, err := journal.CheckBackup(ctx, path, journal.Options{}); err != nil || v.Head != made.Head {
		return failed(cmp.Or(err, errOtherCopy))
	}
	d.prune(second)
	return nil
}

var errOtherCopy = errors.New("what was copied there is not what was written here")

// prune lets backups of a folder go that are kept no longer.
func (d *Desk) prune(dir string) {
	names, err := d.disk().Names(dir)
	if err != nil {
		return
	}
	for _, name := range journal.Expired(names, time.Local) {
		if err := disk.RemoveAny(d.disk(), filepath.Join(dir, name)); err != nil {
			d.config.Log.Warn("backup", "not removed", name, "error", err)
		}
	}
}
