package find

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"veratill/txn"
)

// A block is written in sections, and of a section a search reads the pieces that it needs.
const (
	columnsSection = iota // of fixed width: amounts, times, ids, last fours, cashiers, codes
	rrnSection            // a sum of each RRN, then the RRNs; empty where no payment has one
	itemSection           // what was sold, see goods; empty where that is too old to be found by
	sections
)

// rrnWidth is what an RRN has in a column; a bank that says a longer one is found by its end.
const rrnWidth = 12

func cutRRN(rrn string) string { return rrn[max(0, len(rrn)-rrnWidth):] }

// rrnSum is what RRNs are compared by first; 0 is none.
func rrnSum(rrn string) uint32 {
	if rrn == "" {
		return 0
	}
	sum := fnv.New32a()
	sum.Write([]byte(rrn))
	return max(sum.Sum32(), 1)
}

// column is a row of numbers: each is what it is above the least, in 4 bytes, or in 8 where one does not fit.
type column struct {
	at, rows int
	width    int
	least    int64
}

func columnOf(at, rows int, least, most int64) column {
	width := 4
	if uint64(most)-uint64(least) > math.MaxUint32 {
		width = 8
	}
	return column{at, rows, width, least}
}

func (c column) size() int { return c.rows * c.width }

func (c column) put(out []byte, i int, v int64) {
	if c.width == 4 {
		binary.LittleEndian.PutUint32(out[c.at+4*i:], uint32(v-c.least))
		return
	}
	binary.LittleEndian.PutUint64(out[c.at+8*i:], uint64(v-c.least))
}

// get is a number of the column's own bytes.
func (c column) get(own []byte, i int) int64 {
	if c.width == 4 {
		return c.least + int64(binary.LittleEndian.Uint32(own[4*i:]))
	}
	return c.least + int64(binary.LittleEndian.Uint64(own[8*i:]))
}

// columns say where in their section the pieces lie: that follows from the head.
type columns struct {
	amounts, times, ids              column
	lastFours, cashiers, codes, size int
}

func (h *head) columns() (c columns) {
	c.amounts = columnOf(0, h.rows, h.leastMinor, h.mostMinor)
	c.times = columnOf(c.amounts.size(), h.rows, h.firstMs, h.lastMs)
	c.ids = columnOf(c.times.at+c.times.size(), h.rows, h.firstID, h.lastID)
	c.lastFours = c.ids.at + c.ids.size()
	c.cashiers = c.lastFours + 2*h.rows
	c.codes = c.cashiers + h.rows
	c.size = c.codes + 2*h.rows
	return c
}

// sectionsOf are a block as it is written.
func sectionsOf(h *head, b *block) (out [sections][]byte) {
	c := h.columns()
	out[columnsSection] = make([]byte, c.size)
	rrns, some := make([]byte, h.rows*(4+rrnWidth)), false
	for i, r := range b.rows {
		c.amounts.put(out[columnsSection], i, r.amountMinor)
		c.times.put(out[columnsSection], i, r.openedMs)
		c.ids.put(out[columnsSection], i, int64(r.id))
		binary.LittleEndian.PutUint16(out[columnsSection][c.lastFours+2*i:], r.lastFour)
		out[columnsSection][c.cashiers+i] = r.cashier
		binary.LittleEndian.PutUint16(out[columnsSection][c.codes+2*i:], r.code)
		binary.LittleEndian.PutUint32(rrns[4*i:], rrnSum(r.rrn))
		copy(rrns[4*h.rows+rrnWidth*i:][:rrnWidth], r.rrn)
		some = some || r.rrn != ""
	}
	if some {
		out[rrnSection] = rrns
	}
	out[itemSection] = b.items()
	return out
}

var errDamaged = errors.New("the index is damaged")

// readBlock makes a block of its sections.
func readBlock(h *head, names []string, in [sections][]byte) (*block, error) {
	c, rrns := h.columns(), in[rrnSection]
	if len(in[columnsSection]) != c.size || len(rrns) != 0 && len(rrns) != h.rows*(4+rrnWidth) {
		return nil, errDamaged
	}
	b := &block{rows: make([]row, h.rows), cashiers: slices.Clone(names)}
	of := func(c column, i int) int64 { return c.get(in[columnsSection][c.at:], i) }
	for i := range b.rows {
		b.rows[i] = row{
			id: txn.ID(of(c.ids, i)), openedMs: of(c.times, i), amountMinor: of(c.amounts, i),
			lastFour: binary.LittleEndian.Uint16(in[columnsSection][c.lastFours+2*i:]), cashier: in[columnsSection][c.cashiers+i], code: binary.LittleEndian.Uint16(in[columnsSection][c.codes+2*i:]),
		}
		if len(rrns) > 0 {
			b.rows[i].rrn = strings.TrimRight(string(rrns[4*h.rows+rrnWidth*i:][:rrnWidth]), "\x00")
		}
	}
	if len(in[itemSection]) == 0 {
		return b, nil
	}
	return b, readGoods(b, in[itemSection])
}
