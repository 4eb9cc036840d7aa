package shop_test

import (
	"context"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/external"
)

// opened is the shop of a settings file.
func opened(t *testing.T, text string) *counter { return openedAt(t, text, nil) }

// openedAt is opened with a clock of a test; nil is the wall's. Other goroutines read it too.
func openedAt(t *testing.T, text string, now func() time.Time) *counter {
	t.Helper()
	s, err := settings.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(shop.Options{Dir: t.TempDir(), Settings: s, Version: "test", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// A shop that takes no cards sells for cash into real books: nothing says demonstration, no card payment is begun, and
// no bank is waited for or shown.
func TestCashOnlyShopHasRealBooks(t *testing.T) {
	c := opened(t, "[till]\nmode = \"cash\"\n")
	c.Run()
	if r := c.PayCash(context.Background(), clerk, cart(1000), 2000); r.Attempt.State != txn.Approved || r.Attempt.Demo {
		t.Errorf("cash: %s, a demonstration: %v, %s", r.Attempt.State, r.Attempt.Demo, r.Detail)
	}
	if r := c.PayCard(context.Background(), clerk, cart(1000), 0, func(present.Progress) {}); r.Attempt.ID != 0 || r.Charged != txn.ChargedNo || r.Code != "cash only" {
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

// What a separate terminal showed is asked of whoever stands at the screen, is in no proven sum of the day, and stands
// there as not proven.
func TestDayListsTheSeparateTerminalAsNotProven(t *testing.T) {
	c := opened(t, "[till]\nmode = \"cash\"\n[devices]\nseparateTerminal = true\n")
	if r := c.PayExternal(context.Background(), clerk, cart(700), 0); r.Attempt.State != txn.Pending || !c.About().SeparateTerminal {
		t.Errorf("while nobody can be asked it is %s, %s", r.Attempt.State, r.Detail)
	}
	c.AskPerson(func(context.Context, txn.Order) external.Answer { return external.Answer{Shown: external.Approved} })
	if r := c.PayExternal(context.Background(), clerk, cart(1000), 0); r.Attempt.State != txn.Claimed {
		t.Errorf("it is %s, %s", r.Attempt.State, r.Detail)
	}
	day, err := c.Day(context.Background(), 0)
	if err != nil || day.NetMinor != 0 || len(day.Open) != 1 || len(day.NotProven) != 1 || day.NotProven[0].AmountMinor != 1000 {
		t.Errorf("net %d, open %d, not proven %v, %v", day.NetMinor, len(day.Open), day.NotProven, err)
	}
}

// A shop with a bank of its own that names no reader has no test cards to choose: they would go to that bank.
func TestARealShopHasNoTestCards(t *testing.T) {
	t.Setenv("VERATILL_TMK", "8899AABBCCDDEEFF0011223344556677")
	c := opened(t, "[merchant]\nnumber = \"1\"\n[till]\nterminal = \"2\"\n[devices]\nbank = \"tcp://127.0.0.1:1?timeout=100ms\"\n")
	if c.About().Demo || len(c.TestCards()) > 0 {
		t.Errorf("a demonstration: %t, test cards: %d", c.About().Demo, len(c.TestCards()))
	}
	ctx, give := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer give()
	go func() {
		for ctx.Err() == nil {
			if c.PresentCard("0") == nil {
				t.Error("a test card was presented")
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	if _, err := c.TrySwipe(ctx); err == nil {
		t.Error("a card was read")
	}
}

// Without a key the same shop is a demonstration, in all that it says.
func TestAShopWithoutAKeyIsADemonstration(t *testing.T) {
	t.Setenv("VERATILL_TMK", "")
	c := opened(t, "[devices]\nbank = \"tcp://127.0.0.1:1?timeout=100ms\"\n")
	if !c.About().Demo || len(c.TestCards()) == 0 {
		t.Errorf("a demonstration: %t, test cards: %d", c.About().Demo, len(c.TestCards()))
	}
	if r := c.PayCash(context.Background(), clerk, cart(1000), 2000); !r.Attempt.Demo || !r.Bill.Demo {
		t.Errorf("cash is a demonstration: %t, its sale: %t", r.Attempt.Demo, r.Bill.Demo)
	}
}
