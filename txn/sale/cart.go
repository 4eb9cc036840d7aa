package sale

import (
	"errors"
	"fmt"
	"slices"

	"veratill/txn/money"
)

// Limits of a cart. They keep the arithmetic, the paper and the screen within
// what was tested; a sale beyond them is made in two.
const (
	MaxLines   = 500
	MaxRatePPM = 1_000_000 // 100 %
)

// Faults of a cart. The cart is as it was before the call that returned one.
var (
	ErrTooManyLines = errors.New("a sale has at most 500 lines")
	ErrQuantity     = errors.New("a quantity is above 0 and at most 9999")
	ErrWholePieces  = errors.New("this article is sold by the piece")
	ErrNoLine       = errors.New("there is no such line")
	errEmpty        = errors.New("the sale has no lines")
	errItem         = errors.New("invalid item: empty code, negative price, tax rate outside 0–100 %, unknown unit, or text that is not UTF-8")
)

// CartLine is one line of a cart, at the price that its article had when it was put there.
type CartLine struct {
	Item Item
	Sold Line // what the journal gets, if the cart is paid as it is
}

// Cart is a sale in the making. It is not safe for use by several goroutines.
type Cart struct {
	currency money.Currency
	lines    []CartLine
	total    int64
	tax      int64
	saleID   int64
	before   int64 // the sale that was begun with some of these goods
	last     int
	exchange *Exchange // goods that come back for these
}

// NewCart makes an empty cart.
func NewCart(c money.Currency) *Cart { return &Cart{currency: c, last: -1} }

// Currency is what every line of the cart is priced in.
func (c *Cart) Currency() money.Currency { return c.currency }

// Lines is a copy of the lines in the order in which they were scanned first.
func (c *Cart) Lines() []CartLine { return append([]CartLine(nil), c.lines...) }

// Sold lists the lines as the journal gets them.
func (c *Cart) Sold() []Line {
	sold := make([]Line, len(c.lines))
	for i, line := range c.lines {
		sold[i] = line.Sold
	}
	return sold
}

// Line is one line, and false where there is none.
func (c *Cart) Line(index int) (CartLine, bool) {
	if index < 0 || index >= len(c.lines) {
		return CartLine{}, false
	}
	return c.lines[index], true
}

// Len is the number of lines.
func (c *Cart) Len() int { return len(c.lines) }

// TotalMinor is the sum of the lines in minor units.
func (c *Cart) TotalMinor() int64 { return c.total }

// TaxMinor is the tax inside TotalMinor.
func (c *Cart) TaxMinor() int64 { return c.tax }

// Last is the line that was touched last, or −1.
func (c *Cart) Last() int { return c.last }

// Add puts an article on the cart. A line of the same article at the same price
// grows; weighed articles get a line each, because each has its own label.
func (c *Cart) Add(item Item, quantityE5 int64) (int, error) {
	if item.Unit == Piece {
		for i, line := range c.lines {
			if line.Item == item {
				return i, c.SetQuantity(i, line.Sold.QuantityE5+quantityE5)
			}
		}
	}
	if len(c.lines) >= MaxLines {
		return -1, ErrTooManyLines
	}
	line, err := price(item, quantityE5)
	if err != nil {
		return -1, err
	}
	return len(c.lines), c.replace(append(c.Lines(), line), len(c.lines))
}

// SetQuantity changes how much of a line is sold.
func (c *Cart) SetQuantity(index int, quantityE5 int64) error {
	old, ok := c.Line(index)
	if !ok {
		return ErrNoLine
	}
	line, err := price(old.Item, quantityE5)
	if err != nil {
		return err
	}
	lines := c.Lines()
	lines[index] = line
	return c.replace(lines, index)
}

// Remove takes a line off.
func (c *Cart) Remove(index int) error {
	if _, ok := c.Line(index); !ok {
		return ErrNoLine
	}
	lines := c.Lines()
	lines = append(lines[:index], lines[index+1:]...)
	return c.replace(lines, min(index, len(lines)-1))
}

// Replace puts recalled lines in place of the present ones. Of each line the article and
// the quantity count; it is priced anew, so that a damaged store cannot change a sum.
func (c *Cart) Replace(lines []CartLine) error {
	if len(lines) > MaxLines {
		return ErrTooManyLines
	}
	fresh := make([]CartLine, 0, len(lines))
	for _, old := range lines {
		line, err := price(old.Item, old.Sold.QuantityE5)
		if err != nil {
			return err
		}
		fresh = append(fresh, line)
	}
	if err := c.replace(fresh, len(fresh)-1); err != nil {
		return err
	}
	c.before = 0
	return nil
}

// Clear empties the cart for the next customer.
func (c *Cart) Clear() { *c = *NewCart(c.currency) }

// Continue remembers the sale that the journal made of these lines, so that
// another try pays the same sale. A change of a line makes another sale of them, which still says
// what was begun with some of its goods (Sale.Before).
func (c *Cart) Continue(saleID int64) { c.saleID, c.before = saleID, saleID }

// Began says that a sale was begun with some of these goods before a line was changed.
func (c *Cart) Began(saleID int64) { c.before = saleID }

// Before is the sale that was begun with some of these goods before a line was changed; 0 where there is none.
func (c *Cart) Before() int64 {
	if c.saleID != 0 {
		return 0
	}
	return c.before
}

// SaleID is the sale that Continue remembered; 0 where there is none.
func (c *Cart) SaleID() int64 { return c.saleID }

// TakeBack lets goods of an earlier sale come back for the lines; nil lets none.
func (c *Cart) TakeBack(e *Exchange) { c.exchange, c.saleID = e, 0 }

// Exchange is what comes back for the lines; nil is nothing.
func (c *Cart) Exchange() *Exchange { return c.exchange }

// DueMinor is what is to be paid: the lines, less what comes back for them. Below 0 it goes back.
func (c *Cart) DueMinor() int64 {
	if c.exchange == nil {
		return c.total
	}
	return c.total - c.exchange.AmountMinor
}

// Freeze makes the sale that is to be paid. Whoever gets it leaves its lines as they are.
func (c *Cart) Freeze() (Sale, error) {
	if len(c.lines) == 0 {
		return Sale{}, errEmpty
	}
	s := Sale{ID: c.saleID, Currency: c.currency, Lines: c.Sold(), TotalMinor: c.total, TaxMinor: c.tax, Exchange: c.exchange}
	//mutant:a-changed-sale-says-what-was-begun
	s.Before = c.Before()
	if s.TotalMinor == 0 { // a gift, a bag: concluded without a payment
		return s, nil
	}
	if err := s.Total().Payable(); err != nil {
		return Sale{}, err
	}
	return s, nil
}

// replace is the only writer of the lines: it sums first and changes nothing if that fails.
func (c *Cart) replace(lines []CartLine, last int) error {
	var total, tax int64
	var err error
	for _, line := range lines {
		if total, err = money.Add(total, line.Sold.AmountMinor); err != nil {
			return err
		}
		if total > money.MaxMinor {
			return money.ErrOverflow
		}
		tax += line.Sold.TaxMinor() // no line's tax is above its amount, so this is below total
	}
	c.lines, c.total, c.tax, c.last, c.saleID = lines, total, tax, last, 0
	if len(lines) == 0 { // what is put there next are other goods
		c.before = 0
	}
	return nil
}

func price(item Item, quantityE5 int64) (CartLine, error) {
	switch {
	case item.Code == "" || item.UnitPriceMinor < 0 || item.TaxRatePPM < 0 || item.TaxRatePPM > MaxRatePPM,
		!slices.Contains(Units, item.Unit), !isText(item.Code, item.Name.ZH, item.Name.EN):
		return CartLine{}, errItem
	case quantityE5 <= 0 || quantityE5 > MaxQuantityE5:
		return CartLine{}, ErrQuantity
	case item.Unit == Piece && quantityE5%OneE5 != 0:
		return CartLine{}, ErrWholePieces
	}
	amount, err := money.MulDiv(item.UnitPriceMinor, quantityE5, OneE5)
	if err != nil {
		return CartLine{}, fmt.Errorf("price of %s: %w", item.Code, err)
	}
	if amount > money.MaxMinor {
		return CartLine{}, money.ErrOverflow
	}
	taxes, err := taxesOf(amount, item.TaxRatePPM)
	return CartLine{item, Line{Code: item.Code, Name: item.Name.Languages(), Unit: item.Unit, UnitPriceMinor: item.UnitPriceMinor,
		QuantityE5: quantityE5, Taxes: taxes, AmountMinor: amount}}, err
}

// taxesOf is the catalogue's tax inside an amount; a rate of 0 is no tax.
func taxesOf(amountMinor, ratePPM int64) ([]Tax, error) {
	if ratePPM == 0 {
		return nil, nil
	}
	tax, err := taxWithin(amountMinor, ratePPM)
	return []Tax{{ID: catalogueTax, RatePPM: ratePPM, Inside: true, AmountMinor: tax}}, err
}

// taxWithin is the tax inside an amount that includes it: amount × rate / (1 + rate), rounded
// half away from zero. The rate is 0 to MaxRatePPM parts per million.
func taxWithin(amountMinor, ratePPM int64) (int64, error) {
	return money.MulDiv(amountMinor, ratePPM, 1_000_000+ratePPM)
}
