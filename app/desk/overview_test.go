package desk

import (
	"testing"

	"veratill/txn"
)

// What is owed to a bank or a wallet that is gone is said, and that cards wait only where they do.
func TestCardsWaitIsSaidWhereTheyDo(t *testing.T) {
	card, code := txn.Attempt{Tender: txn.Card}, txn.Attempt{Tender: txn.Code}
	stops := func(a txn.Attempt) bool { return a.Tender == txn.Card }
	for want, owed := range map[string][]txn.Attempt{"": nil, "owed unnamed": {code}, "owed elsewhere": {code, card}} {
		if got := elsewhereWord(owed, stops); got != want {
			t.Errorf("%d are owed: %q, want %q", len(owed), got, want)
		}
	}
}
