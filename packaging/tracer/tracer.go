// Package tracer runs a program from system call to system call and may kill it at
// one of them, or let one fail as a broken disk would. It counts over all threads
// in the order in which the calls happen: strace counts its when=N for each thread by
// itself, and a Go program moves its work from thread to thread as it likes.
package tracer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// ErrUnsupported means that programs can't be traced here, with the reason.
var ErrUnsupported = errors.New("tracing needs Linux on amd64, and the right to use ptrace")

// Call is a system call that is about to be made. It is valid until the deed on it is returned.
type Call struct {
	N    int // how manieth of the program, from 1
	Name string
	Args [6]uint64
	pid  int
}

// Deed is what becomes of a call. The zero value lets it happen.
type Deed struct {
	Kill  bool          // SIGKILL, before the call has any effect
	Fail  syscall.Errno // the call does nothing and gives this
	Short bool          // it is asked for the first half only: a write comes back short
}

// End is how the program ended.
type End struct {
	Exit   int // -1 when a signal ended it
	Killed bool
	Calls  int
}

// File is the file that the call is about: where its descriptor leads, or the path that it names.
func (c *Call) File() string {
	switch c.Name {
	case "openat", "unlinkat", "mkdirat", "renameat", "renameat2":
		return readText(c.pid, c.Args[1])
	case "open", "unlink", "mkdir", "rename":
		return readText(c.pid, c.Args[0])
	}
	name, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", c.pid, int32(c.Args[0])))
	if err != nil {
		return ""
	}
	return name
}

// Creates reports whether an open would make the file.
func (c *Call) Creates() bool {
	switch c.Name {
	case "openat":
		return c.Args[2]&syscall.O_CREAT != 0
	case "open":
		return c.Args[1]&syscall.O_CREAT != 0
	}
	return false
}

// Under gives the file's name below a folder, and whether it is there.
func (c *Call) Under(dir string) (string, bool) {
	name, err := filepath.Rel(dir, c.File())
	if err != nil || name == ".." || len(name) > 2 && name[:3] == "../" {
		return "", false
	}
	return name, true
}

// longestPath bounds what is read of a path.
const longestPath = 4096

// readText reads a string of the traced program.
func readText(pid int, at uint64) string {
	f, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return ""
	}
	defer f.Close()
	text := make([]byte, 0, 256)
	one := make([]byte, 64)
	for len(text) < longestPath {
		n, err := f.ReadAt(one, int64(at)+int64(len(text)))
		for _, b := range one[:n] {
			if b == 0 {
				return string(text)
			}
			text = append(text, b)
		}
		if err != nil {
			break
		}
	}
	return string(text)
}

// limit is how long a traced program may take; one that hangs is killed and counts as ended by a signal.
const limit = time.Minute
