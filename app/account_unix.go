//go:build unix

package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownAccount returns nil unless the superuser would act on another account's books: what that wrote would be closed to the till, and the mark of how
// far the books had come is kept by account, so that none would be found. VERATILL_STATE names the marks, and says that this is meant.
func ownAccount(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 || os.Getenv("VERATILL_STATE") != "" {
		return nil // what is not there, or can't be reached, is told by whoever opens it
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	if !known || owner.Uid == 0 {
		return nil
	}
	name := strconv.FormatUint(uint64(owner.Uid), 10)
	if account, err := user.LookupId(name); err == nil {
		name = account.Username
	}
	return fmt.Errorf("%s belongs to the account %s, and this is the superuser. Nothing was done. Run it as that account: sudo -u %s veratill", dir, name, name)
}
