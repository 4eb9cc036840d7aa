package sale

import (
	"fmt"
	"strings"

	"veratill/txn/money"
)

// Unit is what a quantity of an article counts. It is one of Units.
type Unit string

// The units. A quantity of pieces is whole; one of kilograms has up to 5 decimals.
const (
	Piece    Unit = "piece"
	Kilogram Unit = "kg"
)

// Units is the closed set: a unit outside it is not known to this program.
var Units = []Unit{Piece, Kilogram}

// Quantities are int64 with 5 decimal places: 200000 is two pieces, 125000 is 1.25 kg.
const (
	OneE5         = 100_000      // one piece, or one kilogram
	GramE5        = OneE5 / 1000 // one gram
	MaxQuantityE5 = 9999 * OneE5
)

// QuantityFigure is a quantity's plain figure: "2" for whole pieces, and for anything else at
// least 3 decimals, and more only where they are not zero: "1.250", "0.12345".
func QuantityFigure(quantityE5 int64, unit Unit) string {
	whole, part := quantityE5/OneE5, quantityE5%OneE5
	if unit == Piece && part == 0 {
		return fmt.Sprint(whole)
	}
	decimals := fmt.Sprintf("%05d", part)
	return fmt.Sprintf("%d.%s", whole, decimals[:3]+strings.TrimRight(decimals[3:], "0"))
}

// typedPlaces is how many decimals of a quantity are taken from a person: a scale shows grams, and a digit
// more than that is a slip of the finger.
const typedPlaces = 3

// ParseQuantity reads a quantity above zero as a person types it, also one that begins or ends with its point. ok is false
// for anything else. Whether an article takes it is the cart's to say.
func ParseQuantity(text string) (quantityE5 int64, ok bool) {
	if text == "" {
		return 0, false
	}
	milli, err := money.ParseFixed("0"+strings.TrimSuffix(text, "."), typedPlaces)
	return milli * GramE5, err == nil && milli > 0 && milli <= 999_999_999
}
