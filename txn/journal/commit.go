package journal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"veratill/txn"
)

const (
	sqlEntry   = `INSERT INTO entry (seq, print, body, hash) VALUES (?, ?, ?, ?)`
	sqlAttempt = `INSERT INTO attempt (id, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlMove         = `UPDATE attempt SET state = ?, paper = ?, body = ? WHERE id = ?`
	sqlMoveOwed     = `UPDATE attempt SET state = ?, paper = ?, body = ?, sealed = NULL WHERE id = ?`
	sqlMoveSettled  = `UPDATE attempt SET state = ?, paper = ?, body = ?, sealed = NULL, owed = 0 WHERE id = ?`
	sqlReport       = `INSERT INTO report (print, open, body) VALUES (?, 1, ?)`
	sqlReportClosed = `UPDATE report SET open = 0, body = ? WHERE print = ?`
	sqlDay          = `INSERT INTO day (batch, currency, opened_ms) VALUES (?, ?, ?)`
	sqlDayClose     = `UPDATE day SET z = ?, closed_ms = ?, totals = ? WHERE batch = ? AND z IS NULL`
	sqlReserve      = `INSERT INTO reserved (id, purpose) VALUES (?, ?)`
	sqlBegin        = `BEGIN IMMEDIATE`
	sqlCommit       = `COMMIT`
	// A prepared PRAGMA synchronous acts when it is prepared, not when it runs: these two never are.
	sqlFull   = `PRAGMA synchronous = FULL`
	sqlNormal = `PRAGMA synchronous = NORMAL` // in WAL mode: written now, synced with the next synced commit
)

// Commit appends records in one transaction. Synced: when it returns, they survive
// a power cut. Lazy: they survive a killed program, and a power cut from the next
// synced commit on.
//
// A disk that refuses is survived by going on in a new file, where one can be made; the
// records are in it then. An error means that it is not known whether they are kept; from
// then on every Commit fails with ErrFailed, because a retry after a failed sync lies.
func (j *Journal) Commit(ctx context.Context, d txn.Durability, records ...txn.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	// A caller that goes away must not tear a commit in two.
	ctx = context.WithoutCancel(ctx)
	err := j.commit(ctx, d, records)
	if err != nil {
		err = j.survive(ctx, err, records)
	}
	return j.stopOn(err)
}

// stopOn makes an error the last word of this journal.
func (j *Journal) stopOn(err error) error {
	if err != nil {
		if diskFailed(err) && !j.doubtful { // the first commit of a new generation: nobody has left word of it
			j.doubt()
		}
		j.failed = explain(j.path(), fmt.Errorf("%w: %w", ErrFailed, err))
	}
	return j.failed
}

func (j *Journal) commit(ctx context.Context, d txn.Durability, records []txn.Record) error {
	if d == txn.Synced {
		return j.write(ctx, records)
	}
	// Setting it back here keeps the next synced commit, for which somebody waits, short.
	if err := j.exec(ctx, sqlNormal); err != nil {
		return err
	}
	if err := j.write(ctx, records); err != nil {
		return err
	}
	return j.exec(ctx, sqlFull)
}

// link is a row of the chain that is about to be written.
type link struct {
	seq, print int64
	body       []byte
	hash       [32]byte
}

// next is the entry that holds these records.
func (j *Journal) next(records []txn.Record) (link, error) {
	l := link{seq: j.seq + 1, print: j.print}
	var err error
	if l.body, err = encode(records); err != nil {
		return l, err
	}
	for _, r := range records {
		l.print = max(l.print, printOf(r))
		if s, ok := r.(txn.SaleOpened); ok && s.Sale.ID != l.seq {
			return l, fmt.Errorf("sale %d in entry %d, which has to name it", s.Sale.ID, l.seq)
		}
	}
	l.hash = chained(j.head, l.seq, l.print, l.body)
	return l, nil
}

// write is one transaction: the records' rows, and one entry that chains them.
func (j *Journal) write(ctx context.Context, records []txn.Record) error {
	l, err := j.next(records)
	if err != nil {
		return err
	}
	if err := j.exec(ctx, sqlBegin); err != nil {
		return err
	}
	if err := j.exec(ctx, sqlEntry, l.seq, l.print, string(l.body), l.hash[:]); err != nil {
		return err
	}
	for i, r := range records {
		if err := apply(ctx, j, r, records[i+1:]); err != nil {
			return err
		}
	}
	if err := j.exec(ctx, sqlCommit); err != nil {
		return err
	}
	j.seq, j.head, j.print = l.seq, l.hash, l.print
	j.commits++
	for _, r := range records {
		j.count(r)
	}
	return nil
}

// encode writes records as [{"word": {…}}, …].
func encode(records []txn.Record) ([]byte, error) {
	body := []byte{'['}
	for i, r := range records {
		one, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(append(strconv.AppendQuote(append(body, '{'), r.Word()), ':'), one...)
		body = append(body, '}')
	}
	return append(body, ']'), nil
}

// printOf is the number of a print that a record begins, or 0.
func printOf(record txn.Record) int64 {
	switch r := record.(type) {
	case txn.AttemptMoved:
		return r.Event.PrintID
	case txn.ReportOpened:
		return r.Print.ID
	}
	return 0
}

// chained is the hash chain: SHA-256 over the hash before and every column of the row.
func chained(before [32]byte, seq, print int64, body []byte) [32]byte {
	sum := sha256.New()
	var numbers [16]byte
	binary.BigEndian.PutUint64(numbers[:], uint64(seq))
	binary.BigEndian.PutUint64(numbers[8:], uint64(print))
	sum.Write(before[:])
	sum.Write(numbers[:])
	sum.Write(body)
	return [32]byte(sum.Sum(nil))
}

// rows is what apply writes to: the journal itself, or the copy that Verify replays into.
type rows interface {
	exec(ctx context.Context, query string, args ...any) error
	report(ctx context.Context, print int64) (txn.Print, error)
}

// apply turns a record into rows. It is the only writer of the tables beside `entry`.
// rest are the records that follow in the same commit: a row that they write again is left to them.
func apply(ctx context.Context, to rows, record txn.Record, rest []txn.Record) error {
	switch r := record.(type) {
	case txn.Booted, txn.Tidied, txn.Renewed, txn.SaleOpened: // the entry itself is all there is of them
		return nil
	case txn.DayOpened:
		return to.exec(ctx, sqlDay, r.Batch, r.Currency, r.AtMs)
	case txn.DayClosed:
		return to.exec(ctx, sqlDayClose, r.Z, r.AtMs, r.Totals, r.Batch)
	case txn.Reserved:
		return to.exec(ctx, sqlReserve, int64(r.ID), r.Purpose)
	case txn.AttemptOpened:
		return withBody(r.Attempt, func(body string) error { return applyOpened(ctx, to, r, body) })
	case txn.AttemptMoved:
		if movedAgain(r.ID, rest) {
			return nil
		}
		return withBody(r.After, func(body string) error { return applyMoved(ctx, to, r.After, body) })
	case txn.ReportOpened:
		return withBody(r.Print, func(body string) error { return to.exec(ctx, sqlReport, r.Print.ID, body) })
	case txn.ReportClosed:
		p, err := to.report(ctx, r.ID)
		if err != nil {
			return err
		}
		p.Outcome, p.Proof = r.Outcome, r.Proof
		return withBody(p, func(body string) error { return to.exec(ctx, sqlReportClosed, body, r.ID) })
	}
	return fmt.Errorf("%w: record %q", ErrNewer, record.Word())
}

func withBody(v any, write func(body string) error) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return write(string(body))
}

func movedAgain(id txn.ID, rest []txn.Record) bool {
	for _, r := range rest {
		if m, ok := r.(txn.AttemptMoved); ok && m.ID == id {
			return true
		}
	}
	return false
}

func applyOpened(ctx context.Context, to rows, r txn.AttemptOpened, body string) error {
	a := r.Attempt
	var sealed any
	if a.Open() && len(r.Sealed) > 0 {
		sealed = r.Sealed
	}
	owed := 0
	if a.Owes() {
		owed = 1
	}
	return to.exec(ctx, sqlAttempt, int64(a.ID), owed, string(a.State), string(a.Paper), string(a.Kind),
		string(a.Tender), a.Amount.Minor, a.Cashier, a.OpenedMs, body, sealed)
}

// applyMoved writes an attempt as it is now. The PAN goes the moment the attempt is
// no longer open. `owed` is only touched where it can change, to spare its index a page.
func applyMoved(ctx context.Context, to rows, a txn.Attempt, body string) error {
	query := sqlMove
	switch {
	case !a.Owes():
		query = sqlMoveSettled
	case !a.Open():
		query = sqlMoveOwed
	}
	if a.Owes() && reopens(a) {
		if err := to.exec(ctx, sqlOwedAgain, int64(a.ID)); err != nil {
			return err
		}
	}
	return to.exec(ctx, query, string(a.State), string(a.Paper), body, int64(a.ID))
}

// sqlOwedAgain marks an attempt that had been finished with: a copy or a note of it is being printed.
const sqlOwedAgain = `UPDATE attempt SET owed = 1 WHERE id = ? AND owed = 0`

func reopens(a txn.Attempt) bool {
	last := len(a.Prints) - 1
	return last >= 0 && a.Prints[last].Kind != txn.PrintOriginal && a.Prints[last].Outcome == txn.Printing
}

// count keeps the numbers that are handed out next.
func (j *Journal) count(record txn.Record) {
	switch r := record.(type) {
	case txn.DayOpened:
		j.day = Day{Batch: r.Batch, Currency: r.Currency, OpenedMs: r.AtMs}
		j.stan = 0
	case txn.DayClosed:
		j.day.Z, j.day.ClosedMs, j.day.Totals = r.Z, r.AtMs, r.Totals
	case txn.Reserved:
		j.stan = max(j.stan, r.ID.STAN())
	case txn.AttemptOpened:
		j.stan = max(j.stan, r.Attempt.ID.STAN())
	}
}

func (j *Journal) exec(ctx context.Context, query string, args ...any) error {
	if query == sqlFull || query == sqlNormal {
		return j.conn.run(ctx, query)
	}
	return j.conn.exec(ctx, query, args...)
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
	tidied := []txn.Record{txn.Tidied{AtMs: j.now().UnixMilli()}}
	err := j.tidy(ctx, tidied)
	if errors.Is(err, errBusy) {
		return err
	}
	if err != nil {
		err = j.survive(ctx, err, tidied)
	}
	return j.stopOn(err)
}

var errBusy = errors.New("the journal is busy")

func (j *Journal) tidy(ctx context.Context, tidied []txn.Record) error {
	busy, err := first[int64](j.conn.query(ctx, "PRAGMA wal_checkpoint(PASSIVE)"))
	if err != nil {
		return err
	}
	if busy != 0 {
		return errBusy
	}
	// The first frame after a checkpoint costs one more sync, for the WAL's new
	// header. It is spent here, so that no sale meets it.
	if err := j.write(ctx, tidied); err != nil {
		return err
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
