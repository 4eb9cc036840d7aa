package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"veratill/app/control"
	"veratill/app/desk"
	"veratill/app/finding"
	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/journal"
)

// wanted are the flags of find.
type wanted struct {
	asked           find.Asked
	rebuild, asJSON bool
}

func (w *wanted) flags(c *call) {
	for _, f := range []struct {
		into       *string
		name, help string
	}{
		{&w.asked.Amount, "amount", "`amount`, or a range: 12.50, 80-90, 100-"},
		{&w.asked.At, "at", "about `when`: yesterday, 15:00, 'yesterday 15:00', 2026-11-27, 'friday afternoon'; a time is half an hour before and behind it"},
		{&w.asked.LastFour, "last4", "the last four `digits` of the card"},
		{&w.asked.Item, "item", "what was sold: `words` of a name, or a code, of the last 400 days"},
		{&w.asked.STAN, "stan", "the till's `number` of the payment (STAN)"},
		{&w.asked.RRN, "rrn", "the bank's `number` of the payment (RRN)"},
		{&w.asked.Cashier, "cashier", "the cashier's `name`"},
		{&w.asked.State, "state", "`state` of the payment: " + statesNamed() + "; or unknown, void"},
		{&w.asked.Tender, "tender", "`cash`, card, code or external"},
	} {
		c.flags.StringVar(f.into, f.name, "", f.help)
	}
	c.flags.IntVar(&w.asked.Limit, "limit", 50, "at most so `many`, 200 at most")
	c.flags.BoolVar(&w.rebuild, "rebuild", false, "make the index of payments anew from the books first")
	c.flags.BoolVar(&w.asJSON, "json", false, "answer in JSON")
}

func statesNamed() string {
	names := make([]string, len(txn.States))
	for i, s := range txn.States {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// findPayments looks for payments. The words that no flag takes are read as everything that they may mean. The books are read and not opened; the index beside
// them may be written, because it is none of them.
func findPayments(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	var w wanted
	w.flags(c)
	words, code, done := c.parseAround()
	if done {
		return code
	}
	w.asked.Text = strings.Join(words, " ")
	if w.asked.Limit < 1 || w.asked.Limit > 200 {
		return c.misused("-limit is 1 to 200")
	}
	if _, err := w.asked.Query(find.Ground{Now: time.Now(), Digits: 3}); err != nil {
		return c.misused("%v", err)
	}
	if w.asked == (find.Asked{Limit: w.asked.Limit}) && !w.rebuild {
		return c.misused("say what to look for: an amount, a time, a card's last four digits, what was sold, a number or a name")
	}
	list, err := w.answer(ctx, c, &s)
	if err != nil {
		return c.fail(err)
	}
	return c.tellFound(list, w.asJSON)
}

// answer asks the books, or the till that runs on them.
func (w *wanted) answer(ctx context.Context, c *call, s *place) (list desk.FoundList, err error) {
	o, err := s.books(ctx, c)
	if err != nil {
		return list, err
	}
	begins, beginsErr := o.Settings.DayBegins()
	var failed error
	err = journal.Peek(ctx, o.Dir, journal.Options{}, func(j *journal.Journal) {
		f := finding.New(o.Dir, j, begins, nil)
		if w.rebuild {
			f.Rebuild()
		}
		left, told := f.Behind(), c.progress()
		if err := f.TakeAll(ctx, func(now int64) { told(left-now, left) }); err != nil && ctx.Err() == nil {
			fmt.Fprintf(c.errOut, "%s: the index of payments: %v\n", c.name(), err)
		}
		found, err := f.Find(ctx, w.asked)
		list, failed = desk.FoundListOf(found), err
	})
	if errors.Is(err, journal.ErrInUse) {
		question, err := json.Marshal(w.asked)
		if err != nil {
			return list, err
		}
		said := url.Values{"asked": {string(question)}}
		if w.rebuild {
			said.Set("rebuild", "yes")
		}
		return list, control.Ask(ctx, o.Dir, "find?"+said.Encode(), &list)
	}
	return list, errors.Join(err, failed, beginsErr)
}

// tellFound prints an answer, and says on the error output what may be missing from it.
func (c *call) tellFound(list desk.FoundList, asJSON bool) int {
	if asJSON {
		return c.print(list)
	}
	for _, p := range list.Payments {
		card := ""
		if p.Card.Masked != "" {
			card = " " + p.Card.Masked
		}
		fmt.Fprintf(c.out, "%s %6d %06d/%06d %-4s %-8s %12d %s %-10s charged: %-7s%s%s: %s\n", time.UnixMilli(p.OpenedMs).Format(time.DateTime), p.Attempt, p.Batch, p.STAN,
			p.Type, p.Tender, p.AmountMinor, p.Currency, p.State, p.Charged, card, demoWord(p.Demo), strings.Join(p.Items, ", "))
	}
	if len(list.Payments) == 0 {
		fmt.Fprintf(c.errOut, "%s: no payment fits\n", c.name())
	}
	if list.More {
		fmt.Fprintf(c.errOut, "%s: more payments fit: say more, or ask for more with -limit\n", c.name())
	}
	if list.Behind > 0 {
		fmt.Fprintf(c.errOut, "%s: the index of payments has not taken up the newest %d entries of the books yet: ask again in a while\n", c.name(), list.Behind)
	}
	if list.Trouble != "" {
		fmt.Fprintf(c.errOut, "%s: the index of payments: %s\n", c.name(), list.Trouble)
	}
	return exitOK
}
