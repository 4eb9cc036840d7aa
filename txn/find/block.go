package find

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"veratill/txn"
	"veratill/txn/sale"
)

// rowsOfBlock is how many payments a block of the file has.
const rowsOfBlock = 1024

// row is what the index holds of an attempt.
type row struct {
	id                  txn.ID
	openedMs            int64
	amountMinor         int64
	lastFour            uint16 // noDigits where there is no card
	cashier             uint16 // in the block's cashiers
	state, tender, kind uint8  // in the closed sets of txn
	rrn                 string // plain
	items               []uint16
}

const noDigits = 0xFFFF

// block is a run of attempts in the order in which they were begun.
type block struct {
	rows     []row
	cashiers []string
	articles []string          // each a code and the names, folded, between codeEnd and nameEnd
	known    map[string]uint16 // where an article stands; made when it is needed
}

// An article's text has its code, codeEnd, and its names with nameEnd behind each. Fold leaves neither in a text.
const (
	codeEnd = "\x00"
	nameEnd = "\x01"
	textEnd = "\x02" // of an article
)

// rowOf is the row of an attempt, whose sale has these lines.
func (b *block) rowOf(a txn.Attempt, lines []sale.Line) row {
	r := row{
		id: a.ID, openedMs: a.OpenedMs, amountMinor: a.Amount.Minor, lastFour: lastFour(a.Card.Masked), rrn: cutRRN(plainRRN(a.Answer.RRN)),
		state: place(txn.States, a.State), tender: place(txn.Tenders, a.Tender), kind: place(txn.Kinds, a.Kind),
		cashier: placed(&b.cashiers, Fold(a.Cashier)),
	}
	for _, l := range lines[:min(len(lines), mostLines)] {
		if i := b.article(articleText(l)); !slices.Contains(r.items, i) {
			r.items = append(r.items, i)
		}
	}
	return r
}

// article is where an article stands in the block, which gets it where it has not.
func (b *block) article(text string) uint16 {
	if b.known == nil {
		b.known = make(map[string]uint16, len(b.articles))
		for i, a := range b.articles {
			b.known[a] = uint16(i)
		}
	}
	i, known := b.known[text]
	if !known {
		i = uint16(len(b.articles))
		b.articles = append(b.articles, text)
		b.known[text] = i
	}
	return i
}

// moved is a row as its attempt is now; what was sold stays.
func (b *block) moved(r row, a txn.Attempt) row {
	now := b.rowOf(a, nil)
	now.items = r.items
	return now
}

func (r row) same(o row) bool {
	items := slices.Equal(r.items, o.items)
	r.items, o.items = nil, nil
	return items && r.id == o.id && r.openedMs == o.openedMs && r.amountMinor == o.amountMinor && r.lastFour == o.lastFour && r.cashier == o.cashier &&
		r.state == o.state && r.tender == o.tender && r.kind == o.kind && r.rrn == o.rrn
}

// full reports whether another row may not fit: there are enough, or the tables beside them come near to the end of their numbers.
func (b *block) full(rows int) bool {
	return len(b.rows) >= rows || len(b.articles) > tableMost || len(b.cashiers) > tableMost
}

// tableMost leaves room in a table of 16-bit numbers for the lines of one more sale; see mostLines.
const tableMost = 0xFFFF - mostLines

// mostLines is how many lines of a sale are found by.
const mostLines = 4096

func articleText(l sale.Line) string {
	var text strings.Builder
	text.WriteString(Fold(l.Code) + codeEnd)
	languages := make([]string, 0, len(l.Name))
	for language := range l.Name {
		languages = append(languages, language)
	}
	slices.Sort(languages)
	for _, language := range languages {
		text.WriteString(Fold(l.Name[language]) + nameEnd)
	}
	return text.String()
}

// isArticle reports whether an article's text has every word: its code begins with it, or a word of its names does.
func isArticle(text string, words []string) bool {
	code, names, _ := strings.Cut(text, codeEnd)
	for _, w := range words {
		if !strings.HasPrefix(code, w) && !hasWord(names, w) {
			return false
		}
	}
	return true
}

// lastFour are the digits at the end of a masked card number.
func lastFour(masked string) uint16 {
	if len(masked) < 4 {
		return noDigits
	}
	n := uint16(0)
	for _, c := range []byte(masked[len(masked)-4:]) {
		if c < '0' || c > '9' {
			return noDigits
		}
		n = 10*n + uint16(c-'0')
	}
	return n
}

// place is where a word stands in a closed set; one that is not in it gets a place that no reading has.
func place[W comparable](set []W, word W) uint8 {
	if i := slices.Index(set, word); i >= 0 {
		return uint8(i)
	}
	return 0xFF
}

// placed is where a text stands in a table, which gets it where it has not.
func placed(table *[]string, text string) uint16 {
	i := slices.Index(*table, text)
	if i < 0 {
		i = len(*table)
		*table = append(*table, text)
	}
	return uint16(i)
}

// A block is written in three sections, each read only where a query needs it. The first has columns of fixed width:
// ids, times and amounts of 8 bytes, last fours and cashiers of 2, states, tenders and kinds of 1; then the cashiers' names.
const coreRow = 8 + 8 + 8 + 2 + 2 + 1 + 1 + 1

// rrnWidth is what an RRN has in a column; a bank that says a longer one is found by its end.
const rrnWidth = 12

func (b *block) core() []byte {
	n := len(b.rows)
	out := make([]byte, n*coreRow)
	c := columnsOf(out, n)
	for i, r := range b.rows {
		binary.LittleEndian.PutUint64(c.ids[8*i:], uint64(r.id))
		binary.LittleEndian.PutUint64(c.times[8*i:], uint64(r.openedMs))
		binary.LittleEndian.PutUint64(c.amounts[8*i:], uint64(r.amountMinor))
		binary.LittleEndian.PutUint16(c.lastFours[2*i:], r.lastFour)
		binary.LittleEndian.PutUint16(c.cashiers[2*i:], r.cashier)
		c.states[i], c.tenders[i], c.kinds[i] = r.state, r.tender, r.kind
	}
	return append(out, strings.Join(b.cashiers, nameEnd)...)
}

func (b *block) rrns() []byte {
	some := false
	out := make([]byte, len(b.rows)*rrnWidth)
	for i, r := range b.rows {
		copy(out[i*rrnWidth:(i+1)*rrnWidth], r.rrn)
		some = some || r.rrn != ""
	}
	if !some {
		return nil
	}
	return out
}

func cutRRN(rrn string) string { return rrn[max(0, len(rrn)-rrnWidth):] }

// items are the length of the articles' text, the text, and of each row how many articles it has and which.
func (b *block) items() []byte {
	text := ""
	if len(b.articles) > 0 {
		text = strings.Join(b.articles, textEnd) + textEnd
	}
	out := binary.AppendUvarint(nil, uint64(len(text)))
	out = append(out, text...)
	for _, r := range b.rows {
		out = binary.AppendUvarint(out, uint64(len(r.items)))
		for _, i := range r.items {
			out = binary.AppendUvarint(out, uint64(i))
		}
	}
	return out
}

// columns are a section's pieces.
type columns struct {
	ids, times, amounts, lastFours, cashiers, states, tenders, kinds []byte
	names                                                            []byte // of the cashiers
}

func columnsOf(core []byte, n int) (c columns) {
	cut := func(width int) (column []byte) {
		column, core = core[:n*width], core[n*width:]
		return column
	}
	c.ids, c.times, c.amounts = cut(8), cut(8), cut(8)
	c.lastFours, c.cashiers = cut(2), cut(2)
	c.states, c.tenders, c.kinds = cut(1), cut(1), cut(1)
	c.names = core
	return c
}

var errDamaged = errors.New("the index is damaged")

// readBlock makes a block of its sections.
func readBlock(n int, core, rrns, items []byte) (*block, error) {
	if len(core) < n*coreRow || len(rrns) != 0 && len(rrns) != n*rrnWidth {
		return nil, errDamaged
	}
	c := columnsOf(core, n)
	b := &block{rows: make([]row, n), cashiers: strings.Split(string(c.names), nameEnd)}
	for i := range b.rows {
		b.rows[i] = row{
			id: txn.ID(u64(c.ids, i)), openedMs: u64(c.times, i), amountMinor: u64(c.amounts, i), lastFour: u16(c.lastFours, i), cashier: u16(c.cashiers, i),
			state: c.states[i], tender: c.tenders[i], kind: c.kinds[i],
		}
		if len(rrns) > 0 {
			b.rows[i].rrn = strings.TrimRight(string(rrns[i*rrnWidth:(i+1)*rrnWidth]), "\x00")
		}
	}
	if len(items) == 0 { // too old to be found by
		return b, nil
	}
	text, refs, err := articlesOf(items)
	if err != nil {
		return nil, err
	}
	if text != "" {
		b.articles = strings.Split(strings.TrimSuffix(text, textEnd), textEnd)
	}
	err = eachItem(refs, n, func(i int, article uint64) { b.rows[i].items = append(b.rows[i].items, uint16(article)) })
	return b, err
}

func u64(column []byte, i int) int64  { return int64(binary.LittleEndian.Uint64(column[8*i:])) }
func u16(column []byte, i int) uint16 { return binary.LittleEndian.Uint16(column[2*i:]) }

// articlesOf cuts a section of items into the articles' text and what each row has of them.
func articlesOf(items []byte) (text string, refs []byte, err error) {
	n, size := binary.Uvarint(items)
	if size <= 0 || n > uint64(len(items)-size) {
		return "", nil, errDamaged
	}
	return string(items[size : size+int(n)]), items[size+int(n):], nil
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
