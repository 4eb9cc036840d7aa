package shop_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"veratill/app/control"
	"veratill/app/desk"
	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/journal"
)

// What was just paid is found at once, by the window and by a second program, and stays so over a Z and a restart.
func TestPaymentsAreFoundWhileTheTillSells(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	c.PayCash(context.Background(), clerk, cart(550), 1000)
	card(t, c, 1250, "0")
	finds := func(c *counter, asked find.Asked, want ...int64) {
		t.Helper()
		got, err := c.Find(context.Background(), asked)
		if err != nil || got.Trouble != "" || got.Behind != 0 || len(got.Entries) != len(want) {
			t.Fatalf("%+v: %+v, %v", asked, got, err)
		}
		for i, e := range got.Entries {
			if e.Attempt.Amount.Minor != want[i] || e.Bill.Total.Minor != want[i] || len(e.Sale.Lines) != 1 {
				t.Errorf("%+v: %+v", asked, e)
			}
		}
	}
	finds(c, find.Asked{Text: "5.50"}, 550)
	finds(c, find.Asked{Text: "可乐 today"}, 1250, 550)
	finds(c, find.Asked{Text: "cola", Tender: "card"}, 1250)
	if _, err := c.Find(context.Background(), find.Asked{LastFour: "1"}); err == nil {
		t.Error("one digit was taken for four")
	}
	if _, err := c.CloseDay(context.Background(), clerk); err != nil {
		t.Fatal(err)
	}
	var told desk.FoundList
	said := url.Values{"asked": {`{"tender":"cash"}`}, "rebuild": {"yes"}}
	if err := control.Ask(context.Background(), dir, "find?"+said.Encode(), &told); err != nil || len(told.Payments) != 1 || told.Payments[0].AmountMinor != 550 || told.Payments[0].Items[0] != "可乐" {
		t.Errorf("a second program is told %+v, %v", told, err)
	}
	if err := control.Ask(context.Background(), dir, "find?asked=nonsense", &told); err == nil {
		t.Error("nonsense was answered")
	}
	c.Close()
	finds(demo(t, dir), find.Asked{Amount: "5.50"}, 550)
}

// Whatever lies where the index belongs: sales go on, the books hold, and whoever looks for a payment is told.
func TestASpoiltIndexStopsNoSale(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"a folder": func(path string) error { return os.MkdirAll(filepath.Join(path, "full"), 0o700) },
		"another file": func(path string) error {
			return os.WriteFile(path, []byte("not an index, and longer than its head is"), 0o600)
		},
		"nothing": func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := spoil(filepath.Join(dir, find.FileName)); err != nil {
				t.Fatal(err)
			}
			c := demo(t, dir)
			c.Run()
			if r := c.PayCash(context.Background(), clerk, cart(550), 1000); r.Charged != txn.ChargedYes {
				t.Fatalf("cash: %+v", r)
			}
			if r := card(t, c, 1250, "0"); r.Attempt.State != txn.Approved {
				t.Fatalf("card: %+v", r)
			}
			got, err := c.Find(context.Background(), find.Asked{Text: "5.50"})
			if told := got.Trouble != "" || len(got.Entries) == 1; err != nil || !told || (got.Trouble != "") != (name == "a folder") {
				t.Errorf("%+v, %v", got, err)
			}
			if _, err := c.CloseDay(context.Background(), clerk); err != nil {
				t.Error(err)
			}
			c.Close()
			if _, err := journal.Look(context.Background(), dir, journal.Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}
