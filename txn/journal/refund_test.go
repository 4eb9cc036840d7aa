package journal_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// refundedGoods sells a piece and a weight, and gives some of it back in every way in which that can end. It returns the sale's bill.
func refundedGoods(t *testing.T, j *journal.Journal) txn.Bill {
	t.Helper()
	paid := beginSale(t, j, ofEachUnit(t))
	b := planned(t, j)(plan.Move(viewOf(t, j, true), matter(t, j, paid.ID), txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{RRN: "7"}})).Bill
	b = papered(t, j, b, txn.Printed)
	evidence := txn.Evidence{As: txn.NeverOurs, Document: "letter.pdf", SHA256: "0000000000000000000000000000000000000000000000000000000000000000", Who: "Li Na"}
	for _, ends := range [][]txn.Event{
		{{Kind: txn.BankDeclined}},
		{{Kind: txn.GaveUp, Reason: txn.NoAnswer}, {Kind: txn.RefusedLate}},
		{{Kind: txn.GaveUp, Reason: txn.NoAnswer}, {Kind: txn.Resolved, Evidence: evidence}},
		{{Kind: txn.Restarted}, {Kind: txn.BankApprovedLate, Answer: txn.Answer{RRN: "8"}}},
	} {
		b = goodsBack(t, j, b, sale.OneE5, ends...)
	}
	return b
}

// goodsBack takes some of the first line of a sale back, and has the refund end so.
func goodsBack(t *testing.T, j *journal.Journal, b txn.Bill, quantityE5 int64, ends ...txn.Event) txn.Bill {
	t.Helper()
	sold, err := j.Sale(ctx, b.SaleID)
	if err != nil {
		t.Fatal(err)
	}
	want := []sale.Want{{Line: 0, QuantityE5: quantityE5}}
	_, minor, err := sale.Back(sold.Lines, b.Returned(), want)
	if err != nil {
		t.Fatal(err)
	}
	paid := matter(t, j, b.Parts[0].ID).Attempt
	refund := txn.Attempt{Kind: txn.Refund, Tender: txn.Card, Original: paid.ID, OpenedMs: 3000, Amount: money.Amount{Minor: minor, Currency: money.CNY}}
	p := planned(t, j)(plan.BeginReturn(viewOf(t, j, false), txn.Matter{Attempt: refund, Bill: b, Original: &paid}, sold, want, minor, []byte("sealed")))
	move(t, j, p.After, ends...)
	return billOf(t, j, b.SaleID)
}

// Goods that came back, and what became of their money, are read again as they were, also by books that begin with a later day.
func TestReturnsAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	before := refundedGoods(t, j)
	if len(before.Returns) != 4 || before.Returned()[0] != sale.OneE5 || before.State != txn.BillReturnedInPart {
		t.Fatalf("%+v, came back %v", before, before.Returned())
	}
	commit(t, j, txn.Synced, txn.DayClosed{Batch: 1, Z: 1, Totals: []byte("{}"), AtMs: 5}, txn.DayOpened{Batch: 2, Currency: "CNY", AtMs: 5})
	after := goodsBack(t, j, before, 2*sale.OneE5, txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{RRN: "9"}})
	close(t, j)
	j = open(t, dir)
	defer close(t, j)
	if b := billOf(t, j, before.SaleID); b.Returned()[0] != 3*sale.OneE5 || len(b.Returns) != len(after.Returns) {
		t.Errorf("came back %v", b.Returned())
	}
	if _, err := j.Verify(ctx); err != nil {
		t.Error(err)
	}
	if p, err := j.Proven(ctx); err != nil || len(p.Attempts) != 1 {
		t.Errorf("the second day is proved as %+v, %v", p.Attempts, err)
	}
}

// A return of more than was sold, or for more than was paid for it, does not verify, whoever wrote it.
func TestAReturnThatWasNotSoldDoesNotVerify(t *testing.T) {
	for name, change := range map[string]func(*txn.Return){
		"more money": func(r *txn.Return) { r.AmountMinor++; r.Lines[0].AmountMinor++ },
		"more goods": func(r *txn.Return) { r.Lines[0].QuantityE5 = 9 * sale.OneE5 },
		"other tax":  func(r *txn.Return) { r.Lines[0].Taxes[0].AmountMinor++ },
		"a number":   func(r *txn.Return) { r.Number = 7 },
	} {
		j := open(t, t.TempDir())
		b := refundedGoods(t, j)
		sold, err := j.Sale(ctx, b.SaleID)
		if err != nil {
			t.Fatal(err)
		}
		lines, minor, err := sale.Back(sold.Lines, b.Returned(), []sale.Want{{Line: 0, QuantityE5: sale.OneE5}})
		if err != nil {
			t.Fatal(err)
		}
		r := txn.Return{Number: len(b.Returns) + 1, Lines: lines, AmountMinor: minor}
		change(&r)
		commit(t, j, txn.Synced, txn.ReturnOpened{SaleID: b.SaleID, Return: r})
		if _, err := j.Verify(ctx); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		close(t, j)
	}
}
