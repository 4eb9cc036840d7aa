package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"veratill/app/finding"
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
		o, err := d.options()
		if err != nil {
			return present.Dispute{}, err
		}
		of, err := finding.SeenAffair(ctx, seen, o.Dir, o.Settings, txn.ID(d.attempt))
		if err != nil {
			return present.Dispute{}, err
		}
		return d.words.Dispute(present.Says(d.says), of)
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
