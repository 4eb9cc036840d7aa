package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// Backup writes a whole, consistent copy to a new file and makes it durable.
// A file that is there already is an error: nothing is overwritten.
func (j *Journal) Backup(ctx context.Context, path string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.backupTo(ctx, path)
}

func (j *Journal) backupTo(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if _, err := j.conn.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	// SQLite syncs neither the copy nor its directory entry (design/journal.md, trap 3).
	return errors.Join(syncFile(path), os.Chmod(path, 0o600), syncDir(filepath.Dir(path)))
}
