package fold

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Whatever a cart freezes, the entry that keeps it is read again as the same sale.
func TestFrozenSaleIsReadAgainAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart := sale.NewCart(money.CNY)
		for range rapid.IntRange(1, 8).Draw(t, "articles") {
			// What the cart refuses is no line; what it takes has to come back.
			item, quantityE5 := article(t), rapid.Int64Range(1, sale.MaxQuantityE5).Draw(t, "quantity")
			if item.Unit == sale.Piece {
				quantityE5 = max(quantityE5-quantityE5%sale.OneE5, sale.OneE5)
			}
			_, _ = cart.Add(item, quantityE5)
		}
		frozen, err := cart.Freeze()
		if err != nil {
			return // no article was taken
		}
		frozen.ID = 1
		body, err := Encode(txn.ByTill, []txn.Record{txn.SaleOpened{Sale: frozen}})
		if err != nil {
			t.Fatal(err)
		}
		records, err := read(NewBooks(), chain.Entry{Seq: 1, Body: body})
		if err != nil || len(records) != 1 {
			t.Fatalf("%s is read as %v, %v", body, records, err)
		}
		if again := records[0].(txn.SaleOpened).Sale; !reflect.DeepEqual(again, frozen) {
			t.Fatalf("%s\nis read as %+v\nand was    %+v", body, again, frozen)
		}
	})
}

// article has any text in its names, also such as no catalogue should have.
func article(t *rapid.T) sale.Item {
	text := rapid.OneOf(rapid.SampledFrom([]string{"", "苹果", "Apples <b>&\u2028", "\xff\xfe", "\x00"}), rapid.String())
	return sale.Item{Code: text.Draw(t, "code"), Name: sale.Name{ZH: text.Draw(t, "zh"), EN: text.Draw(t, "en")},
		UnitPriceMinor: rapid.Int64Range(0, 100_000).Draw(t, "price"), TaxRatePPM: rapid.Int64Range(0, sale.MaxRatePPM).Draw(t, "rate"),
		Unit: rapid.SampledFrom(sale.Units).Draw(t, "unit")}
}
