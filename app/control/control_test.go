package control

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serve begins to answer on a new folder, and tells where.
func serve(t *testing.T) (dir, address string) {
	t.Helper()
	dir = t.TempDir()
	if err := Serve(t.Context(), dir, map[string]Answer{"n": func(context.Context) (any, error) { return 7, nil }}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ = strings.Cut(string(text), " ")
	return dir, address
}

// Programs that connect and say nothing, or say it without an end, hold eight connections and no more, and are gone after a while: then
// whoever asks is answered.
func TestWhoSaysNothingIsDropped(t *testing.T) {
	dir, address := serve(t)
	var silent []net.Conn
	for n := range 20 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if n%2 == 1 {
			if _, err := io.WriteString(conn, "GET /n HTTP/1.1\r\nA: "); err != nil {
				t.Fatal(err)
			}
		}
		silent = append(silent, conn)
	}
	begun := time.Now()
	var answer int
	if err := Ask(t.Context(), dir, "n", &answer); err != nil || answer != 7 {
		t.Errorf("%d, %v", answer, err)
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("the answer took %v", took)
	}
	for _, conn := range silent[:connections] {
		if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Error("a connection that says nothing is kept open")
		}
	}
}

// No more than eight are taken at once.
func TestEightAtOnce(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := make(chan net.Conn, 20)
	go func() {
		f := &few{Listener: listener, free: make(chan struct{}, connections)}
		for {
			conn, err := f.Accept()
			if err != nil {
				return
			}
			taken <- conn
		}
	}()
	for range connections + 3 {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	var first net.Conn
	for range connections {
		first = <-taken
	}
	select {
	case <-taken:
		t.Fatal("a ninth connection was taken")
	case <-time.After(200 * time.Millisecond):
	}
	for range 2 { // closing twice gives one place back
		first.Close()
	}
	<-taken
	select {
	case <-taken:
		t.Fatal("one place was given back, and two were taken")
	case <-time.After(200 * time.Millisecond):
	}
}

// A question of any length is not read to its end.
func TestALongQuestionIsRefused(t *testing.T) {
	_, address := serve(t)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, sent := conn.Write(append([]byte("GET /n HTTP/1.1\r\nA: "), bytes.Repeat([]byte("a"), 1<<20)...))
	said, err := io.ReadAll(conn)
	if sent == nil && !bytes.Contains(said, []byte(" 431 ")) {
		t.Errorf("%q, %v", said, err)
	}
}
