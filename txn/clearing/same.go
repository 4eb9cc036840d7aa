package clearing

import (
	"fmt"
	"time"
)

// met is a row that the files have, whichever of them said it.
type met struct {
	Row
	last  int  // the newest file that has it
	other bool // of another terminal or merchant
}

// dayAlone reports whether a file says a day and no time.
func dayAlone(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

// metBefore reports whether an earlier file had a row, and notes it. One row of a file is one row of an earlier file at most: what stands twice in one of
// them stays two, however alike both look.
func (m *matcher) metBefore(f filed) bool {
	keys, own := f.keys()
	other := f.anothers
	for n, key := range keys {
		for _, known := range m.met[string(f.format)+key] {
			//mutant:a-row-that-comes-again-counts-once
			if known.last != f.file && known.other == other && known.agrees(f.Row) && (n < own || together(known.At, f.At, f.numbered())) {
				known.last = f.file
				if known.Waits && !f.Waits && !f.Failed { // it was under way, and went through since
					known.Waits = false
					m.through[rowKey(f)] = true
				}
				m.meet(f, keys, known)
				return true
			}
		}
	}
	m.meet(f, keys, &met{f.Row, f.file, other})
	return false
}

// meet keeps a row under its names, the ones that an earlier file did not have too.
func (m *matcher) meet(f filed, keys []string, known *met) {
	for _, key := range keys {
		key = string(f.format) + key
		all := m.met[key]
		if len(all) == 0 || all[len(all)-1] != known {
			m.met[key] = append(all, known)
		}
	}
}

// keys are the names of a row, of its day: first those that are its own, whatever the file says of the moment and the card, then those that it shares with its
// payment. The last one is of a row that nothing else names.
func (row Row) keys() (keys []string, own int) {
	what := fmt.Sprintf("|%s|%t|%d|%s|%s|", row.Kind, row.Failed, row.AmountMinor, row.Currency, row.At.Format(time.DateOnly))
	add := func(name, number string) {
		if number != "" {
			keys = append(keys, what+name+number)
		}
	}
	trace := ""
	if row.STAN != 0 {
		trace = fmt.Sprintf("%s|%d|%d", row.Terminal, row.Batch, row.STAN)
	}
	add("refund ", row.RefundOrder)
	add("back ", row.ProviderRefund)
	if row.Kind == refund { // what else it names may be the payment, of which several may go back
		own = len(keys)
	}
	add("rrn ", row.RRN)
	add("order ", row.Order)
	add("number ", row.Provider)
	add("trace ", trace)
	if row.Receipt != 0 {
		add("receipt ", fmt.Sprintf("%s|%d|%d", row.Terminal, row.Receipt, row.STAN))
	}
	if row.Kind == payment {
		own = len(keys)
	}
	if len(keys) == 0 {
		keys = []string{what}
	}
	return keys, own
}

// numbered reports whether a row has any number by which it can be told from another one.
func (row Row) numbered() bool {
	return row.RRN+row.Order+row.Provider+row.RefundOrder+row.ProviderRefund != "" || row.STAN != 0 || row.Receipt != 0
}

// agrees reports whether nothing that both rows say is another thing. What one of them leaves out says nothing.
func (row Row) agrees(with Row) bool {
	for _, both := range [][2]string{{row.RRN, with.RRN}, {row.Order, with.Order}, {row.Provider, with.Provider}, {row.RefundOrder, with.RefundOrder}, {row.ProviderRefund, with.ProviderRefund},
		{row.Terminal, with.Terminal}, {row.Merchant, with.Merchant}, {row.LastFour, with.LastFour}, {row.Code, with.Code}} {
		if both[0] != both[1] && both[0] != "" && both[1] != "" {
			return false
		}
	}
	other := func(a, b int64) bool { return a != b && a != 0 && b != 0 }
	return !other(row.STAN, with.STAN) && !other(row.Batch, with.Batch) && !other(row.Receipt, with.Receipt)
}

// together reports whether two moments may be the same one, said with and without its seconds, or as a day alone. Those of rows without a number have to be equal.
func together(a, b time.Time, numbered bool) bool {
	if a.Equal(b) || !numbered {
		return a.Equal(b)
	}
	if dayAlone(a) || dayAlone(b) {
		return true
	}
	return (a.Second() == 0 || b.Second() == 0) && a.Truncate(time.Minute).Equal(b.Truncate(time.Minute))
}
