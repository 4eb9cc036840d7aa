package counter

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/report"
)

// Totals sums a batch over the journal, 0 for the open one. A closed day's are what its Z kept.
func (c *Counter) Totals(ctx context.Context, batch int64) (report.Totals, error) {
	day, previous, err := c.dayOf(ctx, batch)
	if err != nil {
		return report.Totals{}, err
	}
	if day.Z != 0 {
		var t report.Totals
		err := json.Unmarshal(day.Totals, &t)
		return t, err
	}
	return c.sum(ctx, day, previous)
}

// sum adds a day up anew from its attempts.
func (c *Counter) sum(ctx context.Context, day journal.Day, previous report.Totals) (report.Totals, error) {
	attempts, err := c.Journal.Attempts(ctx, day.Batch)
	if err != nil {
		return report.Totals{}, err
	}
	seq, head := c.Journal.Durable() // an entry that a power cut can take pins nothing
	return sumOf(day, previous, attempts, seq, fmt.Sprintf("%x", head))
}

// sumOf is the totals of a day from its attempts, with the entry that pins them.
func sumOf(day journal.Day, previous report.Totals, attempts []txn.Attempt, seq int64, head string) (report.Totals, error) {
	t, err := report.Sum(attempts, time.Local)
	if err != nil {
		return t, err
	}
	t.Batch, t.Z, t.Currency = day.Batch, day.Z, day.Currency
	t.OpenedMs, t.ClosedMs = day.OpenedMs, day.ClosedMs
	t.Date = time.UnixMilli(day.OpenedMs).Format(time.DateOnly)
	t.Grand = report.Tally{Count: previous.Grand.Count + t.Sales.Count, AmountMinor: previous.Grand.AmountMinor + t.NetMinor}
	t.HeadSeq, t.Head = seq, head
	return t, nil
}

// dayOf finds a day, and the totals of the Z before it.
func (c *Counter) dayOf(ctx context.Context, batch int64) (day journal.Day, previous report.Totals, err error) {
	days, err := c.Journal.Days(ctx)
	if err != nil {
		return day, previous, err
	}
	for i, d := range days { // newest first
		if d.Batch != batch && (batch != 0 || i != 0) {
			continue
		}
		if i+1 < len(days) && len(days[i+1].Totals) > 0 {
			err = json.Unmarshal(days[i+1].Totals, &previous)
		}
		return d, previous, err
	}
	return day, previous, fmt.Errorf("%w: batch %d", journal.ErrNotFound, batch)
}

// Day implements present.Reporting.
func (c *Counter) Day(ctx context.Context, batch int64) (present.Day, error) {
	t, err := c.Totals(ctx, batch)
	if err != nil {
		return present.Day{}, err
	}
	attempts, err := c.Journal.Attempts(ctx, t.Batch)
	if err != nil {
		return present.Day{}, err
	}
	d := shown(t)
	for _, a := range attempts {
		e := present.Entry{Attempt: a}
		if e.Sale, err = c.Journal.Sale(ctx, a.SaleID); err != nil {
			return d, err
		}
		switch {
		case a.Open():
			d.Open = append(d.Open, e)
			if a.State == txn.Reversing {
				d.Reversals = append(d.Reversals, e)
			}
		case a.State == txn.Reversed:
			d.Reversals = append(d.Reversals, e)
		case a.Unpapered():
			d.Unpapered = append(d.Unpapered, e)
		}
	}
	return d, nil
}

// shown is a day's totals as the manager's page takes them.
func shown(t report.Totals) present.Day {
	d := present.Day{
		Batch: t.Batch, Z: t.Z, Opened: time.UnixMilli(t.OpenedMs), NetMinor: t.NetMinor,
		Sales: present.Tally(t.Sales), Voids: present.Tally(t.Voids), Grand: present.Tally(t.Grand),
	}
	if t.ClosedMs != 0 {
		d.Closed = time.UnixMilli(t.ClosedMs)
	}
	for _, name := range report.Names(t.ByTender) {
		d.ByTender = append(d.ByTender, present.Named{Name: name, Tally: present.Tally(t.ByTender[name])})
	}
	d.ByType = []present.Named{{Name: string(txn.Sale), Tally: d.Sales}, {Name: string(txn.Void), Tally: d.Voids}}
	for _, name := range report.Names(t.ByCashier) {
		d.ByCashier = append(d.ByCashier, present.Named{Name: name, Tally: present.Tally(t.ByCashier[name].Sales)})
	}
	for hour, tally := range t.ByHour {
		d.ByHour = append(d.ByHour, present.Hour{Hour: hour, Sales: present.Tally(tally)})
	}
	return d
}

// Days implements present.Reporting.
func (c *Counter) Days(ctx context.Context) ([]present.Day, error) {
	days, err := c.Journal.Days(ctx)
	if err != nil {
		return nil, err
	}
	var closed []present.Day
	for _, d := range days {
		if d.Z == 0 {
			continue
		}
		var t report.Totals
		if err := json.Unmarshal(d.Totals, &t); err != nil {
			return nil, err
		}
		closed = append(closed, shown(t))
	}
	return closed, nil
}

// Entries implements present.Reporting.
func (c *Counter) Entries(ctx context.Context, batch int64, limit int) ([]present.Entry, error) {
	if batch == 0 {
		batch = c.Journal.OpenDay().Batch
	}
	attempts, err := c.Journal.Latest(ctx, batch, limit)
	if err != nil {
		return nil, err
	}
	entries := make([]present.Entry, 0, len(attempts))
	for _, a := range attempts {
		s, err := c.Journal.Sale(ctx, a.SaleID)
		if err != nil {
			return nil, err
		}
		entries = append(entries, present.Entry{Attempt: a, Sale: s})
	}
	return entries, nil
}

// PrintX implements present.Reporting.
func (c *Counter) PrintX(ctx context.Context) (present.Day, error) {
	if err := c.Journal.Sync(ctx); err != nil { // so that the X pins all that it sums
		return present.Day{}, err
	}
	t, err := c.Totals(ctx, 0)
	if err != nil {
		return present.Day{}, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return present.Day{}, err
	}
	_, err = c.Till.PrintReport(ctx, t.Batch, text)
	return shown(t), err
}

// CloseDay implements present.Reporting.
func (c *Counter) CloseDay(ctx context.Context) (present.Day, error) {
	day, previous, err := c.dayOf(ctx, 0)
	if err != nil {
		return present.Day{}, err
	}
	z, err := c.nextZ(ctx)
	if err != nil {
		return present.Day{}, err
	}
	day.Z, day.ClosedMs = z, c.o.Now().UnixMilli()
	var t report.Totals
	_, err = c.Till.CloseDay(ctx,
		txn.DayClosed{Batch: day.Batch, Z: z},
		txn.DayOpened{Batch: day.Batch + 1, Currency: day.Currency},
		func() ([]byte, error) {
			if err := c.Journal.Sync(ctx); err != nil { // so that the Z pins all of its day
				return nil, err
			}
			var err error
			if t, err = c.sum(ctx, day, previous); err != nil {
				return nil, err
			}
			return json.Marshal(t)
		})
	if err == nil {
		// STANs begin anew: what the bank may still say of the old day must find nobody here.
		c.Bank.Close()
		c.askForUpdate()
	}
	return shown(t), err
}

// nextZ is one more than the last Z: without gaps, because the day before the open one has it.
func (c *Counter) nextZ(ctx context.Context) (int64, error) {
	days, err := c.Journal.Days(ctx)
	if err != nil {
		return 0, err
	}
	var last int64
	for _, d := range days {
		last = max(last, d.Z)
	}
	return last + 1, nil
}

// Listed is an attempt as the command line lists it.
type Listed struct {
	STAN         int64         `json:"stan"`
	Batch        int64         `json:"batch"`
	Type         txn.Kind      `json:"type"`
	Tender       txn.Tender    `json:"tender"`
	RRN          string        `json:"rrn"`
	ApprovalCode string        `json:"approvalCode"`
	ResponseCode string        `json:"responseCode"`
	AmountMinor  int64         `json:"amountMinor"`
	Currency     string        `json:"currency"`
	State        txn.State     `json:"state"`
	Charged      txn.Charged   `json:"charged"`             // of the payment; of a void, of what it was to undo
	GivenBack    txn.GivenBack `json:"givenBack,omitempty"` // of a void
	Paper        txn.Paper     `json:"paper"`
	Reason       txn.Reason    `json:"reason,omitempty"`
	Card         txn.CardFacts `json:"card,omitzero"`
	Original     int64         `json:"originalStan,omitempty"`
	OpenedMs     int64         `json:"openedMs"`
	Prints       []txn.Print   `json:"prints"`
}

// ListedOf shows an attempt as the command line does.
func ListedOf(a txn.Attempt) Listed {
	bank := a.Answer.Shown()
	l := Listed{
		STAN: a.ID.STAN(), Batch: a.ID.Batch(), Type: a.Kind, Tender: a.Tender, RRN: bank.RRN,
		ApprovalCode: bank.ApprovalCode, ResponseCode: bank.ResponseCode, AmountMinor: a.Amount.Minor,
		Currency: string(a.Amount.Currency), State: a.State, Charged: a.Charged(), GivenBack: a.GivenBack(), Paper: a.Paper, Reason: a.Reason,
		Card: a.Card, Original: a.Original.STAN(), OpenedMs: a.OpenedMs, Prints: a.Prints,
	}
	if l.Paper == txn.Printing { // begun, and nobody knows yet
		l.Paper = txn.PaperUnknown
	}
	if l.Prints == nil {
		l.Prints = []txn.Print{}
	}
	return l
}

// List is every attempt of the journal in order.
func (c *Counter) List(ctx context.Context) ([]Listed, error) {
	attempts, err := c.Journal.AllAttempts(ctx)
	if err != nil {
		return nil, err
	}
	return listAll(attempts), nil
}

// listAll lists attempts, and says of each void what is so of its payment, which is among them.
func listAll(attempts []txn.Attempt) []Listed {
	byID := make(map[txn.ID]txn.Attempt, len(attempts))
	for _, a := range attempts {
		byID[a.ID] = a
	}
	all := make([]Listed, 0, len(attempts))
	for _, a := range attempts {
		l := ListedOf(a)
		if payment, known := byID[a.Original]; known {
			l.Charged = txn.ChargedAfter(payment, a)
		}
		all = append(all, l)
	}
	return all
}
