package port

import (
	"context"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"veratill/devices"
)

// benchJob is as long as a receipt with a picture in bytes.
const benchJob = 48 << 10

// besidePlain writes a job through the port and plainly to a way of the same kind, by turns, and reports
// the port's bytes a second and how they stand to the plain write's.
func besidePlain(b *testing.B, p Port, plain func([]byte) error) {
	job := make([]byte, benchJob)
	var ours, theirs time.Duration
	b.SetBytes(benchJob)
	for b.Loop() {
		begun := time.Now()
		if n, err := p.WriteBy(begun.Add(10*time.Second), job); n != len(job) || err != nil {
			b.Fatal(n, err)
		}
		half := time.Now()
		if err := plain(job); err != nil {
			b.Fatal(err)
		}
		ours, theirs = ours+half.Sub(begun), theirs+time.Since(half)
	}
	b.SetBytes(0) // the loop has both: its own rate says nothing
	b.ReportMetric(float64(b.N)*benchJob/ours.Seconds()/1e6, "MB/s-port")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-plain")
}

// BenchmarkTCP is a socket of this computer.
func BenchmarkTCP(b *testing.B) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, onlyReader{conn}) }() // ends with the connection
		}
	}()
	p, err := Open(context.Background(), devices.URL{Scheme: devices.TCP, Host: ln.Addr().String()})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	besidePlain(b, p, func(job []byte) error { _, err := conn.Write(job); return err })
}

// onlyReader keeps io.Copy from moving bytes inside the kernel.
type onlyReader struct{ io.Reader }

// copying is an interface on the bus that takes packets at the cost of a copy.
type copying struct {
	room [usbPiece]byte
}

func (c *copying) Descriptor() Descriptor {
	return Descriptor{Class: ClassPrinter, Protocol: 2, Sizes: [3]int{BulkOut: 512, BulkIn: 512}}
}

func (c *copying) Control(context.Context, Setup, []byte) (int, error) { return 0, nil }

func (c *copying) Read(ctx context.Context, _ Pipe, _ []byte) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

func (c *copying) Write(_ context.Context, b []byte) (int, error) {
	for at := 0; at < len(b); at += 512 {
		copy(c.room[at%usbPiece:], b[at:min(at+512, len(b))])
	}
	return len(b), nil
}

func (c *copying) Close() error { return nil }

// BenchmarkUSB is what the port adds to the bus: the bus itself costs a copy here.
func BenchmarkUSB(b *testing.B) {
	p, plain := FromUSB(new(copying)), new(copying)
	defer p.Close()
	besidePlain(b, p, func(job []byte) error { _, err := plain.Write(context.Background(), job); return err })
}

// emptied reads a terminal's master until it ends.
func emptied(master *os.File) { _, _ = io.Copy(io.Discard, onlyReader{master}) }
