// Package vault keeps a card number safe for the short while in which a reversal
// may need it. The key lies beside the journal, never in it, and is thrown away
// whenever no attempt is open: what old pages, WAL frames or backups still hold
// can then be read by nobody.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"veratill/txn"
	"veratill/txn/disk"
)

// FileName is the key file's name in the data folder, mode 0600.
const FileName = "till.key"

const (
	sealBytes  = 32 // AES-256
	tokenBytes = 32 // HMAC-SHA-256
)

// ErrKey means that the key file or a sealed number can't be used.
var ErrKey = errors.New("the key for open card numbers can't be used")

// Vault seals and opens card numbers.
type Vault struct {
	disk  disk.Disk
	path  string
	seal  []byte
	token []byte
}

// Open reads the key of a data folder, or makes one and makes it durable.
func Open(d disk.Disk, dir string) (*Vault, error) {
	v := &Vault{disk: d, path: filepath.Join(dir, FileName)}
	keys, err := disk.ReadFile(d, v.path)
	if errors.Is(err, fs.ErrNotExist) {
		v.token = make([]byte, tokenBytes)
		if _, err := rand.Read(v.token); err != nil {
			return nil, err
		}
		return v, v.Rotate()
	}
	if err != nil {
		return nil, err
	}
	if len(keys) != sealBytes+tokenBytes {
		return nil, fmt.Errorf("%w: %s has %d bytes, not %d", ErrKey, v.path, len(keys), sealBytes+tokenBytes)
	}
	v.seal, v.token = keys[:sealBytes:sealBytes], keys[sealBytes:]
	return v, nil
}

// Rotate throws the sealing key away and makes a new one. It may only be called
// while no attempt is open. Tokens stay what they were.
func (v *Vault) Rotate() error {
	seal := make([]byte, sealBytes)
	if _, err := rand.Read(seal); err != nil {
		return err
	}
	if err := disk.Replace(v.disk, v.path, append(append([]byte{}, seal...), v.token...)); err != nil {
		return err
	}
	v.seal = seal
	return nil
}

func (v *Vault) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(v.seal)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal encrypts a card number for the attempt that it belongs to.
func (v *Vault) Seal(id txn.ID, pan txn.Secret) ([]byte, error) {
	a, err := v.aead()
	if err != nil {
		return nil, err
	}
	return a.Seal(nil, nil, pan, []byte(id.String())), nil
}

// Unseal decrypts a card number of that attempt, or fails with ErrKey.
func (v *Vault) Unseal(id txn.ID, sealed []byte) (txn.Secret, error) {
	a, err := v.aead()
	if err != nil {
		return nil, err
	}
	pan, err := a.Open(nil, nil, sealed, []byte(id.String()))
	if err != nil {
		return nil, ErrKey
	}
	return pan, nil
}

// Token is a keyed hash of a card number: 16 hex digits, the same for the same card on this till.
func (v *Vault) Token(pan txn.Secret) string {
	h := hmac.New(sha256.New, v.token)
	h.Write(pan)
	return hex.EncodeToString(h.Sum(nil)[:8])
}
