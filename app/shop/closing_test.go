package shop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/txn"
)

// lines are the lines of the closing list of a kind.
func lines(t *testing.T, c *counter, kind string) (of []present.ClosingStep) {
	t.Helper()
	closing, err := c.Closing(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range closing.Steps {
		if s.Kind == kind {
			of = append(of, s)
		}
	}
	return of
}

// The list with which a day is closed: a sale that is paid in part keeps the day and the settlement waiting, the batch is settled once, and the Z says that it balances.
func TestClosingList(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	if of := lines(t, c, present.ClosingSettlement); len(of) != 0 {
		t.Errorf("a batch without cards: %+v", of)
	}
	card(t, c, 1000, "0")
	part := cardPart(c, 3000, 500, "0")
	of := lines(t, c, present.ClosingSettlement)
	if len(of) != 1 || of[0].State != present.StepWaits || lines(t, c, present.ClosingUnpaid)[0].State != present.StepStops {
		t.Errorf("%+v, %+v", of, lines(t, c, present.ClosingUnpaid))
	}
	if _, err := c.SettleDay(ctx, clerk); txn.FaultOf(err).Code != "sale unfinished" {
		t.Errorf("settled with a sale that is paid in part: %v", err)
	}
	c.UndoSale(ctx, clerk, part.Bill.SaleID, func(present.Progress) {})
	of = lines(t, c, present.ClosingSettlement)
	if len(of) != 1 || of[0].State != present.StepOpen || of[0].Settlement.Payments.AmountMinor != 1000 || of[0].Settlement.Payments.Count != 1 {
		t.Fatalf("%+v", of)
	}
	settled, err := c.SettleDay(ctx, clerk)
	if err != nil || len(settled) != 1 || settled[0].State != string(txn.SettlementBalanced) {
		t.Fatalf("%+v, %v", settled, err)
	}
	if of = lines(t, c, present.ClosingSettlement); len(of) != 1 || of[0].State != present.StepDone {
		t.Errorf("%+v", of)
	}
	if r := card(t, c, 700, "0"); r.Code != "batch settled" || r.Charged != txn.ChargedNo {
		t.Errorf("a card in a settled batch: %+v", r)
	}
	day, err := c.CloseDay(ctx, clerk)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := c.Shop.Desk.Totals(ctx, day.Batch)
	if err != nil || len(kept.Settlements) != 1 || kept.Settlements[0].State != string(txn.SettlementBalanced) {
		t.Errorf("the Z says %+v, %v", kept.Settlements, err)
	}
	if r := card(t, c, 700, "0"); r.Attempt.State != txn.Approved {
		t.Errorf("a card on the next day: %+v", r)
	}
}

// A day that is closed without its settlement names it, and so does the next day's list until the bank has answered.
func TestUnsettledDayIsCarriedOver(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	card(t, c, 1000, "0")
	c.Till.WaitForPaper()
	day, err := c.CloseDay(ctx, clerk)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := c.Shop.Desk.Totals(ctx, day.Batch)
	if err != nil || len(kept.Settlements) != 1 || !kept.Settlements[0].Unfinished {
		t.Fatalf("the Z says %+v, %v", kept.Settlements, err)
	}
	if of := lines(t, c, present.ClosingSettlement); len(of) != 1 || of[0].State != present.StepCarried || of[0].Settlement.Batch != day.Batch {
		t.Errorf("%+v", of)
	}
	if err := c.Till.SettleOwed(ctx); err != nil {
		t.Fatal(err)
	}
	if of := lines(t, c, present.ClosingSettlement); len(of) != 1 || of[0].State != present.StepDone {
		t.Errorf("%+v", of)
	}
}

// A bill that the settings name and that nobody ever read is asked for, also where another one was read.
func TestClosingListAsksForABillThatWasNeverRead(t *testing.T) {
	o := settings.Default()
	o.Clearing.SeparateTerminal = "adyen"
	c, err := open(shop.Options{Dir: t.TempDir(), Settings: o, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	f := txn.FileKept{Format: "wechat", Name: "wechat.csv", SHA256: strings.Repeat("a", 64), KeptSHA256: strings.Repeat("b", 64), Currency: "CNY", To: time.Now().Format(time.DateOnly)}
	if err := c.Till.KeepFile(context.Background(), clerk, f, nil); err != nil {
		t.Fatal(err)
	}
	if of := lines(t, c, present.ClosingBill); len(of) != 2 || of[0].Format != "adyen" || of[0].State != present.StepAsks || !of[0].Until.IsZero() || of[1].State != present.StepDone {
		t.Errorf("%+v", of)
	}
	out := txn.Answered{Key: f.Key(), Class: "file", Owner: "Li Na"}
	if err := c.Till.TakeApart(context.Background(), clerk, out, nil); err != nil {
		t.Fatal(err)
	}
	if of := lines(t, c, present.ClosingBill); len(of) != 1 || of[0].Format != "adyen" {
		t.Errorf("a file that was taken out: %+v", of)
	}
}

// The list says whose bill has been read, and up to which day; one that ends before yesterday is behind, and where none was ever read it says so.
func TestClosingListNamesBills(t *testing.T) {
	c := demo(t, t.TempDir())
	if of := lines(t, c, present.ClosingBill); len(of) != 1 || of[0].Format != "" || of[0].State != present.StepAsks {
		t.Errorf("no bill was read: %+v", of)
	}
	today := time.Now()
	for name, behind := range map[string]int{"wechat": 1, "alipay": 2} {
		f := txn.FileKept{Format: name, Name: name + ".csv", SHA256: strings.Repeat("a", 63) + name[:1], KeptSHA256: strings.Repeat("b", 64), Currency: "CNY", To: today.AddDate(0, 0, -behind).Format(time.DateOnly)}
		if err := c.Till.KeepFile(context.Background(), clerk, f, nil); err != nil {
			t.Fatal(err)
		}
	}
	of := lines(t, c, present.ClosingBill)
	if len(of) != 2 || of[0].Format != "alipay" || of[0].State != present.StepAsks || of[1].State != present.StepDone {
		t.Errorf("%+v", of)
	}
}
