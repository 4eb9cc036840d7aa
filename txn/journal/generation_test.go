package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// failing opens a journal on a disk whose syncs can be made to fail.
func failing(t *testing.T) (*journal.Journal, *simdisk.Disk) {
	t.Helper()
	d := simdisk.New(1)
	t.Cleanup(d.Close)
	j, err := journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Stop(simdisk.PowerCut)
		j.Abandon()
	})
	return j, d
}

// failSyncs lets the next n syncs fail, and lose what they were to write.
func failSyncs(d *simdisk.Disk, n int) {
	d.Hook = func(c simdisk.Call) simdisk.Fault {
		if c.Kind != simdisk.Sync || n == 0 {
			return simdisk.None
		}
		n--
		return simdisk.SyncLost
	}
}

// after is the journal as it is found when the power goes now and nothing unsynced is kept.
func after(t *testing.T, d *simdisk.Disk) *journal.Journal {
	t.Helper()
	d.Stop(simdisk.PowerCut)
	next := d.Reopen(simdisk.LoseAll)
	t.Cleanup(next.Close)
	j, err := journal.Open(ctx, next.Root()+"/till", journal.Options{Disk: next})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		next.Stop(simdisk.PowerCut)
		j.Abandon()
	})
	return j
}

// A commit whose sync fails is kept all the same, in a new file, and survives a power cut.
func TestFailedSyncIsSurvived(t *testing.T) {
	j, d := failing(t)
	failSyncs(d, 1)
	a := begin(t, j)
	if !j.Survived() || j.Generation() != 2 || j.Failed() != nil {
		t.Fatalf("survived %v, file %d, %v", j.Survived(), j.Generation(), j.Failed())
	}
	if _, err := j.Verify(ctx); err != nil {
		t.Error(err)
	}
	again := after(t, d)
	if kept, err := again.Attempt(ctx, a.ID); err != nil || kept.State != txn.Pending || again.Generation() != 2 {
		t.Errorf("%+v in file %d, %v", kept, again.Generation(), err)
	}
}

// A disk that goes on failing stops the journal, and nothing more is committed.
func TestFailingDiskStopsTheJournal(t *testing.T) {
	j, d := failing(t)
	begin(t, j)
	failSyncs(d, 1000)
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.Tidied{}); !errors.Is(err, journal.ErrFailed) {
		t.Fatal(err)
	}
	d.Hook = nil
	before, _ := j.Head()
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.Tidied{}); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("it went on after a failed sync: %v", err)
	}
	if head, _ := j.Head(); head != before {
		t.Errorf("entry %d was written after a failed sync", head)
	}
}

// What a failed journal reads may be gone at the next start: an attempt is not told as that.
func TestFailedJournalTellsNoStateThatMayBeGone(t *testing.T) {
	j, d := failing(t)
	a := begin(t, j)
	failSyncs(d, 1000)
	err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.AttemptMoved{ID: a.ID, Event: txn.Event{Kind: txn.BankApproved, AtMs: 2}})
	if !errors.Is(err, journal.ErrFailed) {
		t.Fatal(err)
	}
	if told, err := j.Attempt(ctx, a.ID); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("it is told as %s, %v", told.State, err)
	}
	if told, err := j.Attempts(ctx, 1); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("the day tells %v, %v", told, err)
	}
	if told, err := j.Bill(ctx, a.SaleID); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("its sale is told as %s, %v", told.State, err)
	}
	if told, err := j.Bills(ctx, 1); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("the day tells the sales %v, %v", told, err)
	}
	if kept, err := after(t, d).Attempt(ctx, a.ID); err != nil || kept.State != txn.Pending {
		t.Errorf("the next start finds it %s, %v", kept.State, err)
	}
}

// A start after that does not believe what it reads in the old file: it makes a new one.
func TestDoubtfulFileIsNotBelieved(t *testing.T) {
	j, d := failing(t)
	a := begin(t, j)
	failSyncs(d, 1000)
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.Tidied{}); err == nil {
		t.Fatal("committed on a disk that fails")
	}
	d.Stop(simdisk.Killed)
	next := d.Reopen(simdisk.KeepAll)
	defer next.Close()
	again, err := journal.Open(ctx, next.Root()+"/till", journal.Options{Disk: next})
	if err != nil || again.Generation() != 2 {
		t.Fatalf("file %d, %v", again.Generation(), err)
	}
	if _, err := after(t, next).Attempt(ctx, a.ID); err != nil {
		t.Error(err)
	}
	again.Abandon()
}

// The first commit in the new file fails too: the start after that does not believe the new file either.
func TestNewFileThatFailsIsNotBelieved(t *testing.T) {
	j, d := failing(t)
	a := begin(t, j)
	commits := 0
	d.Hook = func(c simdisk.Call) simdisk.Fault {
		if c.Kind != simdisk.Sync || !strings.HasSuffix(c.Path, "-wal") {
			return simdisk.None
		}
		if strings.Contains(c.Path, "journal.db") {
			return simdisk.SyncLost
		}
		// Of the new file: the zeros of its WAL, then the WAL's header, then the commit.
		if commits++; commits == 3 {
			return simdisk.SyncLost
		}
		return simdisk.None
	}
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.Tidied{}); !errors.Is(err, journal.ErrFailed) || j.Generation() != 2 {
		t.Fatalf("file %d after %d syncs: %v", j.Generation(), commits, err)
	}
	d.Stop(simdisk.Killed)
	next := d.Reopen(simdisk.KeepAll)
	defer next.Close()
	again, err := journal.Open(ctx, next.Root()+"/till", journal.Options{Disk: next})
	if err != nil || again.Generation() != 3 {
		t.Fatalf("file %d, %v", again.Generation(), err)
	}
	if _, err := after(t, next).Attempt(ctx, a.ID); err != nil {
		t.Error(err)
	}
	again.Abandon()
}

// The highest whole generation counts, whatever else lies in the folder.
func TestNewestGenerationCounts(t *testing.T) {
	dir := t.TempDir()
	if journal.Exists(dir) {
		t.Error("an empty folder has a journal")
	}
	close(t, open(t, dir))
	for _, name := range []string{"journal-0002.db.new", "journal-2.db", "journal-x.db", "journal-0003.db-wal"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := journal.Failures(dir); n != 0 {
		t.Errorf("%d failures", n)
	}
}

// A copy is made for a WAL before it gets its name: turning it into one later writes its first
// page, and a power cut in that moment left a file that nobody knew. (Found by cutting the
// recovery of a start after failed syncs.)
func TestCopiesHaveAWAL(t *testing.T) {
	j, d := failing(t)
	begin(t, j)
	if err := j.Backup(ctx, d.Root()+"/copy.db"); err != nil {
		t.Fatal(err)
	}
	failSyncs(d, 1)
	begin(t, j)
	for _, name := range []string{"/copy.db", "/till/" + journal.Name(2)} {
		content, err := disk.ReadFile(d, d.Root()+name)
		if err != nil || content[18] != 2 || content[19] != 2 {
			t.Errorf("%s: it is written without a WAL, %v", name, err)
		}
	}
}
