// Package acquirer is the till's line to the bank: ISO 8583 over TCP or TLS. It
// sends what it is told once, judges what comes back, and counts what is not for it.
package acquirer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"

	"veratill/txn"
	"veratill/txn/iso8583"
)

// DemoMasterKey is the terminal master key of the demonstration: published, and so worth nothing.
// The simulated bank and a till without settings share it.
const DemoMasterKey = "0123456789ABCDEFFEDCBA9876543210"

// Bounds of the reply wait. 60 s is the field's default (UnionPay POS specification: 20–90 s);
// shorter ones are for tests and local lines.
const (
	defaultTimeout = 60 * time.Second
	minTimeout     = 50 * time.Millisecond
	maxTimeout     = 90 * time.Second
)

// Books is what a line to a bank asks of the till's books.
type Books interface {
	// OpenBatch is the number of the open batch, for messages without money.
	OpenBatch() int64
	// Sent lists the attempts that a line was asked about under a STAN, the newest first.
	Sent(line string, stan int64) []txn.Order
	// AnsweredLate is told of a genuine answer to an attempt that nobody waits for any more: AnsweredLate or BankApprovedLate. open reports
	// that it still waits for its verdict: then it is told again.
	AnsweredLate(id txn.ID, e txn.Event) (open bool)
}

// Config is a line to a bank.
type Config struct {
	Name    string // of the line; empty is what it is, see Client.Name
	Address string // host:port
	Profile *iso8583.Profile
	Timeout time.Duration // wait for an answer
	TLS     *tls.Config   // nil for plain TCP
	// Compares says of the bank that it finds what a reversal is to undo by amount and original time as well, and not by the
	// number alone: then what may be another's under one number can be undone without harm.
	Compares  bool
	MasterKey []byte // 16 bytes, for profiles with a MAC
	Terminal  string // DE41
	Merchant  string // DE42

	Books Books
	// Changed is called, from any goroutine, when the line goes up or down.
	Changed func()
	Now     func() time.Time
	// Dial connects instead of the network, for a till whose world is simulated.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// errURL means that a bank's URL can't be used; its text says why and shows one that can.
var errURL = errors.New("bank address")

const exampleURL = "tcp://10.0.0.5:5000?profile=unionpay&timeout=60s"

// ParseURL reads tcp:// or tls:// addresses with the parameters profile, timeout,
// compares (all, of a bank that finds what it undoes by more than the number),
// tmk (terminal master key, 32 hex digits), ca (a PEM file) and name (of the
// bank's certificate). A text of such an error never holds the key.
func ParseURL(text string) (Config, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Config{}, fmt.Errorf("%w: it is no URL; an example is %s", errURL, exampleURL)
	}
	bad := func(format string, args ...any) (Config, error) {
		return Config{}, fmt.Errorf("%w: %s; an example is %s", errURL, fmt.Sprintf(format, args...), exampleURL)
	}
	if u.Scheme != "tcp" && u.Scheme != "tls" {
		return bad("scheme %q is not tcp or tls", u.Scheme)
	}
	if u.User != nil { // its text may be a key that was put in the wrong place
		return bad("it names a user, and a bank has none")
	}
	if _, port, err := net.SplitHostPort(u.Host); err != nil || port == "" {
		return bad("%q is no host:port", u.Host)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return bad("its parameters can't be read")
	}
	for name := range q {
		if !knownParameter(name) {
			return bad("parameter %q is not known", name)
		}
	}
	c := Config{Address: u.Host, Timeout: defaultTimeout}
	if c.Profile, err = iso8583.ProfileByName(orDefault(q.Get("profile"), "unionpay")); err != nil {
		return bad("%v", err)
	}
	if text := q.Get("timeout"); text != "" {
		if c.Timeout, err = time.ParseDuration(text); err != nil || c.Timeout < minTimeout || c.Timeout > maxTimeout {
			return bad("timeout %q is not between %v and %v", text, minTimeout, maxTimeout)
		}
	}
	switch text := q.Get("compares"); text {
	case "", "number":
	case "all":
		c.Compares = true
	default:
		return bad("compares %q is not all or number", text)
	}
	if c.MasterKey, err = masterKey(q.Get("tmk")); err != nil {
		return bad("%v", err)
	}
	if u.Scheme == "tls" {
		if c.TLS, err = tlsConfig(u.Hostname(), q); err != nil {
			return bad("%v", err)
		}
	}
	return c, nil
}

func knownParameter(name string) bool {
	switch name {
	case "profile", "timeout", "compares", "tmk", "ca", "name":
		return true
	}
	return false
}

func orDefault(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// masterKey takes the key of the URL, else of the environment, else the demonstration's.
func masterKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(orDefault(orDefault(text, os.Getenv("VERATILL_TMK")), DemoMasterKey))
	if err != nil || len(key) != 16 {
		return nil, errors.New("the terminal master key is not 32 hex digits")
	}
	return key, nil
}

func tlsConfig(host string, q url.Values) (*tls.Config, error) {
	c := &tls.Config{ServerName: orDefault(q.Get("name"), host), MinVersion: tls.VersionTLS12}
	file := q.Get("ca")
	if file == "" {
		return c, nil
	}
	pem, err := readCertificate(file)
	if err != nil {
		return nil, fmt.Errorf("certificate file: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("certificate file %s holds no certificate", file)
	}
	return c, nil
}

// certificateBytes is more than any chain of certificates needs.
const certificateBytes = 1 << 20

// readCertificate reads a file and no device: one without an end would never be read.
func readCertificate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > certificateBytes {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", path, certificateBytes)
	}
	return os.ReadFile(path)
}
