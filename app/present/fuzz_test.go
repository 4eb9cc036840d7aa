package present

import (
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Whatever is typed on the pay screen's pad, what was received is an amount, the change
// is what is too much, and only enough is legal.
func FuzzPad(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		p := NewPay(sale.Sale{Currency: money.CNY, TotalMinor: 1250})
		for i, c := range b[:min(len(b), 40)] {
			if c == '\b' {
				p.Erase()
			} else {
				p.Type(string(b[i : i+1]))
			}
			got := p.Received()
			if got < 0 || got > money.MaxMinor {
				t.Fatalf("%q is %d", p.Pad, got)
			}
			if change, enough := p.Change(); enough != (got >= 1250) || enough && change != got-1250 {
				t.Fatalf("%q: change %d, %v", p.Pad, change, enough)
			}
		}
		p.Type(string(b))
		if got := p.Received(); got < 0 || got > money.MaxMinor {
			t.Fatalf("%q is %d", p.Pad, got)
		}
	})
}

// nothing is a shop without an article.
type nothing struct{}

func (nothing) Withholds(typed []rune) bool    { return sale.HoldsCard(typed) }
func (nothing) Find(string) (sale.Item, bool)  { return sale.Item{}, false }
func (nothing) Search(string, int) []sale.Item { return nil }
func (nothing) Groups() []string               { return nil }
func (nothing) Favourites() []sale.Item        { return nil }

func (nothing) InGroup(string) []sale.Item { return nil }

// Whatever is typed or scanned on the sell screen, a quantity is above zero and below a
// million pieces, and without an article nothing is sold.
func FuzzQuantity(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		text := string(b)
		if quantityE5, ok := sale.ParseQuantity(text); ok && (quantityE5 <= 0 || quantityE5 >= 1_000_000*sale.OneE5) {
			t.Fatalf("%q is %d", text, quantityE5)
		}
		s := NewSell(sale.NewCart(money.CNY))
		for _, c := range text[:min(len(text), 24)] {
			switch c {
			case '*':
				s.Star()
			case '\n':
				s.Enter(nothing{})
			case '\b':
				s.Erase()
			case '=':
				s.SetQuantity()
			default:
				s.Type(string(c))
			}
		}
		s.Scan(text, nothing{})
		if s.Cart.Len() != 0 {
			t.Fatal("something is sold")
		}
	})
}
