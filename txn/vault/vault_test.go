package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
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
	if err := again.Rotate(); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Unseal(1_000_001, sealed); !errors.Is(err, vault.ErrKey) {
		t.Errorf("after the key was thrown away: %v", err)
	}
}

// A file that is no key keeps nothing closed: a new key takes its place, and says so once.
func TestLostKey(t *testing.T) {
	for _, content := range []string{"", "short", strings.Repeat("k", 31), strings.Repeat("k", 33), strings.Repeat("k", 64)} {
		dir := t.TempDir()
		path := filepath.Join(dir, vault.FileName)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := vault.Open(disk.System{}, dir)
		if err != nil || !v.Lost() {
			t.Fatalf("%d bytes: %v", len(content), err)
		}
		sealed, err := v.Seal(1_000_001, txn.Secret("6222020000000001234"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := vault.Open(disk.System{}, dir)
		if err != nil || again.Lost() {
			t.Fatalf("%d bytes, the second time: lost %v, %v", len(content), again.Lost(), err)
		}
		if _, err := again.Unseal(1_000_001, sealed); err != nil {
			t.Errorf("%d bytes: the new key is not kept: %v", len(content), err)
		}
	}
	if v, err := vault.Open(disk.System{}, t.TempDir()); err != nil || v.Lost() {
		t.Errorf("where there was none, none is lost: %v", err)
	}
}

// A key that can't be read for another reason is an error, and stays what it is.
func TestKeyThatCanNotBeRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, vault.FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(disk.System{}, dir); err == nil {
		t.Error("a folder is taken for a key")
	}
}
