package sale_test

import (
	"strings"
	"testing"

	"veratill/assets"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// What a reader types without sentinels is told from goods and from what a phone shows.
func TestHoldsCard(t *testing.T) {
	for text, want := range map[string]bool{
		"4111111111111111": true, "378282246310005": true, "5555555555554444": true, "6200000000000005": true, " 4111111111111111 ": true,
		"6222020000000001234": false, "6222020000000001230": true, // its check digit
		"4111111111111112": false, "411111111111": false, "41111111111111111111": false,
		"6222020000000001234=4912101": true, "6222020000000001234^SPECIMEN^4912101": true, "B4111111111111112^SPECIMEN^4912101": true,
		"6222020000000001234D4912101": true, "6222020000000001234D49": false,
		"1234567890=1": false, "12345678901234567890=1": false, "A=1": false, "=": false, "^": false,
		"6990204110138": false, "4006381333931": false, "00012345600012": false, "96385074": false, // GTINs
		"134567890123456780": false, "284567890123456789": false, // wallets
		"": false, "   ": false, "2001": false, "veratill": false,
	} {
		if got := sale.HoldsCard([]rune(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
		if got := sale.HoldsCard([]byte(text)); got != want {
			t.Errorf("%q as bytes: %t", text, got)
		}
	}
}

// No article of the demonstration's catalogue, and no code with a check digit of goods, is taken for a card.
func TestGoodsAreNoCards(t *testing.T) {
	c := sale.ReadList(assets.DemoCatalogue, money.CNY, nil)
	if c.Len() == 0 {
		t.Fatal("the demonstration has no article")
	}
	for _, item := range c.InGroup("") {
		if sale.HoldsCard([]rune(item.Code)) {
			t.Errorf("%s is taken for a card", item.Code)
		}
	}
	for _, length := range []int{11, 12, 13} {
		for n := range 2000 {
			digits := strings.Repeat("7", length-4) + string([]byte{byte('0' + n/1000), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
			check, _ := sale.CheckDigit(digits)
			if code := digits + string('0'+rune(check)); sale.HoldsCard([]byte(code)) {
				t.Fatalf("%s is taken for a card", code)
			}
		}
	}
}
