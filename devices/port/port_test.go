package port

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"veratill/devices"
)

func reasonIs(t *testing.T, err error, want devices.Reason) {
	t.Helper()
	if err == nil || ReasonOf(err) != want {
		t.Errorf("%v is not %q", err, want)
	}
}

func TestTCP(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := devices.ParseURL("tcp://" + ln.Addr().String())
	p, err := Open(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	far, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.WriteBy(time.Now().Add(time.Second), []byte("hello")); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	buf := make([]byte, 8)
	if n, _ := far.Read(buf); string(buf[:n]) != "hello" {
		t.Fatalf("%q", buf[:n])
	}
	p.Pause(true)
	n, err := p.WriteBy(time.Now().Add(20*time.Millisecond), []byte("held"))
	if n != 0 {
		t.Error("written while paused")
	}
	reasonIs(t, err, devices.TimedOut)
	p.Pause(false)
	// Nobody reads: the count of what left is exact, and the call comes back.
	big := make([]byte, 32<<20)
	n, err = p.WriteBy(time.Now().Add(200*time.Millisecond), big)
	if n == 0 || n == len(big) || !errors.Is(err, ErrTimeout) {
		t.Fatal(n, err)
	}
	_ = p.Close()
	got := 0
	_ = far.SetReadDeadline(time.Now().Add(2 * time.Second))
	for {
		k, err := far.Read(big)
		got += k
		if err != nil {
			break
		}
	}
	if got != n {
		t.Errorf("%d bytes left, %d came", n, got)
	}
	if _, err := p.WriteBy(time.Now().Add(time.Second), []byte("x")); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	_, err = p.Read(buf)
	reasonIs(t, err, devices.Interrupted)
	_ = ln.Close()
	_, err = Open(context.Background(), u)
	reasonIs(t, err, devices.Unreachable)
	_, err = Open(context.Background(), devices.URL{Scheme: devices.Virtual})
	if !errors.Is(err, ErrScheme) {
		t.Error(err)
	}
}

// A read that waits comes back on Close.
func TestCloseEndsRead(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	p := FromConn(near)
	back := make(chan error)
	go func() {
		_, err := p.Read(bytes.Clone(make([]byte, 4)))
		back <- err
	}()
	_ = p.Close()
	_ = p.Close()
	select {
	case err := <-back:
		reasonIs(t, err, devices.Interrupted)
	case <-time.After(time.Second):
		t.Fatal("the read did not come back")
	}
}
