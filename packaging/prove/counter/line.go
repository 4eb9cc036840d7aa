// Package counter is what stands round the till in a proof: a bank, providers of payment codes and a card terminal, reached over connections in memory. All of it outlives
// the till's programs.
package counter

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"veratill/txn/acquirer"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
)

// Lines are the lines to one of them, in memory. They implement net.Listener for it.
type Lines struct {
	mu   sync.Mutex
	in   chan net.Conn
	open []net.Conn
	down bool
	gone chan struct{}
	once sync.Once
}

// NewLines are lines that are up.
func NewLines() *Lines { return &Lines{in: make(chan net.Conn, 16), gone: make(chan struct{})} }

var errDown = errors.New("the line is down")

// Dial is the till's way to it.
func (l *Lines) Dial(context.Context, string, string) (net.Conn, error) {
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

// Cut ends every line; while down is true no other one is made.
func (l *Lines) Cut(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
	for _, c := range l.open {
		c.Close()
	}
	l.open = nil
}

// Accept implements net.Listener.
func (l *Lines) Accept() (net.Conn, error) {
	select {
	case c := <-l.in:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *Lines) Close() error {
	l.once.Do(func() { close(l.gone) })
	return nil
}

type address struct{}

func (address) Network() string { return "memory" }
func (address) String() string  { return "bank" }

// Addr implements net.Listener.
func (l *Lines) Addr() net.Addr { return address{} }

// BankAddress is on this computer, so that the published key will do.
const BankAddress = "tcp://127.0.0.1:5000?profile=unionpay&timeout=15s"

// NewBank is the simulated bank of a demonstration; before says what it does with a message.
func NewBank(before func(mti string, amountMinor int64) *hostsim.Rule) (*hostsim.Host, error) {
	profile, err := iso8583.ProfileByName("unionpay")
	if err != nil {
		return nil, err
	}
	line, err := acquirer.ParseURL(BankAddress)
	if err != nil {
		return nil, err
	}
	script, err := hostsim.ReadScript(strings.NewReader(""))
	if err != nil {
		return nil, err
	}
	return hostsim.New(hostsim.Config{Profile: profile, MasterKey: line.MasterKey, Script: script, Before: before})
}

// DemoKey is the key, in hex, with which a line signs in to the simulated bank.
const DemoKey = acquirer.DemoMasterKey

// BankConfig are the settings of a line to a bank.
type BankConfig = acquirer.Config

// BankLine is a till's line to a bank.
func BankLine(c BankConfig) CardLine { return acquirer.New(c) }
