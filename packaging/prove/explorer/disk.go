package explorer

// The journal is as txn/journal promises it: a commit is whole or not there; a lazy one
// survives a killed program; a power cut leaves the synced commits and any number of the
// lazy ones after them, in their order.

// save is a commit: what it changes, how durable, and what cuts it short. With midWrite the
// program is killed while its pages are written and not yet synced. With diskFails it fails:
// nothing of it is there; with both it fails, and a start will find it all the same.
type save struct {
	changes [3]change
	n       int
	synced  bool
	cut     uint8
}

func (s *save) add(row int, after ref) {
	s.changes[s.n] = change{after: after, row: uint8(row)}
	s.n++
}

// commit makes a change durable, and reports whether it may be acted on. After one that
// failed the journal takes no other, and shows what was there before it.
func (x *explorer) commit(w *world, s *save) bool {
	failed := s.cut&diskFails != 0
	switch {
	//mutant:failed-stays-failed/model
	case w.phase == stopped:
		return false
	case failed && s.cut&midWrite == 0:
		x.wrote = "not written; "
		w.phase = stopped
		//mutant:unsaved-is-not-sent/model
		return false
	}
	for i := range s.n {
		c := s.changes[i]
		if i > 0 {
			c.joined = 1
		}
		if s.n == 1 && !s.synced && w.now[c.row] == c.after {
			break // it changes nothing that a start could find
		}
		if !failed {
			w.now[c.row] = c.after
		}
		x.remember(w, c)
	}
	switch {
	case failed:
		x.wrote = "failed, and written; "
		w.phase = stopped
		return false
	case s.cut&midWrite != 0:
		x.wrote = "written, not synced; "
		x.die(w)
		return false
	case s.synced:
		x.wrote = "journaled synced; "
		x.sync(w)
	default:
		x.wrote = "journaled lazy; "
	}
	return true
}

// remember adds a change to what a power cut may take. Where there is no room, the
// oldest commit has reached the disk by itself, as pages may at any time.
func (x *explorer) remember(w *world, c change) {
	if w.lazyN == lazies {
		x.crowded++
		n := x.group(w, 0)
		for i := range n {
			w.disk[w.lazy[i].row] = w.lazy[i].after
		}
		copy(w.lazy[:], w.lazy[n:])
		clear(w.lazy[lazies-n:])
		w.lazyN -= uint8(n)
		x.noteApprovals(w)
	}
	w.lazy[w.lazyN] = c
	w.lazyN++
}

// group is the number of changes in the commit that begins at a place.
func (x *explorer) group(w *world, at int) int {
	n := 1
	for at+n < int(w.lazyN) && w.lazy[at+n].joined != 0 {
		n++
	}
	return n
}

// sync makes everything that was written durable.
func (x *explorer) sync(w *world) {
	w.disk = w.now
	clear(w.lazy[:])
	w.lazyN = 0
	x.noteApprovals(w)
}

// noteApprovals marks what the disk holds as approved: from now on the till knows it in every life.
func (x *explorer) noteApprovals(w *world) {
	for slot, r := range w.disk[:slots] {
		if x.has(r, hasMoney) {
			w.seen[slot] |= keptApproval
		}
	}
}

// commits is the number of lazy commits after the last synced one.
func (w *world) commits() int {
	n := 0
	for _, c := range w.lazy[:w.lazyN] {
		n += 1 - int(c.joined)
	}
	return n
}

// cutPower ends the program and keeps the first lazy commits.
func (x *explorer) cutPower(w *world, keep int) {
	at := 0
	for range keep {
		for range x.group(w, at) {
			w.disk[w.lazy[at].row] = w.lazy[at].after
			at++
		}
	}
	w.now = w.disk
	x.sync(w)
	x.die(w)
}

// die is what a killed program leaves: the page cache, the line, and what the printer
// has in hand. What it held in memory is gone, and nobody listens to old answers.
func (x *explorer) die(w *world) {
	w.reread()
	w.phase, w.next, w.talk, w.with = down, 0, silent, 0
	w.listening, w.waiting, w.due, w.told = 0, 0, 0, 0
	for slot := range w.line {
		w.line[slot] &^= allAnswer
	}
	w.settles = 0
	kept := uint8(0)
	for _, s := range w.sheets[:w.sheetN] {
		if s.at == sheetThere { // the bytes are in the printer: paper may come yet
			s.at = sheetAlone
		}
		if s.at == sheetAlone {
			w.sheets[kept] = s
			kept++
		}
	}
	clear(w.sheets[kept:])
	w.sheetN = kept
	w.sortSheets()
}

// reread is what a start will find: also a commit that failed and was written.
func (w *world) reread() {
	w.now = w.disk
	for _, c := range w.lazy[:w.lazyN] {
		w.now[c.row] = c.after
	}
}

// putBack makes the copy of the folder the books: the mark outside them says that they are not the newest. Numbers that newer ones used come to
// nobody again.
func (x *explorer) putBack(w *world) {
	for slot := range slots {
		if w.what[slot] != 0 && w.old[slot] == 0 {
			w.old[slot] = noAttempt
		}
	}
	w.now, w.disk, w.old = w.old, w.old, [rows]ref{}
	clear(w.lazy[:])
	w.lazyN, w.differs = 0, 1
	w.numbers &= 1<<x.nextPrint(w) - 1
}

// boot is rule 10: one synced commit before anything that was read is acted on.
func (x *explorer) boot(w *world) {
	x.wrote = "journaled synced; "
	//mutant:start-syncs-first/model
	x.sync(w)
	w.phase, w.next = starting, 0
	x.seekOwed(w)
}

// seekOwed goes on to the next attempt or, after them, sale that a start has to take up, or ends the start.
func (x *explorer) seekOwed(w *world) {
	for ; w.next < closing; w.next++ {
		if x.restarts(w, int(w.next)) {
			return
		}
	}
	w.phase, w.next, w.differs = running, 0, 0
}

func (x *explorer) restarts(w *world, row int) bool {
	if row < slots {
		return x.m.facts[w.now[row]].owes
	}
	b := &x.m.bills[w.now[row]]
	return b.owes && b.restarts
}

// takeUp is one attempt or sale of a start.
func (x *explorer) takeUp(w *world) {
	row, found := int(w.next), restarted
	//mutant:only-a-mark-that-holds-is-believed/model
	if w.differs != 0 {
		found = booksDiffer
	}
	w.next++
	if row < slots {
		x.carryOut(w, row, x.plan(w, row, found, false), 0)
	} else {
		x.carryOut(w, row-slots, x.planSale(w, row-slots, found), 0)
	}
	x.seekOwed(w)
}
