package find

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/sale"
)

const (
	entriesOfPiece = 128 // read at a time, between which others have the journal
	// mostUnwritten is how many blocks wait in memory for a file that can't be written; then nothing more is taken up.
	mostUnwritten = 8
)

// taken is what entries say of attempts and sales, in their order. How an event leaves an attempt is asked of the books: one place decides that.
type taken struct {
	opened []openedAt
	moved  map[txn.ID]bool // opened or moved
	lines  map[int64][]sale.Line
	at     chain.Cursor
}

type openedAt struct {
	id   txn.ID
	sale int64
	from mark // the entry before
}

// follow takes the next entry: chain.ErrBroken where it is none.
func (t *taken) follow(e chain.Entry) error {
	before := mark{t.at.Seq, t.at.Hash}
	if err := t.at.Follow(e); err != nil {
		return err
	}
	return t.read(e, before)
}

// read takes the words of an entry that the index is about. Every version of the machine has written them so.
func (t *taken) read(e chain.Entry, before mark) error {
	var body struct {
		Records []struct {
			Sale *struct {
				Sale sale.Sale `json:"sale"`
			} `json:"sale"`
			Attempt *struct {
				Attempt struct {
					ID     txn.ID `json:"id"`
					SaleID int64  `json:"saleId"`
				} `json:"attempt"`
			} `json:"attempt"`
			Event *struct {
				ID txn.ID `json:"id"`
			} `json:"event"`
		} `json:"records"`
	}
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	for _, r := range body.Records {
		switch {
		case r.Sale != nil:
			t.lines[e.Seq] = r.Sale.Sale.Lines
		case r.Attempt != nil:
			id := r.Attempt.Attempt.ID
			t.opened = append(t.opened, openedAt{id, r.Attempt.Attempt.SaleID, before})
			t.moved[id] = true
		case r.Event != nil:
			t.moved[r.Event.ID] = true
		}
	}
	return nil
}

// Take takes up a piece of what is new in the books, and writes what has become a block. more reports whether there is more. The error is the books' or the
// file's: what was taken up is found all the same, and the next Take tries again.
func (x *Index) Take(ctx context.Context) (more bool, err error) {
	x.taking.Lock()
	defer x.taking.Unlock()
	if err := x.begin(ctx); err != nil {
		return false, x.fail(err)
	}
	if len(x.changed) >= mostUnwritten {
		if err := x.write(ctx); err != nil {
			return false, x.fail(err)
		}
	}
	entries, err := x.books.After(ctx, x.at.Seq, x.pieceEntries)
	if err != nil {
		return false, x.fail(err)
	}
	t := taken{moved: map[txn.ID]bool{}, lines: map[int64][]sale.Line{}, at: x.at}
	for _, e := range entries {
		if err := t.follow(e); errors.Is(err, chain.ErrBroken) {
			return x.anew(err) // these are not the books that it was made of
		} else if err != nil {
			return false, x.fail(err)
		}
	}
	attempts, err := x.attempts(ctx, t)
	if err != nil {
		return false, x.fail(err)
	}
	if err := x.apply(t, attempts); errors.Is(err, errDamaged) {
		return x.anew(err)
	} else if err != nil {
		return false, x.fail(err)
	}
	if len(x.changed) > 0 {
		err = x.write(ctx)
	}
	if errors.Is(err, errDamaged) { // it was to be written anew, and could not be read
		return x.anew(err)
	}
	return len(entries) == x.pieceEntries, x.fail(err)
}

// mostAnew is how often an index is made anew in one run because something did not fit: a disk, or books, that go on like that are no work for it.
const mostAnew = 3

// anew throws the index away because something does not fit, and reports whether there is more to take up.
func (x *Index) anew(why error) (more bool, err error) {
	if x.thrown++; x.thrown > mostAnew {
		return false, x.fail(x.store.told(why))
	}
	x.Rebuild()
	return true, nil
}

// fail keeps what is wrong with the index, for whoever asks it.
func (x *Index) fail(err error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failed = err
	return err
}

// attempts are those that entries moved, as they are now, and their sales' lines.
func (x *Index) attempts(ctx context.Context, t taken) (map[txn.ID]txn.Attempt, error) {
	all := make(map[txn.ID]txn.Attempt, len(t.moved))
	for id := range t.moved {
		a, err := x.books.Attempt(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("attempt %s: %w", id, err)
		}
		all[id] = a
	}
	for _, o := range t.opened {
		if _, known := t.lines[o.sale]; known {
			continue
		}
		s, err := x.books.Sale(ctx, o.sale)
		if err != nil {
			return nil, fmt.Errorf("sale %d: %w", o.sale, err)
		}
		t.lines[o.sale] = s.Lines
	}
	return all, nil
}

// apply takes attempts into the index.
func (x *Index) apply(t taken, attempts map[txn.ID]txn.Attempt) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, o := range t.opened {
		if o.id > x.lastID() {
			x.add(o, attempts[o.id], t.lines[o.sale])
			delete(attempts, o.id)
		}
	}
	for id, a := range attempts {
		if err := x.move(id, a); err != nil {
			return err
		}
	}
	x.at = t.at
	return nil
}

// lastID is the newest attempt of the index.
func (x *Index) lastID() txn.ID {
	if x.tail != nil {
		return x.tail.rows[len(x.tail.rows)-1].id
	}
	if n := x.blocks() - 1; n >= 0 {
		if p, ok := x.changed[n]; ok {
			return p.rows[len(p.rows)-1].id
		}
		return txn.ID(x.store.heads[n].lastID)
	}
	return 0
}

// blocks is how many there are, in the file and behind it.
func (x *Index) blocks() int {
	n := len(x.store.heads)
	for number := range x.changed {
		n = max(n, number+1)
	}
	return n
}

// add takes a new attempt behind all others.
func (x *Index) add(o openedAt, a txn.Attempt, lines []sale.Line) {
	if x.tail != nil && x.tail.full(x.blockRows) {
		x.changed[x.blocks()] = x.tail
		x.tail = nil
	}
	if x.tail == nil {
		x.tail = &part{block: &block{}, from: o.from}
	}
	x.tail.rows = append(x.tail.rows, x.tail.rowOf(a, lines))
	x.tail.seen = nil
}

// move takes an attempt as it is now.
func (x *Index) move(id txn.ID, a txn.Attempt) error {
	if x.tail != nil && id >= x.tail.rows[0].id {
		if i, ok := x.tail.find(id); ok {
			x.tail.rows[i] = x.tail.moved(x.tail.rows[i], a)
			x.tail.seen = nil
		}
		return nil
	}
	n := sort.Search(x.blocks(), func(n int) bool { return x.lastOf(n) >= id })
	if n == x.blocks() {
		return nil
	}
	p, err := x.part(n)
	if err != nil {
		return err
	}
	i, ok := p.find(id)
	if !ok {
		return nil
	}
	//mutant:a-payment-is-found-by-its-new-state
	if now := p.moved(p.rows[i], a); !now.same(p.rows[i]) {
		p.rows[i], p.seen = now, nil
		x.changed[n] = p
	}
	return nil
}

func (x *Index) lastOf(n int) txn.ID {
	if p, ok := x.changed[n]; ok {
		return p.rows[len(p.rows)-1].id
	}
	return txn.ID(x.store.heads[n].lastID)
}

// part is a block in memory, read where it is not.
func (x *Index) part(n int) (p *part, err error) {
	if p, ok := x.changed[n]; ok {
		return p, nil
	}
	h := x.store.heads[n]
	var in [sections][]byte
	for i := range in {
		if in[i], err = x.store.section(h, i, nil); err != nil {
			return nil, err
		}
	}
	b, err := readBlock(&h.head, h.names, in)
	return &part{block: b}, err
}

func (b *block) find(id txn.ID) (int, bool) {
	return slices.BinarySearchFunc(b.rows, id, func(r row, id txn.ID) int { return int(r.id - id) })
}

// write writes the blocks of memory to the file, but for those with what a power cut may still take. They go in their order, so that whatever is in no
// block of the file comes from entries behind the mark of the last one.
func (x *Index) write(ctx context.Context) error {
	unsure, durable, err := x.unsure(ctx)
	if err != nil {
		return err
	}
	itemsFromMs := x.itemsFromMs()
	x.mu.RLock()
	numbers := numbersOf(x.changed)
	var ready []written
	for i, n := range numbers {
		p := x.changed[n]
		//mutant:an-index-holds-what-is-durable
		if p.anyOf(unsure) {
			break
		}
		w := writtenOf(n, p.block)
		w.dropItems(itemsFromMs)
		w.durable, w.from = durable, x.fromAfter(numbers[i+1:])
		ready = append(ready, w)
	}
	x.mu.RUnlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.store.itemsFromMs = itemsFromMs
	for _, w := range ready {
		if err := x.store.append(w); err != nil {
			return x.store.told(err)
		}
		delete(x.changed, w.number)
	}
	return nil
}

// fromAfter is where the first block begins that the file will not have once it has all but these.
func (x *Index) fromAfter(numbers []int) mark {
	for _, n := range numbers {
		if n >= len(x.store.heads) {
			return x.changed[n].from
		}
	}
	if x.tail == nil { // all is in a block
		return mark{x.at.Seq, x.at.Hash}
	}
	return x.tail.from
}

func (b *block) anyOf(ids map[txn.ID]bool) bool {
	for id := range ids {
		if _, ok := b.find(id); ok {
			return true
		}
	}
	return false
}

// unsure are the attempts that entries moved which are not durable, and the newest entry that is.
func (x *Index) unsure(ctx context.Context) (map[txn.ID]bool, mark, error) {
	seq, hash := x.books.Durable()
	t := taken{moved: map[txn.ID]bool{}, lines: map[int64][]sale.Line{}}
	head, _ := x.books.Head()
	for n := seq + 1; n <= head; n++ {
		e, err := x.books.Entry(ctx, n)
		if err != nil {
			return nil, mark{}, err
		}
		if err := t.read(e, mark{}); err != nil {
			return nil, mark{}, err
		}
	}
	return t.moved, mark{seq, hash}, nil
}

// itemsFromMs is from when on payments are found by what was sold.
func (x *Index) itemsFromMs() int64 {
	return x.now().Add(-ItemDays * 24 * time.Hour).UnixMilli()
}
