package tracer

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// names are the calls that a sale makes, for reports. Others go by their number.
var names = map[uint64]string{
	unix.SYS_READ: "read", unix.SYS_WRITE: "write", unix.SYS_OPEN: "open", unix.SYS_CLOSE: "close", unix.SYS_STAT: "stat",
	unix.SYS_FSTAT: "fstat", unix.SYS_LSTAT: "lstat", unix.SYS_LSEEK: "lseek", unix.SYS_MMAP: "mmap", unix.SYS_MPROTECT: "mprotect",
	unix.SYS_MUNMAP: "munmap", unix.SYS_BRK: "brk", unix.SYS_RT_SIGACTION: "rt_sigaction", unix.SYS_RT_SIGPROCMASK: "rt_sigprocmask",
	unix.SYS_RT_SIGRETURN: "rt_sigreturn", unix.SYS_IOCTL: "ioctl", unix.SYS_PREAD64: "pread64", unix.SYS_PWRITE64: "pwrite64",
	unix.SYS_READV: "readv", unix.SYS_WRITEV: "writev", unix.SYS_ACCESS: "access", unix.SYS_SCHED_YIELD: "sched_yield",
	unix.SYS_MADVISE: "madvise", unix.SYS_DUP: "dup", unix.SYS_NANOSLEEP: "nanosleep", unix.SYS_GETPID: "getpid",
	unix.SYS_SOCKET: "socket", unix.SYS_CONNECT: "connect", unix.SYS_ACCEPT: "accept", unix.SYS_BIND: "bind", unix.SYS_LISTEN: "listen",
	unix.SYS_GETSOCKNAME: "getsockname", unix.SYS_GETPEERNAME: "getpeername", unix.SYS_SETSOCKOPT: "setsockopt",
	unix.SYS_GETSOCKOPT: "getsockopt", unix.SYS_CLONE: "clone", unix.SYS_EXECVE: "execve", unix.SYS_EXIT: "exit",
	unix.SYS_UNAME: "uname", unix.SYS_FCNTL: "fcntl", unix.SYS_FLOCK: "flock", unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fdatasync",
	unix.SYS_TRUNCATE: "truncate", unix.SYS_FTRUNCATE: "ftruncate", unix.SYS_GETCWD: "getcwd", unix.SYS_RENAME: "rename",
	unix.SYS_MKDIR: "mkdir", unix.SYS_UNLINK: "unlink", unix.SYS_READLINK: "readlink", unix.SYS_SIGALTSTACK: "sigaltstack",
	unix.SYS_PRCTL: "prctl", unix.SYS_ARCH_PRCTL: "arch_prctl", unix.SYS_GETTID: "gettid", unix.SYS_FUTEX: "futex",
	unix.SYS_SCHED_GETAFFINITY: "sched_getaffinity", unix.SYS_GETDENTS64: "getdents64", unix.SYS_SET_TID_ADDRESS: "set_tid_address",
	unix.SYS_FADVISE64: "fadvise64", unix.SYS_CLOCK_GETTIME: "clock_gettime", unix.SYS_EXIT_GROUP: "exit_group",
	unix.SYS_EPOLL_CTL: "epoll_ctl", unix.SYS_TGKILL: "tgkill", unix.SYS_OPENAT: "openat", unix.SYS_MKDIRAT: "mkdirat",
	unix.SYS_NEWFSTATAT: "newfstatat", unix.SYS_UNLINKAT: "unlinkat", unix.SYS_RENAMEAT: "renameat", unix.SYS_READLINKAT: "readlinkat",
	unix.SYS_SET_ROBUST_LIST: "set_robust_list", unix.SYS_EPOLL_PWAIT: "epoll_pwait", unix.SYS_ACCEPT4: "accept4",
	unix.SYS_EVENTFD2: "eventfd2", unix.SYS_EPOLL_CREATE1: "epoll_create1", unix.SYS_PIPE2: "pipe2", unix.SYS_PWRITEV: "pwritev",
	unix.SYS_PRLIMIT64: "prlimit64", unix.SYS_RENAMEAT2: "renameat2", unix.SYS_GETRANDOM: "getrandom", unix.SYS_RSEQ: "rseq",
	unix.SYS_CLONE3: "clone3", unix.SYS_GETUID: "getuid", unix.SYS_FCHMOD: "fchmod", unix.SYS_FALLOCATE: "fallocate",
	unix.SYS_SYNC_FILE_RANGE: "sync_file_range", unix.SYS_MSYNC: "msync", unix.SYS_LINKAT: "linkat", unix.SYS_LINK: "link",
	unix.SYS_COPY_FILE_RANGE: "copy_file_range", unix.SYS_TIMER_CREATE: "timer_create", unix.SYS_SHUTDOWN: "shutdown",
}

func nameOf(nr uint64) string {
	if name, ok := names[nr]; ok {
		return name
	}
	return fmt.Sprintf("call_%d", nr)
}
