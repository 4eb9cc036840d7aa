package clearing

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Cells are a file as a table: rows with the line in which each begins.
type Cells struct {
	Rows   [][]string
	Lines  []int
	Padded bool // a spreadsheet leaves empty cells at the end of a row out: a short row was not cut off
}

// mostRows bounds a file.
const mostRows = 1_000_000

// at names a line for an error.
func at(line int) string { return "line " + strconv.Itoa(line) }

// Split makes a table of text: cells by commas, semicolons or tabs, whichever the fullest of the first lines has most of, quoted as spreadsheets quote; or rows whose
// cells each begin with a backtick, as WeChat Pay writes them, in which a comma is a comma. The error is a *RefusedError.
func Split(text string) (Cells, error) {
	text = strings.TrimPrefix(text, "\uFEFF")
	comma := separatorOf(text)
	var c Cells
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	r.ReuseRecord = true
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		line := 0
		if len(row) > 0 {
			line, _ = r.FieldPos(0)
		}
		if err != nil {
			return c, &RefusedError{Trouble: RowCut, Line: line}
		}
		if len(c.Rows) == mostRows+100 {
			return c, &RefusedError{Trouble: TooMany}
		}
		c.Rows, c.Lines = append(c.Rows, unticked(row, comma)), append(c.Lines, line)
	}
}

// unticked is a row of cells. Where each begins with a backtick a separator without one behind it is part of a cell.
func unticked(row []string, comma rune) []string {
	if len(row) == 0 || !strings.HasPrefix(row[0], "`") {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = strings.TrimSpace(cell)
		}
		return cells
	}
	var cells []string
	for i, cell := range row {
		own, ticked := strings.CutPrefix(cell, "`")
		if ticked || i == 0 {
			cells = append(cells, own)
			continue
		}
		cells[len(cells)-1] += string(comma) + cell
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// separatorOf is what parts the cells of a text: what stands most often in one of its first lines.
func separatorOf(text string) rune {
	best, most := ',', 0
	for range 40 {
		line, rest, more := strings.Cut(text, "\n")
		for _, s := range []rune{',', ';', '\t'} {
			if n := strings.Count(line, string(s)); n > most {
				best, most = s, n
			}
		}
		if text = rest; !more {
			break
		}
	}
	return best
}
