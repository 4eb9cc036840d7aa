package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/money"
)

// Figures are read and written exactly, with each currency's own digits.
func TestParseAndFigure(t *testing.T) {
	for _, c := range []struct {
		text     string
		currency money.Currency
		minor    int64
		err      error
	}{
		{"12.50", money.CNY, 1250, nil}, {"12.5", money.CNY, 1250, nil}, {"0.01", money.CNY, 1, nil}, {"7", money.CNY, 700, nil},
		{"100", money.JPY, 100, nil}, {"1.5", money.JPY, 0, money.ErrTooManyDecimals},
		{"1.234", money.KWD, 1234, nil}, {"1.2345", money.KWD, 0, money.ErrTooManyDecimals}, {"12.505", money.CNY, 0, money.ErrTooManyDecimals},
		{"", money.CNY, 0, money.ErrNotAnAmount}, {".5", money.CNY, 0, money.ErrNotAnAmount}, {"5.", money.CNY, 0, money.ErrNotAnAmount},
		{"-1", money.CNY, 0, money.ErrNotAnAmount}, {"+1", money.CNY, 0, money.ErrNotAnAmount}, {"1e3", money.CNY, 0, money.ErrNotAnAmount},
		{"1,000", money.CNY, 0, money.ErrNotAnAmount}, {"１２", money.CNY, 0, money.ErrNotAnAmount},
		{"9999999999.99", money.CNY, money.MaxMinor, nil}, {"10000000000.00", money.CNY, 0, money.ErrOverflow},
		{"99999999999999999999999999", money.CNY, 0, money.ErrOverflow}, {"1", "XXX", 0, money.ErrUnknownCurrency},
	} {
		got, err := money.Parse(c.text, c.currency)
		if !errors.Is(err, c.err) || got.Minor != c.minor {
			t.Errorf("%q %s: %d, %v; want %d, %v", c.text, c.currency, got.Minor, err, c.minor, c.err)
		}
	}
	for figure, a := range map[string]money.Amount{
		"0.05": {Minor: 5, Currency: money.CNY}, "5": {Minor: 5, Currency: money.JPY}, "0.005": {Minor: 5, Currency: money.KWD},
		"-12.34": {Minor: -1234, Currency: money.CNY}, "-92233720368547758.08": {Minor: math.MinInt64, Currency: money.CNY},
	} {
		if got := a.Figure(); got != figure {
			t.Errorf("%d %s is %q, want %q", a.Minor, a.Currency, got, figure)
		}
	}
}

// Sums that do not fit, that mix currencies, or that go below zero are errors and not other sums.
func TestNothingWraps(t *testing.T) {
	cny := func(n int64) money.Amount { return money.Amount{Minor: n, Currency: money.CNY} }
	for _, c := range []struct {
		name string
		err  error
		do   func() error
	}{
		{"add over", money.ErrOverflow, func() error { _, err := cny(math.MaxInt64).Add(cny(1)); return err }},
		{"add under", money.ErrOverflow, func() error { _, err := cny(math.MinInt64).Add(cny(-1)); return err }},
		{"add mixed", money.ErrMixedCurrencies, func() error { _, err := cny(1).Add(money.Amount{Minor: 1, Currency: money.JPY}); return err }},
		{"sub mixed", money.ErrMixedCurrencies, func() error { _, err := cny(1).Sub(money.Amount{Minor: 1, Currency: money.JPY}); return err }},
		{"sub below", money.ErrNegative, func() error { _, err := cny(1).Sub(cny(2)); return err }},
		{"sub of a negative", money.ErrNegative, func() error { _, err := cny(1).Sub(cny(-2)); return err }},
		{"pay nothing", money.ErrNegative, func() error { return cny(0).Payable() }},
		{"pay too much", money.ErrOverflow, func() error { return cny(money.MaxMinor + 1).Payable() }},
		{"muldiv over", money.ErrOverflow, func() error { _, err := money.MulDiv(math.MaxInt64, 2, 1); return err }},
		{"round over", money.ErrOverflow, func() error { _, err := money.RoundCash(math.MaxInt64, 10); return err }},
		{"round by nothing", money.ErrUnknownRoundUnit, func() error { _, err := money.RoundCash(1, 0); return err }},
	} {
		if err := c.do(); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
	}
}

// Add and MulDiv agree with arithmetic that has no limits.
func TestArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.Int64().Draw(r, "a"), rapid.Int64().Draw(r, "b")
		sum, err := money.Add(a, b)
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		if want.IsInt64() != (err == nil) || err == nil && want.Int64() != sum {
			r.Fatalf("%d + %d = %d, %v", a, b, sum, err)
		}
		c := rapid.Int64Range(1, math.MaxInt64).Draw(r, "c")
		q, err := money.MulDiv(a, b, c)
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		sign := product.Sign()
		product.Abs(product).Mul(product, big.NewInt(2)).Add(product, big.NewInt(c)).Div(product, new(big.Int).Mul(big.NewInt(2), big.NewInt(c)))
		if sign < 0 {
			product.Neg(product)
		}
		if product.IsInt64() && product.Int64() != math.MinInt64 {
			if err != nil || product.Int64() != q {
				r.Fatalf("%d × %d / %d = %d, %v; want %s", a, b, c, q, err, product)
			}
		} else if err == nil {
			r.Fatalf("%d × %d / %d = %d, and does not fit", a, b, c, q)
		}
	})
}

// Parts sum to the whole, whatever the weights.
func TestAllocateLosesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		minor := rapid.Int64Range(0, math.MaxInt64).Draw(r, "minor")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 20).Draw(r, "weights")
		parts, err := money.Allocate(minor, weights)
		if err != nil {
			if errors.Is(err, money.ErrNothingToDivide) {
				return
			}
			r.Fatal(err)
		}
		var sum int64
		for i, p := range parts {
			sum += p
			if p < 0 || weights[i] == 0 && p != 0 {
				r.Fatalf("part %d is %d for weight %d", i, p, weights[i])
			}
		}
		if sum != minor {
			r.Fatalf("parts sum to %d of %d", sum, minor)
		}
	})
}
