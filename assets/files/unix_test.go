//go:build unix

package files

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Pipes and devices are refused at once, also where nobody stands at their other end.
func TestPipesAndDevicesAreRefusedAtOnce(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, "/dev/zero", "/dev/tty", "/dev/stdin"} {
		ended := make(chan error, 1)
		go func() { _, err := Read(path, 1<<20); ended <- err }()
		select {
		case err := <-ended:
			if err == nil || path == pipe && !errors.Is(err, ErrNoFile) {
				t.Errorf("%s: %v", path, err)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s is waited for", path)
		}
	}
}

// Whoever else may read or write a file is told apart.
func TestOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, c := range []struct {
		mode        os.FileMode
		read, write bool
	}{{0o600, false, false}, {0o640, true, false}, {0o604, true, false}, {0o620, false, true}, {0o602, false, true}, {0o666, true, true}} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path, 0)
		if err != nil {
			t.Fatal(err)
		}
		if read, write, err := Others(f); err != nil || read != c.read || write != c.write {
			t.Errorf("%v: read %t, write %t, %v", c.mode, read, write, err)
		}
		f.Close()
	}
}
