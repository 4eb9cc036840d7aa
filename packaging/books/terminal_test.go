package books

import (
	"slices"
	"testing"

	"veratill/txn/zvtsim"
)

// What a terminal has is told by the attempts that name it: a payment that stands, one that was undone, a void, and what no attempt has.
func TestTerminalOf(t *testing.T) {
	rows := []zvtsim.Row{
		{Receipt: 1, Trace: 1, Kind: zvtsim.Pay, AmountMinor: 100, State: zvtsim.Stored},
		{Receipt: 2, Trace: 2, Kind: zvtsim.Pay, AmountMinor: 200, State: zvtsim.Reversed},
		{Receipt: 3, Trace: 3, Kind: zvtsim.Reverse, AmountMinor: 200, State: zvtsim.Stored},
		{Receipt: 4, Trace: 4, Kind: zvtsim.Pay, AmountMinor: 300, State: zvtsim.Stored},
	}
	ledger, stray := terminalOf([]atTerminal{
		{Attempt{STAN: 1, Type: "sale", AmountMinor: 100, State: "approved"}, "0001-000001-1129", 0},
		{Attempt{STAN: 2, Type: "sale", AmountMinor: 200, State: "voided"}, "0002-000002-1129", 0},
		{Attempt{STAN: 3, Type: "void", AmountMinor: 200, State: "approved"}, "", 2},
		{Attempt{STAN: 4, Type: "sale", AmountMinor: 300, State: "declined"}, "", 0},
	}, rows)
	if ledger[1].State != "approved" || ledger[2].State != "voided" || ledger[3].State != "approved" || ledger[4].State != "" {
		t.Errorf("%+v", ledger)
	}
	if !slices.Equal(stray, []string{"the terminal has pay 0004-000004 of 300, which the journal has nowhere"}) {
		t.Errorf("%q", stray)
	}
}
