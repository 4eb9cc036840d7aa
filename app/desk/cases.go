package desk

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"veratill/app/casework"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/slips"
)

func (d *Desk) casework() casework.Desk {
	return casework.Desk{Books: d.journal, Slips: slips.New(onDisk, d.config.Dir), Keeper: d.till, Shop: d.config.Merchant, Now: d.config.Now}
}

// Cases lists the disputes with banks, in the order of their numbers.
func (d *Desk) Cases(ctx context.Context) ([]txn.Case, error) { return d.journal.Cases(ctx) }

// MoveCase opens a case, or says how far one has come.
func (d *Desk) MoveCase(ctx context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error) {
	return d.till.MoveCase(ctx, by, m)
}

// CaseEntry is the payment of a case.
func (d *Desk) CaseEntry(ctx context.Context, id txn.ID) (present.Entry, error) {
	return d.entry(ctx, txn.Matter{Attempt: txn.Attempt{ID: id}})
}

// PackCase makes the pages of a case where people look for documents, and returns the path of the PDF.
func (d *Desk) PackCase(ctx context.Context, by txn.Actor, number int64, words *present.Words) (string, error) {
	return d.casework().Pack(ctx, by, txn.CaseMoved{Case: number}, words, d.caseFolder())
}

// caseFolder is where people look for documents; the data folder where this account has no home.
func (d *Desk) caseFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return d.config.Dir
	}
	for _, name := range []string{"Documents", "文档", "Desktop", "桌面", ""} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return d.config.Dir
}

// Verified is what verifying found in order: the books, and the merchant's slips beside them.
type Verified struct {
	journal.Verified
	Slips SlipsFound `json:"slips"`
}

// SlipsFound are the merchant's slips that the books name.
type SlipsFound struct {
	Kept    int `json:"kept"`
	Missing int `json:"missing"` // or altered
	Removed int `json:"removed"` // because they are old enough
}

// VerifiedSeen adds the slips of a data folder to what was verified of its books.
func VerifiedSeen(seen journal.Seen, dir string, now time.Time) (Verified, error) {
	found, err := slipsFound(seen.Books.Slips, dir, now)
	return Verified{seen.Verified, found}, err
}

// Verify verifies the books and the slips of a till that sells.
func (d *Desk) Verify(ctx context.Context) (v Verified, err error) {
	if v.Verified, err = d.journal.Verify(ctx); err != nil {
		return v, err
	}
	list, err := d.journal.SlipsBefore(ctx, math.MaxInt64, math.MaxInt32)
	if err != nil {
		return v, err
	}
	v.Slips, err = slipsFound(list, d.config.Dir, d.config.Now())
	return v, err
}

func slipsFound(list []txn.SlipKept, dir string, now time.Time) (found SlipsFound, err error) {
	kept, err := slips.New(onDisk, dir).Names()
	for _, k := range list {
		switch {
		case kept[k.SHA256]:
			found.Kept++
		case !slips.Expected(time.UnixMilli(k.AtMs), now):
			found.Removed++
		default:
			found.Missing++
		}
	}
	return found, err
}

// Slip answers a second program with the merchant's slip of a payment.
func (d *Desk) Slip(ctx context.Context, attempt string) (casework.Slip, error) {
	id, err := strconv.ParseInt(attempt, 10, 64)
	if err != nil {
		return casework.Slip{}, err
	}
	w := d.casework()
	return casework.SlipOfAttempt(ctx, w.Books, w.Slips, txn.ID(id))
}
