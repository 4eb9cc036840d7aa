package report_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
)

// Totals that are kept while attempts move are, after any history, the same as the sum over what the attempts are.
func TestKeptTotalsAreTheSum(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		kept, attempts := report.NewTotals(), map[txn.ID]txn.Attempt{}
		for step := range rapid.IntRange(1, 40).Draw(r, "steps") {
			id := txn.ID(rapid.IntRange(1, 6).Draw(r, "attempt"))
			before := attempts[id]
			after := before
			if before.ID == 0 {
				d, err := txn.Begin(txn.Attempt{ID: id, Batch: 1, Kind: txn.Sale, Tender: rapid.SampledFrom(txn.Tenders).Draw(r, "tender"),
					ReceivedMinor: 9999, Cashier: fmt.Sprint(rapid.IntRange(1, 2).Draw(r, "cashier")), OpenedMs: int64(step) * 3_600_000,
					Amount: money.Amount{Minor: rapid.Int64Range(1, 9999).Draw(r, "minor"), Currency: money.CNY}})
				if err != nil {
					r.Fatal(err)
				}
				after = d.After
			} else if d, err := txn.Step(before, txn.Event{Kind: rapid.SampledFrom(txn.EventKinds).Draw(r, "event"), By: 7, PrintID: 1, Outcome: txn.Printed}); err == nil {
				after = d.After
			}
			if err := kept.Move(before, after, time.UTC); err != nil {
				r.Fatal(err)
			}
			attempts[id] = after
		}
		var all []txn.Attempt
		for _, a := range attempts {
			all = append(all, a)
		}
		if sum, err := report.Sum(all, nil, time.UTC); err != nil || !reflect.DeepEqual(sum, kept) {
			r.Fatalf("kept %+v, the sum is %+v, %v", kept, sum, err)
		}
	})
}
