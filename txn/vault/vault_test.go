package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/vault"
)

// A number is opened again after a restart, for its own attempt alone, and never after the key was thrown away.
func TestSealed(t *testing.T) {
	dir := t.TempDir()
	v, err := vault.Open(disk.System{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	pan := txn.Secret("6222020000000001234")
	sealed, err := v.Seal(1_000_001, pan)
	if err != nil || bytes.Contains(sealed, pan) {
		t.Fatalf("%x, %v", sealed, err)
	}
	again, err := vault.Open(disk.System{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unseal(1_000_001, sealed); err != nil || !bytes.Equal(got, pan) {
		t.Errorf("%v", err)
	}
	if _, err := again.Unseal(1_000_002, sealed); !errors.Is(err, vault.ErrKey) {
		t.Errorf("for another attempt: %v", err)
	}
	token := again.Token(pan)
	if err := again.Rotate(); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Unseal(1_000_001, sealed); !errors.Is(err, vault.ErrKey) {
		t.Errorf("after the key was thrown away: %v", err)
	}
	if again.Token(pan) != token || again.Token(txn.Secret("6222020000000001235")) == token {
		t.Error("tokens do not tell cards apart, or changed")
	}
}

// A damaged key file is an error and is not overwritten.
func TestDamagedKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, vault.FileName)
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(disk.System{}, dir); !errors.Is(err, vault.ErrKey) {
		t.Errorf("%v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "short" {
		t.Errorf("the file became %q, %v", b, err)
	}
}
