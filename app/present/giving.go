package present

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/money"
	"veratill/txn/receipt"
	"veratill/txn/sale"
)

// Back is what is to go back of a payment, as a person says it: goods, or an amount. One takes the place of the other.
type Back struct {
	Entry  Entry
	Pad    string // the amount as it is typed; empty while goods are named, or nothing is
	Marked int    // the line that keys change
	goods  map[int]int64
}

// NewBack begins with nothing.
func NewBack(e Entry) *Back { return &Back{Entry: e, goods: map[int]int64{}} }

// LeftMinor is what may still go back of the payment.
func (b *Back) LeftMinor() int64 { return b.Entry.Bill.BackOf(b.Entry.Attempt.ID).LeftMinor }

// LeftOf is how much of a line has not come back yet, in 1/100,000 of its unit.
func (b *Back) LeftOf(line int) int64 {
	return b.Entry.Sale.Lines[line].QuantityE5 - b.Entry.Bill.Returned()[line]
}

// Of is how much of a line is to come back.
func (b *Back) Of(line int) int64 { return b.goods[line] }

// Add lets one piece more of a line come back, or with −1 one less; what is weighed comes back as a whole. It reports whether that changed anything.
func (b *Back) Add(line int, by int64) bool {
	if line < 0 || line >= len(b.Entry.Sale.Lines) {
		return false
	}
	step, was := int64(sale.OneE5), b.goods[line]
	if b.Entry.Sale.Lines[line].Unit != sale.Piece {
		step = b.LeftOf(line)
	}
	b.Marked, b.Pad = line, ""
	b.goods[line] = min(max(was+by*step, 0), b.LeftOf(line))
	return b.goods[line] != was
}

// All lets everything that is left go back: by goods where they come to that, and else by amount.
func (b *Back) All() {
	b.Pad = ""
	for i := range b.Entry.Sale.Lines {
		b.goods[i] = b.LeftOf(i)
	}
	if left := b.LeftMinor(); b.AmountMinor() != left {
		clear(b.goods)
		b.Pad = money.Amount{Minor: left, Currency: b.Entry.Sale.Currency}.Figure()
	}
}

// Type takes a figure or a point of an amount; it is not taken where no amount begins so.
func (b *Back) Type(x rune) bool {
	text := b.Pad + string(x)
	if _, err := money.Parse(strings.TrimSuffix("0"+text, "."), b.Entry.Sale.Currency); err != nil || strings.Count(text, ".") > 1 || len(text) > 13 {
		return false
	}
	clear(b.goods)
	b.Pad = text
	return true
}

// Erase takes the last figure back.
func (b *Back) Erase() {
	if b.Pad != "" {
		b.Pad = b.Pad[:len(b.Pad)-1]
	}
}

// Goods are the lines of which something is to come back, in order.
func (b *Back) Goods() (goods []sale.Want) {
	for line, quantityE5 := range b.goods {
		if quantityE5 > 0 {
			goods = append(goods, sale.Want{Line: line, QuantityE5: quantityE5})
		}
	}
	slices.SortFunc(goods, func(a, b sale.Want) int { return a.Line - b.Line })
	return goods
}

// AmountMinor is what goes back: what the goods come to, or what is typed; 0 where neither is said.
func (b *Back) AmountMinor() int64 {
	if goods := b.Goods(); len(goods) > 0 {
		_, minor, err := sale.Back(b.Entry.Sale.Lines, b.Entry.Bill.Returned(), goods)
		if err != nil {
			return 0
		}
		return minor
	}
	amount, err := money.Parse(strings.TrimSuffix("0"+b.Pad, "."), b.Entry.Sale.Currency)
	if err != nil {
		return 0
	}
	return amount.Minor
}

// MayGiveBack reports whether something of a payment may be given back: what of it stands, of a sale that was paid and that lines have confirmed, and nothing
// of it is not known.
func MayGiveBack(m txn.Matter) bool {
	back := m.Bill.BackOf(m.Attempt.ID)
	//mutant:nothing-is-given-back-of-what-is-not-confirmed
	confirmed := !m.Bill.Unconfirmed()
	return m.Attempt.Kind == txn.Sale && m.Bill.WasPaid() && confirmed && back.LeftMinor > 0 && back.UnknownMinor == 0
}

// VoucherReasons are the keys of why a voucher is taken whose number was taken before.
var VoucherReasons = []string{"voucher.left", "voucher.same-number", "voucher.wrong-sale", "unusual.goodwill"}

// Reasons are the keys of why money goes back in cash where it was not paid in cash, in the order of their buttons.
var Reasons = []string{"unusual.faulty", "unusual.wrong", "unusual.card-gone", "unusual.goodwill"}

// VoidReasons are the keys of why a payment is voided, in the order of their buttons.
var VoidReasons = []string{"unusual.wrong", "void.not-wanted", "void.other-tender", "void.by-mistake"}

// Giving is what the desk is asked for.
func (b *Back) Giving() Giving {
	g := Giving{Payment: b.Entry.Attempt.ID, AmountMinor: b.AmountMinor(), Goods: b.Goods()}
	if len(g.Goods) > 0 {
		g.GoodsMinor = g.AmountMinor
	}
	return g
}

// MayExchange reports whether the goods that are named can pay for others: as much is left of what was paid, by whatever it was, and nothing is not known.
func (b *Back) MayExchange() bool {
	back, minor := b.Entry.Bill.Back(), b.AmountMinor()
	return len(b.Goods()) > 0 && b.Entry.Bill.WasPaid() && !b.Entry.Bill.Unconfirmed() && back.UnknownMinor == 0 && minor > 0 && minor <= back.LeftMinor
}

// Exchange is what comes back for other goods.
func (b *Back) Exchange() *sale.Exchange {
	return &sale.Exchange{SaleID: b.Entry.Bill.SaleID, Goods: b.Goods(), AmountMinor: b.AmountMinor()}
}

// Ready reports whether that may be asked for.
func (b *Back) Ready() bool {
	return MayGiveBack(b.Entry.Matter()) && b.Entry.Attempt.Tender != txn.Exchange && b.AmountMinor() > 0 && b.AmountMinor() <= b.LeftMinor()
}

// Back puts what would go back into words: how the till gives it back, why so, and what has to be done for it.
func (w *Words) Back(b *Back, c Choice) Message {
	left := Money(b.LeftMinor(), b.Entry.Sale.Currency)
	a := b.Entry.Attempt
	switch minor := b.AmountMinor(); {
	case !MayGiveBack(b.Entry.Matter()):
		return Message{Tone: Warning, What: w.Text("code.not-refundable"), Charged: w.refunded(b.Entry.Bill, a.ID), Next: w.Text("code.not-refundable.next")}
	case minor == 0:
		return Message{Tone: Plain, What: w.Text("giving.what"), Next: w.Text("giving.what.next", "left", left)}
	case minor > b.LeftMinor():
		return Message{Tone: Warning, What: w.Text("giving.too-much"), Next: w.Text("giving.too-much.next", "left", left)}
	}
	return Message{Tone: Plain, What: w.Text("giving." + string(c.Kind)), Charged: w.Text("why." + slug(string(c.Why))), Next: w.HowBack(a, c)}
}

// HowBack says what has to be done for money of a payment that goes back.
func (w *Words) HowBack(payment txn.Attempt, c Choice) string {
	next := "giving.next." + string(payment.Tender)
	switch {
	//mutant:a-refund-at-the-terminal-needs-the-card
	case payment.Tender == txn.Card && c.AtTerminal && c.Kind == txn.Refund:
		next = "giving.next.card-at-terminal"
	case payment.Tender == txn.Card && !c.ReadsCard:
		next = "giving.next.card-not-read"
	}
	return w.Text(next, "last4", payment.Card.LastFour())
}

// Receipt is what the code on a paper of ours says.
type Receipt struct {
	Asked  find.Asked // by what its attempt is found
	SaleID int64      // of a sale that was paid in several ways, which its code names in place of an attempt

	terminal string       // empty where the till had none
	amount   money.Amount // of the attempt, or of the sale
	when     string       // as it is printed: by the clock on the wall
	signed   *receipt.Statement
}

// mostFound is how many payments of one amount and STAN are looked at: STANs come again after years.
const mostFound = 20

// ReceiptOf reads the code on a paper of ours, such as "VERATILL sale T0000001 STAN 000042 CNY 12.50 2026-11-29 10:00:00". ok is false where the
// code is none: no article has such a code, and none is ever taken for one. A signed code names its payment too, and is not believed for that: what the
// books have of the payment counts.
func ReceiptOf(code string) (r Receipt, ok bool) {
	r.Asked.Limit = mostFound
	if signed, reason := receipt.Read(strings.TrimSpace(code)); reason == "" {
		r.Asked.Amount, r.Asked.STAN, r.signed = signed.Amount.Figure(), strconv.FormatInt(signed.Payment.STAN(), 10), &signed.Statement
		return r, true
	}
	words := strings.Fields(code)
	if len(words) < 7 || words[0] != "VERATILL" {
		return r, false
	}
	figure, currency := words[len(words)-3], money.Currency(words[len(words)-4])
	amount, err := money.Parse(figure, currency)
	if err != nil {
		return r, false
	}
	r.Asked.Amount, r.amount, r.when = figure, amount, strings.Join(words[len(words)-2:], " ")
	for i, word := range words[2:4] {
		number := words[i+3]
		if i > 0 {
			r.terminal = words[2]
		}
		switch word {
		case "STAN":
			r.Asked.STAN = strings.TrimLeft(number, "0")
			return r, r.Asked.STAN != ""
		case "SALE":
			id, err := strconv.ParseInt(number, 10, 64)
			r.SaleID = id
			return r, err == nil && id > 0
		}
	}
	return r, false
}

// Names reports whether the code is of a payment as these books have it, or of its sale: another till has payments of the same numbers, and its customers'
// receipts name none of this one's.
func (r Receipt) Names(m txn.Matter) bool {
	a, b := m.Attempt, m.Bill
	//mutant:a-receipt-of-another-till-names-nothing
	switch {
	case r.signed != nil:
		return a.ID == r.signed.Payment && b.SaleID == r.signed.Sale && a.Amount == r.signed.Amount && a.Tender == r.signed.Tender &&
			(r.signed.Outcome != receipt.Paid || a.EndedMs/1000 == r.signed.AtSeconds)
	case r.SaleID != 0:
		return b.SaleID == r.SaleID && strings.TrimSpace(b.Terminal) == r.terminal && b.Total == r.amount && r.at(time.UnixMilli(b.PaidMs))
	}
	return strings.TrimSpace(a.Terminal) == r.terminal && a.Amount == r.amount && r.at(time.UnixMilli(a.OpenedMs))
}

// at reports whether the code was printed of a moment. The clock on the wall may have stood in another time zone then: those differ by quarters of an hour.
func (r Receipt) at(moment time.Time) bool {
	said, err := time.ParseInLocation("2006-01-02 15:04:05", r.when, time.UTC)
	if err != nil {
		return false
	}
	apart := said.Sub(moment.UTC().Truncate(time.Second))
	return apart%(15*time.Minute) == 0 && apart.Abs() <= 15*time.Hour
}
