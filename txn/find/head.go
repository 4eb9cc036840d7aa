package find

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"veratill/txn"
)

// The file is a header and blocks, one behind the other. A block that changed is written again at the end, and the last one of a number
// counts. Nothing of it is ever synced: what a power cut takes of it is told by the sums and made again from the books.

// formatVersion is changed with every change of what the file means.
const formatVersion = 2

const (
	fileMagic  = "VrTlFind"
	fileHeader = len(fileMagic) + 8
	blockMagic = 0x6B6C4256 // "VBlk"
	headBytes  = 4 + 4 + 4 + 2*4 + sections*8 + 2*(8+32) + 6*8 + 4
	// mostSection bounds a section, so that a damaged length does not take the memory.
	mostSection = 64 << 20
	mostNames   = 1 << 20
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

// head is what the file says before a block. Between it and the sections lie the cashiers' names.
type head struct {
	number, rows int
	named        int64 // bytes of the names
	namesSum     uint32
	sizes        [sections]int64
	sums         [sections]uint32
	from         mark // reading the books goes on behind this entry, for whatever is in no block yet
	durable      mark // no power cut can take this entry, and none behind it is in a block

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
	u32(uint32(h.named))
	u32(h.namesSum)
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
	h.named, h.namesSum = int64(u32()), u32()
	fits := h.named <= mostNames
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

// headOf is the head of a block without what is known of its sections; its marks are the caller's.
func headOf(number int, b *block) head {
	h := head{number: number, rows: len(b.rows), firstID: int64(b.rows[0].id), lastID: int64(b.rows[len(b.rows)-1].id)}
	h.firstMs, h.leastMinor = b.rows[0].openedMs, b.rows[0].amountMinor
	h.lastMs, h.mostMinor = h.firstMs, h.leastMinor
	for _, r := range b.rows {
		h.firstMs, h.lastMs = min(h.firstMs, r.openedMs), max(h.lastMs, r.openedMs)
		h.leastMinor, h.mostMinor = min(h.leastMinor, r.amountMinor), max(h.mostMinor, r.amountMinor)
	}
	return h
}

// written is a block that is to be written.
type written struct {
	head
	names    string
	sections [sections][]byte
}

func writtenOf(number int, b *block) written {
	w := written{head: headOf(number, b), names: strings.Join(b.cashiers, nameEnd)}
	w.sections = sectionsOf(&w.head, b)
	w.named, w.namesSum = int64(len(w.names)), crc32.Checksum([]byte(w.names), sums)
	for i, s := range w.sections {
		w.sizes[i], w.sums[i] = int64(len(s)), crc32.Checksum(s, sums)
	}
	return w
}

// dropItems leaves out what was sold where all of it is older than that.
func (w *written) dropItems(fromMs int64) {
	if w.lastMs < fromMs {
		w.sections[itemSection], w.sizes[itemSection], w.sums[itemSection] = nil, 0, 0
	}
}

func (w written) bytes() []byte {
	return slices.Concat(w.encode(), []byte(w.names), w.sections[0], w.sections[1], w.sections[2])
}
