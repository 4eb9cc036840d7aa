package present

import (
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/insight"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// A list shows no figure without saying what it is, but for one sum a row; in a table every row has as many cells as its head.
func TestEveryFigureOfAListSaysWhatItIs(t *testing.T) {
	at := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	r, err := insight.Of(insight.Span{From: at.Truncate(24 * time.Hour), To: at.Truncate(24 * time.Hour), Now: at, Where: time.UTC}, []insight.Sold{{
		Lines: []sale.Line{{Code: "1", Name: map[string]string{"zh": "茶", "en": "Tea"}, Unit: sale.Piece, QuantityE5: sale.OneE5, AmountMinor: 1234}},
		Bill: txn.Bill{SaleID: 1, Total: money.Amount{Minor: 1234, Currency: money.CNY}, Cashier: "01", PaidMs: at.UnixMilli(),
			Parts: []txn.Part{{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 1234, Paid: true}}},
	}}, []txn.Attempt{{ID: 1, SaleID: 1, Kind: txn.Sale, Tender: txn.Card, Line: "bank", State: txn.Approved, OpenedMs: at.UnixMilli(), EndedMs: at.UnixMilli() + 777}}, "CNY", 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"zh", "en"} {
		w, err := NewWords(language)
		if err != nil {
			t.Fatal(err)
		}
		grids := w.Insight(r)
		if len(grids) != len(Grids) {
			t.Fatalf("%s: %d tables", language, len(grids))
		}
		for i, g := range grids {
			if g.Name != Grids[i] || g.Heading == "" {
				t.Errorf("table %d is %q, headed %q", i, g.Name, g.Heading)
			}
			for n, row := range g.Rows {
				if len(row) != len(g.Rows[0]) {
					t.Errorf("%s: row %d has %d cells of %d", g.Name, n, len(row), len(g.Rows[0]))
				}
			}
			e := g.Line(0)
			if e.Amount != "" && e.Amount != "12.34" {
				t.Errorf("%s, %s: the figure without its head is %q", language, g.Name, e.Amount)
			}
			for n := g.Figures; n < len(g.Rows[1]); n++ {
				if figure := g.Rows[1][n]; (n != g.Main || g.Main == 0) && figure != "0" && figure != "0.00" && !strings.Contains(e.Title+e.Small, strings.TrimSuffix(g.Rows[0][n], " %")+" "+figure) {
					t.Errorf("%s, %s: %q is not said with %q: %+v", language, g.Name, figure, g.Rows[0][n], e)
				}
			}
		}
		if note := w.InsightNote(r); !strings.Contains(note, "2026-11-29") {
			t.Errorf("a day that is not over is not marked: %q", note)
		}
	}
}
