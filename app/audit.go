package main

import (
	"context"
	"fmt"
	"net/url"

	"veratill/app/office"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/txn/journal"
)

// audit lists what people did and what rules decided, by the journal, the newest first: the entries that have every word of what is looked for.
func audit(ctx context.Context, c *call, s *place, looked string, asJSON bool) int {
	words, err := present.NewWords("en")
	if err != nil {
		return c.fail(err)
	}
	page, err := peeked(ctx, c, s, "audit?"+url.Values{"words": {looked}}.Encode(), func(_ shop.Options, j *journal.Journal) (present.AuditPage, error) {
		return office.New(office.Config{Books: j}).Audit(ctx, words.AuditHas(looked), office.MostTold)
	})
	if err != nil {
		return c.fail(err)
	}
	if asJSON {
		return c.print(page)
	}
	for _, e := range page.Entries {
		row := words.AuditRow(e)
		fmt.Fprintf(c.out, "%7s %s  %s %s  %s\n", row.State, row.Time, row.Title, row.Amount, row.Small)
	}
	if page.More {
		fmt.Fprintf(c.errOut, "%s: there are more: say a word, a day or a person\n", c.name())
	}
	return exitOK
}
