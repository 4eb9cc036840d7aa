package shop_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
)

// The business day is the date of its first sale, whenever the day before was closed, and a sale in the small hours
// belongs to the evening before where the shop says so. A second Z of one date says that it is one.
func TestBusinessDayIsThatOfItsFirstSale(t *testing.T) {
	var now atomic.Pointer[time.Time]
	set := func(at time.Time) { now.Store(&at) }
	set(time.Date(2026, 3, 14, 23, 30, 0, 0, time.Local))
	c := openedAt(t, "[till]\nmode = \"cash\"\ndayBegins = \"04:00\"\n", func() time.Time { return *now.Load() })
	ctx := context.Background()
	sell := func(at time.Time) {
		t.Helper()
		set(at)
		if r := c.PayCash(ctx, clerk, cart(700), 700); r.Code != "" {
			t.Fatal(r.Detail)
		}
		c.Till.WaitForPaper()
	}
	closed := func(at time.Time, date string, ofDate int64) {
		t.Helper()
		set(at)
		day, err := c.CloseDay(ctx, clerk)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := c.Shop.Desk.Totals(ctx, day.Batch)
		if err != nil || kept.Date != date || kept.OfDate != ofDate || day.Date.Format(time.DateOnly) != date {
			t.Errorf("Z %d is of %s, number %d, shown as %s, %v; want %s, %d", day.Z, kept.Date, kept.OfDate, day.Date, err, date, ofDate)
		}
	}
	day := func(d, h int) time.Time { return time.Date(2026, 3, d, h, 30, 0, 0, time.Local) }
	sell(day(15, 1)) // after midnight, of the evening before
	closed(day(15, 2), "2026-03-14", 0)
	sell(day(17, 9)) // the shop was closed for a day
	if got := c.About().Day.Format(time.DateOnly); got != "2026-03-17" {
		t.Errorf("the window shows %s", got)
	}
	sell(day(18, 1))
	closed(day(18, 3), "2026-03-17", 0)
	sell(day(18, 3))
	closed(day(18, 3), "2026-03-17", 2)
}

// A row that somebody changed or added gets onto no Z and no X, and nothing is voided or printed again on its word: what is said names
// the row and what to do.
func TestAHandEditedRowIsOnNoZ(t *testing.T) {
	for name, query := range map[string]string{
		"changed": "UPDATE attempt SET amount_minor = 5, body = replace(body, '500', '5')",
		"added":   "INSERT INTO attempt SELECT id + 7, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, replace(body, '\"stan\":', '\"stan\":1'), sealed FROM attempt",
		"kept":    "UPDATE attempt SET state = 'kept', body = replace(replace(body, '\"approved\"', '\"kept\"'), '\"endedMs\":', '\"endedMs\":9')",
		"carried": "UPDATE attempt SET owed = 1, state = 'unresolved', body = replace(body, '\"approved\"', '\"unresolved\"')",
	} {
		ctx, dir := context.Background(), t.TempDir()
		c := demo(t, dir)
		sold := c.PayCash(ctx, clerk, cart(500), 500)
		c.Till.WaitForPaper()
		if name == "kept" { // of a day before
			if _, err := c.CloseDay(ctx, clerk); err != nil {
				t.Fatal(err)
			}
		}
		open := c.Journal.OpenDay().Batch
		c.Till.WaitForPaper()
		c.Close()
		db, err := sql.Open("sqlite", filepath.Join(dir, journal.Name(1)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
		db.Close()
		c = demo(t, dir)
		for what, do := range map[string]func() error{
			"Z":      func() error { _, err := c.CloseDay(ctx, clerk); return err },
			"X":      func() error { _, err := c.PrintX(ctx, clerk); return err },
			"page":   func() error { _, err := c.Day(ctx, 0); return err },
			"totals": func() error { _, err := c.Shop.Desk.Totals(ctx, 0); return err },
			"void":   func() error { return faultOf(c.Void(ctx, clerk, sold.Attempt.ID, func(present.Progress) {})) },
			"refund": func() error {
				return faultOf(c.GiveBack(ctx, clerk, present.Giving{Payment: sold.Attempt.ID, AmountMinor: 1}, func(present.Progress) {}))
			},
			"undo": func() error { return faultOf(c.UndoSale(ctx, clerk, sold.SaleID, func(present.Progress) {})) },
			"copy": func() error { return faultOf(c.Reprint(ctx, clerk, sold.Matter())) },
		} {
			if what == "undo" {
				// A sale that was not undone is told with how it stands
				if r := c.UndoSale(ctx, clerk, sold.SaleID, func(present.Progress) {}); r.Bill.SaleID != sold.SaleID {
					t.Errorf("%s: what could not be undone is told without its sale: %+v", name, r.Bill)
				}
			}
			if ofDay := what == "Z" || what == "X" || what == "page" || what == "totals"; name == "kept" && !ofDay {
				continue // that row is of a closed day: see journal verify
			}
			if err := do(); txn.FaultOf(err).Code != "books differ" || !strings.Contains(err.Error(), "attempt") && name != "kept" || !strings.Contains(err.Error(), "veratill journal verify") {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if c.Journal.OpenDay().Batch != open || len(c.Sheets()) != 0 {
			t.Errorf("%s: day %d is open, and %d papers came", name, c.Journal.OpenDay().Batch, len(c.Sheets()))
		}
		c.Close()
	}
}

// faultOf is the fault of a result, nil where it has none.
func faultOf(r present.Result) error {
	if r.Code == "" {
		return nil
	}
	return &txn.Fault{Code: r.Code, Err: errors.New(r.Detail)}
}
