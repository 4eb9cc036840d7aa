package uitest

import (
	"strings"
	"time"

	"veratill/app/present"
	"veratill/assets"
	"veratill/txn/sale"
)

// Catalogue implements present.Selling.
func (d *Desk) Catalogue() present.Catalogue { return d.catalogue }

// Articles implements present.Selling.
func (d *Desk) Articles() present.Articles {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.List
}

// NoSign implements present.Selling.
func (d *Desk) NoSign(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune(d.Lacks, r) }), "")
}

// machineGap is the longest pause between two characters of a card reader that types.
const machineGap = 30 * time.Millisecond

// TypedKey implements present.Typing as a reader that types needs it: what begins with ; and goes on
// at a machine's pace is kept, and given back unless it is long enough for a card.
func (d *Desk) TypedKey(x rune, at time.Time) bool {
	if len(d.kept) > 0 && at.Sub(d.keptAt) > machineGap {
		d.release()
	}
	if len(d.kept) == 0 && x != ';' {
		return false
	}
	d.kept, d.keptAt = append(d.kept, x), at
	n := len(d.kept)
	d.after(machineGap, func() {
		if len(d.kept) == n {
			d.release()
		}
	})
	return true
}

func (d *Desk) release() {
	kept := string(d.kept)
	d.kept = nil
	if len(kept) < 20 {
		d.back(kept)
	}
}

// HoldKeys implements present.Typing.
func (d *Desk) HoldKeys(after func(time.Duration, func()), back func(string)) {
	d.after, d.back = after, back
}

// Scanned implements present.Typing.
func (d *Desk) Scanned(take func(code string)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Scan = take
}

// Cart implements present.Selling.
func (d *Desk) Cart() *sale.Cart { return d.cart }

// Picture implements present.Selling.
func (d *Desk) Picture(name string) ([]byte, error) { return assets.Picture(name) }
