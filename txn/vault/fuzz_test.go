package vault

import (
	"bytes"
	"errors"
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn"
)

// What was not sealed here is not opened; what was is opened for its own attempt alone,
// not when a bit of it is changed, and it does not show what is in it.
func FuzzUnseal(f *testing.F) {
	v := &Vault{seal: bytes.Repeat([]byte{7}, sealBytes)}
	const id, other = txn.ID(1_000_042), txn.ID(1_000_043)
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		if _, err := v.Unseal(id, b); !errors.Is(err, ErrKey) {
			t.Fatalf("opened what was not sealed: %v", err)
		}
		sealed, err := v.Seal(id, b)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) >= 8 && bytes.Contains(sealed, b) {
			t.Fatal("it is not sealed")
		}
		if open, err := v.Unseal(id, sealed); err != nil || !bytes.Equal(open, b) {
			t.Fatalf("sealed and opened otherwise: %v", err)
		}
		if _, err := v.Unseal(other, sealed); !errors.Is(err, ErrKey) {
			t.Fatal("opened for another attempt")
		}
		sealed[len(b)%len(sealed)] ^= 0x40
		if _, err := v.Unseal(id, sealed); !errors.Is(err, ErrKey) {
			t.Fatal("opened though it was changed")
		}
	})
}
