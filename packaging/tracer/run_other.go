//go:build !linux || !amd64

package tracer

import "os/exec"

// Run says that it can't.
func Run(*exec.Cmd, func(*Call) Deed) (End, error) { return End{}, ErrUnsupported }
