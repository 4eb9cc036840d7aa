package fold_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
	"veratill/txn/money"
)

// taken folds one entry of these records.
func taken(t *testing.T, records ...txn.Record) (*fold.Books, error) {
	t.Helper()
	body, err := fold.Encode(txn.Actor{By: "01", For: "boss", Why: "because"}, records)
	if err != nil {
		t.Fatal(err)
	}
	run := fold.NewRun(fold.Built())
	taken := run.Take(chain.Cursor{}.Next(txn.MachineVersion, 1, body))
	books, err := run.Books()
	if err != nil {
		t.Fatal(err)
	}
	return books, taken
}

func attempt(state txn.State) txn.Attempt {
	return txn.Attempt{ID: 1_000_001, SaleID: 1, Kind: txn.Sale, Tender: txn.Card, State: state, Paper: txn.NoPaper,
		Amount: money.Amount{Minor: 100, Currency: money.CNY}}
}

// An attempt enters the books only as the machine begins one: nobody writes a payment that is paid already.
func TestAttemptOpenedAsPaidIsRefused(t *testing.T) {
	if books, err := taken(t, txn.AttemptOpened{Attempt: attempt(txn.Pending)}); err != nil || len(books.Attempts) != 1 {
		t.Errorf("a pending one: %v", err)
	}
	for _, s := range txn.States {
		if s == txn.Pending {
			continue
		}
		if _, err := taken(t, txn.AttemptOpened{Attempt: attempt(s)}); !errors.Is(err, fold.ErrWrong) {
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

// A number that was used is not used again: of an attempt, a report, a day, a Z, a sign-in.
func TestNothingIsOpenedTwice(t *testing.T) {
	for _, twice := range []txn.Record{
		txn.AttemptOpened{Attempt: attempt(txn.Pending)}, txn.Reserved{ID: 7}, txn.DayOpened{Batch: 1},
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
