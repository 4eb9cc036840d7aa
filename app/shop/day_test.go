package shop_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
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
