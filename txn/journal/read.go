package journal

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
	"veratill/txn/sale"
)

// ORDER BY +id keeps the planner on the partial index: by plain id it scans
// 2 million rows in 273 ms instead of 13 µs (design/journal.md, trap 5).
const (
	sqlOwed         = `SELECT body FROM attempt WHERE owed = 1 ORDER BY +id`
	sqlReadAttempt  = `SELECT body FROM attempt WHERE id = ?`
	sqlOwedBills    = `SELECT body FROM bill WHERE owed = 1 ORDER BY +sale`
	sqlFirst        = `SELECT body FROM attempt WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1`
	sqlFirstBill    = `SELECT body FROM bill WHERE batch = ? ORDER BY batch, sale LIMIT 1`
	sqlAllBills     = `SELECT body FROM bill ORDER BY sale`
	sqlReadBill     = `SELECT body FROM bill WHERE sale = ?`
	sqlBillsOf      = `SELECT body FROM bill WHERE batch = ? ORDER BY +sale`
	sqlReadReport   = `SELECT body FROM report WHERE print = ?`
	sqlReadEntry    = `SELECT body FROM entry WHERE seq = ?`
	sqlRange        = `SELECT body FROM attempt WHERE id BETWEEN ? AND ? ORDER BY id`
	sqlLatest       = `SELECT body FROM attempt WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?`
	sqlNewest       = `SELECT body FROM attempt ORDER BY id DESC LIMIT 1`
	sqlReportsOpen  = `SELECT body FROM report WHERE open = 1 ORDER BY +print`
	sqlSealed       = `SELECT sealed FROM attempt WHERE id = ?`
	sqlDays         = `SELECT batch, currency, first, opened_ms, COALESCE(z, 0), COALESCE(closed_ms, 0), totals FROM day`
	sqlNumbersOf    = `SELECT body FROM numbers WHERE id = ?`
	sqlDayFirst     = `SELECT first FROM day WHERE batch = ?`
	sqlAnswered     = `SELECT a.body FROM answer n JOIN attempt a ON a.id = n.attempt WHERE n.name = ? ORDER BY n.attempt`
	sqlKept         = `SELECT body FROM attempt WHERE state = 'kept' ORDER BY +id`
	sqlOpenedFrom   = `SELECT opened_ms FROM attempt WHERE id >= ? ORDER BY id LIMIT 1`
	sqlReadIdentity = `SELECT body FROM identity WHERE id = ?`
)

// tailRows is how many of the newest entries are checked at each start. The open day is proved before it is used (Proven), and the rest
// is checked by Verify, which takes seconds.
const tailRows = 16

// Day is a business day: one batch.
type Day = fold.Day

// load reads what the next numbers follow from, and checks the chain's end.
func (j *Journal) load(ctx context.Context) error {
	last, err := j.days(ctx, sqlDays+` ORDER BY batch DESC LIMIT 1`)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		j.day = last[0]
	}
	if j.numbers, err = j.readNumbers(ctx); err != nil {
		return err
	}
	if err := j.loadIdentity(ctx); err != nil {
		return err
	}
	return j.loadTail(ctx)
}

func (j *Journal) loadTail(ctx context.Context) error {
	tail := make([]chain.Entry, 0, tailRows) // newest first: SQLite would have to sort them
	err := j.entries(ctx, sqlTail, []any{tailRows}, func(e chain.Entry) error {
		tail = append(tail, e)
		return nil
	})
	if err != nil {
		return err
	}
	j.at = chain.Cursor{}
	for i, e := range slices.Backward(tail) {
		// The oldest of a whole tail is taken as it is; the ones after it have to follow from it, and
		// a shorter one has to begin with the first entry of all.
		if i == tailRows-1 {
			j.at = chain.At(e)
		} else if err := j.at.Follow(e); err != nil {
			return judged(err)
		}
		//mutant:newer-word-is-refused
		if err := j.versions.Understand(e); err != nil {
			return judged(err)
		}
	}
	return nil
}

func (j *Journal) loadIdentity(ctx context.Context) error {
	j.identity = txn.Identity{}
	err := j.read(ctx, sqlReadIdentity, 1, &j.identity)
	if errors.Is(err, ErrNotFound) { // new books
		return nil
	}
	return err
}

// span is the range of the attempts' numbers of a batch; an empty one where the books have no such day.
func (f file) span(ctx context.Context, batch int64) (low, high int64, err error) {
	low, err = first[int64](f.conn.ask(ctx, sqlDayFirst, batch))
	if errors.Is(err, ErrNotFound) {
		return 1, 0, nil
	} else if err != nil {
		return 0, 0, err
	}
	next, err := first[int64](f.conn.ask(ctx, sqlDayFirst, batch+1))
	if errors.Is(err, ErrNotFound) {
		return low, math.MaxInt64, nil
	}
	return low, next - 1, err
}

// readNumbers says why the numbers moved, where nobody has seen it yet.
func (f file) readNumbers(ctx context.Context) (n txn.Numbers, err error) {
	var told numbers
	err = f.read(ctx, sqlNumbersOf, 1, &told)
	if errors.Is(err, ErrNotFound) {
		return n, nil
	}
	return txn.Numbers{Why: told.Why, AtMs: told.AtMs}, err
}

// Numbers is how far the numbers have come, and whether a person has to look at them.
func (j *Journal) Numbers() txn.Numbers {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := j.numbers
	n.Last = txn.ID(j.at.Attempt)
	return n
}

// OpenDay is the business day that is open.
func (j *Journal) OpenDay() Day {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.day
}

// Generation is the number of the file that the journal is in: one more for each disk failure that was survived.
func (j *Journal) Generation() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.generation
}

// Survived reports whether the disk refused in this run, and the journal went on in a new file.
func (j *Journal) Survived() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.survived
}

// Identity says whose books these are.
func (j *Journal) Identity() txn.Identity {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.identity
}

// Head is the number and the hash of the newest entry, which a power cut may still take and
// replace by another. What leaves the till names Durable instead.
func (j *Journal) Head() (seq int64, hash [32]byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.at.Seq, j.at.Hash
}

// Durable is the number and the hash of the newest entry that no power cut can take: printed on
// a Z or sent elsewhere, it pins everything before it.
func (j *Journal) Durable() (seq int64, hash [32]byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.durable.Seq, j.durable.Hash
}

// After lists at most limit entries that follow entry seq, in order. Only durable ones are among
// them: whoever receives entries elsewhere never has one that these books lose.
func (j *Journal) After(ctx context.Context, seq int64, limit int) ([]chain.Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []chain.Entry
	//mutant:only-durable-is-told
	err := j.entries(context.WithoutCancel(ctx), sqlEntriesUpTo, []any{seq, j.durable.Seq, limit}, func(e chain.Entry) error {
		all = append(all, e)
		return nil
	})
	return all, err
}

// Next are the numbers for the next commit, which takes those that it uses.
func (j *Journal) Next() txn.Next {
	j.mu.Lock()
	defer j.mu.Unlock()
	return txn.Next{Attempt: txn.ID(j.at.Attempt + 1), Batch: j.day.Batch, Sale: j.at.Seq + 1, Print: j.at.Print + 1}
}

// Twin is another attempt at the same terminal number, however its line's address was spelt, of the last txn.STANRest by the till's clock, of which the bank said what an answer to a says
// (txn.Attempt.Shares); 0 where there is none.
func (j *Journal) Twin(ctx context.Context, a txn.Attempt, said txn.Answer) (txn.ID, error) {
	name := said.Name()
	if name == "" {
		return 0, nil
	}
	all, err := list[txn.Attempt](ctx, j, sqlAnswered, name)
	if err != nil {
		return 0, err
	}
	back := a.Original != 0 && slices.ContainsFunc(all, func(o txn.Attempt) bool { return o.ID == a.Original })
	since := j.now().Add(-txn.STANRest).UnixMilli()
	for _, other := range all {
		//mutant:twin-is-of-the-same-terminal
		if sameNumbers(other, a) && !a.Shares(other, said, back) && other.OpenedMs >= since {
			return other.ID, nil
		}
	}
	return 0, nil
}

// Vouchers are the payments that took a paper voucher of a number, oldest first.
func (j *Journal) Vouchers(ctx context.Context, number string) ([]txn.Attempt, error) {
	return list[txn.Attempt](ctx, j, sqlAnswered, txn.Attempt{Kind: txn.Sale, Tender: txn.Voucher, Reference: number}.ToldBy())
}

// sameNumbers reports whether two attempts took their numbers from one terminal number. Two banks that give the same one count as one, which
// only ever leaves more unknown.
func sameNumbers(a, b txn.Attempt) bool {
	return a.Tender == b.Tender && a.Terminal == b.Terminal && a.Merchant == b.Merchant && a.Demo == b.Demo
}

// Kept lists the payments that evidence says the bank has kept, oldest first.
func (j *Journal) Kept(ctx context.Context) ([]txn.Attempt, error) {
	return j.attempts(ctx, sqlKept)
}

// Rested returns nil where the STAN of an attempt was used by no other within txn.STANRest, by the till's clock. The
// error is ErrNumbersUsed.
func (j *Journal) Rested(ctx context.Context, id txn.ID) error {
	if id <= txn.STANs {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	// The first attempt from the last one with this STAN on: where that one is long ago, so is every attempt before it.
	openedMs, err := first[int64](j.conn.ask(context.WithoutCancel(ctx), sqlOpenedFrom, int64(id-txn.STANs)))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	//mutant:stan-rests
	if err == nil && j.now().UnixMilli()-openedMs < txn.STANRest.Milliseconds() {
		return fmt.Errorf("%w: STAN %d", ErrNumbersUsed, id.STAN())
	}
	return err
}

// Owed lists attempts whose money or paper is unfinished, oldest first.
func (j *Journal) Owed(ctx context.Context) ([]txn.Attempt, error) {
	return j.attempts(ctx, sqlOwed)
}

// Attempts lists a batch's attempts in order.
func (j *Journal) Attempts(ctx context.Context, batch int64) ([]txn.Attempt, error) {
	return j.attemptsOf(ctx, sqlRange, batch)
}

// Latest lists the newest attempts of a batch, newest first.
func (j *Journal) Latest(ctx context.Context, batch int64, limit int) ([]txn.Attempt, error) {
	return j.attemptsOf(ctx, sqlLatest, batch, limit)
}

func (j *Journal) attemptsOf(ctx context.Context, query string, batch int64, more ...any) ([]txn.Attempt, error) {
	j.mu.Lock()
	low, high, err := j.span(context.WithoutCancel(ctx), batch)
	j.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return j.attempts(ctx, query, append([]any{low, high}, more...)...)
}

// AllAttempts lists every attempt of every batch in order.
func (j *Journal) AllAttempts(ctx context.Context) ([]txn.Attempt, error) {
	return j.attempts(ctx, sqlRange, 0, int64(1)<<62)
}

func (j *Journal) attempts(ctx context.Context, query string, args ...any) ([]txn.Attempt, error) {
	return sureList[txn.Attempt](ctx, j, query, args...)
}

// OwedBills lists sales that are neither finished nor dropped, or whose paper is unfinished, oldest first.
func (j *Journal) OwedBills(ctx context.Context) ([]txn.Bill, error) {
	return sureList[txn.Bill](ctx, j, sqlOwedBills)
}

// Bills lists the sales of a batch in order: those that were paid in it, and those that were opened in it and never paid.
func (j *Journal) Bills(ctx context.Context, batch int64) ([]txn.Bill, error) {
	return sureList[txn.Bill](ctx, j, sqlBillsOf, batch)
}

// FirstMs is when the first payment of the open day was begun, 0 before it (txn.FirstMs).
func (j *Journal) FirstMs(ctx context.Context) (int64, error) {
	batch := j.OpenDay().Batch
	var first txn.Attempt
	var lowest txn.Bill
	attempts, err := j.attemptsOf(ctx, sqlFirst, batch)
	if err != nil {
		return 0, err
	}
	bills, err := sureList[txn.Bill](ctx, j, sqlFirstBill, batch)
	if len(attempts) > 0 {
		first = attempts[0]
	}
	if len(bills) > 0 {
		lowest = bills[0]
	}
	return txn.FirstMs(first, lowest), err
}

// AllBills lists the sales of every batch in order.
func (j *Journal) AllBills(ctx context.Context) ([]txn.Bill, error) {
	return sureList[txn.Bill](ctx, j, sqlAllBills)
}

// Bill is what is owed and paid of a sale, as it is now. It fails with ErrFailed where that may not be on the disk, and
// never will be.
func (j *Journal) Bill(ctx context.Context, sale int64) (txn.Bill, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b txn.Bill
	if err := j.unsure(); err != nil {
		return b, err
	}
	err := j.read(ctx, sqlReadBill, sale, &b)
	return b, err
}

// unsure is an error once this journal failed with entries that may not be on the disk. What it reads then may be gone
// at the next start, and be told otherwise by it: an attempt is no longer told as what it reads as.
func (j *Journal) unsure() error {
	//mutant:what-is-read-is-kept
	if j.failed != nil && j.durable != j.at {
		return j.failed
	}
	return nil
}

// Attempt is one attempt as it is now. It fails with ErrFailed where that may not be on the disk, and never will be.
func (j *Journal) Attempt(ctx context.Context, id txn.ID) (txn.Attempt, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.unsure(); err != nil {
		return txn.Attempt{}, err
	}
	var a txn.Attempt
	err := j.read(ctx, sqlReadAttempt, int64(id), &a)
	return a, err
}

// Sale is one sale, read from the entry that it is named after.
func (j *Journal) Sale(ctx context.Context, id int64) (sale.Sale, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.readSale(ctx, id)
}

func (f file) readSale(ctx context.Context, id int64) (sale.Sale, error) {
	var body struct {
		Records []struct {
			Opened *txn.SaleOpened `json:"sale"`
		} `json:"records"`
	}
	if err := f.read(ctx, sqlReadEntry, id, &body); err != nil {
		return sale.Sale{}, err
	}
	for _, r := range body.Records {
		if r.Opened != nil {
			return r.Opened.Sale, nil
		}
	}
	return sale.Sale{}, ErrNotFound
}

// Entry is one entry as it was written, for whoever audits it, durable or not. ErrNotFound where there is none.
func (j *Journal) Entry(ctx context.Context, seq int64) (chain.Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	entry, missing := chain.Entry{}, ErrNotFound
	err := j.entries(context.WithoutCancel(ctx), sqlEntriesUpTo, []any{seq - 1, seq, 1}, func(e chain.Entry) error {
		entry, missing = e, nil
		return nil
	})
	if err != nil {
		return entry, err
	}
	return entry, missing
}

// ReportsOpen lists prints of an X or a Z that were begun and not ended.
func (j *Journal) ReportsOpen(ctx context.Context) ([]txn.Print, error) {
	return list[txn.Print](ctx, j, sqlReportsOpen)
}

// Sealed is the encrypted PAN of an open attempt; nil once it has ended.
func (j *Journal) Sealed(ctx context.Context, id txn.ID) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return first[[]byte](j.conn.ask(context.WithoutCancel(ctx), sqlSealed, int64(id)))
}

// Days lists the business days, newest first.
func (j *Journal) Days(ctx context.Context) ([]Day, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.days(ctx, sqlDays+` ORDER BY batch DESC`)
}

func (j *Journal) days(ctx context.Context, query string) ([]Day, error) {
	rows, err := j.conn.query(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	var all []Day
	err = rows.each(func(row []driver.Value) error {
		all = append(all, dayOf(row))
		return nil
	})
	return all, err
}

func dayOf(row []driver.Value) (d Day) {
	d.Batch, _ = row[0].(int64)
	d.Currency, _ = row[1].(string)
	first, _ := row[2].(int64)
	d.First = txn.ID(first)
	d.OpenedMs, _ = row[3].(int64)
	d.Z, _ = row[4].(int64) // NULL is 0
	d.ClosedMs, _ = row[5].(int64)
	d.Totals, _ = row[6].([]byte)
	return d
}

// report is for apply, which runs inside a commit and holds the lock already.
func (f file) report(ctx context.Context, print int64) (txn.Print, error) {
	var p txn.Print
	err := f.read(ctx, sqlReadReport, print, &p)
	return p, err
}

// read and list take microseconds: what would watch for a caller that goes away costs more.

func (f file) read(ctx context.Context, query string, id int64, into any) error {
	body, err := first[string](f.conn.ask(context.WithoutCancel(ctx), query, id))
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), into)
}

// sureList is list, and fails where what it reads may not be on the disk (see unsure).
func sureList[T any](ctx context.Context, j *Journal, query string, args ...any) ([]T, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.unsure(); err != nil {
		return nil, err
	}
	return listed[T](ctx, j, query, args...)
}

func list[T any](ctx context.Context, j *Journal, query string, args ...any) ([]T, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return listed[T](ctx, j, query, args...)
}

// listed is for callers that hold the lock.
func listed[T any](ctx context.Context, j *Journal, query string, args ...any) ([]T, error) {
	rows, err := j.conn.ask(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		return nil, err
	}
	var all []T
	err = rows.each(func(row []driver.Value) error {
		var v T
		body, _ := row[0].(string)
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		all = append(all, v)
		return nil
	})
	return all, err
}
