// Package slips keeps the merchant's slips of card payments as they were first printed, beside the journal: banks ask for the original for a year and longer, and take no
// reprint. A slip is named by the SHA-256 of its bytes, which stands in the entry that began its print, so that one that was altered is no slip any more.
package slips

import (
	"crypto/sha256"
	"encoding/hex"

	"veratill/txn/disk"
	"veratill/txn/monthly"
)

// Months is how long a slip is kept at least. A UnionPay retrieval comes within 12 months, and its answer takes part of another one.
const Months = 18

// Faults of a slip that is asked for.
var (
	ErrNotKept = monthly.ErrNotKept
	ErrAltered = monthly.ErrAltered
)

// Store is the slips of one data folder. The books can make a slip that a power cut took anew, byte for byte. Its methods are safe for use by several goroutines.
type Store = monthly.Store

// New is the store of a data folder. Nothing is made before the first slip is kept.
func New(d disk.Disk, dir string) *Store {
	return monthly.New(d, dir, monthly.Kind{Folder: "slips", Ending: ".slips", Mark: "VTSLIP1\n", Months: Months,
		MostBytes: 4 << 20}) // paper of several metres, as dots
}

// Name is what a slip is known by: the SHA-256 of its bytes, in hex.
func Name(slip []byte) string {
	sum := sha256.Sum256(slip)
	return hex.EncodeToString(sum[:])
}
