package slips_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"veratill/txn/disk"
	"veratill/txn/slips"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// filled has 5 slips of one month, by their names.
func filled(t *testing.T, dir string) (*slips.Store, map[string][]byte) {
	t.Helper()
	store, kept := slips.New(disk.System{}, dir), map[string][]byte{}
	for i := range 5 {
		slip := fmt.Appendf(nil, "\x1b@商户联 payment %d VTSLIP1\n\x1dV\x00", i)
		name, err := store.Keep(slip, noon)
		if err != nil {
			t.Fatal(err)
		}
		kept[name] = slip
	}
	if err := store.Sync(); err != nil {
		t.Fatal(err)
	}
	return store, kept
}

func TestASlipIsReadAsItWasKept(t *testing.T) {
	dir := t.TempDir()
	_, kept := filled(t, dir)
	again := slips.New(disk.System{}, dir)
	for name, slip := range kept {
		got, err := again.Read(name, noon.AddDate(0, 0, 3)) // the till's clock was set meanwhile, and a month's end lies between
		if err != nil || !bytes.Equal(got, slip) || slips.Name(got) != name {
			t.Fatalf("read %q, %v", got, err)
		}
	}
	if _, err := again.Read(slips.Name([]byte("another")), noon); !errors.Is(err, slips.ErrNotKept) {
		t.Errorf("a slip that nobody kept: %v", err)
	}
}

// Every third byte of a file is altered in turn: the slip that it is of is none any more, and every other one is read as before.
func TestAnAlteredByteLosesItsOwnSlipAlone(t *testing.T) {
	dir := t.TempDir()
	store, kept := filled(t, dir)
	path := filepath.Join(store.Dir(), "2026-11.slips")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 3 {
		altered := slices.Clone(whole)
		altered[at] ^= 0x11
		if err := os.WriteFile(path, altered, 0o600); err != nil {
			t.Fatal(err)
		}
		names, err := store.Names()
		if err != nil {
			t.Fatal(err)
		}
		for name, whole := range names {
			if got, err := store.Read(name, noon); whole && (err != nil || slips.Name(got) != name) {
				t.Fatalf("byte %d: a slip that is listed as whole is another one: %v", at, err)
			}
		}
		lost := 0
		for name := range kept {
			if names[name] {
				continue
			}
			lost++
			if got, err := store.Read(name, noon); got != nil || !errors.Is(err, slips.ErrAltered) && !errors.Is(err, slips.ErrNotKept) {
				t.Fatalf("byte %d: an altered slip reads as %q, %v", at, got, err)
			}
		}
		if lost > 1 { // gzip's own head has bytes that mean nothing
			t.Fatalf("byte %d: %d slips are lost", at, lost)
		}
	}
}

// A power cut tears the end of a file off, or leaves zeros there. What is kept afterwards is found.
func TestATornEndLosesWhatItHeldAlone(t *testing.T) {
	dir := t.TempDir()
	store, kept := filled(t, dir)
	path := filepath.Join(store.Dir(), "2026-11.slips")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut <= len(whole); cut += 7 {
		torn := append(slices.Clone(whole[:len(whole)-cut]), make([]byte, cut/2)...)
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		name, err := store.Keep([]byte("after the cut"), noon)
		if err != nil {
			t.Fatal(err)
		}
		names, err := store.Names()
		if err != nil {
			t.Fatal(err)
		}
		if !names[name] {
			t.Fatalf("%d bytes torn off: the slip that came after is lost", cut)
		}
		per := len(whole)/len(kept) - 4
		if most := cut/per + 2; len(kept)+1-len(names) > most {
			t.Fatalf("%d bytes torn off: %d slips are left of %d", cut, len(names)-1, len(kept))
		}
	}
}

// What a second place has and this one lost stays there.
func TestACopyLosesNoSlip(t *testing.T) {
	here, there := t.TempDir(), t.TempDir()
	store, kept := filled(t, here)
	if err := store.CopyTo(there); err != nil {
		t.Fatal(err)
	}
	late, err := store.Keep([]byte("kept later"), noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.CopyTo(there); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(store.Dir(), "2026-11.slips"), 10); err != nil {
		t.Fatal(err)
	}
	if err := store.CopyTo(there); err != nil {
		t.Fatal(err)
	}
	names, err := slips.New(disk.System{}, there).Names()
	if err != nil || len(names) != len(kept)+1 || !names[late] {
		t.Errorf("the second place has %d slips of %d, %v", len(names), len(kept)+1, err)
	}
}

func TestASlipIsRemovedAfterEighteenMonthsAndNotBefore(t *testing.T) {
	store := slips.New(disk.System{}, t.TempDir())
	var names []string
	moments := []time.Time{noon, noon.AddDate(0, 1, 0), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, at := range moments {
		name, err := store.Keep([]byte(at.String()), at)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	for _, step := range []struct {
		now  time.Time
		gone int
	}{{noon.AddDate(0, 18, 0), 0}, {time.Date(2028, 5, 31, 23, 0, 0, 0, time.UTC), 0}, {time.Date(2028, 6, 1, 0, 0, 0, 0, time.UTC), 1}} {
		gone, err := store.Expire(step.now)
		if err != nil || len(gone) != step.gone {
			t.Errorf("at %v months %v went, %v", step.now, gone, err)
		}
	}
	for i, left := range []bool{false, true, true} { // a clock that was wrong says of no slip how old it is
		if _, err := store.Read(names[i], moments[i]); (err == nil) != left {
			t.Errorf("slip of %v: %v", moments[i], err)
		}
	}
	if !store.Expects(noon, noon.AddDate(0, 17, 0)) || store.Expects(noon, noon.AddDate(0, 19, 0)) {
		t.Error("a slip is expected for 18 months")
	}
}

// BenchmarkLacks looks for the newest 32 slips of a month that has 10,000, as each start does. The floor is to read its file.
func BenchmarkLacks(b *testing.B) {
	store := slips.New(disk.System{}, b.TempDir())
	newest := map[string]time.Time{}
	for i := range 10_000 {
		slip := bytes.Repeat(fmt.Appendf(nil, "payment %d of %d\n", i, i*7919), 40)
		name, err := store.Keep(slip, noon)
		if err != nil {
			b.Fatal(err)
		}
		if i >= 10_000-32 {
			newest[name] = noon
		}
	}
	path, floor := filepath.Join(store.Dir(), "2026-11.slips"), time.Duration(0)
	for b.Loop() {
		if missing, err := store.Lacks(newest); err != nil || len(missing) > 0 {
			b.Fatal(missing, err)
		}
		began := time.Now()
		if _, err := os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
		floor += time.Since(began)
	}
	b.ReportMetric(float64(b.Elapsed()-floor)/float64(floor), "x-read")
}
