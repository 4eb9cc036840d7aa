package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn"
)

// Keeper is a till, as far as it leads cases.
type Keeper interface {
	MoveCase(ctx context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error)
}

// Desk is what cases are worked on with.
type Desk struct {
	Books  Books
	Slips  Slips
	Keeper Keeper
	Shop   string // the merchant's name
	Now    func() time.Time
}

// Pack makes the pages of a case into a folder: a PDF for the bank, and beside it the facts as JSON. Only then the books say that evidence is chosen, with the hash of the PDF. It
// returns the PDF's path.
func (d Desk) Pack(ctx context.Context, by txn.Actor, m txn.CaseMoved, words *present.Words, folder string) (path string, err error) {
	f, err := Gather(ctx, d.Books, d.Slips, m.Case, d.Now())
	if err != nil {
		return "", err
	}
	pages, err := Make(f, words, d.Shop)
	if err != nil {
		return "", err
	}
	m.To, m.PackSHA256 = txn.CaseChosen, pages.SHA256
	if _, err := txn.StepCase(f.Case, m); err != nil {
		return "", err
	}
	if path, err = writeNew(filepath.Join(folder, fmt.Sprintf("case-%d", m.Case)), pages); err != nil {
		return "", err
	}
	_, err = d.Keeper.MoveCase(ctx, by, m)
	return path, err
}

// writeNew writes both files under a name that is free: what was made before may have been sent.
func writeNew(stem string, pages Pages) (path string, err error) {
	const most = 99
	for n := 1; n <= most; n++ {
		name := stem
		if n > 1 {
			name = fmt.Sprintf("%s-%d", stem, n)
		}
		err = files.WriteNew(name+".pdf", pages.PDF, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return name + ".pdf", files.WriteNew(name+".json", pages.JSON, 0o600)
	}
	return "", fmt.Errorf("%s and %d more files are there: name another folder", stem, most)
}
