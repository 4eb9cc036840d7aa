package journal

import (
	"context"

	"veratill/txn"
	"veratill/txn/fold"
)

// The tables hold what the entries amount to under this program's machine. When a newer version of
// the machine opens the books for the first time, they are written again from the entries, in the
// transaction of its first boot entry: they and the version of the newest entry change together.

// lifted is what the entries amount to where the newest one was written by an older version; else nil.
func (j *Journal) lifted(ctx context.Context) (*fold.Books, error) {
	if j.at.Seq == 0 || j.at.Version == j.versions.Newest() {
		return nil, nil
	}
	_, books, err := j.fold(ctx, j.versions)
	return books, err
}

const (
	sqlClear   = `DELETE FROM bill; DELETE FROM report; DELETE FROM day; DELETE FROM numbers; DELETE FROM answer; DELETE FROM identity; DELETE FROM filed; DELETE FROM slip; DELETE FROM settlement`
	sqlRefold  = `UPDATE attempt SET owed = ?, state = ?, paper = ?, kind = ?, tender = ?, amount_minor = ?, cashier = ?, opened_ms = ?, body = ? WHERE id = ?`
	sqlChanges = `SELECT changes()`
)

// refold writes the tables anew. What an attempt has sealed is in no entry, and stays.
func (f file) refold(ctx context.Context, b *fold.Books) error {
	if err := f.conn.run(ctx, sqlClear); err != nil {
		return err
	}
	for _, a := range b.Attempts {
		body, err := marshal(a)
		if err != nil {
			return err
		}
		err = f.conn.exec(ctx, sqlRefold, flag(a.Owes()), string(a.State), string(a.Paper), string(a.Kind), string(a.Tender),
			a.Amount.Minor, a.Cashier, a.OpenedMs, body, int64(a.ID))
		if err != nil {
			return err
		}
		if n, err := first[int64](f.conn.ask(ctx, sqlChanges)); err != nil {
			return err
		} else if n == 0 {
			if err := insertAttempt(ctx, f, a, nil); err != nil {
				return err
			}
		}
	}
	for name, ids := range answersOf(b) {
		for _, id := range ids {
			if err := f.conn.exec(ctx, sqlAnswer, name, int64(id)); err != nil {
				return err
			}
		}
	}
	return f.refoldRest(ctx, b)
}

// answersOf are the attempts of books by what they can be told by.
func answersOf(b *fold.Books) map[string][]txn.ID {
	all := map[string][]txn.ID{}
	for id, a := range b.Attempts {
		if name := a.ToldBy(); name != "" {
			all[name] = append(all[name], id)
		}
	}
	return all
}

func (f file) refoldRest(ctx context.Context, b *fold.Books) error {
	for _, bill := range b.Bills {
		if err := insertBill(ctx, f, bill); err != nil {
			return err
		}
	}
	for _, r := range b.Reports {
		body, err := marshal(r.Print)
		if err != nil {
			return err
		}
		if err := f.conn.exec(ctx, `INSERT INTO report (print, open, body) VALUES (?, ?, ?)`, r.Print.ID, flag(r.Open), body); err != nil {
			return err
		}
	}
	for _, d := range b.Days {
		if err := f.conn.exec(ctx, `INSERT INTO day (batch, currency, first, opened_ms) VALUES (?, ?, ?, ?)`, d.Batch, d.Currency, int64(d.First), d.OpenedMs); err != nil {
			return err
		}
		if d.Z == 0 {
			continue
		}
		if err := f.conn.exec(ctx, sqlDayClose, d.Z, d.ClosedMs, d.Totals, d.Batch); err != nil {
			return err
		}
	}
	for _, r := range b.Slips {
		if err := applySlip(ctx, f, r); err != nil {
			return err
		}
	}
	for _, r := range b.Filed {
		if err := applyFiled(ctx, f, r); err != nil {
			return err
		}
	}
	for _, s := range b.Settlements {
		if err := keepSettlement(ctx, f, s); err != nil {
			return err
		}
	}
	if err := keepNumbers(ctx, f, b.Numbers); err != nil {
		return err
	}
	return applyIdentity(ctx, f, b.Identity)
}
