package sale

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/money"
)

var water = Item{Code: "6901234567892", Name: Name{"水", "Water"}, UnitPriceMinor: 200, TaxRatePPM: 130_000, Unit: Piece}

// Whatever is done to a cart, its totals are the sums of its lines, its tax lies
// within its total, and a refused call changes nothing.
func TestCartAlwaysAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart := NewCart(money.CNY)
		items := rapid.SliceOfN(itemGen(), 1, 6).Draw(t, "items")
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			before, total := cart.Lines(), cart.TotalMinor()
			if err := randomStep(t, cart, items); err != nil {
				if len(before) != cart.Len() || total != cart.TotalMinor() {
					t.Fatalf("a refused call changed the cart: %v", err)
				}
			}
			checkSums(t, cart)
		}
	})
}

func itemGen() *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		return Item{Code: rapid.StringMatching(`[0-9]{4}`).Draw(t, "code"),
			UnitPriceMinor: rapid.Int64Range(-1, money.MaxMinor).Draw(t, "price"),
			TaxRatePPM:     rapid.OneOf(rapid.SampledFrom([]int64{0, 55_000, 88_750, 130_000, MaxRatePPM}), rapid.Int64Range(0, MaxRatePPM)).Draw(t, "tax"),
			Unit:           rapid.SampledFrom(Units).Draw(t, "unit")}
	})
}

func randomStep(t *rapid.T, cart *Cart, items []Item) error {
	index := rapid.IntRange(-1, 5).Draw(t, "index")
	quantity := rapid.OneOf(rapid.SampledFrom([]int64{0, OneE5, 2 * OneE5, 5 * OneE5, MaxQuantityE5, MaxQuantityE5 + 1}),
		rapid.Int64Range(-5, 1_000_000_000)).Draw(t, "quantity")
	var err error
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0, 1:
		_, err = cart.Add(rapid.SampledFrom(items).Draw(t, "item"), quantity)
	case 2:
		err = cart.SetQuantity(index, quantity)
	default:
		err = cart.Remove(index)
	}
	return err
}

func checkSums(t *rapid.T, cart *Cart) {
	var total, tax int64
	for _, line := range cart.Sold() {
		for _, of := range line.Taxes {
			if of.AmountMinor < 0 || of.AmountMinor > line.AmountMinor || of.RatePPM <= 0 || !of.Inside {
				t.Fatalf("%+v is no tax within %d", of, line.AmountMinor)
			}
			tax += of.AmountMinor
		}
		total += line.AmountMinor
	}
	if total != cart.TotalMinor() || tax != cart.TaxMinor() {
		t.Fatalf("sums %d and %d, cart says %d and %d", total, tax, cart.TotalMinor(), cart.TaxMinor())
	}
	s, err := cart.Freeze()
	if err == nil && (s.TotalMinor != total || s.TaxMinor != tax || len(s.Lines) != cart.Len()) {
		t.Fatalf("frozen %+v", s)
	}
}

// The tax inside an amount is within it, is what the same rate in basis points gave, and with
// what is left over it is the rate, but for the half unit that rounding moves.
func TestTaxWithinIsTheRateOfTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, money.MaxMinor).Draw(t, "amount")
		basisPoints := rapid.OneOf(rapid.Just(int64(1300)), rapid.Int64Range(0, 10_000)).Draw(t, "basis points")
		tax, err := taxWithin(amount, basisPoints*100)
		before, _ := money.MulDiv(amount, basisPoints, 10_000+basisPoints)
		if err != nil || tax != before {
			t.Fatalf("%d at %d basis points: %d, %v; it was %d", amount, basisPoints, tax, err, before)
		}
		ratePPM := rapid.Int64Range(0, MaxRatePPM).Draw(t, "ppm")
		if tax, err = taxWithin(amount, ratePPM); err != nil || tax < 0 || tax > amount {
			t.Fatalf("%d at %d ppm: %d, %v", amount, ratePPM, tax, err)
		}
		// |tax × (1e6 + rate) − amount × rate| is at most half of 1e6 + rate; both are below 2^63.
		if off := tax*(1_000_000+ratePPM) - amount*ratePPM; 2*max(off, -off) > 1_000_000+ratePPM {
			t.Fatalf("%d at %d ppm is %d, which is off by %d", amount, ratePPM, tax, off)
		}
	})
}

func TestSameArticleMergesAndWeighedDoesNot(t *testing.T) {
	cart := NewCart(money.CNY)
	apples := Item{Code: "101", UnitPriceMinor: 1180, TaxRatePPM: 90_000, Unit: Kilogram}
	for range 2 {
		if _, err := cart.Add(water, OneE5); err != nil {
			t.Fatal(err)
		}
		if _, err := cart.Add(apples, 1250*GramE5); err != nil {
			t.Fatal(err)
		}
	}
	if cart.Len() != 3 || cart.TotalMinor() != 400+1475*2 {
		t.Fatalf("%d lines, %d", cart.Len(), cart.TotalMinor())
	}
}

func TestLimits(t *testing.T) {
	cart := NewCart(money.CNY)
	for i := range MaxLines {
		item := Item{Code: string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)), UnitPriceMinor: 1, Unit: Piece}
		if _, err := cart.Add(item, OneE5); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := cart.Add(water, OneE5); !errors.Is(err, ErrTooManyLines) {
		t.Fatal(err)
	}
	cart = NewCart(money.CNY)
	for quantity, want := range map[int64]error{0: ErrQuantity, MaxQuantityE5 + 1: ErrQuantity, 1500 * GramE5: ErrWholePieces, OneE5 + 1: ErrWholePieces, math.MinInt64: ErrQuantity} {
		if _, err := cart.Add(water, quantity); !errors.Is(err, want) {
			t.Fatalf("%d: %v", quantity, err)
		}
	}
	dear := Item{Code: "1", UnitPriceMinor: money.MaxMinor, Unit: Piece}
	if _, err := cart.Add(dear, 2*OneE5); !errors.Is(err, money.ErrOverflow) {
		t.Fatal(err)
	}
	if _, err := cart.Freeze(); !errors.Is(err, errEmpty) {
		t.Fatal(err)
	}
}

// Another try of a declined sale pays the same sale; a changed one is a new sale.
func TestAChangedCartIsANewSale(t *testing.T) {
	cart := NewCart(money.CNY)
	if _, err := cart.Add(water, OneE5); err != nil {
		t.Fatal(err)
	}
	cart.Continue(7)
	if s, _ := cart.Freeze(); s.ID != 7 {
		t.Fatal(s.ID)
	}
	if err := cart.SetQuantity(0, 2*OneE5); err != nil {
		t.Fatal(err)
	}
	if s, _ := cart.Freeze(); s.ID != 0 {
		t.Fatal(s.ID)
	}
}

func TestRecalledLinesArePricedAnew(t *testing.T) {
	cart := NewCart(money.CNY)
	if err := cart.Replace([]CartLine{{water, Line{UnitPriceMinor: 1, QuantityE5: 3 * OneE5, AmountMinor: 1}}}); err != nil {
		t.Fatal(err)
	}
	if cart.TotalMinor() != 600 {
		t.Fatal(cart.TotalMinor())
	}
}

func TestCodes(t *testing.T) {
	for code, want := range map[string]struct {
		kind  CodeKind
		holds bool
	}{
		"6901234567892": {ean13, true}, "6901234567893": {ean13, false}, "96385074": {ean8, true}, "96385075": {ean8, false},
		"036000291452": {upcA, true}, "036000291453": {upcA, false}, "101": {OwnCode, true}, "": {OwnCode, true},
		"ABCDEFGHIJKLM": {OwnCode, true},
	} {
		if kind, holds := KindOf(code); kind != want.kind || holds != want.holds {
			t.Errorf("%s: %s %v", code, kind, holds)
		}
	}
	if CleanScan(" ]E06901234567892\r") != "6901234567892" {
		t.Error(CleanScan("]E06901234567892"))
	}
}

// A single wrong digit never passes.
func TestCheckDigitFindsEverySingleMistake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[0-9]{12}`).Draw(t, "body")
		check, _ := CheckDigit(body)
		code := []byte(body + string('0'+check))
		at := rapid.IntRange(0, 12).Draw(t, "at")
		code[at] = '0' + (code[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "off")))%10
		if _, holds := KindOf(string(code)); holds {
			t.Fatalf("%s passes", code)
		}
	})
}
