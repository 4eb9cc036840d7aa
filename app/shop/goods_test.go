package shop_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"veratill/app/desk"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/sale"
)

// making puts articles on the sale in the making, shows it, and waits until it is kept.
func making(t *testing.T, c *counter, dir string, lines []sale.CartLine) {
	t.Helper()
	if err := c.Cart().Replace(lines); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	c.Shown()
	path := filepath.Join(dir, "making.json")
	for {
		text, _ := os.ReadFile(path)
		if strings.Count(string(text), `"item"`) == len(lines) {
			break
		}
		if time.Since(begun) > 5*time.Second {
			t.Fatalf("it is not kept: %s", text)
		}
		time.Sleep(time.Millisecond)
	}
}

// frozen is the sale in the making as it is paid.
func frozen(t *testing.T, c *counter) sale.Sale {
	t.Helper()
	s, err := c.Cart().Freeze()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// crashed is the till on a copy of its folder, as a killed program leaves it.
func crashed(t *testing.T, dir string) (*counter, string) {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left")
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(left, "till.lock"))
	return demo(t, left), left
}

func two() []sale.CartLine {
	c := filled(200)
	item := sale.Item{Code: "2", Name: sale.Name{ZH: "茶", EN: "Tea"}, UnitPriceMinor: 350, TaxRatePPM: 130_000, Unit: sale.Piece}
	if _, err := c.Add(item, 2*sale.OneE5); err != nil {
		panic(err)
	}
	return c.Lines()
}

// The sale in the making is back after a crash, once, and what came off it is not.
func TestTheSaleInTheMakingIsBack(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	making(t, c, dir, two())
	making(t, c, dir, filled(200).Lines())
	making(t, c, dir, two())
	c, dir = crashed(t, dir)
	if found := c.FoundGoods(); found != (present.FoundGoods{Lines: 2}) {
		t.Errorf("the start found %+v", found)
	}
	if !reflect.DeepEqual(c.Cart().Lines(), two()) {
		t.Errorf("the cart holds %+v", c.Cart().Lines())
	}
	c.Shown()
	c.Cart().Clear()
	c.Shown()
	c.Close()
	if c, _ = crashed(t, dir); c.FoundGoods() != (present.FoundGoods{}) || c.Cart().Len() != 0 {
		t.Errorf("what was taken off is back: %+v", c.Cart().Lines())
	}
}

// Goods that were paid are not sold again, whether or not the screen had left them when the till ended.
func TestPaidGoodsAreNotBack(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	making(t, c, dir, two())
	s := frozen(t, c)
	if r := c.PayCash(t.Context(), clerk, s, 1000); r.Attempt.State != txn.Approved {
		t.Fatalf("%+v", r)
	}
	c, dir = crashed(t, dir)
	if found := c.FoundGoods(); found != (present.FoundGoods{}) || c.Cart().Len() != 0 {
		t.Errorf("the start found %+v, and %d lines", found, c.Cart().Len())
	}
	// The next customer's goods are the same ones: they are another sale.
	making(t, c, dir, two())
	c, _ = crashed(t, dir)
	if found := c.FoundGoods(); found.Lines != 2 {
		t.Errorf("of the next customer the start found %+v", found)
	}
}

// The goods of a payment that was cut are parked, marked as not known, and can be taken back.
func TestGoodsOfACutPaymentAreParked(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	making(t, c, dir, two())
	s := frozen(t, c)
	asked := make(chan struct{})
	go c.PayCard(t.Context(), clerk, s, 0, func(p present.Progress) {
		switch p.Step {
		case present.Presenting:
			go func() {
				for c.PresentCard(testCard(t, c, "booked, no answer")) != nil && t.Context().Err() == nil {
					time.Sleep(5 * time.Millisecond)
				}
			}()
		case present.Sending:
			close(asked)
		}
	})
	<-asked
	next, _ := crashed(t, dir)
	if found := next.FoundGoods(); !found.Parked || found.Err != nil || next.Cart().Len() != 0 {
		t.Errorf("the start found %+v, and %d lines", found, next.Cart().Len())
	}
	all, err := next.Parked()
	if err != nil || len(all) != 1 || !all[0].Unknown || all[0].SaleID == 0 || !reflect.DeepEqual(all[0].Lines, two()) {
		t.Fatalf("parked are %+v, %v", all, err)
	}
}

// Goods that are in a sale with a payment that is not known are in no other one that is paid: the sale stays parked, whoever asks for it, and whatever is
// added to its goods, the books refuse them. Once it is known that nothing was taken, they are sold.
func TestGoodsOfAPaymentNotKnownAreInNoOtherSale(t *testing.T) {
	c := opened(t, "[till]\nmode = \"cash\"\n[devices]\nseparateTerminal = true\n")
	c.AskPerson(func(context.Context, txn.Order) external.Answer { return external.Answer{Shown: external.Nothing} })
	if err := c.Cart().Replace(two()); err != nil {
		t.Fatal(err)
	}
	r := c.PayExternal(t.Context(), clerk, frozen(t, c), 0)
	if r.Attempt.State != txn.Pending {
		t.Fatalf("%+v", r)
	}
	if err := <-c.Park(present.Parked{Lines: two(), SaleID: r.SaleID}); err != nil {
		t.Fatal(err)
	}
	all, err := c.Parked()
	if err != nil || len(all) != 1 || !all[0].Unknown {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := c.Recall(all[0].ID); !errors.Is(err, present.ErrNotKnown) {
		t.Errorf("it is brought back: %v", err)
	}
	if _, err := c.DropParked(all[0].ID); !errors.Is(err, present.ErrNotKnown) {
		t.Errorf("it is dropped: %v", err)
	}
	c.Cart().Continue(r.SaleID) // whatever a screen does: the books refuse it
	same := c.PayCash(t.Context(), clerk, frozen(t, c), 5000)
	if same.Attempt.ID != r.Attempt.ID || same.Charged != txn.ChargedUnknown || present.PayAgain(same) {
		t.Errorf("the same goods: %+v", same)
	}
	if _, err := c.Cart().Add(two()[1].Item, sale.OneE5); err != nil {
		t.Fatal(err)
	}
	more := frozen(t, c)
	if more.ID != 0 || more.Before != r.SaleID {
		t.Fatalf("the sale is %d, before it %d", more.ID, more.Before)
	}
	for name, r := range map[string]present.Result{"cash": c.PayCash(t.Context(), clerk, more, 5000), "terminal": c.PayExternal(t.Context(), clerk, more, 0)} {
		if r.Begun() || r.Charged != txn.ChargedUnknown || r.Code != "goods not known" || present.PayAgain(r) {
			t.Errorf("more goods, by %s: %+v", name, r)
		}
	}
	if err := <-c.Park(present.Parked{Lines: c.Cart().Lines(), Before: c.Cart().Before()}); err != nil {
		t.Fatal(err)
	}
	if all, err := c.Parked(); err != nil || len(all) != 2 || !all[1].Unknown {
		t.Errorf("parked they are %+v, %v", all, err)
	}
	if said := c.Said(t.Context(), clerk, r.Attempt.ID, external.Answer{Shown: external.Declined}); said.Attempt.State != txn.Declined {
		t.Fatalf("%+v", said)
	}
	if paid := c.PayCash(t.Context(), clerk, more, 5000); !paid.Bill.WasPaid() {
		t.Errorf("once it is known: %+v", paid)
	}
}

// A sale that was on its way between the two files when the till ended is there once.
func TestASaleIsKeptOnce(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	making(t, c, dir, two())
	before, err := os.ReadFile(filepath.Join(dir, "making.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := parked(c, c.Cart().Lines()); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "making.json"), string(before)) // the till ended before it wrote that nothing is in the making
	c, dir = crashed(t, dir)
	found := c.FoundGoods()
	if all, err := c.Parked(); err != nil || len(all) != 0 || found.Lines != 2 {
		t.Errorf("parked are %+v, %v, the start found %+v", all, err, found)
	}
	c.Shown()
	if err := parked(c, c.Cart().Lines()); err != nil {
		t.Fatal(err)
	}
	c.Cart().Clear()
	c.Shown()
	all, err := c.Parked()
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := c.Recall(all[0].ID); err != nil { // the till ends before the screen shows it
		t.Fatal(err)
	}
	c, _ = crashed(t, dir)
	if found := c.FoundGoods(); found.Lines != 2 {
		t.Errorf("a sale that was brought back is found as %+v", found)
	}
	if all, err := c.Parked(); err != nil || len(all) != 0 {
		t.Errorf("parked are %+v, %v", all, err)
	}
}

// A file that can't be read is kept aside, byte for byte, and said.
func TestMakingThatCannotBeReadIsKeptAside(t *testing.T) {
	for _, text := range []string{`{"lines":[{"item"`, `{"lines":[{"item":{"code":""},"quantityE5":1}]}`, `{"colour":"red","lines":[]}`, "\x00"} {
		dir := t.TempDir()
		c := demo(t, dir)
		write(t, filepath.Join(dir, "making.json"), text)
		if found := c.FoundGoods(); found.Err == nil || found.Note().Key != "goods.unreadable" {
			t.Errorf("%q: %+v", text, found)
		}
		if kept, err := os.ReadFile(filepath.Join(dir, "making-unreadable-1.json")); err != nil || string(kept) != text {
			t.Errorf("%q is kept as %q, %v", text, kept, err)
		}
		if found := c.FoundGoods(); found.Err != nil {
			t.Errorf("it is said twice: %v", found.Err)
		}
	}
}

// A sale that was dropped from the list can be parked again as it was.
func TestDroppedIsGivenBack(t *testing.T) {
	c := demo(t, t.TempDir())
	if err := parked(c, two()); err != nil {
		t.Fatal(err)
	}
	all, err := c.Parked()
	if err != nil {
		t.Fatal(err)
	}
	gone, err := c.DropParked(all[0].ID)
	if left, _ := c.Parked(); err != nil || len(left) != 0 {
		t.Errorf("%v, %d left", err, len(left))
	}
	if err := errors.Join(<-c.Park(gone)); err != nil {
		t.Error(err)
	}
	if back, err := c.Parked(); err != nil || !reflect.DeepEqual(back, all) {
		t.Errorf("back are %+v, %v", back, err)
	}
}

// A void that is refused before it is begun says of its payment that it stands, and of one that was given back that it does not.
func TestARefusedVoidSaysWhatStands(t *testing.T) {
	c := demo(t, t.TempDir())
	quiet := func(present.Progress) {}
	paid := c.PayCash(t.Context(), clerk, cart(550), 1000)
	until(t, "the receipt is out", func() bool {
		m, err := c.Current(paid.Matter())
		return err == nil && m.Bill.Paper == txn.Printed
	})
	if r := c.Void(t.Context(), clerk, paid.Attempt.ID, quiet); r.Attempt.State != txn.Approved || r.Charged != txn.ChargedNo {
		t.Fatalf("%+v", r)
	}
	if r := c.Void(t.Context(), clerk, paid.Attempt.ID, quiet); r.Begun() || r.Charged != txn.ChargedNo || r.Undoes.Attempt.ID != paid.Attempt.ID {
		t.Errorf("a second void: %+v", r)
	}
	stands := c.PayCash(t.Context(), clerk, cart(650), 1000)
	if _, err := c.CloseDay(t.Context(), clerk); err != nil {
		t.Fatal(err)
	}
	if r := c.Void(t.Context(), clerk, stands.Attempt.ID, quiet); r.Begun() || r.Charged != txn.ChargedYes || r.Undoes.Attempt.ID != stands.Attempt.ID {
		t.Errorf("a void after the day was closed: %+v", r)
	}
}

// A receipt whose end is unknown is in the day's list until a copy of it is proved; receipts of before the start can be printed again.
func TestDoubtfulReceiptsAreListed(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	paid := c.PayCash(t.Context(), clerk, cart(550), 1000)
	until(t, "the receipt is out", func() bool {
		m, err := c.Current(paid.Matter())
		return err == nil && m.Bill.Paper == txn.Printed
	})
	c, _ = crashed(t, dir)
	all, err := c.Receipts(t.Context(), 10)
	if err != nil || len(all) != 1 || all[0].Attempt.ID != paid.Attempt.ID || len(all[0].Sale.Lines) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	for outcome, listed := range map[txn.Paper]int{txn.PaperUnknown: 1, txn.Printed: 0} {
		b := all[0].Bill
		b.Paper = txn.PaperUnknown
		b.Prints = append(b.Prints, txn.Print{ID: 9, Kind: txn.PrintRepeat, Outcome: outcome})
		if got := desk.DoubtfulReceipt(b); got != (listed == 1) {
			t.Errorf("a copy whose outcome is %s: listed %v", outcome, got)
		}
	}
}

// Goods that were parked for the bank's word, and that the books have by now, do not wait any more.
func TestParkedGoodsThatWerePaidDoNotWait(t *testing.T) {
	c := demo(t, t.TempDir())
	paid := c.PayCash(t.Context(), clerk, cart(200), 1000)
	if err := <-c.Park(present.Parked{Lines: filled(200).Lines(), SaleID: paid.SaleID}); err != nil {
		t.Fatal(err)
	}
	if all, err := c.Parked(); err != nil || len(all) != 0 {
		t.Errorf("parked are %+v, %v", all, err)
	}
}

// Who opens the drawer without a sale, drops a sale or brings it back is told by what people did: who, when, and how much.
func TestTheBooksTellOfTheDrawerAndOfWhatIsDropped(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	p := present.Parked{Lines: filled(550).Lines()}
	if err := errors.Join(c.OpenDrawer(ctx, txn.Actor{By: "Li Wei"}), c.Dropped(ctx, clerk, p, false), c.Dropped(ctx, clerk, p, true)); err != nil {
		t.Fatal(err)
	}
	if err := c.Journal.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	page, err := c.Audit(ctx, func(e present.AuditEntry) bool { return e.Kind != "start" && e.Kind != "day-opened" }, 10)
	if err != nil || len(page.Entries) != 3 {
		t.Fatalf("%+v, %v", page, err)
	}
	for i, want := range []present.AuditEntry{{Kind: "sale brought back", By: clerk.By, Number: 1}, {Kind: "sale dropped", By: clerk.By, Number: 1}, {Kind: "drawer opened", By: "Li Wei"}} {
		got := page.Entries[i]
		if got.Kind != want.Kind || got.By != want.By || got.Number != want.Number || got.AtMs == 0 || want.Number > 0 && got.Amount.Minor != 550 {
			t.Errorf("entry %d says %+v, want %+v", i, got, want)
		}
	}
	if _, err := c.Journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// A sale on its way back is kept until it is in the cart: what is scanned meanwhile writes nothing over it, and once it waits again both are kept.
func TestNothingIsWrittenOverASaleThatComesBack(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	if err := <-c.Park(present.Parked{Lines: two()}); err != nil {
		t.Fatal(err)
	}
	waiting, err := c.Parked()
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%+v, %v", waiting, err)
	}
	p, err := c.Recall(waiting[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Cart().Replace(filled(200).Lines()); err != nil {
		t.Fatal(err)
	}
	c.Shown()
	c.Shown()
	time.Sleep(20 * time.Millisecond) // what would be written is by now
	left, _ := crashed(t, dir)
	if found := left.FoundGoods(); found.Lines != 2 {
		t.Errorf("something was scanned before the sale came back, and a start finds %+v", found)
	}
	if err := <-c.Park(p); err != nil {
		t.Fatal(err)
	}
	making(t, c, dir, filled(200).Lines())
	left, _ = crashed(t, dir)
	found := left.FoundGoods()
	if back, err := left.Parked(); found.Lines != 1 || err != nil || len(back) != 1 || len(back[0].Lines) != 2 {
		t.Errorf("it waits again: a start finds %+v, and %+v parked, %v", found, back, err)
	}
}
