// Package files reads files that a person named, or that others may have put there, for every room: settings, catalogues, tracks, keys, packages,
// backups. A name may lead to a device, a pipe or a file without an end, and none of them may stop or fill the till.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Why a name is not read. The error says which name.
var (
	ErrNoFile = errors.New("it is no regular file")
	ErrTooBig = errors.New("it is too big")
)

// Open opens a regular file of at most limitBytes for reading, without waiting for anything. A link counts as what it leads to; one
// that leads nowhere is there, and so is not fs.ErrNotExist. What grows after that Rest bounds.
func Open(path string, limitBytes int64) (*os.File, error) {
	f, err := OpenAs(path, os.O_RDONLY, 0)
	if err != nil {
		if _, there := os.Lstat(path); there == nil && errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is a link that leads nowhere", path)
		}
		return nil, err
	}
	//mutant:files-have-a-limit/size
	if info, err := f.Stat(); err != nil || info.Size() > limitBytes {
		return nil, errors.Join(err, fmt.Errorf("%s: %w: it has more than %d bytes", path, ErrTooBig, limitBytes), f.Close())
	}
	return f, nil
}

// OpenAs opens a regular file by the flags and the permissions of package os, without waiting for anything.
func OpenAs(path string, flag int, perm os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, flag|atOnce, perm)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat() // of what is open, whatever has the name now
	//mutant:regular-files-alone
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", path, ErrNoFile)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Write gives a regular file new content, or makes one. After a crash it may have a part of it.
func Write(path string, content []byte, perm os.FileMode) error {
	f, err := OpenAs(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// Read reads a whole file as Open opens it. One that says that it is small, and goes on, is ErrTooBig.
func Read(path string, limitBytes int64) ([]byte, error) {
	f, err := Open(path, limitBytes)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Rest(f, limitBytes)
}

// Rest reads what is left of an open file, up to limitBytes.
func Rest(f *os.File, limitBytes int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, min(info.Size(), limitBytes)+1) // one piece, so that who reads a secret can wipe it
	for {
		n, err := f.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		//mutant:files-have-a-limit/read
		case int64(len(b)) > limitBytes:
			clear(b)
			return nil, fmt.Errorf("%s: %w: it has more than %d bytes", f.Name(), ErrTooBig, limitBytes)
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil:
			clear(b)
			return nil, err
		}
		if len(b) == cap(b) { // it grew, or it says no size
			more := make([]byte, len(b), 2*cap(b)+512)
			copy(more, b)
			clear(b)
			b = more
		}
	}
}

// WriteNew writes a file that is not there yet, and durably. Errors: fs.ErrExist, those of the disk.
func WriteNew(path string, content []byte, mode os.FileMode) error {
	f, err := OpenAs(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err = f.Write(content); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
