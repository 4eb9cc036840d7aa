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
// that leads nowhere is there, and so is not fs.ErrNotExist. What is read is bounded by Reader.
func Open(path string, limitBytes int64) (*os.File, error) {
	f, err := openAtOnce(path)
	if err != nil {
		if _, there := os.Lstat(path); there == nil && errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is a link that leads nowhere", path)
		}
		return nil, err
	}
	info, err := f.Stat() // of what is open, whatever has the name now
	switch {
	case err != nil:
	//mutant:regular-files-alone
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s: %w", path, ErrNoFile)
	//mutant:files-have-a-limit/size
	case info.Size() > limitBytes:
		err = fmt.Errorf("%s: %w: %d bytes, above %d", path, ErrTooBig, info.Size(), limitBytes)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
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
		n, err := f.Read(b[len(b):min(int64(cap(b)), limitBytes+1)])
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
			more := make([]byte, len(b), min(2*int64(cap(b))+512, limitBytes+1))
			copy(more, b)
			clear(b)
			b = more
		}
	}
}
