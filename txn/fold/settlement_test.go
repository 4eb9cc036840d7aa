package fold_test

import (
	"strings"
	"testing"

	"veratill/txn"
)

var day1 = txn.DayOpened{Batch: 1, Currency: "CNY"}

// The books hold a settlement against what they have of its batch: nobody writes one with other sums, twice, or of a batch that never was, and no payment into it.
func TestSettlementIsOfWhatTheBooksHold(t *testing.T) {
	begun := txn.SettlementOpened{Settlement: txn.Settlement{Batch: 1, Line: "bank", State: txn.SettlementAsked, NotKnown: []txn.ID{1_000_001}}}
	pending := attempt(txn.Pending)
	pending.Line = "bank"
	opened := txn.AttemptOpened{Attempt: pending}
	if books, err := taken(t, day1, opens(), opened, begun); err != nil || len(books.Settlements) != 1 {
		t.Fatalf("%v", err)
	}
	hidden, summed, none := begun, begun, begun
	hidden.Settlement.NotKnown = nil
	summed.Settlement.Sums = []txn.SettlementSum{{Debits: 1, DebitMinor: 100}}
	none.Settlement.Batch, none.Settlement.NotKnown = 2, nil
	agreed := txn.SettlementMoved{Batch: 1, Line: "bank", Event: txn.SettlementEvent{Kind: txn.SettlementAgreed}}
	for why, records := range map[string][]txn.Record{
		"not as it is begun": {day1, opens(), opened, hidden},
		"other sums":         {day1, opens(), opened, summed},
		"settled twice":      {day1, opens(), opened, begun, begun},
		"never opened":       {day1, none},
		"being settled":      {day1, opens(), txn.SettlementOpened{Settlement: txn.Settlement{Batch: 1, Line: "bank", State: txn.SettlementAsked}}, opened},
		"never settled":      {day1, agreed},
		"of a settlement":    {day1, opens(), opened, begun, agreed, agreed},
	} {
		if _, err := taken(t, records...); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
	}
}
