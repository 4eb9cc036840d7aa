package main

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"veratill/app/finding"
	"veratill/app/pdf"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/assets/files"
	"veratill/txn/insight"
	"veratill/txn/journal"
)

// insightCommand says of some days what a manager asks.
func insightCommand(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	from := c.flags.String("from", "", "first `date`: 2026-11-01 (default: 27 days before the last)")
	to := c.flags.String("to", "", "last `date`, whose hours stand beside those of its weekday before (default: today)")
	only := c.flags.String("table", "", "one `table` alone: "+joined(present.Grids))
	out := c.flags.String("out", "", "`file` that gets them: .csv, .xlsx or .pdf")
	language := c.flags.String("lang", "zh", "`language`: zh or en")
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	if code, done := c.noMore(); done {
		return code
	}
	if *only != "" && !slices.Contains(present.Grids, *only) {
		return c.misused("-table is one of %s, and not %q", joined(present.Grids), *only)
	}
	words, err := present.NewWords(*language)
	if err != nil {
		return c.misused("%v", err)
	}
	question := "insight?" + url.Values{"from": {*from}, "to": {*to}}.Encode()
	r, err := peeked(ctx, c, &s, question, func(_ shop.Options, j *journal.Journal) (insight.Report, error) {
		return finding.Insight(ctx, j, *from, *to, time.Now())
	})
	if err != nil {
		return c.fail(err)
	}
	grids := words.Insight(r)
	if *only != "" {
		grids = slices.DeleteFunc(grids, func(g present.Grid) bool { return g.Name != *only })
	}
	switch {
	case *out != "":
		if err := writeInsight(*out, words, r, grids, s.read.Settings.Merchant.Name, time.Now()); err != nil {
			return c.fail(fmt.Errorf("the tables were not written: %w", err))
		}
		fmt.Fprintln(c.out, *out)
	case *asJSON:
		return c.print(r)
	default:
		c.printGrids(grids, words.InsightNote(r))
	}
	return exitOK
}

func (c *call) printGrids(grids []present.Grid, note string) {
	for _, g := range grids {
		fmt.Fprintln(c.out, g.Heading)
		table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, row := range g.Rows {
			fmt.Fprintln(table, "  "+strings.Join(row, "\t"))
		}
		table.Flush()
		fmt.Fprintln(c.out)
	}
	if note != "" {
		fmt.Fprintln(c.out, note)
	}
}

// writeInsight writes the tables to a new file, one below the other.
func writeInsight(path string, words *present.Words, r insight.Report, grids []present.Grid, shop string, now time.Time) error {
	note := words.InsightNote(r)
	if !strings.EqualFold(filepath.Ext(path), ".pdf") {
		var rows [][]string
		for _, g := range grids {
			rows = append(append(rows, []string{g.Heading}), g.Rows...)
			rows = append(rows, nil)
		}
		return finding.WriteTable(path, append(rows, []string{note}))
	}
	d := pdf.New(words.Text("insight.title", "from", r.From, "to", r.To), shop, now)
	if note != "" {
		d.Boxed(note)
	}
	for _, g := range grids {
		d.Heading(g.Heading)
		columns := make([]pdf.Column, len(g.Rows[0]))
		for i := range columns {
			columns[i].Right = i >= g.Figures
		}
		d.Table(columns, g.Rows)
	}
	content, err := d.Bytes()
	if err != nil {
		return err
	}
	return files.WriteNew(path, content, 0o600)
}
