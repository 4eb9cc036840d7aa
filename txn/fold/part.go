package fold

import (
	"bytes"
	"fmt"
	"strconv"

	"veratill/txn"
	"veratill/txn/chain"
)

// The books of a day can be folded without those of the days before: from the entry that opens it on. What an entry of the day changes
// of an earlier sale is looked up in that sale's own entries, which begin with the one that it is named after.

// Earlier finds the sale that an attempt or, where id is 0, a bill of an earlier day belongs to, folded by OfSale up to where the day begins.
type Earlier func(id txn.ID, sale int64) (*Books, error)

// FromDay begins behind an entry that opens a day. Its version has to be the newest.
func FromDay(v Versions, e chain.Entry, earlier Earlier) (*Run, error) {
	records, err := read(v[len(v)-1].New(), e)
	if err != nil {
		return nil, err
	}
	b := NewBooks()
	b.earlier, b.Numbers.Last = earlier, txn.ID(e.Attempt)
	for _, record := range records {
		if closed, ok := record.(txn.DayClosed); ok { // of a day whose beginning these books don't have
			b.Days[closed.Batch] = Day{Batch: closed.Batch, Z: closed.Z, ClosedMs: closed.AtMs, Totals: closed.Totals}
			b.zs[closed.Z] = true
		} else if err := b.Apply(e.Seq, record); err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrWrong, e.Seq, err)
		}
	}
	return &Run{At: chain.At(e), versions: v, place: len(v) - 1, state: b}, nil
}

// OfSale begins behind an entry and amounts to one sale alone, which one of the next entries opens.
func OfSale(v Versions, at chain.Cursor, sale int64) *Run {
	b := NewBooks()
	b.only = sale
	return &Run{At: at, versions: v, place: len(v) - 1, state: b}
}

// mentions reports whether an entry may hold a record of the only sale of these books: then the number of the sale, or of one of its attempts,
// stands in it. Between a sale and the day on which money of it goes back there may be years of others, which are followed and not read.
func (b *Books) mentions(body []byte) bool {
	if b.only == 0 || bytes.Contains(body, strconv.AppendInt(nil, b.only, 10)) {
		return true
	}
	for id := range b.Attempts {
		if bytes.Contains(body, strconv.AppendInt(nil, int64(id), 10)) {
			return true
		}
	}
	return false
}

// concerns reports whether a record is of the only sale of these books.
func (b *Books) concerns(record any) bool {
	switch r := record.(type) {
	case txn.SaleOpened:
		return r.Sale.ID == b.only
	case txn.SaleMoved:
		return r.SaleID == b.only
	case txn.ReturnOpened:
		return r.SaleID == b.only
	case txn.AttemptOpened:
		return r.Attempt.SaleID == b.only
	case txn.AttemptMoved:
		_, known := b.Attempts[r.ID]
		return known
	}
	return false
}

// attempt is an attempt as it is, also one of an earlier day.
func (b *Books) attempt(id txn.ID) (txn.Attempt, error) {
	if _, known := b.Attempts[id]; !known && b.earlier != nil {
		if err := b.fetch(id, 0); err != nil {
			return txn.Attempt{}, err
		}
	}
	a, known := b.Attempts[id]
	if !known {
		return a, fmt.Errorf("attempt %s was never opened", id)
	}
	return a, nil
}

// bill is a sale's bill as it is, also one of an earlier day.
func (b *Books) bill(sale int64) (txn.Bill, error) {
	if _, known := b.Bills[sale]; !known && b.earlier != nil {
		if err := b.fetch(0, sale); err != nil {
			return txn.Bill{}, err
		}
	}
	bill, known := b.Bills[sale]
	if !known {
		return bill, fmt.Errorf("sale %d was never opened", sale)
	}
	return bill, nil
}

// fetch takes over what an earlier day left of a sale.
func (b *Books) fetch(id txn.ID, sale int64) error {
	before, err := b.earlier(id, sale)
	if err != nil {
		return err
	}
	for id, a := range before.Attempts {
		b.Attempts[id] = a
	}
	for sale, bill := range before.Bills {
		b.Bills[sale] = bill
	}
	return nil
}
