package journal

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/fold"
)

const (
	sqlKeepSettlement  = `INSERT INTO settlement (batch, line, owed, body) VALUES (?, ?, ?, ?) ON CONFLICT (batch, line) DO UPDATE SET owed = excluded.owed, body = excluded.body`
	sqlSettlementsOf   = `SELECT body FROM settlement WHERE batch = ? ORDER BY line`
	sqlSettlementsOwed = `SELECT body FROM settlement WHERE owed = 1 ORDER BY batch, line`
)

// SettlementsOf lists the settlements of a batch, one a line.
func (j *Journal) SettlementsOf(ctx context.Context, batch int64) ([]txn.Settlement, error) {
	return sureList[txn.Settlement](ctx, j, sqlSettlementsOf, batch)
}

// SettlementsOwed lists those that are carried over, of every batch, oldest first.
func (j *Journal) SettlementsOwed(ctx context.Context) ([]txn.Settlement, error) {
	return sureList[txn.Settlement](ctx, j, sqlSettlementsOwed)
}

func keepSettlement(ctx context.Context, to file, s txn.Settlement) error {
	body, err := marshal(s)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlKeepSettlement, s.Batch, s.Line, flag(s.Unfinished()), body)
}

func (f file) compareSettlements(ctx context.Context, b *fold.Books) error {
	return f.rowsOf(ctx, tables[9], len(b.Settlements), func(row []driver.Value) (bool, error) {
		batch, _ := row[0].(int64)
		line, _ := row[1].(string)
		want, known := b.Settlements[txn.SettlementKey{Batch: batch, Line: line}]
		same, err := rowIs(row[3], want, sameSettlement)
		return known && same && row[2] == flag(want.Unfinished()), err
	})
}

// sameSettlement compares two by what they say: an empty list is the same as none.
func sameSettlement(a, b txn.Settlement) bool {
	x, err := marshal(a)
	y, errOfB := marshal(b)
	return errors.Join(err, errOfB) == nil && x == y
}

// readSettlements reads what the tables say of this day's settlements and of those that are carried over, and holds those of this day against the entries.
func (j *Journal) readSettlements(ctx context.Context, p *Proven) error {
	all, err := listed[txn.Settlement](ctx, j, sqlSettlementsOwed)
	if err != nil {
		return err
	}
	of, err := listed[txn.Settlement](ctx, j, sqlSettlementsOf, p.Day.Batch)
	if err != nil {
		return err
	}
	before, err := listed[txn.Settlement](ctx, j, sqlSettlementsOf, p.Day.Batch-1)
	if err != nil {
		return err
	}
	for _, s := range before {
		if endedOn(s, p.Day) {
			of = append(of, s)
		}
	}
	for _, s := range all {
		if s.Batch != p.Day.Batch {
			of = append(of, s)
		}
	}
	rows := map[txn.SettlementKey]txn.Settlement{}
	for _, s := range of {
		rows[s.Key()] = s
	}
	for _, want := range p.Settlements {
		//mutant:settlements-are-compared
		if is := rows[want.Key()]; !sameSettlement(is, want) {
			return fmt.Errorf("%w: the settlement of batch %d is not what its entries amount to", ErrDiffers, want.Batch)
		}
	}
	slices.SortFunc(of, byBatch)
	p.Settlements = of
	return nil
}

// settlementsOf are those of a day in books, and those of earlier ones that are carried over or ended on it.
func settlementsOf(b *fold.Books, day Day) (all []txn.Settlement) {
	for _, s := range b.Settlements {
		if s.Batch == day.Batch || s.Batch < day.Batch && s.Unfinished() || s.Batch == day.Batch-1 && endedOn(s, day) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, byBatch)
	return all
}

// endedOn reports whether a settlement of the day before ended once that day was closed: its Z could not say so.
func endedOn(s txn.Settlement, day Day) bool { return !s.Unfinished() && s.EndedMs >= day.OpenedMs }

func byBatch(a, b txn.Settlement) int {
	return cmp.Or(cmp.Compare(a.Batch, b.Batch), cmp.Compare(a.Line, b.Line))
}
