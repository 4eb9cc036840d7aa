package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// filesystem names the file system of a folder, and says whether it has a journal of its own: a sync costs more
// where it has. What can't be found out is "unknown".
func filesystem(dir string) (name, journal string) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "unknown", "unknown"
	}
	dir, err = filepath.EvalSymlinks(dir)
	if err != nil {
		return "unknown", "unknown"
	}
	name, number := mountOf(string(mounts), dir)
	device, err := os.Readlink("/sys/dev/block/" + number)
	if err != nil {
		return name, "unknown"
	}
	return name, journalOf("/proc/fs", name, filepath.Base(device))
}

// mountOf finds the newest of the deepest mounts that hold a folder: its type, and its device's number. See proc_pid_mountinfo(5).
func mountOf(mounts, dir string) (name, number string) {
	name, deepest := "unknown", ""
	for line := range strings.Lines(mounts) {
		before, after, ok := strings.Cut(line, " - ")
		f, kind := strings.Fields(before), strings.Fields(after)
		if !ok || len(f) < 5 || len(kind) == 0 || len(f[4]) < len(deepest) {
			continue
		}
		if at := strings.TrimSuffix(f[4], "/"); dir == at || strings.HasPrefix(dir, at+"/") {
			name, number, deepest = kind[0], f[2], f[4]
		}
	}
	return name, number
}

// journalOf looks at what the kernel tells of a mounted file system: an ext4 with a journal has a folder of jbd2 beside its own.
func journalOf(proc, name, device string) string {
	switch name {
	case "xfs": // there is none without its log
		return "yes"
	case "ext3", "ext4":
		if _, err := os.Stat(filepath.Join(proc, "ext4", device)); err != nil {
			break
		}
		if found, _ := filepath.Glob(filepath.Join(proc, "jbd2", device+"-*")); len(found) > 0 {
			return "yes"
		}
		return "no"
	}
	return "unknown"
}

func sayFilesystem(dir string) {
	name, journal := filesystem(dir)
	fmt.Printf("file_system: %s\nfile_system_has_journal: %s\n", name, journal)
}
