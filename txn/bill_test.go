package txn_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// opened is a new sale of an amount.
func opened(minor int64) txn.SaleOpened {
	return txn.SaleOpened{Sale: sale.Sale{ID: 5, Currency: money.CNY, TotalMinor: minor}, Batch: 1, AtMs: 9}
}

// part is a payment of the sale, with a number of its own.
func part(stan int64, tender txn.Tender, minor int64, state txn.State) txn.Attempt {
	a := txn.Attempt{ID: txn.ID(1_000_000 + stan), Batch: 1, SaleID: 5, Kind: txn.Sale, Tender: tender, State: state, EndedMs: 10,
		Amount: money.Amount{Minor: minor, Currency: money.CNY}}
	return a
}

// voidOf is the void of a payment, in a state.
func voidOf(a txn.Attempt, stan int64, state txn.State) txn.Attempt {
	v := part(stan, a.Tender, a.Amount.Minor, state)
	v.Kind, v.Original = txn.Void, a.ID
	return v
}

// took takes attempts into a bill.
func took(t interface{ Fatal(...any) }, b txn.Bill, attempts ...txn.Attempt) txn.Bill {
	for _, a := range attempts {
		d, err := txn.TakePart(b, a)
		if err != nil {
			t.Fatal(err)
		}
		b = d.After
	}
	return b
}

// bill is a bill of two parts in a state, as the machine itself would have left it, with what became of its receipt.
func bill(state txn.BillState, paper txn.Paper) txn.Bill {
	d, err := txn.OpenBill(opened(100))
	if err != nil {
		panic(err)
	}
	b, first, second := d.After, part(1, txn.Card, 60, txn.Approved), part(2, txn.Card, 40, txn.Approved)
	gone := func(a txn.Attempt) txn.Attempt { a.State = txn.Voided; return a }
	must := panics{}
	switch state {
	case txn.BillOpen:
		b = took(must, b, part(1, txn.Card, 60, txn.Pending))
	case txn.BillPartPaid:
		b = took(must, b, first)
	case txn.BillPaid:
		b = took(must, b, first, second)
	case txn.BillDropped:
		b = took(must, b, part(1, txn.Card, 60, txn.Declined))
	case txn.BillReturnedInPart:
		b = took(must, b, first, second, voidOf(second, 3, txn.Approved), gone(second))
	case txn.BillReturned:
		b = took(must, b, first, second, voidOf(second, 3, txn.Approved), gone(second), voidOf(first, 4, txn.Approved), gone(first))
	}
	if state == txn.BillTakenBack {
		o := opened(100)
		o.Sale.NoReceipt = true
		if d, err = txn.OpenBill(o); err != nil {
			panic(err)
		}
		back := part(1, txn.Cash, 100, txn.Approved)
		back.Kind, back.NoReceipt = txn.Refund, true
		b = took(must, d.After, back)
	}
	if b.Paper = paper; paper != txn.NoPaper {
		b.Prints = []txn.Print{{ID: 7, Kind: txn.PrintOriginal, Outcome: paper}}
	}
	return b
}

type panics struct{}

func (panics) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

const (
	billBegins = "<!-- sales: printed by go test ./txn -update -->\n"
	billEnds   = "<!-- end of sales -->"
)

// billTable prints what becomes of a sale of 1.00 by its parts, and what its machine allows of its paper.
func billTable() string {
	var b strings.Builder
	b.WriteString("| sale | its parts | what happens | becomes | commit at least | then |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, s := range txn.BillStates {
		for _, a := range arrivals(bill(s, txn.NoPaper)) {
			d, err := txn.TakePart(bill(s, txn.NoPaper), a.attempt)
			if err != nil {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", s, partsOf(bill(s, txn.NoPaper)), a.what, d.After.State, d.Durability, effectsOf(d))
		}
	}
	b.WriteString("\n| sale, receipt | event | receipt becomes | commit | then |\n| --- | --- | --- | --- | --- |\n")
	for _, s := range txn.BillStates {
		for _, p := range txn.Papers {
			before := bill(s, p)
			if p != txn.NoPaper && !before.WasPaid() {
				continue
			}
			for _, k := range txn.EventKinds {
				if d, err := txn.StepBill(before, event(k)); err == nil {
					fmt.Fprintf(&b, "| %s, %s | %s | %s | %s | %s |\n", s, p, k, d.After.Paper, d.Durability, effectsOf(d))
				}
			}
		}
	}
	return b.String()
}

// arrival is an attempt that a sale may meet, in words.
type arrival struct {
	what    string
	attempt txn.Attempt
}

func arrivals(b txn.Bill) []arrival {
	rest := b.Rest().Minor
	all := []arrival{
		{"a card part below the rest is begun", part(8, txn.Card, 10, txn.Pending)},
		{"a card part of the rest is begun", part(8, txn.Card, rest, txn.Pending)},
		{"a card part above the rest is begun", part(8, txn.Card, rest+1, txn.Pending)},
		{"cash below the rest is taken", part(8, txn.Cash, 10, txn.Approved)},
		{"cash of the rest is taken", part(8, txn.Cash, rest, txn.Approved)},
	}
	for _, p := range b.Parts {
		is := part(p.ID.STAN(), p.Tender, p.AmountMinor, p.State)
		is.Kind, is.Original = p.Kind, p.Original
		switch {
		case p.Open():
			for _, state := range []txn.State{txn.Approved, txn.Declined, txn.Reversing, txn.Reversed} {
				is.State = state
				all = append(all, arrival{fmt.Sprintf("part %d is %s", p.ID.STAN(), state), is})
			}
		case p.Stands():
			all = append(all, arrival{fmt.Sprintf("a void of part %d is begun", p.ID.STAN()), voidOf(is, 9, txn.Pending)})
			is.State = txn.Voided
			all = append(all, arrival{fmt.Sprintf("part %d is voided", p.ID.STAN()), is})
		}
	}
	return all
}

func partsOf(b txn.Bill) string {
	var all []string
	for _, p := range b.Parts {
		all = append(all, fmt.Sprintf("%s of 0.%02d %s", map[txn.Kind]string{txn.Sale: "part", txn.Void: "void"}[p.Kind], p.AmountMinor, p.State))
	}
	return strings.Join(all, ", ")
}

func effectsOf(d txn.BillDecision) string {
	all := make([]string, len(d.Effects))
	for i, e := range d.Effects {
		all[i] = string(e)
	}
	return strings.Join(all, ", ")
}

// The part that completes the sum makes the sale paid, in a synced commit that asks for the receipt, and no other part does.
func TestTheLastPartMakesTheSalePaid(t *testing.T) {
	b := bill(txn.BillPartPaid, txn.NoPaper)
	if b.State != txn.BillPartPaid || b.Rest().Minor != 40 || b.Unpapered() || txn.BillAllowed(b, txn.PrintBegun) {
		t.Fatalf("after a part: %+v", b)
	}
	d, err := txn.TakePart(b, part(2, txn.Cash, 40, txn.Approved))
	if err != nil || d.After.State != txn.BillPaid || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.PrintReceipt}) {
		t.Fatalf("after the last part: %+v, %v", d, err)
	}
	if d.After.Rest().Minor != 0 || !d.After.Unpapered() || d.After.Batch != 1 {
		t.Errorf("a paid sale owes %d, unpapered %v, batch %d", d.After.Rest().Minor, d.After.Unpapered(), d.After.Batch)
	}
}

// Rule 2: the intent to print a receipt, or a copy, is durable before the printer gets a byte.
func TestIntentToPrintASaleIsDurable(t *testing.T) {
	for kind, paper := range map[txn.EventKind]txn.Paper{txn.PrintBegun: txn.NotPrinted, txn.CopyBegun: txn.Printed} {
		d, err := txn.StepBill(bill(txn.BillPaid, paper), txn.Event{Kind: kind, PrintID: 9})
		if err != nil || d.Durability != txn.Synced || d.After.Prints[len(d.After.Prints)-1].ID != 9 {
			t.Errorf("%s: %+v, %v", kind, d, err)
		}
	}
}

// While nobody knows whether a payment was given back no copy says that it is paid; once it is known, one may.
func TestNoCopyWhileAVoidIsNotKnown(t *testing.T) {
	b := bill(txn.BillPaid, txn.Printed)
	for state, may := range map[txn.State]bool{txn.Pending: false, txn.Reversing: false, txn.Unresolved: false, txn.Reversed: true, txn.Declined: true} {
		b.Parts = []txn.Part{{ID: 7, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 100, Paid: true},
			{ID: 8, Kind: txn.Void, Tender: txn.Card, State: state, AmountMinor: 100, Original: 7}}
		if _, err := txn.StepBill(b, txn.Event{Kind: txn.CopyBegun, PrintID: 9}); (err == nil) != may {
			t.Errorf("while the void is %s: %v", state, err)
		}
		b.Parts[1].Kind = txn.Refund // the sale was paid all the same: a copy says what is not known
		if _, err := txn.StepBill(b, txn.Event{Kind: txn.CopyBegun, PrintID: 9}); err != nil {
			t.Errorf("while a refund is %s: %v", state, err)
		}
	}
}

// Nothing that is given back makes a sale unpaid: it is returned, and takes no part any more.
func TestPaidIsNeverUnpaid(t *testing.T) {
	for _, s := range []txn.BillState{txn.BillReturnedInPart, txn.BillReturned} {
		b := bill(s, txn.Printed)
		if b.State != s || !b.WasPaid() || b.Rest().Minor != 0 {
			t.Errorf("%s: %+v", s, b)
		}
		if _, err := txn.TakePart(b, part(8, txn.Card, 10, txn.Pending)); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s takes another part: %v", s, err)
		}
		if txn.BillAllowed(bill(s, txn.NoPaper), txn.PrintBegun) {
			t.Errorf("%s gets a receipt without a mark", s)
		}
	}
}

// No part begins while another is not known, none goes above the rest, and cash is the last.
func TestPartsThatMayNotBegin(t *testing.T) {
	for name, c := range map[string]struct {
		before txn.Bill
		part   txn.Attempt
	}{
		"a part that is not known goes first":      {bill(txn.BillOpen, txn.NoPaper), part(8, txn.Card, 10, txn.Pending)},
		"not more than the rest":                   {bill(txn.BillPartPaid, txn.NoPaper), part(8, txn.Card, 41, txn.Pending)},
		"cash is the last part":                    {bill(txn.BillPartPaid, txn.NoPaper), part(8, txn.Cash, 39, txn.Approved)},
		"a void of more than its payment":          {bill(txn.BillPartPaid, txn.NoPaper), voidOf(part(1, txn.Card, 61, txn.Approved), 8, txn.Pending)},
		"a void of what does not stand":            {bill(txn.BillReturned, txn.NoPaper), voidOf(part(1, txn.Card, 60, txn.Approved), 8, txn.Pending)},
		"a void while another part is not known":   {took(t, bill(txn.BillPartPaid, txn.NoPaper), part(2, txn.Card, 10, txn.Reversing)), voidOf(part(1, txn.Card, 60, txn.Approved), 8, txn.Pending)},
		"a part of which its bank says no more":    {took(t, took(t, bill(txn.BillPartPaid, txn.NoPaper), part(2, txn.Card, 10, txn.Reversing)), part(2, txn.Card, 10, txn.Unresolved)), part(8, txn.Cash, 40, txn.Approved)},
		"a part of a sale that is paid":            {bill(txn.BillPaid, txn.NoPaper), part(8, txn.Card, 1, txn.Pending)},
		"a part that names another sale":           {bill(txn.BillPartPaid, txn.NoPaper), func() txn.Attempt { a := part(8, txn.Card, 1, txn.Pending); a.SaleID = 6; return a }()},
		"a part in another currency than the sale": {bill(txn.BillPartPaid, txn.NoPaper), func() txn.Attempt { a := part(8, txn.Card, 1, txn.Pending); a.Amount.Currency = money.JPY; return a }()},
	} {
		if d, err := txn.TakePart(c.before, c.part); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s: %+v, %v", name, d.After, err)
		}
	}
}

// A sale of 0.00 with a line is paid as it is opened, and gets its receipt; without a line it is no sale.
func TestSaleOfNothingIsPaidAtOnce(t *testing.T) {
	o := opened(0)
	if _, err := txn.OpenBill(o); !errors.Is(err, txn.ErrImpossible) {
		t.Errorf("a sale without a line: %v", err)
	}
	o.Sale.Lines = []sale.Line{{Code: "1", QuantityE5: sale.OneE5}}
	d, err := txn.OpenBill(o)
	if err != nil || d.After.State != txn.BillPaid || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.PrintReceipt}) {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := txn.TakePart(d.After, part(1, txn.Cash, 1, txn.Approved)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("it takes a part: %v", err)
	}
	o.Sale.TotalMinor = 1
	if _, err := txn.OpenBill(o); !errors.Is(err, txn.ErrImpossible) {
		t.Errorf("a total that its lines do not come to: %v", err)
	}
}

// A start has to look at a sale that is paid in part, and a person hears of it.
func TestStartTellsOfASalePaidInPart(t *testing.T) {
	b := bill(txn.BillPartPaid, txn.NoPaper)
	d, err := txn.StepBill(b, txn.Event{Kind: txn.Restarted})
	if !b.Owes() || err != nil || !slices.Contains(d.Effects, txn.TellPerson) {
		t.Errorf("owes %v, %+v, %v", b.Owes(), d, err)
	}
	for _, s := range []txn.BillState{txn.BillDropped, txn.BillReturned, txn.BillReturnedInPart} {
		if b := bill(s, txn.Printed); b.Owes() || txn.BillAllowed(b, txn.Restarted) {
			t.Errorf("%s: owes %v", s, b.Owes())
		}
	}
	d, err = txn.StepBill(bill(txn.BillPaid, txn.Printing), txn.Event{Kind: txn.Restarted})
	if err != nil || d.After.Paper != txn.PaperUnknown || d.After.Prints[0].Outcome != txn.PaperUnknown {
		t.Errorf("a receipt that was being printed: %+v, %v", d.After, err)
	}
}

// Whatever parts come and go in whatever order: no more is taken than is owed, a receipt without a mark is begun only for a
// sale that is paid and only where none can have come out, and what was paid is never unpaid.
func TestAnyHistoryOfASaleKeepsThePromise(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d, err := txn.OpenBill(opened(rapid.Int64Range(1, 5).Draw(r, "total")))
		if err != nil {
			r.Fatal(err)
		}
		b, attempts := d.After, map[txn.ID]txn.Attempt{}
		for step := range int64(rapid.IntRange(1, 40).Draw(r, "steps")) {
			before := b
			if rapid.Bool().Draw(r, "paper") {
				b = paperStep(r, b, step)
			} else if a := anyAttempt(r, attempts, step+1); a.ID != 0 {
				d, err := txn.TakePart(b, a)
				if err != nil {
					continue
				}
				attempts[a.ID], b = a, d.After
			}
			if b.TakenMinor() > b.Total.Minor || before.WasPaid() && !b.WasPaid() || (b.State == txn.BillPaid) != (b.WasPaid() && b.TakenMinor() == b.Total.Minor) {
				r.Fatalf("%+v became %+v", before, b)
			}
		}
	})
}

// anyAttempt begins an attempt or ends one, as txn.Step would.
func anyAttempt(r *rapid.T, attempts map[txn.ID]txn.Attempt, stan int64) txn.Attempt {
	var open, standing []txn.Attempt
	for id := range int64(60) {
		a, known := attempts[txn.ID(1_000_000+id)]
		switch {
		case known && a.State == txn.Pending:
			open = append(open, a)
		case known && a.State == txn.Approved && a.Kind == txn.Sale:
			standing = append(standing, a)
		}
	}
	switch rapid.IntRange(0, 3).Draw(r, "what") {
	case 0:
		return part(stan, txn.Card, rapid.Int64Range(1, 5).Draw(r, "minor"), txn.Pending)
	case 1:
		return part(stan, txn.Cash, rapid.Int64Range(1, 5).Draw(r, "minor"), txn.Approved)
	case 2:
		if len(standing) > 0 {
			return voidOf(rapid.SampledFrom(standing).Draw(r, "payment"), stan, txn.Pending)
		}
	default:
		if len(open) > 0 {
			a := rapid.SampledFrom(open).Draw(r, "open")
			a.State = rapid.SampledFrom([]txn.State{txn.Approved, txn.Declined, txn.Reversed}).Draw(r, "end")
			return a
		}
	}
	return txn.Attempt{}
}

func paperStep(r *rapid.T, b txn.Bill, step int64) txn.Bill {
	e := txn.Event{Kind: rapid.SampledFrom([]txn.EventKind{txn.PrintBegun, txn.CopyBegun, txn.PrintEnded, txn.Restarted}).Draw(r, "event"),
		PrintID: rapid.Int64Range(1, step+1).Draw(r, "print"), Outcome: rapid.SampledFrom(txn.Papers).Draw(r, "outcome")}
	if e.Kind == txn.PrintBegun || e.Kind == txn.CopyBegun {
		e.PrintID = step + 1
	}
	d, err := txn.StepBill(b, e)
	if err != nil {
		return b
	}
	unmarked := 0
	for _, p := range d.After.Prints {
		if p.Kind == txn.PrintOriginal && p.Outcome != txn.NotPrinted {
			unmarked++
		}
	}
	if unmarked > 1 || e.Kind == txn.PrintBegun && b.State != txn.BillPaid {
		r.Fatalf("%d unmarked papers of a sale that is %s", unmarked, b.State)
	}
	return d.After
}

// A day begins with the first payment that was begun on it, not with the opening of a sale of a day before that it finishes.
func TestDayBeginsWithAPaymentOfItsOwn(t *testing.T) {
	paid := func(sale, opened int64) txn.Bill {
		return txn.Bill{SaleID: sale, OpenedMs: opened, Parts: []txn.Part{{ID: 2_000_001}}}
	}
	begun := func(sale, opened int64) txn.Attempt {
		return txn.Attempt{ID: 2_000_001, SaleID: sale, OpenedMs: opened}
	}
	for name, c := range map[string]struct {
		first  txn.Attempt
		lowest txn.Bill
		want   int64
	}{
		"nothing yet": {want: 0},
		"a sale that was dropped on a day before": {begun(4, 900), paid(4, 100), 900},
		"a sale of before that comes later":       {begun(9, 500), paid(4, 100), 500},
		"a sale of 0.00 alone":                    {txn.Attempt{}, txn.Bill{SaleID: 5, OpenedMs: 700}, 700},
		"a sale of 0.00 before a payment":         {begun(6, 900), txn.Bill{SaleID: 5, OpenedMs: 700}, 700},
		"a sale of 0.00 after a payment":          {begun(4, 600), txn.Bill{SaleID: 5, OpenedMs: 700}, 600},
	} {
		if got := txn.FirstMs(c.first, c.lowest); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// A part that would be a demonstration pays no sale that is none, whose receipt would not say so. What was begun as a
// demonstration stays one, whoever pays the rest.
func TestADemonstrationPaysNoOtherSale(t *testing.T) {
	for _, c := range []struct{ sale, part, allowed bool }{{false, false, true}, {true, true, true}, {false, true, false}, {true, false, true}} {
		o := opened(100)
		o.Demo = c.sale
		d, err := txn.OpenBill(o)
		if err != nil {
			t.Fatal(err)
		}
		a := part(1, txn.Card, 60, txn.Pending)
		a.Demo = c.part
		d, err = txn.TakePart(d.After, a)
		if (err == nil) != c.allowed || err != nil && !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("sale %t, part %t: %v", c.sale, c.part, err)
		}
		if m := (txn.Matter{Attempt: a, Bill: d.After}); err == nil && m.Demo() != (c.sale || c.part) {
			t.Errorf("sale %t, part %t: said to be a demonstration: %t", c.sale, c.part, m.Demo())
		}
	}
}
