package port

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"veratill/devices"
)

type tcpPort struct {
	conn net.Conn
	gate gate
}

func dialTCP(ctx context.Context, host string) (Port, error) {
	d := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 20 * time.Second, Interval: 5 * time.Second, Count: 3}}
	conn, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, &Error{devices.Unreachable, err}
	}
	return FromConn(conn), nil
}

// FromConn makes a port of a connection that is open, such as one end of net.Pipe.
func FromConn(conn net.Conn) Port { return &tcpPort{conn: conn, gate: newGate()} }

func (p *tcpPort) Read(b []byte) (int, error) {
	n, err := p.conn.Read(b)
	if err != nil {
		return n, &Error{devices.Interrupted, err}
	}
	return n, nil
}

func (p *tcpPort) WriteBy(deadline time.Time, b []byte) (int, error) {
	if err := p.gate.wait(deadline); err != nil {
		return 0, err
	}
	if err := p.conn.SetWriteDeadline(deadline); err != nil {
		return 0, &Error{devices.Interrupted, err}
	}
	n, err := p.conn.Write(b)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, &Error{devices.TimedOut, ErrTimeout}
	}
	return n, &Error{devices.Interrupted, err}
}

func (p *tcpPort) Pause(on bool) { p.gate.pause(on) }

func (p *tcpPort) Close() error {
	p.gate.close()
	return p.conn.Close()
}
