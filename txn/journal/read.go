package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/sale"
)

// ORDER BY +id keeps the planner on the partial index: by plain id it scans
// 2 million rows in 273 ms instead of 13 µs (design/journal.md, trap 5).
const (
	sqlOwed        = `SELECT body FROM attempt WHERE owed = 1 ORDER BY +id`
	sqlReadAttempt = `SELECT body FROM attempt WHERE id = ?`
	sqlReadReport  = `SELECT body FROM report WHERE print = ?`
	sqlReadEntry   = `SELECT body FROM entry WHERE seq = ?`
	sqlRange       = `SELECT body FROM attempt WHERE id BETWEEN ? AND ? ORDER BY id`
	sqlLatest      = `SELECT body FROM attempt WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`
	sqlReportsOpen = `SELECT body FROM report WHERE open = 1 ORDER BY +print`
	sqlSealed      = `SELECT sealed FROM attempt WHERE id = ?`
	sqlDays        = `SELECT batch, currency, opened_ms, COALESCE(z, 0), COALESCE(closed_ms, 0), totals FROM day`
	// The newest number up to a batch's last; SQLite takes longer to plan one query for both tables.
	sqlLastAttempt  = `SELECT MAX(id) FROM attempt WHERE id <= ?`
	sqlLastReserved = `SELECT MAX(id) FROM reserved WHERE id <= ?`
	sqlTail         = `SELECT seq, print, body, hash FROM entry ORDER BY seq DESC LIMIT ?`
)

// tailRows is how many of the newest entries are checked at each start; the rest
// is checked by Verify, which takes seconds.
const tailRows = 64

// Day is a business day: one batch.
type Day struct {
	Batch    int64
	Currency string
	OpenedMs int64
	Z        int64 // 0 while it is open
	ClosedMs int64
	Totals   []byte // JSON of the Z as it was printed
}

// load reads what the next numbers follow from, and checks the chain's end.
func (j *Journal) load(ctx context.Context) error {
	last, err := j.days(ctx, sqlDays+` ORDER BY batch DESC LIMIT 1`)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		j.day = last[0]
	}
	low, high := span(j.day.Batch)
	j.stan = 0
	for _, query := range []string{sqlLastAttempt, sqlLastReserved} {
		var last sql.NullInt64
		if err := j.conn.QueryRowContext(ctx, query, high).Scan(&last); err != nil {
			return err
		}
		j.stan = max(j.stan, last.Int64-low)
	}
	return j.loadTail(ctx)
}

func (j *Journal) loadTail(ctx context.Context) error {
	tail := make([]entry, 0, tailRows) // newest first: SQLite would have to sort them
	err := j.entries(ctx, sqlTail, []any{tailRows}, func(e entry) error {
		tail = append(tail, e)
		return nil
	})
	if err != nil {
		return err
	}
	var chain chain
	for _, e := range slices.Backward(tail) {
		// The oldest of the tail is taken as it is; the ones after it have to follow from it.
		follow := chain.next
		if !chain.begun {
			follow = chain.begin
		}
		if err := follow(e); err != nil {
			return err
		}
	}
	j.seq, j.head, j.print = chain.seq, chain.head, chain.print
	return nil
}

// span is the range of IDs of a batch.
func span(batch int64) (low, high int64) {
	return batch * txn.NumbersPerBatch, batch*txn.NumbersPerBatch + txn.NumbersPerBatch - 1
}

// OpenDay is the business day that is open.
func (j *Journal) OpenDay() Day {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.day
}

// Head is the number and the hash of the newest entry: printed on a Z, it pins everything before it.
func (j *Journal) Head() (seq int64, hash [32]byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq, j.head
}

// NextAttempt is the ID for the next attempt. It is taken by committing it.
func (j *Journal) NextAttempt() (txn.ID, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stan+1 >= txn.NumbersPerBatch {
		return 0, ErrBatchFull
	}
	return txn.NewID(j.day.Batch, j.stan+1)
}

// NextSale is the number for the next sale: that of the entry that will hold it. A
// sale therefore has to be in the very next commit.
func (j *Journal) NextSale() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq + 1
}

// NextPrint is the number for the next print.
func (j *Journal) NextPrint() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.print + 1
}

// Owed lists attempts whose money or paper is unfinished, oldest first.
func (j *Journal) Owed(ctx context.Context) ([]txn.Attempt, error) {
	return list[txn.Attempt](ctx, j, sqlOwed)
}

// Attempts lists a batch's attempts in order.
func (j *Journal) Attempts(ctx context.Context, batch int64) ([]txn.Attempt, error) {
	low, high := span(batch)
	return list[txn.Attempt](ctx, j, sqlRange, low, high)
}

// Latest lists the newest attempts of a batch, newest first.
func (j *Journal) Latest(ctx context.Context, batch int64, limit int) ([]txn.Attempt, error) {
	low, high := span(batch)
	return list[txn.Attempt](ctx, j, sqlLatest, low, high, limit)
}

// AllAttempts lists every attempt of every batch in order.
func (j *Journal) AllAttempts(ctx context.Context) ([]txn.Attempt, error) {
	return list[txn.Attempt](ctx, j, sqlRange, 0, int64(1)<<62)
}

// Attempt is one attempt as it is now.
func (j *Journal) Attempt(ctx context.Context, id txn.ID) (txn.Attempt, error) {
	return one[txn.Attempt](ctx, j, sqlReadAttempt, int64(id))
}

// Sale is one sale, read from the entry that it is named after.
func (j *Journal) Sale(ctx context.Context, id int64) (sale.Sale, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var records []struct {
		Opened *txn.SaleOpened `json:"sale"`
	}
	if err := scanBody(j.conn.QueryRowContext(ctx, sqlReadEntry, id), &records); err != nil {
		return sale.Sale{}, err
	}
	for _, r := range records {
		if r.Opened != nil {
			return r.Opened.Sale, nil
		}
	}
	return sale.Sale{}, ErrNotFound
}

// ReportsOpen lists prints of an X or a Z that were begun and not ended.
func (j *Journal) ReportsOpen(ctx context.Context) ([]txn.Print, error) {
	return list[txn.Print](ctx, j, sqlReportsOpen)
}

// Sealed is the encrypted PAN of an open attempt; nil once it has ended.
func (j *Journal) Sealed(ctx context.Context, id txn.ID) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var sealed []byte
	err := j.conn.QueryRowContext(ctx, sqlSealed, int64(id)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return sealed, err
}

// Days lists the business days, newest first.
func (j *Journal) Days(ctx context.Context) ([]Day, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.days(ctx, sqlDays+` ORDER BY batch DESC`)
}

func (j *Journal) days(ctx context.Context, query string) ([]Day, error) {
	rows, err := j.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Day
	for rows.Next() {
		var d Day
		if err := rows.Scan(&d.Batch, &d.Currency, &d.OpenedMs, &d.Z, &d.ClosedMs, &d.Totals); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// report is for apply, which runs inside a commit and holds the lock already.
func (j *Journal) report(ctx context.Context, print int64) (txn.Print, error) {
	var p txn.Print
	err := scanBody(j.conn.QueryRowContext(ctx, sqlReadReport, print), &p)
	return p, err
}

func scanBody(row *sql.Row, into any) error {
	var body string
	err := row.Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), into)
}

// one and list take microseconds: what would watch for a caller that goes away costs more.

func one[T any](ctx context.Context, j *Journal, query string, args ...any) (T, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	var v T
	s, err := j.prepared(ctx, query)
	if err != nil {
		return v, err
	}
	err = scanBody(s.QueryRowContext(ctx, args...), &v)
	return v, err
}

func list[T any](ctx context.Context, j *Journal, query string, args ...any) ([]T, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	s, err := j.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		var v T
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
