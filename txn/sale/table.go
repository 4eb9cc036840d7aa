package sale

import (
	"strings"
	"unicode/utf8"
)

// tableRow is a row of a file of separated values. number counts from 1, blank rows too.
type tableRow struct {
	number int
	cells  []string
	open   bool // a quotation mark begins that nothing ends: the row is what stands on its line
}

// mostJoined is how many lines one quoted cell may go over.
const mostJoined = 50

// splitTable takes lines apart into rows. A quoted cell may hold the separator, a doubled quotation mark, and line ends where
// whole says that the row which comes of that is one. A quotation mark that is never closed costs its own row and no other.
func splitTable(lines []string, separator byte, whole func(cells []string) bool) []tableRow {
	var rows []tableRow
	for at := 0; at < len(lines); {
		cells, closed := splitLine(lines[at], separator)
		used := 1
		if !closed {
			for n := 2; n <= mostJoined && at+n <= len(lines); n++ {
				joined, ok := splitLine(strings.Join(lines[at:at+n], "\n"), separator)
				if ok {
					if whole(joined) {
						cells, closed, used = joined, true, n
					}
					break
				}
			}
		}
		rows = append(rows, tableRow{number: len(rows) + 1, cells: cells, open: !closed})
		at += used
	}
	return rows
}

// splitLine takes one row apart and trims its cells. closed is false where a quoted cell does not end.
func splitLine(line string, separator byte) (cells []string, closed bool) {
	for {
		rest := strings.TrimLeft(line, " \u00a0")
		if !strings.HasPrefix(rest, `"`) {
			cell, after, more := strings.Cut(line, string(separator))
			cells = append(cells, tidy(cell))
			if !more {
				return cells, true
			}
			line = after
			continue
		}
		cell, after, ended := quotedCell(rest[1:])
		if !ended {
			return append(cells, tidy(rest)), false
		}
		behind, next, more := strings.Cut(after, string(separator))
		cells = append(cells, tidy(cell+behind))
		if !more {
			return cells, true
		}
		line = next
	}
}

// quotedCell reads up to the quotation mark that ends a cell.
func quotedCell(s string) (cell, after string, ended bool) {
	var b strings.Builder
	for {
		before, behind, found := strings.Cut(s, `"`)
		b.WriteString(before)
		if !found {
			return b.String(), "", false
		}
		if !strings.HasPrefix(behind, `"`) {
			return b.String(), behind, true
		}
		b.WriteByte('"')
		s = behind[1:]
	}
}

// tidy takes off what stands round a cell without being part of it: white space of any kind and marks that can't be seen.
func tidy(cell string) string {
	return strings.TrimFunc(cell, func(r rune) bool {
		return r <= ' ' || r == 0xA0 || r == 0x3000 || r == 0xFEFF || r == 0x200B || r == 0x2060 || r >= 0x2000 && r <= 0x200A
	})
}

// separatorOf is the separator that the first row of a file is written with: the one that makes the most columns which are known,
// and among equals the most columns.
func separatorOf(line string) byte {
	best, known, cells := byte(','), -1, 0
	for _, separator := range []byte{',', ';', '\t'} {
		row, _ := splitLine(line, separator)
		n := 0
		for _, cell := range row {
			if columnOf(cell) != "" {
				n++
			}
		}
		if n > known || n == known && len(row) > cells {
			best, known, cells = separator, n, len(row)
		}
	}
	return best
}

// mostOfCell and mostOfFault are how many characters of a cell, and of what the system said of a file, are told.
const (
	mostOfCell  = 40
	mostOfFault = 160
)

// shortened is a cell as it may be told: without what can't be printed, not long, and without the middle of a number that is as
// long as a card's.
func shortened(value string) string {
	if value = cut(value, mostOfCell); allDigits(value) && len(value) > gtinDigits && len(value) < 20 {
		return value[:6] + "…" + value[len(value)-4:]
	}
	return value
}

// cut is a text without what can't be printed, of so many characters at most.
func cut(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if !printable(r) {
			return '?'
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "…"
	}
	return text
}
