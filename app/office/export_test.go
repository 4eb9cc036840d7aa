package office_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"veratill/app/finding"
	"veratill/app/office"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/txn"
	"veratill/txn/report"
	"veratill/txn/sale"
)

// A list, a week with its grounds, and a day's totals become files of each kind, each under a name that is free; the first one stays as it was.
func TestFilesAreWrittenUnderFreeNames(t *testing.T) {
	dir := t.TempDir()
	o := office.New(office.Config{Dir: dir, Folders: []string{filepath.Join(dir, "none")}, Log: slog.New(slog.DiscardHandler), Now: time.Now, WriteTable: finding.WriteTable,
		Paper: print.Options{Language: print.Language("zh"), MerchantName: sale.Name{ZH: "真账便利店", EN: "Shop"}}})
	if places := o.Places(); len(places) != 1 || places[0] != (present.Place{Dir: dir}) {
		t.Errorf("places are %v", places)
	}
	grid := present.Grid{Name: "week", Heading: "Week", Figures: 1, Rows: [][]string{{"Hour", "Mon", "Tue"}, {"08:00", "12.50", "80.00"}, {"09:00", "0.00", "160.00"}}, Shades: [][]float64{{0.08, 0.5}, {0, 1}}}
	for name, e := range map[string]present.Export{
		"week":   {Stem: "week", Title: "Week", Note: "a note", Grids: []present.Grid{grid}},
		"totals": present.TotalsExport(report.Totals{Date: "2026-11-22", Batch: 3, Currency: "CNY"}),
	} {
		for _, ending := range present.Endings {
			first, err := o.Export(t.Context(), txn.ByTill, e, ending, dir)
			if err != nil {
				t.Fatalf("%s%s: %v", name, ending, err)
			}
			whole, err := os.ReadFile(first)
			if err != nil || len(whole) == 0 || ending == ".pdf" && !bytes.HasPrefix(whole, []byte("%PDF-")) {
				t.Errorf("%s: %d bytes, %v", first, len(whole), err)
			}
			second, err := o.Export(t.Context(), txn.ByTill, e, ending, dir)
			if err != nil || second == first {
				t.Errorf("%s is followed by %s, %v", first, second, err)
			}
			if after, err := os.ReadFile(first); err != nil || !bytes.Equal(after, whole) {
				t.Errorf("%s was written over", first)
			}
		}
	}
	if _, err := o.Export(t.Context(), txn.ByTill, present.Export{Stem: "x"}, ".csv", filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there has a file now")
	}
}
