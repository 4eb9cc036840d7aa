package cashier

import (
	"context"
	"errors"
	"net"
	"sync"

	"veratill/txn/acquirer"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
)

// lines are the telephone lines to the bank, in memory. They implement net.Listener for it.
type lines struct {
	mu   sync.Mutex
	in   chan net.Conn
	open []net.Conn
	down bool
	gone chan struct{}
	once sync.Once
}

func newLines() *lines { return &lines{in: make(chan net.Conn, 16), gone: make(chan struct{})} }

var errDown = errors.New("the line to the bank is down")

// dial is the till's way to the bank.
func (l *lines) dial(context.Context, string, string) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return nil, errDown
	}
	till, bank := net.Pipe()
	l.open = append(l.open, till)
	l.in <- bank
	return till, nil
}

// cut ends every line; while down is true no other one is made.
func (l *lines) cut(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
	for _, c := range l.open {
		c.Close()
	}
	l.open = nil
}

// Accept implements net.Listener.
func (l *lines) Accept() (net.Conn, error) {
	select {
	case c := <-l.in:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *lines) Close() error {
	l.once.Do(func() { close(l.gone) })
	return nil
}

type address struct{}

func (address) Network() string { return "memory" }
func (address) String() string  { return "bank" }

// Addr implements net.Listener.
func (l *lines) Addr() net.Addr { return address{} }

// bankAddress is on this computer, so that the published key will do.
const bankAddress = "tcp://127.0.0.1:5000?profile=unionpay&timeout=15s"

// newBank is the simulated bank of a demonstration; before says what it does with a message.
func newBank(before func(mti string, amountMinor int64) *hostsim.Rule) (*hostsim.Host, error) {
	profile, err := iso8583.ProfileByName("unionpay")
	if err != nil {
		return nil, err
	}
	line, err := acquirer.ParseURL(bankAddress)
	if err != nil {
		return nil, err
	}
	script, err := hostsim.ReadScript(nothing{})
	if err != nil {
		return nil, err
	}
	return hostsim.New(hostsim.Config{Profile: profile, MasterKey: line.MasterKey, Script: script, Before: before})
}
