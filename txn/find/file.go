package find

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"veratill/txn"
	"veratill/txn/disk"
)

// The file is a header and blocks, one behind the other. A block that changed is written again at the end, and the last one of a number
// counts. Nothing of it is ever synced: what a power cut takes of it is told by the sums and made again from the books.

// formatVersion is changed with every change of what the file means.
const formatVersion = 1

const (
	fileMagic  = "VrTlFind"
	fileHeader = len(fileMagic) + 8
	blockMagic = 0x6B6C4256 // "VBlk"
	headBytes  = 4 + 4 + 4 + 3*8 + 2*(8+32) + 6*8 + 4
	// mostSection bounds a section, so that a damaged length does not take the memory.
	mostSection = 64 << 20
)

var sums = crc32.MakeTable(crc32.Castagnoli)

// words is a sum over the closed sets whose places are written: other sets make another file.
func words() uint32 {
	return crc32.Checksum([]byte(fmt.Sprint(formatVersion, txn.MachineVersion, txn.States, txn.Tenders, txn.Kinds)), sums)
}

func headerOfFile() []byte {
	out := binary.LittleEndian.AppendUint32([]byte(fileMagic), words())
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, sums))
}

// mark is an entry of the books: its number and hash.
type mark struct {
	seq  int64
	hash [32]byte
}

// head is what the file says before a block. Between it and the sections nothing lies.
type head struct {
	number, rows int
	sizes        [3]int64  // of core, RRNs and items
	sums         [3]uint32 // of them
	from         mark      // reading the books goes on behind this entry, for whatever is in no block yet
	durable      mark      // no power cut can take this entry, and none behind it is in a block

	firstID, lastID       int64
	firstMs, lastMs       int64 // the least and the most
	leastMinor, mostMinor int64
}

func (h head) encode() []byte {
	out := make([]byte, 0, headBytes)
	u32 := func(v uint32) { out = binary.LittleEndian.AppendUint32(out, v) }
	i64 := func(v int64) { out = binary.LittleEndian.AppendUint64(out, uint64(v)) }
	u32(blockMagic)
	u32(uint32(h.number))
	u32(uint32(h.rows))
	for i := range h.sizes {
		u32(uint32(h.sizes[i]))
		u32(h.sums[i])
	}
	for _, m := range []mark{h.from, h.durable} {
		i64(m.seq)
		out = append(out, m.hash[:]...)
	}
	for _, v := range []int64{h.firstID, h.lastID, h.firstMs, h.lastMs, h.leastMinor, h.mostMinor} {
		i64(v)
	}
	u32(crc32.Checksum(out, sums))
	return out
}

func decodeHead(in []byte) (h head, ok bool) {
	if len(in) != headBytes || crc32.Checksum(in[:headBytes-4], sums) != binary.LittleEndian.Uint32(in[headBytes-4:]) {
		return h, false
	}
	u32 := func() (v uint32) { v, in = binary.LittleEndian.Uint32(in), in[4:]; return v }
	i64 := func() (v int64) { v, in = int64(binary.LittleEndian.Uint64(in)), in[8:]; return v }
	if u32() != blockMagic {
		return h, false
	}
	h.number, h.rows = int(u32()), int(u32())
	fits := true
	for i := range h.sizes {
		h.sizes[i], h.sums[i] = int64(u32()), u32()
		fits = fits && h.sizes[i] <= mostSection
	}
	for _, m := range []*mark{&h.from, &h.durable} {
		m.seq = i64()
		copy(m.hash[:], in)
		in = in[32:]
	}
	for _, v := range []*int64{&h.firstID, &h.lastID, &h.firstMs, &h.lastMs, &h.leastMinor, &h.mostMinor} {
		*v = i64()
	}
	return h, fits && h.rows > 0
}

// headOf is the head of a block with these sections; its marks are the caller's.
func headOf(number int, b *block, sections [3][]byte) head {
	h := head{number: number, rows: len(b.rows), firstID: int64(b.rows[0].id), lastID: int64(b.rows[len(b.rows)-1].id)}
	for i, s := range sections {
		h.sizes[i], h.sums[i] = int64(len(s)), crc32.Checksum(s, sums)
	}
	h.firstMs, h.leastMinor = b.rows[0].openedMs, b.rows[0].amountMinor
	h.lastMs, h.mostMinor = h.firstMs, h.leastMinor
	for _, r := range b.rows {
		h.firstMs, h.lastMs = min(h.firstMs, r.openedMs), max(h.lastMs, r.openedMs)
		h.leastMinor, h.mostMinor = min(h.leastMinor, r.amountMinor), max(h.mostMinor, r.amountMinor)
	}
	return h
}

// sectionsOf are a block as it is written.
func sectionsOf(b *block) [3][]byte { return [3][]byte{b.core(), b.rrns(), b.items()} }

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
	at   int64          // of its first section
	held [3]atomic.Bool // its sections' sums, once they were looked at
}

func (h head) bytes() int64 { return headBytes + h.sizes[0] + h.sizes[1] + h.sizes[2] }

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
	at, b := int64(fileHeader), make([]byte, headBytes)
	for at+headBytes <= size {
		if _, err := s.file.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		h, ok := decodeHead(b)
		if !ok || at+h.bytes() > size || h.number > len(s.heads) {
			break
		}
		s.take(h, at)
		at += h.bytes()
	}
	s.size, s.torn = at, at != size
	return nil
}

// take counts a block that lies at a place of the file.
func (s *store) take(h head, at int64) {
	if h.number == len(s.heads) {
		s.heads = append(s.heads, nil)
	} else {
		s.live -= s.heads[h.number].bytes()
	}
	s.heads[h.number] = &placedHead{head: h, at: at + headBytes}
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

// section reads a piece of a block into a buffer, which it may replace. Its sum has to hold, which is looked at once: errDamaged.
func (s *store) section(h *placedHead, which int, into []byte) ([]byte, error) {
	if s.file == nil {
		return nil, errNoFile
	}
	at := h.at
	for i := range which {
		at += h.sizes[i]
	}
	into = slices.Grow(into[:0], int(h.sizes[which]))[:h.sizes[which]]
	n, err := s.file.ReadAt(into, at)
	switch {
	case int64(n) < h.sizes[which] && (err == nil || errors.Is(err, io.EOF)):
		return nil, errDamaged
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	//mutant:a-damaged-index-is-not-believed
	case !h.held[which].Load() && crc32.Checksum(into, sums) != h.sums[which]:
		return nil, errDamaged
	}
	h.held[which].Store(true)
	return into, nil
}

// append writes blocks behind the last one. With an error the file may end anywhere.
func (s *store) append(blocks []written) error {
	if s.torn || s.file == nil || s.size-int64(fileHeader) > 2*s.live+slack {
		if err := s.renew(); err != nil {
			return err
		}
	}
	for _, w := range blocks {
		s.torn = true
		if _, err := s.file.Write(w.bytes()); err != nil {
			return err
		}
		s.torn = false
		s.take(w.head, s.size)
		s.size += w.head.bytes()
	}
	return nil
}

// slack is how much of the file may be given up before it is written anew, beside as much as counts.
const slack = 1 << 20

// written is a block that is to be written.
type written struct {
	head
	sections [3][]byte
}

// dropItems leaves out what was sold where all of it is older than that.
func (w *written) dropItems(fromMs int64) {
	if w.lastMs < fromMs {
		w.sections[2], w.sizes[2], w.sums[2] = nil, 0, 0
	}
}

func (w written) bytes() []byte {
	return slices.Concat(w.encode(), w.sections[0], w.sections[1], w.sections[2])
}

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
	w := written{head: h.head}
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
	s.take(w.head, s.size)
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
