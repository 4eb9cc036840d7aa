package journal_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// ofEachUnit is a sale as a cart freezes it, with one line of each unit.
func ofEachUnit(t *testing.T) sale.Sale {
	t.Helper()
	cart := sale.NewCart(money.CNY)
	for i, unit := range sale.Units {
		item := sale.Item{Code: fmt.Sprintf("10%d", i), Name: sale.Name{ZH: "苹果", EN: "Apples"}, Initials: "pg", Group: "fresh",
			UnitPriceMinor: 1180, TaxRatePPM: 88_750, Unit: unit}
		quantityE5 := int64(3 * sale.OneE5)
		if unit != sale.Piece {
			quantityE5 = 123_456
		}
		if _, err := cart.Add(item, quantityE5); err != nil {
			t.Fatal(err)
		}
	}
	s, err := cart.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The stored books of this version have a sale of each unit, which reads as it was sold; no line says
// where in the shop or under which letters its article was found.
func TestStoredBooksHoldSoldLines(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(fmt.Sprintf("testdata/books/%d/days.db", txn.MachineVersion))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, journal.Name(1)), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), `"initials"`) || strings.Contains(string(text), `"group"`) {
		t.Error("the journal keeps what only the catalogue needs")
	}
	seen, err := journal.Look(ctx, dir, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	j := open(t, dir)
	defer close(t, j)
	newest := slices.Max(slices.Collect(maps.Keys(seen.Books.Attempts)))
	got, err := j.Sale(ctx, seen.Books.Attempts[newest].SaleID)
	want := ofEachUnit(t)
	want.ID = got.ID
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the newest sale is %+v, %v; want %+v", got, err, want)
	}
}

// soldAs is an entry that opens a sale of one line with these fields.
func soldAs(fields string) string {
	return `{"by":"01","records":[{"sale":{"sale":{"id":4,"currency":"CNY","lines":[{` + fields + `}],"totalMinor":1}}}]}`
}
