package simulator

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"veratill/txn"
	"veratill/txn/iso8583"
)

// conn is the till's end of a line to the bank.
type conn struct {
	w    *world
	life *life
	in   chan []byte
	rest []byte
	gone chan struct{}
	once sync.Once

	shut     bool        // by who accepted it, in a moment: nothing goes through
	answered atomic.Bool // something has come on it
}

var errCut = errors.New("the simulated line is cut")

func (c *conn) Read(b []byte) (int, error) {
	if len(c.rest) == 0 {
		select {
		case c.rest = <-c.in:
		default:
			select {
			case c.rest = <-c.in:
			case <-c.gone:
				return 0, io.EOF
			}
		}
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *conn) Write(b []byte) (int, error) {
	if c.life.ended() || c.closed() {
		return 0, errCut
	}
	c.w.sent(c, b)
	return len(b), nil
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.gone) })
	return nil
}

func (c *conn) closed() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

type address struct{}

func (address) Network() string { return "tcp" }
func (address) String() string  { return "bank" }

func (c *conn) LocalAddr() net.Addr              { return address{} }
func (c *conn) RemoteAddr() net.Addr             { return address{} }
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// deliver puts a frame into the till's end of the line; on a line that is gone it is lost.
func (c *conn) deliver(frame []byte) (came bool) {
	if c.closed() || c.life.ended() {
		return false
	}
	select {
	case c.in <- frame:
		c.answered.Store(true)
		return true
	default: // a line that nobody reads
		return false
	}
}

// transit is a message on its way to the bank.
type transit struct {
	iso8583.Message
	body    []byte
	headers iso8583.Headers
	id      txn.ID
}

// ordinary is how long a message takes when nothing is wrong.
const ordinary = 80 * time.Millisecond

// sent is what the network makes of a frame of the till.
func (w *world) sent(c *conn, frame []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, headers, err := w.profile.ReadFrame(bytes.NewReader(frame))
	if err != nil {
		w.bad("the till sent what is no frame: %v", err)
		return
	}
	m, err := w.profile.Unpack(body)
	if err != nil {
		w.bad("the till sent what is no message: %v", err)
		return
	}
	t := transit{m, body, headers, w.idOf(m)}
	w.messages++
	w.say("till sends %s %s", m.MTI, m.Get(11))
	w.judgeSending(t)
	w.judgeLine(c, t)
	if c.shut {
		return
	}
	if c.life.line == otherLine {
		w.after(ordinary, func() { w.strange(c, t) })
		return
	}
	f := w.fate(c, t, &w.netFates)
	switch f.Word(1) {
	case "lose":
		w.say("lost")
	case "twice":
		w.after(ordinary, func() { w.bank.receive(c, t) })
		w.after(3*ordinary, func() { w.bank.receive(c, t) })
	case "delay":
		w.after(f.Duration(2), func() { w.bank.receive(c, t) })
	case "cut":
		w.say("line cut")
		c.Close()
	default:
		w.after(ordinary, func() { w.bank.receive(c, t) })
	}
}

// fate takes the next fate of a queue for a message on a line. The echo that proves a new line takes none, so that a script's fates are of what it is about.
func (w *world) fate(c *conn, t transit, queue *[]Step) Step {
	if echo := t.Get(70) == "301" || strings.HasSuffix(t.Get(60), "301"); t.MTI[1] == '8' && echo && !c.answered.Load() {
		return Step{}
	}
	return w.next(queue)
}

// idOf is the attempt that a message is about; the network messages have none.
func (w *world) idOf(m iso8583.Message) txn.ID {
	if stan := number(m.Get(11)); stan < txn.FirstNetworkSTAN { // no history is long enough for a STAN to come again
		return txn.ID(stan)
	}
	return 0
}

func number(text string) (n int64) {
	for _, c := range []byte(text) {
		n = n*10 + int64(c-'0')
	}
	return n
}
