//go:build unix

package update

import (
	"io/fs"
	"os"
	"syscall"
)

func ownFolder(dir string) (bool, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return false, err
	}
	return owner(info) == os.Geteuid(), nil
}

func owner(info fs.FileInfo) int {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1
	}
	return int(s.Uid)
}

// runningProgram is the file of the program that runs, also where another one took its name.
func runningProgram(program string) string {
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		return "/proc/self/exe"
	}
	return program
}
