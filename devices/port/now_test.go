//go:build !windows

package port

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// What a connection does not take at once is not lost, and its writer is not held up.
func TestWriteNowLeavesTheRest(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	p := FromConn(near).(Prompt)
	defer p.Close()
	job := bytes.Repeat([]byte("0123456789"), 100)
	began := time.Now()
	if n, err := p.WriteNow(job); n != 0 || err != nil {
		t.Fatalf("nobody reads, and WriteNow says %d, %v", n, err)
	}
	p.Pause(true)
	if n, err := p.WriteNow(job); n != 0 || err != nil {
		t.Fatalf("the device has said XOFF, and WriteNow says %d, %v", n, err)
	}
	p.Pause(false)
	if took := time.Since(began); took > 500*time.Millisecond {
		t.Errorf("the writer was held up for %v", took)
	}
	got := make([]byte, len(job))
	goOn, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.ReadFull(far, got[:10])
		<-goOn
		_, _ = io.ReadFull(far, got[10:])
	}()
	if n, err := p.WriteNow(job); n != 10 || err != nil {
		t.Fatalf("the device has read 10 bytes, and WriteNow says %d, %v", n, err)
	}
	close(goOn)
	if n, err := p.WriteBy(time.Now().Add(time.Second), job[10:]); n != len(job)-10 || err != nil {
		t.Fatal(n, err)
	}
	if <-done; !bytes.Equal(got, job) {
		t.Error("the device got another job")
	}
	_ = far.Close()
	if n, err := p.WriteNow(job); n != 0 || err == nil {
		t.Errorf("the far end is gone, and WriteNow says %d, %v", n, err)
	}
}
