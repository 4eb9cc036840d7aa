package journal

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
)

// The open day is proved from its entries before anything that is printed rests on the tables: the chain is followed and folded from
// the entry that opened the day, and the rows of the day are held against that. What was folded once stays folded, so that the next
// proof takes the new entries alone.

const (
	sqlOpening = `SELECT seq FROM entry WHERE instr(body, '{"day opened":') > 0 ORDER BY seq DESC LIMIT 1`
	sqlOldest  = `SELECT version FROM entry ORDER BY seq LIMIT 1`
	proofRows  = 256 // entries or rows at a time, between which others have the journal
)

// Proven is what the entries of the open day amount to.
type Proven struct {
	Day, Before Day // Before has the last Z as its entry holds it, and is zero where there is none
	Attempts    []txn.Attempt
	Bills       []txn.Bill
	Touched     []txn.Attempt // of earlier days: those that an entry of this day changed, or that stand in their sales
	// What the tables say, of any day, of what is carried over and what evidence says was kept.
	UnresolvedRows, KeptRows []txn.Attempt
	// Settlements are those of this day, which its entries hold, and those that are carried over, of which the tables are believed: verify proves them.
	Settlements []txn.Settlement
}

// proof is a fold of the open day.
type proof struct {
	run   *fold.Run
	batch int64
}

// Proven proves the open day and returns it. The journal is free for others in between. Errors: ErrDiffers, which names the first row
// that differs; ErrDamaged where the entries themselves do not hold.
func (j *Journal) Proven(ctx context.Context) (Proven, error) {
	p, err := j.proven(ctx)
	if err != nil {
		return p, explain(j.path(), err)
	}
	return p, nil
}

func (j *Journal) proven(ctx context.Context) (Proven, error) {
	for { // until nothing is new: whoever sells meanwhile waits for a piece of it at most
		done, err := j.proofStep(ctx)
		if err != nil {
			return Proven{}, err
		}
		if done {
			break
		}
	}
	for _, compare := range []func(file, context.Context, *fold.Books, chain.Cursor, Day, int64) (int64, error){file.compareDayAttempts, file.compareDayBills} {
		for from := int64(1); from > 0; {
			err := j.caughtUp(ctx, func(b *fold.Books, day Day) (err error) {
				from, err = compare(j.file, ctx, b, j.proof.run.At, day, from)
				return err
			})
			if err != nil {
				return Proven{}, err
			}
		}
	}
	var p Proven
	err := j.caughtUp(ctx, func(b *fold.Books, day Day) error {
		p = ProvenOf(b, day)
		return errors.Join(j.compareOpenDay(ctx, p), j.compareTouched(ctx, p.Touched), j.readBeside(ctx, &p), j.readSettlements(ctx, &p))
	})
	return p, err
}

// caughtUp does something with books that hold every entry so far.
func (j *Journal) caughtUp(ctx context.Context, do func(*fold.Books, Day) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for {
		done, err := j.proofOn(ctx)
		if err != nil {
			return err
		}
		if done {
			break
		}
	}
	b, err := j.proof.run.Books()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return do(b, b.Days[j.day.Batch])
}

func (j *Journal) proofStep(ctx context.Context) (done bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.proofOn(ctx)
}

// proofOn folds the next entries, and reports whether there are no more. The caller holds the lock.
func (j *Journal) proofOn(ctx context.Context) (done bool, err error) {
	if err := j.unsure(); err != nil {
		return false, err
	}
	ctx = context.WithoutCancel(ctx)
	if j.proof == nil || j.proof.batch != j.day.Batch || j.proof.run.At.Seq > j.at.Seq {
		run, err := j.beginProof(ctx)
		if err != nil {
			return false, judged(err)
		}
		j.proof = &proof{run: run, batch: j.day.Batch}
	}
	run := j.proof.run
	err = j.entries(ctx, sqlEntriesUpTo, []any{run.At.Seq, j.at.Seq, proofRows}, run.Take)
	if err == nil && run.At.Seq >= j.at.Seq && run.At != j.at {
		err = fmt.Errorf("%w: entry %d is another one than it was", ErrDamaged, run.At.Seq)
	}
	if err != nil {
		j.proof = nil // it amounts to nothing
		return false, judged(err)
	}
	return run.At == j.at, nil
}

// beginProof begins with the entry that opened the day. Books that an older version of the machine began are folded as a whole.
func (j *Journal) beginProof(ctx context.Context) (*fold.Run, error) {
	version, err := first[int64](j.conn.query(ctx, sqlOldest))
	if err != nil {
		return nil, err
	}
	if int(version) != j.versions.Newest() {
		return fold.NewRun(j.versions).Reads(j.sold(ctx)), nil
	}
	seq, err := first[int64](j.conn.query(ctx, sqlOpening))
	if err != nil {
		return nil, err
	}
	before, err := j.cursorAt(ctx, seq-1)
	if err != nil {
		return nil, err
	}
	opening, err := j.entryAt(ctx, seq)
	if err != nil {
		return nil, err
	}
	//mutant:proof-follows-its-first-entry
	if err := before.Follow(opening); err != nil {
		return nil, err
	}
	run, err := fold.FromDay(j.versions, opening, func(id txn.ID, sale int64) (*fold.Books, error) {
		return j.saleUpTo(ctx, chain.At(opening), id, sale)
	})
	if err != nil {
		return nil, err
	}
	return run.Reads(j.sold(ctx)), nil
}

// saleUpTo folds a sale of an earlier day from the entry that opened it to where a day begins.
func (j *Journal) saleUpTo(ctx context.Context, day chain.Cursor, id txn.ID, sale int64) (*fold.Books, error) {
	if id != 0 {
		var a txn.Attempt // where to look is all that the table says: the entries have to hold it
		if err := j.read(ctx, sqlReadAttempt, int64(id), &a); err != nil {
			return nil, err
		}
		sale = a.SaleID
	}
	before, err := j.cursorAt(ctx, sale-1)
	if err != nil {
		return nil, err
	}
	run := fold.OfSale(j.versions, before, sale).Reads(j.sold(ctx))
	for run.At.Seq < day.Seq {
		if err := j.entries(ctx, sqlEntriesUpTo, []any{run.At.Seq, day.Seq, proofRows}, run.Take); err != nil {
			return nil, err
		}
	}
	if run.At != day {
		return nil, fmt.Errorf("%w: sale %d is not of an earlier day", ErrDamaged, sale)
	}
	return run.Books()
}

func (f file) entryAt(ctx context.Context, seq int64) (chain.Entry, error) {
	entry, missing := chain.Entry{}, fmt.Errorf("%w: entry %d is missing", ErrDamaged, seq)
	err := f.entries(ctx, sqlEntriesUpTo, []any{seq - 1, seq, 1}, func(e chain.Entry) error {
		entry, missing = e, nil
		return nil
	})
	return entry, cmp.Or(err, missing)
}

// cursorAt is the place of an entry, and for 0 that before the first one.
func (f file) cursorAt(ctx context.Context, seq int64) (chain.Cursor, error) {
	if seq == 0 {
		return chain.Cursor{}, nil
	}
	e, err := f.entryAt(ctx, seq)
	return chain.At(e), err
}

// ProvenOf is what books amount to of a day of theirs.
func ProvenOf(b *fold.Books, day Day) Proven {
	p := Proven{Day: day, Before: b.Days[day.Batch-1], Settlements: settlementsOf(b, day),
		Attempts: make([]txn.Attempt, 0, len(b.Attempts)), Bills: make([]txn.Bill, 0, len(b.Bills))}
	for _, id := range slices.Sorted(maps.Keys(b.Attempts)) {
		if id >= day.First {
			p.Attempts = append(p.Attempts, b.Attempts[id])
		} else {
			p.Touched = append(p.Touched, b.Attempts[id])
		}
	}
	for _, sale := range slices.Sorted(maps.Keys(b.Bills)) {
		if b.Bills[sale].Batch == day.Batch {
			p.Bills = append(p.Bills, b.Bills[sale])
		}
	}
	return p
}

// piece compares at most proofRows rows of a table, from a key on, and says where the next piece begins, 0 where there is none. mine
// counts what the entries amount to between two keys.
func (f file) piece(ctx context.Context, t table, which string, args []any, same func(row []driver.Value) (bool, error), mine func(low, high int64) int) (next int64, err error) {
	rows, err := f.conn.ask(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d", t.columns, t.name, which, t.key, proofRows), args...)
	if err != nil {
		return 0, err
	}
	low, _ := args[0].(int64)
	n, last := 0, int64(0)
	err = rows.each(func(row []driver.Value) error {
		n++
		last, _ = row[0].(int64)
		ok, err := same(row)
		//mutant:rows-are-compared
		if err != nil || !ok {
			return errors.Join(fmt.Errorf("%w: %s %d is not what its entries amount to", ErrDiffers, t.name, last), err)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if next = last + 1; n < proofRows {
		next, last = 0, math.MaxInt64
	}
	//mutant:no-row-is-missing
	if want := mine(low, last); n != want {
		return 0, fmt.Errorf("%w: table %s has %d rows from %d on, its entries amount to %d", ErrDiffers, t.name, n, low, want)
	}
	return next, nil
}

func (f file) compareDayAttempts(ctx context.Context, b *fold.Books, at chain.Cursor, day Day, from int64) (int64, error) {
	return f.piece(ctx, tables[0], "id >= ?", []any{max(from, int64(day.First))}, attemptIs(b), func(low, high int64) (n int) {
		for id := low; id <= min(high, at.Attempt); id++ { // and not all of them for each piece: a day has many pieces
			if _, known := b.Attempts[txn.ID(id)]; known {
				n++
			}
		}
		return n
	})
}

func (f file) compareDayBills(ctx context.Context, b *fold.Books, at chain.Cursor, day Day, from int64) (int64, error) {
	return f.piece(ctx, tables[5], "sale >= ? AND batch = ?", []any{from, day.Batch}, billIs(b), func(low, high int64) (n int) {
		for sale := low; sale <= min(high, at.Seq); sale++ { // a sale has the number of its entry
			if bill, known := b.Bills[sale]; known && bill.Batch == day.Batch {
				n++
			}
		}
		return n
	})
}

// compareTouched compares attempts of earlier days that this day had to do with.
func (f file) compareTouched(ctx context.Context, touched []txn.Attempt) error {
	for _, want := range touched {
		var a txn.Attempt
		if err := f.read(ctx, sqlReadAttempt, int64(want.ID), &a); err != nil || !fold.Same(a, want) {
			return errors.Join(fmt.Errorf("%w: attempt %s is not what its entries amount to", ErrDiffers, want.ID), err)
		}
	}
	return nil
}

// compareOpenDay compares the rows of the open day and of the Z before it.
func (j *Journal) compareOpenDay(ctx context.Context, p Proven) error {
	days, err := j.days(ctx, sqlDays+` ORDER BY batch DESC LIMIT 2`)
	if err != nil {
		return err
	}
	var before Day
	if len(days) > 1 {
		before = days[1]
	}
	z := func(d Day) Day { return Day{Batch: d.Batch, Z: d.Z, ClosedMs: d.ClosedMs, Totals: d.Totals} }
	//mutant:days-are-compared
	if len(days) == 0 || !reflect.DeepEqual(days[0], p.Day) || !reflect.DeepEqual(z(before), z(p.Before)) {
		return fmt.Errorf("%w: day %d, or the Z before it, is not what its entries amount to", ErrDiffers, p.Day.Batch)
	}
	return nil
}

// readBeside reads what the tables say of attempts of any day.
func (j *Journal) readBeside(ctx context.Context, p *Proven) error {
	owed, err := listed[txn.Attempt](ctx, j, sqlOwed)
	if err != nil {
		return err
	}
	p.UnresolvedRows = slices.DeleteFunc(owed, func(a txn.Attempt) bool { return !a.CarriedOver() })
	p.KeptRows, err = listed[txn.Attempt](ctx, j, sqlKept)
	return err
}
