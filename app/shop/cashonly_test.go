package shop_test

import (
	"context"
	"testing"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/txn"
)

// A shop that takes no cards sells for cash into real books: nothing says demonstration, no card payment is begun, and
// no bank is waited for or shown.
func TestCashOnlyShopHasRealBooks(t *testing.T) {
	s, err := settings.Parse("[till]\nmode = \"cash\"\n")
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(shop.Options{Dir: t.TempDir(), Settings: s, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Run()
	if r := c.PayCash(context.Background(), clerk, cart(1000), 2000); r.Attempt.State != txn.Approved || r.Attempt.Demo {
		t.Errorf("cash: %s, a demonstration: %v, %s", r.Attempt.State, r.Attempt.Demo, r.Detail)
	}
	if r := c.PayCard(context.Background(), clerk, cart(1000), func(present.Progress) {}); r.Attempt.ID != 0 || r.Charged != txn.ChargedNo || r.Code != "cash only" {
		t.Errorf("a card: attempt %s, charged %s, code %q", r.Attempt.ID, r.Charged, r.Code)
	}
	for _, chip := range c.Chips() {
		if chip.Part == present.Bank {
			t.Errorf("a bank is shown: %+v", chip)
		}
	}
	if a := c.About(); a.Demo || !a.CashOnly {
		t.Errorf("the window says demonstration %v, cash only %v", a.Demo, a.CashOnly)
	}
}
