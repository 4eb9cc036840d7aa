package bank

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"veratill/txn/iso8583"
)

// Closing is what the book holds of the settlement of a batch: the newest one of a terminal and batch counts.
type Closing struct {
	Terminal string       `json:"terminal"`
	Batch    int64        `json:"batch"`
	Till     iso8583.Sums `json:"till"` // as the till said them
	Bank     iso8583.Sums `json:"bank"` // of the book, when it was asked
	Balanced bool         `json:"balanced"`
	Ended    bool         `json:"ended,omitempty"`
	Told     int64        `json:"told,omitempty"` // how many payments the till says that it told of
}

func (c Closing) key() Key { return Key{Terminal: c.Terminal, Batch: c.Batch} }

// Item is a payment of which an upload told. The newest one of a number counts, and Times says how often it came.
type Item struct {
	Key
	AmountMinor int64  `json:"amountMinor"`
	Kind        Kind   `json:"type"`
	Code        string `json:"code"` // what the bank answered: 00 where it has it, 25 where not, 64 of another amount
	Times       int    `json:"times"`
}

// closings are what the book holds of settlements.
type closings struct {
	of    map[Key]Closing // by terminal and batch
	items map[Key]Item
}

// Closing is what the book holds of the settlement of a batch.
func (b *Book) Closing(terminal string, batch int64) (Closing, bool) {
	c, there := b.closings.of[Key{Terminal: terminal, Batch: batch}]
	return c, there
}

// Closings lists them, and the payments of uploads, each in its order.
func (b *Book) Closings() ([]Closing, []Item) {
	order := func(x, y Key) int {
		return cmp.Or(cmp.Compare(x.Terminal, y.Terminal), cmp.Compare(x.Batch, y.Batch), cmp.Compare(x.STAN, y.STAN))
	}
	all := slices.SortedFunc(maps.Values(b.closings.of), func(x, y Closing) int { return order(x.key(), y.key()) })
	return all, slices.SortedFunc(maps.Values(b.closings.items), func(x, y Item) int { return order(x.Key, y.Key) })
}

// KeepClosing writes what a decision about a settlement says.
func (b *Book) KeepClosing(d ClosingDecision) {
	if b.closings.of == nil {
		b.closings = closings{of: map[Key]Closing{}, items: map[Key]Item{}}
	}
	if d.Closing != nil {
		b.closings.of[d.Closing.key()] = *d.Closing
	}
	if d.Item != nil {
		b.closings.items[d.Item.Key] = *d.Item
	}
}

func (c closings) clone() closings { return closings{maps.Clone(c.of), maps.Clone(c.items)} }

// kept are the rows of a batch that the bank keeps: payments that are neither undone nor voided, and refunds. without leaves the newest number out: a bank whose day ended before it.
func (b *Book) kept(terminal string, batch int64, without bool) (rows []Row) {
	for _, r := range b.Rows() {
		//mutant:bank-sums-what-it-keeps
		if r.Terminal == terminal && r.Batch == batch && r.State == Approved && r.Kind != Void {
			rows = append(rows, r)
		}
	}
	if without && len(rows) > 0 {
		rows = rows[:len(rows)-1]
	}
	return rows
}

func sumsOf(rows []Row) (s iso8583.Sums) {
	for _, r := range rows {
		if r.Kind == Refund {
			s.Credits, s.CreditMinor = s.Credits+1, s.CreditMinor+r.AmountMinor
		} else {
			s.Debits, s.DebitMinor = s.Debits+1, s.DebitMinor+r.AmountMinor
		}
	}
	return s
}

func plus(a, b iso8583.Sums) iso8583.Sums {
	return iso8583.Sums{Debits: a.Debits + b.Debits, DebitMinor: a.DebitMinor + b.DebitMinor, Credits: a.Credits + b.Credits, CreditMinor: a.CreditMinor + b.CreditMinor}
}

// Missing lists the numbers that the bank keeps and of which the upload of a batch did not tell; Foreign those of which it told and the bank keeps nothing, or another amount; and
// Doubles those of which it told more than once.
func (b *Book) Missing(terminal string, batch int64) (missing, foreign, doubles []int64) {
	for _, r := range b.kept(terminal, batch, false) {
		if _, told := b.closings.items[r.Key]; !told {
			missing = append(missing, r.STAN)
		}
	}
	_, items := b.Closings()
	for _, i := range items {
		if i.Terminal != terminal || i.Batch != batch {
			continue
		}
		if i.Code != "00" {
			foreign = append(foreign, i.STAN)
		}
		if i.Times > 1 {
			doubles = append(doubles, i.STAN)
		}
	}
	return missing, foreign, doubles
}

// ClosingDecision is what a bank makes of a message of a settlement: what it answers, and what has to be durable before it does.
type ClosingDecision struct {
	Code    string // DE39
	Closing *Closing
	Item    *Item
	Own     iso8583.Sums // of an 0510, as it says them
	Foreign iso8583.Sums
}

// DecideClosing is the bank's word on a 0500 or a 0320. cutOff is a bank whose own day ended before the newest payment of the batch. It changes nothing: KeepClosing does.
func (b *Book) DecideClosing(p *iso8583.Profile, m iso8583.Message, cutOff bool) ClosingDecision {
	k := Key{Terminal: strings.TrimSpace(m.Get(41)), Batch: p.Batch(m)}
	if _, err := fmt.Sscanf(m.Get(11), "%d", &k.STAN); err != nil || k.Terminal == "" || k.Batch == 0 {
		return ClosingDecision{Code: "30"}
	}
	if m.MTI[1] == '5' {
		return b.balance(p, m, k, cutOff)
	}
	c, begun := b.Closing(k.Terminal, k.Batch)
	if !begun {
		return ClosingDecision{Code: "12"} // nobody has told it the sums
	}
	if told, ends := p.EndsBatch(m); ends {
		c.Ended, c.Told = true, told
		return ClosingDecision{Code: "00", Closing: &c}
	}
	return b.told(m, k)
}

// balance compares sums. A batch that has ended gets the answer that it got.
func (b *Book) balance(p *iso8583.Profile, m iso8583.Message, k Key, cutOff bool) ClosingDecision {
	own, foreign, _, ok := p.SumsOf(m)
	if !ok {
		return ClosingDecision{Code: "30"}
	}
	c, begun := b.Closing(k.Terminal, k.Batch)
	if !begun || !c.Ended {
		c = Closing{Terminal: k.Terminal, Batch: k.Batch, Till: plus(own, foreign), Bank: sumsOf(b.kept(k.Terminal, k.Batch, cutOff))}
		//mutant:bank-compares-sums
		c.Balanced = c.Till == c.Bank
	}
	d := ClosingDecision{Code: "00", Closing: &c, Own: own, Foreign: foreign}
	if !c.Balanced {
		d.Code, d.Own, d.Foreign = "95", c.Bank, iso8583.Sums{}
	}
	return d
}

// told takes a payment of an upload, and counts it once.
func (b *Book) told(m iso8583.Message, k Key) ClosingDecision {
	i, again := b.closings.items[k]
	if again {
		i.Times++
		return ClosingDecision{Code: i.Code, Item: &i}
	}
	i = Item{Key: k, Kind: Sale, Code: "25", Times: 1}
	if m.Get(3) == "200000" {
		i.Kind = Refund
	}
	if _, err := fmt.Sscanf(m.Get(4), "%d", &i.AmountMinor); err != nil {
		return ClosingDecision{Code: "30"}
	}
	//mutant:bank-notices-what-is-not-its-own
	if row := b.Row(k); row.State == Approved && row.Kind == i.Kind {
		i.Code = "00"
		if row.AmountMinor != i.AmountMinor {
			i.Code = "64"
		}
	}
	return ClosingDecision{Code: i.Code, Item: &i}
}

// Answer composes the answer that a decision gives.
func (d ClosingDecision) Answer(p *iso8583.Profile, request iso8583.Message, s Source) iso8583.Message {
	m := Answer(p, request, d.Code, s)
	if request.MTI[1] == '5' && d.Closing != nil {
		return p.SayBalance(m, d.Own, d.Foreign, d.Code == "00")
	}
	return m
}
