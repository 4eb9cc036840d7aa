package main

import (
	"context"
	"fmt"

	"veratill/app/present"
	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/external"
)

// atTerminal is the flag for what a separate terminal shows.
func (s *place) atTerminal(c *call) {
	c.flags.StringVar(&s.terminal, "terminal", "", "what the card terminal that stands alone shows: approved, declined or nothing")
}

// shown is that flag; ok is false where it says anything else.
func (s *place) shown() (a external.Answer, ok bool) {
	switch s.terminal {
	case "approved":
		a.Shown = external.Approved
	case "declined":
		a.Shown = external.Declined
	case "nothing":
		a.Shown = external.Nothing
	default:
		return a, false
	}
	return a, true
}

const noSuchAnswer = "-terminal %q is not approved, declined or nothing"

// answering makes the command line the person who is asked what the terminal shows.
func answering(till *shop.Shop, a external.Answer) {
	till.Desk.AskPerson(func(context.Context, txn.Order) external.Answer { return a })
}

// said takes what a separate terminal showed in the end.
func said(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.paper(c)
	s.atTerminal(c)
	c.flags.BoolVar(&s.verbose, "v", false, "say each step on the error output, for whoever looks for a fault")
	stan := c.flags.Int64("stan", 0, "STAN of the payment or void, of the open day")
	asJSON := c.flags.Bool("json", false, "say the outcome as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	a, ok := s.shown()
	switch {
	case *stan < 1:
		return c.misused("-stan is missing: of which payment is it said?")
	case !ok:
		return c.misused(noSuchAnswer, s.terminal)
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoBank = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	id, err := txn.NewID(till.Journal.OpenDay().Batch, *stan)
	if err != nil {
		return c.misused("%v", err)
	}
	asked, err := till.Desk.Attempt(id)
	if err != nil {
		return c.fail(fmt.Errorf("STAN %d of this day: %w", *stan, err))
	}
	r := till.Desk.Said(ctx, till.Desk.Cashier(), id, a)
	return c.report(ctx, till, r, asked.Amount, *asJSON)
}

// unsaid names what nobody has said yet.
func unsaid(found []present.Recovered) (lines []string) {
	for _, f := range found {
		if f.Attempt.AsksAPerson() {
			lines = append(lines, fmt.Sprintf("nobody has said yet what the separate terminal showed for STAN %06d: not known yet. "+
				"Look at its slips, then say it with veratill said -stan %d -terminal approved, or declined", f.Attempt.ID.STAN(), f.Attempt.ID.STAN()))
		}
	}
	return lines
}
