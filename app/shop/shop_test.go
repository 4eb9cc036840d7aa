package shop_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/app/control"
	"veratill/app/desk"
	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/app/training"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/report"
	"veratill/txn/sale"
)

// clerk sells in these tests.
var clerk = txn.Actor{By: "01"}

// counter is a whole till with its desk, as the window has them.
type counter struct {
	*shop.Shop
	present.Desk
}

func open(o shop.Options) (*counter, error) {
	s, err := shop.Open(context.Background(), o)
	if err != nil {
		return nil, err
	}
	return &counter{s, s.Desk.Screens()}, nil
}

func demo(t *testing.T, dir string) *counter {
	t.Helper()
	c, err := open(shop.Options{Dir: dir, Settings: settings.Default(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// cart is a sale of one article.
func cart(minor int64) sale.Sale {
	s, err := filled(minor).Freeze()
	if err != nil {
		panic(err)
	}
	return s
}

func filled(minor int64) *sale.Cart {
	cart := sale.NewCart(money.CNY)
	item := sale.Item{Code: "1", Name: sale.Name{ZH: "可乐", EN: "Cola"}, UnitPriceMinor: minor, TaxRatePPM: 130_000, Unit: sale.Piece}
	if _, err := cart.Add(item, sale.OneE5); err != nil {
		panic(err)
	}
	return cart
}

// card pays with a card of the chooser, as a person at the window does.
func card(t *testing.T, c *counter, minor int64, id string) present.Result {
	t.Helper()
	return cardPart(c, minor, 0, id)
}

// cardPart pays a part of a cart, 0 for all of it.
func cardPart(c *counter, minor, partMinor int64, id string) present.Result {
	return c.PayCard(context.Background(), clerk, cart(minor), partMinor, func(p present.Progress) {
		if p.Step != present.Presenting {
			return
		}
		go presents(c, id)
	})
}

// presents presents a card as soon as the reader waits for one.
func presents(c *counter, id string) {
	for range 200 {
		if c.PresentCard(id) == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// testCard is the test card of that name.
func testCard(t *testing.T, c *counter, name string) string {
	t.Helper()
	at := slices.IndexFunc(c.TestCards(), func(one present.TestCard) bool { return one.Name.EN == name })
	if at < 0 {
		t.Fatal("no card has the name " + name)
	}
	return c.TestCards()[at].ID
}

// until waits for what happens beside the sale.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 2000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not within 20 s: %s", what)
}

// A demonstration sells for cash and by card, puts paper on the screen, and says that it is one.
func TestDemonstration(t *testing.T) {
	c := demo(t, t.TempDir())
	if !c.About().Demo {
		t.Error("it does not say that it is a demonstration")
	}
	if r := c.PayCash(context.Background(), clerk, cart(550), 1000); r.Charged != txn.ChargedYes || r.Attempt.ChangeMinor != 450 {
		t.Errorf("cash: %+v", r)
	}
	r := card(t, c, 1250, "0")
	if r.Charged != txn.ChargedYes || r.Attempt.State != txn.Approved {
		t.Fatalf("card: %+v", r)
	}
	until(t, "two papers are on the screen", func() bool { return len(c.Sheets()) == 2 })
	if s := c.Sheets()[1]; s.PrintID != r.PrintID || s.Picture.Bounds().Dy() < 200 {
		t.Errorf("the paper is of print %d, %v", s.PrintID, s.Picture.Bounds())
	}
	if short := c.PayCash(context.Background(), clerk, cart(550), 500); short.Charged != txn.ChargedNo || short.Attempt.ID != 0 {
		t.Errorf("too little cash: %+v", short)
	}
}

// Cards that this till does not take are refused before anything is begun.
func TestRefusedCards(t *testing.T) {
	c := demo(t, t.TempDir())
	codes := map[string]bool{}
	for _, k := range c.TestCards() {
		r := present.Result{Code: "cancelled"}
		if k.Name.EN != "chip card, swiped" && k.Name.EN != "expired card" {
			continue // the bank decides about them, or the chooser
		}
		r = card(t, c, 1250, k.ID)
		codes[r.Code] = true
		if r.Code != "" && (r.Charged != txn.ChargedNo || r.Attempt.ID != 0) {
			t.Errorf("%s: %+v", k.Name.EN, r)
		}
	}
	if !codes["chip card swiped"] || !codes["card expired"] {
		t.Errorf("codes: %v", codes)
	}
}

// A key that a disk has spoilt keeps no till closed, and the journal's chip says so until the next start.
func TestASpoiltKeyIsSaid(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "till.key"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"new key", ""} {
		c := demo(t, dir)
		chips := c.Chips()
		if chip := chips[len(chips)-1]; chip.Part != present.Journal || chip.Code != code || (chip.Health == present.Ready) != (code == "") {
			t.Errorf("%+v, want %q", chip, code)
		}
		c.Close()
	}
}

// Printing an X changes no figure on the day's page: what a person should look at is still there.
func TestAnXChangesNothingOnThePage(t *testing.T) {
	ctx, c := context.Background(), demo(t, t.TempDir())
	if r := cardPart(c, 1250, 500, "0"); r.Bill.State != txn.BillPartPaid {
		t.Fatalf("%+v", r)
	}
	before, err := c.Day(ctx, 0)
	if err != nil || len(before.Unpaid) != 1 {
		t.Fatalf("%+v, %v", before, err)
	}
	x, err := c.PrintX(ctx, clerk)
	if x.PrintID == 0 {
		t.Error("nobody can say which paper the X is")
	}
	before.PrintID = x.PrintID
	if err != nil || !reflect.DeepEqual(x, before) {
		t.Errorf("the X made %+v of %+v, %v", x, before, err)
	}
}

// A day is summed over the journal, closed by a Z with the next number, and what the Z kept can be derived again.
func TestDays(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	c := demo(t, dir)
	for z := int64(1); z <= 3; z++ {
		c.PayCash(ctx, clerk, cart(500), 500)
		sold := card(t, c, 1000, "0")
		c.Till.WaitForPaper()
		if r := c.Void(ctx, clerk, sold.Attempt.ID, func(present.Progress) {}); r.Attempt.State != txn.Approved {
			t.Fatalf("void: %+v", r)
		}
		x, err := c.PrintX(ctx, clerk)
		if want := []present.Cashier{{Name: "01", Sales: x.Sales, Voids: x.Voids}}; err != nil || x.Voids.Count != 1 || !slices.Equal(x.ByCashier, want) {
			t.Errorf("by cashier: %+v, %v; want %+v", x.ByCashier, err, want)
		}
		key := content(t, filepath.Join(dir, "till.key"))
		d, err := c.CloseDay(ctx, clerk)
		if err != nil {
			t.Fatal(err)
		}
		if content(t, filepath.Join(dir, "till.key")) == key {
			t.Error("the key for card numbers outlived the day")
		}
		if d.Z != z || d.Sales != (present.Tally{Count: 2, AmountMinor: 1500}) || d.Voids.AmountMinor != 1000 || d.NetMinor != 500 || d.Grand.AmountMinor != 500*z {
			t.Errorf("Z %d: %+v", z, d)
		}
		kept, err := c.Shop.Desk.Totals(ctx, d.Batch)
		if err != nil {
			t.Fatal(err)
		}
		attempts, err := c.Journal.Attempts(ctx, d.Batch)
		if err != nil {
			t.Fatal(err)
		}
		bills, err := c.Journal.Bills(ctx, d.Batch)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := report.Sum(attempts, bills, time.Local); err != nil || again.Sales != kept.Sales || again.Voids != kept.Voids || again.NetMinor != kept.NetMinor {
			t.Errorf("derived again: %+v, %v; kept %+v", again, err, kept)
		}
	}
	days, err := c.Days(ctx)
	if err != nil || len(days) != 3 {
		t.Errorf("%d days, %v", len(days), err)
	}
	c.Till.WaitForPaper()
	if _, err := c.Journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A printer without paper changes nothing but the paper: the receipt comes when paper is loaded.
func TestPaperOut(t *testing.T) {
	c := demo(t, t.TempDir())
	c.Run()
	if err := c.Fault("paper out"); err != nil {
		t.Fatal(err)
	}
	until(t, "the chip says so", func() bool {
		for _, chip := range c.Chips() {
			if chip.Part == present.Printer {
				return chip.Health != present.Ready && chip.Code == "paper out"
			}
		}
		return false
	})
	r := card(t, c, 1250, "0")
	if r.Charged != txn.ChargedYes || r.Bill.Paper != txn.NoPaper {
		t.Fatalf("%+v", r)
	}
	if err := c.Fault(""); err != nil {
		t.Fatal(err)
	}
	until(t, "the receipt has come", func() bool {
		m, err := c.Shop.Desk.MatterOf(r.Attempt.ID)
		return err == nil && m.Paper() == txn.Printed
	})
	if m, err := c.Shop.Desk.MatterOf(r.Attempt.ID); err != nil || len(m.Prints()) != 1 || m.Prints()[0].Kind != txn.PrintOriginal {
		t.Errorf("prints: %+v, %v", m.Prints(), err)
	}
}

// A second program asks the running till, and gets nothing without its secret.
func TestControl(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	c.PayCash(context.Background(), clerk, cart(500), 500)
	var totals report.Totals
	if err := control.Ask(context.Background(), dir, "totals", &totals); err != nil || totals.Sales.AmountMinor != 500 {
		t.Errorf("%+v, %v", totals, err)
	}
	var backup desk.BackedUp
	if err := control.Ask(context.Background(), dir, "backup", &backup); err != nil || backup.Attempts != 1 {
		t.Errorf("a backup while the till sells: %+v, %v", backup, err)
	}
	if v, err := journal.CheckBackup(context.Background(), backup.Path, journal.Options{}); err != nil || v != backup.Verified {
		t.Errorf("what it says it made: %+v, and what is there: %+v, %v", backup.Verified, v, err)
	}
	front := false
	if err := control.Ask(context.Background(), dir, "raise", &front); err != nil || front {
		t.Errorf("a till without a window says that it is in front: %v, %v", front, err)
	}
	raised := 0
	c.Raised(func() { raised++ })
	if err := control.Ask(context.Background(), dir, "raise", &front); err != nil || !front || raised != 1 {
		t.Errorf("raised %d times, in front: %v, %v", raised, front, err)
	}
	path := filepath.Join(dir, control.FileName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret's file is %v, %v", info.Mode(), err)
	}
	address, _, _ := strings.Cut(string(text), " ")
	if err := os.WriteFile(path, []byte(address+" guessed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := control.Ask(context.Background(), dir, "totals", &totals); err == nil {
		t.Error("a guess was answered")
	}
	if _, err := open(shop.Options{Dir: dir, Settings: settings.Default()}); err == nil {
		t.Error("a second till was opened on the same folder")
	}
}

// What the last run left is found, finished and shown.
func TestFinishing(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	next := c.Journal.Next()
	begun, err := plan.Begin(plan.View{Next: next}, txn.Matter{Attempt: txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Line: training.LineName, Reference: fmt.Sprintf("%06d/%06d", next.Batch, next.Attempt), Terminal: "00000001", Merchant: "898000000000001", Amount: cart(100).Total(),
		OpenedMs: time.Now().UnixMilli()}},
		&txn.SaleOpened{Sale: cart(100), Batch: next.Batch}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Journal.Commit(context.Background(), txn.ByTill, begun.Durability, begun.Records...); err != nil {
		t.Fatal(err)
	}
	c.Close()
	c = demo(t, dir)
	if f := c.Finishing(); len(f) != 1 || f[0].Before != txn.Pending || f[0].Done {
		t.Fatalf("%+v", f)
	}
	if _, err := c.CloseDay(context.Background(), clerk); err == nil {
		t.Error("the day was closed while a payment was not known")
	}
	c.Run()
	until(t, "the payment is finished", func() bool { return c.Finishing()[0].Done })
	if a := c.Finishing()[0].Matter.Attempt; a.State != txn.Reversed {
		t.Errorf("it became %s", a.State)
	}
}
