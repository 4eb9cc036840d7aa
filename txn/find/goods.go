package find

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// goods say where in the section of items the pieces lie: a signature of the text, how many articles there are and how long their text is, where each article
// begins in the text and each row in the numbers, the text, and the numbers of the articles of the rows, 2 bytes each.
type goods struct {
	articles, textSize        int
	starts, rows              int // 4 bytes each, and one more for the end
	text, numbers, numberSize int
}

const goodsHead = signBytes + 8

// goodsOf reads the pieces' places from the first bytes of a section of that size, for so many rows.
func goodsOf(head []byte, rows int, size int64) (g goods, err error) {
	if len(head) < goodsHead {
		return g, errDamaged
	}
	g.articles, g.textSize = int(binary.LittleEndian.Uint32(head[signBytes:])), int(binary.LittleEndian.Uint32(head[signBytes+4:]))
	g.starts = goodsHead
	g.rows = g.starts + 4*(g.articles+1)
	g.text = g.rows + 4*(rows+1)
	g.numbers = g.text + g.textSize
	g.numberSize = int(size) - g.numbers
	if g.numberSize < 0 {
		return g, errDamaged
	}
	return g, nil
}

// items are what was sold, as a section has it.
func (b *block) items() []byte {
	text, starts := []byte(nil), []byte(nil)
	for _, a := range b.articles {
		starts = binary.LittleEndian.AppendUint32(starts, uint32(len(text)))
		text = append(append(text, textEnd...), a...)
	}
	starts = binary.LittleEndian.AppendUint32(starts, uint32(len(text)))
	text = append(text, textEnd...)
	rows, numbers := []byte(nil), []byte(nil)
	for _, r := range b.rows {
		rows = binary.LittleEndian.AppendUint32(rows, uint32(len(numbers)))
		for _, i := range r.items {
			numbers = binary.LittleEndian.AppendUint16(numbers, i)
		}
	}
	rows = binary.LittleEndian.AppendUint32(rows, uint32(len(numbers)))
	out := make([]byte, signBytes)
	sign(out, text)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(b.articles)))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	return slices.Concat(out, starts, rows, text, numbers)
}

// readGoods puts a section into its block.
func readGoods(b *block, in []byte) error {
	g, err := goodsOf(in, len(b.rows), int64(len(in)))
	if err != nil {
		return err
	}
	for i := range g.articles {
		text, err := span(in[g.starts:], in[g.text:g.numbers], i)
		if err != nil {
			return err
		}
		b.articles = append(b.articles, strings.TrimPrefix(string(text), textEnd))
	}
	for i := range b.rows {
		numbers, err := span(in[g.rows:], in[g.numbers:], i)
		if err != nil {
			return err
		}
		for ; len(numbers) >= 2; numbers = numbers[2:] {
			b.rows[i].items = append(b.rows[i].items, binary.LittleEndian.Uint16(numbers))
		}
	}
	return nil
}

// span is the ith piece of something that a table of beginnings cuts.
func span(starts, of []byte, i int) ([]byte, error) {
	from, to := binary.LittleEndian.Uint32(starts[4*i:]), binary.LittleEndian.Uint32(starts[4*i+4:])
	if from > to || int64(to) > int64(len(of)) {
		return nil, errDamaged
	}
	return of[from:to], nil
}

// signBytes is the length of a signature: a bit for each three bytes that follow each other in the articles' text. Most words that no article has are told
// by it.
const signBytes = 8 << 10

// signBit is the place of three bytes in a signature.
func signBit[T string | []byte](three T) uint32 {
	x := (uint32(three[0]) | uint32(three[1])<<8 | uint32(three[2])<<16) * 0x9E3779B1
	return x >> 16 // signBytes*8 places
}

func sign(signature, text []byte) {
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

// wordsOf is what a reading looks for in an article.
func wordsOf(r Reading) []string {
	if r.Field == Code {
		return []string{textEnd + r.Text}
	}
	return strings.Fields(r.Text)
}

// isOf reports whether an article, as the text has it, fits a reading.
func isOf(r Reading, words []string, article string) bool {
	if r.Field == Code {
		return strings.HasPrefix(article, words[0])
	}
	return isArticle(strings.TrimPrefix(article, textEnd), words)
}

// lostBySignature reads the signature where a reading asks for what was sold, and reports whether it leaves a term without a reading.
func (l *looking) lostBySignature() (lost bool, err error) {
	s, size := l.search, l.view.head.sizes[itemSection]
	s.signature = s.signature[:0]
	sold := func(r Reading) bool { return (r.Field == Item || r.Field == Code) && s.may(r, l.view) }
	if size < goodsHead || !slices.ContainsFunc(s.q.Terms, func(t Term) bool { return slices.ContainsFunc(t, sold) }) {
		return false, nil
	}
	head, err := l.piece(itemSection, 0, goodsHead)
	if err != nil {
		return false, err
	}
	s.signature = append(s.signature, head...)
	return slices.ContainsFunc(s.q.Terms, func(t Term) bool {
		return !slices.ContainsFunc(t, func(r Reading) bool { return s.may(r, l.view) && l.signed(r) })
	}), nil
}

// signed reports whether what a reading looks for may have been sold, as far as the signature says it; of others it says nothing.
func (l *looking) signed(r Reading) bool {
	if r.Field != Item && r.Field != Code || len(l.search.signature) == 0 {
		return true
	}
	return !slices.ContainsFunc(wordsOf(r), func(w string) bool { return !mayHave(l.search.signature, w) })
}

// markItem looks for what was sold. Few rows that are left are looked at themselves; else the words are looked for in the text of all articles, and then those in
// all rows.
func (l *looking) markItem(r Reading) error {
	words := wordsOf(r)
	size := l.view.head.sizes[itemSection]
	if len(words) == 0 || size < goodsHead {
		return nil
	}
	g, err := goodsOf(l.search.signature, l.view.head.rows, size)
	if err != nil {
		return err
	}
	var rows []int
	if few := l.search.few(); few != nil {
		rows, err = l.fewWith(g, r, words, few)
	} else {
		rows, err = l.allWith(g, r, words)
	}
	if err != nil || len(rows) == 0 {
		return err
	}
	//mutant:items-are-found-for-400-days
	if l.view.head.firstMs >= l.search.itemsFromMs {
		for _, i := range rows {
			l.search.mark(i, r.Fit)
		}
		return nil
	}
	times, err := l.piece(columnsSection, l.columns.times.at, l.columns.times.size())
	for _, i := range rows {
		if err == nil && l.columns.times.get(times, i) >= l.search.itemsFromMs {
			l.search.mark(i, r.Fit)
		}
	}
	return err
}

// sold is the section of items as a whole, read once for a block.
func (l *looking) sold() ([]byte, error) {
	s := l.search
	if l.view.store == nil {
		return l.view.sections[itemSection], nil
	}
	if len(s.sold) > 0 {
		return s.sold, nil
	}
	b, err := l.view.store.piece(l.view.placed, itemSection, s.sold, 0, int(l.view.head.sizes[itemSection]))
	if err != nil {
		return nil, err
	}
	s.sold = b
	return b, nil
}

// itemPiece is a piece of the section of items.
func (l *looking) itemPiece(at, size int) ([]byte, error) {
	if len(l.search.sold) > 0 && at+size <= len(l.search.sold) {
		return l.search.sold[at : at+size], nil
	}
	return l.piece(itemSection, at, size)
}

// allWith are the rows that have an article which fits.
func (l *looking) allWith(g goods, r Reading, words []string) (rows []int, err error) {
	in, err := l.sold()
	if err != nil {
		return nil, err
	}
	wanted := articlesWith(in, g, r, words)
	if wanted == nil {
		return nil, nil
	}
	for i := range l.view.head.rows {
		numbers, err := span(in[g.rows:], in[g.numbers:], i)
		if err != nil {
			return nil, err
		}
		for ; len(numbers) >= 2; numbers = numbers[2:] {
			if n := int(binary.LittleEndian.Uint16(numbers)); n < len(wanted) && wanted[n] {
				rows = append(rows, i)
				break
			}
		}
	}
	return rows, nil
}

// articlesWith says of each article whether it fits; nil where none does.
func articlesWith(in []byte, g goods, r Reading, words []string) (wanted []bool) {
	text := in[g.text:g.numbers]
	longest := []byte(slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) }))
	for i, at := 0, 0; ; {
		found := bytes.Index(text[at:], longest)
		if found < 0 {
			return wanted
		}
		at += found
		for i < g.articles && int(binary.LittleEndian.Uint32(in[g.starts+4*i+4:])) <= at { // the article that it lies in
			i++
		}
		if i == g.articles {
			return wanted
		}
		article, err := span(in[g.starts:], text, i)
		if err == nil && isOf(r, words, string(article)) {
			if wanted == nil {
				wanted = make([]bool, g.articles)
			}
			wanted[i] = true
		}
		at = max(at+1, int(binary.LittleEndian.Uint32(in[g.starts+4*i+4:])))
		if at > len(text) {
			return wanted
		}
	}
}

// fewWith are those of some rows that have an article which fits.
func (l *looking) fewWith(g goods, r Reading, words []string, few []int) (rows []int, err error) {
	for _, i := range few {
		bounds, err := l.itemPiece(g.rows+4*i, 8)
		if err != nil {
			return nil, err
		}
		from, to := int(binary.LittleEndian.Uint32(bounds)), int(binary.LittleEndian.Uint32(bounds[4:]))
		if from > to || to > g.numberSize {
			return nil, errDamaged
		}
		own, err := l.itemPiece(g.numbers+from, to-from)
		if err != nil {
			return nil, err
		}
		for _, n := range numbersIn(own) {
			article, err := l.articleText(g, n)
			if err != nil {
				return nil, err
			}
			if isOf(r, words, article) {
				rows = append(rows, i)
				break
			}
		}
	}
	return rows, nil
}

func numbersIn(own []byte) (numbers []int) {
	for ; len(own) >= 2; own = own[2:] {
		numbers = append(numbers, int(binary.LittleEndian.Uint16(own)))
	}
	return numbers
}

// articleText is one article of a block.
func (l *looking) articleText(g goods, n int) (string, error) {
	if n >= g.articles {
		return "", errDamaged
	}
	bounds, err := l.itemPiece(g.starts+4*n, 8)
	if err != nil {
		return "", err
	}
	from, to := int(binary.LittleEndian.Uint32(bounds)), int(binary.LittleEndian.Uint32(bounds[4:]))
	if from > to || to > g.textSize {
		return "", errDamaged
	}
	text, err := l.itemPiece(g.text+from, to-from)
	return string(text), err
}
