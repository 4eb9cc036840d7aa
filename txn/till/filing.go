package till

import (
	"context"
	"fmt"

	"veratill/txn"
)

// KeepFile takes a file of the clearing into the books. cleared are payments by a person's word that the file has too: in the same commit the books say so. Which of them
// are no claims any more is left out. It moves no money.
func (t *Till) KeepFile(ctx context.Context, by txn.Actor, f txn.FileKept, cleared []txn.ID) error {
	t.write.Lock()
	defer t.write.Unlock()
	f.AtMs = t.nowMs()
	if err := f.Complete(); err != nil {
		return err
	}
	return t.file(ctx, by, f, f.SHA256, f.AtMs, cleared...)
}

// AnswerDifference keeps what a person did about a difference between the books and a file. Where they gave a row to a payment by a person's word, sha256 is that of the row's
// file, which the payment is cleared by. It moves no money.
func (t *Till) AnswerDifference(ctx context.Context, by txn.Actor, a txn.Answered, sha256 string) error {
	t.write.Lock()
	defer t.write.Unlock()
	a.AtMs = t.nowMs()
	if err := a.Complete(); err != nil {
		return err
	}
	if a.Attempt == 0 {
		return t.file(ctx, by, a, "", a.AtMs)
	}
	return t.file(ctx, by, a, sha256, a.AtMs, a.Attempt)
}

// TakeApart keeps that a row is no attempt's after all, or that a file was a wrong one. cleared are the payments by a person's word that only that row, or that file, cleared: in the same commit
// the books say it no more. It moves no money.
func (t *Till) TakeApart(ctx context.Context, by txn.Actor, a txn.Answered, cleared []txn.ID) error {
	t.write.Lock()
	defer t.write.Unlock()
	a.AtMs, a.Apart, a.Attempt = t.nowMs(), true, 0
	if err := a.Complete(); err != nil {
		return err
	}
	return t.file(ctx, by, a, "", a.AtMs, cleared...)
}

// MoveCase opens a case, or says how far one has come. Without a number it is a new one. It moves no money. The error is a txn.ErrCase, or the journal's.
func (t *Till) MoveCase(ctx context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error) {
	t.write.Lock()
	defer t.write.Unlock()
	cases, err := t.cfg.Evidence.Cases(ctx)
	if err != nil {
		return txn.Case{}, err
	}
	if m.Case == 0 {
		m.Case = int64(len(cases)) + 1
	}
	m.AtMs = t.nowMs()
	if m.To == txn.CaseReceived {
		a, err := t.cfg.Journal.Attempt(ctx, m.Attempt)
		//mutant:a-case-is-of-a-payment
		if err != nil || a.Kind != txn.Sale {
			return txn.Case{}, fmt.Errorf("%w: attempt %s is no payment of these books", txn.ErrCase, m.Attempt)
		}
	}
	if cases, err = txn.TakeCase(cases, m); err != nil {
		return txn.Case{}, err
	}
	return cases[m.Case-1], t.file(ctx, by, m, "", m.AtMs)
}

// file commits a record, and with it that a file has what was claimed, or without one that none has. The caller holds the write lock.
func (t *Till) file(ctx context.Context, by txn.Actor, r txn.Record, sha256 string, atMs int64, cleared ...txn.ID) error {
	records := []txn.Record{r}
	for _, id := range cleared {
		a, err := t.cfg.Journal.Attempt(ctx, id)
		if err != nil {
			return fmt.Errorf("attempt %s: %w", id, err)
		}
		e := txn.Clear(sha256, atMs)
		if d, err := txn.Step(a, e); err == nil {
			records = append(records, txn.Moved(e, d))
		}
	}
	//mutant:what-is-filed-is-durable
	return t.save(ctx, named(by), txn.Synced, records...)
}
