package main

import (
	"context"
	"fmt"

	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/acquirer"
)

// moved takes a manager's word that the bank is reached by the line of the settings now, and asks it there about what is owed.
func moved(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	who := c.flags.String("who", "", "`name` of who answers for it")
	if code, done := c.noMore(); done {
		return code
	}
	//mutant:who-says-that-a-bank-moved-is-named
	if *who == "" {
		return c.misused("name with -who who answers for it that the bank has moved")
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoPrinter = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	n, stayed := till.Till.LineMoved(ctx, txn.Actor{By: *who}, func(a txn.Attempt, to string) {
		if to == "" {
			to = "nobody: its evidence ends it"
		}
		fmt.Fprintf(c.out, "attempt %s, STAN %06d of %s %s: from %q to %q\n", a.ID, a.ID.STAN(), a.Amount.Figure(), a.Amount.Currency, a.Line, to)
	})
	fmt.Fprintf(c.out, "%d moved\n", n)
	answered := finish(ctx, c, till)
	if stayed != nil {
		return c.fail(stayed)
	}
	if !answered {
		fmt.Fprintln(c.errOut, "veratill moved: the bank has not answered for every payment: not known yet. Run veratill recover.")
		return exitUnknown
	}
	return exitOK
}

// elsewhere names what is owed to lines that the settings no longer name.
func elsewhere(ctx context.Context, till *shop.Shop) (lines []string) {
	owed, err := till.Till.OwedElsewhere(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	for _, a := range owed {
		key := acquirer.KeyOf(a.Line)
		if key != "" {
			key = ", with " + key + " in VERATILL_TMK"
		}
		lines = append(lines, fmt.Sprintf("STAN %06d of %s %s is owed to %q, which the settings no longer name: not known yet. "+
			"Put that bank back into the settings%s, or where it has only moved, say so with veratill moved -who NAME", a.ID.STAN(), a.Amount.Figure(), a.Amount.Currency, a.Line, key))
	}
	return lines
}
