package casework_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"veratill/app/casework"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/journal"
	"veratill/txn/sale"
	"veratill/txn/slips"
)

// books are some payments and a case about the first one.
type books struct {
	attempts []txn.Attempt
	kept     txn.SlipKept
}

func (b books) Cases(context.Context) ([]txn.Case, error) {
	return []txn.Case{{Number: 1, Attempt: b.attempts[0].ID, Claim: txn.ClaimTwice, State: txn.CaseReceived}}, nil
}

func (b books) Attempt(_ context.Context, id txn.ID) (txn.Attempt, error) {
	i := slices.IndexFunc(b.attempts, func(a txn.Attempt) bool { return a.ID == id })
	if i < 0 {
		return txn.Attempt{}, journal.ErrNotFound
	}
	return b.attempts[i], nil
}

func (b books) Bill(_ context.Context, id int64) (txn.Bill, error) {
	f := factsOf(b.attempts[0], txn.ClaimTwice)
	for _, a := range b.attempts[1:] {
		if a.SaleID == b.attempts[0].SaleID {
			f.Bill.Parts = append(f.Bill.Parts, txn.Part{ID: a.ID, Kind: a.Kind, Tender: a.Tender, State: a.State, AmountMinor: a.Amount.Minor})
		}
	}
	f.Bill.Prints = []txn.Print{{ID: 3, Kind: txn.PrintOriginal, AtMs: at.UnixMilli(), Outcome: txn.Printed}}
	return f.Bill, nil
}

func (b books) Sale(context.Context, int64) (sale.Sale, error) {
	return factsOf(b.attempts[0], txn.ClaimTwice).Sale, nil
}

func (b books) Slip(_ context.Context, printID int64) (txn.SlipKept, error) {
	if b.kept.Print != printID {
		return txn.SlipKept{}, journal.ErrNotFound
	}
	return b.kept, nil
}

func (b books) Between(_ context.Context, fromMs, toMs int64) ([]txn.Attempt, error) {
	return b.attempts, nil
}
func (b books) Head() (int64, [32]byte)                       { return 9, [32]byte{1} }
func (b books) HeadAt(context.Context, int64) (string, error) { return "aa", nil }
func (b books) Identity() txn.Identity                        { return txn.Identity{Books: "b"} }
func (b books) Numbers() txn.Numbers                          { return txn.Numbers{Last: 77} }
func (b books) SettlementsOf(_ context.Context, batch int64) ([]txn.Settlement, error) {
	return []txn.Settlement{{Batch: batch, Line: "another"}, {Batch: batch, Line: b.attempts[0].Line, State: txn.SettlementBalanced}}, nil
}

// store has one slip.
type store map[string][]byte

func (s store) Read(name string, _ time.Time) ([]byte, error) {
	if slip, there := s[name]; there {
		return slip, nil
	}
	return nil, fmt.Errorf("%w: %s", slips.ErrNotKept, name)
}

func TestAnotherPaymentWithTheCardAndTheAmountIsShown(t *testing.T) {
	first := payment(txn.Approved)
	other := func(id txn.ID, change func(*txn.Attempt)) txn.Attempt {
		a := payment(txn.Approved)
		a.ID, a.SaleID = id, int64(id)
		change(&a)
		return a
	}
	all := []txn.Attempt{first,
		other(50, func(*txn.Attempt) {}),
		other(51, func(a *txn.Attempt) { a.Amount.Minor++ }),
		other(52, func(a *txn.Attempt) { a.Card.Masked = "622202*********9999" }),
		other(53, func(a *txn.Attempt) { a.OpenedMs += 25 * 3_600_000 }),
		other(54, func(a *txn.Attempt) { a.Kind = txn.Void }),
		other(55, func(a *txn.Attempt) { a.SaleID = first.SaleID }),
		other(56, func(a *txn.Attempt) { a.OpenedMs -= 23 * 3_600_000; a.State = txn.Reversed }),
	}
	f, err := casework.Gather(t.Context(), books{attempts: all}, store{}, 1, at)
	if err != nil {
		t.Fatal(err)
	}
	var shown []txn.ID
	for _, a := range f.Others {
		shown = append(shown, a.ID)
	}
	if !slices.Equal(shown, []txn.ID{50, 56}) {
		t.Errorf("shown are %v", shown)
	}
	if len(f.Others[0].Goods) != 1 {
		t.Errorf("what it paid is not there: %+v", f.Others[0])
	}
	if len(f.Parts) != 2 || f.Parts[1].ID != 55 || f.Last != 77 || f.Settlement.State != txn.SettlementBalanced {
		t.Errorf("parts %v, last number %d, settlement %s", f.Parts, f.Last, f.Settlement.State)
	}
}

// Of a payment whose card nobody knows no other one is its customer's: two of an amount are two customers'.
func TestOfAPaymentWithoutACardNoOtherIsShown(t *testing.T) {
	first, other := payment(txn.Approved), payment(txn.Approved)
	first.Tender, first.Card = txn.Code, txn.CardFacts{}
	other.ID, other.SaleID, other.Tender, other.Card = 50, 50, txn.Code, txn.CardFacts{}
	f, err := casework.Gather(t.Context(), books{attempts: []txn.Attempt{first, other}}, store{}, 1, at)
	if err != nil || len(f.Others) != 0 {
		t.Errorf("%v, %v", f.Others, err)
	}
}

// What files and messages say of a payment goes into its case's pages.
func TestAnAffairHasFilesAndMessages(t *testing.T) {
	first := payment(txn.Reversed)
	d := casework.Disputes{Books: books{attempts: []txn.Attempt{first}}, Slips: store{}, Files: filed{first.ID}, Now: time.Now}
	of, err := d.Affair(t.Context(), first.ID)
	if err != nil || len(of.Parts) != 1 || len(of.Filed.Items) != 1 {
		t.Errorf("%+v, %v", of, err)
	}
}

// filed says of one attempt that a bank keeps it.
type filed struct{ id txn.ID }

func (f filed) Filed(_ context.Context, ids []txn.ID) present.Filed {
	if !slices.Contains(ids, f.id) {
		return present.Filed{}
	}
	return present.Filed{Items: []present.FiledItem{{Item: clearing.Item{Key: "attempt 42", Attempt: f.id, Class: clearing.Kept}}}}
}

func TestASlipIsThereLostOrWasNeverPrinted(t *testing.T) {
	name := slips.Name([]byte("slip"))
	named := txn.SlipKept{Print: 3, SaleID: 9, SHA256: name, AtMs: at.UnixMilli()}
	for want, of := range map[string]struct {
		kept  txn.SlipKept
		store store
	}{"there": {named, store{name: []byte("slip")}}, "lost": {named, store{}}, "none": {txn.SlipKept{}, store{}}} {
		f, err := casework.Gather(t.Context(), books{[]txn.Attempt{payment(txn.Approved)}, of.kept}, of.store, 1, at)
		got := "none"
		switch {
		case f.Slip.Lost:
			got = "lost"
		case f.Slip.Bytes != nil:
			got = "there"
		}
		if got != want || err != nil {
			t.Errorf("%s, and not %s: %v", got, want, err)
		}
	}
}

func TestACaseThatNobodyOpenedIsNotFound(t *testing.T) {
	if _, err := casework.Gather(t.Context(), books{attempts: []txn.Attempt{payment(txn.Approved)}}, store{}, 2, at); err == nil {
		t.Error("case 2 was found")
	}
}
