// Package ext4 mounts a file system of its own in a file: an ext4 with a journal, as most tills have, whatever
// lies below it on this machine. Mounts are made in a mount namespace of their own: however the program ends,
// they end with it, and the loop device with them.
package ext4

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Disk is an ext4 in the file Image, mounted at the folder At.
type Disk struct{ Image, At string }

// Missing says what this machine lacks for a disk; it is empty where nothing is missing.
func Missing() string {
	if os.Geteuid() != 0 {
		return "a mount needs root"
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		return "there are no loop devices: " + err.Error()
	}
	for _, name := range []string{"mkfs.ext4", "e2fsck", "mount", "umount"} {
		if _, err := exec.LookPath(name); err != nil {
			return err.Error()
		}
	}
	return ""
}

// marker tells the second life of a program that it is in the namespace already.
const marker = "EXT4_NAMESPACE"

// Apart reports whether this program is in a mount namespace of its own, where Again brought it.
func Apart() bool { return os.Getenv(marker) != "" }

// Again runs this program once more in a mount namespace of its own, and returns its exit code. An error says
// that no namespace can be made, so that nothing was run.
func Again() (int, error) {
	runtime.LockOSThread() // the signal of the parent's death is that of the thread which began the child
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), marker+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Pdeathsig: syscall.SIGTERM}
	err := cmd.Run()
	if cmd.ProcessState == nil {
		return 0, fmt.Errorf("no mount namespace can be made: %w", err)
	}
	return cmd.ProcessState.ExitCode(), nil
}

// Make makes a file system of so many bytes, and mounts it.
func (d Disk) Make(size int64) error {
	f, err := os.Create(d.Image)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
		return err
	}
	if err := command("mkfs.ext4", "-q", "-F", "-O", "has_journal", d.Image); err != nil {
		return err
	}
	if err := os.MkdirAll(d.At, 0o700); err != nil {
		return err
	}
	return d.Mount()
}

// Mount mounts the disk.
func (d Disk) Mount() error { return command("mount", "-o", "loop", d.Image, d.At) }

// Unmount waits for a program that was killed to let go.
func (d Disk) Unmount() error {
	var err error
	for range 50 {
		if err = unix.Unmount(d.At, 0); !errors.Is(err, unix.EBUSY) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// Remove lets go of everything, whatever state it is in.
func (d Disk) Remove() {
	if d.Unmount() != nil {
		unix.Unmount(d.At, unix.MNT_DETACH) // nothing may be left behind; what was not mounted has nothing to let go
	}
	os.Remove(d.Image)
}

func command(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}
