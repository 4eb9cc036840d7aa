package wallet

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// errKey says that a key can't be read. The text of such an error holds nothing of it.
var errKey = errors.New("it is no RSA key of 2048 bits or more: PEM, or the base64 text that Alipay gives")

// leastBits is the smallest key that is taken.
const leastBits = 2048

// der is a key's bytes: the first PEM block, or bare base64 text.
func der(text []byte) ([]byte, error) {
	if block, _ := pem.Decode(text); block != nil {
		return block.Bytes, nil
	}
	bare := strings.Join(strings.Fields(string(text)), "")
	b, err := base64.StdEncoding.DecodeString(bare)
	if err != nil || len(b) == 0 {
		return nil, errKey
	}
	return b, nil
}

// ParsePrivate reads a private RSA key: PKCS #8 or PKCS #1, PEM or bare base64.
func ParsePrivate(text []byte) (*rsa.PrivateKey, error) {
	b, err := der(text)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS1PrivateKey(b)
	if err != nil {
		any, err := x509.ParsePKCS8PrivateKey(b)
		if err != nil {
			return nil, errKey
		}
		key, _ = any.(*rsa.PrivateKey)
	}
	if key == nil || key.N.BitLen() < leastBits {
		return nil, errKey
	}
	return key, nil
}

// parsePublic reads a public RSA key or a certificate, PEM or bare base64. serial is that of a certificate, upper-case hex; empty for a key.
func parsePublic(text []byte) (key *rsa.PublicKey, serial string, err error) {
	b, err := der(text)
	if err != nil {
		return nil, "", err
	}
	if cert, err := x509.ParseCertificate(b); err == nil {
		key, _ = cert.PublicKey.(*rsa.PublicKey)
		serial = strings.ToUpper(hex.EncodeToString(cert.SerialNumber.Bytes()))
	} else if any, err := x509.ParsePKIXPublicKey(b); err == nil {
		key, _ = any.(*rsa.PublicKey)
	} else if key, err = x509.ParsePKCS1PublicKey(b); err != nil {
		return nil, "", errKey
	}
	if key == nil || key.N.BitLen() < leastBits {
		return nil, "", errKey
	}
	return key, serial, nil
}

// sign256 is RSA-SHA256 in base64: what WeChat Pay calls SHA256-RSA2048 and Alipay RSA2.
func sign256(key *rsa.PrivateKey, text []byte) (string, error) {
	digest := sha256.Sum256(text)
	return signed(key, crypto.SHA256, digest[:])
}

func signed(key *rsa.PrivateKey, hash crypto.Hash, digest []byte) (string, error) {
	s, err := rsa.SignPKCS1v15(rand.Reader, key, hash, digest)
	if err != nil {
		return "", fmt.Errorf("the private key signs nothing: %w", err)
	}
	return base64.StdEncoding.EncodeToString(s), nil
}

// holds256 reports whether a signature of sign256's kind holds.
func holds256(key *rsa.PublicKey, text []byte, signature string) bool {
	digest := sha256.Sum256(text)
	return holds(key, crypto.SHA256, digest[:], signature)
}

func holds(key *rsa.PublicKey, hash crypto.Hash, digest []byte, signature string) bool {
	s, err := base64.StdEncoding.DecodeString(signature)
	//mutant:signature-is-verified
	return err == nil && rsa.VerifyPKCS1v15(key, hash, digest, s) == nil
}
