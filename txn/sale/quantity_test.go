package sale

import (
	"testing"

	"pgregory.net/rapid"

	"veratill/txn/money"
)

// A scale's three decimals always stand there; a fourth and a fifth only where they say something.
func TestQuantityFigureShowsWhatIsNeeded(t *testing.T) {
	for _, c := range []struct {
		quantityE5 int64
		unit       Unit
		want       string
	}{
		{OneE5, Piece, "1"}, {MaxQuantityE5, Piece, "9999"}, {OneE5 / 2, Piece, "0.500"},
		{OneE5, Kilogram, "1.000"}, {1250 * GramE5, Kilogram, "1.250"}, {GramE5, Kilogram, "0.001"},
		{12_340, Kilogram, "0.1234"}, {1, Kilogram, "0.00001"}, {200_010, Kilogram, "2.0001"},
	} {
		if got := QuantityFigure(c.quantityE5, c.unit); got != c.want {
			t.Errorf("%d %s is shown as %q, want %q", c.quantityE5, c.unit, got, c.want)
		}
	}
}

// No figure hides a digit: read again, it is the same quantity.
func TestQuantityFigureLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		quantityE5 := rapid.Int64Range(1, MaxQuantityE5).Draw(t, "quantity")
		figure := QuantityFigure(quantityE5, rapid.SampledFrom(Units).Draw(t, "unit"))
		if got, err := money.ParseFixed(figure, 5); err != nil || got != quantityE5 {
			t.Fatalf("%d is shown as %s, which is %d, %v", quantityE5, figure, got, err)
		}
	})
}
