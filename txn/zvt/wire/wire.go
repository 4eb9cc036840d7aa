// Package wire carries messages of ZVT over TCP and over a serial line, for a till and for a terminal alike (PA00P016 edition 03).
package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"veratill/txn/zvt"
)

// Pipe is bytes in and bytes out.
type Pipe interface {
	io.Reader
	// WriteBy writes b, until deadline at the latest. n is how many bytes may have left; 0 only where none did.
	WriteBy(deadline time.Time, b []byte) (n int, err error)
	io.Closer
}

// FromConn is a pipe over a connection.
func FromConn(c net.Conn) Pipe { return conn{c} }

type conn struct{ net.Conn }

func (c conn) WriteBy(deadline time.Time, b []byte) (int, error) {
	if err := c.SetWriteDeadline(deadline); err != nil {
		return 0, err
	}
	return c.Write(b)
}

// Times of the serial line (PA00P016 3.4): T1 between two bytes of a message, T2 to its ACK, and how often it is sent at most.
const (
	t1       = 200 * time.Millisecond
	t2       = 5 * time.Second
	mostSent = 3
)

// Errors of a wire.
var (
	ErrSilent  = errors.New("nothing came in time")
	errRefused = errors.New("the other side did not take the message (NAK)")
	errClosed  = errors.New("the line is closed")
)

// Wire is one way to the other side. One goroutine may send while another receives.
type Wire struct {
	pipe    Pipe
	serial  bool
	in      chan zvt.APDU
	acks    chan bool // true ACK, false NAK
	writing sync.Mutex
	closing sync.Once
	done    chan struct{} // closed when nothing more is read
	end     error         // why, once done is closed
	over    chan struct{} // closed by Close
}

// New begins to read from a pipe. serial says that messages travel in blocks. Close has to follow.
func New(p Pipe, serial bool) *Wire {
	w := &Wire{pipe: p, serial: serial, in: make(chan zvt.APDU, 16), acks: make(chan bool, 4), done: make(chan struct{}), over: make(chan struct{})}
	if serial {
		go w.readSerial()
	} else {
		go w.readTCP()
	}
	return w
}

// Close ends it, also twice.
func (w *Wire) Close() {
	w.closing.Do(func() {
		close(w.over)
		_ = w.pipe.Close() // whoever reads or writes hears of it
	})
}

// Dead reports whether nothing can come any more.
func (w *Wire) Dead() bool {
	select {
	case <-w.done:
		return len(w.in) == 0
	case <-w.over:
		return true
	default:
		return false
	}
}

// Ended is closed when nothing more is read.
func (w *Wire) Ended() <-chan struct{} { return w.done }

func (w *Wire) readTCP() {
	defer close(w.done)
	for {
		a, err := zvt.Read(w.pipe)
		if err != nil {
			w.end = err
			return
		}
		if !w.deliver(a) {
			return
		}
	}
}

func (w *Wire) deliver(a zvt.APDU) bool {
	select {
	case w.in <- a:
		return true
	case <-w.over:
		w.end = errClosed
		return false
	}
}

// readSerial finds messages in the bytes of a line, and acknowledges each.
func (w *Wire) readSerial() {
	defer close(w.done)
	bytes, failed := make(chan []byte), make(chan error, 1)
	go func() {
		for {
			b := make([]byte, 256)
			n, err := w.pipe.Read(b)
			if n > 0 {
				select {
				case bytes <- b[:n]:
				case <-w.over:
					return
				}
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}()
	var d zvt.Deblocker
	pause := time.NewTimer(t1)
	defer pause.Stop()
	for {
		pause.Reset(t1)
		select {
		case <-w.over:
			w.end = errClosed
			return
		case w.end = <-failed:
			return
		case <-pause.C:
			if d.Pause() {
				w.quit(zvt.NAK)
			}
		case chunk := <-bytes:
			for _, x := range chunk {
				found, apdu := d.Put(x)
				if !w.take(found, apdu) {
					return
				}
			}
		}
	}
}

// take does what follows from a byte of the line.
func (w *Wire) take(found zvt.Found, apdu []byte) bool {
	switch found {
	case zvt.Damaged:
		w.quit(zvt.NAK)
	case zvt.Taken, zvt.Refused:
		select {
		case w.acks <- found == zvt.Taken:
		default: // nobody asked for so many
		}
	case zvt.Message:
		a, err := zvt.ParseWhole(append([]byte(nil), apdu...))
		if err != nil {
			w.quit(zvt.NAK)
			return true
		}
		w.quit(zvt.ACK)
		return w.deliver(a)
	}
	return true
}

// quit sends one byte that says how a message came.
func (w *Wire) quit(x byte) {
	_, _ = w.pipe.WriteBy(time.Now().Add(t2), []byte{x}) // where it is lost the message comes again
}

// Send sends a message. left is false only where it is certain that no byte of it left.
func (w *Wire) Send(a zvt.APDU, within time.Duration) (left bool, err error) {
	b, err := a.Append(nil)
	if err != nil {
		return false, err
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	if w.Dead() {
		return false, errClosed
	}
	if !w.serial {
		n, err := w.pipe.WriteBy(time.Now().Add(within), b)
		return n > 0, err
	}
	for len(w.acks) > 0 { // of a message before
		<-w.acks
	}
	block := zvt.Block(b)
	for range mostSent {
		n, err := w.pipe.WriteBy(time.Now().Add(within), block)
		left = left || n > 0
		if err != nil {
			return left, err
		}
		taken, err := w.acknowledged()
		if taken || err != nil && !errors.Is(err, ErrSilent) {
			return left, err
		}
	}
	return left, errRefused
}

// acknowledged waits for ACK or NAK.
func (w *Wire) acknowledged() (bool, error) {
	wait := time.NewTimer(t2)
	defer wait.Stop()
	select {
	case taken := <-w.acks:
		return taken, nil
	case <-wait.C:
		return false, ErrSilent
	case <-w.done:
		return false, w.end
	case <-w.over:
		return false, errClosed
	}
}

// Forget drops what came and was not received: it is of what was said before. Over a serial line a message comes twice whose ACK was spoilt.
func (w *Wire) Forget() {
	for {
		select {
		case <-w.in:
		default:
			return
		}
	}
}

// Receive waits for the next message. The error is ErrSilent where none came within the time, ctx's, or why none will come.
func (w *Wire) Receive(ctx context.Context, within time.Duration) (zvt.APDU, error) {
	select { // what has come counts, whatever has ended since
	case a := <-w.in:
		return a, nil
	default:
	}
	wait := time.NewTimer(within)
	defer wait.Stop()
	select {
	case a := <-w.in:
		return a, nil
	case <-wait.C:
		return zvt.APDU{}, ErrSilent
	case <-ctx.Done():
		return zvt.APDU{}, ctx.Err()
	case <-w.done:
		select {
		case a := <-w.in:
			return a, nil
		default:
			return zvt.APDU{}, w.end
		}
	}
}
