package finding_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"veratill/app/finding"
)

// A table is written once, is read again as it was, and holds nothing that a spreadsheet would run.
func TestATableIsWrittenForSpreadsheets(t *testing.T) {
	rows := [][]string{{"section", "name", "amount"}, {"by cashier", "=HYPERLINK(\"http://x\")", "-12.50"}, {"销售", "+1", "80.10"}, {"long", "", "123456789012345678"}}
	dir := t.TempDir()
	csvFile, xlsx := filepath.Join(dir, "z.csv"), filepath.Join(dir, "z.xlsx")
	for _, path := range []string{csvFile, xlsx} {
		if err := finding.WriteTable(path, rows); err != nil {
			t.Fatal(err)
		}
		if err := finding.WriteTable(path, rows); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s was written over: %v", path, err)
		}
	}
	if err := finding.WriteTable(filepath.Join(dir, "z.doc"), rows); err == nil {
		t.Error("a file of another ending was written")
	}
	raw, err := os.ReadFile(csvFile)
	if err != nil || !bytes.HasPrefix(raw, []byte("\uFEFF")) {
		t.Fatalf("%q, %v", raw[:min(len(raw), 20)], err)
	}
	read, err := csv.NewReader(bytes.NewReader(raw[3:])).ReadAll()
	if err != nil || read[1][1] != "'=HYPERLINK(\"http://x\")" || read[1][2] != "-12.50" || read[2][0] != "销售" || read[2][1] != "+1" && read[2][1] != "'+1" {
		t.Errorf("%v, %v", read, err)
	}
	book, err := excelize.OpenFile(xlsx)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if formula, err := book.GetCellFormula("Sheet1", "B2"); err != nil || formula != "" {
		t.Errorf("a formula was written: %q, %v", formula, err)
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeSharedString, "C2": excelize.CellTypeUnset, "C4": excelize.CellTypeSharedString} {
		if is, err := book.GetCellType("Sheet1", cell); err != nil || is != want {
			t.Errorf("%s is of type %v, %v; want %v", cell, is, err, want)
		}
	}
	if text, err := book.GetCellValue("Sheet1", "C4"); err != nil || text != "123456789012345678" {
		t.Errorf("a long number became %s, %v", text, err)
	}
}
