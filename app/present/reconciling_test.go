package present

import (
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/clearing"
)

// Files that nobody can read are no agreement, whatever the others say: the head warns, and names them.
func TestAFileThatIsGoneIsNoAgreement(t *testing.T) {
	for _, w := range []*Words{AnyWords("en"), AnyWords("zh")} {
		s := clearing.Stand([]clearing.Item{{Key: "attempt 1", Class: clearing.Matched, Attempt: 1, TillMinor: 1250, BankMinor: 1250}}, nil)
		s.Files = []txn.FileKept{{Name: "a.csv", From: "2026-11-01", To: "2026-11-01"}, {Name: "b.csv", From: "2026-11-02", To: "2026-11-02"}}
		if m := w.ReconcilingHead(s, "CNY"); m.Tone != Good {
			t.Errorf("with both: %+v", m)
		}
		s.Missing = []string{"a.csv"}
		m := w.ReconcilingHead(s, "CNY")
		if m.Tone != Warning || !strings.Contains(m.What, "1") || !strings.Contains(m.Next, "a.csv") {
			t.Errorf("without one: %+v", m)
		}
	}
}

// The head has count and sum of each class that somebody has to look at, and a difference has when it was answered or closed.
func TestTheHeadSumsUpEachClass(t *testing.T) {
	w := AnyWords("en")
	items := []clearing.Item{{Key: "attempt 1", Class: clearing.Overdue, Attempt: 1, TillMinor: 1250}, {Key: "attempt 2", Class: clearing.Overdue, Attempt: 2, Kind: txn.Refund, TillMinor: 250},
		{Key: "x", Class: clearing.BankOnly, BankMinor: 800, Rows: []clearing.Row{{AmountMinor: 800}}}, {Key: "attempt 3", Class: clearing.Matched, Attempt: 3, TillMinor: 9900, BankMinor: 9900}}
	s := clearing.Stand(items, []txn.Answered{{Key: "attempt 1", Class: "overdue", Owner: "li", AtMs: 1_796_000_000_000, Closed: true}})
	s.Files = []txn.FileKept{{Name: "a.csv"}}
	m := w.ReconcilingHead(s, "CNY")
	for _, part := range []string{w.Class(clearing.Overdue) + ": 2, " + Money(1000, "CNY"), w.Class(clearing.BankOnly) + ": 1, " + Money(800, "CNY")} {
		if !strings.Contains(m.Small, part) {
			t.Errorf("%q lacks %q", m.Small, part)
		}
	}
	if strings.Contains(m.Small, Money(9900, "CNY")) {
		t.Errorf("%q has what agrees", m.Small)
	}
	d, _ := s.Find("attempt 1")
	closed := ""
	for _, f := range w.DifferenceFacts(d, "CNY") {
		if f.Label == w.Text("difference.closed") {
			closed = f.Value
		}
	}
	if !strings.Contains(closed, "2026") {
		t.Errorf("closed on %q", closed)
	}
}

// A file says of its rows which are no payments, by its own words, and how many moved nothing.
func TestAFileSaysWhatOfItIsNoPayment(t *testing.T) {
	for _, w := range []*Words{AnyWords("en"), AnyWords("zh")} {
		f := TriedFile{File: clearing.File{Format: "table", Currency: "CNY", Others: map[string]int64{"gebühr": 2, "payout": 1}, Failed: 4}}
		m := w.TriedHead(f)
		for _, part := range []string{"3", "gebühr", "payout", "4"} {
			if !strings.Contains(m.Small, part) {
				t.Errorf("%q lacks %q", m.Small, part)
			}
		}
		f.File.Others, f.File.Failed = nil, 0
		if m := w.TriedHead(f); strings.Contains(m.Small, "4") || strings.Contains(m.Small, "3") {
			t.Errorf("%q", m.Small)
		}
		f.Known = true
		if m := w.TriedHead(f); m.Tone != Muted || f.MayTake() {
			t.Errorf("known: %+v", m)
		}
		back := clearing.Item{Key: "attempt 2", Class: clearing.Unknown, Attempt: 2, Kind: txn.Refund, TillMinor: 500, BankMinor: 500, Rows: []clearing.Row{{Kind: "refund", AmountMinor: 500}}}
		f.Standing = clearing.Stand([]clearing.Item{back}, nil)
		if m := w.TriedHead(f); m.Tone != Warning || !f.MayTake() {
			t.Errorf("known, and a refund that it has is open: %+v", m)
		}
		f.Known, f.Lost = false, true
		if m := w.TriedHead(f); m.Tone != Warning || m.Next != w.Text("billfile.lost") {
			t.Errorf("%+v", m)
		}
	}
}
