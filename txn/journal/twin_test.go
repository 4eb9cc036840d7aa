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

// What a bank says of one attempt is known again when it says it of another, at the same terminal number alone, however its address is spelt, and for 60 days. A payment and all that
// undoes it or gives it back may have the payment's RRN in common, which the till named and banks say back: then approval code and bank time tell them apart. An RRN that is not the
// payment's is of one of them alone.
func TestTwin(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	j, err := journal.Open(ctx, t.TempDir(), journal.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer close(t, j)
	begun := func(kind txn.Kind, of txn.ID) txn.Attempt {
		return txn.Attempt{ID: j.Next().Attempt, Kind: kind, Tender: txn.Card, Terminal: "1", Line: "a", Original: of}
	}
	approved := func(line, rrn string, at time.Time) txn.Attempt {
		v := plan.View{Next: j.Next(), AtMs: at.UnixMilli()}
		a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Line: line, Terminal: "1", OpenedMs: v.AtMs, Amount: money.Amount{Minor: 1, Currency: money.CNY}}
		p := planned(t, j)(plan.Begin(v, txn.Matter{Attempt: a}, &txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: 1}, Batch: v.Batch}, nil))
		said := txn.Answer{RRN: rrn, ApprovalCode: "A" + rrn, HostTime: "1130120000"}
		return planned(t, j)(plan.Move(v, txn.Matter{Attempt: p.After, Bill: p.Bill}, txn.Event{Kind: txn.BankApproved, Answer: said})).After
	}
	givenBack := func(of txn.Attempt, said txn.Answer) txn.Attempt {
		v := plan.View{Next: j.Next(), AtMs: now.UnixMilli()}
		bill, err := j.Bill(ctx, of.SaleID)
		if err != nil {
			t.Fatal(err)
		}
		a := begun(txn.Refund, of.ID)
		a.OpenedMs, a.SaleID, a.Amount = v.AtMs, of.SaleID, money.Amount{Minor: 1, Currency: money.CNY}
		p := planned(t, j)(plan.Begin(v, txn.Matter{Attempt: a, Bill: bill, Original: &of}, nil, nil))
		return planned(t, j)(plan.Move(v, txn.Matter{Attempt: p.After, Bill: p.Bill, Original: &of}, txn.Event{Kind: txn.BankApproved, Answer: said})).After
	}
	first := approved("a", "7", now)
	approved("a", "8", now.Add(-61*24*time.Hour))
	back := txn.Answer{RRN: "7", ApprovalCode: "B1", HostTime: "1130120500"} // the payment's RRN, said back
	refund := approved("a", "20", now)
	echoed, own := givenBack(first, back), givenBack(refund, txn.Answer{RRN: "21", ApprovalCode: "B2", HostTime: "1130120600"})
	next := j.Next().Attempt
	for name, c := range map[string]struct {
		a    txn.Attempt
		rrn  string
		want txn.ID
	}{
		"the same RRN":                              {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "7", first.ID},
		"the address is spelt otherwise":            {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "b"}, "7", first.ID},
		"another terminal number":                   {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "2", Line: "a"}, "7", 0},
		"another merchant":                          {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Merchant: "2", Line: "a"}, "7", 0},
		"a demonstration":                           {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a", Demo: true}, "7", 0},
		"another RRN":                               {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "9", 0},
		"the same RRN with blanks":                  {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "7 ", 0},
		"an RRN of 61 days ago":                     {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "8", 0},
		"itself":                                    {first, "7", 0},
		"a void with its payment's RRN":             {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a", Kind: txn.Void, Original: first.ID}, "7", 0},
		"a second refund, with the first one's RRN": {begun(txn.Refund, refund.ID), "21", own.ID},
		"a void, with a refund's RRN":               {begun(txn.Void, refund.ID), "21", own.ID},
		"a refund with its payment's RRN":           {begun(txn.Refund, refund.ID), "20", 0},
		"a payment, when its refund had its RRN":    {first, "7", 0},
		"no RRN":                                    {txn.Attempt{ID: next, Tender: txn.Card, Terminal: "1", Line: "a"}, "", 0},
	} {
		if got, err := j.Twin(ctx, c.a, txn.Answer{RRN: c.rrn}); err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		said txn.Answer
		want txn.ID
	}{
		"the payment's RRN, and a moment of its own":    {txn.Answer{RRN: "7", ApprovalCode: "B3", HostTime: "1130120700"}, 0},
		"the payment's RRN, and no more":                {txn.Answer{RRN: "7"}, 0},
		"the payment's RRN, and the first one's code":   {txn.Answer{RRN: "7", ApprovalCode: "B1", HostTime: "1130120700"}, 0},
		"the payment's RRN, and the first one's moment": {back, echoed.ID},
		"all that was said of the payment":              {first.Answer, first.ID},
	} {
		if got, err := j.Twin(ctx, begun(txn.Refund, first.ID), c.said); err != nil || got != c.want {
			t.Errorf("a refund with %s: %s, %v, want %s", name, got, err, c.want)
		}
	}
}
