// Package insight says of some days what a manager asks: when was sold, how was paid, what, by whom with what exceptions, and how the bank answered. It is pure: the same
// attempts and sales give the same figures. Every sum is of sales as they were paid; what came back since stands apart.
package insight

import (
	"cmp"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Span is the days that are looked at, in a shop's local time, whole: From and To are their first and last midnight's date.
type Span struct {
	From, To time.Time
	Now      time.Time // days that are not over by then are marked
	Where    *time.Location
}

// Sold is a sale that was paid.
type Sold struct {
	Bill  txn.Bill
	Lines []sale.Line
}

// Report is what the days of a span amount to.
type Report struct {
	From     string      `json:"from"`
	To       string      `json:"to"`
	Currency string      `json:"currency"`
	Partial  []string    `json:"partial,omitempty"` // dates that are not over, or that began before the books
	Hours    [24]Hour    `json:"hours"`             // of the last day
	Week     [7][24]Sum  `json:"week"`              // by weekday, Monday first, and hour: all days of the span
	Tenders  []Share     `json:"tenders"`
	Basket   Basket      `json:"basket"`
	Items    []Item      `json:"items"`    // what brought most, first
	Cashiers []Exception `json:"cashiers"` // by name
	Answers  []Answers   `json:"answers"`  // by line
}

// Sum is a count and a sum in minor units.
type Sum struct {
	Count       int64 `json:"count"`
	AmountMinor int64 `json:"amountMinor"`
}

// add fails where the sum does not fit.
func (s *Sum) add(minor int64) error {
	sum, err := money.Add(s.AmountMinor, minor)
	s.Count, s.AmountMinor = s.Count+1, sum
	return err
}

// Hour is an hour of a day beside the mean of the same hour on the same weekdays before, of those that had a sale.
type Hour struct {
	Sum
	UsualMinor int64 `json:"usualMinor"`
	Of         int64 `json:"of"` // how many weekdays that is the mean of
}

// Share is a tender's part of what was paid.
type Share struct {
	Tender txn.Tender `json:"tender"`
	Sum
	PartPPM int64 `json:"partPPM"` // of the sum of all
}

// Basket is what a sale has in it.
type Basket struct {
	Sales       int64 `json:"sales"`
	MeanMinor   int64 `json:"meanMinor"`
	MedianMinor int64 `json:"medianMinor"`
	LinesE2     int64 `json:"linesE2"` // lines a sale, with two places
}

// Item is an article, by its code.
type Item struct {
	Code       string            `json:"code"`
	Name       map[string]string `json:"name"`
	QuantityE5 int64             `json:"quantityE5"`
	Unit       sale.Unit         `json:"unit"`
	Sum
}

// Exception is what a cashier did beside selling.
type Exception struct {
	Cashier   string `json:"cashier"`
	Sales     Sum    `json:"sales"`
	Voids     Sum    `json:"voids"`
	Refunds   Sum    `json:"refunds"`
	NoReceipt Sum    `json:"noReceipt"` // of the refunds
	OtherWay  Sum    `json:"otherWay"`  // of the refunds
}

// Answers is how a line answered payments: each attempt once.
type Answers struct {
	Line     string `json:"line"`
	Approved int64  `json:"approved"`
	Declined int64  `json:"declined"`
	Undone   int64  `json:"undone"`  // given up, and reversed
	Unknown  int64  `json:"unknown"` // not known to this day
	P50Ms    int64  `json:"p50Ms"`   // of what was approved or declined: from the request's intent to the answer
	P95Ms    int64  `json:"p95Ms"`
}

// weeksBefore are those whose same weekday a day's hours stand beside.
const weeksBefore = 4

// Of makes the report of a span. attempts are those begun, and sales those paid, from Earliest on; firstMs is when the books begin. It fails only where a sum does not fit.
func Of(s Span, sales []Sold, attempts []txn.Attempt, currency string, firstMs int64) (Report, error) {
	r := Report{From: s.From.Format(time.DateOnly), To: s.To.Format(time.DateOnly), Currency: currency, Tenders: []Share{}, Items: []Item{}, Cashiers: []Exception{}, Answers: []Answers{}}
	r.Partial = s.partial(firstMs)
	in := slices.DeleteFunc(slices.Clone(sales), func(b Sold) bool { return !s.has(b.Bill.PaidMs) })
	begun := slices.DeleteFunc(slices.Clone(attempts), func(a txn.Attempt) bool { return !s.has(a.OpenedMs) })
	for _, step := range []func() error{
		func() error { return r.hours(s, sales) },
		func() error { return r.paid(in) },
		func() error { return r.sold(in) },
		func() error { return r.exceptions(in, begun) },
	} {
		if err := step(); err != nil {
			return r, err
		}
	}
	r.answers(begun)
	return r, nil
}

// Earliest is from when on sales are needed: the last day's weekdays before lie before the span.
func (s Span) Earliest() time.Time {
	if before := s.To.AddDate(0, 0, -7*weeksBefore); before.Before(s.From) {
		return before
	}
	return s.From
}

func (s Span) local(ms int64) time.Time { return time.UnixMilli(ms).In(s.Where) }

func (s Span) has(ms int64) bool {
	date := s.local(ms).Format(time.DateOnly)
	return ms != 0 && date >= s.From.Format(time.DateOnly) && date <= s.To.Format(time.DateOnly)
}

// partial lists the days of a span that are not whole.
func (s Span) partial(firstMs int64) (dates []string) {
	for day := s.From; !day.After(s.To); day = day.AddDate(0, 0, 1) {
		//mutant:a-day-that-is-not-over-is-marked
		if day.AddDate(0, 0, 1).After(s.Now) || firstMs == 0 || s.local(firstMs).After(day) {
			dates = append(dates, day.Format(time.DateOnly))
		}
	}
	return dates
}

// hours sums what was paid by weekday and hour, and the last day's hours beside those of its weekday before.
func (r *Report) hours(s Span, sales []Sold) error {
	last := s.To.Format(time.DateOnly)
	before, had := [weeksBefore][24]int64{}, [weeksBefore]bool{}
	for _, b := range sales {
		at, minor := s.local(b.Bill.PaidMs), b.Bill.Total.Minor
		if s.has(b.Bill.PaidMs) {
			if err := r.Week[(int(at.Weekday())+6)%7][at.Hour()].add(minor); err != nil {
				return err
			}
		}
		if at.Format(time.DateOnly) == last {
			if err := r.Hours[at.Hour()].add(minor); err != nil {
				return err
			}
		}
		for week := range weeksBefore {
			if at.Format(time.DateOnly) == s.To.AddDate(0, 0, -7*(week+1)).Format(time.DateOnly) {
				had[week] = true
				before[week][at.Hour()] += minor
			}
		}
	}
	for hour := range r.Hours {
		sum := int64(0)
		for week := range weeksBefore {
			if had[week] { // a day on which the shop was shut is no usual one
				r.Hours[hour].Of++
				sum += before[week][hour]
			}
		}
		if r.Hours[hour].Of > 0 {
			r.Hours[hour].UsualMinor = sum / r.Hours[hour].Of
		}
	}
	return nil
}

// paid sums what the sales were paid with. A part that was undone before its sale was paid is none of it.
func (r *Report) paid(sales []Sold) error {
	by, all := map[txn.Tender]*Share{}, int64(0)
	for _, b := range sales {
		for _, p := range b.Bill.Parts {
			if !p.Paid {
				continue
			}
			if by[p.Tender] == nil {
				by[p.Tender] = &Share{Tender: p.Tender}
			}
			if err := by[p.Tender].add(p.AmountMinor); err != nil {
				return err
			}
			all += p.AmountMinor
		}
	}
	for _, share := range by {
		if all > 0 {
			var err error
			if share.PartPPM, err = money.MulDiv(share.AmountMinor, 1_000_000, all); err != nil {
				return err
			}
		}
		r.Tenders = append(r.Tenders, *share)
	}
	slices.SortFunc(r.Tenders, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.AmountMinor, a.AmountMinor), cmp.Compare(a.Tender, b.Tender))
	})
	return nil
}

// sold sums articles, and what a sale has in it.
func (r *Report) sold(sales []Sold) error {
	by, sums, lines := map[string]*Item{}, []int64{}, int64(0)
	for _, b := range sales {
		sums, lines = append(sums, b.Bill.Total.Minor), lines+int64(len(b.Lines))
		for _, l := range b.Lines {
			if by[l.Code] == nil {
				by[l.Code] = &Item{Code: l.Code, Name: l.Name, Unit: l.Unit}
			}
			by[l.Code].QuantityE5 += l.QuantityE5
			if err := by[l.Code].add(l.AmountMinor); err != nil {
				return err
			}
		}
	}
	for _, item := range by {
		r.Items = append(r.Items, *item)
	}
	slices.SortFunc(r.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(b.AmountMinor, a.AmountMinor), cmp.Compare(a.Code, b.Code))
	})
	r.Basket.Sales = int64(len(sums))
	if len(sums) == 0 {
		return nil
	}
	total := int64(0)
	for _, sum := range sums {
		var err error
		if total, err = money.Add(total, sum); err != nil {
			return err
		}
	}
	slices.Sort(sums)
	r.Basket.MeanMinor, r.Basket.MedianMinor = total/int64(len(sums)), sums[(len(sums)-1)/2]
	r.Basket.LinesE2 = lines * 100 / int64(len(sums))
	return nil
}

// exceptions sums what each cashier did: sales by who paid them in, and what went back by who gave it.
func (r *Report) exceptions(sales []Sold, attempts []txn.Attempt) error {
	by := map[string]*Exception{}
	of := func(name string) *Exception {
		if by[name] == nil {
			by[name] = &Exception{Cashier: name}
		}
		return by[name]
	}
	for _, b := range sales {
		if err := of(b.Bill.Cashier).Sales.add(b.Bill.Total.Minor); err != nil {
			return err
		}
	}
	for _, a := range attempts {
		if !a.Kind.GivesBack() || !a.Concluded() {
			continue
		}
		e := of(a.Cashier)
		sums := []*Sum{&e.Voids}
		if a.Kind == txn.Refund {
			sums[0] = &e.Refunds
		}
		if a.NoReceipt {
			sums = append(sums, &e.NoReceipt)
		}
		if a.OtherWay {
			sums = append(sums, &e.OtherWay)
		}
		for _, sum := range sums {
			if err := sum.add(a.Amount.Minor); err != nil {
				return err
			}
		}
	}
	for _, e := range by {
		r.Cashiers = append(r.Cashiers, *e)
	}
	slices.SortFunc(r.Cashiers, func(a, b Exception) int { return cmp.Compare(a.Cashier, b.Cashier) })
	return nil
}

// answers says of each line how it answered payments. What nobody knows is counted as that, and not as undone.
func (r *Report) answers(attempts []txn.Attempt) {
	by, took := map[string]*Answers{}, map[string][]int64{}
	for _, a := range attempts {
		if a.Kind != txn.Sale || a.Line == "" {
			continue
		}
		if by[a.Line] == nil {
			by[a.Line] = &Answers{Line: a.Line}
		}
		n := by[a.Line]
		switch {
		case a.State == txn.Reversed, a.UndoneByLine():
			n.Undone++
		case a.State == txn.Approved, a.State == txn.Voided:
			n.Approved++
		case a.State == txn.Declined:
			n.Declined++
		default:
			n.Unknown++
		}
		if answered := a.State == txn.Approved || a.State == txn.Declined; answered && a.EndedMs >= a.OpenedMs {
			took[a.Line] = append(took[a.Line], a.EndedMs-a.OpenedMs)
		}
	}
	for line, n := range by {
		slices.Sort(took[line])
		n.P50Ms, n.P95Ms = at(took[line], 50), at(took[line], 95)
		r.Answers = append(r.Answers, *n)
	}
	slices.SortFunc(r.Answers, func(a, b Answers) int { return cmp.Compare(a.Line, b.Line) })
}

// at is a percentile of sorted values, by the nearest rank; 0 of none.
func at(sorted []int64, percent int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}
