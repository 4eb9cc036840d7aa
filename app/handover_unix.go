//go:build unix

package main

import (
	"os"
	"syscall"
)

// handOver lets another program go on in this one's stead, as the same process: whoever started
// this one waits for that one. It comes back with an error alone.
func handOver(program string, args []string) (int, error) {
	return exitFault, syscall.Exec(program, append([]string{program}, args...), os.Environ())
}
