package office_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"veratill/app/office"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
)

// What people did is read from the newest entry back over pieces of any size, each once and in its order, and no more is returned than was asked for.
func TestWhatPeopleDidIsReadBackwards(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "till")
	j := books(t, dir, 0)
	by := txn.Actor{By: "Li", For: "Wang", Why: "asked"}
	const entries = 600 // more than two pieces
	for n := range entries {
		var r txn.Record = txn.Tidied{AtMs: 1}
		if n%10 == 0 {
			r = txn.NumbersSeen{AtMs: int64(n)}
		}
		if err := j.Commit(t.Context(), by, txn.Synced, r); err != nil {
			t.Fatal(err)
		}
	}
	o := of(j, dir)
	read := func(most int) present.AuditPage {
		t.Helper()
		p, err := o.Audit(t.Context(), func(e present.AuditEntry) bool { return e.Kind == "numbers-seen" }, most)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	all := read(1000)
	if len(all.Entries) != entries/10 || all.More {
		t.Fatalf("%d entries, more %v", len(all.Entries), all.More)
	}
	for i, e := range all.Entries {
		if want := int64(entries - 10*(i+1)); e.AtMs != want || e.By != "Li" || e.For != "Wang" || e.Why != "asked" {
			t.Fatalf("entry %d is %+v, want one of %d", i, e, want)
		}
	}
	if some := read(7); len(some.Entries) != 7 || !some.More {
		t.Errorf("%d entries, more %v", len(some.Entries), some.More)
	}
}

// The end of the log is read, the newest line first; a line that is none is left out, and a till without a log has none.
func TestTheLogIsReadFromItsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "veratill.log")
	o := office.New(office.Config{LogFile: path, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if lines, err := o.Log(t.Context()); err != nil || len(lines) != 0 {
		t.Errorf("%v, %v", lines, err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	log := slog.New(slog.NewJSONHandler(f, nil))
	for n := range 30_000 { // more than is read
		log.Info("step", "attempt", n, "event", "bank approved, and a text that makes the line a long one")
	}
	if _, err := f.WriteString("torn by a power cut\n"); err != nil {
		t.Fatal(err)
	}
	log.Warn("backup", "error", "no such folder")
	lines, err := o.Log(t.Context())
	if err != nil || len(lines) < 1000 || len(lines) >= 30_000 || lines[0].Level != "WARN" || lines[0].What != "backup" || lines[1].What != "step" {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

var _ office.Books = (*journal.Journal)(nil)
