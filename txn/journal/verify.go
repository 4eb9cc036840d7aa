package journal

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
	"veratill/txn/sale"
)

// The columns and the order of `entry` are fixed for ever: a program that is too old reads them too.
const (
	sqlEntries      = `SELECT seq, version, print, attempt, body, hash FROM entry ORDER BY seq`
	sqlCountEntries = `SELECT coalesce(max(seq), 0) FROM entry`
	sqlEntriesAfter = `SELECT seq, version, print, attempt, body, hash FROM entry WHERE seq > ? ORDER BY seq`
	sqlEntriesUpTo  = `SELECT seq, version, print, attempt, body, hash FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`
	sqlTail         = `SELECT seq, version, print, attempt, body, hash FROM entry ORDER BY seq DESC LIMIT ?`
)

func (f file) entries(ctx context.Context, query string, args []any, each func(chain.Entry) error) error {
	rows, err := f.conn.query(ctx, query, args...)
	if err != nil {
		return err
	}
	return rows.each(func(row []driver.Value) error {
		var e chain.Entry
		e.Seq, _ = row[0].(int64)
		version, _ := row[1].(int64)
		e.Version = int(version)
		e.Print, _ = row[2].(int64)
		e.Attempt, _ = row[3].(int64)
		body, _ := row[4].(string)
		e.Body = []byte(body)
		hash, _ := row[5].([]byte)
		if copy(e.Hash[:], hash) != len(e.Hash) || len(hash) != len(e.Hash) {
			return fmt.Errorf("%w: entry %d has no hash", ErrDamaged, e.Seq)
		}
		return each(e)
	})
}

// Verified is what Verify found in order.
type Verified struct {
	Identity txn.Identity `json:"identity"`
	Entries  int64        `json:"entries"`
	Attempts int64        `json:"attempts"`
	Reports  int64        `json:"reports"`
	Days     int64        `json:"days"`
	Head     string       `json:"head"` // hex of the newest entry's hash
}

// Verify checks SQLite's own structure, follows the chain from its first entry,
// decides every record again by the machine that wrote it, and compares what they amount to
// with what the tables say. The error names the first thing that does not hold. What it found
// is durable when it returns, so that it may be told to anybody.
func (j *Journal) Verify(ctx context.Context) (Verified, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.syncOrSurvive(ctx); err != nil {
		return Verified{}, err
	}
	v, err := j.verify(ctx, j.versions)
	if err != nil {
		return v, explain(j.path(), err)
	}
	return v, nil
}

func (f file) verify(ctx context.Context, versions fold.Versions) (Verified, error) {
	run, books, err := f.fold(ctx, versions)
	v := verifiedOf(run, books)
	if err != nil {
		return v, err
	}
	return v, f.holds(ctx, run, books)
}

// holds looks at SQLite's own structure, and compares the tables with what the entries amount to.
func (f file) holds(ctx context.Context, run *fold.Run, books *fold.Books) error {
	verdict, err := first[string](f.conn.query(ctx, "PRAGMA integrity_check(1)"))
	if err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	if run.At.Attempt != int64(books.Numbers.Last) && run.At.Attempt != 0 {
		return fmt.Errorf("%w: the newest entry counts %d attempts, and its records amount to %s", ErrDamaged, run.At.Attempt, books.Numbers.Last)
	}
	return f.compare(ctx, books)
}

func verifiedOf(run *fold.Run, b *fold.Books) Verified {
	return Verified{Identity: b.Identity, Entries: run.At.Seq, Head: fmt.Sprintf("%x", run.At.Hash),
		Attempts: int64(len(b.Attempts)), Reports: int64(len(b.Reports)), Days: int64(len(b.Days))}
}

// fold reads all entries and says what they amount to. With ErrNewer it is what came before
// the first entry that this program does not understand; with ErrDamaged it is nothing to rely on.
func (f file) fold(ctx context.Context, versions fold.Versions) (*fold.Run, *fold.Books, error) {
	return f.foldTelling(ctx, versions, nil)
}

// foldTelling is fold, and tells of each entry that it has taken.
func (f file) foldTelling(ctx context.Context, versions fold.Versions, told func(entry, all int64)) (*fold.Run, *fold.Books, error) {
	run := fold.NewRun(versions).Reads(f.sold(ctx))
	take := run.Take
	if told != nil {
		all, err := first[int64](f.conn.query(ctx, sqlCountEntries))
		if err != nil {
			return run, fold.NewBooks(), err
		}
		take = func(e chain.Entry) error {
			told(e.Seq, all)
			return run.Take(e)
		}
	}
	err := f.entries(ctx, sqlEntries, nil, take)
	books, liftErr := run.Books()
	if liftErr != nil {
		return run, fold.NewBooks(), fmt.Errorf("%w: %w", ErrDamaged, errors.Join(err, liftErr))
	}
	return run, books, judged(err)
}

// sold looks up what was sold, in the entry that a sale is named after.
func (f file) sold(ctx context.Context) fold.Sold {
	return func(id int64) (sale.Sale, error) { return f.readSale(ctx, id) }
}

// judged gives an error of chain or fold this package's name for it.
func judged(err error) error {
	var newer *fold.NewerError
	switch {
	case errors.As(err, &newer):
		return fmt.Errorf("%w: %w", ErrNewer, err)
	case errors.Is(err, chain.ErrBroken), errors.Is(err, fold.ErrWrong):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// compare holds every row of the tables against what the entries amount to. What a row says is
// compared decoded: its text may have been written by another version of encoding/json.
func (f file) compare(ctx context.Context, b *fold.Books) error {
	return errors.Join(f.compareAttempts(ctx, b), f.compareBills(ctx, b), f.compareReports(ctx, b), f.compareDays(ctx, b),
		f.compareNumbers(ctx, b), f.compareAnswers(ctx, b), f.compareIdentity(ctx, b), f.compareFiled(ctx, b), f.compareSlips(ctx, b), f.compareSettlements(ctx, b))
}

// rowsOf calls each with the rows of a table, and wants as many as the entries amount to.
func (f file) rowsOf(ctx context.Context, t table, want int, each func(row []driver.Value) (bool, error)) error {
	rows, err := f.conn.query(ctx, t.query())
	if err != nil {
		return err
	}
	n := 0
	err = rows.each(func(row []driver.Value) error {
		n++
		if same, err := each(row); err != nil || !same {
			return errors.Join(err, fmt.Errorf("%w: %s %v is not what its entries amount to", ErrDamaged, t.name, row[0]))
		}
		return nil
	})
	if err == nil && n != want {
		err = fmt.Errorf("%w: table %s has %d rows, its entries amount to %d", ErrDamaged, t.name, n, want)
	}
	return err
}

func (f file) compareAttempts(ctx context.Context, b *fold.Books) error {
	return f.rowsOf(ctx, tables[0], len(b.Attempts), attemptIs(b))
}

// attemptIs reports whether a row of attempts is what the entries amount to.
func attemptIs(b *fold.Books) func(row []driver.Value) (bool, error) {
	return func(row []driver.Value) (bool, error) {
		id, _ := row[0].(int64)
		want, known := b.Attempts[txn.ID(id)]
		same, err := rowIs(row[9], want, fold.Same)
		columns := []driver.Value{int64(want.ID), flag(want.Owes()), string(want.State), string(want.Paper), string(want.Kind),
			string(want.Tender), want.Amount.Minor, want.Cashier, want.OpenedMs}
		return known && same && reflect.DeepEqual(row[:9], columns), err
	}
}

func (f file) compareBills(ctx context.Context, b *fold.Books) error {
	return f.rowsOf(ctx, tables[5], len(b.Bills), billIs(b))
}

// billIs reports whether a row of bills is what the entries amount to.
func billIs(b *fold.Books) func(row []driver.Value) (bool, error) {
	return func(row []driver.Value) (bool, error) {
		id, _ := row[0].(int64)
		want, known := b.Bills[id]
		same, err := rowIs(row[3], want, fold.SameBill)
		columns := []driver.Value{want.SaleID, flag(want.Owes()), want.Batch}
		return known && same && reflect.DeepEqual(row[:3], columns), err
	}
}

func (f file) compareReports(ctx context.Context, b *fold.Books) error {
	return f.rowsOf(ctx, tables[1], len(b.Reports), func(row []driver.Value) (bool, error) {
		print, _ := row[0].(int64)
		want, known := b.Reports[print]
		var p txn.Print
		err := decodeRow(row[2], &p)
		return known && p == want.Print && row[1] == flag(want.Open), err
	})
}

func (f file) compareDays(ctx context.Context, b *fold.Books) error {
	return f.rowsOf(ctx, tables[2], len(b.Days), func(row []driver.Value) (bool, error) {
		d, z := dayOf(row), row[4]
		want, known := b.Days[d.Batch]
		return known && reflect.DeepEqual(d, Day(want)) && (z == nil) == (want.Z == 0), nil
	})
}

func (f file) compareNumbers(ctx context.Context, b *fold.Books) error {
	want := 0
	if b.Numbers.Why != "" {
		want = 1
	}
	return f.rowsOf(ctx, tables[3], want, func(row []driver.Value) (bool, error) {
		var told numbers
		err := decodeRow(row[1], &told)
		return told == numbersOf(b.Numbers), err
	})
}

func (f file) compareAnswers(ctx context.Context, b *fold.Books) error {
	want, n := answersOf(b), 0
	for _, ids := range want {
		n += len(ids)
	}
	return f.rowsOf(ctx, tables[6], n, func(row []driver.Value) (bool, error) {
		name, _ := row[0].(string)
		id, _ := row[1].(int64)
		return slices.Contains(want[name], txn.ID(id)), nil
	})
}

func (f file) compareIdentity(ctx context.Context, b *fold.Books) error {
	want := 0
	if b.Identity.Books != "" {
		want = 1
	}
	return f.rowsOf(ctx, tables[4], want, func(row []driver.Value) (bool, error) {
		var id txn.Identity
		err := decodeRow(row[1], &id)
		return id == b.Identity, err
	})
}

func (f file) compareSlips(ctx context.Context, b *fold.Books) error {
	next := 0
	return f.rowsOf(ctx, tables[8], len(b.Slips), func(row []driver.Value) (bool, error) {
		if next >= len(b.Slips) {
			return false, nil
		}
		want, err := marshal(b.Slips[next])
		//mutant:slip-row-is-compared
		same := row[0] == b.Slips[next].Print && row[1] == want
		next++
		return same, err
	})
}

func (f file) compareFiled(ctx context.Context, b *fold.Books) error {
	return f.rowsOf(ctx, tables[7], len(b.Filed), filedIs(b.Filed))
}

// filedIs reports whether a row of what was filed is what the entries amount to.
func filedIs(all []txn.Record) func(row []driver.Value) (bool, error) {
	return func(row []driver.Value) (bool, error) {
		id, _ := row[0].(int64)
		if id < 1 || id > int64(len(all)) {
			return false, nil
		}
		want, err := marshal(all[id-1])
		return row[1] == all[id-1].Word() && row[2] == want, err
	}
}

// rowIs reports whether a row says what it should: it is decoded only where its text is not what this program writes, because that takes
// three times as long.
func rowIs[T any](column driver.Value, want T, same func(a, b T) bool) (bool, error) {
	if text, err := marshal(want); err == nil && column == text {
		return true, nil
	}
	var is T
	err := decodeRow(column, &is)
	return same(is, want), err
}

func decodeRow(column driver.Value, into any) error {
	text, _ := column.(string)
	return json.Unmarshal([]byte(text), into)
}

type table struct{ name, columns, key string }

func (t table) query() string {
	return fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", t.columns, t.name, t.key)
}

// tables lists what the entries amount to, with the columns that they determine.
var tables = []table{
	{"attempt", "id, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body", "id"},
	{"report", "print, open, body", "print"},
	{"day", "batch, currency, first, opened_ms, z, closed_ms, totals", "batch"},
	{"numbers", "id, body", "id"},
	{"identity", "id, body", "id"},
	{"bill", "sale, owed, batch, body", "sale"},
	{"answer", "name, attempt", "name, attempt"},
	{"filed", "id, word, body", "id"},
	{"slip", "print, body", "print"},
	{"settlement", "batch, line, owed, body", "batch, line"},
}

// Sum is a hash over every row of the tables that the chain amounts to: two journals
// that hold the same have the same. It reads everything.
func (j *Journal) Sum(ctx context.Context) (sum [32]byte, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := sha256.New()
	for _, t := range tables {
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
