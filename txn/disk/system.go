package disk

import (
	"errors"
	"io/fs"
	"os"

	"github.com/gofrs/flock"

	"veratill/assets/files"
)

// System is the computer's own disk.
type System struct{}

// VFS implements Disk.
func (System) VFS() string { return "" }

// Lock implements Disk.
func (System) Lock(path string) (func() error, error) {
	lock := flock.New(path)
	held, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !held {
		return nil, ErrHeld
	}
	return lock.Unlock, nil
}

// MakeDir implements Disk.
func (System) MakeDir(dir string) error { return os.MkdirAll(dir, 0o700) }

// Names implements Disk.
func (System) Names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// Stat implements Disk.
func (System) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }

// Open implements Disk. What is there under the name and is no regular file, such as a pipe, is refused at once.
func (System) Open(path string, flag int) (File, error) {
	f, err := files.OpenAs(path, flag, 0o600)
	if err != nil {
		return nil, err // not f: a nil file in an interface is not nil
	}
	return systemFile{f}, nil
}

// systemFile is a file of the system's disk.
type systemFile struct{ *os.File }

// DataSync implements File.
func (f systemFile) DataSync() error { return dataSync(f.File) }

// Rename implements Disk.
func (System) Rename(from, to string) error { return os.Rename(from, to) }

// MakeTempDir makes a folder for its owner alone among the system's temporary files.
func (System) MakeTempDir() (string, error) { return os.MkdirTemp("", "veratill-") }

// Remove implements Disk.
func (System) Remove(path string) error { return os.Remove(path) }

// SyncDir implements Disk.
func (System) SyncDir(dir string) error {
	if !namesNeedSync {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
