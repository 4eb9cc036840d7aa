// Package terminal is the till's line to a card terminal over ZVT: it reads chip, PIN and telephone, and the till sees no card. It is a till.Line for
// the tender card.
//
// A terminal counts a payment as done once the till has answered its Status-Information, and every command that prints after it (PA00P015 13.08,
// 2.2.8); where that answer does not come, it undoes the payment by itself. So Request comes back with an approval that waits (txn.Verdict.Awaits),
// the till makes it durable, and only then does Acknowledge answer. Until the terminal has ended the command the payment is not known.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// scheme begins the address of a terminal.
const scheme = "zvt:"

// defaultPort is where terminals listen (PA00P016 2.2).
const defaultPort = "20007"

// example is an address that can be used.
const example = "zvt://192.168.1.60:20007?password=000000"

// errAddress says that an address can't be used.
var errAddress = errors.New("the terminal's address")

// Config is a terminal.
type Config struct {
	Name    string // of the line; empty is what it is
	Address string // host:port, or a serial line's device address
	Serial  bool
	// Dial opens a way to the terminal.
	Dial     func(ctx context.Context) (wire.Pipe, error)
	Password string // 6 digits
	TID      string // that it has to have; empty is any
	Currency string // numeric
	// Lines asks the terminal to let the till print its receipts.
	Lines bool
	// Mirror says back the last receipt number (tag 1F1F), at terminals that ask for that.
	Mirror  bool
	Charset zvt.Charset
	// T3 is how long an answer is waited for, T4 how long the end of a command, restarted by each word of the terminal.
	T3, T4 time.Duration
	Log    *slog.Logger
	Now    func() time.Time
	// Tell is told what stands on the terminal's display, while a payment runs.
	Tell func(lines []string)
	// Messages is told what is sent and received about a payment, as it may be kept. Nil is nobody.
	Messages messages.Tap
	// Changed is called, from any goroutine, when the line goes up or down.
	Changed func()
}

// Line is the terminal as the till sees it.
type Line struct {
	cfg Config

	talking chan struct{} // holds a token while nobody speaks with the terminal
	about   txn.ID        // of who holds it: which attempt the conversation is about; 0 is none

	mu       sync.Mutex
	wire     *wire.Wire // nil without a connection
	tid      string     // that it said
	last     lastOne    // its last transaction, when it was asked last
	asked    bool       // last is of this connection
	stale    bool       // something was asked for since, which is its last transaction now
	held     *held      // an approval that waits
	gave     gave
	tried    bool
	since    time.Time
	answered time.Time
	dayEnded time.Time // when the till had it end its day, in this run
	lastErr  error
}

// lastOne is what a terminal says of its last transaction.
type lastOne struct {
	known  bool // it has one
	status zvt.Status
}

// receipt is its number; 0 where there is none.
func (l lastOne) receipt() int {
	if !l.known {
		return 0
	}
	return max(l.status.Receipt, 0)
}

// Parse reads zvt://host[:port] and zvt:serial:///dev/ttyACM0?baud=9600 (with stop=1 for a terminal that has one stop bit), with the parameters password (6 digits, 000000 without), tid (8 digits, that the
// terminal has to have), lines (no: the terminal prints by itself), charset (cp437, iso8859-15), mirror (1f1f), t3 and t4 (times such as 5s and 180s).
// Dial has to be set by whoever opens ports. The error never quotes the password.
func Parse(text string) (Config, error) {
	c, err := parse(text)
	if err != nil {
		return c, fmt.Errorf("%w: %w; an example is %s", errAddress, err, example)
	}
	return c, nil
}

func parse(text string) (c Config, err error) {
	c = Config{Password: "000000", Lines: true, Charset: zvt.CP437, T3: 5 * time.Second, T4: 180 * time.Second}
	rest, ok := strings.CutPrefix(text, scheme)
	if !ok {
		return c, errors.New("it does not begin with the word zvt and a colon")
	}
	way, query, _ := strings.Cut(rest, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return c, errors.New("its parameters can't be read")
	}
	switch {
	case strings.HasPrefix(way, "//"):
		if c.Address, err = hostPort(strings.TrimSuffix(way[2:], "/")); err != nil {
			return c, err
		}
	case strings.HasPrefix(way, "serial:") && len(way) > len("serial:"):
		c.Address, c.Serial = way, true
		if baud := q.Get("baud"); baud != "" {
			if n, err := strconv.Atoi(baud); err != nil || n < 1200 || n > 921_600 {
				return c, errors.New("baud is not between 1200 and 921600")
			}
			c.Address += "?baud=" + baud
		}
		switch stop := q.Get("stop"); {
		case stop != "" && stop != "1" && stop != "2":
			return c, errors.New("stop is neither 1 nor 2")
		case stop != "" && q.Get("baud") != "":
			c.Address += "&stop=" + stop
		case stop != "":
			c.Address += "?stop=" + stop
		}
		q.Del("baud")
		q.Del("stop")
	default:
		return c, errors.New("it is neither zvt://host:port nor zvt:serial:PORT")
	}
	return c, c.parameters(q)
}

func hostPort(at string) (string, error) {
	if at == "" || strings.ContainsAny(at, "/@# ") {
		return "", errors.New("it names no host")
	}
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		host, port = strings.Trim(at, "[]"), defaultPort
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || host == "" {
		return "", errors.New("its port is not 1 to 65535, or the host is missing")
	}
	return net.JoinHostPort(host, port), nil
}

// parameterNames lists the closed set; baud and stop are of a serial line.
var parameterNames = []string{"password", "tid", "lines", "charset", "mirror", "t3", "t4", "baud", "stop"}

func (c *Config) parameters(q url.Values) (err error) {
	for name, values := range q {
		//mutant:no-unknown-parameter-is-said/terminal
		if !slices.Contains(parameterNames, name) { // it may be a password that was put in the wrong place
			return fmt.Errorf("one of its parameters is not known: known are %s", strings.Join(parameterNames, ", "))
		}
		if len(values) != 1 || values[0] == "" {
			return fmt.Errorf("parameter %q is empty or given twice", name)
		}
		value := values[0]
		switch name {
		case "baud", "stop":
			return fmt.Errorf("%s is for zvt:serial:PORT", name)
		case "password":
			if !digits(value, 6) {
				return errors.New("password is not 6 digits")
			}
			c.Password = value
		case "tid":
			if !digits(value, 8) {
				return errors.New("tid is not 8 digits")
			}
			c.TID = value
		case "lines":
			if value != "no" && value != "yes" {
				return errors.New("lines is not yes or no")
			}
			c.Lines = value == "yes"
		case "charset":
			if c.Charset = zvt.Charset(value); c.Charset != zvt.CP437 && c.Charset != zvt.Latin9 {
				return fmt.Errorf("charset is none of %q", zvt.Charsets)
			}
		case "mirror":
			if c.Mirror = value == "1f1f"; !c.Mirror {
				return errors.New("mirror is not 1f1f")
			}
		case "t3":
			c.T3, err = span(name, value, 100*time.Millisecond, time.Minute)
		case "t4":
			c.T4, err = span(name, value, time.Second, 15*time.Minute)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func span(name, text string, least, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < least || d > most {
		return 0, fmt.Errorf("%s is not between %v and %v", name, least, most)
	}
	return d, nil
}

func digits(text string, n int) bool {
	return len(text) == n && strings.Trim(text, "0123456789") == ""
}

// Is reports whether a bank's address is a terminal's.
func Is(address string) bool { return strings.HasPrefix(address, scheme) }

// New makes the line. It connects to nobody.
func New(c Config) *Line {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Tell == nil {
		c.Tell = func([]string) {}
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	l := &Line{cfg: c, talking: make(chan struct{}, 1)}
	l.talking <- struct{}{}
	return l
}

// named begins the name of a line.
const named = "zvt "

// Name implements till.Line.
func (l *Line) Name() string {
	if l.cfg.Name != "" {
		return l.cfg.Name
	}
	if l.cfg.TID != "" {
		return named + l.cfg.TID + " at " + l.cfg.Address
	}
	return named + "at " + l.cfg.Address
}

// Numbering implements till.Line: a terminal numbers its payments itself.
func (l *Line) Numbering(name string) string { return name }

// Succeeds implements till.Line: a terminal that is reached elsewhere now. Which one it is stands in each payment's reference, and is looked at before
// anything is undone.
func (l *Line) Succeeds(name string) bool { return strings.HasPrefix(name, named) }

// Renumbers says so: a terminal counts from 1 behind each end of its day.
func (*Line) Renumbers() {}

// Reference implements till.Line: the terminal's number, and the receipt number of its last transaction before the payment, with the trace number where it said
// one; "-" where it did not say.
func (l *Line) Reference(txn.ID, int64) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	tid, receipt := "-", "-"
	if l.tid != "" {
		tid = l.tid
	}
	if l.asked {
		receipt = strings.TrimSpace(fmt.Sprintf("%04d %s", l.last.receipt(), l.last.status.Trace))
	}
	return tid + " " + receipt
}

// before is what a reference says: the terminal's number, empty where it is not known, and its last receipt number before the payment, -1 where
// that is not known.
func before(reference string) (tid string, receipt int) {
	tid, numbers, _ := strings.Cut(reference, " ")
	if tid == "-" {
		tid = ""
	}
	number, _, _ := strings.Cut(numbers, " ")
	receipt, err := strconv.Atoi(number)
	if err != nil {
		return tid, -1
	}
	return tid, receipt
}

// traceBefore is the trace number in a reference; empty where it has none.
func traceBefore(reference string) string {
	if all := strings.Fields(reference); len(all) > 2 {
		return all[2]
	}
	return ""
}

// Refunds implements till.Line: the customer's card is read at the terminal. One that is not known is looked for there, and so is a void.
func (l *Line) Refunds() txn.RefundWay { return txn.RefundWay{Repeats: true, VoidsAgain: true} }

// Stale reports whether the terminal has done something since it was asked for its last transaction: Ready asks anew.
func (l *Line) Stale() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stale
}

// ReplyWait is how long the end of a payment is waited for.
func (l *Line) ReplyWait() time.Duration { return l.cfg.T4 }
