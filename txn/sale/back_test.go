package sale_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/sale"
)

// Giving all parts of a sale back in any order of steps gives back exactly what was taken, per line, per tax and per discount, and never
// more on the way.
func TestGivingAllBackInAnyStepsGivesBackWhatWasTaken(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		sold := rapid.SliceOfN(rapid.Custom(soldLine), 1, 4).Draw(r, "lines")
		before := map[int]int64{}
		sums := make([]sale.BackLine, len(sold))
		for open := len(sold); open > 0; {
			i := rapid.IntRange(0, len(sold)-1).Draw(r, "line")
			left := sold[i].QuantityE5 - before[i]
			if left == 0 {
				continue
			}
			step := int64(1)
			if sold[i].Unit == sale.Piece {
				step = sale.OneE5
			}
			quantity := rapid.Int64Range(max(1, left/step/3), left/step).Draw(r, "how much") * step
			lines, amountMinor, err := sale.Back(sold, before, []sale.Want{{Line: i, QuantityE5: quantity}})
			if err != nil || amountMinor != lines[0].AmountMinor || amountMinor < 0 {
				r.Fatalf("%d of %+v after %d: %d, %v", quantity, sold[i], before[i], amountMinor, err)
			}
			add(&sums[i], lines[0])
			if sums[i].AmountMinor > sold[i].AmountMinor {
				r.Fatalf("%d of %d went back", sums[i].AmountMinor, sold[i].AmountMinor)
			}
			if before[i] += quantity; before[i] == sold[i].QuantityE5 {
				open--
			}
		}
		for i, line := range sold {
			if sums[i].AmountMinor != line.AmountMinor {
				r.Fatalf("of line %d went back %d, and %d was taken", i, sums[i].AmountMinor, line.AmountMinor)
			}
			for k, tax := range line.Taxes {
				if sums[i].Taxes[k] != tax {
					r.Fatalf("of tax %+v went back %+v", tax, sums[i].Taxes[k])
				}
			}
			for k, d := range line.Discounts {
				if sums[i].Discounts[k] != d {
					r.Fatalf("of discount %+v went back %+v", d, sums[i].Discounts[k])
				}
			}
		}
	})
}

func soldLine(r *rapid.T) sale.Line {
	line := sale.Line{Code: "1", Unit: rapid.SampledFrom(sale.Units).Draw(r, "unit"), QuantityE5: rapid.Int64Range(1, 12).Draw(r, "quantity") * sale.OneE5}
	if line.Unit != sale.Piece {
		line.QuantityE5 = rapid.Int64Range(1, 3*sale.OneE5).Draw(r, "weight")
	}
	line.AmountMinor = rapid.Int64Range(0, 100_000).Draw(r, "amount")
	line.Taxes = []sale.Tax{{ID: "a", RatePPM: 130_000, Inside: true, AmountMinor: rapid.Int64Range(0, line.AmountMinor).Draw(r, "tax")},
		{ID: "b", RatePPM: 50_000, Inside: true, AmountMinor: rapid.Int64Range(0, line.AmountMinor).Draw(r, "tax")}}
	line.Discounts = []sale.Discount{{Kind: "line", AmountMinor: rapid.Int64Range(1, 9_999).Draw(r, "discount"), Why: "bent"}}
	return line
}

func add(sum *sale.BackLine, line sale.BackLine) {
	if sum.Taxes == nil {
		*sum = line
		return
	}
	sum.AmountMinor += line.AmountMinor
	for i := range sum.Taxes {
		sum.Taxes[i].AmountMinor += line.Taxes[i].AmountMinor
	}
	for i := range sum.Discounts {
		sum.Discounts[i].AmountMinor += line.Discounts[i].AmountMinor
	}
}

func TestNoMoreComesBackThanWasSold(t *testing.T) {
	sold := []sale.Line{{Code: "1", Unit: sale.Piece, QuantityE5: 2 * sale.OneE5, AmountMinor: 200}, {Code: "2", Unit: sale.Kilogram, QuantityE5: 50_000, AmountMinor: 99}}
	for name, want := range map[string][]sale.Want{
		"nothing":                  {},
		"a line that is not":       {{Line: 2, QuantityE5: 1}},
		"a line twice":             {{Line: 0, QuantityE5: sale.OneE5}, {Line: 0, QuantityE5: sale.OneE5}},
		"none of a line":           {{Line: 0}},
		"less than none":           {{Line: 0, QuantityE5: -sale.OneE5}},
		"half a piece":             {{Line: 0, QuantityE5: sale.OneE5 / 2}},
		"more than is left":        {{Line: 0, QuantityE5: 2 * sale.OneE5}},
		"more weight than is left": {{Line: 1, QuantityE5: 50_001}},
	} {
		if lines, _, err := sale.Back(sold, map[int]int64{0: sale.OneE5}, want); err == nil {
			t.Errorf("%s: %+v", name, lines)
		} else if name != "half a piece" && !errors.Is(err, sale.ErrBack) {
			t.Errorf("%s: %v", name, err)
		}
	}
	lines, amountMinor, err := sale.Back(sold, map[int]int64{0: sale.OneE5}, []sale.Want{{Line: 1, QuantityE5: 25_000}, {Line: 0, QuantityE5: sale.OneE5}})
	if err != nil || amountMinor != 150 || len(lines) != 2 {
		t.Errorf("half the weight and one piece: %d, %v", amountMinor, err)
	}
}
