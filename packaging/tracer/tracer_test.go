package tracer

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// trace runs a shell that writes a file, and skips where nothing can be traced.
func trace(t *testing.T, into string, at func(*Call) Deed) End {
	t.Helper()
	end, err := Run(exec.Command("sh", "-c", `printf 0123456789 > "$0" || exit 3`, into), at)
	if errors.Is(err, ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func TestACallFailsAndIsKilledAndComesBackShort(t *testing.T) {
	dir := t.TempDir()
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	into := filepath.Join(dir, "file")
	mine := func(c *Call) bool {
		name, ok := c.Under(dir)
		return c.Name == "write" && ok && name == "file"
	}
	writes := 0
	whole := trace(t, into, func(c *Call) Deed {
		if mine(c) {
			writes++
		}
		return Deed{}
	})
	if whole.Exit != 0 || writes != 1 || whole.Calls < 10 {
		t.Fatalf("%+v with %d writes", whole, writes)
	}
	if end := trace(t, into, func(c *Call) Deed {
		if mine(c) {
			return Deed{Fail: syscall.ENOSPC}
		}
		return Deed{}
	}); end.Exit == 0 || size(t, into) != 0 {
		t.Errorf("a write that fails: %+v, %d bytes", end, size(t, into))
	}
	short := 0
	if end := trace(t, into, func(c *Call) Deed {
		if mine(c) && short == 0 {
			short++
			return Deed{Short: true}
		}
		return Deed{}
	}); short != 1 || end.Killed || size(t, into) < 5 {
		t.Errorf("a write that comes back short: %+v, %d bytes", end, size(t, into))
	}
	if end := trace(t, into, func(c *Call) Deed { return Deed{Kill: mine(c)} }); !end.Killed || end.Exit != -1 || size(t, into) != 0 {
		t.Errorf("killed at its write: %+v, %d bytes", end, size(t, into))
	}
	last := trace(t, into, func(c *Call) Deed { return Deed{Kill: c.N == 3} })
	if !last.Killed || last.Calls != 3 {
		t.Errorf("killed at its third call: %+v", last)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
