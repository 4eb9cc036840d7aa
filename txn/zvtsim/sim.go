// Package zvtsim is a card terminal in a box, as ZVT speaks with one: over TCP or over a serial line. It stands in for one in the tests, and other
// tills may be tried with it. Its ledger is durable before it answers, it undoes by itself what a till never confirmed, and a script and a cable
// that can be pulled at any byte make it misbehave in every way that a terminal does.
package zvtsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// Reading is how a terminal understands what the specification says twice, and not alike.
type Reading string

// The readings.
const (
	// ByItself: a payment that the till never confirmed is reversed by the terminal, whether or not a till comes back (2.2.8).
	ByItself Reading = "by itself"
	// ByMirror: such a payment stands; the receipt number that the till says back with its next command (tag 1F1F) undoes it, or not (4.2).
	ByMirror Reading = "by mirror"
)

// Told is what a repeated receipt says once the last payment was undone by the terminal itself: the specification does not say.
type Told string

// What is told.
const (
	TellsBefore Told = "before" // the transaction before it
	TellsFailed Told = "failed" // the payment, with result 6C
	TellsBare   Told = "bare"   // result 6C alone
	TellsNone   Told = "none"   // an abort
)

// Config of a simulator. The zero value is a terminal with print lines, TID 29001006 and password 000000.
type Config struct {
	TID      string // 8 digits
	Password string // 6 digits
	Currency string // numeric; 978 by default
	Ledger   string // file; empty keeps it in memory
	Script   *Script
	Reading  Reading
	Tells    Told
	Charset  zvt.Charset
	NoLines  bool // it prints by itself, whatever the till asks for
	Quiet    bool // it sends no texts for the screen
	NeedsInit, NeedsDiagnosis,
	NeedsEndOfDay bool
	// Forgets: once it has ended its day it tells of no transaction any more, undoes none of it, and begins its receipt numbers anew.
	Forgets bool
	// ForgetsLast: it tells of no transaction at all when it is asked for its last one.
	ForgetsLast bool
	// Wait is how long it waits for the till's answer to what it sends: 5 s by default (T3). Card is how long a customer takes.
	Wait, Card time.Duration
	// Undoing is how long it takes to undo a payment by itself; it is busy meanwhile.
	Undoing time.Duration
	// Before is asked before the script what is done with a command, such as "pay"; nil leaves it to the script. It may be nil itself.
	Before func(command string, amountMinor int64) *Rule
	// About says which attempt of a till a command is for, where somebody knows that: its row names it. It may be nil.
	About func() int64
	// Cut pulls the cable of the nth connection, from 1, after so many bytes in both directions together; -1 leaves it.
	Cut func(nth int) int
	Now func() time.Time
	// Log is told one line a command, without card data; nil for silence.
	Log func(line string)
}

// Sim is the terminal.
type Sim struct {
	cfg Config

	mu     sync.Mutex
	ledger *ledger
	needs  struct{ init, diagnosis, endOfDay bool }
	busy   time.Time // until when it undoes something
	about  int64     // of the command that it carries out
	asked  bool      // a command about money is being carried out
	conns  int
	pulled atomic.Bool
	talk   chan struct{} // holds a token while a conversation is under way, of which there is one at a time: a terminal has one till
}

// Check finds what no terminal is. Empty settings are the usual ones.
func (c Config) Check() error {
	digits := func(text string, n int) bool {
		return text == "" || len(text) == n && strings.Trim(text, "0123456789") == ""
	}
	switch {
	case !digits(c.TID, 8), !digits(c.Password, 6), !digits(c.Currency, 3):
		return errors.New("a terminal's number has 8 digits, its password 6, its currency 3")
	case !slices.Contains([]Reading{"", ByItself, ByMirror}, c.Reading):
		return fmt.Errorf("reading %q is neither %q nor %q", c.Reading, ByItself, ByMirror)
	case !slices.Contains([]Told{"", TellsBefore, TellsFailed, TellsBare, TellsNone}, c.Tells):
		return fmt.Errorf("%q is nothing that a terminal tells: before, failed, bare, none", c.Tells)
	}
	return nil
}

// New opens the ledger, and ends what a crash left: what was never confirmed is undone, or stands, by its reading.
func New(cfg Config) (*Sim, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Script == nil {
		cfg.Script = AmountScript()
	}
	for _, d := range []struct {
		field    *string
		fallback string
	}{{&cfg.TID, "29001006"}, {&cfg.Password, "000000"}, {&cfg.Currency, "978"}, {(*string)(&cfg.Reading), string(ByItself)}, {(*string)(&cfg.Tells), string(TellsBefore)},
		{(*string)(&cfg.Charset), string(zvt.CP437)}} {
		if *d.field == "" {
			*d.field = d.fallback
		}
	}
	if cfg.Wait == 0 {
		cfg.Wait = 5 * time.Second
	}
	book, err := openLedger(cfg.Ledger)
	if err != nil {
		return nil, err
	}
	s := &Sim{cfg: cfg, ledger: book, talk: make(chan struct{}, 1)}
	s.needs.init, s.needs.diagnosis, s.needs.endOfDay = cfg.NeedsInit, cfg.NeedsDiagnosis, cfg.NeedsEndOfDay
	if last := book.last(); last != nil && last.State == Open {
		err = s.abandon(*last)
	}
	return s, err
}

// Rows is the ledger as it stands, oldest first.
func (s *Sim) Rows() []Row {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Row(nil), s.ledger.rows...)
}

// Serve takes tills until ctx ends or the listener fails. It closes the listener.
func (s *Sim) Serve(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	var served sync.WaitGroup
	defer served.Wait()
	for {
		c, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		served.Go(func() { s.Talk(ctx, wire.FromConn(c), false) })
	}
}

// Talk speaks with a till over a pipe until it ends. A second till waits until the first has gone.
func (s *Sim) Talk(ctx context.Context, p wire.Pipe, serial bool) {
	s.mu.Lock()
	s.conns++
	nth := s.conns
	s.mu.Unlock()
	if s.cfg.Cut != nil {
		if n := s.cfg.Cut(nth); n >= 0 {
			p = &cable{Pipe: p, left: n, pulled: &s.pulled}
		}
	}
	w := wire.New(p, serial)
	stop := context.AfterFunc(ctx, w.Close)
	defer stop()
	defer w.Close()
	select {
	case s.talk <- struct{}{}:
		defer func() { <-s.talk }()
	case <-ctx.Done():
		return
	}
	t := &talk{sim: s, wire: w, ctx: ctx}
	t.run()
}

// cable is one that is pulled after so many bytes, whichever way they went.
type cable struct {
	wire.Pipe
	pulled *atomic.Bool
	mu     sync.Mutex
	left   int
}

// take uses bytes up, and says how many of them get through.
func (c *cable) take(n int) (through int, pulled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	through = min(n, c.left)
	c.left -= through
	if through < n {
		c.pulled.Store(true)
	}
	return through, through < n
}

func (c *cable) Read(b []byte) (int, error) {
	n, err := c.Pipe.Read(b)
	through, pulled := c.take(n)
	if pulled {
		_ = c.Pipe.Close() // that is what is tried
		err = net.ErrClosed
	}
	return through, err
}

func (c *cable) WriteBy(deadline time.Time, b []byte) (int, error) {
	through, pulled := c.take(len(b))
	n, err := c.Pipe.WriteBy(deadline, b[:through])
	if pulled {
		_ = c.Pipe.Close() // that is what is tried
		err = net.ErrClosed
	}
	return n, err
}

func (s *Sim) say(format string, values ...any) {
	if s.cfg.Log != nil {
		s.cfg.Log(fmt.Sprintf(format, values...))
	}
}

// Pulled reports whether a cable was pulled by Config.Cut since it was asked last.
func (s *Sim) Pulled() bool { return s.pulled.Swap(false) }
