//go:build unix

package files

import (
	"os"
	"syscall"
)

// Others says what people besides the owner and an administrator may do with a file or folder. A file that belongs to somebody
// else than this user and root can be written by others.
func Others(f *os.File) (read, write bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return true, true, err
	}
	of, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return true, true, nil
	}
	mine := int(of.Uid) == os.Geteuid() || of.Uid == 0
	perm := info.Mode().Perm()
	return !mine || perm&0o044 != 0, !mine || perm&0o022 != 0, nil
}
