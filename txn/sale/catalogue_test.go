package sale

import (
	"fmt"
	"testing"

	"veratill/txn/money"
)

const shop = `code,zh,en,initials,group,price,tax,unit
6901234567892,纯净水 550 ml,Purified water 550 ml,cjs,drinks,2.00,13,
0036000291452,苏打水,Soda water,sds,drinks,4.50,13,
101,苹果,Apples,pg,fresh,11.80,9,kg
1015,苹果干,Dried apples,pgg,snacks,9.90,9,
1016,葡萄酒,Wine,ptj,drinks,98.00,8.875,
1017,书,Book,s,snacks,35.00,5.5,
1018,鸡蛋,Eggs,jd,fresh,12.00,0.0001,
`

func TestCatalogueFindsArticles(t *testing.T) {
	c := ReadList(shop, money.CNY, nil)
	if len(c.Remarks) > 0 {
		t.Fatal(c.Remarks)
	}
	if item, ok := c.Find("036000291452"); !ok || item.Name.EN != "Soda water" {
		t.Errorf("a UPC-A does not find its EAN-13: %+v", item)
	}
	for text, want := range map[string]string{"101": "101", "pg": "101", "app": "101", "苹果": "101", "WATER": "6901234567892", "dried": "1015"} {
		if found := c.Search(text, 3); len(found) == 0 || found[0].Code != want {
			t.Errorf("%q finds %+v", text, found)
		}
	}
	if found := c.Search("0036000291452", 1); len(found) != 1 || found[0].Name.EN != "Soda water" {
		t.Errorf("a search by 13 digits finds %+v", found)
	}
	if got := c.Groups(); len(got) != 3 || len(c.InGroup("drinks")) != 3 || len(c.InGroup("")) != 7 {
		t.Error(got)
	}
	for code, want := range map[string]int64{"101": 90_000, "1016": 88_750, "1017": 55_000, "1018": 1} {
		if item, _ := c.Find(code); item.TaxRatePPM != want {
			t.Errorf("%s has a tax rate of %d ppm, want %d", code, item.TaxRatePPM, want)
		}
	}
}

func bigCatalogue(tb testing.TB) *Catalogue {
	tb.Helper()
	items := make([]Item, 50_000)
	for i := range items {
		body := fmt.Sprintf("690%09d", i)
		check, _ := CheckDigit(body)
		items[i] = Item{Code: body + string('0'+check), Name: Name{fmt.Sprintf("商品 %d", i), fmt.Sprintf("Article number %d", i)},
			Initials: "sp", UnitPriceMinor: 100, Unit: Piece}
	}
	c, err := NewCatalogue(items)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// Among 50,000 articles each is found by its code, and by a part of its name; how fast, the benchmarks say.
func TestFiftyThousandArticles(t *testing.T) {
	c := bigCatalogue(t)
	item, ok := c.Find("6900000499993")
	if !ok || item.Name.EN != "Article number 49999" {
		t.Errorf("%+v, %v", item, ok)
	}
	if all := c.Search("number 49999", 30); len(all) != 1 || all[0].Code != item.Code {
		t.Errorf("%+v", all)
	}
}

func BenchmarkFind(b *testing.B) {
	c := bigCatalogue(b)
	for b.Loop() {
		c.Find("6900000499993")
	}
}

func BenchmarkSearch(b *testing.B) {
	c := bigCatalogue(b)
	for b.Loop() {
		c.Search("number 4999", 30)
	}
}
