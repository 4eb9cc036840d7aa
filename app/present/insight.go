package present

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"veratill/txn/insight"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Grid is a table with a name of its own, a heading, and a first row that says what its columns are. Columns from Figures on are figures, and Main is the one that a list shows
// without its head: a sum; 0 is none.
type Grid struct {
	Name    string
	Heading string
	Rows    [][]string
	Figures int
	Main    int
	// Shades are how much of the largest figure each cell has, from 0 to 1, of the rows behind the first and the columns from Figures on; nil where cells have no ground.
	Shades [][]float64
}

// Grids are the names of all of them, in their order.
var Grids = []string{"hours", "week", "tenders", "basket", "items", "exceptions", "answers"}

// mostItems of articles are listed: the rest is in no list that a person reads.
const mostItems = 50

// Insight says what a report of days amounts to, a grid for each question that has an answer.
func (w *Words) Insight(r insight.Report) []Grid {
	grids := []Grid{w.hourGrid(r), w.weekGrid(r), w.tenderGrid(r), w.basketGrid(r), w.itemGrid(r), w.exceptionGrid(r), w.answerGrid(r)}
	for i, g := range grids {
		grids[i].Heading = w.Text("insight."+g.Name, "from", r.From, "to", r.To)
	}
	return slices.DeleteFunc(grids, func(g Grid) bool { return len(g.Rows) < 2 })
}

// Line is a row of a grid as a list shows it: what it is of, its last sum, and below them the other figures with what they are.
func (g Grid) Line(i int) EntryRow {
	head, row := g.Rows[0], g.Rows[i+1]
	e := EntryRow{Title: strings.Join(row[:g.Figures], "  "), Tone: Plain}
	if g.Main > 0 {
		e.Amount = row[g.Main]
	}
	var rest []string
	for n := g.Figures; n < len(row); n++ {
		if (n != g.Main || g.Main == 0) && row[n] != "0" && row[n] != "0.00" {
			//mutant:a-unit-stands-behind-its-figure
			if name, percent := strings.CutSuffix(head[n], " %"); percent { // a table has the unit in its heading
				rest = append(rest, name+" "+row[n]+" %")
				continue
			}
			rest = append(rest, head[n]+" "+row[n])
		}
	}
	e.Small = strings.Join(rest, " · ")
	if e.Title == "" { // a table of one row
		e.Title, e.Small = e.Small, ""
	}
	return e
}

// InsightHead is what a page of a grid begins with.
func (w *Words) InsightHead(r insight.Report, g Grid) Message {
	return Message{Tone: Plain, What: g.Heading, Next: w.InsightNote(r)}
}

// InsightNote says which days are not whole; empty where all are.
func (w *Words) InsightNote(r insight.Report) string {
	switch n := len(r.Partial); n {
	case 0:
		return ""
	case 1:
		return w.Text("insight.partial.one", "day", r.Partial[0])
	default:
		return w.Text("insight.partial", "n", strconv.Itoa(n), "day", r.Partial[0], "last", r.Partial[n-1])
	}
}

func (w *Words) head(keys ...string) []string {
	head := make([]string, len(keys))
	for i, key := range keys {
		head[i] = w.Text("insight.head." + key)
	}
	return head
}

func figures(r insight.Report) func(minor int64) string {
	return func(minor int64) string { return Figure(minor, money.Currency(r.Currency)) }
}

func count(n int64) string { return strconv.FormatInt(n, 10) }

// hourGrid leaves out the hours before the first and after the last in which anything was ever sold.
func (w *Words) hourGrid(r insight.Report) Grid {
	figure := figures(r)
	g := Grid{Name: "hours", Figures: 1, Main: 2, Rows: [][]string{w.head("hour", "sales", "amount", "usual")}}
	for hour, h := range r.Hours {
		if h.Count == 0 && h.UsualMinor == 0 {
			continue
		}
		usual := "–"
		if h.Of > 0 {
			usual = figure(h.UsualMinor)
		}
		g.Rows = append(g.Rows, []string{fmt.Sprintf("%02d:00", hour), count(h.Count), figure(h.AmountMinor), usual})
	}
	return g
}

// weekGrid is the week by hour. Its cells have the larger a ground the more was sold; the figure stands in each.
func (w *Words) weekGrid(r insight.Report) Grid {
	figure, largest := figures(r), int64(1)
	for day := range r.Week {
		for hour := range r.Week[day] {
			largest = max(largest, r.Week[day][hour].AmountMinor)
		}
	}
	g := Grid{Name: "week", Figures: 1, Rows: [][]string{append(w.head("hour"), w.head("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")...)}}
	for hour := range 24 {
		row, shades, sold := []string{fmt.Sprintf("%02d:00", hour)}, []float64(nil), int64(0)
		for day := range r.Week {
			of := r.Week[day][hour]
			row, shades, sold = append(row, figure(of.AmountMinor)), append(shades, float64(max(of.AmountMinor, 0))/float64(largest)), sold+of.Count
		}
		if sold > 0 {
			g.Rows, g.Shades = append(g.Rows, row), append(g.Shades, shades)
		}
	}
	return g
}

func (w *Words) tenderGrid(r insight.Report) Grid {
	figure := figures(r)
	g := Grid{Name: "tenders", Figures: 1, Main: 2, Rows: [][]string{w.head("tender", "payments", "amount", "part")}}
	for _, t := range r.Tenders {
		g.Rows = append(g.Rows, []string{w.Closed("tender.", string(t.Tender)), count(t.Count), figure(t.AmountMinor), fmt.Sprintf("%d.%d", t.PartPPM/10_000, t.PartPPM/1000%10)})
	}
	return g
}

func (w *Words) basketGrid(r insight.Report) Grid {
	figure, b := figures(r), r.Basket
	return Grid{Name: "basket", Figures: 0, Rows: [][]string{w.head("sales", "mean", "median", "lines"),
		{count(b.Sales), figure(b.MeanMinor), figure(b.MedianMinor), fmt.Sprintf("%d.%02d", b.LinesE2/100, b.LinesE2%100)}}}
}

func (w *Words) itemGrid(r insight.Report) Grid {
	figure := figures(r)
	g := Grid{Name: "items", Figures: 2, Main: 3, Rows: [][]string{w.head("code", "item", "quantity", "amount")}}
	for _, i := range r.Items[:min(len(r.Items), mostItems)] {
		name := w.Name(sale.Name{ZH: i.Name["zh"], EN: i.Name["en"]})
		g.Rows = append(g.Rows, []string{i.Code, name, w.Quantity(i.QuantityE5, i.Unit), figure(i.AmountMinor)})
	}
	return g
}

func (w *Words) exceptionGrid(r insight.Report) Grid {
	figure := figures(r)
	g := Grid{Name: "exceptions", Figures: 1, Main: 2, Rows: [][]string{w.head("cashier", "sales", "amount", "voids", "voided", "refunds", "refunded", "no-receipt", "other-way")}}
	for _, e := range r.Cashiers {
		g.Rows = append(g.Rows, []string{dash(e.Cashier), count(e.Sales.Count), figure(e.Sales.AmountMinor), count(e.Voids.Count), figure(e.Voids.AmountMinor),
			count(e.Refunds.Count), figure(e.Refunds.AmountMinor), figure(e.NoReceipt.AmountMinor), figure(e.OtherWay.AmountMinor)})
	}
	return g
}

func (w *Words) answerGrid(r insight.Report) Grid {
	g := Grid{Name: "answers", Figures: 1, Rows: [][]string{w.head("line", "approved", "declined", "undone", "unknown", "p50", "p95")}}
	for _, a := range r.Answers {
		g.Rows = append(g.Rows, []string{a.Line, count(a.Approved), count(a.Declined), count(a.Undone), count(a.Unknown), count(a.P50Ms), count(a.P95Ms)})
	}
	return g
}
