package find

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"veratill/txn"
)

// looking is a look into one block. Its pieces are read as they are needed, into one buffer: a piece holds until the next is read.
type looking struct {
	search  *search
	view    view
	columns columns
}

func (l *looking) piece(which, at, size int) ([]byte, error) {
	if l.view.store == nil {
		return l.view.sections[which][at : at+size], nil
	}
	b, err := l.view.store.piece(l.view.placed, which, l.search.buffer, at, size)
	if cap(b) > cap(l.search.buffer) {
		l.search.buffer = b
	}
	return b, err
}

// number is one number of a column.
func (l *looking) number(c column, i int) (int64, error) {
	b, err := l.piece(columnsSection, c.at+i*c.width, c.width)
	if err != nil {
		return 0, err
	}
	return c.get(b, 0), nil
}

// mark notes the rows that a reading fits.
func (l *looking) mark(r Reading) error {
	n := l.view.head.rows
	switch r.Field {
	case Amount:
		return l.markRange(r, l.columns.amounts)
	case When:
		return l.markRange(r, l.columns.times)
	case STAN:
		return l.markSTAN(r)
	case RRN:
		return l.markRRN(r)
	case Item, Code:
		return l.markItem(r)
	case LastFour:
		four, err := strconv.ParseUint(r.Text, 10, 16)
		if err != nil || len(r.Text) != 4 {
			return nil
		}
		b, err := l.piece(columnsSection, l.columns.lastFours, 2*n)
		for i := 0; err == nil && i < n; i++ {
			if binary.LittleEndian.Uint16(b[2*i:]) == uint16(four) {
				l.search.mark(i, r.Fit)
			}
		}
		return err
	case Cashier, CashierBegins:
		b, err := l.piece(columnsSection, l.columns.cashiers, n)
		for place, name := range l.view.names {
			if err == nil && isCashier(r, name) {
				l.markByte(r, b, uint8(place))
			}
		}
		return err
	}
	return l.markCode(r)
}

// markCode looks at the closed sets.
func (l *looking) markCode(r Reading) error {
	within, bits, known := uint16(stateBits), bitsOf(txn.States, txn.State(r.Text), stateBits), slices.Contains(txn.States, txn.State(r.Text))
	switch r.Field {
	case Tender:
		within, bits, known = tenderBits, bitsOf(txn.Tenders, txn.Tender(r.Text), tenderBits), slices.Contains(txn.Tenders, txn.Tender(r.Text))
	case Kind:
		within, bits, known = kindBits, bitsOf(txn.Kinds, txn.Kind(r.Text), kindBits), slices.Contains(txn.Kinds, txn.Kind(r.Text))
	}
	if !known {
		return nil
	}
	b, err := l.piece(columnsSection, l.columns.codes, 2*l.view.head.rows)
	if err == nil {
		l.markBits(r, b, within, bits)
	}
	return err
}

func (l *looking) markByte(r Reading, column []byte, is uint8) {
	for i, b := range column {
		if b == is {
			l.search.mark(i, r.Fit)
		}
	}
}

func (l *looking) markBits(r Reading, column []byte, within, bits uint16) {
	for i := range len(column) / 2 {
		if binary.LittleEndian.Uint16(column[2*i:])&within == bits {
			l.search.mark(i, r.Fit)
		}
	}
}

func (l *looking) markRange(r Reading, c column) error {
	b, err := l.piece(columnsSection, c.at, c.size())
	if err != nil {
		return err
	}
	if c.width == 8 {
		for i := range c.rows {
			if v := c.get(b, i); v >= r.Low && v <= r.High {
				l.search.mark(i, r.Fit)
			}
		}
		return nil
	}
	low, high := max(r.Low-c.least, 0), min(r.High-c.least, 1<<32-1)
	for i := range c.rows {
		if v := int64(binary.LittleEndian.Uint32(b[4*i:])); v >= low && v <= high {
			l.search.mark(i, r.Fit)
		}
	}
	return nil
}

func (l *looking) markSTAN(r Reading) error {
	c := l.columns.ids
	b, err := l.piece(columnsSection, c.at, c.size())
	for i := 0; err == nil && i < c.rows; i++ {
		if txn.ID(c.get(b, i)).STAN() == r.Low {
			l.search.mark(i, r.Fit)
		}
	}
	return err
}

// markRRN looks at the sums, and where one is the same at the RRNs themselves.
func (l *looking) markRRN(r Reading) error {
	n, text := l.view.head.rows, cutRRN(r.Text)
	sum := rrnSum(text)
	if sum == 0 {
		return nil
	}
	b, err := l.piece(rrnSection, 0, 4*n)
	if err != nil {
		return err
	}
	var same []int
	for i := range n {
		if binary.LittleEndian.Uint32(b[4*i:]) == sum {
			same = append(same, i)
		}
	}
	for _, i := range same {
		b, err := l.piece(rrnSection, 4*n+rrnWidth*i, rrnWidth)
		if err != nil {
			return err
		}
		if strings.TrimRight(string(b), "\x00") == text {
			l.search.mark(i, r.Fit)
		}
	}
	return nil
}
