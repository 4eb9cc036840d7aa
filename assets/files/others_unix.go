//go:build unix

package files

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// atOnce never waits: not for a pipe's other end, nor for a device.
const atOnce = syscall.O_NONBLOCK | syscall.O_NOCTTY

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

// guardedWay says which folder above a real path others could put something else into. In one that is sticky, such as /tmp, nobody
// moves what is not theirs. The group that is this user's own counts as this user: some systems let it write to each folder.
func guardedWay(real string) error {
	for dir := filepath.Dir(real); ; dir = filepath.Dir(dir) {
		info, err := os.Lstat(dir)
		if err != nil {
			return err
		}
		of, ok := info.Sys().(*syscall.Stat_t)
		mine := ok && (int(of.Uid) == os.Geteuid() || of.Uid == 0)
		group := ok && int(of.Gid) != os.Getegid() && of.Gid != 0 && info.Mode().Perm()&0o020 != 0
		if !mine || info.Mode()&os.ModeSticky == 0 && (group || info.Mode().Perm()&0o002 != 0) {
			return fmt.Errorf("%w: the folder %s", ErrOthers, dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// MakeOwn makes a folder, and those above it, to which its owner and an administrator alone can write.
func MakeOwn(dir string) error { return os.MkdirAll(dir, 0o700) }
