package printer

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

// sink is a printer that prints at once: it answers what it is asked, and nothing else
// takes its time. It keeps the last bytes, so that questions may come in pieces.
type sink struct {
	last [11]byte
}

func (s *sink) take(b []byte, answer func([]byte)) {
	for _, c := range b {
		copy(s.last[:], s.last[1:])
		s.last[10] = c
		switch l := s.last[:]; {
		case l[0] == 0x1D && l[1] == '(' && l[2] == 'H':
			answer(append(append([]byte{0x37, escpos.ProofID}, l[7:]...), 0))
		case l[8] == 0x1D && l[9] == 'r' && l[10] == 1:
			answer([]byte{0})
		case l[8] == 0x10 && l[9] == 4:
			answer([]byte{0x12})
		case l[8] == 0x1D && l[9] == 'a':
			answer([]byte{0x10, 0, 0, 0x0F})
		}
	}
}

// sinkBus is a sink on the bus.
type sinkBus struct {
	bus
	sink    sink
	answers chan []byte
	gone    chan struct{}
	once    sync.Once
}

func newSinkBus() *sinkBus {
	return &sinkBus{answers: make(chan []byte, 1024), gone: make(chan struct{})}
}

func (b *sinkBus) Descriptor() port.Descriptor {
	return port.Descriptor{Class: port.ClassPrinter, Sizes: [3]int{port.BulkOut: 64, port.BulkIn: 64}}
}

func (b *sinkBus) Read(_ context.Context, _ port.Pipe, p []byte) (int, error) {
	select {
	case a := <-b.answers:
		return copy(p, a), nil
	case <-b.gone:
		return 0, errUnplugged
	}
}

func (b *sinkBus) Write(_ context.Context, p []byte) (int, error) {
	b.sink.take(p, func(a []byte) { b.answers <- a })
	return len(p), nil
}

func (b *sinkBus) Close() error { b.once.Do(func() { close(b.gone) }); return nil }

// longJob is about 48 KB of receipts.
func longJob(b *testing.B) []byte {
	var job []byte
	for range 64 {
		job = append(job, receipt(b, "bench")...)
	}
	return job
}

// measure prints a job through the driver and writes it plainly, by turns, and reports
// the driver's bytes a second and how they stand to the plain write's.
func measure(b *testing.B, dial Dial) {
	job := longJob(b)
	d := New(dial, Config{})
	defer d.Close()
	p, err := dial(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	if err := d.Reconnect(context.Background()); err != nil {
		b.Fatal(err)
	}
	var driven, plain time.Duration
	buf := make([]byte, 64)
	n := uint32(0)
	for b.Loop() {
		n++
		began := time.Now()
		if r := d.Print(context.Background(), Job{ID: n, Bytes: job}); r.Outcome != Printed {
			b.Fatalf("%+v", r)
		}
		driven += time.Since(began)
		began = time.Now()
		if _, err := p.WriteBy(began.Add(10*time.Second), escpos.AppendProof(job, escpos.ProcessID(n))); err != nil {
			b.Fatal(err)
		}
		for got := 0; got < 7; { // the echo of its ID
			k, err := p.Read(buf)
			if err != nil {
				b.Fatal(err)
			}
			got += k
		}
		plain += time.Since(began)
	}
	b.ReportMetric(float64(n)*float64(len(job))/driven.Seconds()/1e6, "MB/s")
	b.ReportMetric(plain.Seconds()/driven.Seconds(), "x-plain")
}

func BenchmarkPrintTCP(b *testing.B) {
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
			go serveSink(conn)
		}
	}()
	measure(b, func(ctx context.Context) (port.Port, error) {
		return port.Open(ctx, devices.URL{Scheme: devices.TCP, Host: ln.Addr().String()})
	})
}

func serveSink(conn net.Conn) {
	defer conn.Close()
	var s sink
	buf := make([]byte, 64<<10)
	for {
		n, err := conn.Read(buf)
		s.take(buf[:n], func(a []byte) { _, _ = conn.Write(a) })
		if err != nil {
			return
		}
	}
}

func BenchmarkPrintUSB(b *testing.B) {
	measure(b, func(context.Context) (port.Port, error) { return port.FromUSB(newSinkBus()), nil })
}
