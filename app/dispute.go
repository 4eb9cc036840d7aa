package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
)

// disputeCase answers by the books what a customer says of a payment.
func disputeCase(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	attempt := c.flags.Int64("attempt", 0, "the till's own `number` of the payment (see veratill find)")
	says := c.flags.String("says", "", "what the customer `says`: slip (a slip, and no debit), failed (a failure, and a debit), or nothing (a debit, and no slip)")
	language := c.flags.String("lang", "zh", "`language` of the answer: zh or en")
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	words, code, done := c.parseAround()
	if done {
		return code
	}
	if len(words) != 1 || words[0] != "verdict" || *attempt < 1 || *says == "" {
		return c.misused("say verdict -attempt N -says slip|failed|nothing")
	}
	texts, err := present.NewWords(*language)
	if err != nil {
		return c.misused("%v", err)
	}
	question := "dispute?" + url.Values{"attempt": {strconv.FormatInt(*attempt, 10)}, "says": {*says}, "lang": {*language}}.Encode()
	d, err := look(ctx, c, &s, question, func(seen journal.Seen) (present.Dispute, error) {
		a, known := seen.Books.Attempts[txn.ID(*attempt)]
		if !known {
			return present.Dispute{}, fmt.Errorf("%w: attempt %d", journal.ErrNotFound, *attempt)
		}
		return texts.Dispute(present.Says(*says), txn.Matter{Attempt: a, Bill: seen.Books.Bills[a.SaleID]})
	})
	code, answered := c.partly(err)
	if !answered {
		return code
	}
	if *asJSON {
		return max(code, c.print(d))
	}
	fmt.Fprintf(c.out, "%s\n%s\n%s\n", d.What, d.Aloud, d.Next)
	for _, m := range d.Life {
		fmt.Fprintf(c.out, "  %-20s %s\n", m.At, m.What)
	}
	return code
}
