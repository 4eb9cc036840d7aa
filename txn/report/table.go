package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"veratill/txn/money"
)

// Row is one line of totals as a table has them: each says one thing, under a word that never changes, so that a sheet of one day can be held beside that of another.
type Row struct {
	Section string // day, sales, by tender, …
	Name    string // what of it: a tender, a cashier, an hour; empty where the section is one line
	Text    string // where it is no count and no sum
	Count   int64
	Minor   int64
	Counts  bool // Count says something
	Sums    bool // Minor does
}

// Table lists totals line by line. Every figure of them is in it, zeros too, but for tenders and cashiers that had nothing.
func (t Totals) Table() (rows []Row) {
	text := func(section, text string) { rows = append(rows, Row{Section: section, Text: text}) }
	tally := func(section, name string, of Tally) {
		rows = append(rows, Row{Section: section, Name: name, Count: of.Count, Minor: of.AmountMinor, Counts: true, Sums: true})
	}
	count := func(section string, n int64) { rows = append(rows, Row{Section: section, Count: n, Counts: true}) }
	split := func(section, name string, of Split) {
		tally(section+" sales", name, of.Sales)
		tally(section+" voids", name, of.Voids)
		tally(section+" refunds", name, of.Refunds)
	}
	text("date", t.Date)
	count("batch", t.Batch)
	count("z", t.Z)
	count("number of this date", t.OfDate)
	text("currency", t.Currency)
	text("day before closed", momentOf(t.OpenedMs))
	text("first sale", momentOf(t.FirstMs))
	text("closed", momentOf(t.ClosedMs))
	tally("sales", "", t.Sales)
	count("sales of 0.00", t.Given)
	tally("voids", "", t.Voids)
	tally("refunds", "", t.Refunds)
	tally("refunds in cash of another tender", "", t.OtherWay)
	tally("refunds without a receipt", "", t.NoReceipt)
	tally("refunds not known", "", t.RefundsUnknown)
	rows = append(rows, Row{Section: "net", Minor: t.NetMinor, Sums: true})
	for _, by := range []struct {
		section string
		of      map[string]Tally
	}{{"by tender", t.ByTender}, {"voids by tender", t.VoidsBy}, {"refunds by tender", t.RefundsBy}} {
		for _, name := range Names(by.of) {
			tally(by.section, name, by.of[name])
		}
	}
	split("not proven", "", t.NotProven)
	split("vouchers", "", t.Vouchers)
	rows = append(rows, Row{Section: "net with what is not proven", Minor: t.NetMinor + t.ByWordMinor(), Sums: true})
	tally("kept by the bank", "", t.Kept)
	count("declined", t.Declined)
	count("reversed", t.Reversed)
	count("not known", t.Open)
	count("without paper", t.Unpapered)
	for _, name := range Names(t.ByCashier) {
		split("by cashier", name, t.ByCashier[name])
	}
	for hour, of := range t.ByHour {
		tally("by hour", time.Date(2000, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04"), of)
	}
	for _, c := range t.Carried {
		rows = append(rows, Row{Section: "carried over", Name: "attempt " + strconv.FormatInt(c.Attempt, 10), Text: cmp.Or(c.Code, c.Reason), Count: 1, Minor: c.AmountMinor, Counts: true, Sums: true})
	}
	rows = append(rows, settlementRows(t.Settlements)...)
	tally("grand total", "", t.Grand)
	count("entry", t.HeadSeq)
	text("hash", t.Head)
	if t.Demo {
		text("demonstration", "no money moved")
	}
	return slices.Clip(rows)
}

func momentOf(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).Format(time.DateTime)
}

// Heads are the headings of Cells.
var Heads = []string{"section", "name", "count", "amount", "text"}

// Cells are a row as a file has it: an amount in major units, in a plain figure.
func (r Row) Cells(currency money.Currency) []string {
	cells := []string{r.Section, r.Name, "", "", r.Text}
	if r.Counts {
		cells[2] = strconv.FormatInt(r.Count, 10)
	}
	if r.Sums {
		cells[3] = money.Amount{Minor: r.Minor, Currency: currency}.Figure()
	}
	return cells
}
