package walletsim

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"veratill/assets/files"
)

// Order is one payment as the provider has it.
type Order struct {
	Provider    string `json:"provider"`
	Number      string `json:"number"` // the shop's
	ID          string `json:"id"`     // the provider's
	AmountMinor int64  `json:"amountMinor"`
	Code        string `json:"code"` // the last four digits of what the customer showed
	State       string `json:"state"`
	BegunMs     int64  `json:"begunMs"`
	EndsMs      int64  `json:"endsMs,omitempty"` // of one that is open: when the customer has typed the password
	Ends        string `json:"ends,omitempty"`   // and the state that it comes to then
	Backs       []Back `json:"backs,omitempty"`
}

// Back is money that goes back.
type Back struct {
	Number      string `json:"number"` // the shop's
	ID          string `json:"id"`
	AmountMinor int64  `json:"amountMinor"`
	EndsMs      int64  `json:"endsMs,omitempty"` // when it is through; 0 at once
	Ends        string `json:"ends,omitempty"`   // and what it comes to then, where that is not the customer
}

// What money comes to that does not reach the customer.
const (
	backClosed = "closed" // the shop has it
	backStuck  = "stuck"  // it has left the shop, and lies with the provider
)

// The states of an order.
const (
	Open   = "open"   // the customer is typing the password
	Paid   = "paid"   // the provider has the money
	Failed = "failed" // and never will
	Undone = "undone" // closed, or given back whole, by an undo
)

// BackMinor is what leaves the shop again of an order, in fen, once all of that is through.
func (o Order) BackMinor() (sum int64) {
	for _, b := range o.Backs {
		if b.Leaves() {
			sum += b.AmountMinor
		}
	}
	return sum
}

// Leaves reports whether money that goes back leaves the shop, or will: not where it is closed in the end.
func (b Back) Leaves() bool { return b.Ends != backClosed }

// back is how what goes back of an order stands: the worst of it.
func (o Order) back(nowMs int64) result {
	worst := done
	for _, b := range o.Backs {
		switch r := b.at(nowMs); {
		case r == processing:
			return r
		case r == stuck:
			worst = r
		}
	}
	return worst
}

// at is how money that goes back stands.
func (b Back) at(nowMs int64) result {
	switch {
	case b.EndsMs > nowMs:
		return processing
	case b.Ends == backClosed:
		return closed
	case b.Ends == backStuck:
		return stuck
	}
	return done
}

// ledger is the providers' book. Every line is synced before anybody hears of it.
type ledger struct {
	file     *os.File // nil keeps it in memory
	byNumber map[string]Order
	order    []string // the keys, oldest first
}

// openLedger reads a book, or begins one. A last line that a crash cut short was never answered, and is cut off.
func openLedger(path string) (*ledger, error) {
	l := &ledger{byNumber: map[string]Order{}}
	if path == "" {
		return l, nil
	}
	var err error
	if l.file, err = files.OpenLines("ledger", path, l.line); err != nil {
		return nil, err
	}
	return l, nil
}

// line takes a line of the file.
func (l *ledger) line(n int, text []byte) error {
	var o Order
	if err := json.Unmarshal(text, &o); err != nil {
		return fmt.Errorf("line %d: %w", n, err)
	}
	//mutant:a-line-of-the-providers-ledger-has-a-number
	if o.Provider == "" || o.Number == "" {
		return fmt.Errorf("line %d is no ledger line, and nothing of this file was changed", n)
	}
	l.take(o)
	return nil
}

func (l *ledger) take(o Order) {
	key := o.Provider + " " + o.Number
	if _, there := l.byNumber[key]; !there {
		l.order = append(l.order, key)
	}
	l.byNumber[key] = o
}

// keep writes an order as it is now, and syncs it.
func (l *ledger) keep(o Order) error {
	o.Backs = slices.Clone(o.Backs)
	if l.file != nil {
		if err := files.AppendLine(l.file, o); err != nil {
			return err
		}
	}
	l.take(o)
	return nil
}

func (l *ledger) orders() (all []Order) {
	for _, key := range l.order {
		all = append(all, l.byNumber[key])
	}
	return all
}

// settle brings what customers were typing to its end by now.
func (l *ledger) settle(nowMs int64) error {
	for _, key := range l.order {
		if o := l.byNumber[key]; o.State == Open && o.EndsMs != 0 && o.EndsMs <= nowMs {
			o.State, o.EndsMs, o.Ends = o.Ends, 0, ""
			if err := l.keep(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReadLedger reads the book of a simulator that runs or has run, oldest first. A line that a crash cut short was never answered.
func ReadLedger(r io.Reader) ([]Order, error) {
	l := &ledger{byNumber: map[string]Order{}}
	if _, err := files.EachLine(r, l.line); err != nil {
		return nil, err
	}
	return l.orders(), nil
}
