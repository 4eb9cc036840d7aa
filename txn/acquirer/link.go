package acquirer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"veratill/txn/iso8583"
)

// dialTimeout bounds a connect; a bank that is there answers in well under a second.
const dialTimeout = 5 * time.Second

// link is one connection. It reads until it fails; then down is closed and it is of no more use.
type link struct {
	conn  net.Conn
	down  chan struct{}
	once  sync.Once
	send1 sync.Mutex // a frame is written whole

	// Of Client.mu. proved: the bank has answered on it, so that there is one. money: a message about money was sent on it, so that its answer may still
	// come.
	proved, money bool
}

func dial(ctx context.Context, cfg Config, arrived func([]byte), n *counts) (*link, error) {
	d := &net.Dialer{Timeout: min(dialTimeout, cfg.Timeout)}
	connect := d.DialContext
	switch {
	case cfg.Dial != nil:
		connect = cfg.Dial
	case cfg.TLS != nil:
		connect = (&tls.Dialer{NetDialer: d, Config: cfg.TLS}).DialContext
	}
	conn, err := connect(ctx, "tcp", cfg.Address)
	if err != nil {
		return nil, err
	}
	//mutant:only-here
	if cfg.OnlyHere && cfg.Dial == nil && !isHere(conn.RemoteAddr().String()) {
		return nil, errors.Join(fmt.Errorf("%s leads to another computer, and without a key or TLS the bank has to be at this one", cfg.Address), conn.Close())
	}
	n.connected.Add(1)
	l := &link{conn: conn, down: make(chan struct{})}
	go l.read(cfg.Profile, arrived, n)
	return l, nil
}

// read takes frame after frame. What can't be a frame ends the connection: the
// stream can't be trusted after it.
func (l *link) read(p *iso8583.Profile, arrived func([]byte), n *counts) {
	defer l.close()
	for {
		body, _, err := p.ReadFrame(l.conn) // without a buffer, which would keep what it has read
		switch {
		case err == nil:
			arrived(body)
		case errors.Is(err, iso8583.ErrUnreadable):
			n.unreadable.Add(1)
		case errors.Is(err, iso8583.ErrOversized):
			n.oversized.Add(1)
			return
		case errors.Is(err, iso8583.ErrTruncated):
			n.truncated.Add(1)
			return
		default:
			return
		}
	}
}

func (l *link) send(frame []byte, timeout time.Duration) error {
	l.send1.Lock()
	defer l.send1.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	_, err := l.conn.Write(frame)
	if err != nil {
		l.close() // half a frame may have left
	}
	return err
}

func (l *link) close() {
	l.once.Do(func() {
		l.conn.Close()
		close(l.down)
	})
}

func (l *link) dead() bool {
	select {
	case <-l.down:
		return true
	default:
		return false
	}
}

// counts are kept since the start of the program.
type counts struct {
	connected, sent, answered, late, duplicate, foreign, unreadable, oversized, truncated, badMAC, wrong, unpackable atomic.Int64
}

// Count is one of them with its name.
type Count struct {
	Name string
	N    int64
}

func (c *counts) list() []Count {
	return []Count{
		{"connected", c.connected.Load()}, {"sent", c.sent.Load()}, {"answered", c.answered.Load()},
		{"late", c.late.Load()}, {"duplicate", c.duplicate.Load()}, {"foreign", c.foreign.Load()},
		{"unreadable", c.unreadable.Load()}, {"oversized", c.oversized.Load()}, {"truncated", c.truncated.Load()},
		{"bad MAC", c.badMAC.Load()}, {"wrong answer", c.wrong.Load()}, {"cannot pack", c.unpackable.Load()},
	}
}
