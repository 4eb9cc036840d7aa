// Package hostsim is an acquirer in a box: the bank of the demonstration, of
// training and of the tests, and a host for other tills. Its ledger is durable
// before it answers, it remembers a reversal that comes before its original, and
// it can be told to misbehave in every way that a bank or a line does.
package hostsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"veratill/assets/files"
	"veratill/txn/hostsim/bank"
)

// ledger is the bank's book. Every line is synced before anybody hears of it (rule 11).
type ledger struct {
	file *os.File // nil keeps it in memory
	book *bank.Book
	rrn  int64 // the newest of those that are numbers
}

// openLedger reads a book, or begins one. A last line that a crash cut short was never answered, and is cut off.
func openLedger(path string) (*ledger, error) {
	l := &ledger{book: bank.NewBook()}
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
	var row struct {
		bank.Row
		closingLine
	}
	if err := json.Unmarshal(text, &row); err != nil {
		return fmt.Errorf("line %d is no ledger line", n)
	}
	if row.closingLine != (closingLine{}) {
		l.book.KeepClosing(bank.ClosingDecision{Closing: row.Closing, Item: row.Item})
		return nil
	}
	//mutant:a-line-of-the-bank-s-ledger-has-a-number
	if row.Terminal == "" || row.State == "" {
		return fmt.Errorf("line %d is no ledger line, and nothing of this file was changed", n)
	}
	l.keep(row.Row)
	return nil
}

// closingLine is a line about a settlement.
type closingLine struct {
	Closing *bank.Closing `json:"closing,omitempty"`
	Item    *bank.Item    `json:"item,omitempty"`
}

func (l *ledger) keep(row bank.Row) {
	l.book.Keep(row)
	l.rrn = max(l.rrn, parseRRN(row.RRN))
}

// write makes rows durable together, then believes them. No rows need no sync.
func (l *ledger) write(rows ...bank.Row) error {
	if len(rows) == 0 {
		return nil
	}
	var lines []any
	for _, row := range rows {
		lines = append(lines, row)
	}
	if err := l.save(lines...); err != nil {
		return err
	}
	for _, row := range rows {
		l.keep(row)
	}
	return nil
}

// writeClosing is write for what was decided about a settlement.
func (l *ledger) writeClosing(d bank.ClosingDecision) error {
	if d.Closing == nil && d.Item == nil {
		return nil
	}
	if err := l.save(closingLine{d.Closing, d.Item}); err != nil {
		return err
	}
	l.book.KeepClosing(d)
	return nil
}

// save makes lines durable together.
func (l *ledger) save(lines ...any) error {
	//mutant:bank-writes-first
	if l.file != nil {
		var b bytes.Buffer
		out := json.NewEncoder(&b)
		for _, line := range lines {
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		if _, err := l.file.Write(b.Bytes()); err != nil {
			return err
		}
		//mutant:bank-syncs-first
		if err := l.file.Sync(); err != nil {
			return err
		}
	}
	return nil
}

// nextRRN is another one each time that it is asked for.
func (l *ledger) nextRRN() string {
	l.rrn = (l.rrn + 1) % 1_000_000_000_000
	return fmt.Sprintf("%012d", l.rrn)
}

func parseRRN(text string) (n int64) {
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		return 0
	}
	return n
}
