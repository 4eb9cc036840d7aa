package fold_test

import (
	"errors"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// taken folds one entry of these records.
func taken(t *testing.T, records ...txn.Record) (*fold.Books, error) {
	t.Helper()
	body, err := fold.Encode(txn.Actor{By: "01", For: "boss", Why: "because"}, records)
	if err != nil {
		t.Fatal(err)
	}
	run := fold.NewRun(fold.Built())
	taken := run.Take(chain.Cursor{}.Next(txn.MachineVersion, 1, 1_000_009, body))
	books, err := run.Books()
	if err != nil {
		t.Fatal(err)
	}
	return books, taken
}

func attempt(state txn.State) txn.Attempt {
	return txn.Attempt{ID: 1_000_001, Batch: 1, SaleID: 1, Kind: txn.Sale, Tender: txn.Card, State: state, Paper: txn.NoPaper,
		Amount: money.Amount{Minor: 100, Currency: money.CNY}}
}

// opens is sale 1, of 1.00.
func opens() txn.SaleOpened {
	return txn.SaleOpened{Sale: sale.Sale{ID: 1, Currency: money.CNY, TotalMinor: 100}, Batch: 1}
}

// moves is an event of the attempt of these tests.
func moves(e txn.Event) txn.AttemptMoved { return txn.AttemptMoved{ID: 1_000_001, Event: e} }

// An attempt enters the books only as the machine begins one: nobody writes a payment that is paid already.
func TestAttemptOpenedAsPaidIsRefused(t *testing.T) {
	if books, err := taken(t, opens(), txn.AttemptOpened{Attempt: attempt(txn.Pending)}); err != nil || len(books.Attempts) != 1 {
		t.Errorf("a pending one: %v", err)
	}
	for _, s := range txn.States {
		if s == txn.Pending {
			continue
		}
		if _, err := taken(t, opens(), txn.AttemptOpened{Attempt: attempt(s)}); !errors.Is(err, fold.ErrWrong) {
			t.Errorf("opened as %s: %v", s, err)
		}
	}
}

// The actor of an entry is read again as it was written, once for all its records.
func TestActorIsTheEntrys(t *testing.T) {
	by := txn.Actor{By: "01", For: "boss", Why: "a \"reason\""}
	body, err := fold.Encode(by, []txn.Record{txn.Tidied{AtMs: 1}, txn.Tidied{AtMs: 2}})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := fold.Decode(body); err != nil || b.Actor != by || len(b.Records) != 2 {
		t.Errorf("%s is read as %+v, %v", body, b, err)
	}
}

// An attempt is of a sale that is open: one that nobody opened has nothing to be paid.
func TestAttemptOfNoSaleIsRefused(t *testing.T) {
	if _, err := taken(t, txn.AttemptOpened{Attempt: attempt(txn.Pending)}); !errors.Is(err, fold.ErrWrong) || !strings.Contains(err.Error(), "sale 1 was never opened") {
		t.Errorf("of a sale that was never opened: %v", err)
	}
	other := attempt(txn.Pending)
	other.SaleID = 2
	if _, err := taken(t, opens(), txn.AttemptOpened{Attempt: other}); !errors.Is(err, fold.ErrWrong) {
		t.Errorf("of another sale: %v", err)
	}
}

// A sale is named after its entry, so an entry opens one at most; it comes to what its lines come to.
func TestSaleThatCannotBeIsRefused(t *testing.T) {
	lines := opens()
	lines.Sale.Lines = []sale.Line{{Code: "1", Unit: sale.Piece, QuantityE5: sale.OneE5, AmountMinor: 100}}
	for _, fine := range []txn.SaleOpened{opens(), lines} {
		if books, err := taken(t, fine); err != nil || len(books.Bills) != 1 || books.Bills[1].State != txn.BillOpen || books.Bills[1].Total.Minor != 100 {
			t.Fatalf("%+v: %+v, %v", fine, books.Bills, err)
		}
	}
	elsewhere, other, below, empty := opens(), opens(), lines, opens()
	elsewhere.Sale.ID, other.Sale.ID, below.Sale.TotalMinor, empty.Sale.TotalMinor = 2, 2, 99, 0
	for name, records := range map[string][]txn.Record{
		"named after another entry":  {elsewhere},
		"opened twice":               {opens(), opens()},
		"two in one entry":           {opens(), other},
		"a total unlike its lines":   {below},
		"neither a total nor a line": {empty},
	} {
		if _, err := taken(t, records...); !errors.Is(err, fold.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What happens to a sale happens to one that is there, and as its machine allows it: a receipt is begun for what is paid.
func TestSaleMovesAsItsMachineAllows(t *testing.T) {
	begun := txn.SaleMoved{SaleID: 1, Event: txn.Event{Kind: txn.PrintBegun, PrintID: 1}}
	opened, approved := txn.AttemptOpened{Attempt: attempt(txn.Pending)}, moves(txn.Event{Kind: txn.BankApproved, AtMs: 2})
	books, err := taken(t, opens(), opened, approved, begun)
	if b := books.Bills[1]; err != nil || b.State != txn.BillPaid || b.Paper != txn.Printing || len(b.Parts) != 1 || books.Attempts[1_000_001].Paper != txn.NoPaper {
		t.Fatalf("%+v, %v", b, err)
	}
	if _, err := taken(t, begun); !errors.Is(err, fold.ErrWrong) || !strings.Contains(err.Error(), "sale 1 was never opened") {
		t.Errorf("of no sale: %v", err)
	}
	for name, records := range map[string][]txn.Record{
		"before it is paid":       {opens(), opened, begun},
		"of a payment":            {opens(), opened, approved, moves(begun.Event)},
		"twice":                   {opens(), opened, approved, begun, begun},
		"what is no event of one": {opens(), txn.SaleMoved{SaleID: 1, Event: txn.Event{Kind: txn.BankApproved}}},
	} {
		if _, err := taken(t, records...); !errors.Is(err, fold.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No entry takes more for a sale than is owed, or a second part while one is not known.
func TestPartThatTheSaleDoesNotTakeIsRefused(t *testing.T) {
	more, half, second := attempt(txn.Pending), attempt(txn.Pending), attempt(txn.Pending)
	more.Amount.Minor, half.Amount.Minor, second.Amount.Minor, second.ID = 101, 50, 50, 1_000_002
	if _, err := taken(t, opens(), txn.AttemptOpened{Attempt: more}); !errors.Is(err, fold.ErrWrong) {
		t.Errorf("more than is owed: %v", err)
	}
	known := moves(txn.Event{Kind: txn.BankApproved, AtMs: 2})
	if books, err := taken(t, opens(), txn.AttemptOpened{Attempt: half}, known, txn.AttemptOpened{Attempt: second}); err != nil || books.Bills[1].State != txn.BillPartPaid {
		t.Errorf("a second part: %+v, %v", books.Bills, err)
	}
	if _, err := taken(t, opens(), txn.AttemptOpened{Attempt: half}, txn.AttemptOpened{Attempt: second}); !errors.Is(err, fold.ErrWrong) {
		t.Errorf("a second part while the first is not known: %v", err)
	}
}

// A number that was used is not used again: of an attempt, a report, a day, a Z; nor do the numbers move back.
func TestNothingIsOpenedTwice(t *testing.T) {
	one := txn.AttemptOpened{Attempt: attempt(txn.Pending)}
	declined := moves(txn.Event{Kind: txn.BankDeclined, AtMs: 2})
	if _, err := taken(t, opens(), one, declined, one); !errors.Is(err, fold.ErrWrong) {
		t.Errorf("an attempt twice: %v", err)
	}
	for _, twice := range []txn.Record{
		txn.NumbersMoved{To: 7, Why: txn.EntriesMissing}, txn.DayOpened{Batch: 1},
		txn.ReportOpened{Print: txn.Print{ID: 1, Kind: txn.PrintX, Outcome: txn.Printing}},
	} {
		if _, err := taken(t, twice, twice); !errors.Is(err, fold.ErrWrong) {
			t.Errorf("%s twice: %v", twice.Word(), err)
		}
	}
	closed := txn.DayClosed{Batch: 1, Z: 1}
	if _, err := taken(t, txn.DayOpened{Batch: 1}, closed, txn.DayOpened{Batch: 2}, txn.DayClosed{Batch: 2, Z: 1}); !errors.Is(err, fold.ErrWrong) {
		t.Errorf("one Z for two days: %v", err)
	}
}

// An entry that could be read in two ways, or that says more than this program knows, is not read at all.
func TestEntryIsReadInOneWayOnly(t *testing.T) {
	whole, err := fold.Encode(txn.Actor{By: "01"}, []txn.Record{opens()})
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"an actor who is named twice":     {`"by":"01"`, `"by":"01","by":"02"`},
		"a member that no body has":       {`"by":"01"`, `"by":"01","also":1`},
		"records that stand there twice":  {`"records":[`, `"records":[],"records":[`},
		"a sale with two numbers":         {`"id":1,`, `"id":1,"id":2,`},
		"a sale with a member too many":   {`"id":1,`, `"id":1,"paid":true,`},
		"a member in capital letters":     {`"id":1,`, `"ID":1,`},
		"something behind the last brace": {"]}", "]} {}"},
	} {
		body := strings.Replace(string(whole), change[0], change[1], 1)
		if body == string(whole) {
			t.Fatalf("%s: %s has no %s", what, whole, change[0])
		}
		run := fold.NewRun(fold.Built())
		if err := run.Take(chain.Cursor{}.Next(txn.MachineVersion, 1, 1_000_009, []byte(body))); err == nil {
			t.Errorf("%s was read: %s", what, body)
		}
	}
	run := fold.NewRun(fold.Built())
	if err := run.Take(chain.Cursor{}.Next(txn.MachineVersion, 1, 1_000_009, whole)); err != nil {
		t.Errorf("the whole one: %v", err)
	}
}
