package find

import (
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"veratill/txn/disk"
)

// store is the file. Its methods are for one caller at a time, but that sections are read beside each other.
type store struct {
	disk disk.Disk
	path string

	file        disk.File // nil where there is none yet, or none can be opened
	size        int64
	live        int64 // bytes of blocks that count
	torn        bool  // the end is no block: nothing may be written behind it
	heads       []*placedHead
	itemsFromMs int64 // older blocks are written without what was sold
}

// placedHead is a block of the file.
type placedHead struct {
	head
	at    int64 // of its first section
	names []string
	held  [sections]atomic.Bool // its sections' sums, once they were looked at
}

func (h head) bytes() int64 { return headBytes + h.named + h.sizes[0] + h.sizes[1] + h.sizes[2] }

// open reads where the blocks are. A file that is missing, foreign, of another version or damaged has none, and the next write makes a new one. The error is
// the system's: the file may be good, and can't be read.
func (s *store) open() error {
	s.close()
	f, err := s.disk.Open(s.path, os.O_RDWR|os.O_APPEND)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	s.file, s.torn = f, true // until the end was seen
	start := make([]byte, fileHeader)
	n, err := f.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if string(start[:n]) != string(headerOfFile()) {
		return nil
	}
	info, err := s.disk.Stat(s.path)
	if err != nil {
		return err
	}
	return s.walk(info.Size())
}

// walk goes from block to block.
func (s *store) walk(size int64) error {
	at, b := int64(fileHeader), make([]byte, headBytes+usualNames)
	for at+headBytes <= size {
		n, err := s.file.ReadAt(b, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		h, ok := decodeHead(b[:min(n, headBytes)])
		if !ok || at+h.bytes() > size || h.number > len(s.heads) {
			break
		}
		names := b[headBytes:min(n, headBytes+int(h.named))]
		if int64(len(names)) < h.named {
			names = make([]byte, h.named)
			if _, err := s.file.ReadAt(names, at+headBytes); err != nil {
				return err
			}
		}
		if crc32.Checksum(names, sums) != h.namesSum {
			break
		}
		s.take(h, at, string(names))
		at += h.bytes()
	}
	s.size, s.torn = at, at != size
	return nil
}

// usualNames is how many bytes of names are read together with a head.
const usualNames = 512

// take counts a block that lies at a place of the file.
func (s *store) take(h head, at int64, names string) {
	if h.number == len(s.heads) {
		s.heads = append(s.heads, nil)
	} else {
		s.live -= s.heads[h.number].bytes()
	}
	p := &placedHead{head: h, at: at + headBytes + h.named, names: strings.Split(names, nameEnd)}
	if before := max(h.number-1, 0); before < h.number && strings.Join(s.heads[before].names, nameEnd) == names {
		p.names = s.heads[before].names // mostly the same people: kept once
	}
	s.heads[h.number] = p
	s.live += h.bytes()
}

// newest is the block that was written last.
func (s *store) newest() (last *placedHead) {
	for _, h := range s.heads {
		if last == nil || h.at > last.at {
			last = h
		}
	}
	return last
}

var errNoFile = errors.New("the index can't be opened")

// section reads a section of a block, whose sum has to hold: errDamaged.
func (s *store) section(h *placedHead, which int, into []byte) ([]byte, error) {
	into, err := s.readAt(into, s.place(h, which), h.sizes[which])
	//mutant:a-damaged-index-is-not-believed
	if err == nil && crc32.Checksum(into, sums) != h.sums[which] {
		err = errDamaged
	}
	if err == nil {
		h.held[which].Store(true)
	}
	return into, err
}

// piece reads bytes of a section. The section's sum is looked at once, before the first piece of it.
func (s *store) piece(h *placedHead, which int, into []byte, at, size int) ([]byte, error) {
	if !h.held[which].Load() {
		whole, err := s.section(h, which, into)
		if err != nil || at+size > len(whole) {
			return whole, cmp.Or(err, errDamaged)
		}
		return whole[at : at+size], nil
	}
	return s.readAt(into, s.place(h, which)+int64(at), int64(size))
}

func (s *store) place(h *placedHead, which int) int64 {
	at := h.at
	for i := range which {
		at += h.sizes[i]
	}
	return at
}

func (s *store) readAt(into []byte, at, size int64) ([]byte, error) {
	if s.file == nil {
		return into, errNoFile
	}
	into = slices.Grow(into[:0], int(size))[:size]
	n, err := s.file.ReadAt(into, at)
	switch {
	case int64(n) == size:
		return into, nil
	case err == nil || errors.Is(err, io.EOF):
		return into, errDamaged
	}
	return into, err
}

// append writes a block behind the last one. With an error the file may end anywhere.
func (s *store) append(w written) error {
	if s.torn || s.file == nil || s.size-int64(fileHeader) > 2*s.live+slack {
		if err := s.renew(); err != nil {
			return err
		}
	}
	s.torn = true
	if _, err := s.file.Write(w.bytes()); err != nil {
		return err
	}
	s.torn = false
	s.take(w.head, s.size, w.names)
	s.size += w.head.bytes()
	return nil
}

// slack is how much of the file may be given up before it is written anew, beside as much as counts.
const slack = 1 << 20

// freshEnd is what the name of a file ends with that is not whole yet.
const freshEnd = ".new"

// renew writes the blocks that count to a new file, which takes the place of this one. Whoever reads has to wait. With an error the old one
// stays, where it can be opened again.
func (s *store) renew() error {
	fresh := store{disk: s.disk, path: s.path + freshEnd}
	f, err := s.disk.Open(fresh.path, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	fresh.file = f
	_, err = f.Write(headerOfFile())
	fresh.size = int64(fileHeader)
	for _, h := range s.heads {
		if err == nil {
			err = fresh.copied(s, h)
		}
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, disk.RemoveAny(s.disk, fresh.path))
	}
	if s.file != nil {
		s.file.Close() // it was only read: a system may rename nothing to a file that is open
		s.file = nil
	}
	if err = s.disk.Rename(fresh.path, s.path); err == nil {
		s.heads, s.size, s.live, s.torn = fresh.heads, fresh.size, fresh.live, false
	}
	opened, openErr := s.disk.Open(s.path, os.O_RDWR|os.O_APPEND)
	if openErr == nil {
		s.file = opened
	}
	return errors.Join(err, openErr)
}

// copied writes a block of another file behind the last one.
func (s *store) copied(from *store, h *placedHead) error {
	w := written{head: h.head, names: strings.Join(h.names, nameEnd)}
	for i := range w.sections {
		var err error
		if w.sections[i], err = from.section(h, i, nil); err != nil {
			return err
		}
	}
	w.dropItems(from.itemsFromMs)
	if _, err := s.file.Write(w.bytes()); err != nil {
		return err
	}
	s.take(w.head, s.size, w.names)
	s.size += w.head.bytes()
	return nil
}

// remove takes the file away.
func (s *store) remove() error {
	s.close()
	return disk.RemoveAny(s.disk, s.path, s.path+freshEnd)
}

// close lets go of the file, and forgets what is in it.
func (s *store) close() {
	if s.file != nil {
		s.file.Close() // it was only read, or its writes have said how they went
	}
	s.file, s.size, s.live, s.torn, s.heads = nil, 0, 0, false, nil
}

// told is an error of the file as a person may read it.
func (s *store) told(err error) error {
	if err == nil || strings.Contains(err.Error(), s.path) {
		return err
	}
	return fmt.Errorf("%s: %w", s.path, err)
}
