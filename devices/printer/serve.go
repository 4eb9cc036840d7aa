package printer

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"veratill/devices/port"
)

// receiveBuffer is how many bytes an emulated printer takes in while it cannot
// print. Then it stops taking them, as a real one does.
const receiveBuffer = 64 << 10

// Attach lets one host talk to the printer until conn ends or ctx does. A printer
// has one host at a time: the last one attached gets the answers.
func (e *Emulator) Attach(ctx context.Context, conn io.ReadWriteCloser) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // ends the read below
	// Answers leave from a goroutine of their own: a host that does not read must
	// not stop the printer, and its answers are lost.
	answers := make(chan []byte, 256)
	var writer sync.WaitGroup
	writer.Go(func() {
		for {
			select {
			case b := <-answers:
				if _, err := conn.Write(b); err != nil {
					cancel()
					return
				}
			case <-ctx.Done():
				return
			}
		}
	})
	e.change(func() {
		if e.off { // nothing answers at its address
			cancel()
			return
		}
		e.auto, e.hangUp = false, cancel
		e.reply = func(b []byte) {
			select {
			case answers <- append([]byte(nil), b...):
			default:
			}
		}
	})
	err := e.receiveFrom(ctx, conn)
	cancel()
	_ = conn.Close() // the connection is over; its reason is in err
	writer.Wait()
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (e *Emulator) receiveFrom(ctx context.Context, conn io.Reader) error {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		e.Receive(buf[:n])
		if err != nil {
			return err
		}
		for e.Waiting() > receiveBuffer && e.full() {
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				return nil
			}
		}
	}
}

func (e *Emulator) full() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopped() && !e.off
}

// Serve answers on a listener, one connection at a time as port 9100 does, until
// ctx ends. The listener is closed then. Another host waits in the queue.
func (e *Emulator) Serve(ctx context.Context, ln net.Listener) error {
	defer context.AfterFunc(ctx, func() { _ = ln.Close() })()
	for {
		conn, err := ln.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		_ = e.Attach(ctx, conn) // how a host went away is not the printer's concern
	}
}

// OpenVirtual drives an emulator: the same driver as for a real printer, over a
// pipe in memory.
func OpenVirtual(e *Emulator, conf Config) *Driver {
	return New(func(context.Context) (port.Port, error) {
		host, unit := net.Pipe()
		go func() { _ = e.Attach(context.Background(), unit) }() // ends with the pipe
		return port.FromConn(host), nil
	}, conf)
}
