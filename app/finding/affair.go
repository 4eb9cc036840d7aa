package finding

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"veratill/app/casework"
	"veratill/app/present"
	"veratill/app/settings"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// Filed implements casework.Files: what the files of the last half year say of attempts, what weighs most first.
func (r *Reconciler) Filed(ctx context.Context, ids []txn.ID) (f present.Filed) {
	kept, err := r.ground.Books.Files(ctx)
	if err == nil && len(kept) == 0 {
		return f
	}
	var standing clearing.Standing
	if err == nil {
		standing, err = r.Standing(ctx)
	}
	switch {
	case err != nil:
		f.Trouble = err.Error()
		return f
	case len(standing.Missing) > 0:
		f.Trouble = fmt.Sprintf("the copies of %d files are gone or were changed, and what they said is missing: %s", len(standing.Missing), standing.Missing[0])
	}
	for _, d := range standing.Items {
		if !slices.Contains(ids, d.Attempt) {
			continue
		}
		item := present.FiledItem{Item: d.Item}
		if d.File >= 0 && d.File < len(standing.Files) {
			item.Name = standing.Files[d.File].Name
		}
		f.Items = append(f.Items, item)
	}
	return f
}

// seen are books that somebody has read whole and verified, as far as a reconciler asks.
type seen struct{ of journal.Seen }

func (s seen) Files(context.Context) (files []txn.FileKept, _ error) {
	for _, r := range s.of.Books.Filed {
		if f, is := r.(txn.FileKept); is {
			files = append(files, f)
		}
	}
	return files, nil
}

func (s seen) Answers(context.Context) (answers []txn.Answered, _ error) {
	for _, r := range s.of.Books.Filed {
		if a, is := r.(txn.Answered); is {
			answers = append(answers, a)
		}
	}
	return answers, nil
}

func (s seen) Between(_ context.Context, fromMs, toMs int64) (all []txn.Attempt, _ error) {
	for _, id := range slices.Sorted(maps.Keys(s.of.Books.Attempts)) {
		if a := s.of.Books.Attempts[id]; a.OpenedMs <= toMs && max(a.OpenedMs, a.EndedMs) >= fromMs {
			all = append(all, a)
		}
	}
	return all, nil
}

func (s seen) FiledHolds(context.Context) error { return nil }

// SeenAffair is a payment with what is known of it, by books that were read whole and that nothing opens. The error is journal.ErrNotFound.
func SeenAffair(ctx context.Context, read journal.Seen, dir string, of settings.Settings, id txn.ID) (m present.Affair, err error) {
	books := read.Books
	a, known := books.Attempts[id]
	if !known {
		return m, fmt.Errorf("%w: attempt %s", journal.ErrNotFound, id)
	}
	m.Matter = txn.Matter{Attempt: a, Bill: books.Bills[a.SaleID]}
	ids := []txn.ID{id}
	for _, p := range m.Bill.Parts {
		m.Parts = append(m.Parts, books.Attempts[p.ID])
		if p.Original == id {
			ids = append(ids, p.ID)
		}
	}
	r := NewReconciler(Ground{Books: seen{read}, Dir: dir, Currency: a.Amount.Currency, Rates: of.Rates(), Accounts: Accounts(of)})
	if kept, err := casework.MessagesIn(disk.System{}, dir).Of(a, r.ground.Now()); err == nil { // they give the moments, and decide nothing
		m.Messages = kept.Messages
	}
	m.Filed = r.Filed(ctx, ids)
	return m, nil
}
