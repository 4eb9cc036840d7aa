package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/report"
)

// Totals sums a batch, 0 for the open one: that from its entries, which have to hold. A closed day's are what its Z kept.
func (d *Desk) Totals(ctx context.Context, batch int64) (report.Totals, error) {
	open := d.journal.OpenDay().Batch
	if batch == 0 || batch == open {
		return d.sum(ctx)
	}
	days, err := d.journal.Days(ctx)
	if err != nil {
		return report.Totals{}, err
	}
	for _, day := range days {
		if day.Batch == batch {
			return keptBy(day)
		}
	}
	return report.Totals{}, fmt.Errorf("%w: batch %d", journal.ErrNotFound, batch)
}

// dateOf is the business day of a moment in Unix milliseconds, as midnight of its date: the shop's day may begin later than
// the calendar's, so that a sale after midnight belongs to the evening before. 0 is now.
func (d *Desk) dateOf(ms int64) time.Time { return dateOf(ms, d.config.DayBegins, d.config.Now()) }

func dateOf(ms int64, begins time.Duration, now time.Time) time.Time {
	at := now
	if ms != 0 {
		at = time.UnixMilli(ms)
	}
	return txn.BusinessDay(at.Local(), begins)
}

// Day implements present.Reporting.
func (d *Desk) Day(ctx context.Context, batch int64) (present.Day, error) {
	t, err := d.Totals(ctx, batch)
	if err != nil {
		return present.Day{}, err
	}
	attempts, err := d.journal.Attempts(ctx, t.Batch)
	if err != nil {
		return present.Day{}, err
	}
	day := shown(t)
	fees, err := report.Fees(attempts, d.config.RatesPPM)
	if err != nil {
		return day, err
	}
	for _, line := range report.Names(fees) {
		day.Fees = append(day.Fees, present.Named{Name: line, Tally: present.Tally(fees[line])})
	}
	for _, a := range attempts {
		e, err := d.entry(ctx, txn.Matter{Attempt: a})
		if err != nil {
			return day, err
		}
		switch {
		case a.CarriedOver(): // listed below, with those of other days
		case a.Open():
			day.Open = append(day.Open, e)
			if a.State == txn.Reversing {
				day.Reversals = append(day.Reversals, e)
			}
		case a.State == txn.Reversed:
			day.Reversals = append(day.Reversals, e)
		case a.Unpapered():
			day.Unpapered = append(day.Unpapered, e)
		}
	}
	return day, errors.Join(d.addUnresolved(ctx, &day), d.addSales(ctx, &day))
}

// addUnresolved adds what only evidence ends, of whatever day.
func (d *Desk) addUnresolved(ctx context.Context, day *present.Day) error {
	unresolved, err := d.till.CarriedOver(ctx)
	if err != nil {
		return err
	}
	for _, a := range unresolved {
		e, err := d.entry(ctx, txn.Matter{Attempt: a})
		if err != nil {
			return err
		}
		day.Unresolved = append(day.Unresolved, e)
	}
	return nil
}

// addSales adds the sales of a day that lack something: the rest of their payment, or their receipt. Each is shown by the last payment
// of it that stands.
func (d *Desk) addSales(ctx context.Context, day *present.Day) error {
	bills, err := d.journal.Bills(ctx, day.Batch)
	if err != nil {
		return err
	}
	for _, b := range bills {
		doubtful := b.Unpapered() || DoubtfulReceipt(b)
		if b.State != txn.BillPartPaid && !doubtful {
			continue
		}
		m := txn.Matter{Bill: b}
		if standing := b.Standing(); len(standing) > 0 {
			m.Attempt.ID = standing[len(standing)-1].ID
		}
		e, err := d.entry(ctx, m)
		if err != nil {
			return err
		}
		if doubtful {
			day.Unpapered = append(day.Unpapered, e)
		} else {
			day.Unpaid = append(day.Unpaid, e)
		}
	}
	return nil
}

// DoubtfulReceipt reports whether nobody knows that the customer has a receipt: its end is unknown, and no copy of it was proved.
func DoubtfulReceipt(b txn.Bill) bool {
	//mutant:a-doubtful-receipt-is-listed
	return b.WasPaid() && b.Paper == txn.PaperUnknown &&
		!slices.ContainsFunc(b.Prints, func(p txn.Print) bool { return p.Kind == txn.PrintRepeat && p.Outcome == txn.Printed })
}

// entry reads a payment with its sale, or a sale of 0.00.
func (d *Desk) entry(ctx context.Context, m txn.Matter) (e present.Entry, err error) {
	if m, err = d.Current(m); err != nil {
		return e, err
	}
	e.Attempt, e.Bill = m.Attempt, m.Bill
	e.Sale, err = d.journal.Sale(ctx, m.Bill.SaleID)
	return e, err
}

// byKind are the rows of what people said, kind by kind: those that say something.
func byKind(s report.Split) (rows []present.Named) {
	for _, n := range []present.Named{
		{Name: string(txn.Sale), Tally: present.Tally(s.Sales)}, {Name: string(txn.Void), Tally: present.Tally(s.Voids)},
		{Name: string(txn.Refund), Tally: present.Tally(s.Refunds)},
	} {
		if n.Count > 0 {
			rows = append(rows, n)
		}
	}
	return rows
}

// shown is a day's totals as the manager's page takes them.
func shown(t report.Totals) present.Day {
	date, err := time.ParseInLocation(time.DateOnly, t.Date, time.Local)
	if err != nil { // kept by a program that wrote none
		date = time.UnixMilli(t.OpenedMs)
	}
	day := present.Day{
		Batch: t.Batch, Z: t.Z, OfDate: t.OfDate, Demo: t.Demo, Date: date, NetMinor: t.NetMinor, ByWordMinor: t.ByWordMinor(),
		Refunds: present.Tally(t.Refunds), OtherWay: present.Tally(t.OtherWay), NoReceipt: present.Tally(t.NoReceipt), RefundsUnknown: present.Tally(t.RefundsUnknown), Given: t.Given, Kept: present.Tally(t.Kept), Sales: present.Tally(t.Sales), Voids: present.Tally(t.Voids), Grand: present.Tally(t.Grand),
	}
	day.Settlements = t.Settlements
	if t.FirstMs != 0 {
		day.Opened = time.UnixMilli(t.FirstMs)
	}
	if t.ClosedMs != 0 {
		day.Closed = time.UnixMilli(t.ClosedMs)
	}
	day.NotProven, day.Vouchers = byKind(t.NotProven), byKind(t.Vouchers)
	for _, name := range report.Names(t.ByTender) {
		day.ByTender = append(day.ByTender, present.Named{Name: name, Tally: present.Tally(t.ByTender[name])})
	}
	day.ByType = []present.Named{{Name: string(txn.Sale), Tally: day.Sales}, {Name: string(txn.Void), Tally: day.Voids}}
	if day.Refunds.Count > 0 {
		day.ByType = append(day.ByType, present.Named{Name: string(txn.Refund), Tally: day.Refunds})
	}
	for _, name := range report.Names(t.RefundsBy) {
		day.RefundsByTender = append(day.RefundsByTender, present.Named{Name: name, Tally: present.Tally(t.RefundsBy[name])})
	}
	for _, name := range report.Names(t.ByCashier) {
		day.ByCashier = append(day.ByCashier, present.Cashier{Name: name, Sales: present.Tally(t.ByCashier[name].Sales), Voids: present.Tally(t.ByCashier[name].Voids),
			Refunds: present.Tally(t.ByCashier[name].Refunds)})
	}
	for hour, tally := range t.ByHour {
		day.ByHour = append(day.ByHour, present.Hour{Hour: hour, Sales: present.Tally(tally)})
	}
	return day
}

// Days implements present.Reporting.
func (d *Desk) Days(ctx context.Context) ([]present.Day, error) {
	days, err := d.journal.Days(ctx)
	if err != nil {
		return nil, err
	}
	var closed []present.Day
	for _, day := range days {
		if day.Z == 0 {
			continue
		}
		var t report.Totals
		if err := json.Unmarshal(day.Totals, &t); err != nil {
			return nil, err
		}
		closed = append(closed, shown(t))
	}
	return closed, nil
}

// Entries implements present.Reporting.
func (d *Desk) Entries(ctx context.Context, batch int64, limit int) ([]present.Entry, error) {
	if batch == 0 {
		batch = d.journal.OpenDay().Batch
	}
	attempts, err := d.journal.Latest(ctx, batch, limit)
	if err != nil {
		return nil, err
	}
	bills, err := d.journal.Bills(ctx, batch)
	if err != nil {
		return nil, err
	}
	slices.Reverse(attempts)
	matters := withSales(attempts, bills)
	slices.Reverse(matters)
	entries := make([]present.Entry, 0, len(matters))
	for _, m := range matters[:min(limit, len(matters))] {
		e, err := d.entry(ctx, m)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// PrintX implements present.Reporting.
func (d *Desk) PrintX(ctx context.Context, by txn.Actor) (present.Day, error) {
	if err := d.journal.Sync(ctx); err != nil { // so that the X pins all that it sums
		return present.Day{}, err
	}
	t, err := d.Totals(ctx, 0)
	if err != nil {
		return present.Day{}, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return present.Day{}, err
	}
	printID, _, err := d.till.PrintReport(ctx, by, t.Batch, text)
	if err != nil {
		return shown(t), err
	}
	//mutant:x-changes-no-page
	day, err := d.Day(ctx, 0)
	day.PrintID = printID
	return day, err
}

// ReprintZ implements present.Reporting.
func (d *Desk) ReprintZ(ctx context.Context, by txn.Actor, batch int64) (present.Day, error) {
	t, err := d.Totals(ctx, batch)
	if err != nil {
		return present.Day{}, err
	}
	//mutant:an-open-day-has-no-z
	if t.Z == 0 {
		return present.Day{}, fmt.Errorf("%w: the day is not closed, and has no Z", journal.ErrNotFound)
	}
	text, err := json.Marshal(t)
	if err != nil {
		return present.Day{}, err
	}
	day := shown(t)
	day.PrintID, _, err = d.till.ReprintZ(ctx, by, t.Batch, text)
	return day, err
}

// CloseDay implements present.Reporting.
func (d *Desk) CloseDay(ctx context.Context, by txn.Actor) (present.Day, error) {
	day := d.journal.OpenDay()
	z, earlier, err := d.closed(ctx)
	if err != nil {
		return present.Day{}, err
	}
	z++ // without gaps, because the day before the open one has the last
	var t report.Totals
	var unproved error
	printID, _, err := d.till.CloseDay(ctx, by,
		txn.DayClosed{Batch: day.Batch, Z: z},
		txn.DayOpened{Batch: day.Batch + 1, Currency: day.Currency},
		func() ([]byte, error) {
			if err := d.journal.Sync(ctx); err != nil { // so that the Z pins all of its day
				return nil, err
			}
			if t, unproved = d.sum(ctx); unproved != nil {
				return nil, unproved
			}
			t.Z, t.ClosedMs = z, d.config.Now().UnixMilli()
			if n := earlier[t.Date]; n > 0 {
				t.OfDate = n + 1
			}
			return json.Marshal(t)
		})
	if err == nil {
		d.AskForUpdate()
		select { // the books of a day are backed up when it ends, while nobody waits for it
		case d.dayEnded <- struct{}{}:
		default:
		}
	}
	closed := shown(t)
	closed.PrintID = printID
	return closed, cmp.Or(unproved, err)
}

// closed is the number of the last Z, and how many there are of each date.
func (d *Desk) closed(ctx context.Context) (last int64, ofDate map[string]int64, err error) {
	days, err := d.journal.Days(ctx)
	ofDate = map[string]int64{}
	for _, day := range days {
		if day.Z == 0 {
			continue
		}
		last = max(last, day.Z)
		var t struct {
			Date string `json:"date"`
		}
		if err := json.Unmarshal(day.Totals, &t); err != nil {
			return 0, nil, err
		}
		ofDate[t.Date]++
	}
	return last, ofDate, err
}
