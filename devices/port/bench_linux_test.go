package port

import (
	"context"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// BenchmarkSerial is a terminal of this computer. The port gives it 64 bytes at a time, so that XOFF holds soon: a
// real line takes 5 ms for them at 115,200 baud.
func BenchmarkSerial(b *testing.B) {
	master, u := pty(b)
	go emptied(master)
	p, err := Open(context.Background(), u)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	other, at := pty(b)
	go emptied(other)
	line, err := openLine(at.Path, serialMode(at)) // raw
	if err != nil {
		b.Fatal(err)
	}
	defer line.Close()
	plain, err := os.OpenFile(at.Path, os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		b.Skipf("a second opening needs the right to it: %v", err)
	}
	defer plain.Close()
	besidePlain(b, p, func(job []byte) error { _, err := plain.Write(job); return err })
}
