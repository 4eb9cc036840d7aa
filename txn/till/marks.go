package till

import (
	"cmp"
	"context"

	"veratill/txn"
)

// Marks keep, outside the books, how far they had come when a line was last asked. A mark goes by what the line takes its numbers from,
// whatever its address is: two banks that give one terminal number share a mark, which only ever says too often that books differ.
type Marks interface {
	// Read lists all marks that are kept, and why others can't be read, by their files. The error says why none can be there.
	Read() (marks []txn.Mark, unreadable map[string]error, err error)
	// Keep writes a mark. What can't be read and is in its place is put aside.
	Keep(m txn.Mark, durable bool) error
	// File is where the mark of a numbering lies.
	File(numbering string) string
}

// MarkState is what a start found of the mark of its line.
type MarkState string

// The closed set of states of a mark.
const (
	NoMarks        MarkState = ""            // this till keeps none
	MarkHolds      MarkState = "holds"       // the books are those with which the line was last asked, or go on from them
	MarkNew        MarkState = "new"         // there was none: nothing says whether these books are the newest
	MarkDiffers    MarkState = "differs"     // the books are not those
	MarkUnreadable MarkState = "unreadable"  // it is there, and can't be read
	MarkFails      MarkState = "can't write" // it can't be kept
)

// MarkFound is what this run found of the mark of its line.
type MarkFound struct {
	State MarkState
	File  string // where it lies; empty where no line has one
	Err   error  // why it can't be read or kept
}

// MarkFound is what the start of this run found, or that the mark could not be kept since.
func (t *Till) MarkFound() MarkFound {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := MarkFound{State: t.markState, Err: t.markErr}
	if numbering := t.numbering(); numbering != "" {
		found.File = t.cfg.Marks.File(numbering)
	}
	return found
}

// numbering is what a mark is kept for; empty where none is.
func (t *Till) numbering() string {
	if line := t.marking(); line != nil && t.cfg.Marks != nil {
		return line.Numbering(line.Name())
	}
	return ""
}

// marking is the line whose numbering the mark goes by: the bank's, and in a shop without one the first wallet's. A wallet's numbers never come
// twice, and its mark finds out old books all the same: what was open in them may have been paid since.
func (t *Till) marking() Line {
	if line := t.cfg.Lines[txn.Card]; line != nil {
		return line
	}
	//mutant:wallets-keep-a-mark
	if len(t.cfg.Wallets) > 0 {
		return t.cfg.Wallets[0]
	}
	return nil
}

// compareMark holds the books against the mark of their line, and moves the numbers ahead where they are not those with which it was
// last asked: the numbers after them may be used up. It returns what the start says of whatever is open in these books: Restarted where
// they are the newest, or no till keeps marks, and else BooksDiffer.
func (t *Till) compareMark(ctx context.Context) (found txn.EventKind, err error) {
	numbering := t.numbering()
	var state MarkState
	var moved txn.NumbersMoved
	var why error
	if numbering != "" {
		state, moved, why, err = t.judgeMarks(ctx, numbering)
	} else { // no line has to be asked about what is open, and what was paid in cash may have gone back all the same
		//mutant:restored-books-without-a-line-are-in-doubt
		moved, err = t.afterRestore(ctx, t.cfg.Numbers.Mark(), false)
	}
	if err != nil {
		return "", err
	}
	//mutant:numbers-move-where-the-mark-differs
	if moved.Why != "" {
		moved.AtMs = t.nowMs()
		t.write.Lock()
		err := t.save(ctx, txn.ByTill, txn.Synced, moved)
		t.write.Unlock()
		if err != nil {
			return "", err
		}
	}
	if numbering == "" {
		return txn.Restarted, nil
	}
	t.noteMark(state, why)
	//mutant:only-a-mark-that-holds-is-believed
	if state != MarkHolds {
		return txn.BooksDiffer, nil
	}
	return txn.Restarted, nil
}

// judgeMarks says what the marks, or why they can't be read, mean for these books, and where their numbers move to. Besides the line's own mark
// each one counts that names these books: the settings may name another bank by now, and what is owed to the earlier one is in them too.
func (t *Till) judgeMarks(ctx context.Context, numbering string) (state MarkState, moved txn.NumbersMoved, why, err error) {
	now := t.cfg.Numbers.Mark()
	marks, unreadable, none := t.cfg.Marks.Read()
	own := t.ownMark(marks, numbering)
	//mutant:an-unreadable-mark-is-one
	if why = unreadable[t.cfg.Marks.File(numbering)]; why != nil || own.Books == "" && len(unreadable) > 0 {
		for _, other := range unreadable { // of an earlier version, perhaps
			why = cmp.Or(why, other)
		}
		moved, err = t.moveFar(ctx, now, 0, txn.MarkUnreadable)
		//mutant:each-unreadable-mark-stops-cards
		if moved.Why == "" && !t.cfg.Numbers.Numbers().Why.Stops() {
			moved = txn.NumbersMoved{To: now.Number + 1, Why: txn.MarkUnreadable}
		}
		return MarkUnreadable, moved, why, err
	}
	state = MarkNew
	if none != nil {
		state = MarkFails
	}
	for _, mark := range marks {
		//mutant:each-mark-of-these-books-counts
		if mark != own && mark.Books != now.Books {
			continue
		}
		head, err := t.cfg.Numbers.HeadAt(ctx, mark.Entry)
		if err != nil {
			return state, moved, nil, err
		}
		if differs := mark.Against(now, head); differs != "" {
			moved.To, moved.Why = max(moved.To, mark.Beyond(now)), differs
			t.stale = append(t.stale, mark.Line)
		}
		state = MarkHolds
	}
	switch {
	case moved.Why != "":
		return MarkDiffers, moved, nil, nil
	case state != MarkHolds:
		moved, err = t.afterRestore(ctx, now, true)
	}
	return state, moved, none, err
}

// ownMark is the mark of a numbering; where an earlier version kept it by the name of a line, the one that is furthest. The zero Mark where
// there is none.
func (t *Till) ownMark(marks []txn.Mark, numbering string) (own txn.Mark) {
	line := t.marking()
	for _, mark := range marks {
		if mark.Line == numbering {
			return mark
		}
		//mutant:marks-of-earlier-versions-are-found
		if line.Numbering(mark.Line) == numbering && (mark.Number > own.Number || mark.Number == own.Number && mark.Entry > own.Entry) {
			own = mark
		}
	}
	return own
}

// afterRestore is how the numbers move where a backup was put back and no mark says how far they had come. Without a line that numbers what it is
// asked for, books that a backup took the place of tell as much as any: a backup that lacks nothing of them raises no doubt.
func (t *Till) afterRestore(ctx context.Context, now txn.Mark, numbered bool) (moved txn.NumbersMoved, err error) {
	r, err := t.cfg.Numbers.Restored(ctx)
	if err != nil || !r.Was || r.Whole && !numbered {
		return moved, err
	}
	return t.moveFar(ctx, now, r.AgeMs, txn.BackupRestored)
}

// moveFar is how the numbers move where nothing says how far they had come. Why is empty where they are as far ahead of the newest attempt
// already: a start that can't keep a mark finds the same again.
func (t *Till) moveFar(ctx context.Context, now txn.Mark, ageMs int64, why txn.NumberWhy) (moved txn.NumbersMoved, err error) {
	newest, err := t.cfg.Numbers.Newest(ctx)
	to := newest + txn.AheadOfBackup(ageMs)
	if err != nil || to <= now.Number {
		return moved, err
	}
	return txn.NumbersMoved{To: to, Why: why}, nil
}

// keepMark writes how far the books have come. It says no more than is durable, so that a power cut, which the journal guards itself
// against, leaves no mark that is ahead. A mark that can't be written stops nothing: it guards against lost and copied files alone.
func (t *Till) keepMark(durable bool) {
	numbering := t.numbering()
	if numbering == "" {
		return
	}
	m := t.cfg.Numbers.Mark()
	m.Line = numbering
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

// keepMarks writes all marks once a start has drawn its conclusions, those of other lines that differed included: else each of them would
// be found to differ again.
func (t *Till) keepMarks() {
	t.keepMark(true)
	//mutant:what-differed-is-settled
	for _, line := range t.stale {
		m := t.cfg.Numbers.Mark()
		m.Line = line
		if err := t.cfg.Marks.Keep(m, true); err != nil {
			t.noteMark(MarkFails, err)
		}
	}
	t.stale = nil
}

func (t *Till) noteMark(s MarkState, err error) {
	if err != nil {
		t.cfg.Log.Error("mark", "error", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.markState, t.markErr = s, err
}
