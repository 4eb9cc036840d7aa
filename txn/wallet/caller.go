package wallet

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"veratill/txn"
)

// Bounds of an exchange.
const (
	mostAnswer    = 64 << 10 // bytes; an answer has about one thousand
	mostHeaders   = 16 << 10
	payTimeout    = 20 * time.Second // a provider thinks while it asks the customer's bank
	askTimeout    = 10 * time.Second
	idleTimeout   = 10 * time.Minute // a connection stays warm between customers
	dialTimeout   = 5 * time.Second
	headerTimeout = payTimeout
)

// caller sends requests to one provider: over TLS, to one address, no further, and no more than it has to read back.
type caller struct {
	client *http.Client
	base   *url.URL
	skew   atomic.Int64 // of the till's clock, by the last answer's Date: nanoseconds that the provider's is ahead
}

// errAddress says that a provider's address can't be used.
var errAddress = errors.New("the address of a wallet is https://host, or http://127.0.0.1:port for a simulator on this computer")

// newCaller checks an address, and by what the settings lead to it.
func newCaller(address string, c Config) (*caller, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.User != nil || base.Path != "" && base.Path != "/" || base.RawQuery != "" || base.Fragment != "" {
		return nil, errAddress
	}
	here := isHere(base.Hostname())
	//mutant:wallets-over-tls
	if base.Scheme != "https" && (base.Scheme != "http" || !here) || c.OnlyHere && !here {
		return nil, errAddress
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	t := &http.Transport{DialContext: c.Dial, TLSHandshakeTimeout: dialTimeout, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		ResponseHeaderTimeout: headerTimeout, IdleConnTimeout: idleTimeout, MaxIdleConnsPerHost: 2, MaxResponseHeaderBytes: mostHeaders, DisableCompression: true}
	if len(c.CA) > 0 {
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(c.CA) {
			return nil, fmt.Errorf("%w: the file of certificates (ca) holds none in PEM", ErrKeys)
		}
	}
	if c.Proxy != "" { // the environment's proxies are none of a till's business
		through, err := url.Parse(c.Proxy)
		if err != nil || through.Host == "" {
			return nil, errors.New("the proxy is no URL such as http://10.0.0.1:3128")
		}
		t.Proxy = http.ProxyURL(through)
	}
	// A redirect would take a payment code, or a question, to whoever it names.
	//mutant:no-redirects
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &caller{base: base, client: &http.Client{Transport: t, CheckRedirect: stay}}, nil
}

func isHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// failure is why there is no answer.
type failure struct {
	err  error
	left bool // a byte of the request may have left
}

// reason is the failure as the books keep it.
func (f failure) reason() txn.Reason {
	var timeout net.Error
	switch {
	case errors.Is(f.err, errAnswer):
		return txn.Unreadable
	case errors.As(f.err, &timeout) && timeout.Timeout():
		return txn.NoAnswer
	}
	return txn.LinkLost
}

// errAnswer says that what came back is none that could be read.
var errAnswer = errors.New("no answer that can be read")

// send sends a message once and reads the whole answer. The message is wiped.
func (c *caller) send(ctx context.Context, m message, within time.Duration) (a answer, f *failure) {
	defer m.wipe()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { left.Store(true) }})
	fault := func(err error) (answer, *failure) {
		return answer{}, &failure{err: plain(err), left: left.Load()}
	}
	r, err := http.NewRequestWithContext(ctx, m.method, strings.TrimSuffix(c.base.String(), "/")+m.path, bytes.NewReader(m.body))
	if err != nil {
		return fault(err)
	}
	r.GetBody = nil // so that nothing is ever sent a second time
	if m.header != nil {
		r.Header = m.header
	}
	r.Header.Set("User-Agent", "Veratill")
	response, err := c.client.Do(r)
	if err != nil {
		return fault(err)
	}
	defer response.Body.Close()
	if at, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		c.skew.Store(int64(time.Until(at)))
	}
	if response.StatusCode/100 == 3 {
		return fault(fmt.Errorf("%w: HTTP %d leads elsewhere", errAnswer, response.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer+1))
	if err != nil {
		return fault(err)
	}
	//mutant:answers-have-an-end
	if len(body) > mostAnswer {
		return fault(fmt.Errorf("%w: more than %d bytes", errAnswer, mostAnswer))
	}
	return answer{response.StatusCode, response.Header, body}, nil
}

// plain is an error without the address that was asked for: a provider's may have a number in it that is nobody's business.
func plain(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}
