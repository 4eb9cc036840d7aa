// Package chain is the spine of the books: entries, each of which pins all that came before
// it by a hash. It knows nothing of what an entry says, and of no place where entries are kept.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrBroken means that an entry does not follow from the one before: it was changed,
// removed or added.
var ErrBroken = errors.New("the chain of entries is broken")

// Entry is one commit of the books.
type Entry struct {
	Seq     int64 // 1, 2, 3 …
	Version int   // of the machine that decided what the entry says; it never falls along a chain
	Print   int64 // the highest print number so far; it never falls either
	Attempt int64 // the highest number of an attempt that is used up so far; nor does this
	Body    []byte
	Hash    [sha256.Size]byte // over the hash before, and every field above
}

// Cursor is a place in a chain: its newest entry. The zero Cursor stands before the first one.
type Cursor struct {
	Seq     int64
	Version int
	Print   int64
	Attempt int64
	Hash    [sha256.Size]byte
}

// At is the place of an entry that is taken as it is, such as the oldest of a chain's end.
//
//mutant:number-once/restart
func At(e Entry) Cursor { return Cursor{e.Seq, e.Version, e.Print, e.Attempt, e.Hash} }

// Next makes the entry that follows. The cursor stays where it is.
func (c Cursor) Next(version int, print, attempt int64, body []byte) Entry {
	e := Entry{Seq: c.Seq + 1, Version: version, Print: print, Attempt: attempt, Body: body}
	e.Hash = c.hash(e)
	return e
}

// Follow moves the cursor on to an entry. The error is ErrBroken, and then the cursor stays.
func (c *Cursor) Follow(e Entry) error {
	switch {
	case e.Seq != c.Seq+1:
		return fmt.Errorf("%w: entry %d is missing", ErrBroken, c.Seq+1)
	case e.Version < c.Version || e.Print < c.Print || e.Attempt < c.Attempt:
		return fmt.Errorf("%w: entry %d has an older version or lower numbers than the one before", ErrBroken, e.Seq)
	case e.Hash != c.hash(e):
		return fmt.Errorf("%w: entry %d does not follow from the one before", ErrBroken, e.Seq)
	}
	*c = At(e)
	return nil
}

func (c Cursor) hash(e Entry) [sha256.Size]byte {
	var numbers [32]byte
	binary.BigEndian.PutUint64(numbers[0:], uint64(e.Seq))
	binary.BigEndian.PutUint64(numbers[8:], uint64(e.Version))
	binary.BigEndian.PutUint64(numbers[16:], uint64(e.Print))
	binary.BigEndian.PutUint64(numbers[24:], uint64(e.Attempt))
	sum := sha256.New()
	sum.Write(c.Hash[:])
	sum.Write(numbers[:])
	//mutant:chain-holds-the-row
	sum.Write(e.Body)
	return [sha256.Size]byte(sum.Sum(nil))
}
