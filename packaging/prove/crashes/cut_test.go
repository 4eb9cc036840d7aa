package crashes

import (
	"os"
	"slices"
	"testing"

	"veratill/packaging/prove/simdisk"
)

// An entry whose sync failed lies in the old file as it was committed first, and in the new one with word of the
// renewal. A start that finds the old one promises that one: what is cut in and after this start is judged by it.
func TestAStartPromisesWhatItFinds(t *testing.T) {
	migrations := os.DirFS("../../../txn/journal/migration")
	failedSync := slices.IndexFunc(workloads, func(w workload) bool { return w.name == "a failed sync" })
	rec, err := record(failedSync, 1, migrations)
	if err != nil {
		t.Fatal(err)
	}
	x := newExplorer(Budget{})
	x.odds = 1
	defer rec.base.Close()
	looks := 0
	for _, c := range rec.changes {
		state := rec.base.Cut(simdisk.KeepAll, x.random)
		last, lie := judge(rec, state, moment{})
		state.Close()
		if lie != "" {
			t.Fatal(lie)
		}
		if last.hash != rec.entries[last.seq].hash {
			looks++
			if err := x.look(rec, rec.base.Cut(simdisk.KeepAll, x.random), moment{}, 0, "as it was committed first"); err != nil {
				t.Fatal(err)
			}
		}
		if err := rec.base.Play(c); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range x.Violations {
		t.Error(v)
	}
	if x.Nested == 0 {
		t.Error("no state held the entry as it was committed first")
	}
	t.Logf("%d states held it, %d states of their recoveries", looks, x.Nested)
}
