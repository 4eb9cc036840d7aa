// Package vault keeps a card number safe for the short while in which a reversal
// may need it. The key lies beside the journal, never in it, and is thrown away
// whenever no attempt is open: what old pages, WAL frames or backups still hold
// can then be read by nobody.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"

	"veratill/txn"
	"veratill/txn/disk"
)

// FileName is the key file's name in the data folder, mode 0600.
const FileName = "till.key"

const sealBytes = 32 // AES-256

// ErrKey means that a sealed number can't be opened with the key that there is.
var ErrKey = errors.New("the key for open card numbers can't be used")

// Vault seals and opens card numbers.
type Vault struct {
	disk disk.Disk
	path string
	seal []byte
	lost bool
}

// Open reads the key of a data folder, or makes one and makes it durable. A file of another
// length is no key, and nobody can use it: a disk has lost it. A new one takes its place,
// because no money hangs on it: the bank finds an open attempt without its card number too. A nil disk is the system's.
func Open(d disk.Disk, dir string) (*Vault, error) {
	if d == nil {
		d = disk.System{}
	}
	v := &Vault{disk: d, path: filepath.Join(dir, FileName)}
	key, err := disk.ReadFile(d, v.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(key) != sealBytes {
		v.lost = err == nil
		return v, v.Rotate()
	}
	v.seal = key
	return v, nil
}

// Lost reports whether Open met a file that was no key. Card numbers that were sealed before
// can't be opened any more.
func (v *Vault) Lost() bool { return v.lost }

// Rotate throws the sealing key away and makes a new one. It may only be called
// while no attempt is open.
func (v *Vault) Rotate() error {
	seal := make([]byte, sealBytes)
	if _, err := rand.Read(seal); err != nil {
		return err
	}
	if err := disk.Replace(v.disk, v.path, seal); err != nil {
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
