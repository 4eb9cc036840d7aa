//go:build !unix

package files

import "os"

func openAtOnce(path string) (*os.File, error) { return os.Open(path) }
