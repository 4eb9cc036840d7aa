package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/external"
)

// atTerminal is the flag for what a separate terminal shows.
func (s *place) atTerminal(c *call) {
	c.flags.Func("terminal", "what the card terminal that stands alone shows: approved, declined or nothing", func(text string) error {
		shown, known := map[string]external.Shown{"approved": external.Approved, "declined": external.Declined, "nothing": external.Nothing}[text]
		if !known {
			return errors.New("it is not approved, declined or nothing")
		}
		s.terminal.Shown = shown
		return nil
	})
}

// answering makes the command line the person who is asked what the terminal shows. The word of a command answers for the sales that
// the command names, or for one void or refund, the first that is asked about: of every other one nobody has said anything yet.
func answering(till *shop.Shop, of txn.Kind, a external.Answer) {
	var said atomic.Bool
	till.Desk.AskPerson(func(_ context.Context, o txn.Order) external.Answer {
		//mutant:a-word-is-for-what-it-was-said-of
		if o.Attempt.Kind != of || of.GivesBack() && said.Swap(true) {
			return external.Answer{Shown: external.Nothing}
		}
		return a
	})
}

// said takes what a separate terminal showed in the end.
func said(ctx context.Context, c *call) int {
	s := place{starts: true}
	s.folder(c)
	s.paper(c)
	s.atTerminal(c)
	c.flags.BoolVar(&s.verbose, "v", false, "say each step on the error output, for whoever looks for a fault")
	var w which
	w.flags(c, "payment or void")
	asJSON := c.flags.Bool("json", false, "say the outcome as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	switch {
	case w.misused() != "":
		return c.misused("%s", w.misused())
	case s.terminal.Shown == "":
		return c.misused("-terminal is missing: what did it show, approved, declined or nothing?")
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoBank, o.AnyDevices = true, true, s.printer == "" })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	asked, err := w.of(ctx, till)
	if err != nil {
		return c.fail(err)
	}
	r := till.Desk.Said(ctx, till.Desk.Cashier(), asked.ID, s.terminal)
	return c.report(ctx, till, r, asked.Amount, *asJSON)
}

// unsaid names what nobody has said yet.
func unsaid(ctx context.Context, till *shop.Shop) (lines []string) {
	owed, err := till.Journal.Owed(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	for _, a := range owed {
		if a.AsksAPerson() {
			lines = append(lines, fmt.Sprintf("nobody has said yet what the separate terminal showed for STAN %06d%s: not known yet. "+
				"Look at its slips, then say it with veratill said -attempt %d -terminal approved, or declined", a.ID.STAN(), undoing(a), a.ID))
		}
	}
	return lines
}

// undoing says of a void what it undoes.
func undoing(a txn.Attempt) string {
	if !a.Kind.GivesBack() {
		return ""
	}
	return fmt.Sprintf(", the %s of STAN %06d", a.Kind, a.Original.STAN())
}
