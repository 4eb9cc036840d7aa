package plan_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

func view(ready bool) plan.View {
	return plan.View{NextAttempt: 1_000_007, NextSale: 9, NextPrint: 3, Ready: ready, AtMs: 42}
}

func begun(t interface{ Fatal(...any) }, a txn.Attempt, original *txn.Attempt, ready bool) plan.Plan {
	a.Amount = money.Amount{Minor: 100, Currency: money.CNY}
	p, err := plan.Begin(view(ready), a, original, &sale.Sale{}, []byte("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func effects(p plan.Plan) (all []txn.Effect) {
	for _, act := range p.Acts {
		all = append(all, act.Effect)
	}
	return all
}

func words(p plan.Plan) (all []string) {
	for _, r := range p.Records {
		all = append(all, r.Word())
	}
	return all
}

// A card sale opens its sale and its attempt in one synced commit, and then the request is sent, and nothing else.
func TestCardSaleIsOpenedThenSent(t *testing.T) {
	p := begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Card}, nil, true)
	if p.Durability != txn.Synced || !slices.Equal(words(p), []string{"sale", "attempt"}) || !slices.Equal(effects(p), []txn.Effect{txn.SendRequest}) {
		t.Errorf("%s %v %v", p.Durability, words(p), effects(p))
	}
	if p.After.ID != 1_000_007 || p.After.SaleID != 9 {
		t.Errorf("it is attempt %s of sale %d", p.After.ID, p.After.SaleID)
	}
}

// Cash is taken, and its receipt begun, in one synced commit; without a printer that is ready the receipt waits.
func TestCashIsOneCommit(t *testing.T) {
	p := begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Cash}, nil, true)
	if p.Durability != txn.Synced || !slices.Equal(words(p), []string{"sale", "attempt", "event"}) || !slices.Equal(effects(p), []txn.Effect{txn.PrintReceipt}) {
		t.Errorf("%s %v %v", p.Durability, words(p), effects(p))
	}
	if p = begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Cash}, nil, false); !slices.Equal(effects(p), []txn.Effect{plan.AwaitPrinter}) {
		t.Errorf("without a printer: %v", effects(p))
	}
}

// An approval, the intent to print and what a void undoes are one commit; a card number goes with it.
func TestApprovedVoidIsOneCommit(t *testing.T) {
	paid := txn.Attempt{ID: 1_000_001, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, Paper: txn.Printed}
	void := begun(t, txn.Attempt{Kind: txn.Void, Tender: txn.Card, Original: paid.ID}, &paid, true).After
	p, err := plan.Move(view(true), void, &paid, txn.Event{Kind: txn.BankApproved})
	if err != nil {
		t.Fatal(err)
	}
	if p.Durability != txn.Synced || len(p.Records) != 3 || !slices.Equal(effects(p), []txn.Effect{txn.Acknowledge, txn.PrintReceipt}) ||
		p.Acts[1].Original.State != txn.Voided || p.Acts[1].Print.ID != 3 {
		t.Fatalf("%s %v, acts %+v", p.Durability, words(p), p.Acts)
	}
	for i, destroys := range []bool{true, true, false} {
		if m := p.Records[i].(txn.AttemptMoved); m.DestroyPAN != destroys {
			t.Errorf("record %d destroys a card number: %v", i, m.DestroyPAN)
		}
	}
	// A void that the bank refuses leaves its payment alone.
	if p, err = plan.Move(view(true), void, &paid, txn.Event{Kind: txn.BankDeclined}); err != nil || len(p.Records) != 1 {
		t.Errorf("a refused void: %v, %v", words(p), err)
	}
	// What is voided meanwhile cannot be voided again: nothing is planned.
	paid.State = txn.Voided
	if p, err = plan.Move(view(true), void, &paid, txn.Event{Kind: txn.BankApproved}); !errors.Is(err, txn.ErrNotAllowed) || len(p.Records)+len(p.Acts) != 0 {
		t.Errorf("a void of what is voided: %v %v, %v", words(p), effects(p), err)
	}
}

// What may not be voided is said with its reason.
func TestVoidableSaysWhyNot(t *testing.T) {
	paid := txn.Attempt{ID: 1_000_001, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, Paper: txn.Printed}
	if err := plan.Voidable(view(true), paid, nil); err != nil {
		t.Fatal(err)
	}
	printing, declined, yesterday := paid, paid, paid
	printing.Paper, declined.State, yesterday.ID = txn.Printing, txn.Declined, 1
	for name, a := range map[string]txn.Attempt{"its receipt is being printed": printing, "it was declined": declined, "its day is closed": yesterday} {
		if err := plan.Voidable(view(true), a, nil); !errors.Is(err, plan.ErrNotVoidable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := []txn.Attempt{{ID: 1_000_002, Kind: txn.Void, Original: paid.ID, State: txn.Reversing}}
	if err := plan.Voidable(view(true), paid, open); !errors.Is(err, plan.ErrNotVoidable) {
		t.Errorf("an earlier void is not known yet: %v", err)
	}
}

// In any history of plans: a request is sent by the first plan alone, nothing that was approved is reversed, at most one
// unmarked receipt is begun unless an earlier one is known not to have come out, what leaves for the printer or the bank's
// first request has a synced commit before it, and every act is about the attempt as the commit leaves it.
func TestAnyHistoryOfPlansKeepsThePromises(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := begun(r, txn.Attempt{Kind: txn.Sale, Tender: rapid.SampledFrom(txn.Tenders).Draw(r, "tender")}, nil, rapid.Bool().Draw(r, "ready"))
		h := history{r: r}
		h.take(p, true)
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			v := view(rapid.Bool().Draw(r, "ready"))
			v.NextPrint = h.nextPrint
			p, err := h.next(v)
			if err != nil {
				if !errors.Is(err, txn.ErrNotAllowed) {
					r.Fatal(err)
				}
				continue
			}
			h.take(p, false)
		}
	})
}

type history struct {
	r         *rapid.T
	a         txn.Attempt
	approved  bool
	nextPrint int64
}

func (h *history) next(v plan.View) (plan.Plan, error) {
	switch rapid.IntRange(0, 3).Draw(h.r, "input") {
	case 0:
		kind, _ := txn.NextPaper(h.a)
		return plan.Paper(v, h.a, nil, kind)
	case 1:
		return plan.Paper(v, h.a, nil, txn.NoteBegun)
	case 2:
		return plan.Undo(v, h.a)
	}
	e := txn.Event{Kind: rapid.SampledFrom(txn.EventKinds).Draw(h.r, "event"), By: 1_000_009, Reason: txn.NoAnswer,
		PrintID: rapid.Int64Range(1, max(1, h.nextPrint)).Draw(h.r, "print"), Outcome: rapid.SampledFrom(txn.Papers).Draw(h.r, "outcome")}
	if e.Kind == txn.PrintBegun || e.Kind == txn.CopyBegun || e.Kind == txn.NoteBegun {
		e.PrintID = v.NextPrint
	}
	return plan.Move(v, h.a, nil, e)
}

func (h *history) take(p plan.Plan, first bool) {
	before := h.a
	h.a, h.nextPrint = p.After, max(h.nextPrint, 3)
	for _, print := range p.After.Prints {
		h.nextPrint = max(h.nextPrint, print.ID+1)
	}
	for _, act := range p.Acts {
		switch {
		case act.Effect == txn.SendRequest && (!first || p.Durability != txn.Synced):
			h.r.Fatalf("a request is sent by a later plan, or before a sync")
		case act.Effect == txn.SendReversal && h.approved:
			h.r.Fatalf("%s is reversed after it was approved", before.State)
		case act.Print.ID != 0 && p.Durability != txn.Synced:
			h.r.Fatalf("a print is begun without a sync")
		case act.Effect == txn.PrintReceipt && before.Paper != "" && before.Paper != txn.NoPaper && before.Paper != txn.NotPrinted:
			h.r.Fatalf("a receipt is begun though its paper is %s", before.Paper)
		}
		if act.Attempt.State != p.After.State || len(act.Attempt.Prints) != len(p.After.Prints) {
			h.r.Fatalf("an act is about the attempt as it was before its commit")
		}
	}
	h.approved = h.approved || p.After.State == txn.Approved
}
