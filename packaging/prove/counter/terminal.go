package counter

import (
	"context"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/terminal"
	"veratill/txn/till"
	"veratill/txn/zvt/wire"
	"veratill/txn/zvtsim"
)

// Terminal is a card terminal with a cable.
type Terminal struct {
	*Lines
	sim *zvtsim.Sim

	mu     sync.Mutex
	does   []*zvtsim.Rule // with the next commands about money
	random *rand.Rand     // pulls the cable; nil leaves it
	about  txn.ID         // the attempt that the till speaks with it about
	mirror bool           // the till says the last receipt number back (1F1F)
}

// NewTerminal makes one. It answers while Serve runs. The seed says how it tells of what it undid.
func NewTerminal(seed uint64, random *rand.Rand) (t *Terminal, err error) {
	t = &Terminal{Lines: NewLines(), random: random}
	c := zvtsim.Config{Currency: "156", Now: func() time.Time { return time.Now().UTC() }, Before: t.next, Cut: t.pulls, Card: 2 * time.Second, About: t.asksAbout}
	if random != nil {
		tells := []zvtsim.Told{zvtsim.TellsBefore, zvtsim.TellsFailed, zvtsim.TellsBare, zvtsim.TellsNone}
		c.Forgets = seed%5 < 2
		c.Tells, c.Quiet, c.Undoing = tells[seed/2%4], seed%3 == 0, time.Duration(seed%3)*7*time.Second
		if seed%7 == 5 {
			c.Reading, t.mirror = zvtsim.ByMirror, seed%2 == 0
		}
	}
	t.sim, err = zvtsim.New(c)
	return t, err
}

// Serve answers until ctx ends.
func (t *Terminal) Serve(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { _ = t.Lines.Close() })
	defer stop()
	var talking sync.WaitGroup
	defer talking.Wait()
	for {
		conn, err := t.Accept()
		if err != nil {
			return
		}
		talking.Go(func() { t.Talk(ctx, conn) })
	}
}

// Talk speaks with a till over one connection, until that or ctx ends.
func (t *Terminal) Talk(ctx context.Context, conn net.Conn) {
	t.sim.Talk(ctx, wire.FromConn(conn), false)
}

// Does says what it does with the next payment or refund: a word of zvtsim.Do, with blanks or dashes.
func (t *Terminal) Does(word string, seconds int) {
	t.doesWith(&zvtsim.Rule{Do: zvtsim.Do(unite(word)), Seconds: float64(seconds)})
}

// DoesWith says what it does with the next command of a name, such as end-of-day. code is that of a refusal.
func (t *Terminal) DoesWith(command, word, code string) {
	t.doesWith(&zvtsim.Rule{Command: unite(command), Do: zvtsim.Do(unite(word)), Code: code})
}

func unite(word string) string { return strings.ReplaceAll(word, "-", " ") }

func (t *Terminal) doesWith(rule *zvtsim.Rule) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.does = append(t.does, rule)
}

func (t *Terminal) next(command string, _ int64) *zvtsim.Rule {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.does, func(r *zvtsim.Rule) bool {
		return r.Command == command || r.Command == "" && (command == zvtsim.Pay || command == zvtsim.GiveBack)
	})
	if i < 0 {
		return nil
	}
	rule := t.does[i]
	t.does = slices.Delete(t.does, i, i+1)
	return rule
}

func (t *Terminal) asksAbout() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return int64(t.about)
}

// Hand is somebody who makes a payment at the terminal itself, or with 0 ends its day there. It reports whether the terminal was free for that.
func (t *Terminal) Hand(amountMinor int64) (done bool, err error) {
	if amountMinor == 0 {
		return t.sim.EndDayByHand()
	}
	return t.sim.ByHand(amountMinor)
}

// Row is a transaction as it has it.
type Row = zvtsim.Row

// The kinds of transactions.
const (
	Pay      = zvtsim.Pay
	Reverse  = zvtsim.Reverse
	GiveBack = zvtsim.GiveBack
)

// Rows are what its ledger holds, oldest first.
func (t *Terminal) Rows() []Row { return t.sim.Rows() }

// pulls says after how many bytes the cable of a connection is pulled; -1 leaves it.
func (t *Terminal) pulls(int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.random == nil || t.random.IntN(3) > 0 {
		return -1
	}
	return t.random.IntN(400)
}

// Mend leaves the cable alone from the next connection on.
func (t *Terminal) Mend() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.random, t.does = nil, nil
}

// Payment is what it has of a payment.
type Payment struct {
	AmountMinor int64
	Kept        bool // it stands
	GivenBack   bool // by a reversal that a till asked for
}

// Payments are those that it had authorised, oldest first.
func (t *Terminal) Payments() (all []Payment) {
	for _, r := range t.sim.Rows() {
		if r.Kind == zvtsim.Pay {
			all = append(all, Payment{r.AmountMinor, r.Counts(), r.State == zvtsim.Reversed && strings.Contains(r.Why, "reversal")})
		}
	}
	return all
}

// KeptMinor is what it keeps of all payments, less what it gave back.
func (t *Terminal) KeptMinor() (sum int64) {
	for _, r := range t.sim.Rows() {
		switch {
		case !r.Counts():
		case r.Kind == zvtsim.Pay:
			sum += r.AmountMinor
		case r.Kind == zvtsim.GiveBack:
			sum -= r.AmountMinor
		}
	}
	return sum
}

// CardLine is the till's line to a terminal.
type CardLine interface {
	till.Line
	Keep(ctx context.Context)
	Close()
}

// Line is a till's line to it, by a name. dial connects, and tap is told of messages.
func (t *Terminal) Line(name string, dial func() (net.Conn, error), now func() time.Time, tap messages.Tap) CardLine {
	return &followed{of: t, Line: terminal.New(terminal.Config{Name: name, Address: "simulated", Password: "000000", Currency: "156", Lines: true, Mirror: t.mirror, T3: 5 * time.Second, T4: 30 * time.Second, Now: now, Messages: tap,
		Dial: func(context.Context) (wire.Pipe, error) {
			conn, err := dial()
			if err != nil {
				return nil, err
			}
			return wire.FromConn(conn), nil
		}})}
}

// followed is a till's line of which the terminal's ledger knows which attempt it speaks about.
type followed struct {
	*terminal.Line
	of *Terminal
}

func (f *followed) follow(id txn.ID) {
	f.of.mu.Lock()
	defer f.of.mu.Unlock()
	f.of.about = id
}

// Request implements till.Line.
func (f *followed) Request(ctx context.Context, o txn.Order) txn.Verdict {
	f.follow(o.Attempt.ID)
	return f.Line.Request(ctx, o)
}

// Resolve implements till.Line.
func (f *followed) Resolve(ctx context.Context, o txn.Order, try int) txn.Verdict {
	f.follow(o.Attempt.ID)
	return f.Line.Resolve(ctx, o, try)
}

// TerminalAddress names it in the settings. Nobody waits for a silent one as long as terminals may.
const TerminalAddress = "zvt://127.0.0.1:20007?t4=12s"

// Ports open the ports of one run of a program, until it is over.
type Ports struct {
	terminal *Terminal // nil without one

	mu      sync.Mutex
	over    bool
	scanner net.Conn // the scanner's end of its line
}

// NewPorts are those of a run that begins. terminal is nil where none stands there.
func NewPorts(terminal *Terminal) *Ports { return &Ports{terminal: terminal} }

// Open opens the line to the terminal, or the serial line to a scanner.
func (p *Ports) Open(ctx context.Context, u devices.URL) (port.Port, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return nil, net.ErrClosed
	}
	if u.Scheme == devices.TCP {
		conn, err := p.terminal.Dial(ctx, "tcp", u.Host)
		return end{conn, p}, err
	}
	till, scanner := net.Pipe()
	p.scanner = scanner
	return end{till, p}, nil
}

// Scanner is the scanner's end of its line; nil while nobody reads it.
func (p *Ports) Scanner() net.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.scanner
}

// End ends them: what the program writes from now on reaches nobody.
func (p *Ports) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over, p.scanner = true, nil
}

// end is the program's end of a port. It implements port.Port.
type end struct {
	net.Conn
	of *Ports
}

// WriteBy implements port.Port.
func (e end) WriteBy(deadline time.Time, b []byte) (int, error) {
	e.of.mu.Lock()
	over := e.of.over
	e.of.mu.Unlock()
	if over {
		return 0, net.ErrClosed
	}
	if err := e.SetWriteDeadline(deadline); err != nil {
		return 0, err
	}
	return e.Write(b)
}

// Pause implements port.Port.
func (end) Pause(bool) {}
