package plan_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

func view(ready bool) plan.View {
	return plan.View{Next: txn.Next{Attempt: 7, Batch: 1, Sale: 9, Print: 3}, Ready: ready, AtMs: 42}
}

// begun is an attempt of the whole of a new sale of 1.00.
func begun(t interface{ Fatal(...any) }, a txn.Attempt, ready bool) plan.Plan {
	a.Amount = cny(100)
	p, err := plan.Begin(view(ready), txn.Matter{Attempt: a}, opened(100), []byte("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func cny(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.CNY} }

func opened(minor int64) *txn.SaleOpened {
	return &txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: minor}, Batch: 1, AtMs: 42}
}

// next is view with numbers that were not used yet.
func next(n int64) plan.View {
	v := view(true)
	v.Attempt, v.Sale, v.Print = v.Attempt+txn.ID(n), v.Sale+n, v.Print+n
	return v
}

// card begins a card part of a sale that is open, and has it approved.
func card(t interface{ Fatal(...any) }, v plan.View, b txn.Bill, minor int64) (begun, approved plan.Plan) {
	begun, err := plan.Begin(v, txn.Matter{Attempt: txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: cny(minor)}, Bill: b}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	approved, err = plan.Move(v, txn.Matter{Attempt: begun.After, Bill: begun.Bill}, txn.Event{Kind: txn.BankApproved})
	if err != nil {
		t.Fatal(err)
	}
	return begun, approved
}

// partPaid is a sale of 1.00 of which 0.30 are paid by card.
func partPaid(t interface{ Fatal(...any) }) (first txn.Attempt, b txn.Bill) {
	p, err := plan.Begin(view(true), txn.Matter{Attempt: txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: cny(30)}}, opened(100), []byte("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = plan.Move(view(true), txn.Matter{Attempt: p.After, Bill: p.Bill}, txn.Event{Kind: txn.BankApproved}); err != nil {
		t.Fatal(err)
	}
	return p.After, p.Bill
}

// billsOf are the bills that the records of a plan have for their rows.
func billsOf(p plan.Plan) (all []txn.Bill) {
	for _, r := range p.Records {
		var b txn.Bill
		switch r := r.(type) {
		case txn.SaleOpened:
			b = r.Bill
		case txn.SaleMoved:
			b = r.Bill
		case txn.AttemptOpened:
			b = r.Bill
		case txn.AttemptMoved:
			b = r.Bill
		}
		if b.SaleID != 0 {
			all = append(all, b)
		}
	}
	return all
}

// writtenOnce fails unless one record of a plan has the bill as the plan leaves it.
func writtenOnce(t interface{ Fatalf(string, ...any) }, p plan.Plan) {
	if all := billsOf(p); len(all) != 1 || !reflect.DeepEqual(all[0], p.Bill) {
		t.Fatalf("%v: %d records write the bill's row: %+v, it is %+v", words(p), len(all), all, p.Bill)
	}
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
	p := begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Card}, true)
	if p.Durability != txn.Synced || !slices.Equal(words(p), []string{"sale", "attempt"}) || !slices.Equal(effects(p), []txn.Effect{txn.SendRequest}) {
		t.Errorf("%s %v %v", p.Durability, words(p), effects(p))
	}
	if p.After.ID != 7 || p.After.SaleID != 9 || p.Bill.SaleID != 9 || p.Bill.State != txn.BillOpen {
		t.Errorf("it is attempt %s of sale %d, which is %+v", p.After.ID, p.After.SaleID, p.Bill)
	}
	writtenOnce(t, p)
}

// Cash is taken, and its sale's receipt begun, in one synced commit; without a printer that is ready the receipt waits.
func TestCashIsOneCommit(t *testing.T) {
	p := begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Cash}, true)
	if p.Durability != txn.Synced || !slices.Equal(words(p), []string{"sale", "attempt", "sale event"}) || !slices.Equal(effects(p), []txn.Effect{txn.PrintReceipt}) {
		t.Errorf("%s %v %v", p.Durability, words(p), effects(p))
	}
	if p.Bill.State != txn.BillPaid || p.Bill.Paper != txn.Printing || p.After.Paper != txn.NoPaper || !p.Acts[0].OfSale {
		t.Errorf("the sale is %+v, the attempt's paper %s", p.Bill, p.After.Paper)
	}
	writtenOnce(t, p)
	p = begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Cash}, false)
	if !slices.Equal(effects(p), []txn.Effect{plan.AwaitPrinter}) || p.Bill.Paper != txn.NoPaper {
		t.Errorf("without a printer: %v, %+v", effects(p), p.Bill)
	}
	writtenOnce(t, p)
}

// A part that leaves a rest is approved in a synced commit and prints nothing; the one that completes the sum has its
// approval, what makes the sale paid and the intent to print in one synced commit.
func TestOnlyTheLastPartPrints(t *testing.T) {
	first, b := partPaid(t)
	if b.State != txn.BillPartPaid || b.Rest().Minor != 70 || first.State != txn.Approved {
		t.Fatalf("after 0.30 of 1.00: %+v", b)
	}
	begun, part := card(t, next(1), b, 20)
	if !slices.Equal(words(begun), []string{"attempt"}) || !slices.Equal(effects(begun), []txn.Effect{txn.SendRequest}) || begun.Durability != txn.Synced {
		t.Errorf("a second part begins as %s %v %v", begun.Durability, words(begun), effects(begun))
	}
	if part.Durability != txn.Synced || !slices.Equal(effects(part), []txn.Effect{txn.Acknowledge}) || part.Bill.State != txn.BillPartPaid || len(part.Bill.Prints) != 0 {
		t.Errorf("a part that leaves a rest: %s %v, %+v", part.Durability, effects(part), part.Bill)
	}
	writtenOnce(t, begun)
	writtenOnce(t, part)
	_, last := card(t, next(2), part.Bill, 50)
	if last.Durability != txn.Synced || !slices.Equal(words(last), []string{"event", "sale event"}) ||
		!slices.Equal(effects(last), []txn.Effect{txn.Acknowledge, txn.PrintReceipt}) {
		t.Errorf("the last part: %s %v %v", last.Durability, words(last), effects(last))
	}
	if last.Bill.State != txn.BillPaid || last.Bill.Paper != txn.Printing || last.Acts[1].Print.ID != next(2).Print || !last.Acts[1].OfSale || last.Acts[1].Attempt.ID != 0 {
		t.Errorf("the sale is %+v, the act %+v", last.Bill, last.Acts[1])
	}
	writtenOnce(t, last)
}

// A sale of 0.00 is opened, paid and its receipt begun in one synced commit, without an attempt.
func TestSaleOfNothingIsOneCommit(t *testing.T) {
	o := opened(0)
	if p, err := plan.Open(view(true), *o); err == nil {
		t.Errorf("without a line it is a sale: %v", words(p))
	}
	o.Sale.Lines = []sale.Line{{Code: "1", QuantityE5: sale.OneE5}}
	p, err := plan.Open(view(true), *o)
	if err != nil || p.Durability != txn.Synced || !slices.Equal(words(p), []string{"sale", "sale event"}) || !slices.Equal(effects(p), []txn.Effect{txn.PrintReceipt}) {
		t.Fatalf("%s %v %v, %v", p.Durability, words(p), effects(p), err)
	}
	if p.Bill.SaleID != 9 || p.Bill.State != txn.BillPaid || len(p.Bill.Parts) != 0 || p.Records[0].(txn.SaleOpened).Sale.ID != 9 {
		t.Errorf("%+v", p.Bill)
	}
	writtenOnce(t, p)
	if p, err = plan.Open(view(false), *o); err != nil || p.Durability != txn.Synced || !slices.Equal(effects(p), []txn.Effect{plan.AwaitPrinter}) {
		t.Errorf("without a printer: %s %v, %v", p.Durability, effects(p), err)
	}
}

// A part that the sale does not take is planned by nobody: nothing is written, nothing is done.
func TestPartThatIsNotTakenIsNotPlanned(t *testing.T) {
	first, b := partPaid(t)
	waits, full := card(t, next(1), b, 70)
	for name, c := range map[string]struct {
		of txn.Bill
		a  txn.Attempt
	}{
		"more than the rest":                       {b, txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: cny(71)}},
		"cash that leaves a rest":                  {b, txn.Attempt{Kind: txn.Sale, Tender: txn.Cash, Amount: cny(69)}},
		"a void of nothing it knows":               {b, txn.Attempt{Kind: txn.Void, Tender: txn.Card, Amount: cny(30), Original: 1_000_001}},
		"the rest while a part is not known":       {waits.Bill, txn.Attempt{Kind: txn.Sale, Tender: txn.Cash, Amount: cny(70)}},
		"a void while another part is not known":   {waits.Bill, txn.Attempt{Kind: txn.Void, Tender: txn.Card, Amount: cny(30), Original: first.ID}},
		"a part of a sale that is paid":            {full.Bill, txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: cny(1)}},
		"a void of less than its payment":          {b, txn.Attempt{Kind: txn.Void, Tender: txn.Card, Amount: cny(29), Original: first.ID}},
		"a part in a currency that the sale lacks": {b, txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: 1, Currency: money.JPY}}},
	} {
		p, err := plan.Begin(next(2), txn.Matter{Attempt: c.a, Bill: c.of}, nil, nil)
		if !errors.Is(err, txn.ErrNotAllowed) || len(p.Records)+len(p.Acts) != 0 {
			t.Errorf("%s: %v %v, %v", name, words(p), effects(p), err)
		}
	}
}

// An approval, the intent to print its slip and what a void undoes are one commit, which writes the sale's row once; a
// card number goes with it.
func TestApprovedVoidIsOneCommit(t *testing.T) {
	paid, b := partPaid(t)
	begun, err := plan.Begin(next(1), txn.Matter{Attempt: txn.Attempt{Kind: txn.Void, Tender: txn.Card, Amount: paid.Amount, Original: paid.ID}, Bill: b, Original: &paid}, nil, []byte("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	void := txn.Matter{Attempt: begun.After, Bill: begun.Bill, Original: &paid}
	p, err := plan.Move(view(true), void, txn.Event{Kind: txn.BankApproved})
	if err != nil {
		t.Fatal(err)
	}
	if p.Durability != txn.Synced || len(p.Records) != 3 || !slices.Equal(effects(p), []txn.Effect{txn.Acknowledge, txn.PrintReceipt}) ||
		p.Acts[1].Original.State != txn.Voided || p.Acts[1].Print.ID != 3 || p.Acts[1].OfSale {
		t.Fatalf("%s %v, acts %+v", p.Durability, words(p), p.Acts)
	}
	if p.Bill.State != txn.BillDropped || p.Bill.TakenMinor() != 0 {
		t.Errorf("the sale is %+v", p.Bill)
	}
	writtenOnce(t, p)
	for i, destroys := range []bool{true, true, false} {
		if m := p.Records[i].(txn.AttemptMoved); m.DestroyPAN != destroys {
			t.Errorf("record %d destroys a card number: %v", i, m.DestroyPAN)
		}
	}
	// A void that the bank refuses leaves its payment alone.
	if p, err = plan.Move(view(true), void, txn.Event{Kind: txn.BankDeclined}); err != nil || len(p.Records) != 1 || p.Bill.State != txn.BillPartPaid {
		t.Errorf("a refused void: %v, %v", words(p), err)
	}
	// What is voided meanwhile cannot be voided again: nothing is planned.
	paid.State = txn.Voided
	if p, err = plan.Move(view(true), void, txn.Event{Kind: txn.BankApproved}); !errors.Is(err, txn.ErrNotAllowed) || len(p.Records)+len(p.Acts) != 0 {
		t.Errorf("a void of what is voided: %v %v, %v", words(p), effects(p), err)
	}
}

// After a void of one part a sale that was paid is returned in part, and of the other part too it is returned; it is never
// unpaid, and its receipt does not come without a mark any more.
func TestVoidOfAPartReturnsInPart(t *testing.T) {
	first, b := partPaid(t)
	paid, err := plan.Begin(next(1), txn.Matter{Attempt: txn.Attempt{Kind: txn.Sale, Tender: txn.Cash, Amount: cny(70)}, Bill: b}, nil, nil)
	if err != nil || paid.Bill.State != txn.BillPaid {
		t.Fatalf("%+v, %v", paid.Bill, err)
	}
	ended, err := plan.MoveSale(next(1), paid.Bill, txn.Event{Kind: txn.PrintEnded, PrintID: next(1).Print, Outcome: txn.NotPrinted})
	if err != nil || !slices.Equal(effects(ended), []txn.Effect{plan.AwaitPrinter}) || ended.Acts[0].Bill.SaleID != 9 {
		t.Fatalf("%v, %v", effects(ended), err)
	}
	writtenOnce(t, ended)
	undone, err := plan.Begin(next(2), txn.Matter{Attempt: txn.Attempt{Kind: txn.Void, Tender: txn.Cash, Amount: cny(70), Original: paid.After.ID}, Bill: ended.Bill, Original: &paid.After}, nil, nil)
	if err != nil || undone.Durability != txn.Synced || undone.Bill.State != txn.BillReturnedInPart || !undone.Bill.WasPaid() {
		t.Fatalf("%+v, %v", undone.Bill, err)
	}
	writtenOnce(t, undone)
	if p, err := plan.Paper(next(3), txn.Matter{Bill: undone.Bill}, txn.PrintBegun); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a receipt without a mark: %v, %v", effects(p), err)
	}
	begun, err := plan.Begin(next(3), txn.Matter{Attempt: txn.Attempt{Kind: txn.Void, Tender: txn.Card, Amount: cny(30), Original: first.ID}, Bill: undone.Bill, Original: &first}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	all, err := plan.Move(next(3), txn.Matter{Attempt: begun.After, Bill: begun.Bill, Original: &first}, txn.Event{Kind: txn.BankApproved})
	if err != nil || all.Bill.State != txn.BillReturned || !all.Bill.WasPaid() {
		t.Errorf("%+v, %v", all.Bill, err)
	}
}

// What was not finished is undone from its last part to its first, and what does not stand is left out.
func TestSaleIsUndoneInReverse(t *testing.T) {
	first, b := partPaid(t)
	_, second := card(t, next(1), b, 20)
	begun, _ := card(t, next(2), second.Bill, 10)
	declined, err := plan.Move(next(2), txn.Matter{Attempt: begun.After, Bill: begun.Bill}, txn.Event{Kind: txn.BankDeclined})
	if err != nil {
		t.Fatal(err)
	}
	_, last := card(t, next(3), declined.Bill, 5)
	var ids []txn.ID
	for _, part := range plan.ToUndo(last.Bill) {
		ids = append(ids, part.ID)
	}
	if want := []txn.ID{last.After.ID, second.After.ID, first.ID}; !slices.Equal(ids, want) {
		t.Errorf("undone in the order %v, want %v", ids, want)
	}
}

// What may not be voided is said with its reason.
func TestVoidableSaysWhyNot(t *testing.T) {
	paid, b := partPaid(t)
	v := view(true)
	if err := plan.Voidable(v, paid, b); err != nil {
		t.Fatal(err)
	}
	declined, yesterday := paid, paid
	declined.State, yesterday.Batch = txn.Declined, v.Batch-1
	for name, a := range map[string]txn.Attempt{"it was declined": declined, "its day is closed": yesterday} {
		if err := plan.Voidable(v, a, b); !errors.Is(err, plan.ErrNotVoidable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, full := card(t, next(1), b, 70)
	if err := plan.Voidable(v, paid, full.Bill); !errors.Is(err, plan.ErrNotVoidable) {
		t.Errorf("its sale's receipt is being printed: %v", err)
	}
	waits, _ := card(t, next(1), b, 10)
	if err := plan.Voidable(v, paid, waits.Bill); !errors.Is(err, plan.ErrNotVoidable) {
		t.Errorf("another part of its sale is not known yet: %v", err)
	}
	void, err := plan.Begin(next(1), txn.Matter{Attempt: txn.Attempt{Kind: txn.Void, Tender: txn.Card, Amount: paid.Amount, Original: paid.ID}, Bill: b}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Voidable(v, paid, void.Bill); !errors.Is(err, plan.ErrNotVoidable) {
		t.Errorf("an earlier void is not known yet: %v", err)
	}
}

// What has no verdict is given up, and what is given up already is reversed as it is: nothing is planned for it.
func TestUndoGivesUpOnce(t *testing.T) {
	begun := begun(t, txn.Attempt{Kind: txn.Sale, Tender: txn.Card}, true)
	p, err := plan.Undo(view(true), txn.Matter{Attempt: begun.After, Bill: begun.Bill})
	if err != nil || p.After.State != txn.Reversing || !slices.Equal(effects(p), []txn.Effect{txn.SendReversal}) {
		t.Fatalf("%s %v, %v", p.After.State, effects(p), err)
	}
	writtenOnce(t, p)
	again, err := plan.Undo(view(true), txn.Matter{Attempt: p.After, Bill: p.Bill})
	if err != nil || len(again.Records)+len(again.Acts) != 0 || again.After.State != txn.Reversing || again.Bill.SaleID != 9 {
		t.Errorf("again: %v %v, %v", words(again), effects(again), err)
	}
}

// What leaves a bill as it is writes no row of it, such as a slip of one part.
func TestBillThatStaysIsNotWritten(t *testing.T) {
	first, b := partPaid(t)
	slip, err := plan.Paper(view(true), txn.Matter{Attempt: first, Bill: b}, txn.SlipBegun)
	if err != nil || !slices.Equal(effects(slip), []txn.Effect{txn.PrintPartSlip}) || slip.Durability != txn.Synced {
		t.Fatalf("%v, %v", effects(slip), err)
	}
	if all := billsOf(slip); len(all) != 0 {
		t.Errorf("a slip of a part writes %+v", all)
	}
}

// In any history of plans about a sale of 1.00: a request is sent by the plan that begins its part alone, nothing that was
// approved is reversed, no two parts are not known at once, no more is taken than is owed, a receipt without a mark is begun only for a sale that is paid and unless an earlier one is known not to have
// come out, what leaves for the printer or the bank's first request has a synced commit before it, every act
// is about attempt and sale as the commit leaves them, and a bill that changed is written by one record.
func TestAnyHistoryOfPlansKeepsThePromises(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := history{r: r, v: view(true), approved: map[txn.ID]bool{}}
		first := h.part()
		p, err := plan.Begin(h.v, txn.Matter{Attempt: first}, opened(100), []byte("sealed"))
		if errors.Is(err, txn.ErrNotAllowed) {
			return // cash that leaves a rest
		}
		if err != nil {
			r.Fatal(err)
		}
		h.take(p, true)
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			h.v.Ready = rapid.Bool().Draw(r, "ready")
			p, first, err := h.next()
			if err != nil {
				if !errors.Is(err, txn.ErrNotAllowed) {
					r.Fatal(err)
				}
				continue
			}
			h.take(p, first)
		}
	})
}

type history struct {
	r        *rapid.T
	v        plan.View
	a        txn.Attempt // the newest one of the sale
	b        txn.Bill
	approved map[txn.ID]bool
}

func (h *history) part() txn.Attempt {
	return txn.Attempt{Kind: txn.Sale, Tender: rapid.SampledFrom(txn.Tenders).Draw(h.r, "tender"),
		Amount: cny(rapid.SampledFrom([]int64{40, 60, 100}).Draw(h.r, "amount")), ReceivedMinor: 100}
}

func (h *history) next() (p plan.Plan, first bool, err error) {
	m := txn.Matter{Attempt: h.a, Bill: h.b}
	switch rapid.IntRange(0, 5).Draw(h.r, "input") {
	case 0:
		kind, _ := txn.NextPaper(m)
		p, err = plan.Paper(h.v, m, kind)
		return p, false, err
	case 1:
		p, err = plan.Paper(h.v, m, rapid.SampledFrom([]txn.EventKind{txn.NoteBegun, txn.SlipBegun}).Draw(h.r, "paper"))
		return p, false, err
	case 2:
		p, err = plan.Undo(h.v, m)
		return p, false, err
	case 3:
		m.Attempt = h.part()
		p, err = plan.Begin(h.v, m, nil, nil)
		return p, true, err
	}
	e := txn.Event{Kind: rapid.SampledFrom(txn.EventKinds).Draw(h.r, "event"), By: 1_000_900, Reason: txn.NoAnswer,
		PrintID: rapid.Int64Range(1, h.v.Print).Draw(h.r, "print"), Outcome: rapid.SampledFrom(txn.Papers).Draw(h.r, "outcome")}
	if slices.Contains([]txn.EventKind{txn.PrintBegun, txn.CopyBegun, txn.NoteBegun, txn.SlipBegun}, e.Kind) {
		e.PrintID = h.v.Print
	}
	if rapid.Bool().Draw(h.r, "of the sale") {
		p, err = plan.MoveSale(h.v, h.b, e)
		return p, false, err
	}
	p, err = plan.Move(h.v, m, e)
	return p, false, err
}

func (h *history) take(p plan.Plan, first bool) {
	a, b := h.a, h.b
	if p.After.ID != 0 {
		h.a = p.After
	}
	h.b = p.Bill
	h.v.Attempt = max(h.v.Attempt, p.After.ID+1)
	for _, print := range append(slices.Clone(p.After.Prints), p.Bill.Prints...) {
		h.v.Print = max(h.v.Print, print.ID+1)
	}
	for _, act := range p.Acts {
		switch {
		case act.Effect == txn.SendRequest && (!first || p.Durability != txn.Synced):
			h.r.Fatalf("a request is sent by a later plan, or before a sync")
		case act.Effect == txn.SendReversal && h.approved[act.Attempt.ID]:
			h.r.Fatalf("%s is reversed after it was approved", a.State)
		case act.Print.ID != 0 && p.Durability != txn.Synced:
			h.r.Fatalf("a print is begun without a sync")
		case act.Effect == txn.PrintReceipt && (!p.Bill.WasPaid() || b.Paper != "" && b.Paper != txn.NoPaper && b.Paper != txn.NotPrinted):
			h.r.Fatalf("a receipt is begun though the sale is %s and its paper %s", p.Bill.State, b.Paper)
		case act.OfSale != (act.Attempt.ID == 0):
			h.r.Fatalf("an act of a sale is about attempt %s", act.Attempt.ID)
		}
		if !act.OfSale && !reflect.DeepEqual(act.Attempt, p.After) || !reflect.DeepEqual(act.Bill, p.Bill) {
			h.r.Fatalf("an act is about the attempt or the sale as they were before its commit")
		}
	}
	if open := slices.DeleteFunc(slices.Clone(p.Bill.Parts), func(part txn.Part) bool { return !part.Open() }); len(open) > 1 || p.Bill.TakenMinor() > 100 {
		h.r.Fatalf("%d parts are not known at once, %d of 100 are taken", len(open), p.Bill.TakenMinor())
	}
	if !reflect.DeepEqual(b, p.Bill) {
		writtenOnce(h.r, p)
	} else if all := billsOf(p); len(all) != 0 {
		h.r.Fatalf("a bill that stays is written %d times", len(all))
	}
	h.approved[p.After.ID] = h.approved[p.After.ID] || p.After.State == txn.Approved
}
