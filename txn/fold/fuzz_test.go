package fold

import (
	"errors"
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn"
	"veratill/txn/chain"
)

// recordsOf reads the records of a body as a run does.
func recordsOf(body []byte) ([]txn.Record, error) {
	all, err := read(NewBooks(), chain.Entry{Seq: 1, Body: body})
	records := make([]txn.Record, 0, len(all))
	for _, one := range all {
		records = append(records, one.(txn.Record))
	}
	return records, err
}

// An entry that can be read is written in one form, which is read the same and stays
// the same; and the chain notices an entry that is not the one that was linked.
func FuzzEntry(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		e := chain.Cursor{}.Next(0, 1, 1, b)
		if err := new(chain.Cursor).Follow(e); err != nil {
			t.Fatal(err)
		}
		if len(b) > 0 {
			changed := e
			changed.Body = append([]byte(nil), b...)
			changed.Body[len(b)/2] ^= 1
			if err := new(chain.Cursor).Follow(changed); !errors.Is(err, chain.ErrBroken) {
				t.Fatal("a changed entry is not noticed")
			}
		}
		body, err := Decode(b)
		if err != nil {
			return
		}
		records, err := recordsOf(b)
		if err != nil {
			return
		}
		once, err := Encode(body.Actor, records)
		if err != nil {
			t.Fatal(err)
		}
		again, err := recordsOf(once)
		if err != nil {
			t.Fatalf("written, and cannot be read: %v", err)
		}
		twice, err := Encode(body.Actor, again)
		if err != nil || string(once) != string(twice) {
			t.Fatalf("%s is written as %s: %v", once, twice, err)
		}
	})
}

// Whatever an entry says, a run takes it or says why not, and never falls; what it takes amounts to
// attempts and sales that the machine itself would have made.
func FuzzRun(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		run := NewRun(Built())
		err := run.Take(chain.Cursor{}.Next(int(txn.MachineVersion), 1, 1, b))
		var newer *NewerError
		if err != nil && !errors.Is(err, ErrWrong) && !errors.As(err, &newer) {
			t.Fatalf("the error is %v", err)
		}
		books, err := run.Books()
		if err != nil {
			t.Fatal(err)
		}
		for id, a := range books.Attempts {
			if a.ID != id || a.State != txn.Pending && a.Tender == txn.Card {
				t.Fatalf("one entry opened a card attempt that is %s", a.State)
			}
			if _, known := books.Bills[a.SaleID]; !known {
				t.Fatalf("attempt %s is of no sale", id)
			}
		}
		for id, bill := range books.Bills {
			if bill.SaleID != id || bill.TakenMinor() > bill.Total.Minor || bill.WasPaid() && bill.TakenMinor() != bill.Total.Minor {
				t.Fatalf("one entry amounts to %+v", bill)
			}
		}
	})
}
