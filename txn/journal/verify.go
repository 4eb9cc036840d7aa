package journal

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"veratill/txn"
)

// entry is one row of the chain.
type entry struct {
	seq   int64
	print int64
	body  string
	hash  []byte
}

// chain follows entries and notices a row that was changed, removed or added.
type chain struct {
	begun bool
	seq   int64
	print int64
	head  [32]byte
}

func (c *chain) begin(e entry) error {
	if len(e.hash) != len(c.head) {
		return fmt.Errorf("%w: entry %d has no hash", ErrDamaged, e.seq)
	}
	c.begun, c.seq, c.print = true, e.seq, e.print
	copy(c.head[:], e.hash)
	return nil
}

func (c *chain) next(e entry) error {
	if e.seq != c.seq+1 {
		return fmt.Errorf("%w: entry %d is missing", ErrDamaged, c.seq+1)
	}
	want := chained(c.head, e.seq, e.print, []byte(e.body))
	if string(want[:]) != string(e.hash) {
		return fmt.Errorf("%w: entry %d does not follow from the one before", ErrDamaged, e.seq)
	}
	c.begun, c.seq, c.print, c.head = true, e.seq, e.print, want
	return nil
}

func (f file) entries(ctx context.Context, query string, args []any, each func(entry) error) error {
	rows, err := f.conn.query(ctx, query, args...)
	if err != nil {
		return err
	}
	return rows.each(func(row []driver.Value) error {
		var e entry
		e.seq, _ = row[0].(int64)
		e.print, _ = row[1].(int64)
		e.body, _ = row[2].(string)
		e.hash, _ = row[3].([]byte)
		return each(e)
	})
}

// Verified is what Verify found in order.
type Verified struct {
	Entries  int64  `json:"entries"`
	Attempts int64  `json:"attempts"`
	Reports  int64  `json:"reports"`
	Days     int64  `json:"days"`
	Head     string `json:"head"` // hex of the newest entry's hash
}

// Verify checks SQLite's own structure, follows the chain from its first entry,
// replays every record through the machine, and compares what they amount to with
// what the tables say. The error names the first thing that does not hold.
func (j *Journal) Verify(ctx context.Context) (Verified, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	v, err := j.verify(ctx)
	if err != nil {
		return v, explain(j.path(), err)
	}
	return v, nil
}

func (f file) verify(ctx context.Context) (Verified, error) {
	var v Verified
	verdict, err := first[string](f.conn.query(ctx, "PRAGMA integrity_check(1)"))
	if err != nil {
		return v, err
	}
	if verdict != "ok" {
		return v, fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	copied, err := newReplay(ctx)
	if err != nil {
		return v, err
	}
	defer copied.close()
	c := chain{begun: true}
	err = f.entries(ctx, `SELECT seq, print, body, hash FROM entry ORDER BY seq`, nil, func(e entry) error {
		if err := c.next(e); err != nil {
			return err
		}
		return copied.replay(ctx, e)
	})
	if err != nil {
		return v, err
	}
	v.Entries, v.Head = c.seq, fmt.Sprintf("%x", c.head)
	for _, t := range replayed {
		n, err := f.compare(ctx, copied, t)
		if err != nil {
			return v, err
		}
		switch t.name {
		case "attempt":
			v.Attempts = n
		case "report":
			v.Reports = n
		case "day":
			v.Days = n
		}
	}
	return v, nil
}

type table struct{ name, columns, key string }

func (t table) query() string {
	return fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", t.columns, t.name, t.key)
}

// replayed lists the tables with the columns that the chain determines.
var replayed = []table{
	{"attempt", "id, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body", "id"},
	{"report", "print, open, body", "print"},
	{"day", "batch, currency, opened_ms, z, closed_ms, totals", "batch"},
	{"reserved", "id, purpose", "id"},
}

// replay is an empty journal in memory, with a transaction open on it.
type replay struct{ file }

func newReplay(ctx context.Context) (*replay, error) {
	all, err := readMigrations(builtIn())
	if err != nil {
		return nil, err
	}
	c, err := dial(ctx, ":memory:")
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if err := m.apply(ctx, c); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	if err := c.run(ctx, sqlBegin); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return &replay{file{c}}, nil
}

func (r *replay) exec(ctx context.Context, query string, args ...any) error {
	return r.conn.exec(ctx, query, args...)
}

// replay applies one entry, asking the machine again what its events lead to.
func (r *replay) replay(ctx context.Context, e entry) error {
	var records []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(e.body), &records); err != nil {
		return fmt.Errorf("%w: entry %d: %w", ErrDamaged, e.seq, err)
	}
	for _, one := range records {
		for word, body := range one {
			err := r.record(ctx, word, body)
			if errors.Is(err, ErrNewer) {
				return fmt.Errorf("entry %d: %w", e.seq, err)
			}
			if err != nil { // it can't follow from the entries before it
				return fmt.Errorf("%w: entry %d: %w", ErrDamaged, e.seq, err)
			}
		}
	}
	return nil
}

func (r *replay) record(ctx context.Context, word string, body []byte) error {
	blank := txn.NewRecord(word)
	if blank == nil {
		return fmt.Errorf("%w: record %q", ErrNewer, word)
	}
	if err := json.Unmarshal(body, blank); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	record := reflect.ValueOf(blank).Elem().Interface().(txn.Record)
	if moved, ok := record.(txn.AttemptMoved); ok {
		var before txn.Attempt
		if err := r.read(ctx, sqlReadAttempt, int64(moved.ID), &before); err != nil {
			return err
		}
		d, err := txn.Step(before, moved.Event)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		moved.After = d.After
		record = moved
	}
	return apply(ctx, r, record, nil)
}

// Sum is a hash over every row of the tables that the chain amounts to: two journals
// that hold the same have the same. It reads everything.
func (j *Journal) Sum(ctx context.Context) (sum [32]byte, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := sha256.New()
	for _, t := range replayed {
		rows, err := j.conn.query(ctx, t.query())
		if err != nil {
			return sum, err
		}
		err = rows.each(func(row []driver.Value) error {
			_, err := fmt.Fprintf(all, "%s %v\n", t.name, row)
			return err
		})
		if err != nil {
			return sum, err
		}
	}
	return [32]byte(all.Sum(nil)), nil
}

// compare walks a table here and in the replay side by side.
func (f file) compare(ctx context.Context, with *replay, t table) (int64, error) {
	here, err := f.conn.query(ctx, t.query())
	if err != nil {
		return 0, err
	}
	defer here.rows.Close()
	there, err := with.conn.query(ctx, t.query())
	if err != nil {
		return 0, err
	}
	defer there.rows.Close()
	for n := int64(0); ; n++ {
		ours, err := here.next()
		if err != nil {
			return n, err
		}
		theirs, err := there.next()
		if err != nil {
			return n, err
		}
		switch {
		case !ours && !theirs:
			return n, nil
		case ours != theirs:
			return n, fmt.Errorf("%w: table %s has too many or too few rows", ErrDamaged, t.name)
		case !reflect.DeepEqual(here.row, there.row):
			return n, fmt.Errorf("%w: %s %v is not what its entries amount to", ErrDamaged, t.name, here.row[0])
		}
	}
}
