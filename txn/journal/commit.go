package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
)

const (
	sqlBegin  = `BEGIN IMMEDIATE`
	sqlCommit = `COMMIT`
	sqlEntry  = `INSERT INTO entry (seq, version, print, attempt, body, hash) VALUES (?, ?, ?, ?, ?, ?)`
)

// Commit appends records in one transaction, as one entry of one actor. Synced: when it returns,
// they survive a power cut. Lazy: they survive a killed program, and a power cut from the next
// synced commit on.
//
// A disk that refuses is survived by going on in a new file, where one can be made; the
// records are in it then. An error means that it is not known whether they are kept; from
// then on every Commit fails with ErrFailed, because a retry after a failed sync lies.
func (j *Journal) Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	//mutant:failed-stays-failed
	if j.failed != nil {
		return j.failed
	}
	// A caller that goes away must not tear a commit in two.
	ctx = context.WithoutCancel(ctx)
	next, err := j.next(by, records)
	if err != nil {
		return j.stopOn(err)
	}
	return j.put(ctx, d, next)
}

// put commits an entry, and goes on in a new file where the disk refuses.
func (j *Journal) put(ctx context.Context, d txn.Durability, next commit) error {
	err := j.write(ctx, next)
	//mutant:money-is-synced
	if err == nil && d == txn.Synced {
		err = j.sync()
	}
	if err != nil {
		//mutant:failed-sync-is-survived
		err = j.survive(ctx, err, next)
	}
	return j.stopOn(err)
}

// stopOn makes an error the last word of this journal.
func (j *Journal) stopOn(err error) error {
	if err != nil {
		if diskFailed(err) && !j.doubtful { // the first commit of a new generation: nobody has left word of it
			//mutant:new-file-is-doubted
			j.doubt()
		}
		j.failed = explain(j.path(), fmt.Errorf("%w: %w", ErrFailed, err))
	}
	return j.failed
}

// commit is an entry that is about to be written, with its records.
type commit struct {
	chain.Entry
	by      txn.Actor
	records []txn.Record
	lifted  *fold.Books // of the first entry of a newer version: what the tables have to hold from now on
}

// next is the entry that holds these records.
func (j *Journal) next(by txn.Actor, records []txn.Record) (commit, error) {
	body, err := fold.Encode(by, records)
	if err != nil {
		return commit{}, err
	}
	print, attempt := j.at.Print, j.at.Attempt
	for _, r := range records {
		//mutant:numbers-follow-from-entries
		print, attempt = max(print, printOf(r)), max(attempt, attemptOf(r))
		if s, ok := r.(txn.SaleOpened); ok && s.Sale.ID != j.at.Seq+1 {
			return commit{}, fmt.Errorf("sale %d in entry %d, which has to name it", s.Sale.ID, j.at.Seq+1)
		}
	}
	return commit{Entry: j.at.Next(j.versions.Newest(), print, attempt, body), by: by, records: records}, nil
}

// write is one transaction: an entry, and the rows that its records amount to. It is in the WAL
// when write returns, and durable after sync.
func (j *Journal) write(ctx context.Context, c commit) error {
	if err := j.conn.exec(ctx, sqlBegin); err != nil {
		return err
	}
	if c.lifted != nil {
		if err := j.refold(ctx, c.lifted); err != nil {
			return err
		}
	}
	if err := j.conn.exec(ctx, sqlEntry, c.Seq, c.Version, c.Print, c.Attempt, string(c.Body), c.Hash[:]); err != nil {
		return err
	}
	for i, r := range c.records {
		if err := apply(ctx, j.file, r, c.records[i+1:]); err != nil {
			return err
		}
	}
	if err := j.conn.exec(ctx, sqlCommit); err != nil {
		return err
	}
	j.at = chain.At(c.Entry)
	j.commits++
	for _, r := range c.records {
		j.count(r)
	}
	return nil
}

// sync makes all that was written durable. SQLite itself syncs nothing at a commit
// (synchronous=NORMAL): it would sync the WAL's size and times too, which on a file system with a
// journal of its own costs a second write. The WAL has its room already, so data alone is enough.
func (j *Journal) sync() error {
	if j.durable == j.at {
		return nil
	}
	if err := j.wal.DataSync(); err != nil {
		return syncError{err}
	}
	j.durable = j.at
	return nil
}

// syncError is a sync of the WAL that failed: the commit before it succeeded, and what the disk has
// of it is not known.
type syncError struct{ error }

func (e syncError) Unwrap() error { return e.error }

// Sync makes every entry so far durable, as a synced commit would, without writing one.
func (j *Journal) Sync(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.syncOrSurvive(ctx)
}

func (j *Journal) syncOrSurvive(ctx context.Context) error {
	if j.failed != nil {
		return j.failed
	}
	err := j.sync()
	if err != nil {
		err = j.survive(context.WithoutCancel(ctx), err, commit{})
	}
	return j.stopOn(err)
}

// printOf is the number of a print that a record begins, or 0.
func printOf(record txn.Record) int64 {
	switch r := record.(type) {
	case txn.AttemptMoved:
		return r.Event.PrintID
	case txn.SaleMoved:
		return r.Event.PrintID
	case txn.ReportOpened:
		return r.Print.ID
	}
	return 0
}

// attemptOf is the number that a record uses up, with all below it; or 0.
func attemptOf(record txn.Record) int64 {
	switch r := record.(type) {
	case txn.AttemptOpened:
		return int64(r.Attempt.ID)
	case txn.NumbersMoved:
		return int64(r.To)
	}
	return 0
}

// count keeps the numbers that are handed out next.
func (j *Journal) count(record txn.Record) {
	switch r := record.(type) {
	case txn.Booted:
		if r.Identity.Books != "" {
			j.identity = r.Identity
		}
	case txn.DayOpened:
		j.day = Day{Batch: r.Batch, Currency: r.Currency, First: txn.ID(j.at.Attempt + 1), OpenedMs: r.AtMs}
	case txn.NumbersMoved:
		j.numbers = j.numbers.Move(r)
	case txn.NumbersSeen:
		j.numbers = j.numbers.Seen()
	case txn.DayClosed:
		j.day.Z, j.day.ClosedMs, j.day.Totals = r.Z, r.AtMs, r.Totals
	}
}

// Idle is called when no sale is under way. It moves the WAL into the database, so
// that no sale pays for it.
func (j *Journal) Idle(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil || j.commits < idleCommits {
		return j.failed
	}
	return j.checkpoint(ctx)
}

// idleCommits is about a third of the prefilled WAL at six pages a commit.
const idleCommits = 64

func (j *Journal) checkpoint(ctx context.Context) error {
	tidied, err := j.next(txn.ByTill, []txn.Record{txn.Tidied{AtMs: j.now().UnixMilli()}})
	if err == nil {
		err = j.tidy(ctx, tidied)
	}
	if errors.Is(err, errBusy) {
		return err
	}
	if err != nil {
		err = j.survive(ctx, err, tidied)
	}
	return j.stopOn(err)
}

var errBusy = errors.New("the journal is busy")

func (j *Journal) tidy(ctx context.Context, tidied commit) error {
	if err := j.moveWAL(ctx); err != nil {
		return err
	}
	// The first frame after a checkpoint costs one more sync, for the WAL's new
	// header. It is spent here, so that no sale meets it.
	return j.write(ctx, tidied)
}

// moveWAL moves the WAL into the database. SQLite syncs the WAL before and the database after.
func (j *Journal) moveWAL(ctx context.Context) error {
	busy, err := first[int64](j.conn.query(ctx, "PRAGMA wal_checkpoint(PASSIVE)"))
	if err != nil {
		return err
	}
	if busy != 0 {
		return errBusy
	}
	j.commits = 0
	return nil
}

// Failed is the error that stopped the journal, or nil while it works.
func (j *Journal) Failed() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

func marshal(v any) (string, error) {
	body, err := json.Marshal(v)
	return string(body), err
}
