package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a person names is read whole, or not at all and at once.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("1234567890"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := Read(path, 10); err != nil || string(b) != "1234567890" {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := Read(path, 9); !errors.Is(err, ErrTooBig) {
		t.Errorf("a file above the limit: %v", err)
	}
	if _, err := Read(dir, 10); !errors.Is(err, ErrNoFile) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Read(filepath.Join(dir, "none"), 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "none"), link); err != nil {
		t.Skip("this system makes no links for this user")
	}
	if _, err := Read(link, 10); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("a link that leads nowhere is no missing file: %v", err)
	}
}

// A file without a size, such as the kernel's, is read to its end, and to the limit.
func TestAFileThatSaysNoSizeIsBounded(t *testing.T) {
	const none = "/proc/self/smaps"
	if info, err := os.Stat(none); err != nil || info.Size() != 0 {
		t.Skip("this system has no file that says no size")
	}
	if _, err := Read(none, 1000); !errors.Is(err, ErrTooBig) {
		t.Errorf("%s, above 1000 bytes: %v", none, err)
	}
	if b, err := Read(none, 1<<22); err != nil || len(b) < 2000 {
		t.Errorf("%s: %d bytes, %v", none, len(b), err)
	}
}
