package desk

import (
	"context"
	"fmt"
	"path/filepath"

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
	name := "books-" + d.config.Now().UTC().Format("20060102T150405.000") + ".db"
	return d.backupTo(ctx, filepath.Join(d.config.Dir, "backup", name), func() {})
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
