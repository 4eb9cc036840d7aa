package journal

import (
	"context"

	"veratill/txn"
)

const (
	sqlFiles   = `SELECT body FROM filed WHERE word = 'file' ORDER BY id`
	sqlAnswers = `SELECT body FROM filed WHERE word = 'answer' ORDER BY id`
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
