package cashier

import (
	"context"
	"math/rand/v2"
	"slices"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
)

// The disk fails under the window, old books are put back: what the screen has said, and what is on paper, stays true.

// diskKinds are the faults of a disk by their words.
var diskKinds = map[string]simdisk.Fault{"eio": simdisk.IOError, "full": simdisk.Full, "sync-lost": simdisk.SyncLost}

// diskStep is a disk that fails: disk CHANGES KIND TIMES.
func (w *world) diskStep(s Step) {
	w.faults.Add(simdisk.Upcoming{In: max(1, s.Number(1)), Kind: diskKinds[s.Word(2)], Times: max(1, s.Number(3))})
}

// broken reports whether the books can't be written any more.
func (w *world) broken() bool { return w.shop.Journal.Failed() != nil }

// saysCantSave reports whether the glass says that nothing can be saved.
func (w *world) saysCantSave() bool {
	return w.shows("code.journal-failed") || w.shows("code.disk-full")
}

// hearsDenial notes that a program which can't save says of a payment without a number that it is not charged.
func (w *world) hearsDenial() {
	if w.broken() && w.judge.intent.cash && w.onResult() && w.shows("charged.no") {
		w.denied = true
	}
}

// judgeDenied: what nobody could save is not said to have taken nothing, where the books have it once they are opened again.
func (w *world) judgeDenied(a txn.Attempt) {
	if w.denied && w.unsaved && a.Kind == txn.Sale && a.Tender == txn.Cash && a.State == txn.Approved {
		w.bad("the window said that nothing was charged, and after a start the books have %s", a.ID)
	}
}

// mends is somebody who gives the disk room, or a new cable, and starts a program again that can't save.
func (w *world) mends(ctx context.Context) {
	w.faults.Mend()
	if w.broken() && !w.lied() {
		w.kill(ctx, simdisk.Killed, simdisk.KeepAll)
	}
}

// paper is told of each paper that comes out.
func (w *world) paper(printID int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.papers = append(w.papers, printID)
}

// saidPaid notes what the window has told to be paid.
func (w *world) saidPaid(id txn.ID) {
	if w.told == nil {
		w.told = map[txn.ID]bool{}
	}
	w.told[id] = true
}

// judgeKept holds, after a start, that nothing is lost: what the window told to be paid is in the books, and so is each print that came out.
func (w *world) judgeKept() {
	if w.lied() || !w.reads() {
		return
	}
	known := map[txn.ID]txn.Attempt{}
	for _, a := range w.judge.attempts {
		known[a.ID] = a
	}
	for id := range w.told {
		switch a := known[id]; a.State {
		case txn.Approved, txn.Voided, txn.Claimed:
		default:
			w.bad("the window said that %s is paid, and after a start it is %q", id, a.State)
			return
		}
	}
	w.mu.Lock()
	out := slices.Max(append(w.papers, 0))
	w.mu.Unlock()
	if next := w.shop.Journal.Next().Print; out >= next {
		w.bad("print %d came out, and after a start the books would give its number to another", out)
	}
	w.judgeCasesKept()
}

// copiesBooks is somebody who copies the folder of the books.
func (w *world) copiesBooks() {
	if w.broken() {
		return
	}
	if w.copied != nil {
		w.copied.Close()
	}
	w.copied = w.disk.Cut(simdisk.KeepAll, rand.New(rand.NewPCG(w.plan.Seed, uint64(w.lives))))
	w.copiedAt = w.askedNow()
}

// askedNow is the newest payment for which the line of cards was asked.
func (w *world) askedNow() (newest txn.ID) {
	for _, a := range w.judge.attempts {
		if a.Tender == txn.Card {
			newest = max(newest, a.ID)
		}
	}
	return newest
}

// putsBooksBack is somebody who puts the copy in the place of the books while no program runs. Nobody can ask the till about what followed the copy.
func (w *world) putsBooksBack(ctx context.Context) {
	if w.copied == nil {
		return
	}
	w.putsBack = true
	w.doubted = w.doubted || w.askedNow() > w.copiedAt
	w.kill(ctx, simdisk.Killed, simdisk.KeepAll)
}

// swapsBooks does what was planned for the time when no program runs.
func (w *world) swapsBooks() {
	if !w.putsBack {
		return
	}
	w.disk.Close()
	w.disk = w.copied.Cut(simdisk.KeepAll, rand.New(rand.NewPCG(w.plan.Seed, uint64(w.lives))))
	w.putsBack, w.restored, w.anew = false, true, true
	w.told, w.cases, w.judge.voiding = nil, nil, 0
	w.mu.Lock()
	w.papers = nil
	w.mu.Unlock()
	w.judge.goods, w.judge.day, w.judge.newest = nil, 0, 0
	w.judge.attempts, w.judge.bills = nil, nil
}

// readsAnew reads books that are others than before: nobody is asked what they hold already.
func (w *world) readsAnew() {
	if !w.anew || !w.reads() {
		return
	}
	w.anew = false
	for _, a := range w.judge.attempts {
		w.judge.newest = max(w.judge.newest, a.ID)
	}
}

// judgeDoubted: books that are not those with which cards were taken last take no card before somebody has read why.
func (w *world) judgeDoubted(a txn.Attempt) {
	if w.doubted && a.Kind == txn.Sale && a.Tender == txn.Card { // no number of a payment by code comes twice
		w.bad("%s asks a card for money with books that were put back, and nobody has read that they were", a.ID)
	}
}
