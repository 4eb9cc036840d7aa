package bank

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"veratill/txn/iso8583"
)

// Book is the bank's book. The newest row of a number counts.
type Book struct {
	// Matching is by what the bank knows a payment again, whatever is asked of it; empty is ByBatch.
	Matching Matching
	// Repeats says that the bank answers a number that it knows with what it said first, and not with 94.
	Repeats bool
	// Overnight says that the bank keeps what it approved on an earlier day of its own, and answers 12 to who wants that undone.
	Overnight bool

	rows map[number][]Row // of each terminal and STAN, in the order in which they came
	rrns map[string]bool

	closings closings
}

// number is what every bank looks at first.
type number struct {
	terminal string
	stan     int64
}

func (r Row) number() number { return number{r.Terminal, r.STAN} }

// Matching is by what a bank knows a payment again.
type Matching string

// The closed set of matchings.
const (
	ByBatch Matching = "batch" // terminal, batch and STAN
	ByDate  Matching = "date"  // terminal, STAN and the bank's day
	ByDay   Matching = "day"   // the same, and what names no date means the bank's day of now: a reversal after midnight finds nothing
	ByAll   Matching = "all"   // terminal, batch, STAN, amount and the time at which it was sent
)

// Matchings lists the closed set.
var Matchings = []Matching{ByBatch, ByDate, ByDay, ByAll}

// forestalled reports whether a row is of a reversal that came before its request, which the bank remembers over midnight too (rule 12).
func (r Row) forestalled() bool { return r.State == Reversed && r.ResponseCode == "" }

// same reports whether a row is of the payment that a request is about: itself, or with of, what it undoes.
func (m Matching) same(r Request, of Key, row Row) bool {
	switch m {
	case ByDate:
		switch {
		case !r.Reversal && of == r.Key: // a request of its own number
			return row.Date == r.Date || row.forestalled()
		case r.Reversal && of == r.Key && r.NamesDate != "":
			return row.Date == r.NamesDate
		}
		return true // what names no date means the newest
	case ByDay: // a void names the date of its payment
		return of != r.Key || row.Date == r.Date || !r.Reversal && row.forestalled()
	case ByAll:
		sent := r.Sent
		switch {
		case r.Reversal && of != r.Key: // of what a reversed void undid the message says no time
			sent = ""
		case r.Reversal || of != r.Key:
			sent = r.NamesSent
		}
		return row.Key == of && row.AmountMinor == r.AmountMinor && (sent == "" || row.Sent == "" || sent == row.Sent)
	}
	return row.Key == of
}

// NewBook makes a book that knows nothing.
func NewBook() *Book { return &Book{rows: map[number][]Row{}, rrns: map[string]bool{}} }

// find is the newest row of a payment, by the bank's matching; the zero Row if it does not know it. of is its number: the request's own, or
// that of what it undoes.
func (b *Book) find(r Request, of Key) Row {
	for _, row := range slices.Backward(b.rows[number{of.Terminal, of.STAN}]) {
		if b.Matching.same(r, of, row) {
			return row
		}
	}
	return Row{}
}

// named is the sale whose RRN a refund names, at its terminal; the zero Row if there is none.
func (b *Book) named(r Request) Row {
	if strings.Trim(r.NamesRRN, " ") == "" {
		return Row{}
	}
	for _, row := range b.Rows() {
		if row.Terminal == r.Terminal && row.Kind == Sale && row.RRN == r.NamesRRN {
			return row
		}
	}
	return Row{}
}

// Row is what the book holds of a number; the zero Row if it does not know it.
func (b *Book) Row(k Key) Row {
	for _, row := range slices.Backward(b.rows[number{k.Terminal, k.STAN}]) {
		if row.Key == k {
			return row
		}
	}
	return Row{}
}

// Rows lists the rows by terminal, batch and STAN.
func (b *Book) Rows() []Row {
	var all []Row
	for _, rows := range b.rows {
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Terminal, y.Terminal), cmp.Compare(x.Batch, y.Batch), cmp.Compare(x.STAN, y.STAN), cmp.Compare(x.Date, y.Date))
	})
	return all
}

// Keep writes rows. One of the same number, day and amount takes the place of the one before.
func (b *Book) Keep(rows ...Row) {
	for _, r := range rows {
		known := slices.Clone(b.rows[r.number()])
		i := slices.IndexFunc(known, func(o Row) bool {
			return o.Key == r.Key && o.Date == r.Date && o.AmountMinor == r.AmountMinor && o.Sent == r.Sent
		})
		if i < 0 {
			known = append(known, r)
		} else {
			known[i] = r
		}
		b.rows[r.number()] = known
		if r.RRN != "" {
			b.rrns[r.RRN] = true
		}
	}
}

// Clone copies a book.
func (b *Book) Clone() *Book {
	return &Book{Matching: b.Matching, Repeats: b.Repeats, Overnight: b.Overnight, rows: maps.Clone(b.rows), rrns: maps.Clone(b.rrns), closings: b.closings.clone()}
}

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
	was := b.find(r, r.Key)
	if b.Overnight && r.Reversal && was.State == Approved && was.Date != r.Date {
		return Decision{Code: "12"}
	}
	named := was
	if was.State == "" {
		named = r.Row
	}
	original := b.find(r, named.OriginalKey())
	if r.Kind == Refund && r.Original == 0 {
		original = b.named(r)
		r.OriginalBatch, r.Original = original.Batch, original.STAN
	}
	d := Decide(r, was, original)
	if b.Repeats && !r.Reversal && was.ResponseCode != "" { // it takes what comes for what it knows
		return Decision{Code: was.ResponseCode, Again: was}
	}
	if r.Reversal && was.forestalled() { // it found nothing the first time
		d.Code = "25"
	}
	if r.Reversal && !p.EndsReversal(d.Code, iso8583.SameDay) { // this dialect has no code for "never approved"
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

// AsBefore is the word of a bank that takes a request for the one before of its kind and sum: what it said of the newest that it approved, whose number is another. It
// books nothing. ok is false where there is none.
func (b *Book) AsBefore(r Request) (d Decision, ok bool) {
	for _, row := range b.Rows() {
		if row.Terminal == r.Terminal && row.Key != r.Key && row.Kind == r.Kind && row.AmountMinor == r.AmountMinor && row.State == Approved {
			d, ok = Decision{Code: row.ResponseCode, Again: row}, true
		}
	}
	return d, ok && !r.Reversal
}

// value is what the source says for a field, nothing where the profile has none.
func (s Source) value(p *iso8583.Profile, number int) string {
	if f, ok := p.Field(number); ok {
		return s(f)
	}
	return ""
}
