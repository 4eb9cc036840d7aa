package finding

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"veratill/assets/files"
)

// WriteTable writes a table to a new file: CSV with a byte order mark, without which a spreadsheet takes Chinese for another encoding, or XLSX, by the name's ending. Whatever a spreadsheet
// would take for a formula is written as a text. Errors: fs.ErrExist, another ending, those of the disk.
func WriteTable(path string, rows [][]string) error {
	var content []byte
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		content, err = asCSV(rows)
	case ".xlsx":
		content, err = asWorkbook(rows)
	default:
		return fmt.Errorf("%s: name a file that ends with .csv or .xlsx", path)
	}
	if err != nil {
		return err
	}
	return files.WriteNew(path, content, 0o600)
}

// harmless is a cell that no spreadsheet takes for a formula. Figures stay as they are.
func harmless(cell string) string {
	//mutant:a-cell-is-no-formula
	if strings.IndexAny(cell, "=+-@\t\r") == 0 && !figured(cell) {
		return "'" + cell
	}
	return cell
}

func figured(cell string) bool {
	return cell != "" && strings.Trim(strings.TrimPrefix(cell, "-"), "0123456789.") == "" && cell != "-"
}

func asCSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// asWorkbook writes texts as texts and figures as numbers; a number that is longer than a spreadsheet keeps stays a text.
func asWorkbook(rows [][]string) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	for y, row := range rows {
		for x, cell := range row {
			name, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err != nil {
				return nil, err
			}
			if figured(cell) && len(cell) <= 15 && y > 0 {
				err = book.SetCellDefault("Sheet1", name, cell)
			} else {
				err = book.SetCellStr("Sheet1", name, cell)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
