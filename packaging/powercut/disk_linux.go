package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// goingDown is EXT4_IOC_SHUTDOWN, which XFS calls GOINGDOWN: _IOR('X', 125, __u32).
const goingDown = 0x8004587d

// How a file system goes down: with what is in the log, or as the disk is now.
const (
	logFlush   uint32 = 1
	noLogFlush uint32 = 2
)

// diskSize holds the prefilled journal of some hundred sales many times over.
const diskSize = 96 << 20

// disk is an ext4 in a file.
type disk struct{ image, at string }

// missing is what is not here for a power cut; empty when all is.
func missing() string {
	if os.Geteuid() != 0 {
		return "a power cut needs root"
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

// marker tells the second life of this program that it is in the namespace already.
const marker = "POWERCUT_NAMESPACE"

func inNamespace() (bool, error) { return os.Getenv(marker) != "", nil }

// again runs this program once more in a mount namespace of its own, and returns its exit code.
func again() int {
	runtime.LockOSThread() // the signal of the parent's death is that of the thread which began the child
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), marker+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Pdeathsig: syscall.SIGTERM}
	err := cmd.Run()
	if cmd.ProcessState == nil {
		skip("no mount namespace can be made: " + err.Error())
		return 0
	}
	return cmd.ProcessState.ExitCode()
}

func newDisk(image, at string) (disk, error) {
	d := disk{image, at}
	f, err := os.Create(image)
	if err != nil {
		return d, err
	}
	if err := errors.Join(f.Truncate(diskSize), f.Close()); err != nil {
		return d, err
	}
	if err := command("mkfs.ext4", "-q", "-F", image); err != nil {
		return d, err
	}
	if err := os.MkdirAll(at, 0o700); err != nil {
		return d, err
	}
	return d, d.mount()
}

func (d disk) mount() error { return command("mount", "-o", "loop", d.image, d.at) }

// cut freezes the file system as it is. From here on every write and sync fails.
func (d disk) cut(how uint32) error {
	f, err := os.Open(d.at)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, f.Fd(), goingDown, uintptr(unsafe.Pointer(&how))); e != 0 {
		return fmt.Errorf("the file system can't be shut down: %w", e)
	}
	return nil
}

// unmount waits for a program that was killed to let go.
func (d disk) unmount() error {
	var err error
	for range 50 {
		if err = unix.Unmount(d.at, 0); !errors.Is(err, unix.EBUSY) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// corrected is e2fsck's exit code for a log that was replayed or something that was put right.
const corrected = 1

// restore is the next morning: the log is replayed, the file system checked and mounted.
func (d disk) restore() error {
	if err := d.unmount(); err != nil {
		return fmt.Errorf("unmount: %w", err)
	}
	out, err := exec.Command("e2fsck", "-p", d.image).CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == corrected {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("the file system is damaged: %w: %s", err, out)
	}
	return d.mount()
}

// remove lets go of everything, whatever state it is in.
func (d disk) remove() {
	if d.unmount() != nil {
		unix.Unmount(d.at, unix.MNT_DETACH) // nothing may be left behind; what was not mounted has nothing to let go
	}
	os.Remove(d.image)
}

func command(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}
