package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
)

// which is how a command names an attempt: by the till's own number of it, which never comes twice, or by its STAN, which may
// come again after 60 days.
type which struct{ attempt, stan, batch int64 }

// flags declares them; what is what the attempt is, such as: payment or void.
func (w *which) flags(c *call, what string) {
	c.flags.Int64Var(&w.attempt, "attempt", 0, "the till's own `number` of the "+what+" (see veratill journal list)")
	c.flags.Int64Var(&w.stan, "stan", 0, "STAN of the "+what+"; -attempt tells those apart that have the same")
	c.flags.Int64Var(&w.batch, "batch", 0, "its batch, where more than one fits the STAN")
}

// misused says what is wrong with how an attempt is named; it is empty where nothing is.
func (w which) misused() string {
	switch {
	case w.attempt == 0 && w.stan == 0:
		return "-attempt is missing: which one is meant? It is the number that veratill journal list begins each line with"
	case w.attempt < 0 || w.attempt != 0 && (w.stan != 0 || w.batch != 0):
		return "-attempt names one alone, by a number from 1 on: leave -stan and -batch out"
	case w.attempt == 0 && (w.stan < 1 || w.stan > txn.STANs):
		return fmt.Sprintf("-stan %d is outside 1–%d, the STANs of payments and voids", w.stan, txn.STANs)
	}
	return ""
}

// String is how the user named it.
func (w which) String() string {
	if w.attempt != 0 {
		return fmt.Sprintf("attempt %d", w.attempt)
	}
	return fmt.Sprintf("STAN %06d", w.stan)
}

// errAmbiguous means that more than one attempt fits a STAN.
var errAmbiguous = errors.New("more than one payment fits")

// of finds the one attempt that is named.
func (w which) of(ctx context.Context, till *shop.Shop) (txn.Attempt, error) {
	if w.attempt != 0 {
		return w.at(till, txn.ID(w.attempt))
	}
	var found []txn.Attempt
	for id := txn.Newest(till.Journal.Next().Attempt-1, w.stan); id > 0; id -= txn.STANs {
		a, err := till.Desk.Attempt(id)
		switch {
		case errors.Is(err, journal.ErrNotFound):
		case err != nil:
			return a, fmt.Errorf("%s: %w", w, err)
		case w.batch == 0 || a.Batch == w.batch:
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return w.at(till, 0)
	case 1:
		return found[0], nil
	}
	return txn.Attempt{}, fmt.Errorf("%w: %s: name one with -attempt: %s", errAmbiguous, w, candidates(found))
}

// at reads an attempt by its number; number 0 is none.
func (w which) at(till *shop.Shop, id txn.ID) (txn.Attempt, error) {
	err := error(journal.ErrNotFound)
	var a txn.Attempt
	if id != 0 {
		a, err = till.Desk.Attempt(id)
	}
	if errors.Is(err, journal.ErrNotFound) {
		return a, fmt.Errorf("%s is not in the books, so nothing was begun: see veratill journal list", w)
	}
	if err != nil {
		return a, fmt.Errorf("%s: %w", w, err)
	}
	return a, nil
}

func candidates(found []txn.Attempt) string {
	var lines []string
	for _, a := range found {
		lines = append(lines, fmt.Sprintf("-attempt %d is a %s of %s %s of %s", a.ID, a.Kind,
			money.Amount{Minor: a.Amount.Minor, Currency: a.Amount.Currency}.Figure(), a.Amount.Currency, a.Opened().Format("2006-01-02 15:04")))
	}
	return strings.Join(lines, "; ")
}
