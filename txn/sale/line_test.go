package sale

import (
	"encoding/json"
	"errors"
	"testing"

	"veratill/txn/money"
)

// The shape of a line in the journal, of each unit. It changes with a new version of the machine alone.
func TestLineInTheJournal(t *testing.T) {
	cart := NewCart(money.CNY)
	apples := Item{Code: "101", Name: Name{"苹果", "Apples"}, Initials: "pg", Group: "fresh", UnitPriceMinor: 1180, TaxRatePPM: 90_000, Unit: Kilogram}
	bag := Item{Code: "9", Name: Name{ZH: "购物袋"}, Initials: "gwd", Group: "other", UnitPriceMinor: 50, Unit: Piece}
	for item, quantityE5 := range map[Item]int64{apples: 125_000, bag: 2 * OneE5} {
		if _, err := cart.Add(item, quantityE5); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		"101": `{"code":"101","name":{"en":"Apples","zh":"苹果"},"unit":"kg","unitPriceMinor":1180,"quantityE5":125000,` +
			`"taxes":[{"id":"tax","ratePPM":90000,"inside":true,"amountMinor":122}],"amountMinor":1475}`,
		"9": `{"code":"9","name":{"zh":"购物袋"},"unit":"piece","unitPriceMinor":50,"quantityE5":200000,"amountMinor":100}`,
	}
	for _, line := range cart.Sold() {
		if text, err := json.Marshal(line); err != nil || string(text) != want[line.Code] {
			t.Errorf("%s, %v\nwant %s", text, err, want[line.Code])
		}
	}
}

// What the customer pays on top is not inside the amount.
func TestTaxMinorIsWhatIsInside(t *testing.T) {
	line := Line{AmountMinor: 1130, Taxes: []Tax{{ID: "a", Inside: true, AmountMinor: 100}, {ID: "b", Inside: true, AmountMinor: 30}, {ID: "c", AmountMinor: 7}}}
	if got := line.TaxMinor(); got != 130 {
		t.Errorf("the tax inside is %d, want 130", got)
	}
}

// A line that has a name in neither language of the screen still says what it is.
func TestShownNameIsNeverEmpty(t *testing.T) {
	for _, c := range []struct {
		name map[string]string
		want Name
	}{
		{map[string]string{"zh": "苹果", "en": "Apples"}, Name{"苹果", "Apples"}},
		{map[string]string{"en": "Apples", "de": "Äpfel"}, Name{EN: "Apples"}},
		{map[string]string{"de": "Äpfel"}, Name{"101", "101"}},
		{nil, Name{"101", "101"}},
	} {
		if got := (Line{Code: "101", Name: c.name}).ShownName(); got != c.want {
			t.Errorf("%v is shown as %+v, want %+v", c.name, got, c.want)
		}
	}
}

// An article that no line could keep as it is gets into no cart.
func TestItemThatCannotBeSoldIsRefused(t *testing.T) {
	for what, change := range map[string]func(*Item){
		"no code": func(i *Item) { i.Code = "" }, "a price below zero": func(i *Item) { i.UnitPriceMinor = -1 },
		"a rate below zero": func(i *Item) { i.TaxRatePPM = -1 }, "a rate above 100 %": func(i *Item) { i.TaxRatePPM = MaxRatePPM + 1 },
		"no unit": func(i *Item) { i.Unit = "" }, "a unit that is not known": func(i *Item) { i.Unit = "pint" },
		"a code that is not text": func(i *Item) { i.Code = "\xff" }, "a name that is not text": func(i *Item) { i.Name.EN = "\xff" },
	} {
		item := water
		change(&item)
		if _, err := NewCart(money.CNY).Add(item, OneE5); !errors.Is(err, errItem) {
			t.Errorf("an article with %s gave %v", what, err)
		}
	}
}
