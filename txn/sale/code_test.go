package sale

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/money"
)

func catalogueOf(t interface{ Fatal(...any) }, codes ...string) *Catalogue {
	var items []Item
	for _, code := range codes {
		items = append(items, Item{Code: code, Name: Name{EN: "article " + code}, Unit: Piece})
	}
	c, err := NewCatalogue(items)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A GTIN is found in whatever form it is scanned or typed, and whatever form the list has it in.
func TestCodesAreComparedAs14Digits(t *testing.T) {
	for _, forms := range [][]string{
		{"036000291452", "0036000291452", "00036000291452", "0100036000291452", "(01)00036000291452(17)270131", "\x1d0100036000291452\x1d10A1",
			"1727013101000360002914523103000123", "(17)270131(01)00036000291452"},
		{"96385074", "000096385074", "0000096385074", "00000096385074", "0100000096385074"},
		{"6901234567892", "06901234567892", "0106901234567892", "2001" + "0106901234567892"},
	} {
		for _, listed := range forms[:3] {
			c := catalogueOf(t, listed)
			for _, scanned := range forms {
				if item, ok := c.Find(scanned); !ok || item.Code != listed {
					t.Errorf("%q does not find %q", scanned, listed)
				}
			}
		}
		if _, err := NewCatalogue([]Item{{Code: forms[0], Unit: Piece}, {Code: forms[1], Unit: Piece}}); err == nil {
			t.Errorf("%q and %q are two articles", forms[0], forms[1])
		}
	}
	c := catalogueOf(t, "16901234567899", "6901234567892") // a case, and its piece
	for _, code := range []string{"16901234567899", "6901234567892"} {
		if item, _ := c.Find(code); item.Code != code {
			t.Errorf("%s finds %q", code, item.Code)
		}
	}
}

// A shop's own number stands for itself: no zero is added to it or taken off, and nothing else is found by it.
func TestOwnNumbersStandForThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own := rapid.StringMatching(`[0-9]{1,7}|[0-9]{9,11}|[A-Z]{1,3}[0-9]{0,12}`).Draw(t, "own")
		other := rapid.SampledFrom([]string{"0" + own, own + "0", strings.TrimLeft(own, "0"), "01" + own}).Draw(t, "other")
		c := catalogueOf(t, own)
		if item, ok := c.Find(own); !ok || item.Code != own {
			t.Fatalf("%q is not found", own)
		}
		if _, ok := c.Find(other); ok && other != own {
			t.Fatalf("%q finds %q", other, own)
		}
	})
	// Numbers of a GTIN's length whose check digit does not hold are a shop's own too.
	c := catalogueOf(t, "12345671", "690123456789", "6901234567893")
	for _, own := range []string{"12345671", "690123456789", "6901234567893"} {
		if _, ok := c.Find(own); !ok {
			t.Errorf("%q is not found", own)
		}
	}
	if _, err := NewCart(money.CNY).Add(Item{Code: "1", Unit: Piece}, OneE5); err != nil {
		t.Error(err)
	}
}
