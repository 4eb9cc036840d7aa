package office

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"veratill/app/pdf"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
)

// Places implements present.Office: the folders of downloads and sticks that are there, and the data folder last.
func (o *Office) Places() (places []present.Place) {
	home, _ := os.UserHomeDir()
	for _, dir := range append(append([]string(nil), o.c.Folders...), o.c.Dir) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			places = append(places, present.Place{Dir: dir, Stick: !within(dir, home) && dir != o.c.Dir})
		}
	}
	return places
}

// within reports whether a folder is another one or lies in it.
func within(dir, of string) bool {
	if of == "" {
		return false
	}
	rest, err := filepath.Rel(of, dir)
	return err == nil && filepath.IsLocal(rest)
}

// mostFree is how many files of one name a folder may have before a person has to tidy up.
const mostFree = 99

// Export implements present.Office: it writes a new file under a name that is free, and says which.
func (o *Office) Export(_ context.Context, by txn.Actor, e present.Export, ending, dir string) (path string, err error) {
	for n := 1; n <= mostFree; n++ {
		stem := e.Stem
		if n > 1 {
			stem = fmt.Sprintf("%s-%d", e.Stem, n)
		}
		path = filepath.Join(dir, stem+ending)
		if err = Write(path, e, o.c.Paper, o.c.Now(), o.c.WriteTable); !errors.Is(err, fs.ErrExist) {
			o.c.Log.Info("export", "by", by.By, "file", path, "error", err)
			return path, err
		}
	}
	return "", fmt.Errorf("%s has %d files of that name: name another place", dir, mostFree)
}

// Write writes an export to a new file: pages where its name ends with .pdf, and else a table by table.
func Write(path string, e present.Export, o print.Options, now time.Time, table func(path string, rows [][]string) error) error {
	if !strings.EqualFold(filepath.Ext(path), ".pdf") {
		return table(path, rowsOf(e))
	}
	content, err := pagesOf(e, o, now)
	if err != nil {
		return err
	}
	return files.WriteNew(path, content, 0o600)
}

// rowsOf are the rows of a table file.
func rowsOf(e present.Export) (rows [][]string) {
	if e.Totals != nil {
		rows = append(rows, report.Heads)
		for _, row := range e.Totals.Table() {
			rows = append(rows, row.Cells(money.Currency(e.Totals.Currency)))
		}
		return rows
	}
	for _, g := range e.Grids {
		rows = append(append(rows, []string{g.Heading}), g.Rows...)
		rows = append(rows, nil)
	}
	return append(rows, []string{e.Note})
}

func pagesOf(e present.Export, o print.Options, now time.Time) ([]byte, error) {
	if e.Totals != nil {
		return reportPages(*e.Totals, o, now)
	}
	d := pdf.New(e.Title, o.MerchantName.ZH, now)
	if e.Note != "" {
		d.Boxed(e.Note)
	}
	for _, g := range e.Grids {
		d.Heading(g.Heading)
		columns := make([]pdf.Column, len(g.Rows[0]))
		for i := range columns {
			columns[i].Right = i >= g.Figures
		}
		d.Shaded(columns, g.Rows, g.Shades)
	}
	return d.Bytes()
}

// reportPages are the X or the Z that a printer would print.
func reportPages(t report.Totals, o print.Options, now time.Time) ([]byte, error) {
	name := "X"
	if t.Z > 0 {
		name = fmt.Sprintf("Z %d", t.Z)
		now = time.UnixMilli(t.ClosedMs)
	}
	sheet, err := print.Report(t, now.UnixMilli(), o)
	if err != nil {
		return nil, err
	}
	d := pdf.New(name+" · "+t.Date, o.MerchantName.ZH, now)
	d.Paper(sheet)
	return d.Bytes()
}
