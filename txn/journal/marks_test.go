package journal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
)

// A mark is read as it was kept, durable or not; each line has its own, and one that is spoilt is none.
func TestMarksAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "veratill")
	m := journal.NewMarks(dir, nil)
	if got, err := m.Mark("a"); err != nil || got != (txn.Mark{}) {
		t.Fatalf("before any: %+v, %v", got, err)
	}
	long := txn.Mark{Line: "a", Books: strings.Repeat("b", 32), Entry: 123456789, Head: strings.Repeat("f", 64), Number: 99999}
	short := txn.Mark{Line: "a", Books: "c", Entry: 1, Head: "0", Number: 1}
	for i, want := range []txn.Mark{long, short, long} {
		if err := m.Keep(want, i == 1); err != nil {
			t.Fatal(err)
		}
		if got, err := m.Mark("a"); err != nil || got != want {
			t.Errorf("kept %+v, read %+v, %v", want, got, err)
		}
	}
	other := short
	other.Line = "b"
	if err := m.Keep(other, false); err != nil {
		t.Fatal(err)
	}
	if got, err := m.Mark("a"); err != nil || got != long {
		t.Errorf("another line's mark took its place: %+v, %v", got, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, spoilt := range []string{"", "{}", strings.Repeat("x", 1024), strings.Repeat(" ", 1024)} {
		for _, file := range files {
			if err := os.WriteFile(file, []byte(spoilt), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := m.Mark("a"); err != nil || got != (txn.Mark{}) {
			t.Errorf("%.10q is read as %+v, %v", spoilt, got, err)
		}
	}
	if err := m.Keep(txn.Mark{Line: strings.Repeat("l", 2000)}, false); err == nil {
		t.Error("a mark that does not fit was kept")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
	if err := journal.NewMarks(files[0], nil).Keep(short, false); err == nil {
		t.Error("a mark was kept in a folder that is a file")
	}
}
