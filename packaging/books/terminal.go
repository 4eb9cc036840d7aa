package books

import (
	"fmt"
	"os"
	"strings"

	"veratill/packaging/shop"
	"veratill/txn/zvtsim"
)

// OfTerminal opens the books of a shop that takes cards by a card terminal: the ledger is the terminal's memory.
func OfTerminal(s *shop.Shop) *Books {
	b := Of(s)
	b.terminal = true
	return b
}

// atTerminal is an attempt with what names it at the terminal.
type atTerminal struct {
	Attempt
	RRN      string `json:"rrn"`
	Original int64  `json:"originalStan"`
}

// readTerminal makes the ledger's lines of the terminal's memory, which knows receipt numbers and no STANs. A payment that stands there and that no
// attempt has is a lie by itself.
func (b *Books) readTerminal() {
	var attempts []atTerminal
	if err := b.ask(&attempts, "journal", "list"); err != nil {
		b.say("the journal can't be listed: %v", err)
		return
	}
	f, err := os.Open(b.shop.Path(shop.TerminalLedger))
	if err != nil {
		b.say("the terminal's memory: %v", err)
		return
	}
	defer f.Close()
	rows, err := zvtsim.ReadLedger(f)
	if err != nil {
		b.say("the terminal's memory: %v", err)
		return
	}
	var stray []string
	b.ledger, stray = terminalOf(attempts, rows)
	for _, text := range stray {
		b.say("%s", text)
	}
}

// terminalOf says of each attempt what the terminal has of it, and of what the terminal has alone.
func terminalOf(attempts []atTerminal, rows []zvtsim.Row) (ledger map[int64]Line, stray []string) {
	byRRN := map[string]zvtsim.Row{}
	for _, r := range rows {
		byRRN[fmt.Sprintf("%04d-%06d", r.Receipt, r.Trace)] = r
	}
	ledger, named := map[int64]Line{}, map[string]bool{}
	states := map[int64]string{}
	for _, a := range attempts {
		at := strings.LastIndexByte(a.RRN, '-')
		if a.Type == "void" || at < 0 {
			continue
		}
		r, there := byRRN[a.RRN[:at]]
		if !there {
			continue
		}
		named[a.RRN[:at]] = true
		state := map[string]string{zvtsim.Stored: "approved", zvtsim.Reversed: "voided"}[r.State]
		states[a.STAN] = state
		ledger[a.STAN] = Line{STAN: a.STAN, AmountMinor: r.AmountMinor, State: state, Type: a.Type}
	}
	for _, a := range attempts {
		if a.Type == "void" && a.State == "approved" && states[a.Original] == "voided" {
			ledger[a.STAN] = Line{STAN: a.STAN, AmountMinor: a.AmountMinor, State: "approved", Type: "void"}
		}
	}
	for name, r := range byRRN {
		if r.State == zvtsim.Stored && r.Kind != zvtsim.Reverse && !named[name] && !(r.Kind == zvtsim.GiveBack && doubted(attempts, r.AmountMinor)) {
			stray = append(stray, fmt.Sprintf("the terminal has %s %s of %d, which the journal has nowhere", r.Kind, name, r.AmountMinor))
		}
		if r.State == zvtsim.Open {
			stray = append(stray, fmt.Sprintf("the terminal still waits for %s %s", r.Kind, name))
		}
	}
	return ledger, stray
}

// doubted reports whether a refund of an amount is not known in the journal, which names nothing of the terminal's then.
func doubted(attempts []atTerminal, minor int64) bool {
	for _, a := range attempts {
		if a.Type == "refund" && a.State == "unresolved" && a.AmountMinor == minor {
			return true
		}
	}
	return false
}
