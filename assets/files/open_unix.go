//go:build unix

package files

import (
	"os"
	"syscall"
)

// openAtOnce never waits: not for a pipe's other end, nor for a device.
func openAtOnce(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
}
