// Package disk is the file system as the journal and the vault need it: the system's
// own, or one that a proof can break at every step. Nothing here is durable by itself:
// a file is after its Sync, a name after SyncDir of its folder.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrHeld means that another program holds a lock.
var ErrHeld = errors.New("another program holds the lock")

// Disk is where files lie. Paths are the system's; errors are those of package os.
type Disk interface {
	// VFS names this disk to SQLite; the system's own has no name.
	VFS() string
	// Lock takes a lock that ends with the program. ErrHeld when another has it.
	Lock(path string) (unlock func() error, err error)
	// MakeDir makes a folder, and those above it, for its owner alone.
	MakeDir(dir string) error
	// Names lists what is in a folder, in no order.
	Names(dir string) ([]string, error)
	Stat(path string) (fs.FileInfo, error)
	// Open opens a file by the flags of package os. One that it makes is for its owner alone.
	Open(path string, flag int) (File, error)
	Rename(from, to string) error
	Remove(path string) error
	// SyncDir makes the names in a folder durable. SQLite ignores the error of this; we don't.
	SyncDir(dir string) error
}

// File is an open file.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	Sync() error
	// DataSync makes durable what was written, and the file's size where that is needed to find it
	// again. It is cheaper than Sync where a file is overwritten in its own room.
	DataSync() error
	Close() error
}

// smallBytes is more than any file has that is read whole: keys, records and books of a test.
const smallBytes = 64 << 20

// ReadFile reads a whole file of at most 64 MiB.
func ReadFile(d Disk, path string) ([]byte, error) {
	f, err := d.Open(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(f, smallBytes+1))
	if len(content) > smallBytes {
		content, err = nil, fmt.Errorf("%s has more than %d bytes", path, smallBytes)
	}
	return content, errors.Join(err, f.Close())
}

// SyncFile makes durable what somebody else wrote.
func SyncFile(d Disk, path string) error {
	f, err := d.Open(path, os.O_RDWR)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Replace gives a file new content as a whole: after a crash it has the old or the
// new one. The new one is durable when it returns.
func Replace(d Disk, path string, content []byte) error {
	fresh := path + ".new"
	f, err := d.Open(fresh, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := d.Rename(fresh, path); err != nil {
		return err
	}
	return d.SyncDir(filepath.Dir(path))
}

// Copy writes a file's content into another, whole, and makes that durable; its name is not, before
// SyncDir. What was under the name is lost, so that it has to be one that does not count yet.
func Copy(d Disk, from, to string) error {
	in, err := d.Open(from, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := d.Open(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(out, in, make([]byte, 1<<20))
	return errors.Join(err, out.Sync(), out.Close())
}

// RemoveAny removes files; one that is not there is no error.
func RemoveAny(d Disk, paths ...string) error {
	for _, path := range paths {
		if err := d.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
