package simulator

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/till"
)

// This file is the world in which books are not the newest: the data folder is put back from a copy, goes on beside one, or loses its -wal; and
// the marks that find it out are lost, spoilt, or kept under an address that is spelt otherwise.

// folders is what becomes of data folders and of the marks outside them.
type folders struct {
	copy     *simdisk.Disk // of the data folder
	backup   string        // the newest backup that was told to be made; empty before
	next     string        // what is done before the next start: put-back, swap, lose-wal, restore, restore-new
	mark     string        // and to the marks: lose, garble
	marks    map[string]*kept
	garbled  bool           // a mark was made unreadable
	doubtful bool           // what is done to the folder or to the marks may make the next start doubt its books
	partings int            // how often books that were used were not the same any more
	paid     map[int64]bool // sales that lost books had paid, and of which these have a part
}

// kept is a mark: as programs see it, and as a power cut leaves it.
type kept struct {
	newest, durable txn.Mark
	garbled         bool
}

// marks are those outside the books as one run of the till sees them.
type marks struct{ life *life }

// Read implements till.Marks.
func (m marks) Read() (all []txn.Mark, unreadable map[string]error, err error) {
	w := m.life.w
	w.mu.Lock()
	defer w.mu.Unlock()
	unreadable = map[string]error{}
	for _, name := range slices.Sorted(maps.Keys(w.folders.marks)) {
		if k := w.folders.marks[name]; k.garbled {
			unreadable[name] = errors.New("garbage")
		} else {
			all = append(all, k.newest)
		}
	}
	return all, unreadable, nil
}

// Keep implements till.Marks.
func (m marks) Keep(mark txn.Mark, durable bool) error {
	w := m.life.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if m.life.ended() {
		return simdisk.ErrDead
	}
	k := w.folders.marks[mark.Line]
	if k == nil || k.garbled {
		k, durable = &kept{}, true
		w.folders.marks[mark.Line] = k
	}
	k.newest = mark
	if durable {
		k.durable = mark
	}
	return nil
}

// File implements till.Marks.
func (marks) File(numbering string) string { return numbering }

// folderStep is somebody who copies the data folder, or changes it while no program runs.
func (w *world) folderStep(s Step) {
	switch s.Words[0] {
	case "copy":
		if f := &w.folders; f.copy != nil {
			f.copy.Close()
		}
		w.folders.copy = w.life.disk.Cut(simdisk.KeepAll, rand.New(rand.NewPCG(w.seed, uint64(w.lives))))
	case "mark":
		w.folders.mark = s.Word(1)
	case "put-back", "swap", "lose-wal", "restore", "restore-new":
		if w.folders.copy == nil && (s.Words[0] == "put-back" || s.Words[0] == "swap") {
			return
		}
		w.folders.next = s.Words[0]
		w.life.disk.Stop(simdisk.Killed)
		w.life.end()
	}
}

// afterCut is what a power cut leaves of the marks: under some policies not what was not synced.
func (f *folders) afterCut(p simdisk.Policy) {
	for _, k := range f.marks {
		if p == simdisk.LoseAll || p == simdisk.Prefix {
			k.newest = k.durable
		}
		k.durable = k.newest
	}
}

// changeFolders does what was planned for the time when no program runs.
func (w *world) changeFolders() {
	f := &w.folders
	parts := f.next != ""
	switch f.next {
	case "restore":
		parts = w.restore()
	case "restore-new":
		parts = w.restoreNew()
	case "put-back", "swap":
		old := w.disk
		w.disk = f.copy.Cut(simdisk.KeepAll, rand.New(rand.NewPCG(w.seed, uint64(w.lives))))
		if f.next == "swap" {
			f.copy.Close()
			f.copy = old
		} else {
			old.Close()
		}
	case "lose-wal":
		w.loseWAL()
	}
	switch f.mark {
	case "lose":
		f.marks = map[string]*kept{}
	case "garble":
		f.garbled = true
		for _, k := range f.marks {
			k.garbled = true
		}
	}
	if f.next != "" || f.mark != "" {
		w.say("before the start: %s", strings.TrimSpace(f.next+" "+f.mark))
	}
	f.doubtful = f.doubtful || f.next != "" || f.mark != ""
	if parts {
		f.partings++
		clear(w.cases)
		w.filed = nil
		clear(w.denied)
	}
	f.next, f.mark = "", ""
}

func (w *world) loseWAL() {
	dir := w.disk.Root() + "/till"
	names, err := w.disk.Names(dir)
	for _, name := range names {
		if strings.HasSuffix(name, "-wal") {
			err = errors.Join(err, w.disk.Remove(dir+"/"+name))
		}
	}
	if err = errors.Join(err, w.disk.SyncDir(dir)); err != nil {
		w.bad("the -wal is not lost: %v", err)
	}
}

// judgeMark looks at what a start says of its books: those that nobody touched are the newest, whatever the power did.
func (w *world) judgeMark(ctx context.Context) {
	found := w.life.till.MarkFound()
	w.mu.Lock()
	defer w.mu.Unlock()
	doubts := found.State == till.MarkDiffers || found.State == till.MarkUnreadable
	switch {
	case doubts && !w.folders.doubtful && !(found.State == till.MarkUnreadable && w.folders.garbled): // that of another line is looked at later
		w.bad("nobody touched the books, and the mark says that they are not the newest: %s", found.State)
	case doubts:
		w.say("the mark: %s", found.State)
	}
	w.folders.doubtful = false
	w.judgeCases(ctx)
	if w.folders.partings > 0 {
		w.forget(ctx)
	}
}

// forget leaves out what people know of payments and sales that are in no books any more: nobody can ask the till about them. What is on paper
// stays: the till may undo none of it.
func (w *world) forget(ctx context.Context) {
	attempts, err := w.life.journal.AllAttempts(ctx)
	bills, errOfSales := w.bills(ctx)
	if errors.Join(err, errOfSales) != nil {
		return
	}
	here := map[txn.ID]bool{}
	for _, a := range attempts {
		here[a.ID] = true
	}
	gone := func(id txn.ID) bool { return !here[id] }
	notHere := func(sale int64) bool { _, known := bills[sale]; return !known }
	maps.DeleteFunc(w.told, func(id txn.ID, _ string) bool { return gone(id) })
	maps.DeleteFunc(w.papers, func(id txn.ID, _ *papers) bool { return gone(id) })
	maps.DeleteFunc(w.receipts, func(sale int64, _ *papers) bool { return notHere(sale) })
	maps.DeleteFunc(w.toldPaid, func(sale int64, _ bool) bool { return notHere(sale) })
	for _, sale := range slices.Sorted(maps.Keys(bills)) {
		if b := bills[sale]; !b.WasPaid() && w.toldPaid[sale] {
			w.folders.paid[sale] = true
		}
	}
	w.sold, w.begun = slices.DeleteFunc(w.sold, gone), slices.DeleteFunc(w.begun, notHere)
}

// tookElsewhere reports whether lost books had a payment approved that was open in these, and its receipt may be out: evidence says that the bank
// has kept it, or has given it back by a void of theirs.
func (w *world) tookElsewhere(a txn.Attempt) bool {
	return a.Reason == txn.BooksDiffered && (a.State == txn.Kept || w.bank.row(a.ID).State == bank.Voided)
}

// voidedElsewhere reports whether lost books had voided a payment that these go on telling as paid: they can't know it.
func (w *world) voidedElsewhere(a txn.Attempt) bool {
	return w.folders.partings > 0 && a.State == txn.Approved && w.bank.row(a.ID).State == bank.Voided
}
