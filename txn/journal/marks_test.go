package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// markOf reads the mark of a numbering.
func markOf(m *journal.Marks, numbering string) (txn.Mark, error) {
	marks, unreadable, err := m.Read()
	for _, mark := range marks {
		if mark.Line == numbering {
			return mark, err
		}
	}
	return txn.Mark{}, errors.Join(err, unreadable[m.File(numbering)])
}

// A mark is read as it was kept, durable or not; each numbering has its own.
func TestMarksAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "veratill")
	m := journal.NewMarks(dir, nil)
	if got, err := markOf(m, "a"); err != nil || got != (txn.Mark{}) {
		t.Fatalf("before any: %+v, %v", got, err)
	}
	long := txn.Mark{Line: "a", Books: strings.Repeat("b", 32), Entry: 123456789, Head: strings.Repeat("f", 64), Number: 99999}
	short := txn.Mark{Line: "a", Books: "c", Entry: 1, Head: "0", Number: 1}
	for i, want := range []txn.Mark{long, short, long} {
		if err := m.Keep(want, i == 1); err != nil {
			t.Fatal(err)
		}
		if got, err := markOf(m, "a"); err != nil || got != want {
			t.Errorf("kept %+v, read %+v, %v", want, got, err)
		}
	}
	other := short
	other.Line = "b"
	if err := m.Keep(other, false); err != nil {
		t.Fatal(err)
	}
	if got, err := markOf(m, "a"); err != nil || got != long {
		t.Errorf("another line's mark took its place: %+v, %v", got, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	if err := m.Keep(txn.Mark{Line: strings.Repeat("l", 2000)}, false); err == nil {
		t.Error("a mark that does not fit was kept")
	}
	none := journal.NewMarks(files[0], nil)
	if marks, unreadable, err := none.Read(); err == nil || len(marks)+len(unreadable) != 0 {
		t.Errorf("in a folder that is a file no mark can be: %v, %v, %v", marks, unreadable, err)
	}
	if err := none.Keep(short, false); err == nil {
		t.Error("a mark was kept in a folder that is a file")
	}
}

// A mark that is there and can't be read is no missing one, whatever it is. It is put aside, never overwritten, and the next one is kept.
func TestMarkThatCannotBeRead(t *testing.T) {
	content := func(text string) func(string) error {
		return func(path string) error { return os.WriteFile(path, []byte(text), 0o600) }
	}
	for name, spoil := range map[string]func(path string) error{
		"empty": content(""), "cut short": content(`{"line":"a","books":"c"`), "garbage": content(strings.Repeat("x", 1024)), "blank": content(strings.Repeat(" ", 1024)),
		"of other content": content(`{}` + strings.Repeat(" ", 1022)), "of another line": content(`{"line":"b","books":"c"}` + strings.Repeat(" ", 1000)),
		"endless": content(strings.Repeat("x", 4096)), "a folder": func(path string) error { return os.Mkdir(path, 0o700) }, "a pipe": makePipe,
		"a link that leads nowhere": func(path string) error { return os.Symlink(path+" of nothing", path) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m := journal.NewMarks(dir, nil)
			for n := range 2 { // twice: the second is put beside the first
				path := m.File("a")
				if err := os.RemoveAll(path); err != nil {
					t.Fatal(err)
				}
				if err := spoil(path); err != nil {
					t.Skip(err)
				}
				if got, err := markOf(m, "a"); err == nil || got != (txn.Mark{}) || !strings.Contains(err.Error(), path) {
					t.Fatalf("%+v, %v", got, err)
				}
				kept := txn.Mark{Line: "a", Books: "c", Entry: 1, Head: "0", Number: 1}
				if err := m.Keep(kept, false); err != nil {
					t.Fatal(err)
				}
				if got, err := markOf(m, "a"); err != nil || got != kept {
					t.Errorf("afterwards: %+v, %v", got, err)
				}
				if aside, err := filepath.Glob(filepath.Join(dir, "*-unreadable-*")); err != nil || len(aside) != n+1 {
					t.Errorf("put aside: %v, %v", aside, err)
				}
			}
		})
	}
}

// A folder that nobody may look into may hold a mark.
func TestFolderThatNobodyMayRead(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("the administrator may read everything")
	}
	dir := t.TempDir()
	m := journal.NewMarks(dir, nil)
	if err := os.Chmod(dir, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700) //nolint:errcheck // for the test's own end
	if marks, unreadable, err := m.Read(); err != nil || len(marks) != 0 || unreadable[dir] == nil {
		t.Errorf("%v, %v, %v", marks, unreadable, err)
	}
}

// BenchmarkAMarkIsKept is what noting how far the books have come costs between an approval's commit and its paper: no sync.
func BenchmarkAMarkIsKept(b *testing.B) {
	marks := journal.NewMarks(b.TempDir(), disk.System{})
	mark := txn.Mark{Line: "bench"}
	for b.Loop() {
		if err := marks.Keep(mark, false); err != nil {
			b.Fatal(err)
		}
	}
}
