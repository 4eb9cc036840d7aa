package clearing

import (
	"slices"
	"strings"
	"time"

	"veratill/txn"
)

// adopt has an attempt be known by the numbers of a row that is its: what else has them is of the same movement, and what goes back names them.
func (m *matcher) adopt(h *held, f filed) {
	names := []string{f.RRN, f.Provider}
	switch {
	case h.Kind != txn.Sale:
		names = []string{f.RefundOrder, f.ProviderRefund}
	case f.Order != "": // of the whole, perhaps, of which several payments may be parts: what goes back may name it, and no payment is found by it
		m.byOrder[string(f.format)+f.Order] = h
	}
	for _, name := range names {
		if name != "" && !slices.Contains(m.byName[name], h) {
			m.byName[name] = append(m.byName[name], h)
		}
	}
}

// find is the attempt of a row by the keys of both, the strongest first: terminal, batch and STAN; RRN; the shop's number; the provider's; those of a terminal that numbers its payments
// itself; the issuer's approval code.
func (m *matcher) find(f filed) *held {
	if h := m.traced(f, f.Kind); h != nil {
		return h
	}
	keys := []string{f.RRN, f.Order, f.Provider}
	if f.Kind == refund {
		keys = []string{f.RRN, f.RefundOrder, f.ProviderRefund, f.Provider}
	}
	for _, key := range keys {
		if key == "" {
			continue
		}
		if h := nearest(m.byName[key], f.At, f.Kind); h != nil {
			return h
		}
	}
	if h := m.ticketed(f); h != nil {
		return h
	}
	return m.coded(f)
}

// booked is how far behind a payment a bank may book it.
const booked = 4 * 24 * time.Hour

// ticketed is the attempt on a card terminal's cable that has a row's receipt number and trace, and about its day. Where the row has one of the two alone, day and amount have to be the same: another
// terminal may have given the same number.
func (m *matcher) ticketed(f filed) *held {
	if f.STAN == 0 && f.Receipt == 0 {
		return nil
	}
	var those []*held
	for _, h := range m.byTicket[ticket{f.Receipt, f.STAN}] {
		both := f.STAN != 0 && f.Receipt != 0
		//mutant:a-terminals-number-alone-is-no-proof
		if both || h.Amount.Minor == f.AmountMinor && h.Opened().In(f.At.Location()).Format(time.DateOnly) == f.At.Format(time.DateOnly) {
			those = append(those, h)
		}
	}
	return within(those, f, booked)
}

// ticket is how a card terminal that numbers its payments itself names one: 0 is not said.
type ticket struct{ receipt, trace int64 }

// tickets are the names under which a row may have such a payment.
func tickets(h *held) []ticket {
	var receipt, trace int64
	parts := strings.Split(h.Answer.RRN, "-")
	if len(parts) == 3 {
		receipt, trace = whole(parts[0]), whole(parts[1])
	}
	switch {
	case receipt == 0 && trace == 0:
		return nil
	case receipt == 0 || trace == 0:
		return []ticket{{receipt, trace}}
	}
	return []ticket{{receipt, trace}, {receipt, 0}, {0, trace}}
}

// coded is the payment by a person's word whose approval code the person typed, with a row's amount, at most a quarter of an hour away.
func (m *matcher) coded(f filed) *held {
	var those []*held
	for _, h := range m.byCode[f.Code] {
		//mutant:a-code-alone-is-no-proof
		if h.Amount.Minor == f.AmountMinor && h.Amount.Currency == f.Currency {
			those = append(those, h)
		}
	}
	return within(those, f, near)
}

// within is the nearest attempt of a row's kind, at most so far away. A row that has a day alone is of any moment of it.
func within(those []*held, f filed, most time.Duration) *held {
	h := nearest(those, f.At, f.Kind)
	if h == nil || !f.nearTo(h, most) || !f.sameCard(h) {
		return nil
	}
	return h
}

// nearTo reports whether a row is at most so far away from an attempt. One that has a day alone is of any moment of it.
func (f filed) nearTo(h *held, most time.Duration) bool {
	at := h.Opened().In(f.At.Location())
	return f.At.Sub(at).Abs() <= most || dayAlone(f.At) && f.At.Format(time.DateOnly) == at.Format(time.DateOnly)
}

// sameCard reports whether nothing says that another card paid.
func (f filed) sameCard(h *held) bool {
	return f.LastFour == "" || h.Card.LastFour() == "" || f.LastFour == h.Card.LastFour()
}

// traced is the attempt of a kind that has a row's terminal, batch and STAN.
func (m *matcher) traced(f filed, k Kind) *held {
	if f.Terminal == "" || f.STAN == 0 {
		return nil
	}
	return nearest(m.byTrace[trace{f.Terminal, f.Batch, f.STAN}], f.At, k)
}

// nearest is the attempt of a kind that is nearest to a moment. Numbers come again: one that is more than a month away is another's.
func nearest(of []*held, at time.Time, k Kind) (best *held) {
	var least time.Duration
	for _, h := range of {
		if (k == payment) != (h.Kind == txn.Sale) {
			continue
		}
		away := at.Sub(time.UnixMilli(h.OpenedMs)).Abs()
		//mutant:a-number-that-comes-again-is-not-ours
		if away > 31*24*time.Hour {
			continue
		}
		if best == nil || away < least {
			best, least = h, away
		}
	}
	return best
}

// payment is what a refund's row gives back of.
func (m *matcher) payment(f filed) *held {
	for _, key := range []string{f.Provider, f.Order, f.RRN} {
		for _, h := range m.byName[key] {
			if key != "" && h.Kind == txn.Sale {
				return h
			}
		}
	}
	if h := m.byOrder[string(f.format)+f.Order]; h != nil && f.Order != "" {
		return h
	}
	return m.traced(f, payment)
}

// leftovers gives the refunds that name their payment alone to its voids and refunds of that amount, or else to the payment.
func (m *matcher) leftovers() {
	m.alone = slices.DeleteFunc(m.alone, func(f filed) bool { // a row that came before the one by which its payment is known
		h := m.find(f)
		if h == nil || f.anothers {
			return false
		}
		h.rows = append(h.rows, f)
		return true
	})
	for _, f := range m.later {
		if h := m.find(f); h != nil { // a second row of what was given to it just now
			h.rows = append(h.rows, f)
			continue
		}
		p := m.payment(f)
		if p == nil {
			m.alone = append(m.alone, f)
			continue
		}
		if h := m.free(p.ID, f); h != nil {
			h.rows = append(h.rows, f)
			m.adopt(h, f)
			continue
		}
		p.undone = append(p.undone, f)
	}
}

// free is a void or a refund of a payment that has no row yet and may be this one: of its amount, one that went through before one that did not, and the nearest in time.
func (m *matcher) free(payment txn.ID, f filed) (best *held) {
	away := func(h *held) time.Duration { return f.At.Sub(h.Opened()).Abs() }
	for _, h := range m.back[payment] {
		if len(h.rows) > 0 || h.Amount.Minor != f.AmountMinor {
			continue
		}
		if best == nil || !best.Concluded() && h.Concluded() || best.Concluded() == h.Concluded() && away(h) < away(best) {
			best = h
		}
	}
	return best
}
