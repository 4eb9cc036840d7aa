package main

import (
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

func notDumpable(errOut io.Writer) {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		fmt.Fprintln(errOut, "veratill: core dumps can't be switched off:", err)
	}
}
