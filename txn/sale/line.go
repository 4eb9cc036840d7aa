package sale

import "unicode/utf8"

// Line is one line of a sale as the journal keeps it for good: all of what was sold, so that it
// is understood without any catalogue, and nothing that only a catalogue needs.
type Line struct {
	Code           string            `json:"code"` // of the article; never empty
	Name           map[string]string `json:"name"` // by language: "zh", "en"
	Unit           Unit              `json:"unit"`
	UnitPriceMinor int64             `json:"unitPriceMinor"` // of one Unit, with the taxes that are inside
	QuantityE5     int64             `json:"quantityE5"`     // of Unit; above 0, at most MaxQuantityE5
	Taxes          []Tax             `json:"taxes,omitempty"`
	Discounts      []Discount        `json:"discounts,omitempty"`
	AmountMinor    int64             `json:"amountMinor"` // what the customer owes for it: 0 to money.MaxMinor
}

// Tax is one tax of a line.
type Tax struct {
	ID          string `json:"id"`          // which tax of the shop's; catalogueTax is the only one so far
	RatePPM     int64  `json:"ratePPM"`     // parts per million of the price without tax; above 0, at most MaxRatePPM
	Inside      bool   `json:"inside"`      // the price includes it; so far every tax does
	AmountMinor int64  `json:"amountMinor"` // 0 to the line's amount
}

// catalogueTax is the tax that the catalogue gives one rate of for each article.
const catalogueTax = "tax"

// Discount is what was taken off a line.
type Discount struct {
	Kind        DiscountKind `json:"kind"`
	AmountMinor int64        `json:"amountMinor"` // above 0
	Why         string       `json:"why"`
}

// DiscountKind is one of DiscountKinds.
type DiscountKind string

// DiscountKinds is the closed set, like Units. It is empty: this program gives no discount,
// and books that have one are a newer program's.
var DiscountKinds []DiscountKind

// TaxMinor is the sum of the taxes inside AmountMinor.
func (l Line) TaxMinor() int64 {
	var sum int64
	for _, tax := range l.Taxes {
		if tax.Inside {
			sum += tax.AmountMinor
		}
	}
	return sum
}

// ShownName is the name in the languages that screen and paper have; without one it is the code.
func (l Line) ShownName() Name {
	shown := Name{ZH: l.Name["zh"], EN: l.Name["en"]}
	if shown == (Name{}) {
		return Name{ZH: l.Code, EN: l.Code}
	}
	return shown
}

// Languages is the name as a line keeps it; a language without text is left out.
func (n Name) Languages() map[string]string {
	languages := map[string]string{}
	for language, text := range map[string]string{"zh": n.ZH, "en": n.EN} {
		if text != "" {
			languages[language] = text
		}
	}
	return languages
}

// isText reports whether all texts come back from the journal as they were: JSON has no other than UTF-8.
func isText(texts ...string) bool {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return false
		}
	}
	return true
}
