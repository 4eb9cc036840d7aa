// Package find finds payments: by amount, time, card, what was sold, numbers, cashier and state. It keeps an index in a file of its own beside the
// books, which follows them by a cursor and is no part of them: what is in it comes from durable entries and from nowhere else, whatever becomes of it is made again
// from the books, and nothing that moves money waits for it, writes it or reads it.
//
// What a person types in one box is read as everything that it may mean (Read), and a payment is the better the likelier the reading.
package find

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/disk"
	"veratill/txn/sale"
)

// FileName is the index in the data folder. It may be taken away at any time.
const FileName = "find.index"

// ItemDays is how long a payment is found by what was sold.
const ItemDays = 400

// Books is what the index needs of the journal; txn/journal documents each method.
type Books interface {
	After(ctx context.Context, seq int64, limit int) ([]chain.Entry, error)
	Entry(ctx context.Context, seq int64) (chain.Entry, error)
	Durable() (seq int64, hash [32]byte)
	Head() (seq int64, hash [32]byte)
	Attempt(ctx context.Context, id txn.ID) (txn.Attempt, error)
	Sale(ctx context.Context, id int64) (sale.Sale, error)
}

// Index is the index of one data folder. Its methods are safe for use by several goroutines.
type Index struct {
	books Books
	now   func() time.Time
	// What a block and a piece of work have; smaller in tests.
	blockRows, pieceEntries int

	taking sync.Mutex // one writer; taken before mu
	thrown int        // how often it was thrown away in this run; of taking

	mu      sync.RWMutex // of what follows
	begun   bool         // the file was looked at
	spoilt  bool         // the file is to be thrown away
	store   store
	at      chain.Cursor  // the newest entry that is in the index; only its number and hash count where it was taken from the file
	tail    *part         // what no block holds yet; nil is nothing
	changed map[int]*part // blocks that the file does not have, or not as they are, by number
	failed  error         // why the file was not written or read, nil once it was
}

// part is a block in memory.
type part struct {
	*block
	from mark // the entry before the one that its first row comes from

	seeing sync.Mutex
	seen   *written // as it would be written; nil where nobody has looked since it changed
}

// New makes the index of a data folder, and does not look at it yet. d nil is the system's disk, now nil the clock.
func New(d disk.Disk, dir string, books Books, now func() time.Time) *Index {
	if d == nil {
		d = disk.System{}
	}
	if now == nil {
		now = time.Now
	}
	return &Index{books: books, now: now, blockRows: rowsOfBlock, pieceEntries: entriesOfPiece, changed: map[int]*part{}, store: store{disk: d, path: filepath.Join(dir, FileName)}}
}

// Found is an answer.
type Found struct {
	Hits []Hit // the best first, and of equals the newest
	More bool  // there may be others that fit as well as the last one
	// Behind is how many entries of the books the index has not taken up: newer payments, or new states of older ones. 0 is none.
	Behind int64
	// Trouble says what is wrong with the index's file; nil where nothing is. The hits are good all the same.
	Trouble error
}

// Rebuild throws the file away: the next Take begins with the first entry.
func (x *Index) Rebuild() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.spoilt = true
}

// Behind is how many durable entries the index has not taken up yet.
func (x *Index) Behind() int64 {
	durable, _ := x.books.Durable()
	x.mu.RLock()
	defer x.mu.RUnlock()
	return max(0, durable-x.at.Seq)
}

// begin looks at the file, and goes on where it ends in these books; a file of other books is thrown away. The caller holds taking.
func (x *Index) begin(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.begun && !x.spoilt {
		return nil
	}
	x.forget()
	if x.spoilt {
		if err := x.store.remove(); err != nil {
			return x.store.told(err)
		}
		x.spoilt, x.begun = false, true
		return nil
	}
	err := x.store.open()
	if errors.Is(err, fs.ErrPermission) { // it is another account's, who looked here: one is made that is this account's
		err = x.store.remove()
	}
	if err != nil {
		x.store.close()
		return x.store.told(err)
	}
	ok, err := x.follows(ctx)
	//mutant:an-index-of-other-books-is-not-used
	if err == nil && !ok {
		x.forget()
		err = x.store.told(x.store.remove())
	}
	x.begun = err == nil
	return err
}

// forget empties what is in memory.
func (x *Index) forget() {
	x.at, x.tail, x.changed = chain.Cursor{}, nil, map[int]*part{}
}

// follows reports whether these books hold what the file was made of, and then goes on from there. The newest block is the one that a power cut may have torn.
func (x *Index) follows(ctx context.Context) (bool, error) {
	last := x.store.newest()
	if last == nil {
		return true, nil
	}
	for i := range last.sizes {
		if _, err := x.store.section(last, i, nil); err != nil {
			return false, nil
		}
	}
	for _, m := range []mark{last.durable, last.from} {
		if m.seq == 0 {
			continue
		}
		e, err := x.books.Entry(ctx, m.seq)
		if err != nil || e.Hash != m.hash {
			return false, ctx.Err()
		}
		x.at = chain.At(e)
	}
	if last.from.seq == 0 {
		x.at = chain.Cursor{}
	}
	return true, nil
}

// Run takes up what is new, until ctx ends: little at a time, with as long a rest as the work took. It begins late, so that a start has the machine for itself.
func (x *Index) Run(ctx context.Context, log func(error)) {
	pause, told := firstPause, ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		begun := time.Now()
		more, err := x.Take(ctx)
		pause = restPause
		if more {
			pause = min(max(time.Since(begun), shortPause), restPause)
		}
		if err != nil && ctx.Err() == nil && err.Error() != told {
			told = err.Error()
			log(fmt.Errorf("the index of payments: %w", err))
		}
	}
}

// How long Run waits: at first, while nothing is new, and at least between two pieces.
const (
	firstPause = 10 * time.Second
	restPause  = 5 * time.Second
	shortPause = 2 * time.Millisecond
)

// TakeAll takes up what is new until nothing is, or ctx ends. told is called of each piece with how many entries are left; it may be nil.
func (x *Index) TakeAll(ctx context.Context, told func(left int64)) error {
	for {
		more, err := x.Take(ctx)
		if err != nil || !more || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if told != nil {
			told(x.Behind())
		}
	}
}

// numbers of the blocks in memory, in order.
func numbersOf(changed map[int]*part) []int {
	all := make([]int, 0, len(changed))
	for n := range changed {
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}
