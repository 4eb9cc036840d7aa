package clearing

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"veratill/txn/money"
)

// Shop is what a file does not say of itself.
type Shop struct {
	Currency money.Currency // of a file that names none
	Where    *time.Location // of times without a zone
	Format   Format         // "" is found by its columns
	Mapping  map[Column]string
}

// Has reports whether one of the first rows of a table names all the columns that a person named.
func Has(c Cells, mapping map[Column]string) bool {
	return slices.ContainsFunc(c.Rows[:min(len(c.Rows), headRows)], func(row []string) bool {
		heads := tidied(row)
		for column, name := range mapping {
			if column != datesColumn && !slices.Contains(heads, tidy(name)) {
				return false
			}
		}
		return true
	})
}

// headRows are how many rows are looked at for the header.
const headRows = 60

// Read reads a file, whose own sums have to hold. Each cell that counts has to be understood: one that is not refuses the whole file, because a
// sum over the rest would be wrong. The error is a *RefusedError.
func Read(c Cells, shop Shop) (File, error) {
	if !slices.ContainsFunc(c.Rows, filled) {
		return File{}, &RefusedError{Trouble: FileEmpty}
	}
	r, err := begin(c, shop)
	if err != nil {
		return File{}, err
	}
	for i := r.head + 1; i < len(c.Rows); i++ {
		if done, err := r.take(c.Rows[i], c.Lines[i], c.Rows[i+1:]); done || err != nil {
			if err != nil {
				return File{}, err
			}
			break
		}
	}
	if err := r.check(); err != nil {
		return File{}, err
	}
	return r.file, nil
}

func filled(row []string) bool {
	return slices.ContainsFunc(row, func(cell string) bool { return cell != "" })
}

// reader reads one file.
type reader struct {
	layout
	padded    bool
	head      int              // the header's row
	heads     []string         // tidy
	at        map[Column][]int // where each column stands
	comma     bool             // figures have a decimal comma
	ended     bool
	rows      int64            // that are no comment, end or sum
	summed    map[string]int64 // of the columns that the file gives sums of, in thousandths of a minor unit
	said      map[string]string
	saidOf    map[string]string // heading of the sum → tidy heading of its column
	counted   map[string]bool   // those columns
	footnotes []footnote
	kindSums  map[Kind]Sum // of what the footnotes sum, in thousandths of a minor unit
	seen      map[string]bool
	feesE3    int64
	form      string   // of the times
	forms     []string // the ways in which the file may write them
	file      File
}

// begin finds the header and the format.
func begin(c Cells, shop Shop) (*reader, error) {
	var best layout
	most, bestRow := 0, -1
	for _, l := range layouts {
		if shop.Format != "" && l.format != shop.Format {
			continue
		}
		l = l.with(shop.Mapping)
		for i, row := range c.Rows[:min(len(c.Rows), headRows)] {
			found, whole := l.score(row)
			if whole {
				r := newReader(l, c, shop, i)
				if twice := r.ambiguous(); twice != "" {
					return nil, &RefusedError{Trouble: ColumnTwice, Format: l.format, Line: c.Lines[i], Column: twice}
				}
				return r, cmp.Or(r.decimal(c), r.dates(c))
			}
			if found > most {
				best, most, bestRow = l, found, i
			}
		}
	}
	if l, named := layoutOf(shop.Format); named && bestRow < 0 { // the first column that is needed is missing as well
		best, bestRow = l.with(shop.Mapping), slices.IndexFunc(c.Rows, filled)
	}
	if bestRow < 0 || most*2 < len(best.needed) && shop.Format == "" || best.format == Named && shop.Format == "" {
		return nil, &RefusedError{Trouble: FileUnknown, Format: shop.Format}
	}
	return nil, &RefusedError{Trouble: ColumnMissing, Format: best.format, Column: newReader(best, c, shop, bestRow).missing()}
}

// missing names the first column that is needed and not there.
func (r *reader) missing() string {
	for _, of := range append(groups(r.needed), r.either...) {
		if !slices.ContainsFunc(of, func(c Column) bool { return len(r.at[c]) > 0 }) {
			return r.names[of[0]][0]
		}
	}
	return ""
}

// groups are columns each of which is needed by itself.
func groups(of []Column) (each [][]Column) {
	for _, c := range of {
		each = append(each, []Column{c})
	}
	return each
}

// score is how many of the needed columns a row names, and whether that is all.
func (l layout) score(row []string) (found int, whole bool) {
	heads := tidied(row)
	has := func(c Column) bool {
		return slices.ContainsFunc(l.names[c], func(name string) bool { return slices.Contains(heads, name) })
	}
	for _, c := range l.needed {
		if has(c) {
			found++
		}
	}
	whole = found == len(l.needed)
	for _, of := range l.either {
		whole = whole && slices.ContainsFunc(of, has)
	}
	return found, whole
}

func tidied(row []string) []string {
	heads := make([]string, len(row))
	for i, cell := range row {
		heads[i] = tidy(cell)
	}
	return heads
}

func newReader(l layout, c Cells, shop Shop, head int) *reader {
	r := &reader{layout: l, padded: c.Padded, head: head, heads: tidied(c.Rows[head]), at: map[Column][]int{}, summed: map[string]int64{}, said: map[string]string{},
		saidOf: map[string]string{}, counted: map[string]bool{}, kindSums: map[Kind]Sum{}, seen: map[string]bool{}}
	r.file = File{Format: l.format, Currency: cmp.Or(l.currency, shop.Currency), Others: map[string]int64{}}
	if r.zone == nil {
		r.zone = cmp.Or(shop.Where, time.UTC)
	}
	for column, names := range l.names {
		for _, name := range names { // the first synonym that is there
			if i := slices.Index(r.heads, name); i >= 0 && (len(r.at[column]) == 0 || column == feeColumn && l.feesAdd) {
				r.at[column] = append(r.at[column], i)
			}
		}
	}
	//mutant:a-heading-says-its-clock
	if at := r.at[atColumn]; len(at) > 0 && strings.HasSuffix(r.heads[at[0]], "utc") {
		r.zone = time.UTC
	}
	for sum, of := range l.sums {
		r.saidOf[tidy(sum)] = tidy(of)
		r.counted[tidy(of)] = of != ""
	}
	return r
}

// ambiguous names a heading that the till reads and that stands there twice.
func (r *reader) ambiguous() string {
	for _, of := range r.at {
		for _, at := range of {
			if slices.Contains(r.heads[at+1:], r.heads[at]) {
				return r.heads[at]
			}
		}
	}
	return ""
}

func cellOf(row []string, at []int) string {
	if len(at) == 0 || at[0] >= len(row) {
		return ""
	}
	return row[at[0]]
}

// take reads one row, and reports whether the file's rows are over.
func (r *reader) take(row []string, line int, rest [][]string) (done bool, err error) {
	if !filled(row) {
		return false, nil
	}
	first := row[0]
	switch {
	case r.ends != "" && strings.HasPrefix(first, r.comment) && strings.Contains(first, r.ends):
		r.ended = true
		return false, nil
	case r.comment != "" && strings.HasPrefix(first, r.comment):
		r.footnote(strings.Join(row, ","))
		return false, nil
	case r.ended:
		return false, &RefusedError{Trouble: FileTwice, Format: r.format, Line: line}
	case r.saidOf[tidy(first)] != "" || tidy(first) != "" && r.isCount(first):
		return true, r.ownSums(row, rest, line)
	}
	if len(row) > len(r.heads) && filled(row[len(r.heads):]) { // a separator inside a cell: each value may stand under another name
		return false, &RefusedError{Trouble: RowCut, Format: r.format, Line: line}
	}
	if _, again := r.score(row); again {
		return false, &RefusedError{Trouble: FileTwice, Format: r.format, Line: line}
	}
	if len(row) < len(r.heads) {
		if !r.padded {
			return false, &RefusedError{Trouble: RowCut, Format: r.format, Line: line}
		}
		row = append(slices.Clone(row), make([]string, len(r.heads)-len(row))...)
	}
	if r.rows++; r.rows > mostRows {
		return false, &RefusedError{Trouble: TooMany, Format: r.format}
	}
	return false, r.row(row, line)
}

// footnote keeps what a comment behind the rows says that they come to.
func (r *reader) footnote(text string) {
	for word, kind := range r.foot {
		_, said, there := strings.Cut(text, word)
		if figures := figures.FindAllString(said, 2); there && r.ended && len(figures) == 2 {
			r.footnotes = append(r.footnotes, footnote{word, kind, figures[0], figures[1]})
		}
	}
}

// footnote is a count and a sum that a file gives of its rows of one kind.
type footnote struct {
	word       string
	kind       Kind
	count, sum string
}

var figures = regexp.MustCompile(`-?\d+(?:\.\d+)?`)

// checkFoot holds the footnotes against the rows.
func (r *reader) checkFoot() error {
	places := r.file.Currency.Digits() + 3
	for _, note := range r.footnotes {
		is := r.kindSums[note.kind]
		count, counted := figure(note.count, 0, false)
		sum, summed := figure(note.sum, places, false)
		//mutant:own-sums-of-a-file-hold/foot
		if !counted || !summed || count != is.Count || sum != is.AmountMinor {
			return &RefusedError{Trouble: SumDiffers, Format: r.format, Detail: note.word + " " + note.count + ", " + note.sum + ", and its rows amount to " + figured(is.Count, 0) + ", " + figured(is.AmountMinor, places)}
		}
		r.file.OwnSums += 2
	}
	return nil
}

// isCount reports whether a heading is that of the file's own number of rows.
func (r *reader) isCount(heading string) bool {
	of, known := r.saidOf[tidy(heading)]
	return known && of == ""
}

// ownSums keeps what the file says of itself.
func (r *reader) ownSums(heads []string, rest [][]string, line int) error {
	r.ended = true
	for n, values := range rest {
		if !filled(values) {
			continue
		}
		for i, heading := range heads {
			if i < len(values) && heading != "" {
				r.said[tidy(heading)] = values[i]
			}
		}
		if slices.ContainsFunc(rest[n+1:], filled) {
			return &RefusedError{Trouble: FileTwice, Format: r.format, Line: line + n + 2}
		}
		return nil
	}
	return &RefusedError{Trouble: RowCut, Format: r.format, Line: line}
}

// unreadable is the error of a cell.
func (r *reader) unreadable(line, at int) error {
	name := ""
	if at < len(r.heads) {
		name = r.heads[at]
	}
	return &RefusedError{Trouble: CellUnreadable, Format: r.format, Line: line, Column: name}
}

func (r *reader) cell(row []string, c Column) string { return cellOf(row, r.at[c]) }

// figure reads the column's figure with so many places; 0 where the cell is empty or the column not there.
func (r *reader) figure(row []string, line int, c Column, places int) (units int64, there bool, err error) {
	for _, at := range r.at[c] {
		if row[at] == "" || row[at] == "-" {
			continue
		}
		one, ok := figure(row[at], places, r.comma)
		if !ok {
			return 0, false, r.unreadable(line, at)
		}
		if units, err = money.Add(units, one); err != nil {
			return 0, false, r.unreadable(line, at)
		}
		there = true
	}
	return units, there, nil
}

// check holds the file's own sums against its rows, and finishes the file.
func (r *reader) check() error {
	//mutant:a-file-has-its-end
	if r.ends != "" && !r.ended || len(r.sums) > 0 && len(r.said) == 0 {
		return &RefusedError{Trouble: EndMissing, Format: r.format}
	}
	digits := r.file.Currency.Digits()
	for _, heading := range slices.Sorted(maps.Keys(r.said)) {
		of, known := r.saidOf[heading]
		if !known {
			continue
		}
		value := r.said[heading]
		places, is := 0, r.rows
		if of != "" {
			if !slices.Contains(r.heads, of) {
				continue
			}
			places, is = digits+3, r.summed[of]
		}
		said, ok := figure(value, places, false)
		//mutant:own-sums-of-a-file-hold
		if !ok || !sameSum(said, is, value) {
			return &RefusedError{Trouble: SumDiffers, Format: r.format, Detail: heading + " " + value + ", and its rows amount to " + figured(is, places)}
		}
		r.file.OwnSums++
	}
	r.file.FeeMinor = roundE3(r.feesE3)
	return cmp.Or(r.checkFoot(), r.checkWords())
}

// checkWords refuses a file all of whose rows have words that are on no list: it would be taken in, and say nothing.
func (r *reader) checkWords() error {
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(r.file.Others)), func(word string) bool { return word == "" || word == byCash })
	//mutant:a-file-of-unknown-words-is-refused
	if !r.layout.signed || len(unknown) == 0 || len(r.file.Rows) > 0 {
		return nil
	}
	return &RefusedError{Trouble: WordsUnknown, Format: r.format, Column: r.heads[r.at[kindColumn][0]], Detail: strings.Join(unknown, ", ")}
}
