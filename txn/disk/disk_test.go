package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"veratill/txn/disk"
)

// A file is replaced as a whole, for its owner alone, and nothing is left beside it.
func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, content := range []string{"first", "second, and longer", "3"} {
		if err := disk.Replace(disk.System{}, path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := disk.ReadFile(disk.System{}, path); err != nil || string(got) != content {
			t.Errorf("%q, %v", got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if names, err := (disk.System{}).Names(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
}

// A file that can't be written leaves the old one as it was.
func TestReplaceFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".new", 0o700); err != nil { // in the way
		t.Fatal(err)
	}
	if disk.Replace(disk.System{}, path, []byte("new")) == nil {
		t.Error("replaced through a folder")
	}
	if got, err := disk.ReadFile(disk.System{}, path); err != nil || string(got) != "old" {
		t.Errorf("%q, %v", got, err)
	}
}

// A lock is held once, and free again after unlock.
func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := (disk.System{}).Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (disk.System{}).Lock(path); !errors.Is(err, disk.ErrHeld) {
		t.Errorf("taken twice: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if again, err := (disk.System{}).Lock(path); err != nil {
		t.Error(err)
	} else if err := again(); err != nil {
		t.Error(err)
	}
}
