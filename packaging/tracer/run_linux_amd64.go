package tracer

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sysGood marks a stop at a system call, so that it is no stop by a signal.
const sysGood = 0x80

// info is struct ptrace_syscall_info of the kernel, as far as an entry has it.
type info struct {
	op   uint8
	_    [3]byte
	_    uint32
	_, _ uint64
	nr   uint64
	args [6]uint64
}

// What PTRACE_GET_SYSCALL_INFO says of a stop.
const (
	getInfo = 0x420e
	entry   = 1
	leaving = 2
)

// run is one traced program.
type run struct {
	leader int
	at     func(*Call) Deed
	owed   map[int]func() error // by thread: what is to be put right when its call ends
	known  map[int]bool
	end    End
}

// Run starts the command and asks at on each system call that it is about to make.
// The command's outputs have to be files or nothing: nobody copies them.
func Run(cmd *exec.Cmd, at func(*Call) Deed) (End, error) {
	runtime.LockOSThread() // ptrace knows the thread that began it and no other
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		if errors.Is(err, syscall.EPERM) {
			return End{}, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
		return End{}, err
	}
	r := &run{leader: cmd.Process.Pid, at: at, owed: map[int]func() error{}, known: map[int]bool{}}
	defer cmd.Process.Release()
	watch := time.AfterFunc(limit, func() { syscall.Kill(r.leader, syscall.SIGKILL) })
	defer watch.Stop()
	err := r.follow()
	if err != nil {
		syscall.Kill(r.leader, syscall.SIGKILL)
	}
	return r.end, err
}

func (r *run) follow() error {
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(r.leader, &status, unix.WALL, nil); err != nil {
		return err
	}
	r.known[r.leader] = true
	options := unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_EXITKILL
	if err := syscall.PtraceSetOptions(r.leader, options); err != nil {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if err := syscall.PtraceSyscall(r.leader, 0); err != nil {
		return err
	}
	for {
		// Only what this thread began: other programs are waited for elsewhere.
		pid, err := syscall.Wait4(-1, &status, unix.WALL|unix.WNOTHREAD, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		if status.Exited() || status.Signaled() {
			if pid == r.leader {
				r.end.Exit, r.end.Killed = status.ExitStatus(), status.Signaled()
				return nil
			}
			continue
		}
		// A thread that was killed meanwhile is gone; its end is told by the next wait.
		if err := r.stopped(pid, status); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
}

// stopped looks at why a thread stands still, and lets it go on.
func (r *run) stopped(pid int, status syscall.WaitStatus) error {
	signal, deliver := status.StopSignal(), 0
	switch {
	case signal == syscall.SIGTRAP|sysGood:
		if err := r.call(pid); err != nil {
			return err
		}
	case signal == syscall.SIGTRAP: // a thread or a program was begun
	case signal == syscall.SIGSTOP && !r.known[pid]: // the first stop of a new thread
	default:
		deliver = int(signal)
	}
	r.known[pid] = true
	return syscall.PtraceSyscall(pid, deliver)
}

func (r *run) call(pid int) error {
	var i info
	if _, _, e := syscall.Syscall6(syscall.SYS_PTRACE, getInfo, uintptr(pid), unsafe.Sizeof(i), uintptr(unsafe.Pointer(&i)), 0, 0); e != 0 {
		return e
	}
	if i.op == leaving {
		if mend := r.owed[pid]; mend != nil {
			delete(r.owed, pid)
			return mend()
		}
		return nil
	}
	if i.op != entry {
		return nil
	}
	r.end.Calls++
	deed := r.at(&Call{N: r.end.Calls, Name: nameOf(i.nr), Args: i.args, pid: pid})
	switch {
	case deed.Kill:
		return syscall.Kill(r.leader, syscall.SIGKILL)
	case deed.Fail != 0:
		return r.fail(pid, deed.Fail)
	case deed.Short:
		return r.short(pid)
	}
	return nil
}

// fail makes the call one that the kernel does not know, and gives it the error afterwards.
func (r *run) fail(pid int, errno syscall.Errno) error {
	var regs syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(pid, &regs); err != nil {
		return err
	}
	regs.Orig_rax = ^uint64(0)
	r.owed[pid] = func() error {
		var regs syscall.PtraceRegs
		if err := syscall.PtraceGetRegs(pid, &regs); err != nil {
			return err
		}
		regs.Rax = -uint64(errno)
		return syscall.PtraceSetRegs(pid, &regs)
	}
	return syscall.PtraceSetRegs(pid, &regs)
}

// short halves the third argument, the length of a write. The program finds its register as it left it.
func (r *run) short(pid int) error {
	var regs syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(pid, &regs); err != nil {
		return err
	}
	whole := regs.Rdx
	regs.Rdx = (whole + 1) / 2
	r.owed[pid] = func() error {
		var regs syscall.PtraceRegs
		if err := syscall.PtraceGetRegs(pid, &regs); err != nil {
			return err
		}
		regs.Rdx = whole
		return syscall.PtraceSetRegs(pid, &regs)
	}
	return syscall.PtraceSetRegs(pid, &regs)
}
