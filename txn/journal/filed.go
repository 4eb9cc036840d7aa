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
	"veratill/txn/fold"
)

const (
	sqlFiles   = `SELECT body FROM filed WHERE word = 'file' ORDER BY id`
	sqlAnswers = `SELECT body FROM filed WHERE word = 'answer' ORDER BY id`
	sqlFilings = `SELECT body FROM entry WHERE instr(body, '{"file":') > 0 OR instr(body, '{"answer":') > 0 OR instr(body, '{"case":') > 0 ORDER BY seq`
	// A span of time lies between the first attempt of the newest day that was opened before it, and that of the oldest one that was opened behind it.
	sqlSpanLow  = `SELECT coalesce(max(first), 0) FROM day WHERE opened_ms <= ?`
	sqlSpanHigh = `SELECT coalesce(min(first), 1 << 62) FROM day WHERE opened_ms > ?`
)

// Files lists the files of the clearing that were taken in, in their order.
func (j *Journal) Files(ctx context.Context) ([]txn.FileKept, error) {
	return list[txn.FileKept](ctx, j, sqlFiles)
}

// Answers lists what was done about differences, in their order.
func (j *Journal) Answers(ctx context.Context) ([]txn.Answered, error) {
	return list[txn.Answered](ctx, j, sqlAnswers)
}

// Between lists, in order, the attempts of all days that lie between two moments in part or whole. Days that were begun with a wrong clock are found by what it said.
func (j *Journal) Between(ctx context.Context, fromMs, toMs int64) ([]txn.Attempt, error) {
	low, high, err := j.spanOf(context.WithoutCancel(ctx), fromMs, toMs)
	if err != nil {
		return nil, err
	}
	return j.attempts(ctx, sqlRange, low, high)
}

func (j *Journal) spanOf(ctx context.Context, fromMs, toMs int64) (low, high int64, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if low, err = first[int64](j.conn.query(ctx, sqlSpanLow, fromMs)); err != nil {
		return 0, 0, err
	}
	high, err = first[int64](j.conn.query(ctx, sqlSpanHigh, toMs))
	return low, high, err
}

// FiledHolds compares what the tables say of files, answers and cases with the entries. It reads all of them, once: nobody else writes to books that are open. The error is
// ErrDiffers where a row is gone, changed or too many.
func (j *Journal) FiledHolds(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	//mutant:what-was-filed-is-in-the-entries
	if j.filedHeld {
		return nil
	}
	err := j.compareWhatWasFiled(context.WithoutCancel(ctx))
	j.filedHeld = err == nil
	return err
}

func (j *Journal) compareWhatWasFiled(ctx context.Context) error {
	var want []txn.Record
	entries, err := j.conn.ask(ctx, sqlFilings)
	if err != nil {
		return err
	}
	err = entries.each(func(row []driver.Value) error {
		text, _ := row[0].(string)
		body, err := fold.Decode([]byte(text))
		for _, one := range body.Records {
			for word, raw := range one {
				if slices.Contains([]string{txn.FileKept{}.Word(), txn.Answered{}.Word(), txn.CaseMoved{}.Word()}, word) {
					record := txn.NewRecord(word)
					err = errors.Join(err, json.Unmarshal(raw, record))
					want = append(want, record)
				}
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	mine := func(low, high int64) int { return int(max(min(high, int64(len(want)))-max(low, 1)+1, 0)) }
	for next := int64(math.MinInt64); ; {
		if next, err = j.piece(ctx, tables[7], "id >= ?", []any{next}, filedIs(want), mine); err != nil || next == 0 {
			return err
		}
	}
}
