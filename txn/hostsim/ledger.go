// Package hostsim is an acquirer in a box: the bank of the demonstration, of
// training and of the tests, and a host for other tills. Its ledger is durable
// before it answers, it remembers a reversal that comes before its original, and
// it can be told to misbehave in every way that a bank or a line does.
package hostsim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"veratill/txn/iso8583"
)

// State is what the bank holds of an attempt.
type State string

// The closed set of states in a ledger.
const (
	Approved State = "approved"
	Declined State = "declined"
	Reversed State = "reversed"
)

// Line is one line of a ledger. The last line of a terminal, batch and STAN counts.
type Line struct {
	STAN         int64  `json:"stan"`
	Terminal     string `json:"terminal"`
	Batch        int64  `json:"batch"`
	AmountMinor  int64  `json:"amountMinor"`
	State        State  `json:"state"`
	Type         string `json:"type"`               // sale or void
	Original     int64  `json:"original,omitempty"` // STAN that a void undoes
	ResponseCode string `json:"responseCode,omitempty"`
	RRN          string `json:"rrn,omitempty"`
	ApprovalCode string `json:"approvalCode,omitempty"`
}

type ledgerKey struct {
	terminal    string
	batch, stan int64
}

func (l Line) key() ledgerKey { return ledgerKey{l.Terminal, l.Batch, l.STAN} }

// ledger is the bank's book. Every line is synced before anybody hears of it (rule 11).
type ledger struct {
	file *os.File // nil keeps it in memory
	rows map[ledgerKey]Line
	rrn  int64
}

// openLedger reads a book, or begins one. A last line that a crash cut short was never answered, and is cut off.
func openLedger(path string) (*ledger, error) {
	l := &ledger{rows: map[ledgerKey]Line{}}
	if path == "" {
		return l, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	whole, err := l.read(f)
	if err == nil {
		if err = f.Truncate(whole); err == nil {
			_, err = f.Seek(whole, io.SeekStart)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ledger %s: %w", path, err), f.Close())
	}
	l.file = f
	return l, nil
}

// read returns how many bytes are whole lines.
func (l *ledger) read(r io.Reader) (whole int64, err error) {
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return whole, err
		}
		var line Line
		if err := json.Unmarshal(text, &line); err != nil {
			return whole, fmt.Errorf("line %d is no ledger line", n)
		}
		l.keep(line)
		whole += int64(len(text))
	}
}

func (l *ledger) keep(line Line) {
	l.rows[line.key()] = line
	l.rrn = max(l.rrn, parseRRN(line.RRN))
}

// write makes lines durable together, then believes them.
func (l *ledger) write(lines ...Line) error {
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
	for _, line := range lines {
		l.keep(line)
	}
	return nil
}

func (l *ledger) nextRRN() string { return fmt.Sprintf("%012d", l.rrn+1) }

func parseRRN(text string) (n int64) {
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		return 0
	}
	return n
}

// lineOf reads a request into a line without a state.
func lineOf(p *iso8583.Profile, m iso8583.Message) (Line, error) {
	l := Line{Terminal: trim(m.Get(41)), Batch: p.Batch(m), Type: "sale"}
	if _, err := fmt.Sscanf(m.Get(11)+" "+m.Get(4), "%d %d", &l.STAN, &l.AmountMinor); err != nil || l.Terminal == "" {
		return l, errors.New("a request without STAN, amount or terminal")
	}
	if _, original, void := p.IsVoid(m); void {
		l.Type, l.Original = "void", original
	}
	return l, nil
}
