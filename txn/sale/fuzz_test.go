package sale

import (
	"bytes"
	"strings"
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn/money"
)

// A code keeps its digits, and a check digit that holds is the one that is computed:
// any other digit in its place does not hold.
func FuzzCode(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		raw := string(b)
		code := CleanScan(raw)
		if !strings.Contains(raw, code) {
			t.Fatalf("%q became %q", raw, code)
		}
		kind, holds := KindOf(code)
		if kind == ownCode {
			return
		}
		last := len(code) - 1
		check, ok := CheckDigit(code[:last])
		if !ok || holds != (code[last] == '0'+check) {
			t.Fatalf("%q: %s, %v", code, kind, holds)
		}
		other := code[:last] + string('0'+(code[last]-'0'+1)%10)
		if _, also := KindOf(other); holds && also {
			t.Fatalf("%q and %q hold", code, other)
		}
	})
}

// Every article of a catalogue that is taken can be found by its code and be sold.
func FuzzCatalogue(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		c, err := ReadCatalogue(bytes.NewReader(b), money.CNY)
		if err != nil {
			return
		}
		for _, item := range c.InGroup("") {
			found, ok := c.Find(item.Code)
			if !ok || found.Code != item.Code {
				t.Fatalf("%q is not found", item.Code)
			}
			cart := NewCart(money.CNY)
			if _, err := cart.Add(item, OneE5); err == nil && cart.TotalMinor() != item.UnitPriceMinor {
				t.Fatalf("%d became %d", item.UnitPriceMinor, cart.TotalMinor())
			}
		}
		c.Search(string(b), 5)
	})
}
