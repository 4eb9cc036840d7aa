package present

import (
	"time"

	"veratill/txn/insight"
	"veratill/txn/report"
)

// Export is what is given away as a file: tables one below the other, or the totals of a day as the X or the Z.
type Export struct {
	Stem   string // of the file's name, without an ending
	Title  string
	Note   string
	Grids  []Grid
	Totals *report.Totals // nil where it is tables
}

// Endings are the kinds of files that an export may become, in the order of their keys.
var Endings = []string{".csv", ".xlsx", ".pdf"}

// InsightExport is a report of days as a file.
func (w *Words) InsightExport(r insight.Report) Export {
	return Export{Stem: "figures-" + r.From + "-" + r.To, Title: w.Text("insight.title", "from", r.From, "to", r.To), Note: w.InsightNote(r), Grids: w.Insight(r)}
}

// TotalsExport is a day's totals as a file.
func TotalsExport(t report.Totals) Export {
	stem := "x-" + t.Date
	if t.Z > 0 {
		stem = "z-" + count(t.Z) + "-" + t.Date
	}
	return Export{Stem: stem, Totals: &t}
}

// entryGrid are rows of a list as a table.
func (w *Words) entryGrid(name, heading string, rows []EntryRow, own []string) Grid {
	g := Grid{Name: name, Heading: heading, Figures: 4, Rows: [][]string{w.head("time", "what", "who", "state", "sum")}}
	for i, e := range rows {
		small := e.Small
		if i < len(own) && own[i] != "" {
			small = own[i]
		}
		g.Rows = append(g.Rows, []string{e.Time, e.Title, small, e.State, e.Amount})
	}
	return g
}

// ListExport is a list that was read, as a file. key names the list; own is each row's own text, empty where it has none.
func (w *Words) ListExport(key string, rows []EntryRow, own []string, now time.Time) Export {
	heading := w.Text(key + ".menu")
	return Export{Stem: key + "-" + now.Format("2006-01-02"), Title: heading, Grids: []Grid{w.entryGrid(key, heading, rows, own)}}
}

// ExportedNote says where a file went, and of a stick that it has to be ejected first.
func ExportedNote(path string, stick bool) Note {
	key := "export.done"
	//mutant:a-folder-is-not-ejected
	if stick {
		key = "export.done-stick"
	}
	return Note{Tone: Good, Key: key, Pairs: []string{"path", path}}
}
