package main

import (
	"context"
	"errors"
	"fmt"

	"veratill/app/desk"
	"veratill/app/shop"
	"veratill/txn"
)

// resolve ends by evidence what the bank does not end.
func resolve(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	s.paper(c)
	var w which
	w.flags(c, "payment or void")
	as := c.flags.String("as", "", "what the bank says became of the money: given-back, kept, or never-ours")
	who := c.flags.String("who", "", "`name` of who answers for it")
	document := c.flags.String("document", "", "`file` in which the bank says so: its name and its hash are kept")
	asJSON := c.flags.Bool("json", false, "say the outcome as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	evidence, wrong := desk.EvidenceOf(*as, *who, *document)
	if named := w.misused(); named != "" {
		wrong = errors.New(named)
	}
	if wrong != nil {
		return c.misused("%v", wrong)
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoBank = true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	a, err := w.of(ctx, till)
	if err != nil {
		return c.fail(err)
	}
	if !txn.Allowed(a, txn.Resolved) {
		return c.fail(fmt.Errorf("%s is %s: there is nothing that evidence has to end", w, a.State))
	}
	r := till.Desk.Resolve(ctx, txn.Actor{By: *who}, a.ID, evidence)
	code := c.report(ctx, till, r, a.Amount, *asJSON)
	if r.Code == "" { // it is ended, whatever it was
		return exitOK
	}
	return code
}

// unresolved says of what its bank says no more, or may be in newer books, and what ends it.
func unresolved(ctx context.Context, till *shop.Shop) (lines []string) {
	all, err := till.Till.Unresolved(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	for _, a := range all {
		why := string(a.Reason)
		if a.Refused != "" {
			why = "the bank refuses to undo it, code " + a.Refused
		}
		lines = append(lines, fmt.Sprintf("STAN %06d%s of %s %s is unresolved (%s): not known. "+
			"Ask the bank, then say what it wrote with veratill resolve -attempt %d", a.ID.STAN(), undoing(a), a.Amount.Figure(), a.Amount.Currency, why, a.ID))
	}
	return lines
}

// numbers says how far the numbers of payments have come, and takes a person's word that they have read why they moved.
func numbers(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	who := c.flags.String("seen", "", "`name` of who has read why the numbers moved: cards are taken, and money is given back again")
	asJSON := c.flags.Bool("json", false, "say it as one JSON object")
	if code, done := c.noMore(); done {
		return code
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoBank, o.NoPrinter = true, true, true })
	if err != nil {
		return c.fail(err)
	}
	defer till.Stop()
	if *who != "" {
		if err := till.Till.NumbersSeen(ctx, txn.Actor{By: *who}); err != nil {
			return c.fail(err)
		}
	}
	n := till.Desk.Numbers()
	if *asJSON {
		return c.print(n)
	}
	fmt.Fprintf(c.out, "the last number is %s (STAN %06d)\n", n.Last, n.Last.STAN())
	if n.Why != "" {
		open := ""
		if n.Why.OfBooks() {
			open = " What was open in these books is undone by nobody: veratill totals lists it as unresolved."
		}
		fmt.Fprintln(c.errOut, "veratill numbers: "+numbersWhy[n.Why]+" The numbers were moved ahead."+open+" Compare the last payments with the bank's list, then say veratill numbers -seen NAME")
	}
	return exitOK
}

// numbersWhy says why numbers moved.
var numbersWhy = map[txn.NumberWhy]string{
	txn.EntriesMissing: "payments are missing from these books: the last cards were taken with a newer state of them (a -wal file is gone, or an older copy of the folder was put back).",
	txn.EntriesDiffer:  "these books went another way than those with which the last cards were taken (somebody sold with a copy of the folder).",
	txn.OtherBooks:     "the last cards at this terminal number were taken with other books (the old ones were deleted, or this is another folder).",
	txn.BackupRestored: "a backup was put back, and nothing says how many payments followed it.",
	txn.MarkUnreadable: "the mark outside the books, which says with which books the last cards were taken, could not be read. It was put aside in the state folder (veratill doctor names it).",
	txn.NumberWasTaken: "the bank held a payment under a number that this till had just begun to use.",
	txn.NumbersTaken:   "twice on one day the bank answered under this till's new numbers with another payment (another amount, card, time or number of its own): another till may use this terminal number, or answers were mixed up on the way.",
}
