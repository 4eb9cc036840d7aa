package till

import (
	"context"

	"veratill/txn"
)

// Marks keep, outside the books, how far they had come when a line was last asked.
type Marks interface {
	Mark(line string) (txn.Mark, error)
	Keep(m txn.Mark, durable bool) error
}

// MarkState is what a start found of the mark of its line.
type MarkState string

// The closed set of states of a mark. MarkDiffers is told by the numbers, which moved.
const (
	NoMarks     MarkState = ""            // this till keeps none
	MarkHolds   MarkState = "holds"       // the books are those with which the line was last asked, or go on from them
	MarkNew     MarkState = "new"         // there was none: books that were lost or copied before would not be noticed
	MarkDiffers MarkState = "differs"     // the books are not those
	MarkFails   MarkState = "can't write" // it can't be read or written
)

// MarkState is what the start of this run found.
func (t *Till) MarkState() MarkState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.markState
}

// markLine is the line that a mark is kept for; empty where none is.
func (t *Till) markLine() string {
	if line := t.cfg.Lines[txn.Card]; line != nil && t.cfg.Marks != nil {
		return line.Name()
	}
	return ""
}

// compareMark holds the books against the mark of their line, and moves the numbers ahead where they are not those with which it was
// last asked: the numbers after them may be used up.
func (t *Till) compareMark(ctx context.Context) error {
	line := t.markLine()
	if line == "" {
		return nil
	}
	mark, err := t.cfg.Marks.Mark(line)
	if err != nil {
		t.noteMark(MarkFails, err)
		return nil
	}
	now := t.cfg.Numbers.Mark()
	state, moved := MarkHolds, txn.NumbersMoved{AtMs: t.nowMs()}
	if mark.Books == "" {
		state = MarkNew
		if moved.To, moved.Why, err = t.afterRestore(ctx, now); err != nil {
			return err
		}
	} else {
		head, err := t.cfg.Numbers.HeadAt(ctx, mark.Entry)
		if err != nil {
			return err
		}
		if moved.Why = mark.Against(now, head); moved.Why != "" {
			state, moved.To = MarkDiffers, mark.Beyond(now)
		}
	}
	//mutant:numbers-move-where-the-mark-differs
	if moved.Why != "" {
		t.write.Lock()
		err := t.save(ctx, txn.ByTill, txn.Synced, moved)
		t.write.Unlock()
		if err != nil {
			return err
		}
	}
	t.noteMark(state, nil)
	t.keepMark(true)
	return nil
}

// afterRestore is where the numbers move to where a backup was put back and no mark says how far they had come; Why is empty where none was.
func (t *Till) afterRestore(ctx context.Context, now txn.Mark) (to txn.ID, why txn.NumberWhy, err error) {
	ageMs, was, err := t.cfg.Numbers.Restored(ctx)
	if !was || err != nil {
		return 0, "", err
	}
	return now.Number + txn.AheadOfBackup(ageMs), txn.BackupRestored, nil
}

// keepMark writes how far the books have come. A mark that can't be written stops nothing: it guards against lost and copied files alone.
func (t *Till) keepMark(durable bool) {
	line := t.markLine()
	if line == "" {
		return
	}
	m := t.cfg.Numbers.Mark()
	m.Line = line
	t.mu.Lock()
	known := t.marked.mark == m && (t.marked.durable || !durable)
	t.marked.mark, t.marked.durable = m, durable
	t.mu.Unlock()
	if known {
		return
	}
	if err := t.cfg.Marks.Keep(m, durable); err != nil {
		t.noteMark(MarkFails, err)
	}
}

func (t *Till) noteMark(s MarkState, err error) {
	if err != nil {
		t.cfg.Log.Error("mark", "error", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.markState = s
}
