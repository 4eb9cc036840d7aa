package desk

import (
	"context"
	"math"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
)

// Copied are papers that go along to a second place with each backup.
type Copied interface {
	CopyTo(dir string) error
}

// Slips are where the merchant's slips are kept, see slips.Store.
type Slips interface {
	Names() (kept map[string]bool, err error)
	Expects(at, now time.Time) bool
	Copied
	Expire(now time.Time) (gone []string, err error)
}

// Messages are where what was exchanged about payments is kept, see messages.Store.
type Messages interface {
	Copied
	Expire(now time.Time) (gone []string, err error)
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

// VerifiedSeen adds the slips to what was verified of its books.
func VerifiedSeen(seen journal.Seen, kept Slips, now time.Time) (Verified, error) {
	found, err := slipsFound(seen.Books.Slips, kept, now)
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
	v.Slips, err = slipsFound(list, d.config.Slips, d.config.Now())
	return v, err
}

func slipsFound(list []txn.SlipKept, of Slips, now time.Time) (found SlipsFound, err error) {
	kept, err := of.Names()
	for _, k := range list {
		switch {
		case kept[k.SHA256]:
			found.Kept++
		case !of.Expects(time.UnixMilli(k.AtMs), now):
			found.Removed++
		default:
			found.Missing++
		}
	}
	return found, err
}
