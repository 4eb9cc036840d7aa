package present

import (
	"errors"
	"time"

	"veratill/txn"
	"veratill/txn/sale"
)

// Parked is a sale that waits: for its customer, or for the bank's word about a payment of it.
type Parked struct {
	ID      string // its own, also while it was in the making; empty for one that never was
	At      time.Time
	Cashier string
	Lines   []sale.CartLine
	SaleID  int64 // what the journal made of it; 0 while no payment of it was begun
	Before  int64 // what it made of some of these goods before a line was changed; 0 where it made nothing (see sale.Sale)
	Unknown bool  // a payment of it is not known yet, or its bank says no more of it
	// Exchange is what comes back for it; nil where nothing does.
	Exchange *sale.Exchange
}

// ErrNotKnown says that a parked sale stays where it is, because a payment of it is not known yet: in the cart its goods could be paid for a
// second time, and dropped they would be lost.
var ErrNotKnown = errors.New("a payment of this sale is not known yet, so it stays parked. Do not charge again: see what became of the payment first")

// TotalMinor is what it costs.
func (p Parked) TotalMinor() (sum int64) {
	for _, line := range p.Lines {
		sum += line.Sold.AmountMinor
	}
	return sum
}

// Sold lists its lines as the journal would get them.
func (p Parked) Sold() []sale.Line {
	sold := make([]sale.Line, len(p.Lines))
	for i, line := range p.Lines {
		sold[i] = line.Sold
	}
	return sold
}

// ParkedBy says when a sale was begun and by whom, and whether it waits for the bank.
func (w *Words) ParkedBy(p Parked, now time.Time) string {
	at := minute(p.At)
	if now.Sub(p.At) > 18*time.Hour {
		at = joined(w.Date(p.At), at)
	}
	unknown := ""
	if p.Unknown {
		unknown = w.Text("recall.unknown")
	}
	return joined(joined(at, p.Cashier), unknown)
}

// ReceiptTitle names a paper of the list: a receipt by its goods, and the slip of a void or a refund as what it is.
func (w *Words) ReceiptTitle(e Entry, goods string) string {
	if e.Attempt.Kind.GivesBack() {
		return joined(w.Title(e.Matter()), goods)
	}
	return goods
}

// ReceiptAmount is the sum on a paper of the list: what the sale came to, or what went back.
func ReceiptAmount(e Entry) string {
	if e.Attempt.Kind.GivesBack() {
		return "−" + Money(e.Attempt.Amount.Minor, e.Attempt.Amount.Currency)
	}
	return Money(e.Bill.Total.Minor, e.Bill.Total.Currency)
}

// ReceiptRow says when a sale was paid, or money given back, how, and what became of the paper.
func (w *Words) ReceiptRow(e Entry) string {
	at, ms := "", e.Bill.PaidMs
	if e.Attempt.Kind.GivesBack() {
		ms = e.Attempt.OpenedMs
	}
	if ms != 0 {
		at = minute(time.UnixMilli(ms))
	}
	card := ""
	if e.Attempt.Card.Masked != "" {
		card = joinedBy(" ", w.Scheme(e.Attempt.Card.Scheme), e.Attempt.Card.Masked)
	}
	return joined(joined(at, card), w.Text("paper."+slug(string(e.Matter().Paper()))))
}

// FoundGoods is what a start found of the sale that was in the making when the till ended.
type FoundGoods struct {
	Lines  int   // that are on the sale again
	Parked bool  // a payment of it was cut: it is parked
	Err    error // it could not be read, and is kept aside
}

// Note is what the first screen says of it; empty where there is nothing to say.
func (f FoundGoods) Note() Note {
	switch {
	case f.Err != nil:
		return Note{Tone: Bad, Key: "goods.unreadable", Detail: f.Err.Error()}
	case f.Parked:
		return Note{Tone: Unknown, Key: "goods.cut"}
	case f.Lines > 0:
		return Note{Tone: Plain, Key: "goods.back"}
	}
	return Note{}
}

// InQuestion is the part of a sale that says how it stands: one that is not known, else the newest.
func InQuestion(b txn.Bill) (id txn.ID) {
	for _, p := range b.Parts {
		id = p.ID
		if p.Kind != txn.Refund && (p.Open() || p.State == txn.Unresolved) {
			break
		}
	}
	return id
}
