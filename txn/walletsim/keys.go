package walletsim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"veratill/assets/files"
)

// The accounts of the simulated shop, and the names of its keys. They are published, and worth nothing.
const (
	WeChatApp      = "wx00000000000000aa"
	WeChatMerchant = "1900000109"
	// WeChatSub is the shop whose account WeChatMerchant holds as a service provider.
	WeChatSub      = "1900009231"
	WeChatSerial   = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
	WeChatPlatform = "PUB_KEY_ID_0119000001092025"
	AlipayApp      = "2021000000000001"
	UnionAcquirer  = "48640000"
	UnionMerchant  = "777290058135880"
	UnionTerminal  = "49000002"
	UnionCategory  = "5411"
	UnionSerial    = "69026276696"
	UpayTerminal   = "100000000000000001"
)

// Keys are the key pairs of both sides, and the certificate of the connection.
type Keys struct {
	Shop, Provider map[string]*rsa.PrivateKey // by provider: wechat, alipay, unionpay
	Upay           string                     // terminal_key
	Certificate    []byte                     // PEM: what a till has to believe (ca)
	certificate    tls.Certificate

	dir      string // of the files; empty for keys in memory
	mu       sync.Mutex
	terminal terminalKeys
}

var signing = []string{"wechat", "alipay", "unionpay"}

// MakeKeys makes keys that no folder holds.
func MakeKeys() (*Keys, error) { return makeKeys(len(signing)) }

// MakeSharedKeys makes one pair for the shop and one for all providers, at once: for a demonstration, whose start is waited for.
func MakeSharedKeys() (*Keys, error) { return makeKeys(1) }

// makeKeys makes some pairs for each side; the providers share them.
func makeKeys(pairs int) (*Keys, error) {
	k := &Keys{Shop: map[string]*rsa.PrivateKey{}, Provider: map[string]*rsa.PrivateKey{}}
	made, faults := make([]*rsa.PrivateKey, 2*pairs), make([]error, 2*pairs)
	var making sync.WaitGroup
	for i := range made {
		making.Go(func() { made[i], faults[i] = rsa.GenerateKey(rand.Reader, 2048) })
	}
	making.Wait()
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for i, p := range signing {
		k.Shop[p], k.Provider[p] = made[i%pairs], made[pairs+i%pairs]
	}
	drawn := make([]byte, 16)
	rand.Read(drawn) // it never fails
	k.Upay = hex.EncodeToString(drawn)
	k.terminal.Now = k.Upay
	certificate, key, err := makeCertificate()
	if err != nil {
		return nil, err
	}
	return k, k.certify(certificate, key)
}

func (k *Keys) certify(certificate, key []byte) (err error) {
	k.Certificate = certificate
	k.certificate, err = tls.X509KeyPair(certificate, key)
	return err
}

func (k *Keys) tls() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{k.certificate}, MinVersion: tls.VersionTLS12}
}

// makeCertificate makes a certificate for this computer alone, and its key, in PEM.
func makeCertificate() (certificate, key []byte, err error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	what := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "veratill walletsim"}, NotBefore: time.Now().Add(-24 * time.Hour),
		NotAfter: time.Now().AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
	signed, err := x509.CreateCertificate(rand.Reader, what, what, own.Public(), own)
	if err != nil {
		return nil, nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), nil
}

// The files of a folder of keys.
const (
	shopFile     = "-shop-key.pem"      // the shop's private key: for the till
	verifyFile   = "-provider.pem"      // the provider's public key: for the till
	providerFile = "-simulator-key.pem" // the provider's private key: for the simulator
	publicFile   = "-shop.pem"          // the shop's public key: for whoever looks
	upayFile     = "upay-key.txt"       // for both
	tlsFile      = "tls.pem"            // for the till (ca)
	tlsKeyFile   = "tls-simulator-key.pem"
	settingsFile = "settings.toml" // tables to put into a till's settings
)

// mostKey is more than any file of a key has, in bytes.
const mostKey = 64 << 10

// LoadKeys reads the keys of a folder, or makes them there, together with the tables of a till's settings that use them. address is where the
// simulator will answer, and timeout how long that till asks, such as 5s; empty is the usual time.
// A folder with settings that it did not make, or with a till's books and no keys, is left as it is.
func LoadKeys(dir, address, timeout string) (*Keys, error) {
	_, err := files.Read(filepath.Join(dir, upayFile), mostKey)
	if err := notOurs(dir, err == nil); err != nil {
		return nil, err
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		k, err := MakeKeys()
		if err != nil {
			return nil, err
		}
		k.dir = dir
		return k, k.write(dir, address, timeout)
	}
	if err != nil {
		return nil, err
	}
	k, err := readKeys(dir)
	if err != nil {
		return nil, err
	}
	return k, files.Write(filepath.Join(dir, settingsFile), []byte(settingsOf(dir, address, timeout)), 0o600)
}

// notOurs says why a folder is a till's and not one of keys.
func notOurs(dir string, made bool) error {
	text, err := files.Read(filepath.Join(dir, settingsFile), mostKey)
	books, _ := filepath.Glob(filepath.Join(dir, "journal*.db")) // the pattern is a good one wherever it is looked for
	//mutant:a-till-s-folder-gets-no-simulated-settings
	if !errors.Is(err, fs.ErrNotExist) && !(made && strings.HasPrefix(string(text), madeHere)) || !made && len(books) > 0 {
		return fmt.Errorf("%s has settings or books of a till, which this would replace by those of a simulation. Nothing was changed: name a folder of its own for the keys", dir)
	}
	return nil
}

func readKeys(dir string) (*Keys, error) {
	k := &Keys{Shop: map[string]*rsa.PrivateKey{}, Provider: map[string]*rsa.PrivateKey{}, dir: dir}
	for _, p := range signing {
		for _, of := range []struct {
			file string
			to   map[string]*rsa.PrivateKey
		}{{shopFile, k.Shop}, {providerFile, k.Provider}} {
			text, err := files.Read(filepath.Join(dir, p+of.file), mostKey)
			if err != nil {
				return nil, err
			}
			block, _ := pem.Decode(text)
			if block == nil {
				return nil, fmt.Errorf("%s%s holds no key", p, of.file)
			}
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("%s%s holds no key: %w", p, of.file, err)
			}
			of.to[p], _ = key.(*rsa.PrivateKey)
		}
	}
	var texts [3][]byte
	for i, name := range []string{upayFile, tlsFile, tlsKeyFile} {
		var err error
		if texts[i], err = files.Read(filepath.Join(dir, name), mostKey); err != nil {
			return nil, err
		}
	}
	k.Upay = string(texts[0])
	k.terminal.Now = k.Upay
	switch text, err := files.Read(filepath.Join(dir, upayKeysFile), mostKey); {
	case err == nil:
		if err := json.Unmarshal(text, &k.terminal); err != nil {
			return nil, fmt.Errorf("%s: %w", upayKeysFile, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return k, k.certify(texts[1], texts[2])
}

// ShopKey is the shop's private key, and ProviderKey the public key with which that provider's answers are verified, in PEM.
func (k *Keys) ShopKey(provider string) []byte { return private(k.Shop[provider]) }

// ProviderKey is described at ShopKey.
func (k *Keys) ProviderKey(provider string) []byte { return public(&k.Provider[provider].PublicKey) }

func private(key *rsa.PrivateKey) []byte {
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil { // a key that was made, or read, can be written
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b})
}

func public(key *rsa.PublicKey) []byte {
	b, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: b})
}

// write puts the keys into a folder. The file that says that they are there is the last.
func (k *Keys) write(dir, address, timeout string) error {
	tlsKey, err := x509.MarshalPKCS8PrivateKey(k.certificate.PrivateKey)
	if err != nil {
		return err
	}
	all := map[string][]byte{tlsFile: k.Certificate, tlsKeyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: tlsKey}), settingsFile: []byte(settingsOf(dir, address, timeout))}
	for _, p := range signing {
		all[p+shopFile], all[p+publicFile] = k.ShopKey(p), public(&k.Shop[p].PublicKey)
		all[p+providerFile], all[p+verifyFile] = private(k.Provider[p]), k.ProviderKey(p)
	}
	for name, text := range all {
		if err := files.Write(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return files.Write(filepath.Join(dir, upayFile), []byte(k.Upay), 0o600)
}

// madeHere begins the settings of a simulation.
const madeHere = "# The settings of a till that takes cash, and payment codes of simulated providers: no money moves.\n"

// settingsOf are the tables of a till's settings that reach the simulator at an address with the keys of a folder.
func settingsOf(dir, address, timeout string) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	file := func(name string) string { return filepath.ToSlash(filepath.Join(dir, name)) }
	text := madeHere + "[till]\nmode = \"cash\"\n"
	for _, p := range []string{"wechat", "alipay", "unionpay"} {
		text += fmt.Sprintf("\n[[wallet]]\nprovider = %q\naddress = %q\ntimeout = %q\nca = %q\nkeyFile = %q\nproviderKeyFile = %q\n", p, address, timeout, file(tlsFile), file(p+shopFile), file(p+verifyFile))
		switch p {
		case "wechat":
			text += fmt.Sprintf("app = %q\nmerchant = %q\nserial = %q\nproviderKeyId = %q\n", WeChatApp, WeChatMerchant, WeChatSerial, WeChatPlatform)
		case "alipay":
			text += fmt.Sprintf("app = %q\n", AlipayApp)
		case "unionpay":
			text += fmt.Sprintf("acquirer = %q\nmerchant = %q\nterminal = %q\ncategory = %q\nserial = %q\n", UnionAcquirer, UnionMerchant, UnionTerminal, UnionCategory, UnionSerial)
		}
	}
	return text + fmt.Sprintf("\n# The aggregator takes the codes of all: put it in the place of those above, or behind them.\n[[wallet]]\nprovider = \"upay\"\naddress = %q\ntimeout = %q\nca = %q\nkeyFile = %q\nterminal = %q\ndevice = \"till 1\"\n",
		address, timeout, file(tlsFile), file(upayFile), UpayTerminal)
}
