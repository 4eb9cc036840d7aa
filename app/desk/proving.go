package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/report"
)

// What is printed as a sum, voided or printed again comes from books whose entries were folded and whose tables are what they amount to.

// Prove proves the open day in the background, so that its first X, Z, void or reprint does not wait.
func (d *Desk) Prove() {
	d.asking.Go(func() {
		if err := d.proved(d.ctx); err != nil {
			d.config.Log.Error("the books don't hold", "error", err)
		}
	})
}

// proved waits until the open day was proved, once in a run: nobody but this program writes to the books while they are open.
func (d *Desk) proved(ctx context.Context) error {
	d.proving.Lock()
	defer d.proving.Unlock()
	if d.holds {
		return nil
	}
	_, err := d.journal.Proven(ctx)
	d.holds = err == nil
	return differs(err)
}

// differs says of books that do not hold what to do.
func differs(err error) error {
	if !errors.Is(err, journal.ErrDiffers) && !errors.Is(err, journal.ErrDamaged) {
		return err
	}
	return &txn.Fault{Charged: txn.ChargedUnknown, Code: "books differ", Err: fmt.Errorf("%w. Nothing was closed, voided or printed. "+
		"Run veratill journal verify, keep the data folder as it is, and ask whoever looks after this till", err)}
}

// sum adds the open day up from its entries.
func (d *Desk) sum(ctx context.Context) (report.Totals, error) {
	t, err := OpenDay(ctx, d.journal, d.config.DayBegins, d.config.Now())
	return t, differs(err)
}

// OpenDay adds the open day of a journal up from the day's entries, for a shop whose day begins so long after midnight. What was before the day is as
// its Z says, so that it takes as long in old books as in new ones. The error is journal.ErrDiffers or journal.ErrDamaged where they do not hold.
func OpenDay(ctx context.Context, j *journal.Journal, begins time.Duration, now time.Time) (report.Totals, error) {
	p, err := j.Proven(ctx)
	if err != nil {
		return report.Totals{}, err
	}
	seq, head := j.Durable() // an entry that a power cut can take pins nothing
	t, err := totalsOf(p, seq, fmt.Sprintf("%x", head), begins, now)
	return t, cmp.Or(err, compareBeside(t, p))
}

// totalsOf adds a day up, with the entry that pins it.
func totalsOf(p journal.Proven, seq int64, head string, begins time.Duration, now time.Time) (report.Totals, error) {
	previous, err := keptBy(p.Before)
	if err != nil {
		return report.Totals{}, err
	}
	t, err := report.Sum(slices.Concat(p.Attempts, report.LateRefunds(p.Day.OpenedMs, p.Touched)), p.Bills, time.Local)
	if err != nil {
		return t, err
	}
	t.Batch, t.Z, t.Currency = p.Day.Batch, p.Day.Z, p.Day.Currency
	t.OpenedMs, t.ClosedMs, t.FirstMs = p.Day.OpenedMs, p.Day.ClosedMs, report.FirstMs(p.Attempts, p.Bills)
	t.Date = dateOf(t.FirstMs, begins, now).Format(time.DateOnly)
	t.Grand = report.Tally{Count: previous.Grand.Count + t.Sales.Count, AmountMinor: previous.Grand.AmountMinor + t.NetMinor}
	t.HeadSeq, t.Head = seq, head
	beside(&t, p, previous)
	t.Settlements, err = report.SettlementsOf(p.Settlements)
	return t, err
}

// keptBy are the totals that the Z of a day kept; those of nothing where there is none.
func keptBy(day journal.Day) (t report.Totals, err error) {
	if len(day.Totals) > 0 {
		err = json.Unmarshal(day.Totals, &t)
	}
	return t, err
}

// beside adds what a report says of attempts of any day: those that are carried over, and those that evidence of this day says were
// kept. What no entry of the day has to do with is as the Z before it says.
func beside(t *report.Totals, p journal.Proven, previous report.Totals) {
	var unresolved []txn.Attempt
	known := map[int64]bool{}
	for _, a := range slices.Concat(p.Touched, p.Attempts) {
		known[int64(a.ID)] = true
		if a.CarriedOver() {
			unresolved = append(unresolved, a)
		}
	}
	t.Kept = keptOn(p.Day.OpenedMs, slices.Concat(p.Touched, p.Attempts))
	t.Carried = slices.DeleteFunc(slices.Clone(previous.Carried), func(c report.Carried) bool { return known[c.Attempt] })
	t.Carried = append(t.Carried, report.CarryOver(unresolved)...)
	slices.SortFunc(t.Carried, func(a, b report.Carried) int { return int(a.Attempt - b.Attempt) })
	if len(t.Carried) == 0 {
		t.Carried = nil
	}
}

// compareBeside holds that against what the tables say.
func compareBeside(t report.Totals, p journal.Proven) error {
	kept := keptOn(t.OpenedMs, p.KeptRows)
	//mutant:carried-is-compared
	if carried := report.CarryOver(p.UnresolvedRows); !slices.Equal(carried, t.Carried) || kept != t.Kept {
		return differs(fmt.Errorf("%w: as carried over they name %v and the entries %v, as kept %v and %v", journal.ErrDiffers, carried, t.Carried, kept, t.Kept))
	}
	return nil
}

// keptOn counts what evidence says was kept, since a day was opened.
func keptOn(openedMs int64, attempts []txn.Attempt) (kept report.Tally) {
	for _, a := range attempts {
		//mutant:kept-is-a-row-of-its-day
		if a.State == txn.Kept && a.EndedMs >= openedMs {
			kept.Count, kept.AmountMinor = kept.Count+1, kept.AmountMinor+a.Amount.Minor
		}
	}
	return kept
}
