package main

import (
	"errors"
	"os"
	"os/exec"
)

// handOver lets another program go on in this one's stead, and gives its exit code: Windows has no
// other way for whoever started this one to wait for that one.
func handOver(program string, args []string) (int, error) {
	cmd := exec.Command(program, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode(), nil
	}
	return exitFault, err
}
