package uitest

import (
	"context"
	"time"

	"veratill/txn"
	"veratill/txn/insight"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Insight implements present.Insights: four weeks of a small shop that sells more each hour, and most on Sundays.
func (d *Desk) Insight(_ context.Context, days int) (insight.Report, error) {
	now := d.Now()
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	s := insight.Span{From: today.AddDate(0, 0, 1-days), To: today, Now: now, Where: now.Location()}
	var sales []insight.Sold
	var attempts []txn.Attempt
	for back := range 28 {
		for hour := 8; hour < 20 && !(back == 0 && hour > now.Hour()); hour++ {
			at := today.AddDate(0, 0, -back).Add(time.Duration(hour) * time.Hour)
			minor, tender, id := int64(hour*500+back*37), []txn.Tender{txn.Card, txn.Cash, txn.Code}[(hour+back)%3], int64(back*100+hour)
			line := sale.Line{Code: "2001", Name: map[string]string{"zh": "苹果", "en": "Apples"}, Unit: sale.Kilogram, QuantityE5: 75_000, AmountMinor: minor}
			sales = append(sales, insight.Sold{Lines: []sale.Line{line}, Bill: txn.Bill{SaleID: id, Total: money.Amount{Minor: minor, Currency: money.CNY}, Cashier: "张敏", PaidMs: at.UnixMilli(),
				Parts: []txn.Part{{ID: txn.ID(id), Kind: txn.Sale, Tender: tender, State: txn.Approved, AmountMinor: minor, Paid: true}}}})
			attempts = append(attempts, txn.Attempt{ID: txn.ID(id), SaleID: id, Kind: txn.Sale, Tender: tender, State: []txn.State{txn.Approved, txn.Approved, txn.Declined}[hour%3], Line: "10.0.0.5:5000",
				OpenedMs: at.UnixMilli(), EndedMs: at.UnixMilli() + 400 + int64(hour)*50})
		}
	}
	return insight.Of(s, sales, attempts, "CNY", today.AddDate(0, 0, -27).UnixMilli())
}
