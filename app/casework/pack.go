package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/messages"
)

// Keeper is a till, as far as it leads cases.
type Keeper interface {
	MoveCase(ctx context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error)
}

// Files are where the files of banks and providers are compared with the books.
type Files interface {
	// Filed is what they say of attempts.
	Filed(ctx context.Context, ids []txn.ID) present.Filed
}

// Disputes leads cases, and makes their pages. It implements present.Disputes.
type Disputes struct {
	Books     Books
	Slips     Slips
	Exchanges Exchanged // what was exchanged about payments; nil where it is not kept
	Files     Files     // what banks' files say; nil where none are compared
	Keeper    Keeper    // the till; nil where nothing is kept
	Shop      string    // the merchant's name
	Sign      Signs     // nil where the till signs nothing
	Dir       string    // the data folder, for pages where this account has no other place
	Now       func() time.Time
}

// Cases implements present.Disputes.
func (d Disputes) Cases(ctx context.Context) ([]txn.Case, error) { return d.Books.Cases(ctx) }

// CaseEntry implements present.Disputes.
func (d Disputes) CaseEntry(ctx context.Context, id txn.ID) (e present.Entry, err error) {
	m, err := matterOf(ctx, d.Books, id)
	if err != nil {
		return e, err
	}
	e.Attempt, e.Bill = m.Attempt, m.Bill
	e.Sale, err = d.Books.Sale(ctx, m.Bill.SaleID)
	return e, err
}

// Affair implements present.Disputes.
func (d Disputes) Affair(ctx context.Context, id txn.ID) (of present.Affair, err error) {
	if of.Matter, err = matterOf(ctx, d.Books, id); err != nil {
		return of, err
	}
	if of.Parts, err = partsOf(ctx, d.Books, of.Bill); err != nil {
		return of, err
	}
	if kept, err := d.exchanged(of.Attempt); err == nil { // they give the moments, and decide nothing
		of.Messages = kept.Messages
	}
	of.Filed = d.filed(ctx, of.Matter)
	return of, nil
}

// filed is what the files say of a payment, and of what gave money of it back.
func (d Disputes) filed(ctx context.Context, m txn.Matter) present.Filed {
	if d.Files == nil {
		return present.Filed{}
	}
	ids := []txn.ID{m.Attempt.ID}
	for _, p := range m.Bill.Parts {
		if p.Original == m.Attempt.ID {
			ids = append(ids, p.ID)
		}
	}
	return d.Files.Filed(ctx, ids)
}

// MoveCase implements present.Disputes.
func (d Disputes) MoveCase(ctx context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error) {
	return d.Keeper.MoveCase(ctx, by, m)
}

// PackCase implements present.Disputes: the pages go where people look for documents.
func (d Disputes) PackCase(ctx context.Context, by txn.Actor, number int64, w *present.Words) (path string, err error) {
	return d.Pack(ctx, by, txn.CaseMoved{Case: number}, w, d.folder())
}

// folder is where people look for documents; the data folder where this account has no home.
func (d Disputes) folder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return d.Dir
	}
	for _, name := range []string{"Documents", "文档", "Desktop", "桌面", ""} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return d.Dir
}

// Slip answers a second program with the merchant's slip of the payment of a number.
func (d Disputes) Slip(ctx context.Context, attempt string) (Slip, error) {
	id, err := strconv.ParseInt(attempt, 10, 64)
	if err != nil {
		return Slip{}, err
	}
	return SlipOfAttempt(ctx, d.Books, d.Slips, txn.ID(id))
}

// Pack makes the pages of a case into a folder: a PDF for the bank, and beside it the facts as JSON. Only then the books say that evidence is chosen, with the hash of the PDF. It
// returns the PDF's path.
func (d Disputes) Pack(ctx context.Context, by txn.Actor, m txn.CaseMoved, words *present.Words, folder string) (path string, err error) {
	f, err := Gather(ctx, d.Books, d.Slips, m.Case, d.Now())
	if err != nil {
		return "", err
	}
	f.Filed = d.filed(ctx, f.Matter())
	if f.Messages, err = d.exchanged(f.Attempt); err != nil { // they decide nothing: the pages are made without them
		f.Messages = messages.Kept{}
	}
	pages, err := Make(f, words, d.Shop, d.Sign)
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
