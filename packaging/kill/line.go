package main

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"
)

// line is the network between till and bank: it delays, swallows and cuts.
type line struct {
	listener net.Listener
	to       string
	quiet    atomic.Bool
	cuts     atomic.Int64
	lost     atomic.Int64
}

func newLine(to string) (*line, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &line{listener: listener, to: to}
	go l.accept()
	return l, nil
}

// calm makes the line a good one, so that everything owed can be finished.
func (l *line) calm() { l.quiet.Store(true) }

// rough makes it what it was again.
func (l *line) rough() { l.quiet.Store(false) }

func (l *line) accept() {
	for {
		from, err := l.listener.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", l.to)
		if err != nil {
			from.Close()
			continue
		}
		go l.carry(from, to)
		go l.carry(to, from)
	}
}

// Odds of a piece of traffic, in a thousand.
const (
	cutOdds   = 15 // the connection ends, before or after the piece
	loseOdds  = 15 // this piece and all after it vanish, and nobody is told
	delayOdds = 60
	maxDelay  = 150 * time.Millisecond // longer than the till's reply wait
)

func (l *line) carry(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 4096)
	swallow := false
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if !l.quiet.Load() {
			switch odds := rand.IntN(1000); {
			case odds < cutOdds:
				l.cuts.Add(1)
				if odds%2 == 0 {
					to.Write(buffer[:n])
				}
				return
			case odds < cutOdds+loseOdds:
				l.lost.Add(1)
				swallow = true
			case odds < cutOdds+loseOdds+delayOdds:
				time.Sleep(rand.N(maxDelay))
			}
		}
		if swallow {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil && !errors.Is(err, io.EOF) {
			return
		}
	}
}
