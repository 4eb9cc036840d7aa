//go:build !windows

package journal

import (
	"errors"
	"os"
)

// syncDir makes a new name in a directory durable; SQLite ignores that error, we don't (trap 3).
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
