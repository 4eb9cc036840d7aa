package shop_test

import (
	"context"
	"testing"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/report"
)

// A refund that is not known does not keep the day open: the Z names it, counts it in a column of its own, and the day on which evidence says that it went
// through counts it as given back.
func TestZCarriesARefundOverByName(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	defer c.Close()
	sold := card(t, c, 5000, "0")
	r := giveBack(c, sold.Attempt.ID, 94) // this bank books it and cuts the line
	if r.Attempt.State != txn.Unresolved || r.GivenBack != txn.GivenBackUnknown {
		t.Fatalf("%+v", r)
	}
	day, err := c.CloseDay(ctx, clerk)
	if err != nil || day.RefundsUnknown.AmountMinor != 94 || day.NetMinor != 5000 {
		t.Fatalf("%+v, %v", day, err)
	}
	totals := func() report.Totals {
		t.Helper()
		sum, err := c.Shop.Desk.Totals(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	if sum := totals(); len(sum.Carried) != 1 || sum.Carried[0].Attempt != int64(r.Attempt.ID) || sum.Carried[0].Type != "refund" || sum.NetMinor != 0 {
		t.Errorf("the next day begins with %+v", sum)
	}
	evidence := txn.Evidence{As: txn.WasGivenBack, Document: "letter", Who: "Li Na", SHA256: "0000000000000000000000000000000000000000000000000000000000000000"}
	if r := c.Resolve(ctx, clerk, r.Attempt.ID, evidence); r.Attempt.State != txn.Claimed {
		t.Fatalf("%+v", r)
	}
	if sum := totals(); sum.Carried != nil || sum.Refunds.AmountMinor != 94 || sum.NetMinor != -94 || sum.Grand.AmountMinor != 4906 {
		t.Errorf("once evidence ended it: %+v", sum)
	}
	giveBack(c, sold.Attempt.ID, 1000)
	if sum := totals(); sum.Refunds != (report.Tally{Count: 2, AmountMinor: 1094}) || sum.RefundsBy["card"].Count != 2 {
		t.Errorf("after another refund: %+v", sum)
	}
	if _, err := c.Journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// giveBack gives some of a payment back, to the everyday card of the demonstration.
func giveBack(c *counter, of txn.ID, minor int64) present.Result {
	return c.GiveBack(context.Background(), clerk, present.Giving{Payment: of, AmountMinor: minor}, func(p present.Progress) {
		if p.Step == present.Presenting {
			go presents(c, "0")
		}
	})
}

// Who lost the slip of a void or of a refund gets a copy of it: both stand among the last receipts, as what they are.
func TestSlipsOfVoidsAndRefundsAreListedAndPrintedAgain(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	defer c.Close()
	voided, kept := c.PayCash(ctx, clerk, cart(550), 1000), c.PayCash(ctx, clerk, cart(700), 1000)
	void := c.Void(ctx, clerk, voided.Attempt.ID, func(present.Progress) {})
	refund := giveBack(c, kept.Attempt.ID, 94)
	want := []txn.Attempt{refund.Attempt, void.Attempt, kept.Attempt, voided.Attempt}
	all, err := c.Receipts(ctx, 10)
	if err != nil || len(all) != len(want) {
		t.Fatalf("%+v, %v", all, err)
	}
	for i, e := range all {
		if e.Attempt.ID != want[i].ID || e.Attempt.Kind != want[i].Kind {
			t.Errorf("row %d is of %s, a %s; it should be of %s, a %s", i, e.Attempt.ID, e.Attempt.Kind, want[i].ID, want[i].Kind)
		}
	}
	for _, e := range all[:2] {
		until(t, "the slip is out", func() bool {
			m, err := c.Current(e.Matter())
			return err == nil && m.Attempt.Paper == txn.Printed
		})
		r := c.Reprint(ctx, clerk, e.Matter())
		if prints := r.Attempt.Prints; r.Code != "" || len(prints) != 2 || prints[1].Kind != txn.PrintRepeat {
			t.Errorf("a copy of the slip of a %s: %s, %+v", e.Attempt.Kind, r.Code, prints)
		}
	}
}

// The papers of a day are named, so that a screen can show them, and the Z of a closed day is printed again; an open day has none.
func TestZOfAClosedDayIsPrintedAgain(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	defer c.Close()
	c.PayCash(ctx, clerk, cart(550), 1000)
	closed, err := c.CloseDay(ctx, clerk)
	if err != nil || closed.PrintID == 0 {
		t.Fatalf("%+v, %v", closed, err)
	}
	again, err := c.ReprintZ(ctx, clerk, closed.Batch)
	if err != nil || again.PrintID <= closed.PrintID || again.Z != closed.Z || again.NetMinor != 550 {
		t.Fatalf("%+v, %v", again, err)
	}
	until(t, "both are on the screen", func() bool {
		of := map[int64]bool{}
		for _, s := range c.Sheets() {
			of[s.PrintID] = true
		}
		return of[closed.PrintID] && of[again.PrintID]
	})
	if day, err := c.ReprintZ(ctx, clerk, 0); err == nil || day.PrintID != 0 {
		t.Errorf("a Z of the open day: %+v, %v", day, err)
	}
	if _, err := c.Journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// The last receipts reach back over closed days in which nobody sold anything.
func TestTheLastReceiptsReachBackOverEmptyDays(t *testing.T) {
	ctx := context.Background()
	c := demo(t, t.TempDir())
	defer c.Close()
	paid := c.PayCash(ctx, clerk, cart(550), 1000)
	for range 3 {
		if _, err := c.CloseDay(ctx, clerk); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := c.Receipts(ctx, 10); err != nil || len(all) != 1 || all[0].Attempt.ID != paid.Attempt.ID {
		t.Errorf("%+v, %v", all, err)
	}
}
