package acquirer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
)

// certificate makes a bank's certificate for a name, and writes it as a PEM file.
func certificate(t *testing.T, name string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bank.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, path
}

// Over TLS a sale goes to the bank whose certificate was given, and to no other.
func TestTLS(t *testing.T) {
	cert, ca := certificate(t, "bank.example")
	_, stranger := certificate(t, "bank.example")
	host := newBench(t, "unionpay", "", nil) // its profile and keys; the TLS listener is beside it
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go host.host.Serve(ctx, listener)
	for _, c := range []struct {
		query string
		want  error
	}{
		{"&ca=" + ca + "&name=bank.example", nil},
		{"&ca=" + ca + "&name=thief.example", errUnreachable},
		{"&ca=" + stranger + "&name=bank.example", errUnreachable},
	} {
		cfg, err := ParseURL("tls://" + listener.Addr().String() + "?profile=unionpay&timeout=1s" + c.query)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Terminal, cfg.Merchant, cfg.Books = "T1", "M1", host.client.cfg.Books
		client := New(cfg)
		t.Cleanup(client.Close)
		if err := client.Ready(ctx); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.query, err, c.want)
			continue
		}
		if c.want == nil {
			if v := client.Request(ctx, host.order()); v.Kind != txn.BankApproved {
				t.Errorf("%s %s", v.Kind, v.Reason)
			}
		}
	}
	if lines := host.host.Rows(); len(lines) != 1 || lines[0].State != bank.Approved {
		t.Errorf("the bank has %+v", lines)
	}
}

// A plain connection to a bank that speaks TLS, and the other way round, is said to be unreachable.
func TestPlainMeetsTLS(t *testing.T) {
	b := newBench(t, "iso87", "", nil)
	cfg, err := ParseURL("tls://" + b.client.cfg.Address + "?profile=iso87&timeout=300ms")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Books = b.client.cfg.Books
	client := New(cfg)
	t.Cleanup(client.Close)
	if err := client.Ready(context.Background()); !errors.Is(err, errUnreachable) {
		t.Errorf("%v", err)
	}
}
