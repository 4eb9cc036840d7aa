package simdisk_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

var ctx = context.Background()

// sell commits a card sale as the till does.
func sell(tb testing.TB, j *journal.Journal) {
	v := plan.View{Next: j.Next(), Ready: true, AtMs: 1000}
	commit := func(p plan.Plan, err error) txn.Matter {
		if err == nil {
			err = j.Commit(ctx, txn.ByTill, p.Durability, p.Records...)
		}
		if err != nil {
			tb.Fatal(err)
		}
		return txn.Matter{Attempt: p.After, Bill: p.Bill}
	}
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Cashier: "01", OpenedMs: 1000, Amount: money.Amount{Minor: 1250, Currency: money.CNY}}
	opened := &txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: 1250}, Batch: v.Batch, AtMs: 1000}
	m := commit(plan.Begin(v, txn.Matter{Attempt: a}, opened, make([]byte, 44)))
	m = commit(plan.Move(v, m, txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{RRN: "000000000001"}}))
	commit(plan.MoveSale(v, m.Bill, txn.Event{Kind: txn.PrintEnded, PrintID: m.Bill.Prints[0].ID, Outcome: txn.Printed}))
}

// write writes and perhaps syncs a file, and its name.
func write(t *testing.T, d *simdisk.Disk, name, content string, sync bool) {
	t.Helper()
	f, err := d.Open(d.Root()+"/"+name, os.O_WRONLY|os.O_CREATE)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil && sync {
		err = errors.Join(f.Sync(), d.SyncDir(d.Root()))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func read(d *simdisk.Disk, name string) string {
	b, err := disk.ReadFile(d, d.Root()+"/"+name)
	if err != nil {
		return "none"
	}
	return string(b)
}

// What was synced is there after a power cut, and what was not only if the policy keeps it.
func TestPowerCut(t *testing.T) {
	for policy, want := range map[simdisk.Policy]string{simdisk.LoseAll: "old", simdisk.KeepAll: "new"} {
		d := simdisk.New(1)
		write(t, d, "a", "old", true)
		write(t, d, "a", "new", false)
		write(t, d, "b", "b", false)
		d.Stop(simdisk.PowerCut)
		if _, err := d.Stat(d.Root() + "/a"); !errors.Is(err, simdisk.ErrDead) {
			t.Errorf("a disk without power answers %v", err)
		}
		after := d.Reopen(policy)
		b := map[simdisk.Policy]string{simdisk.LoseAll: "none", simdisk.KeepAll: "b"}[policy]
		if read(after, "a") != want || read(after, "b") != b {
			t.Errorf("%v: %q and %q", policy, read(after, "a"), read(after, "b"))
		}
		after.Close()
		d.Close()
	}
}

// A kill leaves everything to the next run, and takes nothing from a later power cut.
func TestKill(t *testing.T) {
	d := simdisk.New(1)
	write(t, d, "a", "old", true)
	write(t, d, "a", "new", false)
	d.Stop(simdisk.Killed)
	next := d.Reopen(simdisk.LoseAll)
	if read(next, "a") != "new" {
		t.Errorf("after a kill: %q", read(next, "a"))
	}
	next.Stop(simdisk.PowerCut)
	last := next.Reopen(simdisk.LoseAll)
	defer last.Close()
	if read(last, "a") != "old" {
		t.Errorf("after a power cut: %q", read(last, "a"))
	}
}

// A sync that fails loses for good what it was to write, though it is read until the power goes.
func TestLostSync(t *testing.T) {
	d := simdisk.New(1)
	write(t, d, "a", "old", true)
	d.Hook = func(c simdisk.Call) simdisk.Fault {
		if c.Kind == simdisk.Sync {
			return simdisk.SyncLost
		}
		return simdisk.None
	}
	f, err := d.Open(d.Root()+"/a", os.O_WRONLY)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if f.Sync() == nil {
		t.Error("the sync did not fail")
	}
	d.Hook = nil
	if err := f.Sync(); err != nil || read(d, "a") != "new" {
		t.Errorf("%q, %v", read(d, "a"), err)
	}
	d.Stop(simdisk.PowerCut)
	after := d.Reopen(simdisk.KeepAll)
	defer after.Close()
	if read(after, "a") != "old" {
		t.Errorf("what was lost came back: %q", read(after, "a"))
	}
}

// A name that was not synced is the old one, or the new one, never neither.
func TestRename(t *testing.T) {
	for range 20 {
		d := simdisk.New(1)
		write(t, d, "a", "old", true)
		if err := disk.Replace(d, d.Root()+"/a", []byte("new")); err != nil {
			t.Fatal(err)
		}
		if err := d.Rename(d.Root()+"/a", d.Root()+"/b"); err != nil {
			t.Fatal(err)
		}
		d.Stop(simdisk.PowerCut)
		after := d.Reopen(simdisk.Subset)
		if a, b := read(after, "a"), read(after, "b"); (a == "new") == (b == "new") {
			t.Fatalf("a %q, b %q", a, b)
		}
		after.Close()
		d.Close()
	}
}

// A torn write has each of its sectors as it was or as it is to be.
func TestTorn(t *testing.T) {
	d := simdisk.New(1)
	defer d.Close()
	write(t, d, "a", strings.Repeat("o", 4096), true)
	write(t, d, "a", strings.Repeat("n", 4096), false)
	random, mixed := rand.New(rand.NewPCG(1, 1)), false
	for range 20 {
		cut := d.Cut(simdisk.Torn, random)
		text := read(cut, "a")
		cut.Close()
		for at := 0; at < len(text); at += 512 {
			if sector := text[at : at+512]; strings.Trim(sector, sector[:1]) != "" {
				t.Fatal("a sector is half written")
			}
		}
		mixed = mixed || strings.Contains(text, "o") && strings.Contains(text, "n")
	}
	if !mixed {
		t.Error("no write was torn")
	}
}

func BenchmarkSale(b *testing.B) {
	d := simdisk.New(1)
	defer d.Close()
	j, err := journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		sell(b, j)
		if i%20 == 0 {
			j.Idle(ctx)
		}
	}
	if _, err := j.Verify(ctx); err != nil {
		b.Fatal(err)
	}
	j.Close()
}

func BenchmarkReopen(b *testing.B) {
	d := simdisk.New(1)
	j, err := journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d})
	if err != nil {
		b.Fatal(err)
	}
	for range 40 {
		sell(b, j)
	}
	for b.Loop() {
		d.Stop(simdisk.PowerCut)
		j.Abandon()
		next := d.Reopen(simdisk.Torn)
		d.Close()
		d = next
		if j, err = journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d}); err != nil {
			b.Fatal(err)
		}
	}
	d.Close()
}
