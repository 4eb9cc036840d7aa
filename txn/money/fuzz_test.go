package money

import (
	"encoding/binary"
	"math/big"
	"testing"

	"veratill/packaging/nasty"
)

var fuzzed = []Currency{CNY, "JPY", "KWD", "USD", "XXX"}

// A figure that is taken is what it is written as; one that is refused is not repeated
// where it may be a card number.
func FuzzParse(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		text := string(b)
		for _, c := range fuzzed {
			a, err := Parse(text, c)
			if err != nil {
				if nasty.Digits(err.Error()) > 11 {
					t.Fatalf("the error is %v", err)
				}
				continue
			}
			if a.Minor < 0 || a.Minor > MaxMinor {
				t.Fatalf("%q is %d", text, a.Minor)
			}
			if again, err := Parse(a.Figure(), c); err != nil || again != a {
				t.Fatalf("%q is %v, and %v: %v", text, a, again, err)
			}
		}
		if c, err := ParseCurrency(text); err == nil && !c.Known() {
			t.Fatalf("%q is %s", text, c)
		}
	})
}

// The arithmetic is that of numbers without end, or an error.
func FuzzArithmetic(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		if len(b) < 24 {
			return
		}
		x, y, z := int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:])), int64(binary.BigEndian.Uint64(b[16:]))
		if sum, err := Add(x, y); err == nil && big.NewInt(0).Add(big.NewInt(x), big.NewInt(y)).Cmp(big.NewInt(sum)) != 0 {
			t.Fatalf("%d + %d = %d", x, y, sum)
		}
		if q, err := MulDiv(x, y, z); err == nil {
			// Rounded, it is at most half a unit off.
			product := big.NewInt(0).Mul(big.NewInt(x), big.NewInt(y))
			off := product.Sub(product, big.NewInt(0).Mul(big.NewInt(q), big.NewInt(z)))
			if off.Abs(off).Lsh(off, 1).Cmp(big.NewInt(z)) > 0 {
				t.Fatalf("%d * %d / %d = %d", x, y, z, q)
			}
		}
		if r, err := RoundCash(x, y); err == nil && (r%y != 0 || r-x > y || x-r > y) {
			t.Fatalf("%d in units of %d is %d", x, y, r)
		}
		weights := []int64{int64(b[0]), y, z, int64(b[1])}
		if parts, err := Allocate(x, weights); err == nil {
			left := x
			for i, p := range parts {
				if p < 0 || weights[i] == 0 && p != 0 {
					t.Fatalf("%d over %v is %v", x, weights, parts)
				}
				left -= p
			}
			if left != 0 {
				t.Fatalf("%d over %v is %v", x, weights, parts)
			}
		}
	})
}
