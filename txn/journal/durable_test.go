package journal_test

import (
	"testing"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/journal"
)

// What no power cut can take is told, and nothing else: a lazy entry is neither in Durable nor in After before
// a sync, and after a power cut another entry may have its number.
func TestOnlyDurableEntriesAreTold(t *testing.T) {
	d := simdisk.New(1)
	t.Cleanup(d.Close)
	j, err := journal.Open(ctx, dirOn(d), journal.Options{Disk: d})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j)
	synced, _ := j.Durable()
	commit(t, j, txn.Lazy, txn.Tidied{AtMs: 1})
	if seq, _ := j.Durable(); seq != synced {
		t.Errorf("a lazy entry is called durable: %d, synced were %d", seq, synced)
	}
	if all, err := j.After(ctx, 0, 100); err != nil || int64(len(all)) != synced {
		t.Errorf("%d entries are told, %d are durable: %v", len(all), synced, err)
	}
	told, err := j.After(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	d.Stop(simdisk.PowerCut)
	j.Abandon()
	d = d.Reopen(simdisk.LoseAll)
	t.Cleanup(d.Close)
	if j, err = journal.Open(ctx, dirOn(d), journal.Options{Disk: d}); err != nil {
		t.Fatal(err)
	}
	defer j.Abandon()
	again, err := j.After(ctx, 0, len(told))
	if err != nil || len(again) != len(told) || again[len(told)-1].Hash != told[len(told)-1].Hash {
		t.Errorf("what was told is not what is there after a power cut: %v", err)
	}
	more, err := j.After(ctx, synced, 100)
	at := chain.At(told[len(told)-1])
	for _, e := range more {
		if err := at.Follow(e); err != nil {
			t.Error(err)
		}
	}
	if err != nil || len(more) == 0 {
		t.Errorf("the start wrote nothing after it: %v", err)
	}
}

// A backup leaves the till: what it holds is durable here before it is written.
func TestBackupHoldsNothingThatCanBeLost(t *testing.T) {
	d := simdisk.New(1)
	t.Cleanup(d.Close)
	j, err := journal.Open(ctx, dirOn(d), journal.Options{Disk: d})
	if err != nil {
		t.Fatal(err)
	}
	commit(t, j, txn.Lazy, txn.Tidied{AtMs: 1})
	if err := j.Backup(ctx, d.Root()+"/backup/a.db"); err != nil {
		t.Fatal(err)
	}
	head, _ := j.Head()
	if seq, _ := j.Durable(); seq != head {
		t.Errorf("the backup holds entry %d, and a power cut can take it: %d is durable", head, seq)
	}
	j.Abandon()
}
