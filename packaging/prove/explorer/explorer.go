// Package explorer looks at every history of a till that a budget allows: each order in
// which the program, the line, the bank, the printer, the disk and crashes can take turns.
//
// The decisions are those of the shipped machine: every one is asked of txn/plan, which asks
// txn about attempts and bills. What stands around it is a model: the shell as txn/till orders things, a journal
// that keeps what txn/journal promises, a line that loses, doubles, delays and reorders, a
// bank that keeps rules 11 and 12, a printer that fails in every way that it can.
//
// In every world that is reached the promises are checked (check.go), and that from there
// everything comes to its end once nothing disturbs any more (calm.go). The search is
// breadth first and always takes the same order, so that a counterexample is a shortest
// one, and the same in every run.
package explorer

import "time"

// Limits end a search before it has seen everything. Zero is no limit.
type Limits struct {
	States int
	Until  time.Time
}

// Result is what a search saw.
type Result struct {
	States      int // distinct worlds
	Transitions int
	Depth       int // steps of the longest history that was begun from
	Seconds     float64
	Complete    bool    // everything that the budget allows was seen
	Odds        float64 // that two worlds were taken for one, see prints
	Crowded     int     // times that a world was too small, so that something was not looked at
	Violation   *Violation
}

// Violation is a broken promise, with the shortest history that breaks it.
type Violation struct {
	Promise string
	Script  []string // one step a line; Run plays it again
}

// chunk is how many worlds of the queue are allocated, and given back, at once.
const chunk = 1 << 14

// explorer is one search.
type explorer struct {
	m       *machine
	limits  [dimensions]uint8
	visited *prints
	ends    *prints // calm worlds that come to a good end
	path    []uint64
	crowded int
	wrote   string // what the last action journaled, for whoever reads a history

	queue  [][]world // chunks; those that were taken are nil
	spare  [][]world // and serve again
	taken  int
	added  int
	parent []uint32 // by number of a world, and by what step it came
	step   []uint32
}

func newExplorer(b Budget) *explorer {
	return &explorer{m: newMachine(), limits: b.limits(), visited: newPrints(), ends: newPrints()}
}

// Explore looks at everything that a budget allows, until a limit or a violation ends it.
// An error says that the budget does not fit into a world.
func Explore(b Budget, l Limits) (Result, error) {
	if err := b.check(); err != nil {
		return Result{}, err
	}
	x, begun := newExplorer(b), time.Now()
	r := Result{Violation: x.reach(&world{phase: down}, 0, action{})}
	depthEnd := x.added
	var moves []action
	for r.Violation == nil && x.taken < x.added && !x.over(l) {
		if x.taken == depthEnd {
			r.Depth++
			depthEnd = x.added
		}
		from := x.taken
		w := x.take()
		moves = x.moves(&w, moves)
		for _, a := range moves {
			next := w
			x.apply(&next, a)
			r.Transitions++
			if r.Violation = x.reach(&next, from, a); r.Violation != nil {
				break
			}
		}
	}
	r.States, r.Complete, r.Crowded = x.added, r.Violation == nil && x.taken == x.added, x.crowded
	r.Odds = float64(x.added) * float64(x.added) / (1 << 63) / 2
	r.Seconds = time.Since(begun).Seconds()
	return r, nil
}

// over reports whether a limit is reached. A clock is not asked for every world.
func (x *explorer) over(l Limits) bool {
	if l.States > 0 && x.added >= l.States {
		return true
	}
	return !l.Until.IsZero() && x.taken%4096 == 0 && time.Now().After(l.Until)
}

// reach takes note of a world that came by a step, and checks it if it is new.
func (x *explorer) reach(w *world, from int, a action) *Violation {
	if !x.visited.add(w.fingerprint()) {
		return nil
	}
	x.parent = append(x.parent, uint32(from))
	x.step = append(x.step, pack(a))
	x.put(w)
	f, calm := x.inspect(w), false
	if f == sound {
		f, calm = x.calm(w, nil), true
	}
	if f == sound {
		return nil
	}
	return x.violation(x.added-1, f, calm)
}

func (x *explorer) put(w *world) {
	if n := len(x.spare); x.added%chunk == 0 && n > 0 {
		x.queue, x.spare = append(x.queue, x.spare[n-1][:0]), x.spare[:n-1]
	} else if x.added%chunk == 0 {
		x.queue = append(x.queue, make([]world, 0, chunk))
	}
	last := len(x.queue) - 1
	x.queue[last] = append(x.queue[last], *w)
	x.added++
}

func (x *explorer) take() world {
	w := x.queue[x.taken/chunk][x.taken%chunk]
	x.taken++
	if x.taken%chunk == 0 {
		done := &x.queue[x.taken/chunk-1]
		x.spare, *done = append(x.spare, *done), nil
	}
	return w
}

// violation plays the history of a world again, from the beginning, and writes it down.
func (x *explorer) violation(number int, f fault, calm bool) *Violation {
	var steps []action
	for n := number; n > 0; n = int(x.parent[n]) {
		steps = append(steps, unpack(x.step[n]))
	}
	v := &Violation{Promise: f.String()}
	w := world{phase: down}
	for i := len(steps) - 1; i >= 0; i-- {
		line := x.words(&w, steps[i])
		x.wrote = ""
		x.apply(&w, steps[i])
		v.Script = append(v.Script, line+"  # "+x.wrote+x.show(&w))
	}
	if calm {
		v.Script = append(v.Script, calmWord+"  # from here on nothing disturbs:")
		x.calm(&w, func(before *world, a action) {
			v.Script = append(v.Script, "# "+x.words(before, a))
		})
	}
	return v
}
