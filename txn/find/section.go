package find

import (
	"bytes"
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
	itemSection           // a signature, the length of the articles' text, the text, and of each row how many articles it has and which
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
	c.size = c.codes + h.rows
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
		out[columnsSection][c.cashiers+i], out[columnsSection][c.codes+i] = r.cashier, r.code
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

func (b *block) items() []byte {
	text := ""
	if len(b.articles) > 0 {
		text = strings.Join(b.articles, textEnd) + textEnd
	}
	out := make([]byte, signBytes, signBytes+8+len(text)+8*len(b.rows))
	sign(out, text)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	out = append(out, text...)
	for _, r := range b.rows {
		out = binary.AppendUvarint(out, uint64(len(r.items)))
		for _, i := range r.items {
			out = binary.AppendUvarint(out, uint64(i))
		}
	}
	return out
}

// signBytes is the length of a signature: a bit for each three bytes that follow each other in the articles' text. Most words that no article has are told
// by it.
const signBytes = 8 << 10

// signBit is the place of three bytes in a signature.
func signBit(three string) uint32 {
	x := (uint32(three[0]) | uint32(three[1])<<8 | uint32(three[2])<<16) * 0x9E3779B1
	return x >> 16 // signBytes*8 places
}

func sign(signature []byte, text string) {
	for i := 0; i+3 <= len(text); i++ {
		bit := signBit(text[i : i+3])
		signature[bit/8] |= 1 << (bit % 8)
	}
}

// mayHave reports whether a signed text may have a word.
func mayHave(signature []byte, word string) bool {
	for i := 0; i+3 <= len(word); i++ {
		if bit := signBit(word[i : i+3]); signature[bit/8]&(1<<(bit%8)) == 0 {
			return false
		}
	}
	return true
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
			lastFour: binary.LittleEndian.Uint16(in[columnsSection][c.lastFours+2*i:]), cashier: in[columnsSection][c.cashiers+i], code: in[columnsSection][c.codes+i],
		}
		if len(rrns) > 0 {
			b.rows[i].rrn = strings.TrimRight(string(rrns[4*h.rows+rrnWidth*i:][:rrnWidth]), "\x00")
		}
	}
	if len(in[itemSection]) == 0 { // too old to be found by
		return b, nil
	}
	text, refs, err := articlesOf(in[itemSection])
	if err != nil {
		return nil, err
	}
	if len(text) > 0 {
		b.articles = strings.Split(strings.TrimSuffix(string(text), textEnd), textEnd)
	}
	err = eachItem(refs, h.rows, func(i int, article uint64) { b.rows[i].items = append(b.rows[i].items, uint16(article)) })
	return b, err
}

// articlesOf cuts a section of items into the articles' text and what each row has of them.
func articlesOf(items []byte) (text, refs []byte, err error) {
	if len(items) < signBytes+4 {
		return nil, nil, errDamaged
	}
	n := int64(binary.LittleEndian.Uint32(items[signBytes:]))
	items = items[signBytes+4:]
	if n > int64(len(items)) {
		return nil, nil, errDamaged
	}
	return items[:n], items[n:], nil
}

// eachItem calls do with every article of every row.
func eachItem(refs []byte, n int, do func(row int, article uint64)) error {
	next := func() (v uint64, ok bool) {
		v, size := binary.Uvarint(refs)
		if size <= 0 {
			return 0, false
		}
		refs = refs[size:]
		return v, true
	}
	for i := range n {
		count, ok := next()
		for ; ok && count > 0; count-- {
			var article uint64
			if article, ok = next(); ok {
				do(i, article)
			}
		}
		if !ok {
			return errDamaged
		}
	}
	return nil
}

// articlesWith are the numbers of the articles in a text that have every word; nil is none.
func articlesWith(text []byte, words []string) (wanted map[uint64]bool) {
	rarest := []byte(slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) }))
	number, counted := 0, 0 // articles before counted
	for at := 0; ; {
		i := bytes.Index(text[at:], rarest)
		if i < 0 {
			return wanted
		}
		at += i
		number += bytes.Count(text[counted:at], []byte(textEnd))
		begin := bytes.LastIndexByte(text[:at], textEnd[0]) + 1
		end := at + bytes.IndexByte(text[at:], textEnd[0])
		if end < at {
			return wanted
		}
		if isArticle(string(text[begin:end]), words) {
			if wanted == nil {
				wanted = map[uint64]bool{}
			}
			wanted[uint64(number)] = true
		}
		at, counted = end, end
	}
}
