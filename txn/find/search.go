package find

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"veratill/txn"
)

// Find answers a query from what the index has. It waits for no other than a piece of Take. The error is ctx's.
func (x *Index) Find(ctx context.Context, q Query) (Found, error) {
	behind := x.Behind()
	x.mu.RLock()
	s := newSearch(q.bounded(), x.itemsFromMs())
	err := x.scan(ctx, s)
	trouble := x.failed
	x.mu.RUnlock()
	if errors.Is(err, errDamaged) {
		x.Rebuild()
	} else if ctx.Err() != nil {
		return Found{}, ctx.Err()
	}
	found := s.found()
	found.Behind, found.Trouble = behind, errors.Join(trouble, x.store.told(err))
	return found, nil
}

// scan looks at the blocks, the newest first. The caller holds mu for reading.
func (x *Index) scan(ctx context.Context, s *search) error {
	if x.tail != nil {
		if err := s.block(x.tail.view()); err != nil {
			return err
		}
	}
	all := x.blocks()
	few := max(all-blocksAlone, 0)
	if err := x.scanFrom(ctx, s, all, few); err != nil {
		return err
	}
	return x.scanTogether(ctx, s, few)
}

// How many of the newest blocks are looked at before others help, because most answers lie there, and how many each helper takes then.
const (
	blocksAlone    = 8
	blocksAtOnce   = 32
	mostProcessors = 4
)

// scanTogether looks at the blocks before one on several processors.
func (x *Index) scanTogether(ctx context.Context, s *search, from int) error {
	parts := make([]*search, min(runtime.GOMAXPROCS(0), mostProcessors))
	for i := range parts {
		parts[i] = newSearch(s.q, s.itemsFromMs)
	}
	for from > 0 && !s.done() {
		errs := make([]error, len(parts))
		var wait sync.WaitGroup
		for i, part := range parts {
			first, to := from, max(from-blocksAtOnce, 0)
			wait.Go(func() { errs[i] = x.scanFrom(ctx, part, first, to) })
			from = to
		}
		wait.Wait()
		for _, part := range parts {
			s.join(part)
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return nil
}

// scanFrom looks at the blocks before one, down to another.
func (x *Index) scanFrom(ctx context.Context, s *search, from, to int) error {
	for n := from - 1; n >= to && !s.done(); n-- {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v := view{}
		if p, ok := x.changed[n]; ok {
			v = p.view()
		} else {
			p := x.store.heads[n]
			v = view{head: &p.head, names: p.names, store: &x.store, placed: p}
		}
		if err := s.block(v); err != nil {
			return err
		}
	}
	return nil
}

// join takes over what another search has found in older blocks.
func (s *search) join(older *search) {
	for fit, hits := range older.hits {
		all := append(s.hits[fit], hits...)
		s.hits[fit] = all[:min(len(all), s.q.Limit+1)]
	}
	clear(older.hits)
}

// view is a block as a search sees it: in the file, or as it would be written there.
type view struct {
	head     *head
	names    []string // of the cashiers
	store    *store   // nil where it is in memory
	placed   *placedHead
	sections [sections][]byte
}

// view is the block as it would be written, made once for as long as it does not change.
func (p *part) view() view {
	p.seeing.Lock()
	defer p.seeing.Unlock()
	if p.seen == nil {
		w := writtenOf(0, p.block)
		p.seen = &w
	}
	return view{head: &p.seen.head, names: p.block.cashiers[:len(p.block.cashiers):len(p.block.cashiers)], sections: p.seen.sections}
}

// search is a query under way.
type search struct {
	q           Query
	best        int // the sum of fits that no payment exceeds
	itemsFromMs int64
	hits        map[int][]Hit // by their fit, the newest first
	buffer      []byte
	signature   []byte  // of the block's articles; empty where no reading asks for it
	sold        []byte  // the block's section of items, once it was read as a whole; empty before
	scores      []int16 // of the rows of a block: the sum of fits so far, or lost
	fits        []int16 // of the rows, of one term
	marked      bool    // some of fits are not 0
	begun       bool    // a term of the block has lost rows
}

const lost = -1

func newSearch(q Query, itemsFromMs int64) *search {
	s := &search{q: q, best: q.best(), itemsFromMs: itemsFromMs, hits: map[int][]Hit{}}
	s.q.Terms = slices.Clone(q.Terms)
	slices.SortStableFunc(s.q.Terms, func(a, b Term) int { return a.cost() - b.cost() })
	return s
}

// cost orders terms: those that most likely lose a block for little work come first.
func (t Term) cost() (sum int) {
	for _, r := range t {
		switch r.Field {
		case Item:
			if sum += 10; !isDigits(r.Text) { // more articles have a name than a number
				sum += 20 + 40/max(len(r.Text), 1)
			}
		case Code:
			sum += 5
		case Amount, LastFour, RRN, When:
			sum++
		}
	}
	return sum
}

// done reports whether no block can have a better answer.
func (s *search) done() bool { return len(s.hits[s.best]) > s.q.Limit }

// found are the best hits.
func (s *search) found() (f Found) {
	fits := make([]int, 0, len(s.hits))
	for fit := range s.hits {
		fits = append(fits, fit)
	}
	slices.Sort(fits)
	for _, fit := range slices.Backward(fits) {
		f.Hits = append(f.Hits, s.hits[fit]...)
	}
	f.More = len(f.Hits) > s.q.Limit
	f.Hits = f.Hits[:min(len(f.Hits), s.q.Limit)]
	return f
}

// block looks at a block.
func (s *search) block(v view) error {
	for _, t := range s.q.Terms {
		if !slices.ContainsFunc(t, func(r Reading) bool { return s.may(r, v) }) {
			return nil
		}
	}
	l := &looking{search: s, view: v, columns: v.head.columns()}
	if lost, err := l.lostBySignature(); err != nil || lost {
		return err
	}
	s.scores, s.fits = sized(s.scores, v.head.rows), sized(s.fits, v.head.rows)
	clear(s.scores)
	clear(s.fits)
	s.marked, s.begun, s.sold = false, false, s.sold[:0]
	for _, t := range s.q.Terms {
		for _, r := range t {
			if !s.may(r, v) || !l.signed(r) {
				continue
			}
			if err := l.mark(r); err != nil {
				return err
			}
		}
		if !s.takeTerm() {
			return nil
		}
	}
	return s.keep(l)
}

func sized(numbers []int16, n int) []int16 { return slices.Grow(numbers[:0], n)[:n] }

// takeTerm adds what a term's readings marked to the scores, and reports whether a row is left.
func (s *search) takeTerm() (left bool) {
	if !s.marked {
		return false
	}
	for i, fit := range s.fits {
		switch {
		case fit == 0:
			s.scores[i] = lost
		case s.scores[i] != lost:
			s.scores[i] += fit
			left = true
		}
	}
	clear(s.fits)
	s.marked, s.begun = false, true
	return left
}

// fewRows is how many rows of a block are looked at one by one, instead of all at once.
const fewRows = 16

// few are the rows that are left, where they are few; nil where they are not.
func (s *search) few() (rows []int) {
	if !s.begun {
		return nil
	}
	rows = make([]int, 0, fewRows)
	for i, score := range s.scores {
		if score == lost {
			continue
		}
		if len(rows) == fewRows {
			return nil
		}
		rows = append(rows, i)
	}
	return rows
}

// mark notes that a row fits a reading.
func (s *search) mark(i int, fit int) {
	if s.scores[i] != lost {
		s.fits[i], s.marked = max(s.fits[i], int16(fit)), true
	}
}

// keep takes the rows that every term fits.
func (s *search) keep(l *looking) error {
	for i, score := range slices.Backward(s.scores) {
		if score == lost || len(s.hits[int(score)]) > s.q.Limit {
			continue
		}
		h := Hit{Fit: int(score)}
		id, err := l.number(l.columns.ids, i)
		if err != nil {
			return err
		}
		if h.OpenedMs, err = l.number(l.columns.times, i); err != nil {
			return err
		}
		h.ID = txn.ID(id)
		s.hits[h.Fit] = append(s.hits[h.Fit], h)
	}
	return nil
}

// may reports whether a reading may fit a payment of a block.
func (s *search) may(r Reading, v view) bool {
	h := v.head
	switch r.Field {
	case Amount:
		return r.Low <= h.mostMinor && r.High >= h.leastMinor
	case When:
		return r.Low <= h.lastMs && r.High >= h.firstMs
	case STAN:
		return r.Low >= 1 && r.Low <= txn.STANs && int64(txn.Newest(txn.ID(h.lastID), r.Low)) >= h.firstID
	case RRN:
		return h.sizes[rrnSection] > 0
	case Cashier, CashierBegins:
		return slices.ContainsFunc(v.names, func(name string) bool { return isCashier(r, name) })
	case Item, Code:
		return h.sizes[itemSection] > 0 && h.lastMs >= s.itemsFromMs
	}
	return true
}

func isCashier(r Reading, name string) bool {
	return name == r.Text || r.Field == CashierBegins && r.Text != "" && hasWord(name, r.Text)
}
