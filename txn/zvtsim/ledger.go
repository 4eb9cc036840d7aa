package zvtsim

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"veratill/assets/files"
)

// Row is a transaction as the terminal has it.
type Row struct {
	Receipt     int    `json:"receipt"`
	Trace       int    `json:"trace"`
	Kind        string `json:"kind"` // pay, reverse, refund
	AmountMinor int64  `json:"amountMinor"`
	State       string `json:"state"`
	Of          int    `json:"of,omitempty"`      // of a reversal: the receipt number of what it undoes
	OfTrace     int    `json:"ofTrace,omitempty"` // and its trace number, which comes once
	About       int64  `json:"about,omitempty"`   // the till's attempt (Config.About); 0 is nobody's
	AtMs        int64  `json:"atMs"`
	Card        string `json:"card,omitempty"`  // masked
	Why         string `json:"why,omitempty"`   // it was undone
	Ended       bool   `json:"ended,omitempty"` // it is of a day that has ended: its host has it, and no later day's sums do
}

// What becomes of a transaction.
const (
	Open     = "authorised" // the host has it; the till has not confirmed it yet
	Stored   = "stored"     // the till has: it stands
	Reversed = "reversed"   // undone by the terminal itself, or by a reversal
)

// Counts reports whether the transaction moved money for good.
func (r Row) Counts() bool { return r.State == Stored }

// ledger is the terminal's memory. Every line is synced before anybody hears of it.
type ledger struct {
	file *os.File // nil keeps it in memory
	rows []Row    // oldest first, one a receipt number
}

func openLedger(path string) (*ledger, error) {
	l := &ledger{}
	if path == "" {
		return l, nil
	}
	var err error
	l.file, err = files.OpenLines("ledger", path, l.line)
	return l, err
}

func (l *ledger) line(n int, text []byte) error {
	var r Row
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("line %d: %w", n, err)
	}
	//mutant:a-line-of-the-terminal-s-ledger-has-a-number
	if r.Trace == 0 || r.State == "" {
		return fmt.Errorf("line %d is no ledger line, and nothing of this file was changed", n)
	}
	l.take(r)
	return nil
}

// take keeps a row in place of the one of its trace number, or as a new one.
func (l *ledger) take(r Row) {
	for i := len(l.rows) - 1; i >= 0; i-- {
		if l.rows[i].Trace == r.Trace {
			l.rows[i] = r
			return
		}
	}
	l.rows = append(l.rows, r)
}

func (l *ledger) keep(r Row) error {
	if l.file != nil {
		if err := files.AppendLine(l.file, r); err != nil {
			return err
		}
	}
	l.take(r)
	return nil
}

// last is the newest row; nil where there is none.
func (l *ledger) last() *Row {
	if len(l.rows) == 0 {
		return nil
	}
	return &l.rows[len(l.rows)-1]
}

// lastStored is the newest row that was stored, whatever became of it since; nil where there is none.
func (l *ledger) lastStored() *Row {
	for i := len(l.rows) - 1; i >= 0; i-- {
		if r := &l.rows[i]; r.State == Stored || r.Why == "" && r.State == Reversed || r.Why == byReversal {
			return r
		}
	}
	return nil
}

// payment is the newest payment under a receipt number; nil where there is none.
func (l *ledger) payment(receipt int) *Row {
	for i := len(l.rows) - 1; i >= 0; i-- {
		if r := &l.rows[i]; r.Receipt == receipt && r.Kind == Pay {
			return r
		}
	}
	return nil
}

// ReadLedger reads the memory of a simulator that runs or has run, oldest first. A line that a crash cut short was never answered.
func ReadLedger(r io.Reader) ([]Row, error) {
	l := &ledger{}
	if _, err := files.EachLine(r, l.line); err != nil {
		return nil, err
	}
	return l.rows, nil
}
