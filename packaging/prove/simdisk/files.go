package simdisk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"veratill/txn/disk"
)

var _ disk.Disk = (*Disk)(nil)

// ErrDead is what every call gets once the power is off or the program killed.
var ErrDead = errors.New("the simulated computer is off")

// VFS implements disk.Disk.
func (d *Disk) VFS() string { return vfsName }

// name is a path from the disk's root.
func (d *Disk) name(full string) string {
	return strings.TrimPrefix(strings.TrimPrefix(full, d.Root()), "/")
}

// fail turns a fault of a call into an error.
func fail(f Fault, kind Kind, name string) error {
	switch f {
	case PowerCut, Killed:
		return ErrDead
	case IOError, SyncLost:
		return &fs.PathError{Op: kind.String(), Path: name, Err: syscall.EIO}
	case Full:
		return &fs.PathError{Op: kind.String(), Path: name, Err: syscall.ENOSPC}
	}
	return nil
}

// Lock implements disk.Disk.
func (d *Disk) Lock(full string) (func() error, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.locks[full] {
		return nil, disk.ErrHeld
	}
	d.locks[full] = true
	return func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.locks, full)
		return nil
	}, nil
}

// MakeDir implements disk.Disk: a folder is there when a file is in it.
func (d *Disk) MakeDir(string) error { return nil }

// Names implements disk.Disk.
func (d *Disk) Names(dir string) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := fail(d.fault(Read, d.name(dir)), Read, dir); err != nil {
		return nil, err
	}
	var names []string
	for name := range d.files {
		if path.Dir(name) == d.name(dir) {
			names = append(names, path.Base(name))
		}
	}
	return names, nil
}

// Stat implements disk.Disk.
func (d *Disk) Stat(full string) (fs.FileInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := d.name(full)
	if err := fail(d.fault(Read, name), Read, name); err != nil {
		return nil, err
	}
	f := d.files[name]
	if f == nil {
		return nil, &fs.PathError{Op: "stat", Path: full, Err: fs.ErrNotExist}
	}
	return info{path.Base(name), f.seen.size}, nil
}

type info struct {
	name string
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o600 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }

// Open implements disk.Disk.
func (d *Disk) Open(full string, flag int) (disk.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := d.name(full)
	f := d.files[name]
	switch {
	case d.dead != None:
		return nil, ErrDead
	case f == nil && flag&os.O_CREATE == 0:
		return nil, &fs.PathError{Op: "open", Path: full, Err: fs.ErrNotExist}
	case f != nil && flag&os.O_EXCL != 0:
		return nil, &fs.PathError{Op: "open", Path: full, Err: fs.ErrExist}
	case f == nil:
		if err := fail(d.fault(Create, name), Create, name); err != nil {
			return nil, err
		}
		f = d.create(name)
	case flag&os.O_TRUNC != 0:
		if err := fail(d.fault(Truncate, name), Truncate, name); err != nil {
			return nil, err
		}
		d.truncate(f, name, 0)
	}
	return &open{disk: d, file: f, name: name, appends: flag&os.O_APPEND != 0}, nil
}

// open is a file that Go code has open.
type open struct {
	disk *Disk
	file *inode
	name string
	at   int64

	appends bool // each write goes to the end
}

func (o *open) ReadAt(b []byte, off int64) (int, error) {
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	if err := fail(o.disk.fault(Read, o.name), Read, o.name); err != nil {
		return 0, err
	}
	n := o.file.seen.read(off, b)
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (o *open) Read(b []byte) (int, error) {
	n, err := o.ReadAt(b, o.at)
	o.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

func (o *open) Write(b []byte) (int, error) {
	d := o.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	fault := d.fault(Write, o.name)
	if fault == Full {
		b = b[:len(b)/2]
	}
	err := fail(fault, Write, o.name)
	if err != nil && fault != Full {
		return 0, err
	}
	if o.appends {
		o.at = o.file.seen.size
	}
	d.write(o.file, o.name, o.at, b)
	o.at += int64(len(b))
	return len(b), err
}

func (o *open) Sync() error {
	d := o.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	fault := d.fault(Sync, o.name)
	if fault == SyncLost {
		d.lose(o.file, o.name)
	}
	if err := fail(fault, Sync, o.name); err != nil || fault == SyncLie {
		return err
	}
	d.sync(o.file, o.name)
	return nil
}

// DataSync implements disk.File. A simulated disk keeps sizes with its data, so that it is the same.
func (o *open) DataSync() error { return o.Sync() }

func (o *open) Close() error { return nil }

// Rename implements disk.Disk.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := d.name(from)
	if err := fail(d.fault(Rename, name), Rename, name); err != nil {
		return err
	}
	if d.files[name] == nil {
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	}
	d.rename(name, d.name(to))
	return nil
}

// Remove implements disk.Disk.
func (d *Disk) Remove(full string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := d.name(full)
	if d.files[name] == nil {
		return &fs.PathError{Op: "remove", Path: full, Err: fs.ErrNotExist}
	}
	if err := fail(d.fault(Remove, name), Remove, name); err != nil {
		return err
	}
	d.remove(name)
	return nil
}

// SyncDir implements disk.Disk. There is one folder as far as names go.
func (d *Disk) SyncDir(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	fault := d.fault(SyncDir, d.name(dir))
	if err := fail(fault, SyncDir, d.name(dir)); err != nil || fault == SyncLie {
		return err
	}
	d.syncDir()
	return nil
}

// Describe lists what is on the disk, for transcripts.
func (d *Disk) Describe() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for name, f := range d.files {
		fmt.Fprintf(&b, "%s %d bytes, %d changes not synced\n", name, f.seen.size, len(f.pending))
	}
	return b.String()
}
