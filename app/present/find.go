package present

import (
	"context"
	"strconv"
	"strings"
	"time"

	"veratill/txn/find"
)

// Finding looks for payments in this day and all earlier ones.
type Finding interface {
	// Find answers from the index of payments, the best first, each as the books have it now. The error names what of the question can't be read, or is the
	// books'.
	Find(ctx context.Context, asked find.Asked) (FoundPayments, error)
}

// FoundPayments is an answer.
type FoundPayments struct {
	Entries []Entry
	More    bool   // others fit as well as the last one
	Behind  int64  // entries of the books that the index has not taken up yet: what is newer than it may be missing
	Trouble string // what is wrong with the index's file; what was found is good all the same
}

// FindFilter is a button beside the box: what it adds to a question. Of those of one group one at most is on.
type FindFilter struct {
	Key   string // of its word, behind "find.filter."
	Group string
	Asked find.Asked
}

// FindFilters are the buttons, in their order.
var FindFilters = []FindFilter{
	{"today", "day", find.Asked{At: "today"}}, {"yesterday", "day", find.Asked{At: "yesterday"}},
	{"cash", "tender", find.Asked{Tender: "cash"}}, {"card", "tender", find.Asked{Tender: "card"}}, {"terminal", "tender", find.Asked{Tender: "external"}},
	{"voucher", "tender", find.Asked{Tender: "voucher"}},
	{"declined", "state", find.Asked{State: "declined"}}, {"unknown", "state", find.Asked{State: "unknown"}}, {"void", "state", find.Asked{State: "void"}},
}

// FindQuestion is what a text and the filters that are on ask for, at most limit payments.
func FindQuestion(text string, on []FindFilter, limit int) find.Asked {
	asked := find.Asked{Text: text, Limit: limit}
	for _, f := range on {
		asked.At += f.Asked.At
		asked.State += f.Asked.State
		asked.Tender += f.Asked.Tender
	}
	return asked
}

// FoundHead says how much was found; asked tells a question from none.
func (w *Words) FoundHead(f FoundPayments, asked bool) string {
	switch n := len(f.Entries); {
	case n == 0:
		return ""
	case !asked:
		return w.Text("find.newest")
	case f.More:
		return w.Counted("find.best", n)
	default:
		return w.Counted("find.fit", n)
	}
}

// FoundNote says what an answer lacks: nothing fits, the index is behind the books, or its file is in trouble. Empty where it lacks nothing.
func FoundNote(f FoundPayments, asked bool) Note {
	behind := []string{"n", strconv.FormatInt(f.Behind, 10)}
	switch {
	case f.Trouble != "":
		return Note{Tone: Warning, Key: "find.trouble", Detail: f.Trouble}
	case f.Behind > 0:
		return Note{Tone: Waiting, Key: "find.behind", Pairs: behind}
	case len(f.Entries) == 0 && asked:
		return Note{Tone: Plain, Key: "find.none"}
	case len(f.Entries) == 0:
		return Note{Tone: Plain, Key: "find.empty"}
	}
	return Note{}
}

// firstItems is how many articles a row names.
const firstItems = 3

// FoundRow puts a payment that was found into a row: when it was, with the day where that is another than now's, what was sold, how it was paid.
func (w *Words) FoundRow(e Entry, now time.Time) EntryRow {
	row := w.Entry(e.Matter())
	at := time.UnixMilli(e.Attempt.OpenedMs)
	switch today := now.Local(); {
	case at.Year() != today.Year():
		row.Time = at.Format("2006-01-02 15:04")
	case at.YearDay() != today.YearDay():
		row.Time = w.Date(at) + " " + row.Time
	}
	var names []string
	for _, l := range e.Sale.Lines[:min(len(e.Sale.Lines), firstItems)] {
		names = append(names, w.Name(l.ShownName()))
	}
	if len(e.Sale.Lines) > firstItems {
		names = append(names, "…")
	}
	row.Small = joined(joined(row.Title, strings.TrimSpace(w.Scheme(e.Attempt.Card.Scheme)+" "+e.Attempt.Card.Masked)), joined(w.stan(e.Attempt.ID), e.Attempt.Cashier))
	row.Title = strings.Join(names, " · ")
	return row
}
