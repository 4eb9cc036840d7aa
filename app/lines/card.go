package lines

import (
	"context"
	"fmt"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/txn/acquirer"
	"veratill/txn/money"
	"veratill/txn/terminal"
	"veratill/txn/till"
	"veratill/txn/zvt/wire"
)

// Card is the line for cards: a bank's, or a card terminal's. Either way it is kept up, looked at and asked in one way.
type Card struct {
	till.Line
	Kept    Kept
	Watched Watched
}

// Kept is a line that is kept up.
type Kept interface {
	Keep(ctx context.Context)
	Close()
}

// Watched is a line as people look at it.
type Watched interface {
	Status() acquirer.Status
	Echo(ctx context.Context) (time.Duration, error)
	Reconnect(ctx context.Context) error
	ReplyWait() time.Duration
}

// Bank is the line to a bank.
func Bank(c acquirer.Config) Card {
	client := acquirer.New(c)
	return Card{client, client, client}
}

// IsTerminal reports whether a bank's address is that of a card terminal.
func IsTerminal(address string) bool { return terminal.Is(address) }

// TerminalName is the name of the line to a card terminal.
func TerminalName(address string) (string, error) {
	c, err := terminal.Parse(address)
	if err != nil {
		return "", err
	}
	return terminal.New(c).Name(), nil
}

// shownTerminal looks like a bank's line from outside.
type shownTerminal struct{ *terminal.Line }

func (t shownTerminal) Status() acquirer.Status {
	s := t.Line.Status()
	return acquirer.Status{Up: s.Up, Tried: s.Tried, Since: s.Since, Answered: s.Answered, Err: s.Err}
}

// Terminal is the line to a card terminal at an address such as zvt://192.168.1.60. It connects to nobody.
func Terminal(address string, currency money.Currency, o Options) (Card, error) {
	line, err := terminalAt(address, currency, o)
	if err != nil {
		return Card{}, err
	}
	return Card{line, line, shownTerminal{line}}, nil
}

func terminalAt(address string, currency money.Currency, o Options) (*terminal.Line, error) {
	c, err := terminal.Parse(address)
	if err != nil {
		return nil, err
	}
	u, err := portOf(c)
	if err != nil {
		return nil, err
	}
	c.Currency, c.Now, c.Log, c.Tell, c.Changed, c.Messages = currency.Numeric(), o.Now, o.Log, o.Show, o.Changed, o.Messages
	open := o.OpenPort
	if open == nil {
		open = port.Open
	}
	c.Dial = func(ctx context.Context) (wire.Pipe, error) { return open(ctx, u) }
	return terminal.New(c), nil
}

// portOf is where a terminal is. A serial one has two stop bits unless its address says otherwise, as the specification of ZVT has it (8N2).
func portOf(c terminal.Config) (devices.URL, error) {
	at := c.Address
	if !c.Serial {
		at = "tcp://" + at
	}
	u, err := devices.ParseURL(at)
	//mutant:a-terminal-has-two-stop-bits
	if u.Scheme == devices.Serial && u.Stop == 0 {
		u.Stop = 2
	}
	return u, err
}

// TerminalSays is what a card terminal says when it is tried: nothing is charged.
type TerminalSays struct {
	Address string `json:"address"`
	TID     string `json:"tid"`
	Ms      int64  `json:"ms"`
	Last    string `json:"lastReceipt"` // the number of its last payment; "-" where it does not say
}

// TryTerminal registers at a terminal and asks for its last payment.
func TryTerminal(ctx context.Context, address string, currency money.Currency) (says TerminalSays, err error) {
	line, err := terminalAt(address, currency, Options{})
	if err != nil {
		return says, err
	}
	defer line.Close()
	took, err := line.Echo(ctx)
	if err != nil {
		return says, err
	}
	if _, err := fmt.Sscan(line.Reference(0, 0), &says.TID, &says.Last); err != nil {
		return says, err
	}
	says.Address, says.Ms = line.Name(), took.Milliseconds()
	return says, nil
}

// EndTerminalDay makes a terminal send its day to its host, and says what that came to: -1 where the terminal does not say.
func EndTerminalDay(ctx context.Context, address string, currency money.Currency) (amountMinor int64, slip []string, err error) {
	line, err := terminalAt(address, currency, Options{})
	if err != nil {
		return -1, nil, err
	}
	defer line.Close()
	day, err := line.EndOfDay(ctx)
	return day.AmountMinor, day.Slip, err
}
