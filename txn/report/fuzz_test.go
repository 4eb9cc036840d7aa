package report

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"veratill/packaging/nasty"
	"veratill/txn"
	"veratill/txn/money"
)

// A report that can be read is the same after it was written.
func FuzzTotals(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var once, twice Totals
		if json.Unmarshal(b, &once) != nil {
			return
		}
		text, err := json.Marshal(once)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &twice); err != nil || !reflect.DeepEqual(once, twice) {
			t.Fatalf("%s is read otherwise: %v", text, err)
		}
	})
}

// The sums of a day are those of its attempts, however they are split.
func FuzzSum(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var all []txn.Attempt
		var sales, voids int64
		for i := 0; i+4 <= len(b); i += 4 {
			a := txn.Attempt{ID: txn.ID(1_000_000 + i), Kind: txn.Sale, Tender: txn.Card, State: txn.States[int(b[i])%len(txn.States)],
				Amount: money.Amount{Minor: int64(b[i+1])<<8 | int64(b[i+2]), Currency: money.CNY}, Cashier: string(rune('0' + b[i+3]%4)), OpenedMs: int64(b[i+3]) * 1000 * 997}
			if b[i+3]&1 == 1 {
				a.Tender = txn.Cash
			}
			if b[i+3]&6 == 6 {
				a.Kind = txn.Void
			}
			if a.State == txn.Voided {
				a.VoidedBy = 9
			}
			if a.State == txn.Approved || a.State == txn.Voided {
				if a.Kind == txn.Void {
					voids += a.Amount.Minor
				} else {
					sales += a.Amount.Minor
				}
			}
			all = append(all, a)
		}
		got, err := Sum(all, nil, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		var byCashier, byHour, byTender int64
		for _, s := range got.ByCashier {
			byCashier += s.Sales.AmountMinor
		}
		for _, s := range got.ByHour {
			byHour += s.AmountMinor
		}
		for _, s := range got.ByTender {
			byTender += s.AmountMinor
		}
		if got.Sales.AmountMinor != sales || got.Voids.AmountMinor != voids || byCashier != sales || byHour != sales || byTender != sales {
			t.Fatalf("sales %d: %d, %d, %d, %d; voids %d: %d", sales, got.Sales.AmountMinor, byCashier, byHour, byTender, voids, got.Voids.AmountMinor)
		}
	})
}
