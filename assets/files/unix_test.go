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

// What others could have put there, or could exchange, is not taken: by the file's own rights, its folder's, and those above it. A sticky
// folder such as /tmp lets nobody exchange what is not theirs.
func TestGuarded(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "dir")
	path := filepath.Join(dir, "file")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file, dir, above os.FileMode
		taken            bool
	}{
		{0o600, 0o700, 0o700, true}, {0o755, 0o755, 0o755, true}, {0o600, 0o700, 0o777 | os.ModeSticky, true},
		{0o602, 0o700, 0o700, false}, {0o620, 0o700, 0o700, false}, {0o600, 0o702, 0o700, false}, {0o600, 0o700, 0o702, false},
	} {
		for p, mode := range map[string]os.FileMode{path: c.file, dir: c.dir, above: c.above} {
			if err := os.Chmod(p, mode); err != nil {
				t.Fatal(err)
			}
		}
		f, err := Guarded(path, 10)
		if (err == nil) != c.taken || err != nil && !errors.Is(err, ErrOthers) {
			t.Errorf("%+v: %v", c, err)
		}
		if f != nil {
			f.Close()
		}
	}
	if os.Geteuid() != 0 {
		return
	}
	for _, p := range []string{path, dir} { // somebody else's
		if err := os.Chown(p, 65534, -1); err != nil {
			t.Fatal(err)
		}
		if _, err := Guarded(path, 10); !errors.Is(err, ErrOthers) {
			t.Errorf("%s is another user's: %v", p, err)
		}
		if err := os.Chown(p, 0, -1); err != nil {
			t.Fatal(err)
		}
	}
}

// What is written goes to a regular file, and waits for nobody.
func TestAPipeIsNotWrittenTo(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- Write(pipe, []byte("1"), 0o600) }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it was written to")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it is waited for")
	}
}
