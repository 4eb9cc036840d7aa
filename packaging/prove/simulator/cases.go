package simulator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/till"
)

// This file is the world in which a manager leads disputes with the bank, and makes backups that are put back in the middle of life.

// leadCase opens a case on a payment that was told to be paid, or leads the newest open one on: the nth of the ways that it may go.
func (w *world) leadCase(ctx context.Context, l *life, s Step) {
	cases, err := l.journal.Cases(ctx)
	if err != nil {
		return // its disk has failed
	}
	var move txn.CaseMoved
	if i := slices.IndexFunc(cases, txn.Case.Open); i >= 0 && s.Sum(1) > 0 {
		next := cases[i].Next()
		move = txn.CaseMoved{Case: cases[i].Number, To: next[s.Number(1)%len(next)]}
		if move.To == txn.CaseChosen {
			move.PackSHA256 = fmt.Sprintf("%064d", cases[i].Number)
		}
	} else {
		id, sold := w.pickSold(0)
		if !sold {
			return
		}
		move = txn.CaseMoved{To: txn.CaseReceived, Attempt: id, Claim: txn.ClaimTwice}
	}
	w.mu.Lock()
	was, told := w.cases[move.Case]
	delete(w.cases, move.Case) // where the till ends now, or its disk fails, nobody hears whether it was led on
	w.mu.Unlock()
	c, err := l.till.MoveCase(ctx, clerk, move)
	if l.ended() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.say("case: %s", faultOf(err))
		if told && !errors.Is(err, till.ErrJournal) {
			w.cases[move.Case] = was
		}
		return
	}
	w.say("case %d is %s", c.Number, c.State)
	w.cases[c.Number] = c.State
}

// judgeCases holds that each case is as far as a manager was told, whatever was cut or killed since.
func (w *world) judgeCases(ctx context.Context) {
	cases, err := w.life.journal.Cases(ctx)
	if err != nil {
		return // its disk has failed
	}
	for _, number := range slices.Sorted(maps.Keys(w.cases)) {
		if !slices.ContainsFunc(cases, func(c txn.Case) bool { return c.Number == number && c.State == w.cases[number] }) {
			w.bad("case %d was told to be %s, and the books have %+v", number, w.cases[number], cases)
		}
	}
}

// denial is a payment over the counter that was told to have taken nothing.
type denial struct {
	id   txn.ID
	atMs int64
}

// denies notes what a failed payment in cash was told to be: nothing taken, where the fault says so.
func (w *world) denies(l *life, d denial, err error) {
	if err == nil || l.ended() || txn.FaultOf(err).Charged != txn.ChargedNo {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.denied[d] = true
}

// judgeDenied: what was told to have taken nothing is not in the books after all.
func (w *world) judgeDenied(a txn.Attempt) {
	if a.Tender == txn.Cash && a.Kind == txn.Sale && w.denied[denial{a.ID, a.OpenedMs}] {
		w.bad("%s was told to have taken nothing, and is %s", a.ID, a.State)
	}
}

// backupsDir is where backups lie, from the disk's root.
const backupsDir = "/backups"

// backUp makes a backup of the books while they are sold with.
func (w *world) backUp(ctx context.Context, l *life) {
	dir := l.disk.Root() + backupsDir
	w.mu.Lock()
	name := fmt.Sprintf("/%d.db", w.messages+w.sales+w.lives*1000)
	w.mu.Unlock()
	err := l.disk.MakeDir(dir)
	if err == nil {
		err = l.journal.Backup(ctx, dir+name)
	}
	if l.ended() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.say("no backup")
		return
	}
	w.say("a backup is made")
	w.folders.backup = name
}

// restoreOptions are those of a command that puts a backup back.
func (w *world) restoreOptions() journal.Options {
	skew := w.skew
	return journal.Options{Disk: w.disk, Now: func() time.Time { return time.Now().Add(skew) }, NewID: newID}
}

// restore puts the newest backup back, by the command: it is refused where anything was sold since. It reports whether the books are others now.
func (w *world) restore() (others bool) {
	f := &w.folders
	path := w.disk.Root() + backupsDir + f.backup
	if _, err := w.disk.Stat(path); f.backup == "" || errors.Is(err, fs.ErrNotExist) { // the folder was put back from before it
		return false
	}
	err := journal.Restore(context.Background(), w.disk.Root()+"/till", path, w.restoreOptions())
	switch {
	case err == nil:
		w.say("the backup is put back")
	case errors.Is(err, journal.ErrSold):
		w.say("the backup is not put back: something was sold since")
	case errors.Is(err, simdisk.ErrDead), errors.Is(err, journal.ErrDamaged) && w.lying:
	default:
		w.bad("a backup that was told to be made can't be put back: %v", err)
	}
	return false
}

// restoreNew is a new computer, or one whose books are gone: the newest backup begins them.
func (w *world) restoreNew() (others bool) {
	f, dir := &w.folders, w.disk.Root()+"/till"
	path := w.disk.Root() + backupsDir + f.backup
	if _, err := w.disk.Stat(path); f.backup == "" || errors.Is(err, fs.ErrNotExist) {
		return false
	}
	names, err := w.disk.Names(dir)
	for _, name := range names {
		if strings.HasPrefix(name, "journal") {
			err = errors.Join(err, w.disk.Remove(dir+"/"+name))
		}
	}
	if err = errors.Join(err, w.disk.SyncDir(dir)); err == nil {
		_, err = journal.RestoreNew(context.Background(), dir, path, w.restoreOptions())
	}
	if err != nil {
		w.bad("a backup that was told to be made can't begin the books of a new computer: %v", err)
		return false
	}
	w.say("the backup begins the books anew")
	return true
}
