package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"veratill/app/finding"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/app/shop"
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
	language := c.flags.String("lang", "", "`language`: zh or en (default: the settings')")
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	if code, done := c.noMore(); done {
		return code
	}
	if *only != "" && !slices.Contains(present.Grids, *only) {
		return c.misused("-table is one of %s, and not %q", joined(present.Grids), *only)
	}
	words, err := present.NewWords(s.speaks(*language))
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
	export := words.InsightExport(r)
	export.Grids = grids
	switch {
	case *out != "":
		if err := finding.WriteExport(*out, export, print.OptionsOf(s.read.Settings), time.Now()); err != nil {
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
