package journal_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// partOf begins a part of a sale.
func partOf(t *testing.T, j *journal.Journal, b txn.Bill, tender txn.Tender, minor int64) plan.Plan {
	t.Helper()
	a := txn.Attempt{Kind: txn.Sale, Tender: tender, Amount: money.Amount{Minor: minor, Currency: money.CNY}, OpenedMs: 2000}
	return planned(t, j)(plan.Begin(viewOf(t, j, true), txn.Matter{Attempt: a, Bill: b}, nil, nil))
}

// partPaid opens a sale of 12.50 and takes 3.00 of it by card.
func partPaid(t *testing.T, j *journal.Journal) txn.Bill {
	t.Helper()
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: 300, Currency: money.CNY}, OpenedMs: 2000}
	opened := txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: 1250}, Batch: j.OpenDay().Batch, AtMs: 2000}
	begun := planned(t, j)(plan.Begin(viewOf(t, j, true), txn.Matter{Attempt: a}, &opened, []byte("sealed")))
	return planned(t, j)(plan.Move(viewOf(t, j, true), txn.Matter{Attempt: begun.After, Bill: begun.Bill}, txn.Event{Kind: txn.BankApproved})).Bill
}

// undoLast voids the newest payment of a sale that stands, and has the bank say yes.
func undoLast(t *testing.T, j *journal.Journal, b txn.Bill) plan.Plan {
	t.Helper()
	undone := matter(t, j, plan.ToUndo(b)[0].ID).Attempt
	void := txn.Attempt{Kind: txn.Void, Tender: undone.Tender, Amount: undone.Amount, Original: undone.ID, OpenedMs: 2000}
	p := planned(t, j)(plan.Begin(viewOf(t, j, true), txn.Matter{Attempt: void, Bill: b, Original: &undone}, nil, nil))
	if p.After.Concluded() {
		return p
	}
	return planned(t, j)(plan.Move(viewOf(t, j, true), txn.Matter{Attempt: p.After, Bill: p.Bill, Original: &undone}, txn.Event{Kind: txn.BankApproved}))
}

// slipEnded ends the slip of a void.
func slipEnded(t *testing.T, j *journal.Journal, p plan.Plan) txn.Bill {
	t.Helper()
	move(t, j, p.After, txn.Event{Kind: txn.PrintEnded, PrintID: p.After.Prints[0].ID, Outcome: txn.Printed})
	return billOf(t, j, p.Bill.SaleID)
}

// ofEachEnd makes a sale of each end that a sale can have, with every kind of paper that it can have, and returns
// their states as they are to be read again.
func ofEachEnd(t *testing.T, j *journal.Journal) map[int64]txn.BillState {
	t.Helper()
	given := txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, Lines: []sale.Line{{Code: "1", Unit: sale.Piece, QuantityE5: sale.OneE5}}}, Batch: j.OpenDay().Batch, AtMs: 2000}
	free := papered(t, j, planned(t, j)(plan.Open(viewOf(t, j, true), given)).Bill, txn.Printed)

	split := partPaid(t, j)
	first := matter(t, j, split.Parts[0].ID)
	slip := planned(t, j)(plan.Paper(viewOf(t, j, true), first, txn.SlipBegun)).After
	move(t, j, slip, txn.Event{Kind: txn.PrintEnded, PrintID: slip.Prints[0].ID, Outcome: txn.Printed})
	split = papered(t, j, partOf(t, j, billOf(t, j, split.SaleID), txn.Cash, 950).Bill, txn.Printed)
	copied := planned(t, j)(plan.Paper(viewOf(t, j, true), txn.Matter{Bill: split}, txn.CopyBegun)).Bill
	split = papered(t, j, copied, txn.PaperUnknown)

	inPart := papered(t, j, partOf(t, j, partPaid(t, j), txn.Cash, 950).Bill, txn.Printed)
	inPart = slipEnded(t, j, undoLast(t, j, inPart))

	returned := papered(t, j, partOf(t, j, partPaid(t, j), txn.Cash, 950).Bill, txn.Printed)
	returned = slipEnded(t, j, undoLast(t, j, slipEnded(t, j, undoLast(t, j, returned))))

	dropped := slipEnded(t, j, undoLast(t, j, partPaid(t, j)))
	return map[int64]txn.BillState{free.SaleID: txn.BillPaid, split.SaleID: txn.BillPaid, inPart.SaleID: txn.BillReturnedInPart,
		returned.SaleID: txn.BillReturned, dropped.SaleID: txn.BillDropped}
}

// sameBills fails unless the journal reads each sale as it was, and its rows are what its entries amount to.
func sameBills(t *testing.T, j *journal.Journal, want []txn.Bill) {
	t.Helper()
	got, err := j.Bills(ctx, 1)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the day's sales are\n%+v, want\n%+v, %v", got, want, err)
	}
	if _, err := j.Verify(ctx); err != nil {
		t.Error(err)
	}
}

func billsOf(t *testing.T, j *journal.Journal) []txn.Bill {
	t.Helper()
	all, err := j.Bills(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Sales are read again as they were, whatever their end: by their number, by their day, and as what is owed only while
// one is unfinished.
func TestBillsAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	ends := ofEachEnd(t, j)
	if owed, err := j.OwedBills(ctx); err != nil || len(owed) != 0 {
		t.Errorf("owed are %+v, %v", owed, err)
	}
	unfinished := partPaid(t, j)
	unpapered := sell(t, j).Bill
	before := billsOf(t, j)
	close(t, j)
	j = open(t, dir)
	defer close(t, j)
	sameBills(t, j, before)
	if len(before) != len(ends)+2 || !slices.IsSortedFunc(before, func(a, b txn.Bill) int { return int(a.SaleID - b.SaleID) }) {
		t.Errorf("the day has %d sales of %d, in order: %+v", len(before), len(ends)+2, before)
	}
	for sale, want := range ends {
		if b := billOf(t, j, sale); b.State != want || b.SaleID != sale {
			t.Errorf("sale %d is %s, want %s", sale, b.State, want)
		}
	}
	owed, err := j.OwedBills(ctx)
	if err != nil || !reflect.DeepEqual(owed, []txn.Bill{unfinished, unpapered}) {
		t.Errorf("owed are %+v, %v; want %+v and %+v", owed, err, unfinished, unpapered)
	}
	if _, err := j.Bill(ctx, 1); !errors.Is(err, journal.ErrNotFound) {
		t.Errorf("a sale that was never opened: %v", err)
	}
}

// A sale is of the day in which it was paid, and until then of the day in which it was opened.
func TestBillIsOfTheDayInWhichItWasPaid(t *testing.T) {
	j := open(t, t.TempDir())
	defer close(t, j)
	b := partPaid(t, j)
	if first, err := j.Bills(ctx, 1); err != nil || len(first) != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	commit(t, j, txn.Synced, txn.DayClosed{Batch: 1, Z: 1, AtMs: 5}, txn.DayOpened{Batch: 2, Currency: "CNY", AtMs: 5})
	partOf(t, j, b, txn.Cash, 950)
	first, err := j.Bills(ctx, 1)
	second, err2 := j.Bills(ctx, 2)
	if err != nil || err2 != nil || len(first) != 0 || len(second) != 1 || second[0].State != txn.BillPaid {
		t.Errorf("the first day has %+v, the second %+v: %v, %v", first, second, err, err2)
	}
	if _, err := j.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// The file that follows a failed sync, and a backup that is put back, hold every sale as it was, a part of one that was begun in the
// commit that failed too.
func TestBillsSurviveACopy(t *testing.T) {
	j, d := failing(t)
	ofEachEnd(t, j)
	b := partPaid(t, j)
	failSyncs(d, 1)
	b = partOf(t, j, b, txn.Card, 100).Bill
	if j.Generation() != 2 {
		t.Fatalf("it is in file %d", j.Generation())
	}
	if got := billOf(t, j, b.SaleID); !reflect.DeepEqual(got, b) {
		t.Errorf("after the failed sync the sale is %+v, want %+v", got, b)
	}
	want := billsOf(t, j)
	sameBills(t, j, want)
	if err := j.Backup(ctx, d.Root()+"/updates/books.db"); err != nil {
		t.Fatal(err)
	}
	d = killed(t, d, j)
	if err := journal.Restore(ctx, dirOn(d), d.Root()+"/updates/books.db", journal.Options{Disk: d}); err != nil {
		t.Fatal(err)
	}
	again, err := journal.Open(ctx, dirOn(d), journal.Options{Disk: d})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Abandon()
	sameBills(t, again, want)
}

// A newer version of the machine writes the sales anew from the entries, over whatever the rows say.
func TestLiftedBooksHaveTheirBillsAnew(t *testing.T) {
	dir := oldBooks(t)
	tamper(t, dir, "INSERT INTO bill VALUES (77, 1, 1, '{}')")
	d, on := onDisk(t, dir)
	j := openedBy(t, on, d, two())
	defer j.Abandon()
	bills := billsOf(t, j)
	var states []txn.BillState
	for _, b := range bills {
		states = append(states, b.State)
	}
	if want := []txn.BillState{txn.BillPaid, txn.BillDropped, txn.BillOpen}; !slices.Equal(states, want) {
		t.Errorf("the sales are %v, want %v", states, want)
	}
	sameBills(t, j, bills)
}

// A card part costs its customer two syncs: one before it is sent, one for its approval with all that follows from it, also
// where it completes the sum.
func TestCardPartIsTwoSyncs(t *testing.T) {
	j, d := failing(t)
	b := partPaid(t, j)
	syncs := 0
	d.Hook = func(c simdisk.Call) simdisk.Fault {
		if c.Kind == simdisk.Sync {
			syncs++
		}
		return simdisk.None
	}
	for _, minor := range []int64{100, 850} {
		syncs = 0
		begun := partOf(t, j, b, txn.Card, minor)
		b = planned(t, j)(plan.Move(viewOf(t, j, true), txn.Matter{Attempt: begun.After, Bill: begun.Bill}, txn.Event{Kind: txn.BankApproved})).Bill
		if syncs != 2 {
			t.Errorf("a part of %d was %d syncs", minor, syncs)
		}
	}
	if b.State != txn.BillPaid || b.Paper != txn.Printing {
		t.Errorf("the sale is %s, its paper %s", b.State, b.Paper)
	}
}

// A backup is checked with its sales: one that was changed in it is found.
func TestBackupWithAnotherBillIsDamaged(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	partPaid(t, j)
	backup := filepath.Join(dir, "backup", journal.Name(1))
	if err := j.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	close(t, j)
	if _, err := journal.CheckBackup(ctx, backup, journal.Options{Disk: disk.System{}}); err != nil {
		t.Fatal(err)
	}
	tamper(t, filepath.Dir(backup), "UPDATE bill SET body = replace(body, 'part paid', 'paid')")
	if _, err := journal.CheckBackup(ctx, backup, journal.Options{Disk: disk.System{}}); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("%v", err)
	}
}
