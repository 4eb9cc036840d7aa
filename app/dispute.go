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

// verdict answers by the books what a customer says of a payment.
func (d *disputing) verdict(ctx context.Context, c *call) int {
	if d.attempt < 1 || d.says == "" {
		return c.misused("say verdict -attempt N -says slip|failed|nothing")
	}
	question := "dispute?" + url.Values{"attempt": {strconv.FormatInt(d.attempt, 10)}, "says": {d.says}, "lang": {d.language}}.Encode()
	answer, err := look(ctx, c, &d.place, question, func(seen journal.Seen) (present.Dispute, error) {
		a, known := seen.Books.Attempts[txn.ID(d.attempt)]
		if !known {
			return present.Dispute{}, fmt.Errorf("%w: attempt %d", journal.ErrNotFound, d.attempt)
		}
		return d.words.Dispute(present.Says(d.says), txn.Matter{Attempt: a, Bill: seen.Books.Bills[a.SaleID]})
	})
	code, answered := c.partly(err)
	if !answered {
		return code
	}
	if d.asJSON {
		return max(code, c.print(answer))
	}
	fmt.Fprintf(c.out, "%s\n%s\n%s\n", answer.What, answer.Aloud, answer.Next)
	for _, m := range answer.Life {
		fmt.Fprintf(c.out, "  %-20s %s\n", m.At, m.What)
	}
	return code
}
