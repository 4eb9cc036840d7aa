package insight_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/insight"
	"veratill/txn/money"
	"veratill/txn/sale"
)

var shanghai = time.FixedZone("CST", 8*3600)

// day is a Sunday at midnight in the shop.
var day = time.Date(2026, 11, 29, 0, 0, 0, 0, shanghai)

func span(days int) insight.Span {
	return insight.Span{From: day.AddDate(0, 0, 1-days), To: day, Now: day.AddDate(0, 0, 1), Where: shanghai}
}

func sold(id int64, at time.Time, minor int64, tender txn.Tender, lines ...sale.Line) insight.Sold {
	return insight.Sold{Lines: lines, Bill: txn.Bill{SaleID: id, Total: money.Amount{Minor: minor, Currency: money.CNY}, Cashier: "01", PaidMs: at.UnixMilli(),
		Parts: []txn.Part{{ID: txn.ID(id), Kind: txn.Sale, Tender: tender, State: txn.Approved, AmountMinor: minor, Paid: true}}}}
}

func line(code string, minor, quantityE5 int64) sale.Line {
	return sale.Line{Code: code, Name: map[string]string{"en": code}, Unit: sale.Piece, QuantityE5: quantityE5, AmountMinor: minor}
}

func of(t *testing.T, s insight.Span, sales []insight.Sold, attempts ...txn.Attempt) insight.Report {
	t.Helper()
	r, err := insight.Of(s, sales, attempts, "CNY", 1)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every sum is the whole of what was paid: nothing is left out and nothing counted twice, whatever was sold when.
func TestEverySumIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sales []insight.Sold
		whole, in := int64(0), int64(0)
		for i := range rapid.IntRange(0, 40).Draw(t, "sales") {
			minor := rapid.Int64Range(0, 1e6).Draw(t, "minor")
			at := day.Add(-time.Duration(rapid.IntRange(-23, 24*40).Draw(t, "hours ago")) * time.Hour)
			tender := rapid.SampledFrom([]txn.Tender{txn.Card, txn.Cash, txn.Code}).Draw(t, "tender")
			sales = append(sales, sold(int64(i+1), at, minor, tender, line("a", minor, sale.OneE5)))
			if !at.Before(day.AddDate(0, 0, -6)) {
				whole, in = whole+minor, in+1
			}
		}
		r, err := insight.Of(span(7), sales, nil, "CNY", 1)
		if err != nil {
			t.Fatal(err)
		}
		var week, tenders, items insight.Sum
		for _, hours := range r.Week {
			for _, h := range hours {
				week.Count, week.AmountMinor = week.Count+h.Count, week.AmountMinor+h.AmountMinor
			}
		}
		for _, s := range r.Tenders {
			tenders.Count, tenders.AmountMinor = tenders.Count+s.Count, tenders.AmountMinor+s.AmountMinor
		}
		for _, i := range r.Items {
			items.Count, items.AmountMinor = items.Count+i.Count, items.AmountMinor+i.AmountMinor
		}
		want := insight.Sum{Count: in, AmountMinor: whole}
		if week != want || tenders != want || items != want || r.Basket.Sales != in {
			t.Fatalf("week %+v, tenders %+v, items %+v, basket %+v, and not %+v", week, tenders, items, r.Basket, want)
		}
	})
}

func TestAnHourStandsBesideTheSameWeekday(t *testing.T) {
	at := func(daysAgo, hour int) time.Time {
		return day.AddDate(0, 0, -daysAgo).Add(time.Duration(hour)*time.Hour + time.Minute)
	}
	r := of(t, span(1), []insight.Sold{
		sold(1, at(0, 9), 500, txn.Card), sold(2, at(7, 9), 300, txn.Card), sold(3, at(7, 9), 100, txn.Cash), sold(4, at(14, 10), 900, txn.Card),
		sold(5, at(6, 9), 7777, txn.Card),  // another weekday
		sold(6, at(35, 9), 8888, txn.Card), // too long ago
	})
	nine, ten := r.Hours[9], r.Hours[10]
	if nine.AmountMinor != 500 || nine.Count != 1 || nine.Of != 2 || nine.UsualMinor != 200 || ten.AmountMinor != 0 || ten.UsualMinor != 450 {
		t.Errorf("9: %+v, 10: %+v", nine, ten)
	}
	if got := r.Week[6][9]; got.AmountMinor != 500 { // Sunday is the last
		t.Errorf("Sunday at 9: %+v", got)
	}
}

func TestADayThatIsNotWholeIsMarked(t *testing.T) {
	s := span(3)
	s.Now = day.Add(14 * time.Hour)
	books := day.AddDate(0, 0, -2).Add(10 * time.Hour)
	r, err := insight.Of(s, nil, nil, "CNY", books.UnixMilli())
	if err != nil || len(r.Partial) != 2 || r.Partial[0] != "2026-11-27" || r.Partial[1] != "2026-11-29" {
		t.Errorf("%v, %v", r.Partial, err)
	}
	if whole := of(t, span(3), nil); len(whole.Partial) != 0 {
		t.Errorf("whole days are marked: %v", whole.Partial)
	}
}

// What nobody knows is no answer, and slow answers are not hidden behind a mean.
func TestAnswersOfALine(t *testing.T) {
	var attempts []txn.Attempt
	add := func(state txn.State, tookMs int64) {
		attempts = append(attempts, txn.Attempt{ID: txn.ID(len(attempts) + 1), Kind: txn.Sale, Tender: txn.Card, Line: "bank", State: state, OpenedMs: day.UnixMilli(), EndedMs: day.UnixMilli() + tookMs})
	}
	for i := range 18 {
		add(txn.Approved, int64(100+i))
	}
	add(txn.Declined, 9000)
	add(txn.Approved, 20000)
	add(txn.Reversed, 60000)
	add(txn.Unresolved, 90000)
	attempts = append(attempts, txn.Attempt{ID: 99, Kind: txn.Void, Line: "bank", State: txn.Approved, OpenedMs: day.UnixMilli()}, txn.Attempt{ID: 100, Kind: txn.Sale, Tender: txn.Cash, State: txn.Approved, OpenedMs: day.UnixMilli()})
	r := of(t, span(1), nil, attempts...)
	want := insight.Answers{Line: "bank", Approved: 19, Declined: 1, Undone: 1, Unknown: 1, P50Ms: 109, P95Ms: 9000}
	if len(r.Answers) != 1 || r.Answers[0] != want {
		t.Errorf("%+v, and not %+v", r.Answers, want)
	}
}

func TestExceptionsAreOfWhoMadeThem(t *testing.T) {
	back := func(kind txn.Kind, cashier string, minor int64, change func(*txn.Attempt)) txn.Attempt {
		a := txn.Attempt{ID: 50, Kind: kind, Tender: txn.Cash, State: txn.Approved, Cashier: cashier, Amount: money.Amount{Minor: minor, Currency: money.CNY}, OpenedMs: day.UnixMilli()}
		change(&a)
		return a
	}
	r := of(t, span(1), []insight.Sold{sold(1, day.Add(time.Hour), 500, txn.Cash)},
		back(txn.Void, "02", 100, func(*txn.Attempt) {}), back(txn.Refund, "02", 200, func(a *txn.Attempt) { a.NoReceipt = true }),
		back(txn.Refund, "02", 300, func(a *txn.Attempt) { a.OtherWay = true }), back(txn.Refund, "02", 400, func(a *txn.Attempt) { a.State = txn.Declined }))
	if len(r.Cashiers) != 2 || r.Cashiers[0].Sales.AmountMinor != 500 || r.Cashiers[0].Refunds.Count != 0 {
		t.Fatalf("%+v", r.Cashiers)
	}
	if got := r.Cashiers[1]; got.Voids.AmountMinor != 100 || got.Refunds != (insight.Sum{Count: 2, AmountMinor: 500}) || got.NoReceipt.AmountMinor != 200 || got.OtherWay.AmountMinor != 300 {
		t.Errorf("%+v", got)
	}
}

func TestABasketsMedianIsNoMean(t *testing.T) {
	r := of(t, span(1), []insight.Sold{sold(1, day, 100, txn.Cash, line("a", 100, 1)), sold(2, day, 200, txn.Cash, line("a", 100, 1), line("b", 100, 2)), sold(3, day, 9000, txn.Cash)})
	if b := r.Basket; b != (insight.Basket{Sales: 3, MeanMinor: 3100, MedianMinor: 200, LinesE2: 100}) {
		t.Errorf("%+v", b)
	}
}
