// Package control lets a second program look at the data folder of a running till:
// it asks the till, over the loopback, with a secret that only the folder's owner can read.
package control

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"veratill/assets/files"
)

// FileName holds a running till's address and secret, mode 0600.
const FileName = "till.addr"

// errNobody means that no till answers on the folder.
var errNobody = errors.New("no running till answers on this data folder")

// Answer makes what a question is answered with: a value for JSON.
type Answer func(ctx context.Context) (any, error)

// saidKey is where the context of an answer has what its question says.
type saidKey struct{}

// Said is what a question says under a name, behind its own: "find?asked=…". Empty where it says nothing.
func Said(ctx context.Context, name string) string {
	said, _ := ctx.Value(saidKey{}).(url.Values)
	return said.Get(name)
}

// Serve answers questions until ctx ends.
func Serve(ctx context.Context, dir string, answers map[string]Answer) error {
	var secret [16]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	token := hex.EncodeToString(secret[:])
	path := filepath.Join(dir, FileName)
	// A file of another run may have wider rights: it is replaced, not written to.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return errors.Join(err, listener.Close())
	}
	if err := files.Write(path, []byte(listener.Addr().String()+" "+token), 0o600); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: handler(token, answers), ReadHeaderTimeout: sayTimeout, ReadTimeout: sayTimeout, WriteTimeout: askTimeout, MaxHeaderBytes: 4 << 10}
	server.SetKeepAlivesEnabled(false) // one question a connection
	context.AfterFunc(ctx, func() { server.Close() })
	go server.Serve(&few{Listener: listener, free: make(chan struct{}, connections)})
	return nil
}

// connections is how many programs may ask at once, and sayTimeout how long one may take to say its question. Any program of this
// computer can connect: what it holds open must not take the till's files away.
const (
	connections = 8
	sayTimeout  = 2 * time.Second
)

// few is a listener that has so many connections at once; whoever comes then waits outside.
type few struct {
	net.Listener
	free chan struct{} // holds one token a connection
}

// Accept implements net.Listener.
func (f *few) Accept() (net.Conn, error) {
	//mutant:few-connections
	f.free <- struct{}{}
	conn, err := f.Listener.Accept()
	if err != nil {
		<-f.free
		return nil, err
	}
	return &counted{Conn: conn, end: sync.OnceFunc(func() { <-f.free })}, nil
}

// counted gives its place back when it is closed.
type counted struct {
	net.Conn
	end func()
}

// Close implements net.Conn.
func (c *counted) Close() error {
	defer c.end()
	return c.Conn.Close()
}

func handler(token string, answers map[string]Answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			http.Error(w, "not allowed", http.StatusForbidden)
			return
		}
		answer, ok := answers[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.Error(w, "unknown question", http.StatusNotFound)
			return
		}
		value, err := answer(context.WithValue(r.Context(), saidKey{}, r.URL.Query()))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(value); err != nil {
			return // the asker is gone
		}
	})
}

// How much is read: an address with its secret, and the list of many years.
const (
	addressBytes = 1 << 10
	answerBytes  = 1 << 30
)

// askTimeout is long enough to verify a large journal.
const askTimeout = 2 * time.Minute

// Ask puts a question to the till that runs on a folder, and reads its answer into
// into. What the question says follows behind a question mark (Said). The error says so where none answers.
func Ask(ctx context.Context, dir, question string, into any) error {
	text, err := files.Read(filepath.Join(dir, FileName), addressBytes)
	if err != nil {
		return fmt.Errorf("%w: %w", errNobody, err)
	}
	address, token, ok := strings.Cut(string(text), " ")
	if host, _, err := net.SplitHostPort(address); !ok || err != nil || host != "127.0.0.1" {
		return errNobody
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/"+question, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", errNobody, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the running till answers %s", response.Status)
	}
	return json.NewDecoder(io.LimitReader(response.Body, answerBytes)).Decode(into)
}
