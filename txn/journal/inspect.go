package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"veratill/txn/disk"
)

const headerBytes = 100

// inspect reads the file's header without SQLite, so that a file which is not ours is
// never opened for writing. The power can go while the WAL's pages are moved into it:
// then it is cut, its first page may be nonsense, and it is whole only with its WAL.
func inspect(d disk.Disk, path string, newest int) (cut bool, err error) {
	info, err := d.Stat(path)
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("%w: not a regular file", ErrForeign)
	}
	if info.Mode().Perm()&0o200 == 0 {
		return false, ErrReadOnly
	}
	f, err := d.Open(path, os.O_RDWR)
	if err != nil {
		return false, err
	}
	defer f.Close()
	h, err := readHeader(f)
	if err != nil {
		return false, err
	}
	if err := inspectHeader(h, newest); err != nil {
		//mutant:cut-checkpoint-opens
		if !keptInWAL(d, path+"-wal", newest) {
			return false, err
		}
		return true, nil
	}
	return isCut(h, info.Size()), nil
}

func readHeader(f disk.File) (h [headerBytes]byte, err error) {
	n, err := f.ReadAt(h[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return h, err
	}
	if n < headerBytes {
		return h, fmt.Errorf("%w: it ends after %d bytes", ErrDamaged, n)
	}
	return h, nil
}

// isCut reports whether a file has fewer bytes than its header says, or a part of a page.
func isCut(h [headerBytes]byte, size int64) bool {
	page := int64(binary.BigEndian.Uint16(h[16:]))
	if page == 1 {
		page = 65536
	}
	pages := int64(binary.BigEndian.Uint32(h[28:]))
	return size < pages*page || size%page != 0
}

// whole looks at every page, with what the WAL has of them. It writes nothing.
func (j *Journal) whole(ctx context.Context) error {
	verdict, err := first[string](j.conn.query(ctx, "PRAGMA quick_check(1)"))
	if err != nil {
		return fmt.Errorf("%w: it was cut: %w", ErrDamaged, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: it was cut: %s", ErrDamaged, verdict)
	}
	return nil
}

func inspectHeader(h [headerBytes]byte, newest int) error {
	if string(h[:16]) != "SQLite format 3\x00" {
		if strings.Trim(string(h[:]), "\x00") == "" {
			return fmt.Errorf("%w: its first page is empty", ErrDamaged)
		}
		return ErrForeign
	}
	//mutant:foreign-file-is-refused
	if id := binary.BigEndian.Uint32(h[68:]); id != applicationID {
		return fmt.Errorf("%w: application id %08x", ErrForeign, id)
	}
	//mutant:newer-journal-is-refused/header
	if v := int(binary.BigEndian.Uint32(h[60:])); v > newest {
		return fmt.Errorf("%w: format %d, this program knows %d", ErrNewer, v, newest)
	}
	if page := binary.BigEndian.Uint16(h[16:]); page != 1 && (page < 512 || page&(page-1) != 0) {
		return fmt.Errorf("%w: a page has %d bytes", ErrDamaged, page)
	}
	return nil
}

// The WAL's layout (SQLite file format, section 4): a header of 32 bytes that begins with
// a magic number, the page size at 8 and two salts at 16; then frames of 24 bytes and a
// page, which begin with the page's number and have the same salts at 8.
const (
	walMagic      = 0x377f0682 // or 1 more
	walHeader     = 32
	walFrame      = 24
	walSaltsAt    = 16
	frameSaltsAt  = 8
	walPageSizeAt = 8
)

// keptInWAL reports whether a WAL holds a first page of ours. Which of its frames are to be
// believed SQLite decides, by their checksums; behind those there may be torn ones.
func keptInWAL(d disk.Disk, path string, newest int) bool {
	f, err := d.Open(path, os.O_RDONLY)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [walHeader]byte
	if _, err := f.ReadAt(head[:], 0); err != nil || binary.BigEndian.Uint32(head[:])&^1 != walMagic {
		return false
	}
	page := int64(binary.BigEndian.Uint32(head[walPageSizeAt:]))
	if page < 512 || page > 65536 {
		return false
	}
	var frame [walFrame + headerBytes]byte
	for at := int64(walHeader); ; at += walFrame + page {
		_, err := f.ReadAt(frame[:], at)
		if err != nil || string(frame[frameSaltsAt:frameSaltsAt+8]) != string(head[walSaltsAt:walSaltsAt+8]) {
			return false
		}
		if binary.BigEndian.Uint32(frame[:]) == 1 && inspectHeader([headerBytes]byte(frame[walFrame:]), newest) == nil {
			return true
		}
	}
}
