//go:build !windows

package main

import (
	"fmt"
	"io"
	"syscall"
)

// noDump keeps card data out of core dumps: a limit of zero for files, and the
// process marked as not to be dumped for collectors that ignore the limit.
func noDump(errOut io.Writer) {
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		fmt.Fprintln(errOut, "veratill: core dumps can't be switched off:", err)
	}
	notDumpable(errOut)
}
