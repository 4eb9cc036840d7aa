package find

import (
	"slices"
	"strings"

	"veratill/txn"
	"veratill/txn/sale"
)

// rowsOfBlock is how many payments a block of the file has: that many at most are taken up again by a start.
const rowsOfBlock = 2048

// row is what the index holds of an attempt.
type row struct {
	id          txn.ID
	openedMs    int64
	amountMinor int64
	lastFour    uint16 // noDigits where there is no card
	cashier     uint8  // in the block's cashiers
	code        uint16 // state, tender and kind, see codeOf
	rrn         string // plain
	items       []uint16
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
	textEnd = "\x02" // before an article, and behind the last
)

// rowOf is the row of an attempt, whose sale has these lines.
func (b *block) rowOf(a txn.Attempt, lines []sale.Line) row {
	r := row{
		id: a.ID, openedMs: a.OpenedMs, amountMinor: a.Amount.Minor, lastFour: lastFour(a.Card.Masked), rrn: cutRRN(plainRRN(a.Answer.RRN)),
		code: codeOf(a), cashier: placed(&b.cashiers, Fold(a.Cashier)),
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
	return slices.Equal(r.items, o.items) && r.id == o.id && r.openedMs == o.openedMs && r.amountMinor == o.amountMinor && r.lastFour == o.lastFour && r.cashier == o.cashier &&
		r.code == o.code && r.rrn == o.rrn
}

// full reports whether another row may not fit: there are enough, or the tables beside them come near to the end of their numbers.
func (b *block) full(rows int) bool {
	return len(b.rows) >= rows || len(b.articles) > mostArticles || len(b.cashiers) >= mostCashiers
}

// mostArticles leaves room in a table of 16-bit numbers for the lines of one more sale; mostCashiers are those of one of 8 bits, with one left.
const (
	mostArticles = 0xFFFF - mostLines
	mostCashiers = 0xFF
)

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

// The closed sets are written as bits of two bytes: 4 of the state, 4 of the tender, 2 of the kind. A word that is in no set has all of its bits: books that
// hold one are of a newer program, and are not indexed by this one.
const (
	stateBits, tenderBits, kindBits = 0x0F, 0xF0, 0x300
)

func codeOf(a txn.Attempt) uint16 {
	return bitsOf(txn.States, a.State, stateBits) | bitsOf(txn.Tenders, a.Tender, tenderBits) | bitsOf(txn.Kinds, a.Kind, kindBits)
}

// bitsOf are the bits of a word within those of its set.
func bitsOf[W comparable](set []W, word W, within uint16) uint16 {
	lowest := within & -within
	if i := slices.Index(set, word); i >= 0 {
		return uint16(i) * lowest
	}
	return within
}

// placed is where a text stands in a table, which gets it where it has not.
func placed(table *[]string, text string) uint8 {
	i := slices.Index(*table, text)
	if i < 0 {
		i = len(*table)
		*table = append(*table, text)
	}
	return uint8(i)
}
