package bank

import (
	"cmp"
	"maps"
	"slices"

	"veratill/txn/iso8583"
)

// Book is the bank's book. The newest row of a number counts.
type Book struct {
	rows map[Key]Row
	rrns map[string]bool
}

// NewBook makes a book that knows nothing.
func NewBook() *Book { return &Book{rows: map[Key]Row{}, rrns: map[string]bool{}} }

// Row is what the book holds of a number; the zero Row if it does not know it.
func (b *Book) Row(k Key) Row { return b.rows[k] }

// Rows lists the rows by terminal, batch and STAN.
func (b *Book) Rows() []Row {
	return slices.SortedFunc(maps.Values(b.rows), func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Terminal, y.Terminal), cmp.Compare(x.Batch, y.Batch), cmp.Compare(x.STAN, y.STAN))
	})
}

// Keep writes rows.
func (b *Book) Keep(rows ...Row) {
	for _, r := range rows {
		b.rows[r.Key] = r
		if r.RRN != "" {
			b.rrns[r.RRN] = true
		}
	}
}

// Clone copies a book.
func (b *Book) Clone() *Book { return &Book{maps.Clone(b.rows), maps.Clone(b.rrns)} }

// Source says what a field of an answer holds where that is the bank's to choose: DE37, DE38,
// the times, free text. It says nothing for a field that the answer leaves out.
type Source func(f iso8583.Field) string

// Any is a source of values from the whole space of each field. One in eight RRNs, approval
// codes and times is left out, and most of the fields that an answer need not have.
func Any(draw iso8583.Draw) Source {
	return func(f iso8583.Field) string {
		there := draw(8)
		if there == 0 || there > 2 && !usual(f.Number) {
			return ""
		}
		return f.Value(draw)
	}
}

func usual(number int) bool { return number == 12 || number == 13 || number == 37 || number == 38 }

// uniqueTries is how often a source is asked for an RRN that nobody has. One that insists has its way.
const uniqueTries = 100

// Decide is the bank's word on a request, in the words of its source: what it books gets an
// RRN that no other row has, and an approval its code. It changes nothing: Keep does, once the
// rows are durable.
func (b *Book) Decide(p *iso8583.Profile, r Request, s Source) Decision {
	was := b.rows[r.Key]
	named := was
	if was.State == "" {
		named = r.Row
	}
	d := Decide(r, was, b.rows[named.OriginalKey()])
	if r.Reversal && !p.EndsReversal(d.Code) { // this dialect has no code for "never approved"
		d.Code = "00"
	}
	if r.Reversal || len(d.Rows) == 0 {
		return d
	}
	row := &d.Rows[0]
	for range uniqueTries {
		if row.RRN = s.value(p, 37); row.RRN == "" || !b.rrns[row.RRN] {
			break
		}
	}
	if row.State == Approved {
		row.ApprovalCode = s.value(p, 38)
	}
	return d
}

// value is what the source says for a field, nothing where the profile has none.
func (s Source) value(p *iso8583.Profile, number int) string {
	if f, ok := p.Field(number); ok {
		return s(f)
	}
	return ""
}
