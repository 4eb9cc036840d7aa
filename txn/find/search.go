package find

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

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
	if x.tail.block != nil {
		if err := s.block(inMemory(x.tail.block)); err != nil {
			return err
		}
	}
	for n := x.blocks() - 1; n >= 0 && !s.done(); n-- {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		v := view{store: &x.store}
		if p, ok := x.changed[n]; ok {
			v = inMemory(p.block)
		} else {
			v.placed = x.store.heads[n]
			v.head = &v.placed.head
		}
		if err := s.block(v); err != nil {
			return err
		}
	}
	return nil
}

// view is a block as a search sees it: in the file, or as it would be written there.
type view struct {
	head     *head
	store    *store // nil where it is in memory
	placed   *placedHead
	sections [3][]byte
}

func inMemory(b *block) view {
	sections := sectionsOf(b)
	h := headOf(0, b, sections)
	return view{head: &h, sections: sections}
}

// search is a query under way.
type search struct {
	q           Query
	best        int // the sum of fits that no payment exceeds
	itemsFromMs int64
	hits        map[int][]Hit // by their fit, the newest first
	buffers     [3][]byte
	scores      []int // of the rows of a block: the sum of fits so far, or lost
	fits        []int // of the rows, of one term
}

const lost = -1

func newSearch(q Query, itemsFromMs int64) *search {
	return &search{q: q, best: q.best(), itemsFromMs: itemsFromMs, hits: map[int][]Hit{}}
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
		if !slices.ContainsFunc(t, func(r Reading) bool { return s.may(r, v.head) }) {
			return nil
		}
	}
	s.scores = slices.Grow(s.scores[:0], v.head.rows)[:v.head.rows]
	s.fits = slices.Grow(s.fits[:0], v.head.rows)[:v.head.rows]
	clear(s.scores)
	loaded := &loaded{search: s, view: v}
	for _, t := range s.q.Terms {
		clear(s.fits)
		for _, r := range t {
			if !s.may(r, v.head) {
				continue
			}
			if err := loaded.mark(r); err != nil {
				return err
			}
		}
		left := 0
		for i, fit := range s.fits {
			switch {
			case fit == 0:
				s.scores[i] = lost
			case s.scores[i] != lost:
				s.scores[i] += fit
				left++
			}
		}
		if left == 0 {
			return nil
		}
	}
	return s.keep(loaded)
}

// keep takes the rows that every term fits.
func (s *search) keep(l *loaded) error {
	c, err := l.columns()
	if err != nil {
		return err
	}
	for i, score := range slices.Backward(s.scores) {
		if score == lost || len(s.hits[score]) > s.q.Limit {
			continue
		}
		s.hits[score] = append(s.hits[score], Hit{ID: txn.ID(u64(c.ids, i)), OpenedMs: u64(c.times, i), Fit: score})
	}
	return nil
}

// may reports whether a reading may fit a payment of a block.
func (s *search) may(r Reading, h *head) bool {
	switch r.Field {
	case Amount:
		return r.Low <= h.mostMinor && r.High >= h.leastMinor
	case When:
		return r.Low <= h.lastMs && r.High >= h.firstMs
	case STAN:
		return r.Low >= 1 && r.Low <= txn.STANs && int64(txn.Newest(txn.ID(h.lastID), r.Low)) >= h.firstID
	case RRN:
		return h.sizes[1] > 0
	case Item:
		//mutant:items-are-found-for-400-days
		return h.sizes[2] > 0 && h.lastMs >= s.itemsFromMs
	}
	return true
}

// loaded is a block whose sections are read as they are needed.
type loaded struct {
	search *search
	view   view
	have   [3]bool
	parts  columns
}

func (l *loaded) section(which int) ([]byte, error) {
	if l.view.store == nil || l.have[which] {
		return l.view.sections[which], nil
	}
	b, err := l.view.store.section(l.view.placed, which, l.search.buffers[which])
	if err != nil {
		return nil, err
	}
	l.search.buffers[which], l.view.sections[which], l.have[which] = b, b, true
	return b, nil
}

func (l *loaded) columns() (columns, error) {
	core, err := l.section(0)
	if err != nil {
		return columns{}, err
	}
	if len(core) < l.view.head.rows*coreRow {
		return columns{}, errDamaged
	}
	return columnsOf(core, l.view.head.rows), nil
}

// mark notes the rows that a reading fits.
func (l *loaded) mark(r Reading) error {
	switch r.Field {
	case RRN:
		return l.markRRN(r)
	case Item:
		return l.markItem(r)
	}
	c, err := l.columns()
	if err != nil {
		return err
	}
	switch r.Field {
	case Amount:
		l.markRange(r, c.amounts)
	case When:
		l.markRange(r, c.times)
	case STAN:
		for i := range l.search.fits {
			if txn.ID(u64(c.ids, i)).STAN() == r.Low {
				l.search.mark(i, r.Fit)
			}
		}
	case LastFour:
		if n, err := strconv.ParseUint(r.Text, 10, 16); err == nil && len(r.Text) == 4 {
			l.markNumber(r, c.lastFours, uint16(n))
		}
	case Cashier, CashierBegins:
		for i, name := range strings.Split(string(c.names), nameEnd) {
			if name == r.Text || r.Field == CashierBegins && r.Text != "" && hasWord(name, r.Text) {
				l.markNumber(r, c.cashiers, uint16(i))
			}
		}
	case State:
		l.markPlace(r, c.states, place(txn.States, txn.State(r.Text)))
	case Tender:
		l.markPlace(r, c.tenders, place(txn.Tenders, txn.Tender(r.Text)))
	case Kind:
		l.markPlace(r, c.kinds, place(txn.Kinds, txn.Kind(r.Text)))
	}
	return nil
}

func (s *search) mark(i, fit int) { s.fits[i] = max(s.fits[i], fit) }

func (l *loaded) markRange(r Reading, column []byte) {
	for i := range l.search.fits {
		if v := u64(column, i); v >= r.Low && v <= r.High {
			l.search.mark(i, r.Fit)
		}
	}
}

func (l *loaded) markNumber(r Reading, column []byte, n uint16) {
	for i := range l.search.fits {
		if u16(column, i) == n {
			l.search.mark(i, r.Fit)
		}
	}
}

func (l *loaded) markPlace(r Reading, column []byte, place uint8) {
	if place == 0xFF { // in no closed set
		return
	}
	for i, p := range column {
		if p == place {
			l.search.mark(i, r.Fit)
		}
	}
}

func (l *loaded) markRRN(r Reading) error {
	rrns, err := l.section(1)
	if err != nil || r.Text == "" {
		return err
	}
	want := make([]byte, rrnWidth)
	copy(want, cutRRN(r.Text))
	for at := 0; at+rrnWidth <= len(rrns); {
		i := bytes.Index(rrns[at:], want)
		if i < 0 {
			return nil
		}
		if at += i; at%rrnWidth == 0 {
			l.search.mark(at/rrnWidth, r.Fit)
		}
		at++
	}
	return nil
}

// markItem looks for the words in all articles of the block at once, and then for those articles in the rows.
func (l *loaded) markItem(r Reading) error {
	items, err := l.section(2)
	if err != nil {
		return err
	}
	text, refs, err := articlesOf(items)
	words := strings.Fields(r.Text)
	if err != nil || len(words) == 0 {
		return err
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			return nil
		}
	}
	articles := strings.Split(strings.TrimSuffix(text, textEnd), textEnd)
	wanted, some := make([]bool, len(articles)), false
	for i, a := range articles {
		wanted[i] = isArticle(a, words)
		some = some || wanted[i]
	}
	if !some {
		return nil
	}
	c, err := l.columns()
	if err != nil {
		return err
	}
	return eachItem(refs, l.view.head.rows, func(row int, article uint64) {
		if article < uint64(len(wanted)) && wanted[article] && u64(c.times, row) >= l.search.itemsFromMs {
			l.search.mark(row, r.Fit)
		}
	})
}
