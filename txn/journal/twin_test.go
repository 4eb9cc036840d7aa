package journal_test

import (
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// What a bank says of one attempt is known again when it says it of another, at the same terminal number alone, however its address is spelt, and for 60 days; a void, what it undoes, and
// another void of that may have it in common.
func TestTwin(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	j, err := journal.Open(ctx, t.TempDir(), journal.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer close(t, j)
	approved := func(line, rrn string, at time.Time) txn.Attempt {
		v := plan.View{Next: j.Next(), AtMs: at.UnixMilli()}
		a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Line: line, Terminal: "1", OpenedMs: v.AtMs, Amount: money.Amount{Minor: 1, Currency: money.CNY}}
		p := planned(t, j)(plan.Begin(v, txn.Matter{Attempt: a}, &txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: 1}, Batch: v.Batch}, nil))
		return planned(t, j)(plan.Move(v, txn.Matter{Attempt: p.After, Bill: p.Bill}, txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{RRN: rrn}})).After
	}
	first := approved("a", "7", now)
	approved("a", "8", now.Add(-61*24*time.Hour))
	next := j.Next().Attempt
	for name, c := range map[string]struct {
		a    txn.Attempt
		rrn  string
		want txn.ID
	}{
		"the same RRN":                   {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "7", first.ID},
		"the address is spelt otherwise": {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "b"}, "7", first.ID},
		"another terminal number":        {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "2", Line: "a"}, "7", 0},
		"another merchant":               {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Merchant: "2", Line: "a"}, "7", 0},
		"a demonstration":                {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a", Demo: true}, "7", 0},
		"another RRN":                    {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "9", 0},
		"the same RRN with blanks":       {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "7 ", 0},
		"an RRN of 61 days ago":          {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "8", 0},
		"itself":                         {first, "7", 0},
		"a void with its payment's RRN":  {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a", Kind: txn.Void, Original: first.ID}, "7", 0},
		"no RRN":                         {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "", 0},
	} {
		if got, err := j.Twin(ctx, c.a, txn.Answer{RRN: c.rrn}); err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
	}
}
