package journal

import (
	"context"
	"errors"
	"path/filepath"

	"veratill/txn/disk"
)

// Backup writes a whole, consistent copy to a new file and makes it durable.
// A file that is there already is an error: nothing is overwritten.
func (j *Journal) Backup(ctx context.Context, path string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.backupTo(ctx, path)
}

func (j *Journal) backupTo(ctx context.Context, path string) error {
	if err := j.disk.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := j.copyTo(ctx, path); err != nil {
		return err
	}
	// SQLite syncs neither the copy nor its directory entry (design/journal.md, trap 3).
	return errors.Join(disk.SyncFile(j.disk, path), j.disk.SyncDir(filepath.Dir(path)))
}

// copyTo writes what this connection reads into a new file, for its owner alone.
func (j *Journal) copyTo(ctx context.Context, path string) error {
	if err := j.makeEmpty(path); err != nil {
		return err
	}
	return j.conn.run(ctx, "VACUUM INTO ?", path)
}
