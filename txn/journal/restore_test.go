package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// newer are the migrations of a program that is newer by one format.
func newer(t *testing.T) fs.FS {
	t.Helper()
	first, err := os.ReadFile("migration/0001_journal.sql")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"0001_journal.sql": {Data: first}, "0002_more.sql": {Data: []byte("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;")}}
}

// backedUp makes books with a payment in them and a backup of them, on a disk that can be cut. They
// are then opened by a newer program, which does what then says and is killed.
func backedUp(t *testing.T, then func(j *journal.Journal)) (d *simdisk.Disk, dir, backup string) {
	t.Helper()
	d = simdisk.New(1)
	t.Cleanup(d.Close)
	j, err := journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d})
	if err != nil {
		t.Fatal(err)
	}
	sell(t, j)
	if err := j.Backup(ctx, d.Root()+"/updates/books.db"); err != nil {
		t.Fatal(err)
	}
	d = killed(t, d, j)
	if j, err = journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d, Migrations: newer(t), Version: "newer"}); err != nil {
		t.Fatal(err)
	}
	if then != nil {
		then(j)
	}
	d = killed(t, d, j)
	return d, d.Root() + "/till", d.Root() + "/updates/books.db"
}

func killed(t *testing.T, d *simdisk.Disk, j *journal.Journal) *simdisk.Disk {
	t.Helper()
	d.Stop(simdisk.Killed)
	j.Abandon()
	next := d.Reopen(simdisk.KeepAll)
	t.Cleanup(next.Close)
	return next
}

// opens wants the books to be the backup's, whole, in a generation of their own.
func opens(t *testing.T, d disk.Disk, dir string) {
	t.Helper()
	j, err := journal.Open(ctx, dir, journal.Options{Disk: d})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Abandon()
	if v, err := j.Verify(ctx); err != nil || v.Attempts != 1 || j.Generation() < 2 {
		t.Errorf("file %d: %+v, %v", j.Generation(), v, err)
	}
}

// The newer program moved the format, so the older one can't open its books: it gets its own back.
func TestRestore(t *testing.T) {
	d, dir, backup := backedUp(t, nil)
	if _, err := journal.Open(ctx, dir, journal.Options{Disk: d}); !errors.Is(err, journal.ErrNewer) {
		t.Fatalf("the older program opened it: %v", err)
	}
	if tooNew, err := journal.TooNew(ctx, dir, journal.Options{Disk: d}); err != nil || !tooNew {
		t.Errorf("the format is said to be known: %v, %v", tooNew, err)
	}
	if err := journal.Restore(ctx, dir, backup, journal.Options{Disk: d}); err != nil {
		t.Fatal(err)
	}
	if tooNew, err := journal.TooNew(ctx, dir, journal.Options{Disk: d}); err != nil || tooNew {
		t.Errorf("the restored format is said to be unknown: %v, %v", tooNew, err)
	}
	d.Stop(simdisk.PowerCut)
	d = d.Reopen(simdisk.LoseAll) // what is said to be done stays
	defer d.Close()
	opens(t, d, d.Root()+"/till")
}

// Where more than starts was written after the backup, somebody may have paid: it is never put back.
func TestRestoreNeverLosesASale(t *testing.T) {
	for name, then := range map[string]func(j *journal.Journal){
		"a sale": func(j *journal.Journal) { begin(t, j) },
		"a paper": func(j *journal.Journal) {
			commit(t, j, txn.Lazy, txn.ReportOpened{Print: txn.Print{ID: 9, Kind: txn.PrintX}, Batch: 1})
		},
		"a number": func(j *journal.Journal) { commit(t, j, txn.Lazy, txn.NumbersMoved{To: 1009, Why: txn.OtherBooks}) },
		"a day":    func(j *journal.Journal) { commit(t, j, txn.Synced, txn.DayOpened{Batch: 2, Currency: "CNY"}) },
		"a receipt's end": func(j *journal.Journal) {
			bills, err := j.OwedBills(ctx)
			if err != nil || len(bills) != 1 {
				t.Fatalf("%+v, %v", bills, err)
			}
			papered(t, j, bills[0], txn.Printed)
		},
		"behind boots": func(j *journal.Journal) {
			commit(t, j, txn.Lazy, txn.Booted{})
			begin(t, j)
			commit(t, j, txn.Lazy, txn.Booted{})
		},
		"with a start": func(j *journal.Journal) {
			commit(t, j, txn.Lazy, txn.Booted{}, txn.NumbersMoved{To: 1009, Why: txn.OtherBooks})
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, dir, backup := backedUp(t, then)
			before := d.Sum()
			if err := journal.Restore(ctx, dir, backup, journal.Options{Disk: d}); !errors.Is(err, journal.ErrSold) {
				t.Errorf("it was put back: %v", err)
			}
			if d.Sum() != before {
				t.Error("the disk is not as it was")
			}
		})
	}
}

// The journal that is open says the same of itself.
func TestOnlyStartsAfter(t *testing.T) {
	j := open(t, t.TempDir())
	defer close(t, j)
	begin(t, j)
	seq, _ := j.Head()
	commit(t, j, txn.Lazy, txn.Tidied{})
	if err := j.OnlyStartsAfter(ctx, seq); err != nil {
		t.Error(err)
	}
	if err := j.OnlyStartsAfter(ctx, seq-1); !errors.Is(err, journal.ErrSold) {
		t.Error(err)
	}
}

// Starts, tidying and a disk failure that was survived hide no sale.
func TestRestoreLeavesStartsBehind(t *testing.T) {
	d, dir, backup := backedUp(t, func(j *journal.Journal) {
		commit(t, j, txn.Lazy, txn.Booted{Version: "x"})
		commit(t, j, txn.Synced, txn.Tidied{}, txn.Renewed{Generation: 2})
	})
	if err := journal.Restore(ctx, dir, backup, journal.Options{Disk: d}); err != nil {
		t.Fatal(err)
	}
	opens(t, d, dir)
}

// A backup that is not whole, not ours or not of these books is refused, and nothing changes.
func TestRestoreRefusals(t *testing.T) {
	other := t.TempDir()
	j := open(t, other)
	begin(t, j)
	if err := j.Backup(ctx, filepath.Join(other, "books.db")); err != nil {
		t.Fatal(err)
	}
	close(t, j)
	foreign, err := os.ReadFile(filepath.Join(other, "books.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(whole []byte) []byte
		want   error
	}{
		"of other books":  {func([]byte) []byte { return foreign }, journal.ErrOtherBooks},
		"cut short":       {func(b []byte) []byte { return b[:len(b)-4096] }, journal.ErrDamaged},
		"cut in a page":   {func(b []byte) []byte { return b[:len(b)-1] }, journal.ErrDamaged},
		"empty":           {func([]byte) []byte { return nil }, journal.ErrDamaged},
		"somebody's text": {func([]byte) []byte { return bytes.Repeat([]byte("dear diary "), 1000) }, journal.ErrForeign},
		"an amount":       {func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`1250`), []byte(`1350`)) }, journal.ErrDamaged},
		"a newer format":  {func(b []byte) []byte { c := bytes.Clone(b); c[63] = 99; return c }, journal.ErrNewer},
	} {
		t.Run(name, func(t *testing.T) {
			d, dir, backup := backedUp(t, nil)
			whole, err := disk.ReadFile(d, backup)
			if err != nil {
				t.Fatal(err)
			}
			changed := c.change(whole)
			if bytes.Equal(changed, whole) {
				t.Fatal("nothing was changed")
			}
			if err := disk.Replace(d, backup, changed); err != nil {
				t.Fatal(err)
			}
			before := d.Sum()
			if err := journal.Restore(ctx, dir, backup, journal.Options{Disk: d}); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if d.Sum() != before {
				t.Error("the disk is not as it was")
			}
		})
	}
	d, dir, backup := backedUp(t, nil)
	if err := journal.Restore(ctx, dir, backup+".none", journal.Options{Disk: d}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no backup: %v", err)
	}
	if err := journal.Restore(ctx, d.Root()+"/updates", backup, journal.Options{Disk: d}); !errors.Is(err, journal.ErrNotFound) {
		t.Errorf("no journal: %v", err)
	}
}

// A folder that has books keeps them, whatever they are: a backup becomes the journal of a folder without one alone.
func TestRestoreNewTakesNoBooksPlace(t *testing.T) {
	d, dir, backup := backedUp(t, func(j *journal.Journal) { begin(t, j) })
	before := d.Sum()
	for _, path := range []string{backup, backup + ".none"} {
		if _, err := journal.RestoreNew(ctx, dir, path, journal.Options{Disk: d, Migrations: newer(t)}); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s over books with a payment behind it: %v", path, err)
		}
	}
	if d.Sum() != before {
		t.Error("the disk is not as it was")
	}
	fresh := d.Root() + "/new"
	if v, err := journal.RestoreNew(ctx, fresh, backup, journal.Options{Disk: d}); err != nil || v.Attempts != 1 {
		t.Fatalf("into a folder of its own: %+v, %v", v, err)
	}
	before = d.Sum()
	if _, err := journal.RestoreNew(ctx, fresh, backup, journal.Options{Disk: d}); !errors.Is(err, fs.ErrExist) || d.Sum() != before {
		t.Errorf("over what was restored: %v", err)
	}
}

// A till that is open is not restored under itself.
func TestRestoreInUse(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	defer close(t, j)
	backup := filepath.Join(dir, "updates", "books.db")
	if err := j.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	if err := journal.Restore(ctx, dir, backup, journal.Options{}); !errors.Is(err, journal.ErrInUse) {
		t.Error(err)
	}
}

// Checking a backup changes nothing of it and makes no file beside it; restoring is no failure of the disk.
func TestRestoreOnTheSystemsDisk(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	begin(t, j)
	backup := filepath.Join(dir, "updates", "books.db")
	if err := j.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	close(t, j)
	before := tree(t, dir)
	if v, err := journal.CheckBackup(ctx, backup, journal.Options{}); err != nil || v.Attempts != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if after := tree(t, dir); !maps.Equal(before, after) {
		t.Errorf("checking left %d files where there were %d, or changed one", len(after), len(before))
	}
	if err := os.Chmod(backup, 0o400); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds it done
		if err := journal.Restore(ctx, dir, backup, journal.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := journal.Failures(dir); n != 0 {
		t.Errorf("restoring counts as %d failures of the disk", n)
	}
	j = open(t, dir)
	defer close(t, j)
	if j.Generation() != 2 {
		t.Errorf("file %d", j.Generation())
	}
}

// tree is every file of a folder with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The power goes at every change that restoring makes, and the disk keeps what it likes: what is
// found is the newer program's books or the restored ones, and restoring again is right in both.
func TestRestoreCutAnywhere(t *testing.T) {
	cuts, random := 0, rand.New(rand.NewPCG(1, 2))
	for n := 1; ; n++ {
		d, dir, backup := backedUp(t, nil)
		from := d.Calls()
		d.Hook = func(c simdisk.Call) simdisk.Fault {
			if c.Kind != simdisk.Read && c.N == from+n {
				return simdisk.PowerCut
			}
			return simdisk.None
		}
		err := journal.Restore(ctx, dir, backup, journal.Options{Disk: d})
		if d.Dead() == simdisk.None {
			if err != nil || cuts < 10 {
				t.Fatalf("%d cuts, then %v", cuts, err)
			}
			t.Logf("%d cuts", cuts)
			return
		}
		cuts++
		if err == nil {
			t.Fatalf("cut at change %d, and said to be done", n)
		}
		for _, policy := range simdisk.Policies {
			found(t, d.Cut(policy, random), fmt.Sprintf("change %d, %s", n, policy))
		}
	}
}

// found judges what a restoring that was cut left, and does it again.
func found(t *testing.T, d *simdisk.Disk, where string) {
	defer d.Close()
	dir, backup := d.Root()+"/till", d.Root()+"/updates/books.db"
	j, err := journal.Open(ctx, dir, journal.Options{Disk: d})
	if err == nil {
		if _, err := j.Verify(ctx); err != nil || j.Generation() != 2 {
			t.Errorf("%s: file %d, %v", where, j.Generation(), err)
		}
		j.Abandon()
	} else if !errors.Is(err, journal.ErrNewer) {
		t.Errorf("%s: %v", where, err)
	}
	if err := journal.Restore(ctx, dir, backup, journal.Options{Disk: d}); err != nil {
		t.Errorf("%s, again: %v", where, err)
		return
	}
	opens(t, d, dir)
}
