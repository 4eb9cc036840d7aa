package month

import (
	"time"

	"veratill/txn"
)

// kind is what a row of a file tells. The writers say it in their own words.
type kind string

const (
	paid     kind = "paid"
	back     kind = "given back"
	revoked  kind = "revoked"  // undone as a whole, by the till's or the provider's word
	voided   kind = "voided"   // by a void with a number of its own
	bounced  kind = "bounced"  // a payment that failed after it had been told
	returned kind = "returned" // money given back that came back
)

// row is a line of a file.
type row struct {
	format      string
	day         int // of the file
	at          time.Time
	kind        kind
	failed      bool  // its own state says that it failed
	pending     bool  // its own state says that it is under way
	amountMinor int64 // above zero, whichever way it goes
	feeMinor    int64 // what the shop pays; below zero is given back to it
	currency    string
	order       string // the till's number of the payment
	back        string // the till's number of giving back
	number      string // the provider's number of the row
	origin      string // of money that goes back: the provider's number of the payment
	slip        string
	originSlip  string
	merchant    string
	terminal    string
	batch, stan int64 // 0 is not said
	masked      string
	code        string
}

func (r row) lastFour() string { return txn.CardFacts{Masked: r.masked}.LastFour() }

// gives reports whether the row takes money from the shop.
func (r row) gives() bool {
	return r.kind == back || r.kind == revoked || r.kind == voided || r.kind == bounced
}

// honest is the row by which the provider tells an attempt as it was.
func (p *planter) honest(m *move) row {
	f := formatOf(m.format)
	at := m.at.Add(time.Duration(p.r.IntN(25_000)) * time.Millisecond).Truncate(time.Second)
	r := row{format: m.format, day: dayOf(m.at), at: at, kind: paid, amountMinor: m.a.Amount.Minor, feeMinor: rated(f, m.a.Amount.Minor),
		currency: string(f.currency), number: m.number, slip: m.slip, merchant: f.ours.Merchant, terminal: f.ours.Terminal, masked: m.masked, code: m.code}
	if dayOf(at) != r.day { // the second that ends a day is told by stories of its own
		r.at = m.at.Truncate(time.Second)
	}
	switch {
	case m.a.Tender == txn.Card:
		r.batch, r.stan = m.a.Batch, m.a.ID.STAN()
	case m.a.Tender == txn.External:
		r.order = m.ref
	default:
		r.order = m.a.Reference
	}
	if m.of == nil {
		return r
	}
	r.code = ""
	r.kind, r.order, r.origin, r.originSlip = back, m.of.a.Reference, m.of.number, m.of.slip
	if m.a.Kind == txn.Void {
		r.kind = voided
	}
	switch m.a.Tender {
	case txn.Card:
		r.order = ""
	case txn.External:
		r.order = m.of.ref
	}
	if m.a.Tender == txn.Code {
		r.back = m.a.Reference
	}
	r.pending = m.format == wechat && p.r.IntN(5) == 0
	r.feeMinor = -r.feeMinor
	if f.keepsFee {
		r.feeMinor = 0
	}
	return r
}

// undoing is the row by which a provider undoes a payment as a whole, under the payment's own number.
func (p *planter) undoing(m *move, paid row) row {
	r := paid
	r.kind, r.feeMinor, r.origin, r.originSlip = revoked, -paid.feeMinor, paid.number, paid.slip
	r.number, r.slip = p.newNumber(r.format, r.day, true), p.digits(20)
	if later := paid.at.Add(40 * time.Second); dayOf(later) == r.day {
		r.at = later
	}
	return r
}

func (p *planter) put(rows ...row) {
	for _, r := range rows {
		p.rows[r.format][r.day] = append(p.rows[r.format][r.day], r)
	}
}

// matched tells attempts as they were.
func (p *planter) matched(moves ...*move) {
	for _, m := range moves {
		p.put(p.honest(m))
		p.m.Matched[m.format]++
	}
}
