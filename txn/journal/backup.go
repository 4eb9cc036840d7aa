package journal

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"veratill/txn/disk"
)

// Backup writes a whole, consistent copy to a new file and makes it durable.
// A file that is there already is an error: nothing is overwritten. What is in it is durable
// here first: a copy never holds an entry that these books can lose.
func (j *Journal) Backup(ctx context.Context, path string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	//mutant:backup-is-durable
	if err := j.syncOrSurvive(ctx); err != nil {
		return err
	}
	return j.backupTo(ctx, path)
}

func (j *Journal) backupTo(ctx context.Context, path string) error {
	if err := j.disk.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if there, err := j.there(path); err != nil || there {
		return errors.Join(err, &fs.PathError{Op: "backup", Path: path, Err: fs.ErrExist})
	}
	// Under its name there is a whole backup or none.
	fresh := path + ".new"
	if err := disk.RemoveAny(j.disk, fresh, fresh+"-journal", fresh+"-wal"); err != nil {
		return err
	}
	if err := j.copyTo(ctx, fresh); err != nil {
		return err
	}
	return j.settle(fresh, path)
}

func (j *Journal) there(path string) (bool, error) {
	_, err := j.disk.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// copyTo writes what this connection reads into a new file, for its owner alone.
func (j *Journal) copyTo(ctx context.Context, path string) error {
	if err := j.makeEmpty(path); err != nil {
		return err
	}
	if err := j.conn.run(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	// SQLite writes it without a WAL. It gets its WAL while it has no name that counts: at its
	// first start a power cut in that moment would leave a first page that is nobody's.
	c, err := dial(ctx, j.dsn(path))
	if err != nil {
		return err
	}
	return errors.Join(c.emptyWAL(ctx), c.close())
}
