package present

import (
	"time"

	"veratill/txn/sale"
)

// Parked is a sale that waits: for its customer, or for the bank's word about a payment of it.
type Parked struct {
	ID      string // its own, also while it was in the making; empty for one that never was
	At      time.Time
	Cashier string
	Lines   []sale.CartLine
	SaleID  int64 // what the journal made of it; 0 while no payment of it was begun
	Unknown bool  // a payment of it is not known yet, or its bank says no more of it
	// Exchange is what comes back for it; nil where nothing does.
	Exchange *sale.Exchange
}

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

// ReceiptRow says when a sale was paid, how, and what became of its receipt.
func (w *Words) ReceiptRow(e Entry) string {
	at := ""
	if e.Bill.PaidMs != 0 {
		at = minute(time.UnixMilli(e.Bill.PaidMs))
	}
	card := ""
	if e.Attempt.Card.Masked != "" {
		card = joinedBy(" ", e.Attempt.Card.Scheme, e.Attempt.Card.Masked)
	}
	return joined(joined(at, card), w.Text("paper."+slug(string(e.Bill.Paper))))
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
