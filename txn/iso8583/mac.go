package iso8583

import (
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
)

// ErrKeys means that keys can't be used: a wrong length, or a check value that does not hold.
var ErrKeys = errors.New("keys from the sign-in can't be used")

const macField = 64

// block makes DES of 8 bytes and 3DES of 16.
func block(key []byte) (cipher.Block, error) {
	switch len(key) {
	case 8:
		return des.NewCipher(key)
	case 16:
		return des.NewTripleDESCipher(append(append([]byte{}, key...), key[:8]...))
	}
	return nil, fmt.Errorf("%w: a key of %d bytes", ErrKeys, len(key))
}

// MAC is the ECB variant of the UnionPay POS specification over body, which ends before DE64.
func MAC(key, body []byte) ([8]byte, error) {
	c, err := block(key)
	if err != nil {
		return [8]byte{}, err
	}
	var sum [8]byte
	for i, b := range body {
		sum[i%8] ^= b
	}
	hex := []byte(fmt.Sprintf("%016X", sum))
	var out [8]byte
	c.Encrypt(out[:], hex[:8])
	subtle.XORBytes(out[:], out[:], hex[8:])
	c.Encrypt(out[:], out[:])
	return [8]byte([]byte(fmt.Sprintf("%016X", out))[:8]), nil
}

// Seal packs a message about money and puts its MAC; other messages are only packed.
func (p *Profile) Seal(m Message, mak []byte) ([]byte, error) {
	if !p.MAC || !m.aboutMoney() {
		return p.Pack(m)
	}
	// The MAC covers the bitmap, in which DE64 is set: pack with a blank and fill it in.
	body, err := p.Pack(m.Set(macField, "00000000"))
	if err != nil {
		return nil, err
	}
	mac, err := MAC(mak, body[:len(body)-8])
	if err != nil {
		clear(body)
		return nil, err
	}
	copy(body[len(body)-8:], mac[:])
	m.Set(macField, string(mac[:]))
	return body, nil
}

// Genuine reports whether a message about money carries the MAC that its bytes ask for.
// In a profile without MAC everything is genuine.
func (p *Profile) Genuine(m Message, body, mak []byte) bool {
	if !p.MAC || !m.aboutMoney() {
		return true
	}
	if !m.Has(macField) || len(body) < 8 {
		return false
	}
	want, err := MAC(mak, body[:len(body)-8])
	return err == nil && subtle.ConstantTimeCompare(want[:], body[len(body)-8:]) == 1
}

// Keys are the working keys of a sign-in, in clear.
type Keys struct{ PIK, MAK, TDK []byte }

// keyLayouts are the lengths of DE62: the bytes of each key, every one followed by 4 of check value.
var keyLayouts = map[int][]int{24: {8, 8}, 40: {16, 16}, 60: {16, 16, 16}}

const checkBytes = 4

// OpenKeys decrypts DE62 with the terminal master key (16 bytes) and proves each check value.
func OpenKeys(private, masterKey []byte) (Keys, error) {
	layout, ok := keyLayouts[len(private)]
	if !ok {
		return Keys{}, fmt.Errorf("%w: DE62 has %d bytes, not 24, 40 or 60", ErrKeys, len(private))
	}
	master, err := block(masterKey)
	if err != nil {
		return Keys{}, err
	}
	var keys [3][]byte
	for i, size := range layout {
		if keys[i], err = openKey(master, private[:size], private[size:size+checkBytes]); err != nil {
			return Keys{}, fmt.Errorf("%w (key %d)", err, i+1)
		}
		private = private[size+checkBytes:]
	}
	return Keys{PIK: keys[0], MAK: keys[1], TDK: keys[2]}, nil
}

func openKey(master cipher.Block, sealed, check []byte) ([]byte, error) {
	// In a double-length slot, a single-length key is followed by zeros.
	if len(sealed) == 16 && strings.Trim(string(sealed[8:]), "\x00") == "" {
		sealed = sealed[:8]
	}
	key := make([]byte, len(sealed))
	for i := 0; i < len(key); i += 8 {
		master.Decrypt(key[i:i+8], sealed[i:i+8])
	}
	value, err := checkValue(key)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(value[:], check) != 1 {
		return nil, fmt.Errorf("%w: the check value does not hold; is the terminal master key the bank's?", ErrKeys)
	}
	return key, nil
}

func checkValue(key []byte) (value [checkBytes]byte, err error) {
	c, err := block(key)
	if err != nil {
		return value, err
	}
	var zero [8]byte
	c.Encrypt(zero[:], zero[:])
	return [checkBytes]byte(zero[:checkBytes]), nil
}

// SealKeys makes DE62 for keys of equal length, 8 or 16 bytes each: the bank's side of OpenKeys.
func SealKeys(masterKey []byte, keys ...[]byte) ([]byte, error) {
	master, err := block(masterKey)
	if err != nil {
		return nil, err
	}
	var private []byte
	for _, key := range keys {
		value, err := checkValue(key)
		if err != nil {
			return nil, err
		}
		sealed := make([]byte, len(key))
		for i := 0; i < len(key); i += 8 {
			master.Encrypt(sealed[i:i+8], key[i:i+8])
		}
		private = append(append(private, sealed...), value[:]...)
	}
	if keyLayouts[len(private)] == nil {
		return nil, fmt.Errorf("%w: %d bytes", ErrKeys, len(private))
	}
	return private, nil
}
