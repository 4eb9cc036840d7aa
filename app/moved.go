package main

import (
	"context"
	"fmt"

	"veratill/app/shop"
)

// moved takes a manager's word that the bank is reached by the line of the settings now, and asks it there about what is owed.
func moved(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.bank(c)
	if code, done := c.noMore(); done {
		return code
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoPrinter = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	n, err := till.Till.LineMoved(ctx, till.Desk.Cashier())
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.out, "%d moved\n", n)
	if !finish(ctx, c, till) {
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
		lines = append(lines, fmt.Sprintf("STAN %06d of %s %s is owed to %q, which the settings no longer name: not known yet. "+
			"Put that bank back into the settings, or where it has only moved, say so with veratill moved", a.ID.STAN(), a.Amount.Figure(), a.Amount.Currency, a.Line))
	}
	return lines
}
