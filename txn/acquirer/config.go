// Package acquirer is the till's line to the bank: ISO 8583 over TCP or TLS. It
// sends what it is told once, judges what comes back, and counts what is not for it.
package acquirer

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/iso8583"
	"veratill/txn/messages"
)

// DemoMasterKey is the terminal master key of the demonstration: published, and so worth nothing.
// The simulated bank and a till without a key share it, on one computer alone.
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
	// AnsweredLate is told of a genuine answer to an attempt that nobody waits for any more, as the verdict that it would have been.
	AnsweredLate(id txn.ID, v txn.Verdict)
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
	Compares bool
	// Repeats says of the bank that it knows a refund again that comes twice under one number: then one without an answer is sent once more.
	Repeats   bool
	MasterKey []byte // 16 bytes, for profiles with a MAC
	Terminal  string // DE41
	Merchant  string // DE42
	// Demonstration says that nothing proves who answers: the profile has a MAC, and no key but the published one was given.
	Demonstration bool
	// OnlyHere keeps the line on this computer: a connection that leads elsewhere is not used.
	OnlyHere bool

	Books Books
	// Log is told one line a frame (MTI, STAN, DE39, what became of it), as debug, and what can't be read, as a warning; no card data. Nil is nobody.
	Log *slog.Logger
	// Messages is told what is sent and received about a payment, as it may be kept. Nil is nobody.
	Messages messages.Tap
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
// compares (all, of a bank that finds what it undoes by more than the number), repeats (refunds, of a bank that knows a refund again),
// tmk (terminal master key, 32 hex digits), ca (a PEM file), name (of the
// bank's certificate) and protection (none: the line is protected otherwise). A text of such an error never holds the key.
// What nobody could trust is refused: beyond this computer a MAC needs a key, and a message without a MAC needs TLS.
func ParseURL(text string) (Config, error) {
	c, q, err := parse(text)
	if err == nil {
		err = c.protect(q.Get("protection"))
	}
	if err != nil {
		return Config{}, fmt.Errorf("%w: %w; an example is %s", errURL, err, exampleURL)
	}
	return c, nil
}

// NameOf is the name of the line to a bank's URL for a terminal, whether or not it may be used: whoever only looks into the books
// needs no key.
func NameOf(text, terminal, merchant string) (string, error) {
	c, _, err := parse(text)
	if err != nil {
		return "", fmt.Errorf("%w: %w; an example is %s", errURL, err, exampleURL)
	}
	c.Terminal, c.Merchant = terminal, merchant
	return New(c).Name(), nil
}

func parse(text string) (c Config, q url.Values, err error) {
	u, err := url.Parse(text)
	if err != nil {
		return c, nil, errors.New("it is no URL")
	}
	if u.Scheme != "tcp" && u.Scheme != "tls" {
		return c, nil, errors.New("its scheme is not tcp or tls")
	}
	if u.User != nil { // its text may be a key that was put in the wrong place
		return c, nil, errors.New("it names a user, and a bank has none")
	}
	if _, port, err := net.SplitHostPort(u.Host); err != nil || port == "" {
		return c, nil, errors.New("behind :// stands no host:port")
	}
	if u.Path != "" && u.Path != "/" || u.Fragment != "" { // what stands there may have been meant as a parameter
		return c, nil, errors.New("between host:port and ? nothing may stand, and no # anywhere")
	}
	if q, err = parameters(u); err != nil {
		return c, nil, err
	}
	c = Config{Address: u.Host, Timeout: defaultTimeout}
	if c.Profile, err = iso8583.ProfileByName(orDefault(q.Get("profile"), "unionpay")); err != nil {
		return c, nil, errors.New("profile is not unionpay or iso87")
	}
	if text := q.Get("timeout"); text != "" {
		if c.Timeout, err = time.ParseDuration(text); err != nil || c.Timeout < minTimeout || c.Timeout > maxTimeout {
			return c, nil, fmt.Errorf("timeout is not between %v and %v", minTimeout, maxTimeout)
		}
	}
	switch text := q.Get("repeats"); text {
	case "":
	case "refunds":
		c.Repeats = true
	default:
		return c, nil, errors.New("repeats is not refunds")
	}
	switch text := q.Get("compares"); text {
	case "", "number":
	case "all":
		c.Compares = true
	default:
		return c, nil, errors.New("compares is not all or number")
	}
	if c.MasterKey, err = masterKey(q.Get("tmk")); err != nil {
		return c, nil, err
	}
	c.Demonstration = c.Profile.MAC && c.MasterKey == nil
	if u.Scheme == "tls" {
		c.TLS, err = tlsConfig(u.Hostname(), q)
	}
	return c, q, err
}

// parameters are those of a URL. One that is not known, that is given twice or that says nothing is refused, and so is one that a
// line without TLS would pass over: each may have been meant to make the line safer. An error says no name that is not known and no value: either may be a key
// that was put in the wrong place.
func parameters(u *url.URL) (url.Values, error) {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errors.New("its parameters can't be read")
	}
	for name, values := range q {
		switch {
		case !slices.Contains(parameterNames, name):
			//mutant:no-unknown-parameter-is-said
			return nil, fmt.Errorf("one of its parameters is not known: known are %s", strings.Join(parameterNames, ", "))
		case len(values) > 1:
			return nil, fmt.Errorf("parameter %q is given twice", name)
		case values[0] == "" && name != "tmk": // an empty key is none
			return nil, fmt.Errorf("parameter %q is empty: give it a value, or leave it out", name)
		case u.Scheme != "tls" && (name == "ca" || name == "name"):
			return nil, fmt.Errorf("parameter %q is for tls://", name)
		}
	}
	return q, nil
}

// protect says whether the line may be used. A profile with a MAC has to have a key, unless it is at this computer, where the
// published one will do for a demonstration. Without a MAC and without TLS anybody on the way can answer in the bank's place.
func (c *Config) protect(said string) error {
	open := !c.Profile.MAC && c.TLS == nil
	here := isHere(c.Address)
	switch {
	case said != "" && (said != "none" || !open):
		return errors.New("protection=none is for a profile without MAC over tcp://, and nothing else")
	//mutant:no-key-no-bank
	case c.Demonstration && !here:
		return fmt.Errorf("the terminal master key is missing that the acquirer at %s gave: put it into the environment variable VERATILL_TMK. Without one a till talks to a bank at this computer alone, as a demonstration", c.Address)
	//mutant:no-mac-no-tls-no-bank
	case open && !here && said == "":
		return fmt.Errorf("profile %s has no MAC and tcp:// no TLS, so that anybody on the way can answer in the bank's place: use tls://, or where the line is protected otherwise say so with &protection=none", c.Profile.Name)
	}
	c.OnlyHere = c.Demonstration || open && said == ""
	if c.Demonstration {
		c.MasterKey = demoKey()
	}
	return nil
}

// isHere reports whether an address is this computer's own, by what it says; dial looks where it leads.
func isHere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// parameterNames lists the closed set.
var parameterNames = []string{"profile", "timeout", "compares", "repeats", "tmk", "ca", "name", "protection"}

func orDefault(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// masterKey takes the key of the URL, else of the environment; nil where there is none. The published one is none either.
func masterKey(text string) ([]byte, error) {
	text = orDefault(text, os.Getenv("VERATILL_TMK"))
	if text == "" {
		return nil, nil
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 16 {
		return nil, errors.New("the terminal master key is not 32 hex digits")
	}
	//mutant:published-key-is-none
	if bytes.Equal(key, demoKey()) {
		return nil, nil
	}
	return key, nil
}

func demoKey() []byte {
	key, err := hex.DecodeString(DemoMasterKey)
	if err != nil {
		panic(err) // it is a constant
	}
	return key
}

func tlsConfig(host string, q url.Values) (*tls.Config, error) {
	c := &tls.Config{ServerName: orDefault(q.Get("name"), host), MinVersion: tls.VersionTLS12}
	file := q.Get("ca")
	if file == "" {
		return c, nil
	}
	pem, err := files.Read(file, certificateBytes)
	if err != nil {
		return nil, fmt.Errorf("the certificate file that ca names can't be read: %w", unnamed(err))
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("the file that ca names holds no certificate")
	}
	return c, nil
}

// unnamed is an error of a file without its path.
func unnamed(err error) error {
	var of *fs.PathError
	switch {
	case errors.As(err, &of):
		return of.Err
	case errors.Is(err, files.ErrTooBig):
		return files.ErrTooBig
	}
	return files.ErrNoFile
}

// certificateBytes is more than any chain of certificates needs.
const certificateBytes = 1 << 20
