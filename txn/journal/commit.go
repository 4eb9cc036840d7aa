package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"veratill/txn"
)

const (
	sqlEntry   = `INSERT INTO entry (seq, kind, ref, body, hash) VALUES (?, ?, ?, ?, ?)`
	sqlSale    = `INSERT INTO sale (id, body) VALUES (?, ?)`
	sqlAttempt = `INSERT INTO attempt (id, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlMove     = `UPDATE attempt SET owed = ?, state = ?, paper = ?, body = ? WHERE id = ?`
	sqlMoveEnd  = `UPDATE attempt SET owed = ?, state = ?, paper = ?, body = ?, sealed = NULL WHERE id = ?`
	sqlPrint    = `INSERT INTO print (id, kind, attempt, outcome, body) VALUES (?, ?, ?, ?, ?)`
	sqlPrinted  = `UPDATE print SET outcome = ?, body = ? WHERE id = ?`
	sqlDay      = `INSERT INTO day (batch, currency, opened_ms) VALUES (?, ?, ?)`
	sqlDayClose = `UPDATE day SET z = ?, closed_ms = ?, totals = ? WHERE batch = ? AND z IS NULL`
	sqlReserve  = `INSERT INTO reserved (id, purpose) VALUES (?, ?)`
	sqlBegin    = `BEGIN IMMEDIATE`
	sqlCommit   = `COMMIT`
	sqlFull     = `PRAGMA synchronous = FULL`
	sqlNormal   = `PRAGMA synchronous = NORMAL` // in WAL mode: written now, synced with the next synced commit
)

// Commit appends records in one transaction. Synced: when it returns, they survive
// a power cut. Lazy: they survive a killed program, and a power cut from the next
// synced commit on.
//
// An error means that it is not known whether the records are kept; from then on
// every Commit fails with ErrFailed, because a retry after a failed sync lies.
func (j *Journal) Commit(ctx context.Context, d txn.Durability, records ...txn.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	// A caller that goes away must not tear a commit in two.
	ctx = context.WithoutCancel(ctx)
	if err := j.commit(ctx, d, records); err != nil {
		j.failed = explain(j.path(), fmt.Errorf("%w: %w", ErrFailed, err))
		return j.failed
	}
	return nil
}

func (j *Journal) commit(ctx context.Context, d txn.Durability, records []txn.Record) error {
	if lazy := d == txn.Lazy; lazy != j.lazy {
		pragma := sqlFull
		if lazy {
			pragma = sqlNormal
		}
		if err := j.exec(ctx, pragma); err != nil {
			return err
		}
		j.lazy = lazy
	}
	if err := j.exec(ctx, sqlBegin); err != nil {
		return err
	}
	seq, head := j.seq, j.head
	for _, r := range records {
		if err := j.append(ctx, &seq, &head, r); err != nil {
			return err
		}
	}
	if err := j.exec(ctx, sqlCommit); err != nil {
		return err
	}
	j.seq, j.head = seq, head
	j.commits++
	for _, r := range records {
		j.count(r)
	}
	return nil
}

func (j *Journal) append(ctx context.Context, seq *int64, head *[32]byte, r txn.Record) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	*seq++
	*head = link(*head, *seq, r.Word(), r.Ref(), body)
	if err := j.exec(ctx, sqlEntry, *seq, r.Word(), r.Ref(), string(body), head[:]); err != nil {
		return err
	}
	return apply(ctx, j, r)
}

// link is the hash chain: SHA-256 over the hash before and every column of the row.
func link(before [32]byte, seq int64, word string, ref int64, body []byte) [32]byte {
	b := make([]byte, 0, 64+len(word)+len(body))
	b = append(b, before[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(seq))
	b = binary.BigEndian.AppendUint64(b, uint64(ref))
	b = append(append(b, word...), 0)
	return sha256.Sum256(append(b, body...))
}

// rows is what apply writes to: the journal itself, or the copy that Verify replays into.
type rows interface {
	exec(ctx context.Context, query string, args ...any) error
	printOf(ctx context.Context, id int64) (txn.Print, error)
}

// apply turns a record into rows. It is the only writer of the tables beside `entry`.
func apply(ctx context.Context, to rows, record txn.Record) error {
	switch r := record.(type) {
	case txn.Booted:
		return nil
	case txn.DayOpened:
		return to.exec(ctx, sqlDay, r.Batch, r.Currency, r.AtMs)
	case txn.DayClosed:
		return to.exec(ctx, sqlDayClose, r.Z, r.AtMs, r.Totals, r.Batch)
	case txn.Reserved:
		return to.exec(ctx, sqlReserve, int64(r.ID), r.Purpose)
	case txn.SaleOpened:
		body, err := json.Marshal(r.Sale)
		if err != nil {
			return err
		}
		return to.exec(ctx, sqlSale, r.Sale.ID, string(body))
	case txn.AttemptOpened:
		return applyOpened(ctx, to, r)
	case txn.AttemptMoved:
		return applyMoved(ctx, to, r.After)
	case txn.PrintOpened:
		return applyPrint(ctx, to, sqlPrint, r.Print)
	case txn.PrintClosed:
		p, err := to.printOf(ctx, r.ID)
		if err != nil {
			return err
		}
		p.Outcome, p.Proof = r.Outcome, r.Proof
		return applyPrint(ctx, to, sqlPrinted, p)
	}
	return fmt.Errorf("%w: record %q", ErrNewer, record.Word())
}

func applyOpened(ctx context.Context, to rows, r txn.AttemptOpened) error {
	a := r.Attempt
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	var sealed any
	if a.Open() && len(r.Sealed) > 0 {
		sealed = r.Sealed
	}
	return to.exec(ctx, sqlAttempt, int64(a.ID), owed(a), string(a.State), string(a.Paper), string(a.Kind),
		string(a.Tender), a.Amount.Minor, a.Cashier, a.OpenedMs, string(body), sealed)
}

// applyMoved writes an attempt as it is now. The PAN goes the moment the attempt is no longer open.
func applyMoved(ctx context.Context, to rows, a txn.Attempt) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	query := sqlMoveEnd
	if a.Open() {
		query = sqlMove
	}
	return to.exec(ctx, query, owed(a), string(a.State), string(a.Paper), string(body), int64(a.ID))
}

func applyPrint(ctx context.Context, to rows, query string, p txn.Print) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if query == sqlPrinted {
		return to.exec(ctx, query, string(p.Outcome), string(body), p.ID)
	}
	return to.exec(ctx, query, p.ID, string(p.Kind), int64(p.Attempt), string(p.Outcome), string(body))
}

// owed marks what a start has to look at: open money, and paper that was not seen to its end.
func owed(a txn.Attempt) int {
	if a.Open() || a.Unpapered() || a.Paper == txn.Printing {
		return 1
	}
	return 0
}

// count keeps the numbers that are handed out next.
func (j *Journal) count(record txn.Record) {
	switch r := record.(type) {
	case txn.DayOpened:
		j.day = Day{Batch: r.Batch, Currency: r.Currency, OpenedMs: r.AtMs}
		j.stan, j.sale = 0, 0
	case txn.DayClosed:
		j.day.Z, j.day.ClosedMs, j.day.Totals = r.Z, r.AtMs, r.Totals
	case txn.Reserved:
		j.stan = max(j.stan, r.ID.STAN())
	case txn.AttemptOpened:
		j.stan = max(j.stan, r.Attempt.ID.STAN())
	case txn.SaleOpened:
		j.sale = max(j.sale, r.Sale.ID%txn.NumbersPerBatch)
	case txn.PrintOpened:
		j.print = max(j.print, r.Print.ID)
	}
}

func (j *Journal) exec(ctx context.Context, query string, args ...any) error {
	if s := j.stmts[query]; s != nil {
		_, err := s.ExecContext(ctx, args...)
		return err
	}
	_, err := j.conn.ExecContext(ctx, query, args...)
	return err
}

func (j *Journal) prepare(ctx context.Context) error {
	j.stmts = map[string]*sql.Stmt{}
	for _, query := range []string{sqlEntry, sqlSale, sqlAttempt, sqlMove, sqlMoveEnd, sqlPrint, sqlPrinted,
		sqlBegin, sqlCommit, sqlReadPrint, sqlReadAttempt, sqlOwed} {
		s, err := j.conn.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		j.stmts[query] = s
	}
	return nil
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
	if err := j.exec(ctx, sqlFull); err != nil {
		return err
	}
	j.lazy = false
	var busy, log, done int
	err := j.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &log, &done)
	if err != nil {
		j.failed = explain(j.path(), fmt.Errorf("%w: %w", ErrFailed, err))
		return j.failed
	}
	if busy != 0 {
		return errors.New("the journal is busy")
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
