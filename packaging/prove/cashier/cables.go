package cashier

import (
	"errors"
	"net"
	"time"

	"veratill/txn"
)

// What stands on cables: a scanner on a serial line, and a card terminal.

// terminalDoes says what the card terminal does with the next command about money: terminal-does DO [SECONDS].
func (w *world) terminalDoes(s Step) {
	if w.terminal != nil {
		w.terminal.Does(s.Word(1), s.Number(2))
	}
}

// readsSerial is a code that the scanner on the serial line reads; a bad cable tears it: serial 4 6 400.
func (w *world) readsSerial(s Step) {
	line := w.ports.Scanner()
	if line == nil {
		return
	}
	code := articles()[s.Number(1)%len(articles())].Code
	pieces := []string{code + "\r"}
	if at := s.Number(2); at > 0 {
		at = min(at, len(code)-1)
		pieces = []string{code[:at], code[at:] + "\r"}
		w.judge.intent.edits, w.judge.typed = true, true // what became of two halves nobody meant
	} else {
		w.judge.scanned = code
	}
	for i, piece := range pieces {
		if i > 0 {
			w.pass(time.Duration(s.Number(3)) * time.Millisecond)
		}
		w.event(machine, func() {
			if _, err := line.Write([]byte(piece)); err != nil && !errors.Is(err, net.ErrClosed) {
				w.say("the serial line: %v", err)
			}
		})
	}
	w.pass(200 * time.Millisecond)
}

// judgeTerminal holds what the card terminal keeps against the journal, once nothing is under way any more.
func (w *world) judgeTerminal() {
	if w.terminal == nil || w.restored {
		return
	}
	here := int64(0)
	for _, a := range w.judge.attempts {
		if a.Tender != txn.Card {
			continue
		}
		if a.Open() || a.AwaitsLine() || a.State == txn.Unresolved || a.State == txn.Kept {
			return // nobody knows yet
		}
		if a.State == txn.Approved && a.Kind == txn.Sale {
			here += a.Amount.Minor
		}
		if a.Concluded() && a.Kind == txn.Refund {
			here -= a.Amount.Minor
		}
	}
	if there := w.terminal.KeptMinor(); here != there {
		w.bad("the journal has %d of the card terminal, and that keeps %d: %+v", here, there, w.terminal.Payments())
	}
}
