package journal_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"veratill/txn/disk"
	"veratill/txn/journal"
)

// unwritten is a disk that takes nothing in a folder any more: it is full, or an image that nobody may write to.
type unwritten struct {
	disk.System
	dir string
	why error
}

func (d unwritten) Open(path string, flag int) (disk.File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE) != 0 && strings.HasPrefix(path, d.dir) {
		return nil, &os.PathError{Op: "open", Path: path, Err: d.why}
	}
	return d.System.Open(path, flag)
}

func (d unwritten) Remove(path string) error {
	if strings.HasPrefix(path, d.dir) {
		return &os.PathError{Op: "remove", Path: path, Err: d.why}
	}
	return d.System.Remove(path)
}

// Books are looked at where nothing can be written beside them, and nothing of them is left elsewhere.
func TestBooksAreReadWhereNothingCanBeWritten(t *testing.T) {
	dir, temporary := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	j, err := journal.Open(context.Background(), dir, journal.Options{Currency: "CNY"})
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := j.Head()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for _, why := range []error{syscall.EROFS, syscall.ENOSPC, syscall.EACCES} {
		seen, err := journal.Look(context.Background(), dir, journal.Options{Disk: unwritten{dir: dir, why: why}})
		if err != nil || seen.Entries != entries {
			t.Errorf("%v: %d entries of %d, %v", why, seen.Entries, entries, err)
		}
	}
	for _, place := range []string{dir, temporary} {
		if left, _ := filepath.Glob(filepath.Join(place, "*look*")); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	}
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("%v is left among the temporary files", left)
	}
}
