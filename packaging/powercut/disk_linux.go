package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/unix"

	"veratill/packaging/ext4"
)

// goingDown is EXT4_IOC_SHUTDOWN, which XFS calls GOINGDOWN: _IOR('X', 125, __u32).
const goingDown = 0x8004587d

// How a file system goes down: with what is in the log, or as the disk is now.
const (
	logFlush   uint32 = 1
	noLogFlush uint32 = 2
)

// disk is an ext4 whose power can be cut.
type disk struct{ ext4.Disk }

// cut freezes the file system as it is. From here on every write and sync fails.
func (d disk) cut(how uint32) error {
	f, err := os.Open(d.At)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, f.Fd(), goingDown, uintptr(unsafe.Pointer(&how))); e != 0 {
		return fmt.Errorf("the file system can't be shut down: %w", e)
	}
	return nil
}

// corrected is e2fsck's exit code for a log that was replayed or something that was put right.
const corrected = 1

// restore is the next morning: the log is replayed, the file system checked and mounted.
func (d disk) restore() error {
	if err := d.Unmount(); err != nil {
		return fmt.Errorf("unmount: %w", err)
	}
	out, err := exec.Command("e2fsck", "-p", d.Image).CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == corrected {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("the file system is damaged: %w: %s", err, out)
	}
	return d.Mount()
}
