//go:build unix

package main

import (
	"os"
	"strings"
	"testing"
)

// The superuser does not act on the books of another account, and does on its own.
func TestTheSuperuserLeavesOthersBooksAlone(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only the superuser gives a folder to another account")
	}
	t.Setenv("VERATILL_STATE", "")
	dir := t.TempDir()
	if err := ownAccount(dir); err != nil {
		t.Errorf("its own folder: %v", err)
	}
	if err := os.Chown(dir, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	if err := ownAccount(dir); err == nil || !strings.Contains(err.Error(), "belongs to the account 4711") {
		t.Errorf("another account's folder: %v", err)
	}
	t.Setenv("VERATILL_STATE", t.TempDir())
	if err := ownAccount(dir); err != nil {
		t.Errorf("with the state folder named: %v", err)
	}
}
